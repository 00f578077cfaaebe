"""Figures that must be defended: how soon it is said what changed, where a figure comes from, and what it was.

Run by itself: `python -m benchmarks.defending`. Timed are twelve years of every source, the demonstration's four over
and over, and the police's file where it is. After the first publication one month of one borough is restated.
"""

import csv
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import duckdb

from benchmarks.contestant import tell
from benchmarks.disclosure import published
from benchmarks.inputs import changed
from flows.diffing import compare
from flows.explaining import explain
from flows.home import Home
from flows.ingesting import ingest
from flows.publications import publications, rebuild
from flows.refreshing import refresh_and_publish
from flows.restating import accept, held_back

BARNET = "E09000003"
POLICE = Path(__file__).parents[2] / "shared" / "data" / "police" / "MPS_MonthlyCrimeDashboard_OtherCrimeData.csv"
FACTS = ("fact_offences", "fact_referrals", "fact_return_counts", "coverage", "slice")
OF_A_CONTENT = ("content_id", "slice_key", "referral_id", "earlier_referral_id")


def lengthen(home: Home) -> None:
    """Give a home that holds four years of every source the same four years twice again, with later months."""
    with home.open() as connection:
        connection.execute("DELETE FROM slice WHERE month >= DATE '2020-04-01'")  # some sources have a little more
        for table in FACTS:
            connection.execute(f"CREATE TEMP TABLE four_years AS FROM {table}")
            for years in (4, 8):
                connection.execute(f"INSERT INTO {table} SELECT {_later(connection, years)} FROM four_years")
            connection.execute("DROP TABLE four_years")


def _later(connection: duckdb.DuckDBPyConnection, years: int) -> str:
    """Return the columns of the four years so that they are those of other contents, some years later."""
    columns = connection.execute("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'four_years'")
    return ", ".join(_shifted(name, kind, years) for name, kind in columns.fetchall())


def _shifted(name: str, kind: str, years: int) -> str:
    """Return a column of the four years as it is some years later."""
    if name == "loaded_at":
        return "get_current_timestamp() AT TIME ZONE 'UTC'"
    if kind == "DATE" and name != "vintage":
        return f"({name} + INTERVAL {years} YEAR)::DATE"
    return f"{name} || '+{years}'" if name in OF_A_CONTENT else name


def restated(file: Path, folder: Path) -> Path:
    """Write an extract of the police with one incident more in one month of Barnet."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    one = next(row for row in rows if row["Area code"] == BARNET and row["Measure"] == "incidents")
    one["Count"] = str(int(one["Count"]) + 1)
    path = folder / f"{file.stem}_r2.csv"
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(one))
        writer.writeheader()
        writer.writerows(rows)
    return path


def seconds(do: Callable[[], object], rounds: int = 3) -> float:
    """Return the median of the seconds that something takes."""
    took = []
    for _ in range(rounds):
        started = perf_counter()
        do()
        took.append(perf_counter() - started)
    return median(took)


def of_all_sources(folder: Path) -> dict[str, float]:
    """Return what each takes on twelve years of every source."""
    home = published(folder)
    lengthen(home)
    first = seconds(lambda: refresh_and_publish(home), 1)
    (extract,) = folder.glob("home/**/*police_extract_2019-20*.csv")
    ingest(home, [restated(extract, folder)])
    (held,) = held_back(home)  # the year is closed
    accept(home, held["submission_id"], by="A. Analyst", why="Looked at.")
    again = seconds(lambda: refresh_and_publish(home), 1)
    run = str(publications(home)[1]["run_id"])
    made = iter(range(3))
    return {
        "refresh: every month": first,
        "refresh: one month restated": again,
        "diff: with the publication before": seconds(lambda: compare(home, run, "now")),
        "explain: without the files": seconds(
            lambda: explain(home, "DA_INC_RATE_R12", "Barnet", "2020-03", recount=False)
        ),
        "explain: counted again from them": seconds(lambda: explain(home, "DA_INC_RATE_R12", "Barnet", "2020-03")),
        "rebuild: the publication before": seconds(lambda: rebuild(home, run, folder / f"again {next(made)}")),
    }


def of_the_police(folder: Path) -> dict[str, float]:
    """Return what each takes on the police's own file."""
    home = Home(folder / "home").prepare()
    ingest(home, [POLICE])
    refresh_and_publish(home)
    ingest(home, [changed(POLICE, folder)])
    again = seconds(lambda: refresh_and_publish(home), 1)
    run = str(publications(home)[1]["run_id"])
    return {
        "refresh: one month restated": again,
        "diff: with the publication before": seconds(lambda: compare(home, run, "now")),
        "explain: counted again from the files": seconds(lambda: explain(home, "DA_OFF_R12", "Barnet", "2024-03")),
    }


if __name__ == "__main__":
    timed = {"twelve years of every source": of_all_sources}
    if POLICE.is_file():
        timed["the police's file"] = of_the_police
    for title, measured in timed.items():
        with TemporaryDirectory(prefix="vawg-benchmark-") as temporary:
            tell({title: measured(Path(temporary))})
