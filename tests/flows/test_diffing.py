"""Diffing: exactly what changed, why, and the submission behind it; and a restatement on its way to acceptance."""

import csv
import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.diffing import Compared, NoSuchReading, compare, instant
from flows.home import Home
from flows.ingesting import ingest_file
from flows.publications import publications
from flows.refreshing import refresh_and_publish
from flows.reporting import report_as_of
from flows.restating import accept, held_back, show_held_back
from flows.showing_difference import show_difference, write_difference
from tests.empty import with_warehouse
from warehouse import open_published, restating

POLICE = Path(__file__).resolve().parents[3] / "shared/data/police/MPS_MonthlyCrimeDashboard_OtherCrimeData.csv"
BARNET, HARROW = "E09000003", "E09000015"
VIOLENCE, ABUSE = "domestic abuse violence with injury", "domestic abuse"
#: What is restated by hand: area, month, subtype and measure, and by how many.
BY_HAND = {
    (BARNET, "01/12/2022", VIOLENCE, "Offences"): -10,
    (BARNET, "01/01/2023", ABUSE, "Offences"): 8,
    (BARNET, "01/02/2023", VIOLENCE, "Offences"): -15,
    (HARROW, "01/05/2024", ABUSE, "Offences"): -3,
}


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[Callable[[], None]], str]:
    """Return a function that shows something on a wide terminal, and returns what it printed."""
    monkeypatch.setenv("COLUMNS", "200")

    def told(show: Callable[[], None]) -> str:
        capsys.readouterr()
        show()
        return capsys.readouterr().out

    return told


def cells(compared: Compared) -> set[tuple[Any, ...]]:
    """Return the counts that changed, with both values."""
    assert compared.difference
    return {
        (row["area_code"], row["month"], row["subject_id"], row["measure_id"], row["old"], row["new"])
        for row in compared.difference.counts
    }


def extract(path: Path, counts: Mapping[str, int], drawn_on: str) -> Path:
    """Write an extract of Barnet's incidents, by month."""
    rows = [(f"{month}-01", BARNET, "DA_INCIDENT", "incidents", count, drawn_on) for month, count in counts.items()]
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([("Month", "Area code", "Concept", "Measure", "Count", "Extract date"), *rows])
    return path


