"""Empty warehouses: prepared once by each process, and copied from then on."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from expectations.catalogue import catalogue
from flows.home import Home, dimensions
from warehouse.opening import prepare

FOLDER = TemporaryDirectory(prefix="vawg-tests-")


@cache
def _prepared(declared: tuple[str, ...]) -> Path:
    """Return a warehouse that is prepared for the sources of these names."""
    path = Path(FOLDER.name) / f"{abs(hash(declared))}.duckdb"
    with duckdb.connect(path) as connection:
        prepare(connection, dimensions())
    return path


@contextmanager
def empty_warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty warehouse in memory."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{_prepared(tuple(catalogue()))}' AS prepared_once (READ_ONLY)")
        connection.execute("COPY FROM DATABASE prepared_once TO memory")
        connection.execute("DETACH prepared_once")
        yield connection


def with_warehouse(home: Home) -> Home:
    """Return a home with the empty warehouse that opening it first would make."""
    home.warehouse.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_prepared(tuple(catalogue())), home.warehouse)
    return home.prepare()
