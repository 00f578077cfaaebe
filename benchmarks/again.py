"""Ours once more: the same bytes a second time, and a file in which one month of one borough changed."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import duckdb

from benchmarks.contestant import tell
from benchmarks.inputs import changed, tiny
from benchmarks.ours import take_in, take_in_and_publish
from flows.home import Home
from flows.refreshing import refresh_and_publish


def publish(home: Home, file: Path) -> dict[str, float]:
    """Take in a file and publish, and return seconds and how many rows were newly stored."""
    before = stored(home)
    started = perf_counter()
    take_in(home, file)
    refresh_and_publish(home)
    return {"seconds": perf_counter() - started, "rows": stored(home) - before}


def stored(home: Home) -> int:
    """Return how many fact rows a home holds, of every version."""
    if not home.warehouse.exists():
        return 0
    with duckdb.connect(home.warehouse, read_only=True) as connection:
        return len(connection.table("fact_offences"))


if __name__ == "__main__":
    with TemporaryDirectory(prefix="vawg-benchmark-") as folder:
        take_in_and_publish(tiny(Path(folder)), Path(folder, "warm"))
        file, home = Path(sys.argv[1]), Home(Path(folder, "home"))
        restated = changed(file, Path(folder))
        tell(
            {
                "the file for the first time": publish(home, file),
                "the same file again": publish(home, file),
                "one month of one borough changed": publish(home, restated),
            }
        )
