"""Encrypting: what a home holds in clear becomes encrypted, once there is a storage key."""

from contextlib import suppress
from dataclasses import dataclass

from expectations.catalogue import about_people
from flows.home import Home
from flows.keys import FILES, WAREHOUSE, KeyMissing
from flows.landing import places
from flows.landing.place import Landing
from flows.receiving import dispose, keep_sealed, receive
from flows.sealing import SUFFIX
from warehouse import retention
from warehouse.encrypting import WarehouseShut
from warehouse.opening import write_anew


@dataclass(frozen=True)
class Encrypted:
    """What was encrypted: whether the warehouse was, and which raw files."""

    warehouse: bool
    raw_files: tuple[str, ...]


def encrypt(home: Home) -> Encrypted:
    """Encrypt the warehouse, and the raw files that are or may be about single people; what is encrypted stays.

    Raises:
        KeyMissing: if there is no storage key.
        WarehouseShut: if the warehouse was encrypted with another key.
    """
    database, files = home.keys.at_rest(WAREHOUSE), home.keys.at_rest(FILES)
    if database is None or files is None:
        raise KeyMissing("There is no storage key to encrypt with. `vawg keys new` makes one.")
    home.prepare()
    done = False
    with suppress(WarehouseShut):  # it was encrypted before; opened below it says by which key
        if home.warehouse.exists():
            write_anew(home.warehouse, None, database)
            done = True
    sealed = []
    with home.open() as connection:
        for file in retention.raw_files_private(connection, [source.name for source in about_people()]):
            place = places.keeper(home, file.kept_as)
            if not file.kept_as.endswith(SUFFIX):
                with suppress(FileNotFoundError):  # somebody has removed it
                    _seal(home, place, file.kept_as, files)
                    retention.move_raw_file(connection, file, f"{file.kept_as}{SUFFIX}")
                    sealed.append(file.kept_as)
            # Removed last: a process that is killed here is made good by the next one.
            place.remove(file.kept_as.removesuffix(SUFFIX))
    return Encrypted(done, tuple(sealed))


def _seal(home: Home, place: Landing, kept_as: str, key: bytes) -> None:
    """Keep a file encrypted, beside the plain one."""
    plain = receive(home, place.kept(kept_as))
    try:
        keep_sealed(place, plain.copy, f"{kept_as}{SUFFIX}", key)
    finally:
        dispose(plain)
