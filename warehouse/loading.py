"""Loading: one transaction appends a submission with its facts and slices. All or nothing."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import duckdb
import polars as pl

from warehouse.instants import next_instant
from warehouse.opening import insert, transaction
from warehouse.statements import ask


@dataclass(frozen=True)
class Arrival:
    """A received file, as the audit table keeps it."""

    submission_id: str
    file_name: str
    sha256: str
    size_bytes: int
    received_at: datetime
    revision: int
    is_synthetic: bool
    kept_as: str


@dataclass(frozen=True)
class Slices:
    """The slices of an accepted file, split by whether the warehouse held them as current already."""

    changed: int
    unchanged: int
    rows_loaded: int
    rows_unchanged: int
    older: int
    rivals: int


@dataclass(frozen=True)
class NewFacts:
    """What an accepted file brings.

    Attributes:
        loads: the table that the facts go to.
        rows: fact rows with `content_id`.
        slices: `slice_key, area_code, month, months, part, content_id, vintage, rows, answers, answers_known`, one
            row a slice.
        coverage: the series of each content.
        held: rows of `held_back` without the instant: what is not to be published yet.
    """

    loads: str
    rows: pl.DataFrame
    slices: pl.DataFrame
    coverage: pl.DataFrame
    held: list[dict[str, Any]] = field(default_factory=list)


def accepted_before(connection: duckdb.DuckDBPyConnection, sha256: str, revision: int) -> dict[str, Any] | None:
    """Return the accepted submission with the same bytes and at least this revision, as a row of `submission`."""
    return next(iter(ask(connection, "load", "accepted_before", sha256=sha256, revision=revision)), None)


def accepted_of_size(connection: duckdb.DuckDBPyConnection, size_bytes: int) -> set[str]:
    """Return the hashes of the accepted files of a size: only one of those can come again."""
    return {str(one["sha256"]) for one in ask(connection, "load", "accepted_of_size", size_bytes=size_bytes)}


def erased(connection: duckdb.DuckDBPyConnection) -> set[str]:
    """Return the pseudonyms whose rows are not to come back."""
    return {str(one["pseudonym"]) for one in ask(connection, "load", "erased")}


def compare(connection: duckdb.DuckDBPyConnection, source: str, revision: int, slices: pl.DataFrame) -> Slices:
    """Return how the slices of a file stand to those that are current.

    Args:
        connection: the warehouse.
        source: the source's name.
        revision: the file's revision.
        slices: `slice_key, content_id, vintage, rows`, one row a slice.
    """
    connection.register("arriving", slices)
    (standing,) = ask(connection, "load", "compare", source=source, revision=revision)
    connection.unregister("arriving")
    return Slices(**{name: int(number) for name, number in standing.items()})


def series_lost(
    connection: duckdb.DuckDBPyConnection, source: str, slices: pl.DataFrame, coverage: pl.DataFrame
) -> list[str]:
    """Return the series that current slices carry, and that the slices of a file in their place do not."""
    connection.register("arriving", slices)
    connection.register("carried", coverage)
    lost = [str(row["series"]) for row in ask(connection, "load", "series_lost", source=source)]
    connection.unregister("arriving")
    connection.unregister("carried")
    return lost


def append(
    connection: duckdb.DuckDBPyConnection,
    arrival: Arrival,
    submission: dict[str, Any],
    check_results: list[dict[str, Any]],
    facts: NewFacts | None = None,
) -> None:
    """Append a submission, and for an accepted one its facts, in one transaction.

    Args:
        connection: the warehouse.
        arrival: the file.
        submission: the other columns of its `submission` row.
        check_results: rows of `check_result` without the submission's id.
        facts: what an accepted file brings.
    """
    with transaction(connection):
        enter(connection, arrival, submission, check_results, facts)


def enter(
    connection: duckdb.DuckDBPyConnection,
    arrival: Arrival,
    submission: dict[str, Any],
    check_results: list[dict[str, Any]],
    facts: NewFacts | None = None,
) -> None:
    """Do what `append` does in the transaction of the caller."""
    row = pl.DataFrame([{**vars(arrival), **submission}], infer_schema_length=None)
    insert(connection, "submission", row)
    if check_results:
        found = pl.DataFrame(check_results, infer_schema_length=None)
        insert(connection, "check_result", found.with_columns(submission_id=pl.lit(arrival.submission_id)))
    if facts:
        append_facts(connection, arrival, str(submission["source"]), facts)


def append_facts(connection: duckdb.DuckDBPyConnection, arrival: Arrival, source: str, facts: NewFacts) -> None:
    """Append the contents that are new, let every slice of the file point at its content, and hold back what is to be.

    It is for the caller to do it in a transaction.
    """
    # Known from now on, not from its receipt: a refresh in between did not see it.
    now = next_instant(connection)
    held = connection.sql("SELECT DISTINCT content_id FROM slice").pl()
    new = facts.slices.join(held, on="content_id", how="anti")
    insert(connection, facts.loads, facts.rows.join(new, on="content_id", how="semi"))
    insert(connection, "coverage", facts.coverage.join(new, on="content_id", how="semi"))
    pointers = facts.slices.with_columns(
        source=pl.lit(source),
        submission_id=pl.lit(arrival.submission_id),
        revision=pl.lit(arrival.revision),
        loaded_at=pl.lit(now),
    )
    insert(connection, "slice", pointers)
    if facts.held:
        hold(connection, facts.held, now)


def hold(connection: duckdb.DuckDBPyConnection, held: list[dict[str, Any]], since: datetime) -> None:
    """Hold back slices from an instant (UTC) on: rows of `held_back` without it."""
    rows = pl.DataFrame(held, infer_schema_length=None)
    insert(connection, "held_back", rows.with_columns(held_at=pl.lit(since)))
