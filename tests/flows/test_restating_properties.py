"""What holds for restatements that are held back and accepted, in any order among files and publications."""

from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count

import duckdb
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.catalogue import catalogue
from tests.empty import empty_warehouse
from tests.flows.test_properties import EVER, Extract, extracts, figures_read, months_read, warehouse_with
from transforms.facts import facts
from warehouse import loading
from warehouse.restating import accept, restatement, waiting

PUBLISH, ACCEPT = "publish", "accept"

few = settings(max_examples=4, deadline=None)
numbers = count()
acts = st.lists(extracts(date(2023, 3, 1)) | st.sampled_from([PUBLISH, PUBLISH, ACCEPT]), min_size=3, max_size=5)


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Warehouse:
    """A warehouse in which files are judged against what was published, and things are accepted."""

    connection: duckdb.DuckDBPyConnection

    def act(self, act: Extract | str) -> None:
        """Load a file, publish, or accept all that is held back."""
        if act == PUBLISH:
            run = (f"run-{next(numbers)}", now())
            self.connection.execute("INSERT INTO run VALUES ($1, $2, $2, '', $2, '')", run)
        elif act == ACCEPT:
            for one in waiting(self.connection):
                accept(self.connection, one["submission_id"], by="A. Analyst", why="Looked at.")
        else:
            assert isinstance(act, Extract)
            self.load(act)

    def load(self, extract: Extract) -> None:
        """Load a file, with what is beyond the limits held back."""
        source = catalogue()["police_extract"]
        columns = ["month", "area_code", "offence_id", "measure_id", "value", "extracted_on"]
        brought = facts(source, pl.DataFrame(extract.rows(), schema=columns, orient="row"))
        name = f"submission-{next(numbers)}"
        arrival = loading.Arrival(name, name, name, 1, now(), 1, False, "")
        new = loading.NewFacts(source.loads, brought.rows, brought.slices, brought.coverage)
        restated = restatement(self.connection, arrival, source.name, new, date(2025, 6, 30))
        counts = dict.fromkeys(("received", "loaded", "rejected", "duplicate", "unchanged", "out_of_scope"), 0)
        loading.append(
            self.connection,
            arrival,
            {**counts, "source": source.name, "status": "accepted", "message": ""},
            [],
            loading.NewFacts(source.loads, brought.rows, brought.slices, brought.coverage, restated.held),
        )


def warehouse_after(stack: ExitStack, some: Iterable[Extract | str]) -> Warehouse:
    """Return a warehouse in memory in which all that was done."""
    warehouse = Warehouse(stack.enter_context(empty_warehouse()))
    for act in some:
        warehouse.act(act)
    return warehouse


@few
@given(done=acts, data=st.data())
def test_as_of_an_instant_is_a_warehouse_in_which_only_that_was_done(
    done: list[Extract | str], data: st.DataObject
) -> None:
    with ExitStack() as stack:
        whole = warehouse_after(stack, [])
        instants = []
        for act in done:
            whole.act(act)
            instants.append(now())
        number = data.draw(st.integers(1, len(done)))
        only_that = warehouse_after(stack, done[:number])
        instant = instants[number - 1]
        assert months_read(whole.connection, instant).equals(months_read(only_that.connection))
        assert figures_read(whole.connection, instant).equals(figures_read(only_that.connection))


@few
@given(done=acts)
def test_once_all_is_accepted_order_decides_nothing(done: list[Extract | str]) -> None:
    files = [act for act in done if isinstance(act, Extract)]
    with ExitStack() as stack, warehouse_with(files[::-1]) as never_held:
        warehouse = warehouse_after(stack, [*done, ACCEPT])
        assert waiting(warehouse.connection) == []
        assert months_read(warehouse.connection).equals(months_read(never_held))


@few
@given(first=extracts(date(2023, 3, 1)), second=extracts(date(2023, 3, 1)))
def test_no_published_count_of_twelve_months_moves_beyond_the_limit_unaccepted(first: Extract, second: Extract) -> None:
    later = Extract(date(2025, 6, 20), second.months)
    query = (
        "SELECT indicator_id, area_code, period_end, value FROM rolling_12m_as_of($at::TIMESTAMP)"
        " WHERE indicator_id IN ('DA_INC_R12', 'DA_OFF_R12', 'DA_VWI_R12') AND value IS NOT NULL"
    )
    with ExitStack() as stack:
        warehouse = warehouse_after(stack, [first, PUBLISH])
        published = warehouse.connection.execute(query, {"at": EVER}).fetchall()
        warehouse.act(later)
        after = {tuple(key): value for *key, value in warehouse.connection.execute(query, {"at": EVER}).fetchall()}
    for *key, was in published:
        would_be = after[tuple(key)]
        assert abs(would_be - was) < 5 or abs(would_be - was) <= 0.03 * was
