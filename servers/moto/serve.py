"""Starts moto_server with three answers of its own computed in less time: they grow with every event and message."""

import functools
import sys
import time

import jsonpath_ng.ext as jsonpath
import moto.core.utils as utils

unix_time_of = utils.unix_time


def unix_time(moment=None):
    return time.time() if moment is None else unix_time_of(moment)


# Asked several times for every message in a queue whenever one is sent or received. Before others take it by name.
utils.unix_time = unix_time

from moto.server import main  # noqa: E402
from moto.sqs.models import SQSBackend  # noqa: E402


def is_kept(self, queue_name, message):
    kept_until = self.get_queue(queue_name).message_retention_period + message.sent_timestamp / 1000
    return kept_until > time.time()


# The eight paths of an event are compiled anew for every rule: half a second an event.
jsonpath.parse = functools.lru_cache(maxsize=256)(jsonpath.parse)
# All attributes of a queue, counts of messages among them, are computed for every message received.
SQSBackend.is_message_valid_based_on_retention_period = is_kept

main(sys.argv[1:])
