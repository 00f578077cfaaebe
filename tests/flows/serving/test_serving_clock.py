"""Served while the clock is set: what lands is published, each file once, and nothing waits for the old time."""

import platform
import sys
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from flows.home import Home
from tests.empty import with_warehouse
from tests.flows.serving.resident import Resident
from tests.flows.serving.test_serving import OFFENCES, police

FAKED = find_spec("libfaketime")
LIBRARY = Path(str(FAKED and FAKED.origin)).parent / "vendor/libfaketime/src/libfaketime.so.1"

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() != "x86_64" or not LIBRARY.exists(),
    reason="the library that sets a clock for one program is one for Linux on x86-64",
)


@pytest.fixture
def clock(tmp_path: Path) -> Path:
    """Return a file that says how far the clock of what is served is off."""
    said = tmp_path / "clock"
    said.write_text("+0", encoding="utf-8")
    return said


@pytest.fixture
def served(clock: Path, tmp_path: Path) -> Iterator[Resident]:
    """Serve an empty home by that clock."""
    clocked = {
        "LD_PRELOAD": str(LIBRARY),
        "FAKETIME_TIMESTAMP_FILE": str(clock),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DISABLE_SHM": "1",
    }
    resident = Resident(with_warehouse(Home(tmp_path / "home")), tmp_path / "log.txt", clocked)
    resident.start()
    yield resident
    resident.kill()  # waiting for an end takes its time from that clock


def is_published(served: Resident, month: str) -> bool:
    return served.ask(OFFENCES % f"{month}-01") == [(417,)]


def test_clock_that_is_set_forth_and_back_loses_no_file(served: Resident, clock: Path) -> None:
    for month, off in (("2016-04", "+0"), ("2016-05", "+3600"), ("2016-06", "-3600")):
        clock.write_text(off, encoding="utf-8")
        name = police(served.home, month, 417)
        served.until(partial(is_published, served, month))
        assert [told for one, told in served.history() if one == name] == ["accepted"]
