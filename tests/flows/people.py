"""What the tests of files about people share: a declared source with such rows, its files, and what is kept of it."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from expectations import sources
from flows.home import Home
from flows.keys import STORAGE, new_keys

HEADER = "Referral reference,Person reference,Service,Supplier,Referrer,Area code,Month,Drawn on"
DECLARED = Path(__file__).parent / "about_people"


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
    service: str = "IDVA",
) -> Path:
    """Write a file of referrals, one a person; each referral is called after its person."""
    rows = [f"case {one},{one},{service},Hestia,Unknown,E09000003,{month},{drawn_on}" for one in people]
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def rows_of(home: Home, table: str) -> list[tuple[object, ...]]:
    """Return the rows of a table of the warehouse."""
    with home.open() as connection:
        return connection.execute(f"FROM {table} ORDER BY ALL").fetchall()


def files_below(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, and what is in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
