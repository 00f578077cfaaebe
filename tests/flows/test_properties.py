"""What holds for any files in any order, twice, among rejected ones, and with runs that break off."""

import csv
import os
from calendar import monthrange
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import duckdb
import polars as pl
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from expectations.catalogue import catalogue
from flows.home import Home
from flows.ingesting import Steps, ingest, ingest_file, replay, take_in
from flows.judging import Judged, judge_file
from flows.landing.folder import LocalFile
from flows.refreshing import refresh_and_publish
from flows.restating import accept, held_back
from tests.empty import empty_warehouse, with_warehouse
from tests.flows.acts import listening
from transforms.facts import facts
from warehouse import loading, open_published

AREAS = ("E09000002", "E09000003", "E09000005")
SERIES = (
    ("DA_INCIDENT", "incidents"),
    ("DA_OFFENCE", "offences"),
    ("DA_VWI", "offences"),
    ("DA_VWI", "sanction_detections"),
)
SPAN = 15
#: First months of what is reported: two of the spans hold a leap day.
STARTS = (date(2018, 11, 1), date(2019, 3, 1), date(2023, 3, 1))
HEADERS = ("Month", "Area code", "Concept", "Measure", "Count", "Extract date")
EVER = datetime(9999, 1, 1)

#: `make soak` tries ten times as many.
TIMES = 10 if "SOAK" in os.environ else 1
few = settings(max_examples=10 * TIMES, deadline=None)
# What goes through Great Expectations: a failing case is not made smaller.
slow = settings(
    max_examples=5 * TIMES, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow]
)
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


