"""The Metropolitan Police's own file, from its bytes to the published figures, against a recount in plain Python."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import xlsxwriter

from expectations.areas import METROPOLITAN_BOROUGHS
from flows.home import Home
from flows.ingesting import ingest
from flows.outcomes import Outcome
from flows.refreshing import refresh_and_publish
from warehouse import open_published

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
POLICE = DATA / "police" / "MPS_MonthlyCrimeDashboard_OtherCrimeData.csv"
POPULATION = DATA / "population" / "london_borough_population.csv"

pytestmark = pytest.mark.skipif(
    not (POLICE.is_file() and POPULATION.is_file()), reason="the real public files are not beside this checkout"
)

BARNET, BRENT = "E09000003", "E09000005"
#: Published indicator of each series, as the file writes subtype and measure.
SERIES = {
    ("domestic abuse", "offences"): "DA_OFF_R12",
    ("domestic abuse violence with injury", "offences"): "DA_VWI_R12",
    ("domestic abuse", "positive outcomes"): "DA_PO_R12",
    ("domestic abuse violence with injury", "positive outcomes"): "DA_VWI_PO_R12",
}
CHECKED = {
    (2022, 7): (3195, 729, 269, 64),
    (2023, 2): (3078, 700, 240, 60),
    (2024, 3): (3040, 693, 193, 45),
    (2024, 7): (2817, 660, 187, 46),
}
MONTHS = [(number // 12, number % 12 + 1) for number in range(2021 * 12 + 7, 2024 * 12 + 7)]

Month = tuple[int, int]
Rows = dict[tuple[str, str, Month], dict[str, Any]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home of this module, so that the large file is taken in once."""
    return Home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def outcomes(home: Home) -> list[Outcome]:
    """Take in both files and publish."""
    outcomes = ingest(home, [POPULATION, POLICE])
    refresh_and_publish(home)
    return outcomes


@pytest.fixture(scope="module")
def published(home: Home, outcomes: list[Outcome]) -> Rows:
    """Return the published figures by indicator, area and month."""
    assert [outcome.status for outcome in outcomes] == ["accepted", "accepted"]
    with open_published(home.published) as published:
        rows = published.sql("FROM rolling_12m")
    return {
        (row["indicator_id"], row["area_code"], (row["period_end"].year, row["period_end"].month)): row
        for row in rows.iter_rows(named=True)
    }


def month_of(text: str) -> Month:
    """Return year and month of a date written dd/mm/yyyy."""
    return int(text[6:]), int(text[3:5])


def windows() -> Iterator[tuple[Month, list[Month] | None]]:
    """Yield the last month of each window with its twelve months; None where the file holds fewer."""
    for place, last in enumerate(MONTHS):
        yield last, MONTHS[place - 11 : place + 1] if place >= 11 else None


def test_every_row_is_accounted_for(outcomes: list[Outcome]) -> None:
    police = outcomes[1].counts
    assert (police.received, police.loaded, police.rejected, police.duplicate) == (352_267, 4_592, 0, 0)
    assert police.out_of_scope == 352_267 - 4_592


@pytest.mark.parametrize("end", CHECKED)
@pytest.mark.parametrize("column", range(4))
def test_checked_figure_of_barnet(end: Month, column: int, published: Rows) -> None:
    indicator = list(SERIES.values())[column]
    assert published[indicator, BARNET, end]["value"] == CHECKED[end][column]


def test_offences_of_the_32_boroughs_together(published: Rows) -> None:
    assert len(METROPOLITAN_BOROUGHS) == 32
    assert sum(published["DA_OFF_R12", area, (2024, 7)]["numerator"] for area in METROPOLITAN_BOROUGHS) == 87_253


def test_rate_and_rank_of_barnet(published: Rows) -> None:
    row = published["DA_OFF_RATE_R12", BARNET, (2024, 7)]
    assert (row["display"], row["numerator"], row["denominator"]) == ("6.95", 2817, 405_050)
    assert (row["rank"], row["rank_of"]) == (4, 32)
    assert row["population_series"].startswith("ONS")
    assert row["population_mid_year"] == 2024
    assert f"Residents: {row['population_series']}, mid-2024." in row["definition"]


def test_lowest_three_rates(published: Rows) -> None:
    by_rank = {
        row["rank"]: row["area_name"]
        for (indicator, _, end), row in published.items()
        if (indicator, end) == ("DA_OFF_RATE_R12", (2024, 7)) and row["rank"]
    }
    assert sorted(by_rank) == list(range(1, 33))
    assert [by_rank[place] for place in (1, 2, 3)] == ["Richmond upon Thames", "Harrow", "Kingston upon Thames"]


def test_windows_equal_a_recount_in_plain_python(published: Rows) -> None:
    counts: Counter[tuple[str, str, Month]] = Counter()
    with POLICE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            series = (row["Crime Subtype"].lower(), row["Measure"].lower())
            if row["Area Type"] == "Borough" and series in SERIES and row["Area code"] in METROPOLITAN_BOROUGHS:
                counts[SERIES[series], row["Area code"], month_of(row["Month_Year"])] += int(row["Count"])
    expected = {
        (indicator, area, last): sum(counts[indicator, area, month] for month in months) if months else None
        for indicator in SERIES.values()
        for area in METROPOLITAN_BOROUGHS
        for last, months in windows()
    }
    assert {key: published[key]["numerator"] for key in expected} == expected
    assert len(expected) == 4 * 32 * 36


