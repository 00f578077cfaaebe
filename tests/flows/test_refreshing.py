"""A burst of files is published at once, and once more when it is over; nothing loaded is left unpublished."""

from collections.abc import Callable
from functools import partial

import pytest
from filelock import FileLock

from flows.home import Home
from flows.ingesting import ingest
from flows.refreshing import QUIET, loaded, refresh_and_publish, refresh_until_quiet
from warehouse import open_published

EXTRACT = "Month,Area code,Concept,Measure,Count,Extract date"


def land(home: Home, incidents: int) -> None:
    """Take in a month of Barnet's incidents; each file is a day younger than the one with fewer."""
    path = home.root / f"{incidents}.csv"
    path.write_text(
        f"{EXTRACT}\n2016-04-01,E09000003,DA_INCIDENT,incidents,{incidents},2016-06-{incidents:02}\n", encoding="utf-8"
    )
    (outcome,) = ingest(home, [path])
    assert outcome.slices == 1


def shown(home: Home) -> int:
    """Return the count that a dashboard sees."""
    with open_published(home.published) as published:
        ((value,),) = published.sql("SELECT value FROM fact_offences").rows()
    return int(value)


def never(_seconds: float) -> None:
    """Fail: there is nothing to wait for."""
    pytest.fail("it waited")


def arriving(home: Home, *incidents: int) -> tuple[list[Callable[[], None]], list[int]]:
    """Return the arrivals of files, and what a dashboard sees at each."""
    seen = list[int]()

    def arrive(number: int) -> None:
        seen.append(shown(home))
        land(home, number)

    return [partial(arrive, number) for number in incidents], seen


def pausing(*during: Callable[[], None]) -> tuple[Callable[[float], None], list[float]]:
    """Return a pause in which things happen, one in each, and the pauses that were made."""
    coming, pauses = list(during), list[float]()

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if coming:
            coming.pop(0)()

    return pause, pauses


def test_nothing_new_is_not_published_again(home: Home) -> None:
    assert refresh_until_quiet(home, pause=never) == 0
    land(home, 5)
    refresh_and_publish(home)
    assert refresh_until_quiet(home, pause=never) == 0


def test_single_file_is_published_at_once(home: Home) -> None:
    land(home, 5)
    pause, pauses = pausing(lambda: None)
    assert refresh_until_quiet(home, pause=pause) == 1
    assert (shown(home), pauses) == (5, [QUIET])


def test_burst_is_published_at_its_beginning_and_at_its_end(home: Home) -> None:
    land(home, 5)
    arrivals, seen = arriving(home, 6, 7, 8)
    pause, _ = pausing(*arrivals)
    assert refresh_until_quiet(home, pause=pause) == 2
    assert (seen, shown(home)) == ([5, 5, 5], 8)


def test_burst_without_an_end_is_published_all_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.refreshing.LONGEST", 2 * QUIET)
    land(home, 1)
    arrivals, seen = arriving(home, 2, 3, 4, 5)
    pause, _ = pausing(*arrivals)
    assert refresh_until_quiet(home, pause=pause) == 3
    assert (seen, shown(home)) == ([1, 1, 3, 3], 5)


def test_what_another_process_publishes_is_left_to_it(home: Home) -> None:
    land(home, 5)
    with FileLock(home.refreshing):
        assert refresh_until_quiet(home, pause=never) == 0
    assert loaded(home)["behind"]


def test_file_that_came_as_the_other_process_ended_is_published(home: Home) -> None:
    """Whoever holds the lock looks once more after it is let go."""
    land(home, 5)
    refreshed = []

    def refresh(of: Home) -> None:
        refresh_and_publish(of)
        refreshed.append(of)
        if len(refreshed) == 1:
            land(of, 6)

    assert refresh_until_quiet(home, refresh=refresh, pause=lambda _: None) == 2
    assert shown(home) == 6
