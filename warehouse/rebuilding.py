"""Rebuilding: a past publication made again from what was known then, and compared with what was published."""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from warehouse.generations import kept_as
from warehouse.publishing import attached, build, look_again
from warehouse.reading import open_published
from warehouse.statements import ask

DATABASE, TABLES, HASHES = "vawg.duckdb", "tables", "SHA256SUMS"


class NotRebuilt(Exception):
    """A past publication cannot be made again; says why, and what to do."""


@dataclass(frozen=True)
class Rebuilt:
    """A past publication that was made again.

    Attributes:
        folder: where it lies: the database, each table as CSV, and the hashes of these.
        as_of: its figures rest on what was known at this instant (UTC).
        tables: how many tables it has.
        other: the tables that are not the same, byte for byte, as in the publication that is kept; None where that is
            not kept.
        figures: how many of its figures have a value.
        misprinted: how many of these are not what the register of published figures has.
    """

    run_id: str
    folder: Path
    as_of: datetime
    tables: int
    other: list[str] | None
    figures: int
    misprinted: int

    @property
    def holds(self) -> bool:
        """Whether it is what was published, as far as that is kept."""
        return not self.other and not self.misprinted


def rebuild(connection: duckdb.DuckDBPyConnection, published: Path, run_id: str, folder: Path) -> Rebuilt:
    """Make a past publication again, into a new folder.

    A DuckDB file has bytes that mean nothing and are not twice the same (<https://github.com/duckdb/duckdb/issues/23382>),
    so each table is written as CSV, too: these are the same, byte for byte.

    Args:
        connection: the warehouse.
        published: the file that dashboards open; the publications that are kept lie beside it.
        run_id: the publication.
        folder: the folder, which is there once everything in it is.

    Raises:
        NotRebuilt: if there was no such publication, if other rules than this program's made it, or if the folder is
            there already.
    """
    if folder.exists():
        raise NotRebuilt(f"There is a folder {folder} already, and it is not overwritten: name another one.")
    run = _run(connection, run_id)
    kept = kept_as(published, run_id)
    fresh = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)  # left behind by a process that was killed
    fresh.mkdir(parents=True)
    try:
        database = fresh / DATABASE
        build(connection, database, run_id=run_id, as_of=run["as_of"], today=run["day"], version=run["version"])
        if kept:
            look_again(connection, database, *_looked(kept))
        hashes = _export(database, fresh / TABLES)
        lines = (f"{digest}  {TABLES}/{table}.csv\n" for table, digest in hashes.items())
        (fresh / HASHES).write_text("".join(lines), encoding="utf-8")
        with attached(connection, database, "READ_ONLY"):
            (printed,) = ask(connection, "rebuild", "printed", as_of=run["as_of"])
        other = _other(kept, hashes, fresh) if kept else None
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    fresh.rename(folder)
    return Rebuilt(run_id, folder, run["as_of"], len(hashes), other, **printed)


def _run(connection: duckdb.DuckDBPyConnection, run_id: str) -> dict[str, Any]:
    """Return what the register has of a publication that this program can make again."""
    found = ask(connection, "rebuild", "run", run_id=run_id)
    if not found:
        raise NotRebuilt(f"There was no publication {run_id}; `vawg publications` shows those there were.")
    if not found[0]["is_ours"]:
        raise NotRebuilt(
            f"{run_id} was made by version {found[0]['version']} of the program, with other rules than those of now "
            f"(fingerprint {found[0]['fingerprint'][:12]}). Make it again with that version, on a copy of the home; "
            f"`vawg report --as-of {run_id}` gives what today's rules make of what was known then."
        )
    return found[0]


def _looked(publication: Path) -> tuple[Any, Any]:
    """Return the instant and the day at which it was looked last how fresh the sources were, and what was late."""
    with open_published(publication) as opened:
        return opened.sql("SELECT looked_at, looked_on FROM run").row(0)


def _other(kept: Path, hashes: dict[str, str], beside: Path) -> list[str]:
    """Return the tables whose CSV is another one in the publication that is kept, or that only one of them has."""
    with TemporaryDirectory(dir=beside) as folder:
        standing = _export(kept, Path(folder, TABLES))
    return sorted(table for table in hashes.keys() | standing.keys() if hashes.get(table) != standing.get(table))


def _export(database: Path, folder: Path) -> dict[str, str]:
    """Write each table as CSV, its rows as they stand, into a new folder, and return the hashes."""
    folder.mkdir()
    hashes = {}
    with open_published(database) as opened, opened.at_once() as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY ALL").fetchall()
        for (table,) in tables:
            path = folder / f"{table}.csv"
            connection.table(table).write_csv(str(path))
            with path.open("rb") as content:
                hashes[table] = hashlib.file_digest(content, "sha256").hexdigest()
    return hashes
