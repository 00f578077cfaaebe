"""Opening the warehouse: one writer at a time, with the schema and dimensions in place."""

import csv
import hashlib
import os
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from filelock import FileLock, Timeout

from warehouse.encrypting import connect, rewrite
from warehouse.statements import statements

PATIENCE_SECONDS = 120
LONGEST_LOG = 4_000_000
NEVER = "1 TB"

# What fails outside of us: a full disk shows as any of these.
OUTSIDE = (OSError, duckdb.IOException, duckdb.TransactionException)


class WarehouseBusy(Exception):
    """Another process writes to the warehouse, and did not finish in time."""


@contextmanager
def open_warehouse(
    path: Path, dimensions: Mapping[str, pl.DataFrame], key: bytes | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse for this process alone; the lock dies with the process.

    Args:
        path: the database file; made where it is not there.
        dimensions: rows for the tables that the code lists, the declarations and the calendar give.
        key: what the file is encrypted by; None for a plain one.

    Raises:
        WarehouseBusy: if another process holds it for longer than PATIENCE_SECONDS.
        WarehouseShut: if it does not open with this key.
    """
    with alone(path), _connect(path, key) as connection:
        checkpoint(connection, path)
        prepare(connection, dimensions)
        yield connection


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep every other process of ours from the warehouse, which is whole then.

    Raises:
        WarehouseBusy: if another process holds it for longer than PATIENCE_SECONDS.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_suffix(".lock"), timeout=PATIENCE_SECONDS):
            restore(path)
            yield
    except Timeout as error:
        raise WarehouseBusy(
            f"Another process has been writing to {path} for {PATIENCE_SECONDS} seconds. Try again when it is done."
        ) from error


def _connect(path: Path, key: bytes | None) -> duckdb.DuckDBPyConnection:
    """Connect, and say so where a program that does not know of our lock holds the file.

    The log is written into the file by `checkpoint` alone.
    """
    try:
        connection = connect(path, key)
    except duckdb.IOException as error:
        if not any(said in str(error) for said in ("set lock", "used by another process")):
            raise
        raise WarehouseBusy(f"{path} cannot be opened; close any other program that has it open. ({error})") from error
    connection.execute(f"SET checkpoint_threshold = '{NEVER}'")
    connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    return connection


def write_anew(path: Path, key: bytes | None, new_key: bytes | None) -> None:
    """Write the warehouse into a new file, with nothing of what was deleted, and put it in the place of the old one.

    Args:
        path: the database file.
        key: what it is encrypted by; None for a plain one.
        new_key: what it is to be encrypted by.

    Raises:
        WarehouseBusy: if another process holds it for longer than PATIENCE_SECONDS.
        WarehouseShut: if it does not open with its key.
    """
    with alone(path):
        with _connect(path, key) as connection:
            # A log that is left would be read into the new file.
            checkpoint(connection, path, longest=0)
        rewrite(path, key, new_key)


def checkpoint(connection: duckdb.DuckDBPyConnection, path: Path, longest: int | None = None) -> None:
    """Write a log that is too long into its file, with a copy of both beside them until that is done.

    DuckDB writes into blocks that its file still needs: a process killed halfway leaves a file that cannot be opened.
    """
    log, (safe, safe_log) = _log_of(path), _copies(path)
    if not log.exists() or log.stat().st_size <= (LONGEST_LOG if longest is None else longest):
        return
    shutil.copyfile(log, safe_log)
    _copy_whole(path, safe)
    connection.execute("CHECKPOINT")
    _forget(safe, safe_log)


def restore(path: Path) -> None:
    """Put back the copies of a checkpoint that did not come to its end."""
    safe, safe_log = _copies(path)
    if safe.exists():
        _copy_whole(safe_log, _log_of(path))
        _copy_whole(safe, path)
        _forget(safe, safe_log)


def _log_of(path: Path) -> Path:
    """Return the log that DuckDB keeps beside a file."""
    return path.with_name(f"{path.name}.wal")


def _copies(path: Path) -> tuple[Path, Path]:
    """Return where a file and its log are copied to; the first is there only once both are."""
    return path.with_suffix(".safe"), path.with_suffix(".safe.wal")


def _copy_whole(path: Path, to: Path) -> None:
    """Copy a file so that the copy is there whole or not at all."""
    partly = to.with_name(f"{to.name}.part")
    shutil.copyfile(path, partly)
    with partly.open("r+b") as copied:
        os.fsync(copied.fileno())
    partly.replace(to)


def _forget(safe: Path, safe_log: Path) -> None:
    """Remove the copies, the one that counts first."""
    safe.unlink(missing_ok=True)
    safe_log.unlink(missing_ok=True)


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Do everything inside, or nothing of it."""
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()


def prepare(connection: duckdb.DuckDBPyConnection, dimensions: Mapping[str, pl.DataFrame]) -> None:
    """Make the tables, macros and dimensions as this version declares them, unless they stand so already."""
    declared = {**dimensions, **_declared_here()}
    fingerprint = _fingerprint(declared)
    if _prepared(connection) == fingerprint:
        return
    with transaction(connection):
        for script in (*statements("schema").values(), *statements("views").values()):
            connection.execute(script)
        connection.execute(statements("dimensions")["dim_period"])
        for table, rows in declared.items():
            connection.execute(f"DELETE FROM {table}")
            insert(connection, table, rows)
        connection.execute(statements("dimensions")["unknown_members"])
        connection.execute("DELETE FROM prepared")
        connection.execute("INSERT INTO prepared VALUES (?)", [fingerprint])


@cache
def _declared_here() -> dict[str, pl.DataFrame]:
    """Return the rows of the tables that the files of this room give; read once, for the warehouse is opened often."""
    return {
        "dim_indicator": pl.DataFrame(indicators(), infer_schema_length=None).drop("said"),
        "series_break": pl.DataFrame(series_breaks()),
        **restatement_limits(),
    }


def _fingerprint(tables: Mapping[str, pl.DataFrame]) -> str:
    """Return a hash of the SQL of every folder and of the rows of the dimensions."""
    said = [_hash_of_scripts(), {table: rows.write_json() for table, rows in tables.items()}]
    return hashlib.sha256(repr(said).encode()).hexdigest()


@cache
def _hash_of_scripts() -> str:
    """Return a hash of the SQL of every folder."""
    scripts = [statements(folder.name) for folder in files("warehouse").joinpath("sql").iterdir()]
    return hashlib.sha256(repr(sorted(repr(one) for one in scripts)).encode()).hexdigest()


def _prepared(connection: duckdb.DuckDBPyConnection) -> str | None:
    """Return the fingerprint of what a warehouse was last prepared from; None for a new one."""
    try:
        (found,) = connection.execute("SELECT fingerprint FROM prepared").fetchall()
    except duckdb.CatalogException:
        return None
    return str(found[0])


def indicators() -> list[dict[str, Any]]:
    """Return the declared indicators as rows of `dim_indicator`."""
    declared = tomllib.loads(files("warehouse").joinpath("indicators.toml").read_text(encoding="utf-8"))
    return [{"indicator_id": indicator_id, **_indicator(one)} for indicator_id, one in declared.items()]


def _indicator(one: dict[str, Any]) -> dict[str, Any]:
    """Return what is declared of an indicator, with what holds where nothing is."""
    scales = {"%": 100, "per 1,000": 1_000, "per 10,000": 10_000}
    denominator = one.get("denominator", {})
    population = one.get("population", {})
    return {
        "numerator_subject": one["numerator"]["subject"],
        "numerator_measure": one["numerator"]["measure"],
        "breakdowns": one.get("breakdowns", ["all"]),
        "only_values": one.get("only"),
        "denominator_subject": denominator.get("subject"),
        "denominator_measure": denominator.get("measure"),
        "denominator_breakdown": denominator.get("breakdown", "all"),
        "denominator_constant": denominator.get("constant", 1),
        "denominator_days": denominator.get("days", False),
        "least_base": one.get("least_base", 0),
        "population_series": population.get("series"),
        "population_sex": population.get("sex", "all"),
        "population_ages": population.get("ages", "all"),
        "presents": one.get("presents", "level"),
        "disclosure": one.get("disclosure", "never"),
        "said": one.get("said", []),
        "scale": one.get("scale", scales.get(one["unit"], 1)),
        **{name: one[name] for name in ("name", "unit", "polarity", "objective", "places", "definition")},
        "definition_source": one["definition_source"],
    }


def series_breaks() -> list[dict[str, str]]:
    """Return the shipped series breaks as rows of `series_break`."""
    text = files("warehouse").joinpath("reference", "series_break.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def restatement_limits() -> dict[str, pl.DataFrame]:
    """Return the declared limits of restatements and the closed years, as rows of their tables."""
    declared = tomllib.loads(files("warehouse").joinpath("limits.toml").read_text(encoding="utf-8"))
    return {
        "restatement_limit": pl.DataFrame([declared["restatement"]]),
        "closed_year": pl.DataFrame(declared["closed_year"]),
    }


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Append rows to a table, columns by name."""
    connection.register("arriving", rows)
    connection.execute(f"INSERT INTO {table} BY NAME FROM arriving")
    connection.unregister("arriving")