def test_month_without_an_outcome_row_is_zero(home: Home, outcomes: list[Outcome]) -> None:
    assert outcomes
    with open_published(home.published) as published:
        zeros = published.sql(
            "SELECT month FROM monthly_measure WHERE area_code = ? AND subject_id = 'DA_VWI'"
            " AND measure_id = 'positive_outcomes' AND value = 0 ORDER BY month",
            [BARNET],
        ).rows()
    assert zeros == [(date(2023, 4, 1),), (date(2024, 6, 1),)]


def test_incomplete_window_is_empty_and_says_why(published: Rows) -> None:
    row = published["DA_OFF_R12", BARNET, (2022, 6)]
    assert (row["value"], row["display"], row["months_covered"]) == (None, "[x]", 11)
    assert row["reason"] == "Only 11 of the 12 months are covered."
    assert row["flags"] == ["x"]


@pytest.mark.parametrize("indicator", [*SERIES.values(), "DA_OFF_RATE_R12", "DA_VWI_POR_R12"])
def test_flags_are_provisional_in_the_latest_three_months_and_mixed_since_connect(
    indicator: str, published: Rows
) -> None:
    flags = {
        end: set(row["flags"]) for (one, area, end), row in published.items() if (one, area) == (indicator, BARNET)
    }
    complete = [last for last, months in windows() if months]
    assert {end for end in complete if "p" in flags[end]} == {(2024, 5), (2024, 6), (2024, 7)}
    assert {end for end in complete if "b" in flags[end]} == {(2024, number) for number in range(3, 8)}
    assert not any(flags[end] & {"r", "x"} for end in complete)


@pytest.mark.parametrize("indicator", [*SERIES.values(), "DA_OFF_RATE_R12", "DA_VWI_POR_R12"])
def test_change_across_connect_is_blank(indicator: str, published: Rows) -> None:
    after = published[indicator, BARNET, (2024, 3)]
    assert after["change"] is None
    assert after["change_display"] == "[b]"
    assert "b" in after["change_flags"]
    assert "series break" in after["change_reason"]
    before = published[indicator, BARNET, (2024, 2)]
    assert before["change"] is not None
    assert before["change_flags"] == []


def test_change_of_violence_is_blank_as_an_indicator_too(published: Rows) -> None:
    row = published["DA_VWI_YOY", BARNET, (2024, 3)]
    assert (row["value"], row["display"]) == (None, "[b]")
    assert {"b", "x"} <= set(row["flags"])


def test_rate_takes_the_latest_mid_year_on_or_before_the_end_of_the_window(published: Rows) -> None:
    years = {
        end: row["population_mid_year"]
        for (indicator, area, end), row in published.items()
        if (indicator, area) == ("DA_OFF_RATE_R12", BARNET)
    }
    assert all(year == end[0] - (end[1] < 6) for end, year in years.items())


def test_same_files_again_change_nothing(home: Home, published: Rows, tmp_path: Path) -> None:
    renamed = tmp_path / "the same again.csv"
    renamed.symlink_to(POLICE)
    with home.open() as connection:
        before = facts_of(connection)
    again = ingest(home, [POPULATION, POLICE, renamed])
    assert [outcome.status for outcome in again] == ["unchanged"] * 3
    assert again[1].counts.loaded == 0
    with home.open() as connection:
        assert facts_of(connection).equals(before)
    refresh_and_publish(home)
    with open_published(home.published) as reader:
        assert reader.sql("SELECT count(*) FROM rolling_12m").row(0) == (len(published),)
        assert reader.sql("SELECT count(*) FROM rolling_12m WHERE list_contains(flags, 'r')").row(0) == (0,)


def test_workbook_brings_the_same_facts_as_the_text_file(tmp_path: Path, home: Home, outcomes: list[Outcome]) -> None:
    assert outcomes
    with POLICE.open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    workbook = tmp_path / "dashboard.xlsx"
    write_workbook(
        workbook, header, [row for row in rows if row[4] in {BARNET, BRENT} or row[2] in {"Barnet", "Brent"}]
    )
    other = Home(tmp_path / "home")
    (outcome,) = ingest(other, [workbook])
    assert (outcome.status, outcome.counts.rejected) == ("accepted", 0)
    with home.open() as connection:
        expected = facts_of(connection).filter(pl.col("area_code").is_in([BARNET, BRENT]))
    with other.open() as connection:
        # The same content has the same name, whatever file it came in.
        assert facts_of(connection).equals(expected)
    assert len(expected) > 250


def facts_of(connection: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """Return every fact row, in order."""
    return connection.sql("FROM fact_offences ORDER BY ALL").pl()


def write_workbook(path: Path, header: list[str], rows: list[list[str]]) -> None:
    """Write rows of the dashboard with real dates and numbers, as the publisher's workbook has them."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Other crime")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, header)
        for place, cells in enumerate(rows, start=1):
            for column, (name, cell) in enumerate(zip(header, cells, strict=True)):
                if name in {"Month_Year", "Refresh Date"}:
                    sheet.write_datetime(place, column, date(int(cell[6:]), int(cell[3:5]), int(cell[:2])), day)
                elif name == "Count":
                    sheet.write_number(place, column, int(cell))
                else:
                    sheet.write_string(place, column, cell)
