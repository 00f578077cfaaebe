"""The benchmark: ours and its limit give the same figures, and wrong figures get no time. Its peers are not needed."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks import inputs
from benchmarks.ours import STEPS
from benchmarks.racing import Failed, check

ROOT = Path(__file__).parents[1]
BRENT = "E09000005"
Told = dict[str, Any]


def told_by(contestant: str, file: Path) -> Told:
    """Return what a contestant tells of a file, as the benchmark runs it."""
    command = [sys.executable, "-m", f"benchmarks.{contestant}", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    told: Told = json.loads(done.stdout.splitlines()[-1])
    return told


def barnet_offences(file: Path) -> list[int]:
    """Return Barnet's domestic abuse offences, month by month as they stand in a file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            int(row["Count"])
            for row in csv.DictReader(lines)
            if (row["Area code"], row["Crime Subtype"], row["Measure"]) == (inputs.BARNET, "Domestic Abuse", "Offences")
        ]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file of two boroughs and 26 months, so that some windows have one of the year before."""
    return inputs.write(tmp_path_factory.mktemp("inputs") / "synthetic.csv", [inputs.BARNET, BRENT], wards=2, months=26)


@pytest.fixture(scope="module")
def told(file: Path) -> dict[str, Told]:
    """Return what ours and the limit tell of that file."""
    return {contestant: told_by(contestant, file) for contestant in ("limit", "ours")}


def test_ours_and_the_limit_give_the_same_figures(told: dict[str, Told]) -> None:
    check(told["ours"]["figures"], told["limit"]["figures"], {})


def test_figures_are_the_sums_of_the_file(file: Path, told: dict[str, Told]) -> None:
    months = barnet_offences(file)
    assert len(months) == 26
    last, windows, _, priors, _ = told["limit"]["figures"]["DA_OFF_R12"]
    # Two boroughs with a window to each of the months 12 to 26; the last three have one of the year before.
    assert (last, windows, priors) == (sum(months[-12:]), 2 * 15, 2 * 3)


def test_every_step_of_ours_is_still_a_function_that_is_called(told: dict[str, Told]) -> None:
    assert told["ours"]["steps"].keys() == {*STEPS.values(), "all else"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda figures: {**figures, "DA_VWI_R12": [figures["DA_VWI_R12"][0] + 1, *figures["DA_VWI_R12"][1:]]},
        lambda figures: {**figures, "DA_VWI_POR_R12": [*figures["DA_VWI_POR_R12"][:-1], 0.0]},
        lambda figures: {name: numbers for name, numbers in figures.items() if name != "DA_PO_R12"},
    ],
    ids=["another figure of Barnet", "another year before", "an indicator missing"],
)
def test_contestant_with_wrong_figures_gets_no_time(
    told: dict[str, Told], spoil: Callable[[dict[str, Any]], dict[str, Any]]
) -> None:
    figures = told["limit"]["figures"]
    with pytest.raises(Failed):
        check(spoil(figures), figures, {})


def test_contestants_that_agree_on_a_wrong_figure_get_no_time(told: dict[str, Told]) -> None:
    figures = told["limit"]["figures"]
    with pytest.raises(Failed, match="Barnet"):
        check(figures, figures, {"DA_OFF_R12": figures["DA_OFF_R12"][0] + 1})


def test_repeated_file_has_the_same_figures_only_when_read_to_its_end(
    file: Path, told: dict[str, Told], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    rows = 2 * len(file.read_text(encoding="utf-8").splitlines()) + 7
    large = inputs.repeated(file, rows)
    lines = large.read_text(encoding="utf-8").splitlines(keepends=True)
    assert len(lines) == rows + 1
    check(told_by("limit", large)["figures"], told["limit"]["figures"], {})
    large.write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(Failed):
        check(told_by("limit", large)["figures"], told["limit"]["figures"], {})


def test_changed_file_differs_in_one_month_of_one_borough(file: Path, tmp_path: Path) -> None:
    before = file.read_text(encoding="utf-8").splitlines()
    after = inputs.changed(file, tmp_path).read_text(encoding="utf-8").splitlines()
    assert len(after) == len(before)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1
    first, *rest = barnet_offences(file)
    assert barnet_offences(tmp_path / "changed_r2.csv") == [first + 1, *rest]
