"""Publishing: a new database is built beside the old one, audited, and swapped in by one atomic rename."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.encrypting import remove
from warehouse.generations import keep, put_back, rolled_back
from warehouse.instants import next_instant
from warehouse.opening import NEVER, transaction
from warehouse.refreshing import refresh
from warehouse.statements import ask, run_script, statements

DIMENSIONS = ("dim_period", "dim_agency", "dim_area", "dim_offence", "dim_service", "dim_measure", "dim_indicator")
REFERENCE = ("series_break", "source")


class AuditFailed(Exception):
    """The new database did not pass its audit; the last published one stands."""


@dataclass(frozen=True)
class Publication:
    """A published database and the run that made it.

    Attributes:
        as_of: the figures rest on what was known at this instant (UTC).
        figures: how many figures there are.
        complete: how many of them have a value.
        rolled_back: who put this earlier publication back and why, as in the table `rollback`; None where the figures
            are those that are known.
    """

    run_id: str
    as_of: datetime
    database: Path
    figures: int
    complete: int
    rolled_back: dict[str, Any] | None = None


def publish(
    connection: duckdb.DuckDBPyConnection, published: Path, version: str, today: date | None = None
) -> Publication:
    """Replace the published database by one with every figure as it is known now.

    Where nothing has arrived that a figure could rest on, the standing figures are taken over with their run. While an
    earlier publication is put back in its place, that stands.

    Args:
        connection: the warehouse.
        published: the file that dashboards open.
        version: version of the program, for the audit.
        today: the day on which it is looked at what is late; by the clock.

    Raises:
        AuditFailed: if the new database breaks a rule of `sql/audit`; the old one is left as it is.
    """
    now = next_instant(connection)
    today = today or now.date()
    published.parent.mkdir(parents=True, exist_ok=True)
    if back := rolled_back(connection):
        put_back(published, back["run_id"])
        with attached(connection, published, "READ_ONLY"):
            run_script(connection, statements("register")["figures"])
        (told,) = ask(connection, "reports", "publication")
        return Publication(database=published, rolled_back=back, **told)
    fresh = published.with_suffix(".new")
    stands = _standing_is_up_to_date(connection, published, version, now)
    try:
        remove(fresh)  # left behind by a process that was killed
        if stands:
            shutil.copyfile(published, fresh)
            look_again(connection, fresh, now, today)
        else:
            run_id = now.strftime("run-%Y%m%d-%H%M%S-%f")
            build(connection, fresh, run_id=run_id, as_of=now, today=today, version=version)
        audit(fresh)
        with fresh.open("r+b") as file:
            os.fsync(file.fileno())
    except BaseException:
        remove(fresh)  # on a full disk it would take the room that the next run needs
        raise
    with transaction(connection):
        # Together with the rename, so that only figures that could be seen are ever called revised.
        if not stands:
            run_script(connection, statements("register")["enter"])
        (told,) = ask(connection, "reports", "publication")
        keep(connection, fresh, published, told["run_id"], now)
        fresh.replace(published)
    return Publication(database=published, **told)


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


def _standing_is_up_to_date(
    connection: duckdb.DuckDBPyConnection, published: Path, version: str, now: datetime
) -> bool:
    """Return whether the standing publication was made by this version from what is held now.

    If its process died between the rename and the commit, it is entered into the register first.
    """
    if not published.exists():
        return False
    try:
        with attached(connection, published, "READ_ONLY"):
            run_script(connection, statements("register")["figures"])
    except duckdb.Error:
        return False  # whatever has happened to it, it is replaced now
    if not ask(connection, "register", "entered"):
        with transaction(connection):
            run_script(connection, statements("register")["enter"])
        return False
    return bool(ask(connection, "register", "up_to_date", version=version, now=now))


def look_again(connection: duckdb.DuckDBPyConnection, database: Path, now: datetime, today: date) -> None:
    """Write into a publication how fresh each source was, and what was late, at a later instant and day."""
    with attached(connection, database, "READ_WRITE"), transaction(connection):
        for table, script in (("freshness", "3_freshness"), ("status", "6_status")):
            connection.execute(f"DELETE FROM published.{table}")
            run_script(connection, statements("refresh")[script], as_of=now, today=today)
        connection.execute("UPDATE published.run SET looked_at = ?, looked_on = ?", [now, today])


def build(
    connection: duckdb.DuckDBPyConnection, fresh: Path, *, run_id: str, as_of: datetime, today: date, version: str
) -> None:
    """Write the figures, the tables behind them and their comments into a new file; one run always gives the same rows.

    Args:
        connection: the warehouse.
        fresh: the file.
        run_id: the run.
        as_of: the figures rest on what was known at this instant (UTC).
        today: the day on which it is looked at what is late.
        version: version of the program.
    """
    with attached(connection, fresh, "READ_WRITE"):
        with transaction(connection):
            refresh(connection, run_id, as_of, today)
            for table in (*DIMENSIONS, *REFERENCE):
                connection.execute(f"CREATE TABLE published.{table} AS FROM {table} ORDER BY ALL")
            for script in statements("publish").values():
                run_script(connection, script, run_id=run_id, as_of=as_of, today=today, version=version)
            for comment in ask(connection, "publish_comments", "comments"):
                connection.execute(comment["statement"])
        run_script(connection, statements("register")["figures"])


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection, database: Path, mode: str) -> Iterator[None]:
    """Attach a database as `published`; a commit writes the file itself, and leaves no log beside it."""
    connection.execute(f"ATTACH '{str(database).replace(chr(39), chr(39) * 2)}' AS published ({mode})")
    connection.execute("SET checkpoint_threshold = '1 KB'")
    try:
        yield
        if mode == "READ_WRITE":
            connection.execute("CHECKPOINT published")
    finally:
        connection.execute(f"SET checkpoint_threshold = '{NEVER}'")
        connection.execute("DETACH published")
