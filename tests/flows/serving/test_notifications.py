"""What is read from the messages of S3, in every shape in which they come to a queue."""

import json
from typing import Any

import pytest

from flows.serving.notifications import NotANotification, objects_in


def record(key: str, event: str = "ObjectCreated:Put") -> dict[str, Any]:
    """Return a record as the Amazon S3 User Guide shows it, "Event message structure"."""
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "eventName": event,
        "s3": {"bucket": {"name": "barnet"}, "object": {"key": key, "size": 1024, "versionId": "v1"}},
    }


def message(*records: dict[str, Any]) -> str:
    return json.dumps({"Records": list(records)})


def test_key_comes_as_in_a_url() -> None:
    found = objects_in(message(record("landing/Q3+return+%28final%29+caf%C3%A9%2Bbar.xlsx")))
    assert found == ["s3://barnet/landing/Q3 return (final) café+bar.xlsx"]


def test_message_can_name_several_objects_each_is_told_once() -> None:
    created = [record("a.csv"), record("b.csv", "ObjectCreated:CompleteMultipartUpload"), record("a.csv")]
    assert objects_in(message(*created)) == ["s3://barnet/a.csv", "s3://barnet/b.csv"]


@pytest.mark.parametrize("event", ["ObjectRemoved:Delete", "ObjectRestore:Completed", "LifecycleExpiration:Delete"])
def test_what_is_no_new_object_is_passed_over(event: str) -> None:
    assert objects_in(message(record("a.csv", event))) == []


def test_test_message_names_nothing() -> None:
    assert objects_in(json.dumps({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "barnet"})) == []


def test_message_wrapped_by_sns_is_unwrapped() -> None:
    wrapped = {
        "Type": "Notification",
        "Message": message(record("a.csv")),
    }
    assert objects_in(json.dumps(wrapped)) == ["s3://barnet/a.csv"]


def event_bridge(detail_type: str) -> str:
    """Return an event as the Amazon S3 User Guide shows it, "EventBridge event message structure"."""
    detail = {"version": "0", "bucket": {"name": "barnet"}, "object": {"key": "Q3 return+.xlsx", "size": 5}}
    return json.dumps({"version": "0", "detail-type": detail_type, "source": "aws.s3", "detail": detail})


def test_event_of_eventbridge_gives_the_key_as_it_is() -> None:
    assert objects_in(event_bridge("Object Created")) == ["s3://barnet/Q3 return+.xlsx"]
    assert objects_in(event_bridge("Object Deleted")) == []


@pytest.mark.parametrize(
    "body", ["", "hello", "[]", "7", "{}", '{"Records": [{}]}', '{"Type": "Notification"}', "null"]
)
def test_anything_else_is_said_to_be_none(body: str) -> None:
    with pytest.raises(NotANotification, match="no notification of S3"):
        objects_in(body)
