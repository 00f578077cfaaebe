"""S3 without AWS, with a network before it that can make trouble; and the demonstration."""

import time
from collections.abc import Iterator
from threading import Thread
from types import SimpleNamespace
from urllib.request import Request, urlopen

import pytest

from flows.landing.s3 import s3
from tests.flows.buckets import ACCOUNT, REGION, Network, Store
from tests.flows.demonstrated import Demonstrated, demonstrated


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Demonstrated:
    """Return the demonstration; the processes among which the tests are divided share one."""
    own = tmp_path_factory.getbasetemp()
    return demonstrated((own if worker_id == "master" else own.parent) / "demonstrated")


@pytest.fixture(scope="session")
def server() -> Iterator[tuple[str, str, Network]]:
    """Run the server, and a second door to it that the network stands in."""
    from moto.server import ThreadedMotoServer
    from werkzeug.serving import make_server

    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    assert moto._server is not None
    network = Network(moto._server.app)
    door = make_server("127.0.0.1", 0, network, threaded=True)
    Thread(target=door.serve_forever, daemon=True).start()
    yield "http://{}:{}".format(*moto.get_host_and_port()), f"http://127.0.0.1:{door.server_port}", network
    door.shutdown()
    moto.stop()


@pytest.fixture
def store(server: tuple[str, str, Network], monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Return an empty bucket, with the program's settings of AWS made for it, and retries that do not wait."""
    import boto3

    past_the_network, url, network = server
    urlopen(Request(f"{past_the_network}/moto-api/reset", method="POST")).close()
    network.troubles.clear()
    network.asked.clear()
    environment = {**ACCOUNT, "AWS_ENDPOINT_URL": url}
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("botocore.endpoint.time", SimpleNamespace(sleep=lambda _: None, time=time.time))
    client = boto3.Session().client("s3", endpoint_url=past_the_network)
    client.create_bucket(Bucket="council", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.cache_clear()
    yield Store(client, network, environment)
    s3.cache_clear()
