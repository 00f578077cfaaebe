"""A burst of files is taken in and published at once, and once more when it is over; nothing is left out."""

from collections.abc import Callable
from functools import partial

import pytest
from filelock import FileLock

from flows.bursts import LOOK, QUIET, ingest_until_quiet, loaded, refresh_until_quiet
from flows.home import Home
from flows.ingesting import ingest, take_in
from flows.landing.place import Lying
from flows.outcomes import Outcome
from flows.refreshing import publish_what_is_loaded, refresh_and_publish
from warehouse import open_published
from warehouse.publishing import Publication

EXTRACT = "Month,Area code,Concept,Measure,Count,Extract date"


def land(home: Home, incidents: int) -> None:
    """Take in a month of Barnet's incidents; each file is a day younger than the one with fewer."""
    path = home.root / f"{incidents}.csv"
    path.write_text(
        f"{EXTRACT}\n2024-04-01,E09000003,DA_INCIDENT,incidents,{incidents},2024-06-{incidents:02}\n", encoding="utf-8"
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


def pausing(*during: Callable[[], object]) -> tuple[Callable[[float], None], list[float]]:
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
    monkeypatch.setattr("flows.bursts.LONGEST", 2 * QUIET)
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
    came = list[Home]()

    def publish(of: Home) -> Publication | None:
        publication = publish_what_is_loaded(of)
        if publication is None and not came:
            came.append(of)
            land(of, 6)
        return publication

    assert refresh_until_quiet(home, publish=publish, pause=lambda _: None) == 2
    assert shown(home) == 6


def drop(home: Home, incidents: int) -> None:
    """Let a file lie in landing."""
    line = f"2016-{incidents:02}-01,E09000003,DA_INCIDENT,incidents,{incidents},2024-06-01"
    (home.landing / f"{incidents}.csv").write_text(f"{EXTRACT}\n{line}\n", encoding="utf-8")


def test_files_that_come_while_others_are_taken_in_are_taken_in_too(home: Home) -> None:
    drop(home, 1)
    pause, pauses = pausing(lambda: drop(home, 2), lambda: None, lambda: drop(home, 3))
    outcomes = ingest_until_quiet(home, pause=pause)
    assert [(one.file_name, one.status) for one in outcomes] == [(f"{name}.csv", "accepted") for name in (1, 2, 3)]
    assert sum(pauses) >= QUIET + 3 * LOOK


def test_file_that_is_still_written_is_taken_in_once_it_stays_the_same(home: Home) -> None:
    drop(home, 1)

    def grow() -> None:
        with (home.landing / "2.csv").open("a", encoding="utf-8") as file:
            file.write(
                f"{EXTRACT}\n" if not file.tell() else "2016-02-01,E09000003,DA_INCIDENT,incidents,7,2016-06-01\n"
            )

    pause, _ = pausing(grow, grow)
    outcomes = ingest_until_quiet(home, pause=pause)
    assert [(one.file_name, one.status, one.counts.received) for one in outcomes] == [
        ("1.csv", "accepted", 1),
        ("2.csv", "accepted", 1),
    ]


def test_file_that_fails_is_tried_once_and_again_when_it_was_written_to(home: Home) -> None:
    drop(home, 1)
    tried = []

    def fail(_home: Home, file: Lying) -> Outcome:
        tried.append(file.name)
        return Outcome(file.name, "failed", "")

    pause, _ = pausing(
        lambda: None, lambda: None, lambda: (home.landing / "1.csv").write_text("other", encoding="utf-8")
    )
    ingest_until_quiet(home, take=fail, pause=pause)
    assert tried == ["1.csv", "1.csv"]


def test_landing_is_left_to_the_process_that_is_at_it(home: Home) -> None:
    drop(home, 1)
    with FileLock(home.ingesting):
        assert ingest_until_quiet(home, pause=never) == []
    assert ingest_until_quiet(home.prepare(), pause=lambda _: None) != []


def test_empty_landing_is_left_at_once(home: Home) -> None:
    assert ingest_until_quiet(home, pause=never) == []


def test_file_that_came_alone_is_published_before_anything_is_waited_for(home: Home) -> None:
    drop(home, 1)
    seen = list[int]()
    pause, _ = pausing(lambda: seen.append(shown(home)))
    ingest_until_quiet(home, pause=pause)
    assert seen == [1]


def test_burst_is_published_once_it_is_over(home: Home) -> None:
    drop(home, 1)
    done = list[str]()

    def take(of: Home, file: Lying) -> Outcome:
        if file.name == "1.csv":
            drop(of, 2)
        outcome = take_in(of, file)
        done.append(file.name)
        return outcome

    ingest_until_quiet(home, take=take, publish=lambda _: done.append("published"), pause=lambda _: None)
    assert done == ["1.csv", "2.csv", "published"]


def test_what_comes_later_is_published_too(home: Home) -> None:
    drop(home, 1)
    pause, _ = pausing(lambda: drop(home, 2))
    ingest_until_quiet(home, pause=pause)
    assert not loaded(home)["behind"]


def test_nothing_is_published_where_no_file_brought_anything(home: Home) -> None:
    (home.landing / "1.csv").write_text("wrong", encoding="utf-8")
    (outcome,) = ingest_until_quiet(home, publish=lambda _: pytest.fail("it was published"), pause=lambda _: None)
    assert outcome.status == "rejected"
