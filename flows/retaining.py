"""Retaining: raw files and rows about people leave when their time is over, or when a person asks; counts stay."""

import hashlib
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

import duckdb
import polars as pl

from expectations.catalogue import about_people, catalogue
from expectations.source import Source
from flows.answering import answered_in, remove_answer
from flows.home import Home
from flows.keys import WAREHOUSE
from flows.landing import places
from transforms.pseudonyms import pseudonym
from warehouse import generations, loading, retention
from warehouse.instants import next_instant
from warehouse.opening import transaction, write_anew


class NobodyFound(Exception):
    """Nothing is held of a reference."""


class NoSuchSupplier(Exception):
    """No source about single people comes from this supplier."""


@dataclass(frozen=True)
class Removed:
    """What was removed, or would be.

    Attributes:
        raw_files: raw files, as seen from the home.
        records: source -> rows about people.
    """

    raw_files: tuple[str, ...]
    records: dict[str, int]


@dataclass(frozen=True)
class Erased:
    """What was done at a person's request.

    Attributes:
        rows: rows that were removed, in all versions.
        raw_files_removed: raw files that were removed, as seen from the home.
        raw_files_left: raw files of the supplier that are kept and may hold the reference.
    """

    rows: int
    raw_files_removed: tuple[str, ...]
    raw_files_left: tuple[str, ...]


def retain(home: Home, *, now: datetime, dry_run: bool = False) -> Removed:
    """Remove the raw files and the rows about people that are past the time that their source declares.

    Args:
        home: where everything is kept.
        now: UTC.
        dry_run: change nothing, and return what would be removed.
    """
    with home.open() as connection, transaction(connection):
        files = retention.raw_files_past(connection, _declared(), Source.raw_kept_days, now)
        records = retention.records_past(connection, _declared(), now)
        if not dry_run:
            retention.remove_records(connection)
            _remove_raw_files(connection, home, files, now)
            done_at = max(now, next_instant(connection))  # later than what was published, whatever the clock says
            for source, rows in records.items():
                retention.enter(connection, "retention", done_at=done_at, kind="records", source=source, removed=rows)
    if records and not dry_run:
        _write_anew(home)
    return Removed(tuple(file.kept_as for file in files), records)


def erase(
    home: Home, supplier_id: str, reference: str, *, now: datetime, raw: bool = False, in_advance: bool = False
) -> Erased:
    """Remove every row of a person, case or household, and see to it that none comes back; counts stay.

    Args:
        home: where everything is kept.
        supplier_id: whose reference it is.
        reference: as the supplier writes it.
        now: UTC.
        raw: remove the supplier's raw files, too.
        in_advance: keep out somebody of whom nothing is held.

    Raises:
        NobodyFound: if nothing is held of the reference, and it is not to be kept out in advance.
        NoSuchSupplier: if no source about single people comes from there.
        KeyMissing: if there is no key for the supplier.
    """
    sources = [one.name for one in about_people() if one.supplier.agency_id == supplier_id]
    if not sources:
        known = ", ".join(sorted({one.supplier.agency_id for one in about_people()})) or "none"
        raise NoSuchSupplier(f"No source about single people comes from {supplier_id}. Those that send some: {known}.")
    person = pseudonym(reference, home.keys.of(supplier_id))
    with home.open() as connection, transaction(connection):
        records = retention.records_of(connection, person)
        if not records and not in_advance and person not in loading.erased(connection):
            raise NobodyFound(
                f"No row of {supplier_id} has that reference, and nothing was done: look at how it is written. "
                "`--in-advance` keeps such rows out of files to come, for good."
            )
        retention.remove_records(connection)
        for source, rows in records.items() or [(None, 0)]:
            retention.enter(
                connection,
                "retention",
                done_at=max(now, next_instant(connection)),
                kind="erasure",
                source=source,
                supplier_id=supplier_id,
                removed=rows,
                reference_hash=hashlib.sha256(person.encode()).hexdigest()[:16],
            )
        if person not in loading.erased(connection):
            retention.enter(connection, "erased", pseudonym=person, supplier_id=supplier_id, erased_at=now)
        kept = retention.raw_files_of(connection, sources)
        if raw:
            _remove_raw_files(connection, home, kept, now)
    _write_anew(home)
    names = tuple(file.kept_as for file in kept)
    return Erased(sum(records.values()), names if raw else (), () if raw else names)


def _declared() -> pl.DataFrame:
    """Return how long each source is kept."""
    return pl.DataFrame(
        [(one.name, one.raw_kept_days, one.records_kept_months) for one in catalogue().values()],
        schema={"source": pl.String, "raw_kept_days": pl.Int64, "records_kept_months": pl.Int64},
        orient="row",
    )


def _remove_raw_files(
    connection: duckdb.DuckDBPyConnection, home: Home, files: Iterable[retention.RawFile], now: datetime
) -> None:
    """Remove raw files and record it; where the process dies in between, the next time records it."""
    removed: dict[str | None, int] = {}
    for file in files:
        places.keeper(home, file.kept_as).remove(file.kept_as)
        answer = answered_in(home.quarantine, file.kept_as)
        if PurePosixPath(file.kept_as).parent.parent.name == home.quarantine.name:
            shutil.rmtree(answer, ignore_errors=True)  # with what was said of it
        else:
            remove_answer(answer)
        retention.move_raw_file(connection, file, None)
        removed[file.source] = removed.get(file.source, 0) + 1
    for source, number in removed.items():
        retention.enter(connection, "retention", done_at=now, kind="raw files", source=source, removed=number)


def _write_anew(home: Home) -> None:
    """Write the warehouse anew, and let go of earlier publications: what was removed still stands in both."""
    key = home.keys.at_rest(WAREHOUSE)
    write_anew(home.warehouse, key, key)
    generations.forget(home.published)
