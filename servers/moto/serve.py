"""Starts moto_server with two answers of its own computed in less time, which else grow with every event and message."""

import functools
import sys
import time

import jsonpath_ng.ext as jsonpath
from moto.server import main
from moto.sqs.models import SQSBackend


def is_kept(self, queue_name, message):
    kept_until = self.get_queue(queue_name).message_retention_period + message.sent_timestamp / 1000
    return kept_until > time.time()


# The eight paths of an event are compiled anew for every rule: half a second an event.
jsonpath.parse = functools.lru_cache(maxsize=256)(jsonpath.parse)
# All attributes of a queue, counts of messages among them, are computed for every message received.
SQSBackend.is_message_valid_based_on_retention_period = is_kept

main(sys.argv[1:])
