"""Restating: what a submission would change of what was published, and what of it waits until somebody accepts it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import duckdb
import polars as pl

from warehouse.deciding import answered_for
from warehouse.instants import next_instant
from warehouse.loading import Arrival, NewFacts, append_facts, hold
from warehouse.opening import insert
from warehouse.statements import ask, run_script, statements


class NothingHeld(Exception):
    """There is nothing to accept of that submission."""


@dataclass(frozen=True)
class Restatement:
    """What a submission would change of what was last published.

    Attributes:
        held: rows of `held_back` without the instant: what is beyond the limits.
        told: by how much counts of 12 months change, beyond the limit of what is told; the worst first.
    """

    held: list[dict[str, Any]] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def on_trial(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Undo whatever is done inside."""
    connection.begin()
    try:
        yield
    finally:
        connection.rollback()


def restatement(
    connection: duckdb.DuckDBPyConnection, arrival: Arrival, source: str, facts: NewFacts, today: date | None = None
) -> Restatement:
    """Return what an accepted file would restate; nothing of it is loaded. What was never published is not restated.

    Args:
        connection: the warehouse.
        arrival: the file.
        source: its source.
        facts: what it brings.
        today: the day by which years are closed; by the clock.
    """
    published = ask(connection, "restatement", "last_published")
    if not published:
        return Restatement()
    parameters = {"submission_id": arrival.submission_id, "published_at": published[0]["as_of"]}
    with on_trial(connection):
        append_facts(connection, arrival, source, facts)
        run_script(connection, statements("restatement")["published"], **parameters)
        run_script(connection, statements("restatement")["compare"], **parameters)
        told = ask(connection, "restatement", "told")
        held: list[dict[str, Any]] = []
        # What is held back can leave a window beyond the limit in which it made up for something else.
        while more := ask(connection, "restatement", "held", day=today or date.today(), **parameters):
            held += more
            hold(connection, more, datetime(1900, 1, 1))
            run_script(connection, statements("restatement")["compare"], **parameters)
        return Restatement(held, told)


def waiting(connection: duckdb.DuckDBPyConnection, instant: datetime | None = None) -> list[dict[str, Any]]:
    """Return the submissions of which something is held back at an instant (UTC; now if left out), the latest first."""
    return ask(connection, "restatement", "waiting", instant=instant or datetime.max)


def accept(connection: duckdb.DuckDBPyConnection, submission_id: str, *, by: str, why: str) -> dict[str, Any]:
    """Record that somebody accepts what is held back of a submission; the next publication reads it.

    Returns:
        What was held back, as a row of `waiting`.

    Raises:
        NotSaid: if the name or the reason is blank.
        NothingHeld: if nothing of the submission is held back.
    """
    said = answered_for(by, why)
    held = {one["submission_id"]: one for one in waiting(connection)}
    if submission_id not in held:
        raise NothingHeld(
            f"Nothing is held back of {submission_id}. "
            + (f"What is: {', '.join(held)}." if held else "Nothing at all is held back.")
        )
    _enter_acceptance(connection, submission_id, said["decided_by"], said["why"])
    return held[submission_id]


def accept_on_trial(connection: duckdb.DuckDBPyConnection, submission_id: str) -> None:
    """Accept all that a submission brings, whoever brought it before, by nobody: for a trial, which is undone."""
    run_script(connection, statements("restatement")["claim"], submission_id=submission_id)
    _enter_acceptance(connection, submission_id, "", "")


def _enter_acceptance(connection: duckdb.DuckDBPyConnection, submission_id: str, by: str, why: str) -> None:
    now = next_instant(connection)
    row = {"submission_id": submission_id, "accepted_at": now, "accepted_by": by, "why": why}
    insert(connection, "acceptance", pl.DataFrame([row]))
