"""Served from a bucket: objects come to lie there, and their figures are published, with nobody touching anything."""

import json
import time
from collections.abc import Callable, Iterator

import pytest

from tests.flows.buckets import Network, cut, refusing
from tests.flows.serving.council import BARNET, Council

FIGURES = f"SELECT month::VARCHAR, value::INT FROM fact_offences WHERE area_code = '{BARNET}' ORDER BY ALL"


@pytest.fixture(scope="module")
def council(server: tuple[str, str, Network], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Council]:
    """Serve an empty bucket."""
    council = Council(*server, tmp_path_factory.mktemp("bucket"))
    council.served.start()
    yield council
    council.served.end()


def figures(council: Council) -> dict[str, int]:
    return dict(council.served.ask(FIGURES))


def becomes(council: Council, month: str, incidents: int) -> Callable[[], bool]:
    return lambda: figures(council).get(month) == incidents


def test_object_in_the_bucket_becomes_a_published_figure(council: Council) -> None:
    council.put("2016-04-01", 417)
    council.served.until(becomes(council, "2016-04-01", 417))
    assert council.keys("landing/") == []
    assert [key.rpartition("/")[2] for key in council.keys("archive/")] == ["of 2016-04-01_.csv"]


def test_download_that_breaks_off_is_made_again(council: Council) -> None:
    council.network.on("GET", "/barnet/landing/of 2016-10", cut, times=2)
    council.put("2016-10-01", 10)
    council.served.until(becomes(council, "2016-10-01", 10))
    assert council.network.asked.count("GET /barnet/landing/of 2016-10-01+.csv") == 3


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


def test_object_that_nobody_told_of_is_found_by_the_sweep_even_by_two_at_once(council: Council) -> None:
    council.notify(None)
    council.put("2016-09-01", 9)
    council.served.run("sweep/sweep", times=2)
    council.served.until(becomes(council, "2016-09-01", 9))
    assert [name for name, _ in council.served.history()].count("of 2016-09-01+.csv") == 1
