"""Opening the warehouse: one writer at a time, with the schema and dimensions in place."""

import csv
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from filelock import FileLock, Timeout

from warehouse.encrypting import connect
from warehouse.statements import statements

PATIENCE_SECONDS = 120

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
        dimensions: rows for `dim_area`, `dim_offence`, `dim_measure`, `dim_service`, `dim_agency` and `source`.
        key: what the file is encrypted by; None for a plain one.

    Raises:
        WarehouseBusy: if another process holds it for longer than PATIENCE_SECONDS.
        WarehouseShut: if it does not open with this key.
    """
    with alone(path), _connect(path, key) as connection:
        prepare(connection, dimensions)
        yield connection


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Keep every other process of ours from the warehouse.

    Raises:
        WarehouseBusy: if another process holds it for longer than PATIENCE_SECONDS.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_suffix(".lock"), timeout=PATIENCE_SECONDS):
            yield
    except Timeout as error:
        raise WarehouseBusy(
            f"Another process has been writing to {path} for {PATIENCE_SECONDS} seconds. Try again when it is done."
        ) from error


def _connect(path: Path, key: bytes | None) -> duckdb.DuckDBPyConnection:
    """Connect, and say so where a program that does not know of our lock holds the file."""
    try:
        return connect(path, key)
    except duckdb.IOException as error:
        if not any(said in str(error) for said in ("lock", "used by another process")):
            raise
        raise WarehouseBusy(f"{path} cannot be opened; close any other program that has it open. ({error})") from error


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
    declared = {
        **dimensions,
        "dim_indicator": pl.DataFrame(indicators(), infer_schema_length=None),
        "series_break": pl.DataFrame(series_breaks()),
    }
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


def _fingerprint(tables: Mapping[str, pl.DataFrame]) -> str:
    """Return a hash of the SQL of every folder and of the rows of the dimensions."""
    scripts = [statements(folder.name) for folder in files("warehouse").joinpath("sql").iterdir()]
    said = [sorted(repr(one) for one in scripts), {table: rows.write_json() for table, rows in tables.items()}]
    return hashlib.sha256(repr(said).encode()).hexdigest()


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
    scales = {"%": 100, "per 1,000": 1000}
    return [
        {
            "indicator_id": indicator_id,
            "name": one["name"],
            "numerator_subject": one["numerator"]["subject"],
            "numerator_measure": one["numerator"]["measure"],
            "denominator_subject": one.get("denominator", {}).get("subject"),
            "denominator_measure": one.get("denominator", {}).get("measure"),
            "population_series": one.get("population_series"),
            "presents": one.get("presents", "level"),
            "scale": 1000 if one.get("population_series") else scales.get(one["unit"], 1),
            "additivity": one.get("additivity", "flow"),
            **{name: one[name] for name in ("unit", "polarity", "objective", "places", "definition")},
            "definition_source": one["definition_source"],
        }
        for indicator_id, one in declared.items()
    ]


def series_breaks() -> list[dict[str, str]]:
    """Return the shipped series breaks as rows of `series_break`."""
    text = files("warehouse").joinpath("reference", "series_break.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Append rows to a table, columns by name."""
    connection.register("arriving", rows)
    connection.execute(f"INSERT INTO {table} BY NAME FROM arriving")
    connection.unregister("arriving")
