"""Encrypting: what a home holds in clear, or by the storage key before, becomes encrypted by the storage key."""

from contextlib import suppress
from dataclasses import dataclass

from duckdb import DuckDBPyConnection

from expectations.catalogue import about_people
from flows.home import Home
from flows.keys import FILES, RETIRED, WAREHOUSE, KeyMissing, forget_retired
from flows.landing import places
from flows.landing.place import Landing
from flows.receiving import dispose, keep_sealed, receive
from flows.sealing import SUFFIX, CannotUnseal
from warehouse import retention
from warehouse.encrypting import WarehouseShut
from warehouse.opening import write_anew
from warehouse.retention import RawFile


@dataclass(frozen=True)
class Encrypted:
    """What was encrypted.

    Attributes:
        warehouse: whether the warehouse was.
        raw_files: which raw files were, as the warehouse told of them before.
        unreadable: which raw files neither key decrypts: they stay as they are.
    """

    warehouse: bool
    raw_files: tuple[str, ...]
    unreadable: tuple[str, ...] = ()


def encrypt(home: Home) -> Encrypted:
    """Encrypt the warehouse, and the raw files that are or may be about single people, by the storage key.

    What is encrypted by it stays; what the one before encrypted (`RETIRED`) is encrypted anew, and that key forgotten.

    Raises:
        KeyMissing: if there is no storage key.
        WarehouseShut: if the warehouse was encrypted with another key.
    """
    database, files = home.keys.at_rest(WAREHOUSE), home.keys.at_rest(FILES)
    if database is None or files is None:
        raise KeyMissing("There is no storage key to encrypt with. `vawg keys new` makes one.")
    home.prepare()
    done, retired = _encrypt_warehouse(home, database), home.keys.at_rest(FILES, RETIRED)
    sealed, unreadable = [], []
    with home.open() as connection:
        for file in retention.raw_files_private(connection, [source.name for source in about_people()], SUFFIX):
            try:
                if _encrypt_raw_file(home, connection, file, files, retired):
                    sealed.append(file.kept_as)
            except CannotUnseal:
                unreadable.append(file.kept_as)
    forget_retired(home.key_file)
    return Encrypted(done, tuple(sealed), tuple(unreadable))


def _encrypt_warehouse(home: Home, key: bytes) -> bool:
    """Encrypt a warehouse that is plain, or encrypted by the key before; return whether it was."""
    if not home.warehouse.exists():
        return False
    for standing in dict.fromkeys((None, home.keys.at_rest(WAREHOUSE, RETIRED))):
        with suppress(WarehouseShut):  # by another key: opening it says so where that is none of ours
            write_anew(home.warehouse, standing, key)
            return True
    return False


def _encrypt_raw_file(
    home: Home, connection: DuckDBPyConnection, file: RawFile, key: bytes, retired: bytes | None
) -> bool:
    """Encrypt a raw file that is plain, or encrypted by the key before; return whether it was.

    Raises:
        CannotUnseal: if it is encrypted by neither key, or damaged.
    """
    place, is_plain, was = places.keeper(home, file.kept_as), not file.kept_as.endswith(SUFFIX), False
    with suppress(FileNotFoundError):  # somebody has removed it
        if is_plain:
            _seal(home, place, file.kept_as, key)
            retention.move_raw_file(connection, file, f"{file.kept_as}{SUFFIX}")
        was = is_plain or bool(retired and _seal_anew(home, place, file.kept_as, key, retired))
    # Removed last: a process that is killed here is made good by the next one.
    place.remove(file.kept_as.removesuffix(SUFFIX))
    return was


def _seal(home: Home, place: Landing, kept_as: str, key: bytes) -> None:
    """Keep a file encrypted, beside the plain one."""
    plain = receive(home, place.kept(kept_as))
    try:
        keep_sealed(place, plain.copy, f"{kept_as}{SUFFIX}", key)
    finally:
        dispose(plain)


def _seal_anew(home: Home, place: Landing, kept_as: str, key: bytes, retired: bytes) -> bool:
    """Encrypt by a key what is encrypted by the one before, of which no version stays; return whether it was.

    Raises:
        CannotUnseal: if it is encrypted by neither, or damaged.
    """
    try:
        dispose(receive(home, place.kept(kept_as)))
        was = False
    except CannotUnseal:
        plain = receive(home, place.kept(kept_as), key=retired)
        try:
            keep_sealed(place, plain.copy, kept_as, key)
        finally:
            dispose(plain)
        was = True
    place.forget_earlier(kept_as)
    return was
