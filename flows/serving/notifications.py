"""Notifications of S3: the objects that a message names, whichever way it came to the queue."""

import json
from typing import Any
from urllib.parse import unquote_plus


class NotANotification(Exception):
    """A message on the queue is not a notification of S3."""


def objects_in(body: str) -> list[str]:
    """Return the objects that a message says were created, as `s3://bucket/key`, each once.

    It may be S3's own message, one wrapped by SNS, or an event of EventBridge; a test message names none.

    Args:
        body: the message as the queue gives it.

    Raises:
        NotANotification: if it is something else.
    """
    try:
        message = json.loads(body)
        if isinstance(message, dict) and message.get("Type") == "Notification":
            message = json.loads(message["Message"])
        return list(dict.fromkeys(_objects(message)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotANotification(f"A message on the queue is no notification of S3 ({type(error).__name__}).") from None


def _objects(message: dict[str, Any]) -> list[str]:
    if message.get("Event") == "s3:TestEvent":
        return []
    if message.get("source") == "aws.s3":
        detail = message["detail"]
        # EventBridge gives the key as it is.
        created = message["detail-type"] == "Object Created"
        return [f"s3://{detail['bucket']['name']}/{detail['object']['key']}"] if created else []
    return [
        # S3 itself gives it as in a URL.
        f"s3://{record['s3']['bucket']['name']}/{unquote_plus(record['s3']['object']['key'])}"
        for record in message["Records"]
        if record["eventName"].startswith("ObjectCreated")
    ]
