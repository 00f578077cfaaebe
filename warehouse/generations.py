"""Generations: the publications that are kept, so that one of them can be put back in its place."""

import os
import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.deciding import answered_for
from warehouse.encrypting import remove
from warehouse.instants import next_instant
from warehouse.opening import insert
from warehouse.statements import ask


class NotRolledBack(Exception):
    """A publication cannot be put back, or there is none to be lifted; says why."""


def keep(connection: duckdb.DuckDBPyConnection, publication: Path, published: Path, run_id: str, now: datetime) -> None:
    """Keep a publication, and let go of those that nobody will want back.

    Args:
        connection: the warehouse.
        publication: the file, of which a second name is kept, or where that cannot be a copy.
        published: the file that dashboards open; the folder `generations` is beside it.
        run_id: the run that made it.
        now: those of the last days are kept by this instant (UTC).
    """
    folder = _folder(published)
    folder.mkdir(exist_ok=True)
    wanted = {one["run_id"] for one in ask(connection, "register", "kept", now=now)} | {run_id}
    for path in folder.iterdir():
        if path.stem not in wanted or path.suffix != published.suffix:
            path.unlink()
    _give_name(publication, folder / f"{run_id}{published.suffix}")


def publications(connection: duckdb.DuckDBPyConnection, published: Path) -> list[dict[str, Any]]:
    """Return every publication, the latest first.

    Each has `run_id`, `as_of` (UTC), `version`, how many figures it `changed`, whether it is `kept`, and whether it is
    `in_place`.
    """
    kept = {path.stem for path in _folder(published).glob(f"*{published.suffix}")}
    standing = _run_of(published)
    return [
        {**one, "kept": one["run_id"] in kept, "in_place": one["run_id"] == standing}
        for one in ask(connection, "reports", "publications")
    ]


def rolled_back(connection: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """Return the rollback in force, a row of the table `rollback`; None where the latest figures are published."""
    return next(iter(ask(connection, "register", "rolled_back")), None)


def roll_back(
    connection: duckdb.DuckDBPyConnection, published: Path, run_id: str | None, *, by: str, why: str
) -> dict[str, Any]:
    """Put an earlier publication in the place of the one that stands, until that is lifted.

    Args:
        connection: the warehouse.
        published: the file that dashboards open.
        run_id: the publication; None for the one before that which stands.
        by: who answers for it.
        why: the reason, for the auditor.

    Returns:
        What was recorded, a row of the table `rollback`.

    Raises:
        NotSaid: if the name or the reason is blank.
        NotRolledBack: if the publication is not kept, or stands already.
    """
    said = answered_for(by, why)
    known = publications(connection, published)
    standing = next((number for number, one in enumerate(known) if one["in_place"]), -1)
    earlier = [one["run_id"] for one in known[standing + 1 :] if one["kept"]]
    chosen = run_id or next(iter(earlier), None)
    if chosen not in {one["run_id"] for one in known if one["kept"] and not one["in_place"]}:
        raise NotRolledBack(
            f"{chosen or 'An earlier publication'} is not kept, or stands already: see `vawg publications`."
        )
    decided = _enter(connection, chosen, _run_of(published), said)
    put_back(published, str(chosen))
    return decided


def lift(connection: duckdb.DuckDBPyConnection, *, by: str, why: str) -> dict[str, Any]:
    """Let the next refresh publish again what is known.

    Raises:
        NotSaid: if the name or the reason is blank.
        NotRolledBack: if nothing is rolled back.
    """
    said = answered_for(by, why)
    stands = rolled_back(connection)
    if not stands:
        raise NotRolledBack("Nothing is rolled back: the latest figures are published.")
    return _enter(connection, None, stands["run_id"], said)


def put_back(published: Path, run_id: str) -> None:
    """Put a publication that is kept in the place of the one that stands, by one atomic rename.

    Raises:
        NotRolledBack: if it is not kept any more.
    """
    if _run_of(published) == run_id:
        return
    kept = kept_as(published, run_id)
    if not kept:
        raise NotRolledBack(f"{run_id}, which was put back, is not kept any more: give `vawg rollback --lift`.")
    _give_name(kept, published)


def kept_as(published: Path, run_id: str) -> Path | None:
    """Return the file in which a publication is kept; None where it is not."""
    kept = _folder(published) / f"{run_id}{published.suffix}"
    return kept if kept.exists() else None


def forget(published: Path) -> None:
    """Let go of every publication but the one that stands."""
    shutil.rmtree(_folder(published), ignore_errors=True)


def _enter(
    connection: duckdb.DuckDBPyConnection, run_id: str | None, instead_of: str | None, said: dict[str, str]
) -> dict[str, Any]:
    """Enter a decision; it stands whatever happens before the file is in its place."""
    row = {
        "rolled_back_at": next_instant(connection),
        "run_id": run_id,
        "instead_of": instead_of,
        **said,
    }
    insert(connection, "rollback", pl.DataFrame([row], schema_overrides={"run_id": pl.String, "instead_of": pl.String}))
    return row


def _give_name(file: Path, name: Path) -> None:
    """Give a file a second name, by one atomic rename; where the disk has no such names, to a copy of it."""
    fresh = name.with_suffix(".new")
    remove(fresh)  # left behind by a process that was killed
    try:
        os.link(file, fresh)
    except OSError:
        shutil.copyfile(file, fresh)
    fresh.replace(name)
    remove(fresh)  # a rename to the same file does nothing


def _run_of(published: Path) -> str | None:
    """Return the run that made a publication; None where there is none that can be read."""
    try:
        with duckdb.connect(published, read_only=True) as connection:
            ((run_id,),) = connection.execute("SELECT run_id FROM run").fetchall()
    except (duckdb.Error, ValueError):
        return None
    return str(run_id)


def _folder(published: Path) -> Path:
    return published.parent / "generations"
