"""Papers: the register of what was printed where."""

from typing import Any

import duckdb
import polars as pl

from warehouse.instants import next_instant
from warehouse.opening import insert, transaction
from warehouse.statements import ask


class AlreadyEntered(Exception):
    """A report of this name is in the register; says what to do."""


def enter(connection: duckdb.DuckDBPyConnection, paper: dict[str, Any], figures: list[dict[str, Any]]) -> None:
    """Enter a report that was printed, with its figures, or nothing of it.

    Args:
        connection: the warehouse.
        paper: a row of the table `paper`, but for `entered_at`.
        figures: rows of `printed_figure`, in order, but for `paper` and `number`.

    Raises:
        AlreadyEntered: if a report of this name is in the register.
    """
    with transaction(connection):
        for one in ask(connection, "papers", "entered", paper=paper["paper"]):
            raise AlreadyEntered(
                f"{one['paper']} is in the register: {one['entered_by']} entered it on {one['entered_at']:%d %B %Y} "
                f"from {one['file_name']}. What was printed stays; enter a corrected report by a name of its own."
            )
        insert(connection, "paper", pl.DataFrame([{**paper, "entered_at": next_instant(connection)}]))
        rows = [{"paper": paper["paper"], "number": at, **one} for at, one in enumerate(figures, start=1)]
        if rows:
            insert(connection, "printed_figure", pl.DataFrame(rows, infer_schema_length=None))


def printed(connection: duckdb.DuckDBPyConnection, paper: str = "") -> list[dict[str, Any]]:
    """Return every figure of the reports in the register, in order; of one report where it is named.

    Each is a row of `printed_figure`, with `entered_at` and `sha256` of its report.
    """
    return ask(connection, "papers", "printed", paper=paper)
