"""`make bench`: how fast the whole way is, beside bare DuckDB, pandas and dlt on the same files."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from benchmarks.cold import starts
from benchmarks.inputs import digest, repeated, synthetic
from benchmarks.racing import CHECKED, CONTESTANTS, Race, race, worker
from benchmarks.showing import MEMORY, Shown, machine, show
from flows.progress import progress

ROOT = Path(__file__).parents[1]
POLICE = ROOT.parent / "shared" / "data" / "police" / "MPS_MonthlyCrimeDashboard_OtherCrimeData.csv"
NEEDS = 5  # bytes of memory for a byte of the file, at the most


def main(
    file: Annotated[Path, typer.Option(envvar="BENCHMARK_FILE", help="The police's file.")] = POLICE,
    rows: Annotated[int, typer.Option(help="Rows of the large file.")] = 5_000_000,
    rounds: Annotated[int, typer.Option(help="Rounds on the police's file.")] = 5,
    large_rounds: Annotated[int, typer.Option(help="Rounds on the large file.")] = 3,
    quick: Annotated[bool, typer.Option("--quick", help="Three rounds, and no large file.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
) -> None:
    """Run every contestant in turn, round by round, each in a process of its own, and print medians."""
    remarks = [
        "Ratio: to the limit. MB: peak memory. Only vawg and pandas check the rows. vawg has its empty warehouse.",
        machine(),
    ]
    with TemporaryDirectory(prefix="vawg-benchmark-") as folder, progress("Starting") as tell:
        if not file.is_file():
            remarks.append(f"There is no {file.name}: a synthetic file of its shape stands for it.")
            file = synthetic(Path(folder))
        checked = CHECKED.get(digest(file), {})
        files = {file: 3 if quick else rounds}
        if not quick:
            tell(f"Making the file of {rows:,} rows")
            large = repeated(file, rows)
            if NEEDS * large.stat().st_size > MEMORY:
                remarks.append(f"Left out for want of memory: the file of {rows:,} rows.")
            else:
                files[large] = large_rounds
        races = {}
        for one, times in files.items():
            told = f"{length(one):,} rows"
            races[told] = race(one, times, checked, tell)
            remarks.append(
                f"{told}: {one.stat().st_size / 1e6:,.0f} MB, medians of {times} rounds; a contestant's runs lie up to"
                f" {races[told].strayed():.0%} of its median apart."
            )
        tell("The same file again, and one month changed")
        repetitions = [worker("again", file) for _ in range(3)]
        cold: dict[str, list[float]] = {}
        for number in range(3):
            for command, seconds in starts():
                tell(f"Cold starts, round {number + 1} of 3: after {command}")
                cold.setdefault(command, []).append(seconds)
    remarks += [f"{CONTESTANTS[name]}: {reason}." for one in races.values() for name, reason in one.out.items()]
    show([contest(races), steps(races), again(repetitions), starting(cold)], remarks, markdown=markdown)


def contest(races: dict[str, Race]) -> Shown:
    """Return the medians of all contestants, side by side."""
    table = Shown(
        "From a file to the published figures, in a warm process",
        ["", *(header for file in races for header in (f"{file}: seconds", "ratio", "MB"))],
    )
    for name, title in CONTESTANTS.items():
        cells = []
        for one in races.values():
            if name in one.out:
                cells += ["-", "-", "-"]
                continue
            took = one.median(name, "seconds")
            cells += [
                f"{took:.2f}",
                f"{took / one.median('limit', 'seconds'):.1f}",
                f"{one.median(name, 'peak_mb'):,.0f}",
            ]
        table.rows.append([title, *cells])
    return table


def steps(races: dict[str, Race]) -> Shown:
    """Return what each step of ours takes."""
    taken = {file: one.steps() for file, one in races.items() if "ours" not in one.out}
    rows: dict[str, list[str]] = {}
    for each in taken.values():
        for step, seconds in each.items():
            rows.setdefault(step, [step]).extend([f"{seconds:.3f}", f"{seconds / sum(each.values()):.0%}"])
    headers = [header for file in taken for header in (f"{file}: seconds", "share")]
    return Shown("The steps of vawg", ["", *headers], list(rows.values()))


def again(repetitions: list[dict[str, Any]]) -> Shown:
    """Return what a repetition and a restated month take and store."""
    table = Shown("vawg, one file after the other in a warm process", ["", "seconds", "rows newly stored"])
    for run in repetitions[0]:
        took = median(one[run]["seconds"] for one in repetitions)
        table.rows.append([run, f"{took:.2f}", f"{repetitions[0][run]['rows']:,}"])
    return table


def starting(cold: dict[str, list[float]]) -> Shown:
    """Return the wall clock of whole commands."""
    rows = [[command, f"{median(seconds):.2f}"] for command, seconds in cold.items()]
    return Shown("Cold starts, on a tiny file", ["", "seconds"], rows)


def length(file: Path) -> int:
    """Return how many rows a file has below its header."""
    with file.open("rb") as content:
        return sum(block.count(b"\n") for block in iter(lambda: content.read(1 << 20), b"")) - 1


if __name__ == "__main__":
    typer.run(main)
