"""A council whose files land in a bucket that tells a queue of them, and the home that is served from it."""

import json
from pathlib import Path
from typing import Any

from flows.home import Home
from tests.flows.buckets import ACCOUNT, REGION, Network
from tests.flows.serving.resident import Resident

BARNET = "E09000003"


class Council:
    """A bucket that tells a queue what lands in it, and the home that is served from it."""

    def __init__(self, past_the_network: str, url: str, network: Network, root: Path) -> None:
        """Make the bucket, the queue, the dead-letter queue and an empty home.

        Args:
            past_the_network: where the server of S3 and SQS is.
            url: where it is seen from the home.
            network: what lies between the two.
            root: the folder in which the home is made.
        """
        import boto3

        session = boto3.Session("testing", "testing", region_name=REGION)
        self.s3: Any = session.client("s3", endpoint_url=past_the_network)
        self.sqs: Any = session.client("sqs", endpoint_url=past_the_network)
        self.network = network
        self.s3.create_bucket(Bucket="barnet", CreateBucketConfiguration={"LocationConstraint": REGION})
        self.dead = self.sqs.create_queue(QueueName="dead")["QueueUrl"]
        redrive = {"deadLetterTargetArn": self._arn(self.dead), "maxReceiveCount": "2"}
        attributes = {"RedrivePolicy": json.dumps(redrive), "VisibilityTimeout": "1"}
        self.queue = self.sqs.create_queue(QueueName="landed", Attributes=attributes)["QueueUrl"]
        self.notify(self._arn(self.queue))
        landing = "s3://barnet/landing/"
        seen = {
            "VAWG_LANDING": landing,
            "VAWG_QUEUE": self.queue.replace(past_the_network, url),
            "AWS_ENDPOINT_URL": url,
        }
        self.served = Resident(Home(root / "home", bucket=landing).prepare(), root / "log.txt", {**ACCOUNT, **seen})

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
