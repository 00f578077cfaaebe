"""The cold start of each command: the wall clock of a whole process on a tiny file."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import copy
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.inputs import tiny

VAWG = [sys.executable, "-c", "from flows.cli import main; main()"]


def starts() -> Iterator[tuple[str, float]]:
    """Yield each command with the seconds that it took, in a new home."""
    with TemporaryDirectory(prefix="vawg-benchmark-") as folder:
        home, file = Path(folder, "home"), str(tiny(Path(folder)))
        for arguments in (["--help"], ["sources"], ["status"], ["check", file], ["ingest", file], ["refresh"]):
            yield f"vawg {arguments[0]}", seconds(home, arguments)
        landing = Path(folder, "other", "landing")
        landing.mkdir(parents=True)
        copy(file, landing)
        yield "vawg run", seconds(landing.parent, ["run"])


def seconds(home: Path, arguments: list[str]) -> float:
    """Return how long a command takes; one that fails has no time."""
    environment = os.environ | {"VAWG_HOME": str(home)}
    started = perf_counter()
    subprocess.run([*VAWG, *arguments], env=environment, check=True, capture_output=True)
    return perf_counter() - started
