"""The custom event bus as AWS's own SDK for Python sees it.

`check`: reads a list of {operation, input} from standard input and holds each to the service's model.
`talk ENDPOINT BUS QUEUE_ARN`: makes a bus and a subscriber, puts an event twice, and prints what came back as JSON.
"""

import json
import sys
from datetime import datetime, timezone

import botocore.session
from botocore.validate import ParamValidator


def client(endpoint="http://127.0.0.1:9"):
    session = botocore.session.get_session()
    session.set_credentials("test", "test")
    return session.create_client("eventbridgev2", region_name="eu-west-1", endpoint_url=endpoint)


def moments(value):
    """What CBOR tags as a moment, as the SDK takes it."""
    if isinstance(value, dict):
        if value.get("tag") == 1:
            return datetime.fromtimestamp(value["value"], timezone.utc)
        return {name: moments(inner) for name, inner in value.items()}
    return [moments(inner) for inner in value] if isinstance(value, list) else value


def check():
    model = client().meta.service_model
    for request in json.load(sys.stdin):
        shape = model.operation_model(request["operation"]).input_shape
        report = ParamValidator().validate(moments(request["input"]), shape)
        if report.has_errors():
            sys.exit(f"{request['operation']}: {report.generate_report()}")
    print(json.dumps({"checked": True}))


def talk(endpoint, bus, queue):
    events = client(endpoint)
    arn = events.create_event_bus(Name=bus)["EventBusArn"]
    listed = [events.list_event_buses(NamePrefix=bus)["EventBuses"][0]["State"] for _ in range(2)]
    made = events.create_subscriber(
        Name="orders",
        EventBusArn=arn,
        Type="FIFO",
        StartingPosition="LATEST",
        FilterConfiguration={
            "Language": "EVENT_BRIDGE_PATTERN",
            "Filters": [{"Scope": "DATA", "Pattern": json.dumps({"source": ["orders"]})}],
        },
        InvokeConfiguration={"RoleArn": "arn:aws:iam::123456789012:role/carrier", "TargetArn": queue},
    )
    entry = {
        "Source": "orders",
        "DetailType": "OrderCreated",
        "Detail": json.dumps({"orderId": "O-1"}),
        "Time": datetime(2026, 11, 21, 12, tzinfo=timezone.utc),
        "SystemMetadata": {"EventGroupId": "order-O-1", "DeduplicationId": "E-1"},
    }
    put = [events.put_events(EventBusArn=arn, Entries=[entry])["Entries"][0]["SuccessCode"] for _ in range(2)]
    try:
        events.put_events(EventBusArn=arn + "x", Entries=[entry])
        refused = None
    except events.exceptions.ResourceNotFoundException as reason:
        refused = reason.response["Error"]["Code"]
    print(json.dumps({"listed": listed, "state": made["State"], "put": put, "refused": refused}))


if __name__ == "__main__":
    check() if sys.argv[1] == "check" else talk(*sys.argv[2:])
