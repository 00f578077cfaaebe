"""What the tests of files about people share: a declared source with such rows, its files, and what is kept of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from expectations import sources
from flows.home import Home
from flows.keys import STORAGE, new_keys

HEADER = "Referral reference,Person reference,Service,Supplier,Referrer,Area code,Month,Drawn on"
DECLARED = Path(__file__).parent / "about_people"

# What the warehouse is to have of the measures of referrals, reduced to one.
MEASURE = """
CREATE OR REPLACE MACRO referral_measure_as_of(instant) AS TABLE
SELECT
    fact.area_code, fact.month, 1 AS months, fact.service_id AS subject_id, 'referrals' AS measure_id,
    'all' AS breakdown, 'all' AS breakdown_value, count(*) AS value, count(*) AS base,
    slice.source, content_id, [any_value(slice.submission_id)] AS submissions, false AS is_kept_aggregate
FROM fact_referrals AS fact
JOIN slice_as_of(instant) AS slice USING (content_id)
GROUP BY ALL
"""


def declare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Declare the source of these tests beside those that are shipped."""
    monkeypatch.setattr(sources, "__path__", [*sources.__path__, str(DECLARED)])


def with_keys(home: Home, *names: str) -> Home:
    """Return a home with keys: the supplier's and the one for what lies at rest, or those named."""
    home.root.mkdir(parents=True, exist_ok=True)
    new_keys(home.key_file, names or ("HESTIA", "SOLACE", "RISE", STORAGE))
    return Home(home.root).prepare()


def write(
    path: Path,
    people: Sequence[str],
    *,
    month: str = "2024-03-01",
    drawn_on: str = "2024-04-02",
    service: str = "MARAC",
) -> Path:
    """Write a file of referrals, one a person; each referral is called after its person."""
    rows = [f"case {one},{one},{service},Hestia,Unknown,E09000003,{month},{drawn_on}" for one in people]
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


@contextmanager
def measured(home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse with the measure of referrals in it."""
    with home.open() as connection:
        connection.execute(MEASURE)
        yield connection


def rows_of(home: Home, table: str) -> list[tuple[object, ...]]:
    """Return the rows of a table of the warehouse."""
    with home.open() as connection:
        return connection.execute(f"FROM {table} ORDER BY ALL").fetchall()


def files_below(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, and what is in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
