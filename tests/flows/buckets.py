"""What the tests of landing on S3 share: what can go wrong in the network, and a bucket to look into."""

import os
import signal
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

REGION = "eu-west-2"
ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}

Answer = Iterable[bytes]
Trouble = Callable[[Callable[[], Answer], dict[str, Any], Any], Answer]


@dataclass
class Network:
    """What stands between the program and the server.

    Attributes:
        app: the server.
        troubles: (method, a part of the path, how many more times, what happens).
        asked: the requests that came, as `GET /bucket/key`.
    """

    app: Any
    troubles: list[tuple[str, str, int, Trouble]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Any) -> Answer:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        self.asked.append(f"{method} {path}")
        for number, (its_method, part, times, trouble) in enumerate(self.troubles):
            if its_method in (method, "ANY") and part in path and times:
                self.troubles[number] = (its_method, part, times - 1, trouble)
                return trouble(lambda: self.app(environ, start), environ, start)
        answered: Answer = self.app(environ, start)
        return answered

    def on(self, method: str, part: str, trouble: Trouble, times: int = 1) -> None:
        """Let something happen on the next requests of a kind."""
        self.troubles.append((method, part, times, trouble))


def refusing(status: str, code: str) -> Trouble:
    """Return the trouble that a request is answered by an error of S3."""

    def refuse(_: object, __: object, start: Any) -> Answer:
        body = f"<?xml version='1.0'?><Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        start(status, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
        return [body]

    return refuse


def cut(answer: Callable[[], Answer], *_: object) -> Answer:
    """Break off in the middle of an answer."""
    body = b"".join(answer())
    return [body[: len(body) // 2]]


def garble(answer: Callable[[], Answer], *_: object) -> Answer:
    """Change one byte of an answer."""
    body = b"".join(answer())
    return [body[:-5], b"9", body[-4:]]


def meanwhile(act: Callable[[], object]) -> Trouble:
    """Return the trouble that something happens just before a request is answered."""

    def answered(answer: Callable[[], Answer], *_: object) -> Answer:
        act()
        return answer()

    return answered


def killing(pid: int, number: int, *, done: bool) -> Trouble:
    """Return the trouble that a process is killed at a request, counted from 0, before it is done or after."""
    before = iter(range(number))

    def kill(answer: Callable[[], Answer], *_: object) -> Answer:
        if next(before, None) is not None:
            return answer()
        body = list(answer()) if done else []
        os.kill(pid, signal.SIGKILL)
        return body

    return kill


@dataclass
class Store:
    """A server of S3 with one bucket, `council`.

    Attributes:
        client: asks the server, and not through the network.
        network: what the program asks through.
        environment: what a process needs to ask it.
    """

    client: Any
    network: Network
    environment: dict[str, str]

    def put(self, key: str, body: bytes | str, bucket: str = "council") -> str:
        """Put an object, and return its address."""
        self.client.put_object(Bucket=bucket, Key=key, Body=body)
        return f"s3://{bucket}/{key}"

    def get(self, address: str) -> bytes:
        """Return what an object holds."""
        bucket, _, key = address.removeprefix("s3://").partition("/")
        body: bytes = self.client.get_object(Bucket=bucket, Key=key)["Body"].read()
        return body

    def lists(self, prefix: str = "", bucket: str = "council") -> list[str]:
        """Return the keys that there are, each as often as it has versions."""
        found = self.client.list_object_versions(Bucket=bucket, Prefix=prefix).get("Versions", ())
        return [one["Key"] for one in found]

    def clear(self) -> None:
        """Remove every object."""
        for key in self.lists():
            self.client.delete_object(Bucket="council", Key=key)

    def keep_versions(self) -> None:
        """Let the bucket keep versions from now on."""
        self.client.put_bucket_versioning(Bucket="council", VersioningConfiguration={"Status": "Enabled"})
