"""Retention: raw files and rows about people that are past their time or were asked to be erased; counts stay."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import polars as pl

from warehouse.opening import insert
from warehouse.statements import ask, run_script, statements


@dataclass(frozen=True)
class RawFile:
    """A raw file that is kept.

    Attributes:
        kept_as: where, below the home folder or on S3.
        source: the source that it was recognised as, if it was.
    """

    kept_as: str
    source: str | None


def raw_files_past(
    connection: duckdb.DuckDBPyConnection, declared: pl.DataFrame, default_days: int, now: datetime
) -> list[RawFile]:
    """Return the raw files that are past their time.

    Args:
        connection: the warehouse.
        declared: `source, raw_kept_days, records_kept_months`, one row a source.
        default_days: for files that no source declares.
        now: UTC.
    """
    connection.register("declared_retention", declared)
    found = ask(connection, "retention", "raw_files_past", default_days=default_days, now=now)
    return [RawFile(**one) for one in found]


def raw_files_of(connection: duckdb.DuckDBPyConnection, sources: Sequence[str]) -> list[RawFile]:
    """Return the raw files that are kept of sources."""
    return [RawFile(**one) for one in ask(connection, "retention", "raw_files_of", sources=list(sources))]


def raw_files_private(connection: duckdb.DuckDBPyConnection, sources: Sequence[str], encrypted: str) -> list[RawFile]:
    """Return the raw files that are, or may be, about single people.

    Args:
        connection: the warehouse.
        sources: those that are about single people.
        encrypted: how the name of a file ends that was encrypted.
    """
    found = ask(connection, "retention", "raw_files_private", sources=list(sources), encrypted=encrypted)
    return [RawFile(**one) for one in found]


def move_raw_file(connection: duckdb.DuckDBPyConnection, file: RawFile, now_kept_as: str | None) -> None:
    """Record that a raw file is kept under another name, or no longer kept."""
    script = statements("retention")["raw_file_moved"]
    run_script(connection, script, kept_as=file.kept_as, now_kept_as=now_kept_as)


def records_past(connection: duckdb.DuckDBPyConnection, declared: pl.DataFrame, now: datetime) -> dict[str, int]:
    """Choose the rows about people that are past their time, and return how many those are, by source.

    Args:
        connection: the warehouse.
        declared: as for `raw_files_past`.
        now: UTC.
    """
    connection.register("declared_retention", declared)
    run_script(connection, statements("retention")["records_past"], now=now)
    return _leaving(connection)


def records_of(connection: duckdb.DuckDBPyConnection, pseudonym: str) -> dict[str, int]:
    """Choose the rows of a person, case or household, and return how many those are, by source."""
    run_script(connection, statements("retention")["records_of"], pseudonym=pseudonym)
    return _leaving(connection)


def remove_records(connection: duckdb.DuckDBPyConnection) -> None:
    """Remove the rows that were chosen, in every version, and keep what their contents count; in a transaction."""
    for script in ("keep_aggregates", "remove_records"):
        run_script(connection, statements("retention")[script])


def enter(connection: duckdb.DuckDBPyConnection, table: str, **row: object) -> None:
    """Append a row to `retention` or `erased`."""
    insert(connection, table, pl.DataFrame([row], infer_schema_length=None))


def _leaving(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return {str(one["source"]): int(one["rows"]) for one in ask(connection, "retention", "leaving")}
