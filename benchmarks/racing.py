"""Racing: the contestants in turn, round by round, each in a process of its own, and whether each is right."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from math import isclose
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[1]

# Indicator -> Barnet's last window, then how many windows and the sum of all, now and a year before.
Figures = dict[str, list[float]]

CONTESTANTS = {
    "limit": "the limit: bare DuckDB",
    "ours": "vawg",
    "dlt_way": "dlt, then SQL",
    "pandas_way": "pandas, Great Expectations",
}
# Barnet's 12 months to July 2024, by the SHA-256 of the file that says so.
CHECKED = {
    "e6972b9dccf503f0f9e4dd539e2dc1598c5f80a7f84ec9f7bb9077550f4cca7a": {
        "DA_OFF_R12": 2817,
        "DA_VWI_R12": 660,
        "DA_PO_R12": 187,
        "DA_VWI_PO_R12": 46,
    }
}


class Failed(Exception):
    """A contestant has no time, for this reason."""


@dataclass
class Race:
    """The runs of every contestant on one file.

    Attributes:
        found: contestant -> what each of its runs told; only of those whose figures are right.
        out: contestant -> why it has no time.
    """

    found: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    out: dict[str, str] = field(default_factory=dict)

    def median(self, name: str, what: str) -> float:
        """Return the median of a contestant's seconds or peak memory."""
        return float(median(run[what] for run in self.found[name]))

    def strayed(self) -> float:
        """Return how far the runs of one contestant lie apart, as a share of their median, at the most."""
        seconds = [[run["seconds"] for run in runs] for runs in self.found.values()]
        return float(max((max(each) - min(each)) / median(each) for each in seconds))

    def steps(self) -> dict[str, float]:
        """Return the median of each step of ours."""
        runs = self.found["ours"]
        return {step: median(run["steps"][step] for run in runs) for step in runs[0]["steps"]}


def race(file: Path, rounds: int, checked: dict[str, int], tell: Callable[[str], None]) -> Race:
    """Let every contestant run once a round, so that what else the machine does hits all alike.

    Args:
        file: the file that all run on.
        rounds: how often.
        checked: Barnet's figures where they are known; all must agree with each other in any case.
        tell: called with a line of text before each run, for progress.

    Raises:
        Failed: if the limit itself has no time, since nothing can be compared then.
    """
    race = Race(found={name: [] for name in CONTESTANTS})
    for number in range(rounds):
        for name in [name for name in CONTESTANTS if name not in race.out]:
            tell(f"{file.name}, round {number + 1} of {rounds}: {CONTESTANTS[name]}")
            try:
                race.found[name].append(worker(name, file))
                check(race.found[name][-1]["figures"], race.found["limit"][0]["figures"], checked)
            except Failed as reason:
                if name == "limit":
                    raise
                race.out[name] = str(reason)
                del race.found[name]
    return race


def worker(name: str, file: Path) -> dict[str, Any]:
    """Return what a module of this folder tells of a file, from a process of its own."""
    command = [sys.executable, "-m", f"benchmarks.{name}", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"it failed: {(done.stderr.strip().splitlines() or ['no word said'])[-1]}")
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def check(figures: Figures, limit: Figures, checked: dict[str, int]) -> None:
    """Compare figures with those that are known and with those of the limit.

    Raises:
        Failed: if they differ.
    """
    if figures.keys() != limit.keys():
        raise Failed(f"it has figures of {', '.join(figures)}, the limit of {', '.join(limit)}")
    barnet = {name: figures[name][0] for name in checked}
    if barnet != checked:
        raise Failed(f"its figures of Barnet are {barnet}, not {checked}")
    pairs = [(name, *pair) for name in limit for pair in zip(figures[name], limit[name], strict=True)]
    if differ := {name for name, found, expected in pairs if not isclose(found, expected, rel_tol=1e-9)}:
        raise Failed(f"its figures are not those of the limit: {', '.join(sorted(differ))}")
