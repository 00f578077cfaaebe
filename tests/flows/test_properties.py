"""What holds for any files in any order, and after a crash at any point."""

import csv
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import duckdb
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from expectations.catalogue import catalogue
from flows.home import Home, dimensions
from flows.ingesting import ingest, ingest_file
from flows.refreshing import refresh_and_publish
from transforms.facts import facts
from warehouse import loading
from warehouse.opening import prepare
from warehouse.publishing import open_published

AREAS = ("E09000002", "E09000003", "E09000005")
SERIES = (
    ("DA_INCIDENT", "incidents"),
    ("DA_OFFENCE", "offences"),
    ("DA_VWI", "offences"),
    ("DA_VWI", "sanction_detections"),
)
MONTHS = [date(2019 + number // 12, number % 12 + 1, 1) for number in range(10, 25)]
HEADERS = ("Month", "Area code", "Concept", "Measure", "Count", "Extract date")
EVER = datetime(9999, 1, 1)

few = settings(max_examples=15, deadline=None)
numbers = count()


@dataclass(frozen=True)
class Extract:
    """A police extract: the counts of each area and month in the order of `SERIES`; a zero has no row."""

    drawn_on: date
    months: dict[tuple[str, date], tuple[int, int, int, int]]

    def rows(self) -> list[tuple[date, str, str, str, int, date]]:
        """Return the rows in the order of `HEADERS`."""
        return [
            (month, area, *series, value, self.drawn_on)
            for (area, month), values in self.months.items()
            for series, value in zip(SERIES, values, strict=True)
            if value
        ]


@st.composite
def extracts(draw: st.DrawFn) -> Extract:
    """Draw an extract of some areas and consecutive months; few drawing dates, so that some files are rivals."""
    random = Random(draw(st.integers(0, 10**9)))
    first = draw(st.sampled_from([0, 0, 0, 3, 11]))
    last = draw(st.integers(first, len(MONTHS) - 1) | st.just(len(MONTHS) - 1))
    left_out = draw(st.sets(st.integers(first, last), max_size=1))
    months = {}
    for area in draw(st.sets(st.sampled_from(AREAS), min_size=1)):
        for place in range(first, last + 1):
            incidents = random.randint(1, 40)
            offences = random.randint(0, incidents)
            violence = random.randint(0, offences)
            if place not in left_out or first == last:
                months[area, MONTHS[place]] = (incidents, offences, violence, random.choice([0, 0, 1, 2]))
    return Extract(date(2021, 6, draw(st.integers(1, 4))), months)


restated = st.lists(extracts(), min_size=1, max_size=4)
restated_on_different_days = st.lists(extracts(), min_size=1, max_size=4, unique_by=lambda extract: extract.drawn_on)


@contextmanager
def warehouse_with(files: Iterable[Extract]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse in memory that holds the files, taken in in this order."""
    with duckdb.connect() as connection:
        prepare(connection, dimensions())
        for extract in files:
            load(connection, extract)
        yield connection


def load(connection: duckdb.DuckDBPyConnection, extract: Extract) -> loading.Slices:
    """Load an extract as if it had been judged, and return how it stood to what was held."""
    source = catalogue()["police_extract"]
    columns = ["month", "area_code", "offence_id", "measure_id", "value", "extracted_on"]
    brought = facts(source, pl.DataFrame(extract.rows(), schema=columns, orient="row"))
    standing = loading.compare(connection, source.name, 1, brought.slices)
    name = f"submission-{next(numbers)}"
    received = standing.rows_loaded + standing.rows_unchanged
    loading.append(
        connection,
        loading.Arrival(name, name, name, 1, datetime.now(UTC).replace(tzinfo=None), 1, False, ""),
        {
            **dict.fromkeys(("rejected", "duplicate", "out_of_scope"), 0),
            **{"received": received, "loaded": standing.rows_loaded, "unchanged": standing.rows_unchanged},
            **{"source": source.name, "status": "accepted", "message": ""},
        },
        [],
        loading.NewFacts(source.loads, brought.rows, brought.slices, brought.coverage),
    )
    return standing


def months_read(connection: duckdb.DuckDBPyConnection, instant: datetime = EVER) -> pl.DataFrame:
    """Return the current months without naming the submissions."""
    return connection.sql(
        "SELECT * EXCLUDE (submission_id) FROM monthly_measure_as_of($at::TIMESTAMP) ORDER BY ALL",
        params={"at": instant},
    ).pl()


def figures_read(connection: duckdb.DuckDBPyConnection, instant: datetime = EVER) -> pl.DataFrame:
    """Return every rolling figure without naming the submissions."""
    return connection.sql(
        "SELECT * EXCLUDE (source_submission) FROM rolling_12m_as_of($at::TIMESTAMP) ORDER BY ALL",
        params={"at": instant},
    ).pl()


@few
@given(files=restated, data=st.data())
def test_order_of_arrival_decides_nothing(files: list[Extract], data: st.DataObject) -> None:
    reordered = data.draw(st.permutations(files))
    with warehouse_with(files) as one, warehouse_with(reordered) as other:
        assert months_read(one).equals(months_read(other))
        assert figures_read(one).equals(figures_read(other))


@few
@given(files=restated, data=st.data())
def test_anything_taken_in_twice_changes_nothing(files: list[Extract], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(files), min_size=1, max_size=3))
    with warehouse_with(files) as connection:
        held = connection.sql("FROM fact_offences ORDER BY ALL").pl()
        covered = connection.sql("FROM coverage ORDER BY ALL").pl()
        months, figures = months_read(connection), figures_read(connection)
        for extract in again:
            load(connection, extract)
        assert connection.sql("FROM fact_offences ORDER BY ALL").pl().equals(held)
        assert connection.sql("FROM coverage ORDER BY ALL").pl().equals(covered)
        assert months_read(connection).equals(months)
        assert figures_read(connection).equals(figures)


@settings(few, max_examples=8)
@given(files=restated)
def test_as_of_an_instant_is_a_warehouse_given_only_what_had_arrived(files: list[Extract]) -> None:
    with warehouse_with([]) as connection:
        instants = []
        for extract in files:
            load(connection, extract)
            instants.append(datetime.now(UTC).replace(tzinfo=None))
        for arrived, instant in enumerate(instants, start=1):
            with warehouse_with(files[:arrived]) as given_only_those:
                assert months_read(connection, instant).equals(months_read(given_only_those))
                assert figures_read(connection, instant).equals(figures_read(given_only_those))


@few
@given(files=restated_on_different_days)
def test_windows_equal_a_recount_in_plain_python(files: list[Extract]) -> None:
    current: dict[tuple[str, date], tuple[int, int, int, int]] = {}
    for extract in sorted(files, key=lambda extract: extract.drawn_on):
        current |= extract.months
    first, last = min(month for _, month in current), max(month for _, month in current)
    spine = [month for month in MONTHS if first <= month <= last]
    expected = {}
    for area in {area for area, _ in current}:
        for month in spine:
            twelve = [current.get((area, one)) for one in spine if 0 <= months_between(one, month) < 12]
            known = [values for values in twelve if values is not None]
            for place, indicator in enumerate(("DA_INC_R12", "DA_OFF_R12", "DA_VWI_R12", "DA_VWI_SD_R12")):
                total = sum(values[place] for values in known) if len(known) == 12 else None
                expected[indicator, area, month] = (len(known), total)
    with warehouse_with(files) as connection:
        found = connection.sql(
            "SELECT indicator_id, area_code, date_trunc('month', period_end)::DATE, months_covered, numerator"
            " FROM rolling_12m_as_of(TIMESTAMP '9999-01-01')"
            " WHERE indicator_id IN ('DA_INC_R12', 'DA_OFF_R12', 'DA_VWI_R12', 'DA_VWI_SD_R12')"
        ).fetchall()
    assert {(indicator, area, month): (covered, value) for indicator, area, month, covered, value in found} == expected
    assert len(found) == len(expected)


def months_between(earlier: date, later: date) -> int:
    """Return how many months lie between the first days of two months."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def write(path: Path, rows: Iterable[Iterable[object]]) -> Path:
    """Write rows below the headers of an extract."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([HEADERS, *rows])
    return path


@settings(max_examples=8, deadline=None, phases=[Phase.generate])  # slow: a failing case is not made smaller
@given(extract=extracts(), seed=st.integers(0, 10**9), spoilt=st.sampled_from([0, 0, 1, 2]))
def test_every_row_of_a_file_is_accounted_for(extract: Extract, seed: int, spoilt: int) -> None:
    random = Random(seed)
    rows: list[tuple[object, ...]] = list(extract.rows())
    rows += random.choices(rows, k=random.randint(0, 3))
    random.shuffle(rows)
    for place in random.sample(range(len(rows)), k=min(spoilt, len(rows))):
        month, area, concept, measure, _, drawn_on = rows[place]
        rows[place] = (month, area, concept, measure, "many", drawn_on)
    with TemporaryDirectory() as folder:
        home = Home(Path(folder) / "home").prepare()
        path = write(Path(folder) / "extract.csv", rows)
        outcome, again = ingest_file(home, path), ingest_file(home, path, again=True)
        with home.open() as connection:
            (held,) = connection.execute("SELECT count(*) FROM fact_offences").fetchone() or (None,)
    counts = outcome.counts
    accounted = counts.loaded + counts.rejected + counts.duplicate + counts.unchanged + counts.out_of_scope
    assert counts.received == accounted == len(rows)
    assert held == counts.loaded
    assert again.counts.loaded == 0
    assert again.counts.received == len(rows)


# Crashes. Twelve months of 100 are published; a file that restates them to 90 arrives, and the process dies.

KILLED = 86
VALUE = "SELECT value FROM rolling_12m WHERE indicator_id = 'DA_INC_R12' AND value IS NOT NULL"
#: After which function the process dies.
DEATHS = {
    "facts written and not committed": "warehouse.loading._append_facts",
    "facts committed": "warehouse.loading.append",
    "figures computed and not published": "warehouse.refreshing.refresh",
    "new database built and not swapped in": "warehouse.publishing._build",
    "new database audited and not swapped in": "warehouse.publishing.audit",
}


def twelve_months(value: int, drawn_on: date) -> Extract:
    """Return twelve months of Barnet with the same count of incidents."""
    return Extract(drawn_on, {(AREAS[1], month): (value, 0, 0, 0) for month in MONTHS[:12]})


@pytest.fixture
def restating(home: Home) -> Home:
    """Return a home that has published 1,200, and into which the restatement to 1,080 has landed."""
    with home.open() as connection:
        load(connection, twelve_months(100, date(2021, 5, 1)))
    refresh_and_publish(home)
    write(home.landing / "restated.csv", twelve_months(90, date(2021, 6, 1)).rows())
    return home


def published_values(home: Home) -> list[tuple[float]]:
    """Return the incidents of the one complete window, as anybody would read them."""
    with open_published(home.published) as connection:
        return connection.execute(VALUE).fetchall()


def run_again_gives_the_right_figures(home: Home) -> None:
    """Run once more as if nothing had happened, and look at everything."""
    assert all(outcome.status in {"accepted", "unchanged"} for outcome in ingest(home, [home.landing]))
    refresh_and_publish(home)
    assert published_values(home) == [(1080,)]
    assert list(home.landing.iterdir()) == []
    assert [file.name for file in home.published.parent.iterdir()] == [home.published.name]
    with home.open() as connection:
        assert connection.execute("SELECT count(*) FROM fact_offences").fetchone() == (24,)
        assert connection.execute("SELECT count(*) FROM slice").fetchone() == (24,)


@pytest.mark.parametrize("death", DEATHS)
def test_process_that_dies_leaves_the_last_figures_and_the_next_run_carries_on(death: str, restating: Home) -> None:
    module, _, function = DEATHS[death].rpartition(".")
    run = f"""
import os
from pathlib import Path
import {module} as module
survived = module.{function}
def dies(*given, **named):
    survived(*given, **named)
    os._exit({KILLED})
module.{function} = dies
from flows.home import Home
from flows.ingesting import ingest
from flows.refreshing import refresh_and_publish
home = Home(Path({str(restating.root)!r}))
ingest(home, [home.landing])
refresh_and_publish(home)
"""
    assert subprocess.run([sys.executable, "-c", run], check=False).returncode == KILLED
    assert published_values(restating) == [(1200,)]
    run_again_gives_the_right_figures(restating)


@pytest.mark.parametrize("function", ["insert", "_append_facts"])
def test_error_while_loading_leaves_nothing_half_loaded(
    function: str, restating: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: Callable[..., None] = getattr(loading, function)

    def fails(*given: object) -> None:
        done(*given)
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(loading, function, fails)
        (outcome,) = ingest(restating, [restating.landing])
    assert outcome.status == "failed"
    assert [file.name for file in restating.landing.iterdir()] == ["restated.csv"]
    with restating.open() as connection:
        assert connection.execute("SELECT count(*) FROM submission").fetchone() == (1,)
    refresh_and_publish(restating)
    assert published_values(restating) == [(1200,)]
    run_again_gives_the_right_figures(restating)
