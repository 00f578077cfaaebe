"""Served from a bucket: objects come to lie there, and their figures are published, with nobody touching anything."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from flows.home import Home
from tests.flows.buckets import ACCOUNT, REGION, Network, refusing
from tests.flows.serving.resident import Resident

BARNET = "E09000003"
FIGURES = f"SELECT month::VARCHAR, value::INT FROM fact_offences WHERE area_code = '{BARNET}' ORDER BY ALL"


class Council:
    """A bucket that tells a queue what lands in it, and the home that is served from it."""

    def __init__(self, past_the_network: str, served: Resident, network: Network) -> None:
        """Make the bucket, the queue and the dead-letter queue."""
        import boto3

        session = boto3.Session("testing", "testing", region_name=REGION)
        self.s3: Any = session.client("s3", endpoint_url=past_the_network)
        self.sqs: Any = session.client("sqs", endpoint_url=past_the_network)
        self.network, self.served = network, served
        self.s3.create_bucket(Bucket="barnet", CreateBucketConfiguration={"LocationConstraint": REGION})
        self.dead = self.sqs.create_queue(QueueName="dead")["QueueUrl"]
        redrive = {"deadLetterTargetArn": self._arn(self.dead), "maxReceiveCount": "2"}
        attributes = {"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "1"}
        self.queue = self.sqs.create_queue(QueueName="landed", Attributes=attributes)["QueueUrl"]
        self.notify(self._arn(self.queue))

    def _arn(self, queue: str) -> str:
        found = self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])
        return str(found["Attributes"]["QueueArn"])

    def notify(self, arn: str | None) -> None:
        """Let the bucket tell a queue what lands, or nobody."""
        told = {"QueueArn": arn, "Events": ["s3:ObjectCreated:*"]}
        configuration = {"QueueConfigurations": [told]} if arn else {}
        self.s3.put_bucket_notification_configuration(Bucket="barnet", NotificationConfiguration=configuration)

    def put(self, month: str, incidents: int) -> None:
        """Put an extract of one month of Barnet."""
        body = f"Month,Area code,Concept,Measure,Count,Extract date\n{month},{BARNET},DA_INCIDENT,incidents,{incidents}"
        self.s3.put_object(Bucket="barnet", Key=f"landing/of {month}+.csv", Body=f"{body},2026-01-05\n")

    def keys(self, prefix: str) -> list[str]:
        """Return what lies below a prefix."""
        return [one["Key"] for one in self.s3.list_objects_v2(Bucket="barnet", Prefix=prefix).get("Contents", ())]

    def dead_letters(self) -> list[str]:
        """Return the messages that nobody could read."""
        return [one["Body"] for one in self.sqs.receive_message(QueueUrl=self.dead).get("Messages", ())]


@pytest.fixture(scope="module")
def council(server: tuple[str, str, Network], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    """Serve an empty bucket."""
    past_the_network, url, network = server
    root = tmp_path_factory.mktemp("bucket")
    served = Resident(Home(root / "home", bucket="s3://barnet/landing/").prepare(), root / "log.txt")
    council = Council(past_the_network, served, network)
    queue = council.queue.replace(past_the_network, url)
    landing = {"VAWG_LANDING": "s3://barnet/landing/", "VAWG_QUEUE": queue}
    served.environment = {**ACCOUNT, "AWS_ENDPOINT_URL": url, **landing}
    served.start()
    yield council
    served.end()


def figures(council: Council) -> dict[str, int]:
    return dict(council.served.ask(FIGURES))


def becomes(council: Council, month: str, incidents: int) -> Callable[[], bool]:
    return lambda: figures(council).get(month) == incidents


def test_object_in_the_bucket_becomes_a_published_figure(council: Council) -> None:
    council.put("2016-04-01", 417)
    council.served.until(becomes(council, "2016-04-01", 417))
    assert council.keys("landing/") == []
    assert [key.rpartition("/")[2] for key in council.keys("archive/")] == ["of 2016-04-01_.csv"]


def test_message_that_comes_again_or_late_changes_nothing(council: Council) -> None:
    council.put("2016-05-01", 5)
    record = {
        "eventName": "ObjectCreated:CompleteMultipartUpload",
        "s3": {"bucket": {"name": "barnet"}, "object": {"key": "landing/of+2016-05-01%2B.csv"}},
    }
    council.sqs.send_message(QueueUrl=council.queue, MessageBody=json.dumps({"Records": [record, record]}))
    council.served.until(becomes(council, "2016-05-01", 5))
    council.sqs.send_message(QueueUrl=council.queue, MessageBody=json.dumps({"Records": [record]}))
    council.put("2016-06-01", 6)
    council.served.until(becomes(council, "2016-06-01", 6))
    assert [name for name, _ in council.served.history()].count("of 2016-05-01+.csv") == 1


def test_message_that_is_no_notification_ends_in_the_dead_letter_queue(council: Council) -> None:
    council.sqs.send_message(QueueUrl=council.queue, MessageBody="hello")
    council.put("2016-07-01", 7)
    council.served.until(becomes(council, "2016-07-01", 7))
    assert council.served.until(council.dead_letters) == ["hello"]


def test_queue_that_cannot_be_reached_for_a_while_loses_nothing(council: Council) -> None:
    troubles = len(council.network.troubles)
    council.network.on("POST", "/", refusing("503 Service Unavailable", "ServiceUnavailable"), times=10**6)
    council.served.until(lambda: "cannot be used" in council.served.said)
    council.put("2016-08-01", 8)
    time.sleep(1)
    assert "2016-08-01" not in figures(council)
    del council.network.troubles[troubles:]
    council.served.until(becomes(council, "2016-08-01", 8))


def test_object_that_nobody_told_of_is_found_by_the_sweep(council: Council) -> None:
    council.notify(None)
    council.put("2016-09-01", 9)
    assert council.served.end() == 0
    council.served.start()
    council.served.until(becomes(council, "2016-09-01", 9))
