"""Served while the clock is set: what lands is published, each file once, and nothing waits for the old time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from flows.home import Home
from tests.empty import with_warehouse
from tests.flows.serving.resident import Resident
from tests.flows.serving.test_serving import OFFENCES, police
from warehouse.reporting import report

CLOCKED = Path(__file__).with_name("clocked")


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """Return a file that says by how many seconds the clock of what is served is off."""
    said = tmp_path / "clock"
    said.write_text("0", encoding="utf-8")
    return said


@pytest.fixture
def served(clock: Path, tmp_path: Path) -> Iterator[Resident]:
    """Serve an empty home by that clock."""
    clocked = {"CLOCK": str(clock), "PYTHONPATH": str(CLOCKED)}
    resident = Resident(with_warehouse(Home(tmp_path / "home")), tmp_path / "log.txt", clocked)
    resident.start()
    yield resident
    resident.kill()


def is_published(served: Resident, month: str) -> bool:
    return served.ask(OFFENCES % f"{month}-01") == [(417,)]


def test_clock_that_is_set_forth_and_back_loses_no_file(served: Resident, clock: Path) -> None:
    hour = 3600
    for month, off in (("2016-04", 0), ("2016-05", hour), ("2016-06", -hour)):
        clock.write_text(str(off), encoding="utf-8")
        name = police(served.home, month, 417)
        served.until(partial(is_published, served, month))
        assert [told for one, told in served.history() if one == name] == ["accepted"]
    with served.home.open() as connection:
        (first, forth, back) = sorted(report(connection, "history"), key=lambda one: str(one["file_name"]))
    # The clock was what it was said to be.
    assert forth["received_at"] > datetime.now(UTC).replace(tzinfo=None) + timedelta(minutes=50)
    assert back["received_at"] < first["received_at"]
