"""Diffing: two readings of the warehouse, and what the second has otherwise than the first, with why."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.generations import kept_as
from warehouse.opening import insert
from warehouse.reading import open_published
from warehouse.statements import ask, run_script, statements


@dataclass(frozen=True)
class Reading:
    """The warehouse as it is read at an instant.

    Attributes:
        label: what it is, in words.
        at: the instant (UTC).
        is_printed: whether the figures are those that the publication of this instant printed, by the rules of then.
    """

    label: str
    at: datetime
    is_printed: bool = False


@dataclass(frozen=True)
class Difference:
    """What a reading has otherwise than an earlier one.

    Attributes:
        slices: how many slices changed, by the reason.
        counts: each count of a period that changed: `title` (of the source), `area_name`, `series`, `breakdown_value`,
            `month`, `months`, `old`, `new`, `reasons`, `accepted_by`, `files`, and the submissions behind both.
        figures: each figure of 12 months that changed: `indicator_name`, `area_name`, `breakdown_value`, `period_end`,
            `old`, `new`, their displays (None where the rules of then would be needed), `unit`, `reasons`,
            `accepted_by`, `files`, and the submissions behind both.
    """

    old: Reading
    new: Reading
    slices: dict[str, int]
    counts: list[dict[str, Any]]
    figures: list[dict[str, Any]]


def difference(
    connection: duckdb.DuckDBPyConnection, published: Path, old: Reading, new: Reading, area: str
) -> Difference:
    """Return what a reading has otherwise than another; the rows of an area come first.

    Args:
        connection: the warehouse.
        published: the file that dashboards open; the publications that are kept lie beside it.
        old: the one to compare with.
        new: the one that is compared.
        area: GSS code of the borough whose rows come first.
    """
    run_script(connection, statements("diff_read")["0_tables"])
    _read(connection, published, old, is_new=False)
    _read(connection, published, new, is_new=True)
    instants = {"old_at": old.at, "new_at": new.at, "old_is_printed": old.is_printed, "new_is_printed": new.is_printed}
    for script in statements("diff").values():
        run_script(connection, script, **instants)
    reasons = connection.execute("SELECT reason FROM changed_slice ORDER BY ALL").fetchall()
    return Difference(
        old,
        new,
        dict(Counter(str(reason) for (reason,) in reasons)),
        ask(connection, "diff_asked", "counts", area=area),
        ask(connection, "diff_asked", "figures", area=area),
    )


def _read(connection: duckdb.DuckDBPyConnection, published: Path, reading: Reading, *, is_new: bool) -> None:
    """Put what a reading has beside that of the other: as it was published, where that is kept, or else computed."""
    same = (kept_as(published, one["run_id"]) for one in ask(connection, "diff_asked", "same_known", at=reading.at))
    if kept := next(filter(None, same), None):
        with open_published(kept) as publication:
            for table, question in statements("diff_published").items():
                insert(connection, table, publication.sql(question).with_columns(is_new=pl.lit(is_new)))
    else:
        run_script(connection, statements("diff_read")["1_computed"], at=reading.at, is_new=is_new)


def published_at(connection: duckdb.DuckDBPyConnection, run_id: str) -> datetime | None:
    """Return the instant (UTC) whose knowledge a publication rests on; None where there is no such publication."""
    found = ask(connection, "diff_asked", "run", run_id=run_id)
    return found[0]["as_of"] if found else None