def months(value: int, year: int = 2022) -> dict[str, int]:
    return {f"{year}-{month:02}": value for month in range(1, 13)}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home that has published 1,200 for 2022, to be copied."""
    home = with_warehouse(Home(tmp_path_factory.mktemp("first") / "home"))
    ingest_file(home, extract(home.root.with_name("first.csv"), months(100), "2026-01-05"))
    refresh_and_publish(home)
    return home


@pytest.fixture
def published(first: Home, tmp_path: Path) -> Home:
    """Return a home of its own that has published 1,200 for 2022."""
    return Home(shutil.copytree(first.root, tmp_path / "home"))


def test_new_month_and_a_restated_one_are_told_apart(published: Home, tmp_path: Path) -> None:
    path = extract(tmp_path / "next.csv", {**months(100), "2022-12": 98, "2023-01": 110}, "2026-02-05")
    found = compare(published, "now", str(path)).difference
    assert found
    assert {row["month"]: (row["old"], row["new"], row["reasons"]) for row in found.counts if row["new"]} == {
        date(2022, 12, 1): (100, 98, ["restated by the police"]),
        date(2023, 1, 1): (None, 110, ["new month"]),
    }
    figures = {row["period_end"]: row for row in found.figures if row["indicator_id"] == "DA_INC_R12"}
    assert {end: (row["old"], row["new"], row["reasons"], row["files"]) for end, row in figures.items()} == {
        date(2022, 12, 31): (1200, 1198, ["restated by the police"], ["next.csv"]),
        date(2023, 1, 31): (None, 1208, ["new month", "restated by the police"], ["next.csv"]),
    }


def test_file_that_is_compared_is_not_loaded(published: Home, tmp_path: Path) -> None:
    path = extract(tmp_path / "next.csv", {"2022-06": 10}, "2026-02-05")
    compared = compare(published, "now", str(path))
    (finding,) = (one for one in compared.findings if one.check == "file.held_back")
    assert "1,200 -> 1,110 (-7.5%)" in str(finding)
    assert path.exists()
    assert list(published.incoming.iterdir()) == []
    assert held_back(published) == []
    nothing = compare(published, "now", "now").difference
    assert nothing
    assert (nothing.counts, nothing.figures, nothing.slices) == ([], [], {})


def test_file_that_would_be_rejected_changes_nothing_and_says_why(
    published: Home, tmp_path: Path, told: Callable[[Callable[[], None]], str]
) -> None:
    path = extract(tmp_path / "broken.csv", {"2022-06": -1}, "2026-02-05")
    compared = compare(published, "now", str(path))
    assert not compared.accepted
    assert "The file would be rejected" in told(lambda: show_difference(compared))


def test_correction_of_ours_is_told_from_a_restatement(published: Home, tmp_path: Path) -> None:
    (published.root / "corrections.toml").write_text(
        '[[correction]]\nid = "june"\nsource = "police_extract"\nwhere = { month = "2022-06-01" }\nfield = "value"\n'
        'expects = "980"\nbecomes = "98"\nwhy = "A digit too many."\nwho = "The police."\nsince = 2026-02-01\n',
        encoding="utf-8",
    )
    path = extract(tmp_path / "next.csv", {**months(100), "2022-06": 980}, "2026-02-05")
    found = compare(Home(published.root), "now", str(path)).difference
    assert found
    assert [(row["new"], row["reasons"]) for row in found.counts] == [(98, ["our correction"])]


def test_figures_of_a_publication_that_todays_rules_do_not_give_have_a_new_definition(published: Home) -> None:
    with published.open() as connection:
        # As if the rules of then had given one more.
        connection.execute("UPDATE published_figure SET value = value + 1 WHERE indicator_id = 'DA_INC_R12'")
        ((run,),) = connection.execute("SELECT run_id FROM run").fetchall()
    found = compare(published, run, "now").difference
    assert found
    assert [(row["old"], row["new"], row["reasons"]) for row in found.figures] == [(1201, 1200, ["new definition"])]
    assert found.counts == []


def test_publications_that_are_kept_tell_what_is_computed_without_them(published: Home, tmp_path: Path) -> None:
    for name, counts, drawn_on in (
        ("within.csv", {**months(100), "2022-12": 98, "2023-01": 110}, "2026-02-05"),
        ("beyond.csv", {"2022-06": 10}, "2026-03-05"),
    ):
        ingest_file(published, extract(tmp_path / name, counts, drawn_on))
        refresh_and_publish(published)
    (waiting,) = held_back(published)
    accept(published, waiting["submission_id"], by="A. Analyst", why="Confirmed by the police.")
    refresh_and_publish(published)
    ingest_file(published, extract(tmp_path / "later.csv", {"2023-02": 90}, "2026-04-05"))
    runs = [str(one["run_id"]) for one in publications(published)][::-1]
    assert len(runs) == 4

    def told() -> dict[tuple[str, str], tuple[Any, ...]]:
        pairs = {(old, new): compare(published, old, new).difference for old, new in combinations([*runs, "now"], 2)}
        return {pair: (found.slices, found.counts, found.figures) for pair, found in pairs.items() if found}

    kept = told()
    changed = [[row["new"] for row in kept[pair][1] if row["new"]] for pair in pairwise([*runs, "now"])]
    assert changed == [[98, 110], [], [10], [90]]
    shutil.rmtree(published.published.parent / "generations")
    assert told() == kept


@pytest.mark.parametrize(("rules", "display"), [("those of now", "as printed"), ("others", "1200")])
def test_publication_that_other_rules_made_is_computed_by_those_of_now(
    published: Home, tmp_path: Path, rules: str, display: str
) -> None:
    (run,) = (str(one["run_id"]) for one in publications(published))
    with duckdb.connect(published.published.parent / "generations" / f"{run}.duckdb") as kept:
        kept.execute("UPDATE rolling_12m SET display = 'as printed' WHERE display = '1200'")
    if rules == "others":
        with published.open() as connection:
            connection.execute("UPDATE run SET fingerprint = 'of others'")
    ingest_file(published, extract(tmp_path / "next.csv", {**months(100), "2022-12": 98}, "2026-02-05"))
    found = compare(published, run, "now").difference
    assert found
    assert [(row["old_display"], row["new_display"]) for row in found.figures] == [(display, "1198")]


def test_what_names_no_reading_is_said(published: Home) -> None:
    for said in ("yesterday", "run-1", "2026-13-01", "no-such-file.csv"):
        with pytest.raises(NoSuchReading, match=f'"{said}" is neither'):
            compare(published, said, "now")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-07-01", datetime(2026, 7, 1, 22, 59, 59, 999999)),  # summer time
        ("2026-12-01", datetime(2026, 12, 1, 23, 59, 59, 999999)),
        ("2026-07-01T12:00", datetime(2026, 7, 1, 12)),
        ("2026-07-01T12:00+01:00", datetime(2026, 7, 1, 11)),
    ],
)
def test_day_is_its_end_in_england_and_an_instant_is_utc(said: str, meant: datetime) -> None:
    assert instant(said) == meant


def dashboard(path: Path, by_hand: Mapping[tuple[str, str, str, str], int], refreshed_on: str) -> Path:
    """Write the domestic abuse rows of two boroughs from the shared file, changed by hand."""
    with POLICE.open(encoding="utf-8-sig", newline="") as lines, path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.DictReader(lines)
        writer = csv.DictWriter(out, list(rows.fieldnames or []))
        writer.writeheader()
        for row in rows:
            if row["Area code"] in (BARNET, HARROW) and row["Crime Type"] == "Domestic Abuse":
                key = (row["Area code"], row["Month_Year"], row["Crime Subtype"].lower(), row["Measure"])
                count = int(row["Count"]) + by_hand.get(key, 0)
                writer.writerow({**row, "Count": count, "Refresh Date": refreshed_on})
    return path


@pytest.mark.skipif(not POLICE.is_file(), reason="the real public files are not beside this checkout")
def test_real_file_restated_by_hand_from_the_held_back_figure_to_the_register(
    home: Home, tmp_path: Path, told: Callable[[Callable[[], None]], str]
) -> None:
    ingest_file(home, dashboard(tmp_path / "august.csv", {}, "02/08/2025"))
    first = refresh_and_publish(home)
    path = dashboard(tmp_path / "september.csv", BY_HAND, "02/09/2025")
    # What the shared file has, read off by hand.
    changed = {
        (BARNET, date(2022, 12, 1), "DA_VWI", "offences", 68, 58),
        (BARNET, date(2023, 1, 1), "DA_OFFENCE", "offences", 271, 279),
        (BARNET, date(2023, 2, 1), "DA_VWI", "offences", 45, 30),
        (HARROW, date(2024, 5, 1), "DA_OFFENCE", "offences", 147, 144),
    }
    assert cells(compare(home, "now", str(path))) == changed
    ingest_file(home, path)
    refresh_and_publish(home)
    beyond = {one for one in changed if one[2] == "DA_VWI"}
    assert cells(compare(home, first.run_id, "now")) == changed - beyond
    (waiting,) = held_back(home)
    submission = waiting["submission_id"]
    assert f"vawg accept {submission}" in told(lambda: show_held_back(held_back(home)))
    assert cells(compare(home, "now", submission)) == beyond
    february = "indicator_id = 'DA_VWI_R12' AND area_code = 'E09000003' AND period_end = '2023-02-28'"
    with open_published(home.published) as figures:
        query = (
            f"SELECT display, list_contains(flags, 'r'), list_contains(flags, 'h') FROM rolling_12m WHERE {february}"
        )
        # 700 are the police's of August 2025, and 25 fewer would be 3.6%.
        assert figures.sql(query).rows() == [("700", False, True)]
        before = datetime.now(UTC).replace(tzinfo=None)
        accept(home, submission, by="A. Analyst", why="Confirmed by the police.")
        second = refresh_and_publish(home)
        assert figures.sql(query).rows() == [("675", True, False)]
    with home.open() as connection:
        register = f"SELECT value FROM published_figure JOIN run USING (run_id) WHERE {february} ORDER BY as_of"
        assert connection.execute(register).fetchall() == [(700,), (675,)]
    assert cells(compare(home, first.run_id, second.run_id)) == changed
    year = [one for one in report_as_of(home, before).years if one["indicator_id"] == "DA_VWI_R12"]
    assert {(one["as_published"], one["as_restated"]) for one in year if one["period_end"] == date(2023, 3, 31)} == {
        ("709", "709")
    }
    year = [one for one in report_as_of(home, second.as_of).years if one["indicator_id"] == "DA_VWI_R12"]
    assert {(one["as_published"], one["as_restated"]) for one in year if one["period_end"] == date(2023, 3, 31)} == {
        ("709", "684")
    }


def test_page_needs_nothing_else_and_has_every_change(
    published: Home, tmp_path: Path, told: Callable[[Callable[[], None]], str]
) -> None:
    path = extract(tmp_path / "<b>next.csv", {**months(100), "2022-06": 98, "2022-07": 97}, "2026-02-05")
    compared = compare(published, "now", str(path))
    page = write_difference(compared, tmp_path / "page").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "http" not in page
    assert "&lt;b&gt;next" in page
    assert "<b>next" not in page
    for row in ("Jun 2022", "Jul 2022"):
        assert page.count(f'<th scope="row" class="period">{row}</th>') == 1
    assert '<td class="number">1200</td><td class="number">1195</td>' in page
    printed = told(lambda: show_difference(compared))
    assert "Changed: 2 counts of months or quarters" in printed
    assert all(line in printed for line in ("Jun 2022", "-2.0%", "-3.0%", "1195"))


def test_acceptance_on_trial_is_undone(published: Home, tmp_path: Path) -> None:
    path = extract(tmp_path / "next.csv", {"2022-06": 10}, "2026-02-05")
    outcome = ingest_file(published, path)
    assert "file.held_back" in {one.check for one in outcome.findings}
    compared = compare(published, "now", str(outcome.submission_id))
    assert compared.difference
    assert [(row["old"], row["new"], row["accepted_by"]) for row in compared.difference.counts] == [(100, 10, [])]
    # The file itself shows the same, though what it brings is held back by now.
    assert cells(compare(published, "now", str(path))) == cells(compared)
    with published.open() as connection:
        assert connection.execute("FROM acceptance").fetchall() == []
        assert len(restating.waiting(connection)) == 1
