"""The limit: bare DuckDB from the file to the same figures, with no check of anything."""

from pathlib import Path

import duckdb

from benchmarks.contestant import FIGURES_SQL, compete, tell

LIMIT_SQL = Path(__file__).with_name("limit.sql").read_text(encoding="utf-8")


def read_and_compute(file: Path, folder: Path) -> Path:
    """Make a database with the figures of a file."""
    database = folder / "limit.duckdb"
    with duckdb.connect(database) as connection:
        connection.execute(LIMIT_SQL, {"file": str(file)})
        connection.execute(FIGURES_SQL)
    return database


if __name__ == "__main__":
    tell(compete(read_and_compute))
