"""Publishing: a new database is built beside the old one, audited, and swapped in by one atomic rename."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import duckdb

from warehouse.opening import transaction
from warehouse.statements import ask, run_script, statements

DIMENSIONS = ("dim_period", "dim_agency", "dim_area", "dim_offence", "dim_service", "dim_measure", "dim_indicator")
REFERENCE = ("series_break", "source")


class AuditFailed(Exception):
    """The new database did not pass its audit; the last published one stands."""


def publish(connection: duckdb.DuckDBPyConnection, published: Path, run_id: str, as_of: datetime) -> None:
    """Replace the published database by one with the figures of a run.

    Args:
        connection: the warehouse, refreshed.
        published: the file that dashboards open.
        run_id: the run to publish.
        as_of: the instant of that run.

    Raises:
        AuditFailed: if the new database breaks a rule of `sql/audit`; the old one is left as it is.
    """
    published.parent.mkdir(parents=True, exist_ok=True)
    fresh = published.with_suffix(".new")
    for leftover in (fresh, fresh.with_suffix(".new.wal")):
        leftover.unlink(missing_ok=True)
    _build(connection, fresh, run_id, as_of)
    audit(fresh)
    with fresh.open("r+b") as file:
        os.fsync(file.fileno())
    with transaction(connection):
        # Together with the rename, so that only figures that could be seen are ever called revised.
        run_script(connection, statements("register")["published_figure"])
        fresh.replace(published)


@contextmanager
def open_published(published: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the published database to read; a later publication does not disturb it.

    Raises:
        FileNotFoundError: if nothing has been published yet.
    """
    if not published.exists():
        raise FileNotFoundError(f"Nothing has been published yet: {published} is made by `vawg run` or `vawg refresh`.")
    with duckdb.connect(published, read_only=True) as connection:
        yield connection


def audit(database: Path) -> None:
    """Look for figures that must not be published.

    Raises:
        AuditFailed: naming the rules that are broken, with an example of each.
    """
    with duckdb.connect(database, read_only=True) as connection:
        broken = {name: ask(connection, "audit", name) for name in statements("audit")}
    if found := {name: rows for name, rows in broken.items() if rows}:
        said = "; ".join(f"{name.replace('_', ' ')}: {tuple(rows[0].values())}" for name, rows in found.items())
        raise AuditFailed(f"The new figures are not published, the last ones stand. Broken: {said}")


def _build(connection: duckdb.DuckDBPyConnection, fresh: Path, run_id: str, as_of: datetime) -> None:
    """Write the tables and their comments into a new file."""
    connection.execute(f"ATTACH '{str(fresh).replace(chr(39), chr(39) * 2)}' AS published")
    try:
        for table in (*DIMENSIONS, *REFERENCE):
            connection.execute(f"CREATE TABLE published.{table} AS FROM {table} ORDER BY ALL")
        for script in statements("publish").values():
            run_script(connection, script, run_id=run_id, as_of=as_of)
        for comment in ask(connection, "publish_comments", "comments"):
            connection.execute(comment["statement"])
    finally:
        connection.execute("DETACH published")
