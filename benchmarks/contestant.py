"""What all contestants have in common: each is warmed up, timed once on one file, and tells what it found."""

import json
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import duckdb

from benchmarks.inputs import BARNET, tiny

# From a file to a database with a table rolling_12m, which it makes in a folder and returns.
Way = Callable[[Path, Path], Path]

FIGURES_SQL = Path(__file__).with_name("figures.sql").read_text(encoding="utf-8")

# Barnet's last window, then how many windows and the sum of all, now and a year before.
FOUND = f"""
    SELECT
        indicator_id,
        coalesce(max_by(value, period_end) FILTER (area_code = '{BARNET}'), 0),
        count(value),
        coalesce(sum(value), 0),
        count(prior_value),
        coalesce(sum(prior_value), 0)
    FROM rolling_12m
    WHERE indicator_id IN ('DA_OFF_R12', 'DA_VWI_R12', 'DA_PO_R12', 'DA_VWI_PO_R12', 'DA_VWI_POR_R12')
    GROUP BY indicator_id
    ORDER BY indicator_id
"""


def compete(way: Way, install: Callable[[Path], object] = bool) -> dict[str, Any]:
    """Time one run in this process, warmed up on a tiny file, and return seconds, peak memory and figures.

    Args:
        way: what is timed.
        install: what is done once in a folder, before any file comes.
    """
    with TemporaryDirectory(prefix="vawg-benchmark-") as folder:
        way(tiny(Path(folder)), fresh(folder, "warm"))
        place = fresh(folder, "timed")
        install(place)
        return timed(way, Path(sys.argv[1]), place)


def timed(way: Way, file: Path, folder: Path) -> dict[str, Any]:
    """Time one run, and read its figures once the clock has stopped."""
    started = perf_counter()
    database = way(file, folder)
    seconds = perf_counter() - started
    # Linux counts in KiB, macOS in bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6
    with duckdb.connect(database, read_only=True) as connection:
        figures = {name: numbers for name, *numbers in connection.execute(FOUND).fetchall()}
    return {"seconds": seconds, "peak_mb": peak, "figures": figures}


def fresh(folder: str, name: str) -> Path:
    """Return a new folder in a folder."""
    new = Path(folder, name)
    new.mkdir()
    return new


def tell(found: dict[str, Any]) -> None:
    """Print what was found on a line of its own, after whatever a library has printed."""
    print(f"\n{json.dumps(found)}")
