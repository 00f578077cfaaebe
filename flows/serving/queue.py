"""Watching a queue: an event for each object that S3 says, through SQS, was put into landing."""

from collections.abc import Callable
from threading import Event
from typing import Any

from flows.events import FileLanded, NotAccepted, Told
from flows.serving.notifications import NotANotification, objects_in

#: How long SQS holds a request for messages, in seconds; its longest.
LONG = 20
#: How long is waited after the queue or Prefect could not be reached, in seconds.
AGAIN = 5


def watch_queue(
    queue: str,
    landing: str,
    emit: Callable[[Told], None],
    stop: Event,
    *,
    tell: Callable[[str], None],
) -> None:
    """Tell of every object that a queue names, until it is stopped.

    A message is deleted once every event of it is accepted; one that is no notification of S3 is left to the queue's
    own rule, which moves it to the dead-letter queue after so many times.

    Args:
        queue: the queue's URL.
        landing: where files land, as `s3://bucket/prefix/`; other objects are none of ours.
        emit: hands an event over.
        stop: set when it is to end.
        tell: called with a line of text where something is wrong.
    """
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError

    sqs: Any = boto3.client("sqs", config=Config(retries={"mode": "standard"}, read_timeout=LONG + 10))
    reachable = True
    while not stop.is_set():
        try:
            got = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=LONG)
            if not reachable:
                tell("The queue can be reached again.")
            reachable = True
            for message in got.get("Messages", ()):
                if _told(message["Body"], landing, emit, tell):
                    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
        except (BotoCoreError, ClientError) as error:
            if reachable:
                tell(f"The queue {queue} cannot be used ({error}); it is tried again every {AGAIN} seconds.")
            reachable = False
            stop.wait(AGAIN)
        except NotAccepted as lost:
            tell(f"{lost}; the queue gives the message again.")
            stop.wait(AGAIN)


def _told(body: str, landing: str, emit: Callable[[Told], None], tell: Callable[[str], None]) -> bool:
    """Tell of the objects of a message, and return whether it was one that could be read."""
    try:
        objects = objects_in(body)
    except NotANotification as wrong:
        tell(f"{wrong} It is left to the dead-letter queue.")
        return False
    for uri in objects:
        if uri.startswith(landing) and not uri.endswith("/"):
            emit(FileLanded(uri))
            tell(f"landed    {uri}")
    return True