def month_after(start: date, number: int) -> date:
    """Return the first day of the month that many months later."""
    return date(start.year + (start.month - 1 + number) // 12, (start.month - 1 + number) % 12 + 1, 1)


@st.composite
def extracts(draw: st.DrawFn, start: date = STARTS[0]) -> Extract:
    """Draw an extract in which each area has its own months; few drawing dates, so that some files are rivals."""
    random = Random(draw(st.integers(0, 10**9)))
    months = {}
    for area in draw(st.sets(st.sampled_from(AREAS), min_size=1)):
        first = draw(st.sampled_from([0, 0, 0, 3, 11]))
        last = draw(st.integers(first, SPAN - 1) | st.just(SPAN - 1))
        left_out = draw(st.sets(st.integers(first, last), max_size=1)) if last > first else set()
        for place in {*range(first, last + 1)} - left_out:
            incidents = random.randint(1, 40)
            offences = random.randint(0, incidents)
            violence = random.randint(0, offences)
            months[area, month_after(start, place)] = (incidents, offences, violence, random.choice([0, 0, 1, 2]))
    return Extract(date(2025, 6, draw(st.integers(1, 4))), months)


restated = st.sampled_from(STARTS).flatmap(lambda start: st.lists(extracts(start), min_size=1, max_size=4))
restated_on_different_days = st.sampled_from(STARTS).flatmap(
    lambda start: st.lists(extracts(start), min_size=1, max_size=4, unique_by=lambda extract: extract.drawn_on)
)


@contextmanager
def warehouse_with(files: Iterable[Extract]) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a warehouse in memory that holds the files, taken in in this order."""
    with empty_warehouse() as connection:
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
        "SELECT * EXCLUDE (submissions) FROM monthly_measure_as_of($at::TIMESTAMP) ORDER BY ALL",
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


@settings(few, max_examples=6 * TIMES)
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


Current = dict[tuple[str, date], tuple[int, int, int, int]]


def current_months(files: Iterable[Extract]) -> Current:
    """Return what is current after files of different days, in plain Python: the latest has each of its months."""
    current: Current = {}
    for extract in sorted(files, key=lambda extract: extract.drawn_on):
        current |= extract.months
    return current


@few
@given(files=restated_on_different_days)
def test_windows_equal_a_recount_in_plain_python(files: list[Extract]) -> None:
    current = current_months(files)
    first, last = min(month for _, month in current), max(month for _, month in current)
    spine = [month_after(first, number) for number in range(months_between(first, last) + 1)]
    expected = {}
    for area in {area for area, _ in current}:
        for month in spine:
            twelve = [current.get((area, one)) for one in spine if 0 <= months_between(one, month) < 12]
            known = [values for values in twelve if values is not None]
            period_end = month.replace(day=monthrange(month.year, month.month)[1])
            for place, indicator in enumerate(("DA_INC_R12", "DA_OFF_R12", "DA_VWI_R12", "DA_VWI_SD_R12")):
                total = sum(values[place] for values in known) if len(known) == 12 else None
                expected[indicator, area, period_end] = (len(known), total)
    with warehouse_with(files) as connection:
        found = connection.sql(
            "SELECT indicator_id, area_code, period_end, months_covered, numerator"
            " FROM rolling_12m_as_of(TIMESTAMP '9999-01-01')"
            " WHERE indicator_id IN ('DA_INC_R12', 'DA_OFF_R12', 'DA_VWI_R12', 'DA_VWI_SD_R12')"
        ).fetchall()
    assert {(indicator, area, end): (covered, value) for indicator, area, end, covered, value in found} == expected
    assert len(found) == len(expected)


def months_between(earlier: date, later: date) -> int:
    """Return how many months lie between the first days of two months."""
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def write(path: Path, rows: Iterable[Iterable[object]]) -> Path:
    """Write rows below the headers of an extract."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([HEADERS, *rows])
    return path


@slow
@given(extract=extracts(), seed=st.integers(0, 10**9), broken=st.sampled_from([0, 0, 1, 2]))
def test_every_row_of_a_file_is_accounted_for(extract: Extract, seed: int, broken: int) -> None:
    random = Random(seed)
    rows: list[tuple[object, ...]] = list(extract.rows())
    rows += random.choices(rows, k=random.randint(0, 3))
    random.shuffle(rows)
    for place in random.sample(range(len(rows)), k=min(broken, len(rows))):
        month, area, concept, measure, _, drawn_on = rows[place]
        rows[place] = (month, area, concept, measure, "many", drawn_on)
    with TemporaryDirectory() as folder:
        home = with_warehouse(Home(Path(folder) / "home"))
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


class Judge:
    """Judges each content once: the same bytes are always judged alike."""

    def __init__(self) -> None:
        """Start knowing nothing."""
        self.known: dict[bytes, Judged] = {}
        self.take = partial(take_in, steps=Steps(judge=self))

    def __call__(self, path: Path, area: str, *_: object) -> Judged:
        """Judge a file, or remember."""
        content = path.read_bytes()
        if content not in self.known:
            self.known[content] = judge_file(path, area)
        return self.known[content]


def current_state(home: Home) -> list[pl.DataFrame]:
    """Return what a home holds, without naming the submissions, nor when they came."""
    with home.open() as connection:
        held = connection.sql("FROM fact_offences ORDER BY ALL").pl()
        covered = connection.sql("FROM coverage ORDER BY ALL").pl()
        return [held, covered, months_read(connection), figures_read(connection)]


def spoilt(extract: Extract) -> list[tuple[object, ...]]:
    """Return the rows of an extract that cannot be accepted: every count is a word."""
    return [(*row[:4], "many", row[5]) for row in extract.rows()]


@slow
@given(files=st.lists(extracts(), min_size=1, max_size=3), wrong=st.none() | extracts(), data=st.data())
def test_order_decides_nothing_for_files_that_are_received_and_judged_either(
    files: list[Extract], wrong: Extract | None, data: st.DataObject
) -> None:
    judge = Judge()
    with TemporaryDirectory() as folder:
        place = Path(folder)
        paths = [write(place / f"{number}.csv", extract.rows()) for number, extract in enumerate(files)]
        again = place / "again.csv"
        again.write_bytes(paths[0].read_bytes())
        paths.append(again)
        if wrong:
            paths.append(write(place / "wrong.csv", spoilt(wrong)))
        states: list[list[pl.DataFrame]] = []
        for order in (paths, data.draw(st.permutations(paths))):
            home = with_warehouse(Home(place / f"home {len(states)}"))
            outcomes = ingest(home, order, take=judge.take)
            assert {one.file_name for one in outcomes if one.status == "rejected"} == {"wrong.csv"} & {
                path.name for path in paths
            }
            assert {one.status for one in outcomes} <= {"accepted", "unchanged", "rejected"}
            for outcome in outcomes:
                parts = asdict(outcome.counts)
                assert parts.pop("received") == sum(parts.values())
            states.append(current_state(home))
        assert {one.status for one in ingest(home, paths, take=judge.take)} <= {"unchanged", "rejected"}
        states.append(current_state(home))
        for path in paths:
            judge.take(home, LocalFile(path), again=True)
        states.append(current_state(home))
    for state in states[1:]:
        assert all(one.equals(other) for one, other in zip(states[0], state, strict=True))


REJECTED = "SELECT file_name FROM submission WHERE status = 'rejected'"


class BrokenOff(BaseException):
    """The process is gone: nobody may catch this."""


class Month(RuleBasedStateMachine):
    """The work of months: files land, runs go through or break off anywhere, and nothing is lost or doubled."""

    def __init__(self) -> None:
        """Start with an empty home."""
        super().__init__()
        self.folder = TemporaryDirectory()
        self.home = with_warehouse(Home(Path(self.folder.name) / "home"))
        self.judge = Judge()
        self.sent: dict[str, Extract] = {}
        self.wrong: set[str] = set()

    @rule(extract=extracts())
    def send(self, extract: Extract) -> None:
        """Have a file land, drawn on a day of its own."""
        number = len(self.sent) + 1
        drawn = Extract(date(2025, 6, 1) + timedelta(days=(number * 17) % 101), extract.months)
        write(self.home.landing / f"{number}.csv", drawn.rows())
        self.sent[f"{number}.csv"] = drawn

    @precondition(lambda self: self.sent)
    @rule(data=st.data())
    def send_again(self, data: st.DataObject) -> None:
        """Have the same figures land once more."""
        name = data.draw(st.sampled_from(sorted(self.sent)))
        write(self.home.landing / f"again {name}", self.sent[name].rows())

    @rule(extract=extracts())
    def send_wrong(self, extract: Extract) -> None:
        """Have a file land that cannot be accepted."""
        path = write(self.home.landing / f"wrong {len(self.wrong)}.csv", spoilt(extract))
        self.wrong.add(path.name)

    @rule()
    def take_in(self) -> None:
        """Take in what has landed."""
        outcomes = ingest(self.home, [self.home.landing], take=self.judge.take)
        assert {one.status for one in outcomes} <= {"accepted", "unchanged", "rejected"}
        assert list(self.home.landing.iterdir()) == []

    @rule(act=st.integers(0, 30))
    def break_off_taking_in(self, act: int) -> None:
        """Take in what has landed, and die before some act."""
        with breaking_off(act):
            ingest(self.home, [self.home.landing], take=self.judge.take)

    @rule()
    def publish(self) -> None:
        """Publish with all that is held back accepted, and compare what is published with a recount."""
        refresh_and_publish(self.home)
        for one in held_back(self.home):
            accept(self.home, one["submission_id"], by="A. Analyst", why="Looked at.")
        refresh_and_publish(self.home)
        expected = {(area, month, values[0]) for (area, month), values in self.current().items()}
        query = "SELECT area_code, month, value FROM monthly_measure WHERE measure_id = 'incidents'"
        with open_published(self.home.published) as published:
            found = published.sql(query).rows()
        assert len(found) == len(expected)
        assert set(found) == expected

    @rule(act=st.integers(0, 200))
    def break_off_publishing(self, act: int) -> None:
        """Publish, and die before some act."""
        with breaking_off(act):
            refresh_and_publish(self.home)

    @rule()
    def judge_again(self) -> None:
        """Judge what is in quarantine again: it is as wrong as it was."""
        assert {one.status for one in replay(self.home, [])} <= {"rejected"}

    @invariant()
    def every_row_is_there_once(self) -> None:
        """Compare the facts with those of the files that were accepted."""
        contents = {
            (area, month, values)
            for name in self.accepted()
            for (area, month), values in self.sent[name].months.items()
        }
        expected = sorted(
            (area, month, *series, value)
            for area, month, values in contents
            for series, value in zip(SERIES, values, strict=True)
            if value
        )
        with self.home.open() as connection:
            columns = "area_code, month, offence_id, measure_id, value"
            assert connection.sql(f"SELECT {columns} FROM fact_offences ORDER BY ALL").fetchall() == expected
            rejected = {name for (name,) in connection.execute(REJECTED).fetchall()}
        for name in ({*self.sent} - self.accepted()) | (self.wrong - rejected):
            assert (self.home.landing / name).exists()

    def accepted(self) -> set[str]:
        """Return the files that were accepted, by the name under which they were sent first."""
        with self.home.open() as connection:
            query = "SELECT file_name FROM submission WHERE status IN ('accepted', 'unchanged')"
            names = {name.removeprefix("again ") for (name,) in connection.execute(query).fetchall()}
        assert names <= {*self.sent}
        return names

    def current(self) -> Current:
        """Return what is current, in plain Python."""
        return current_months(self.sent[name] for name in self.accepted())

    def teardown(self) -> None:
        """Let one run go through, and look whether everything has arrived."""
        self.take_in()
        assert self.accepted() == {*self.sent}
        if self.sent:
            self.publish()
        self.folder.cleanup()


@contextmanager
def breaking_off(number: int) -> Iterator[None]:
    """Break off before the act of that number, if it comes to that."""
    acts = count()

    def die(_: str) -> None:
        if next(acts) == number:
            raise BrokenOff

    with suppress(BrokenOff), listening(die):
        yield


TestMonth = Month.TestCase
TestMonth.settings = settings(slow, max_examples=6 * TIMES, stateful_step_count=10)
