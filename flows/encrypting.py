"""Encrypting: what a home holds in clear becomes encrypted, once there is a storage key."""

from contextlib import suppress
from dataclasses import dataclass

from expectations.catalogue import about_people
from flows.home import Home
from flows.keys import FILES, WAREHOUSE, KeyMissing
from flows.sealing import SUFFIX, seal
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
    done = False
    with suppress(WarehouseShut):  # it was encrypted before; opened below it says by which key
        if home.warehouse.exists():
            write_anew(home.warehouse, None, database)
            done = True
    sealed = []
    with home.open() as connection:
        for file in retention.raw_files_private(connection, [source.name for source in about_people()]):
            plain = home.root / file.kept_as.removesuffix(SUFFIX)
            if plain.exists():
                # Removed last: a process that is killed here is made good by the next one.
                if not file.kept_as.endswith(SUFFIX):
                    seal(plain, plain.with_name(f"{plain.name}{SUFFIX}"), files)
                    retention.move_raw_file(connection, file, f"{file.kept_as}{SUFFIX}")
                    sealed.append(file.kept_as)
                plain.unlink()
    return Encrypted(done, tuple(sealed))
