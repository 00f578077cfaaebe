"""Encrypting: the warehouse as a file that nothing opens without its key, and the same rows in a new file."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import duckdb


class WarehouseShut(Exception):
    """The warehouse does not open with the storage key that is set, or without one."""


def quoted(text: Path | str) -> str:
    """Return a text as a SQL string."""
    return "'" + str(text).replace("'", "''") + "'"


def connect(path: Path, key: bytes | None) -> duckdb.DuckDBPyConnection:
    """Connect to a database, or make it; with a key it is an encrypted one.

    Raises:
        WarehouseShut: if the database is encrypted and the key is not its own, or is not encrypted and there is one.
    """
    with _explained(path, key):
        if key is None:
            return duckdb.connect(path)
        connection = duckdb.connect()
        try:
            attach(connection, path, "warehouse", key)
            connection.execute("USE warehouse")
            # What is too large for memory is put beside the database, and not into the working folder.
            connection.execute(f"SET temp_directory = {quoted(f'{path}.tmp')}")
            connection.execute("SET temp_file_encryption = true")
        except BaseException:
            connection.close()
            raise
        return connection


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, key: bytes | None) -> None:
    """Attach a database, which is made where it is not there; with a key it is an encrypted one."""
    if key is None:
        connection.execute(f"ATTACH {quoted(path)} AS {name}")
        return
    connection.execute(f"LOAD {quoted(_cryptography())}")
    # A variable, since a statement may be quoted in an error.
    connection.execute("SET VARIABLE storage_key = $key", {"key": key.hex()})
    connection.execute(f"ATTACH {quoted(path)} AS {name} (ENCRYPTION_KEY getvariable('storage_key'))")
    connection.execute("RESET VARIABLE storage_key")


def rewrite(path: Path, key: bytes | None, new_key: bytes | None) -> None:
    """Write a database anew, with nothing of what was deleted, and put it in the place of the old one all at once.

    Nothing may be connected to it, and no log may lie beside it: see `warehouse.opening.write_anew`.

    Raises:
        WarehouseShut: if it does not open with its key.
    """
    fresh = path.with_name(f"{path.name}.new")
    remove(fresh)  # left behind by a process that was killed
    try:
        with _explained(path, key), duckdb.connect() as connection:
            attach(connection, path, "standing", key)
            attach(connection, fresh, "fresh", new_key)
            connection.execute("COPY FROM DATABASE standing TO fresh")
            connection.execute("CHECKPOINT fresh")
            connection.execute("DETACH fresh")
            connection.execute("DETACH standing")
        shutil.copymode(path, fresh)
        with fresh.open("r+b") as file:
            os.fsync(file.fileno())
    except BaseException:
        remove(fresh)
        raise
    fresh.replace(path)


def remove(database: Path) -> None:
    """Remove a database and its log."""
    for file in (database, database.with_name(f"{database.name}.wal")):
        file.unlink(missing_ok=True)


@contextmanager
def _explained(path: Path, key: bytes | None) -> Iterator[None]:
    """Say in plain English why a database does not open with a key, or without one."""
    try:
        yield
    except duckdb.Error as error:
        if key and "is not encrypted" in str(error):
            said = f"A storage key is set, but {path} is not encrypted. `vawg keys encrypt` encrypts it."
        elif "without a key" in str(error):
            said = (
                f"{path} is encrypted, and no storage key is set. Bring back the key file, or set VAWG_KEY_STORAGE; "
                "without that key it cannot be read by anybody."
            )
        elif "Wrong encryption key" in str(error):
            said = (
                f"{path} was encrypted with another storage key than the one that is set. Bring that one back; "
                "`vawg keys list` shows the fingerprint of the one that is set."
            )
        else:
            raise
        # Without its cause: the text of an error may quote the statement.
        raise WarehouseShut(said) from None


def _cryptography() -> Path:
    """Return the extension that brings DuckDB's cryptography, as its wheel ships it for this version.

    Raises:
        WarehouseShut: if there is none, as for DuckDB 2.
    """
    version = f"v{duckdb.__version__}"
    shipped = find_spec("duckdb_extension_httpfs")
    for folder in (shipped and shipped.submodule_search_locations) or ():
        extension = Path(folder, "extensions", version, "httpfs.duckdb_extension")
        if extension.is_file():
            return extension
    raise WarehouseShut(
        f"A storage key is set, but DuckDB {version} has no cryptography here: encryption needs the packages of "
        "requirements.lock. Install those, or take the storage key away to work without encryption."
    )
