"""The figures of paragraph 1.7, from invented files through the whole way to the published database."""

import csv
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest

from expectations.areas import METROPOLITAN_BOROUGHS
from flows.demonstration import write_demonstration
from flows.home import Home
from flows.ingesting import ingest
from flows.refreshing import refresh_and_publish
from warehouse import open_published

BARNET = "E09000003"
ROWS = csv.DictReader(Path(__file__).parents[1].joinpath("acceptance.csv").read_text(encoding="utf-8").splitlines())
CASES = {row["id"]: row for row in ROWS if row["id"].startswith("A")}

#: End of the window and published indicator of each case; A15z is no window.
WINDOWS = {
    "A01": (date(2017, 3, 31), "DA_INC_R12"),
    "A02": (date(2017, 3, 31), "DA_OFF_R12"),
    "A03": (date(2017, 3, 31), "DA_CONV_R12"),
    "A04": (date(2018, 3, 31), "DA_INC_R12"),
    "A05": (date(2018, 3, 31), "DA_OFF_R12"),
    "A06": (date(2018, 3, 31), "DA_CONV_R12"),
    "A07": (date(2019, 3, 31), "DA_INC_R12"),
    "A08": (date(2019, 3, 31), "DA_OFF_R12"),
    "A09": (date(2019, 3, 31), "DA_CONV_R12"),
    "A10": (date(2020, 3, 31), "DA_INC_R12"),
    "A11": (date(2020, 3, 31), "DA_OFF_R12"),
    "A12": (date(2020, 3, 31), "DA_CONV_R12"),
    "A13": (date(2020, 3, 31), "DA_VWI_R12"),
    "A14": (date(2020, 3, 31), "DA_VWI_YOY"),
    "A15": (date(2020, 3, 31), "DA_VWI_SD_R12"),
    "A15z": (date(2020, 3, 31), "DA_VWI_SD_R12"),
    "A16": (date(2020, 3, 31), "DA_VWI_SDR_R12"),
    "A17": (date(2020, 3, 31), "DA_VWI_SDR_R12"),
    "A18": (date(2020, 9, 30), "DA_INC_RATE_R12"),
    "A19": (date(2020, 3, 31), "DA_INC_RATE_R12"),
    "A20": (date(2020, 9, 30), "DA_INC_RANK"),
}
SCALES = {"count": 1, "%": 100, "per 1,000": 1000}

Figure = Callable[[str, date], dict[str, Any]]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish the demonstration once."""
    home = Home(tmp_path_factory.mktemp("home"))
    outcomes = ingest(home, write_demonstration(home.landing, METROPOLITAN_BOROUGHS))
    assert {outcome.status for outcome in outcomes} == {"accepted"}
    return refresh_and_publish(home).database


@pytest.fixture(scope="module")
def figure(database: Path) -> Figure:
    """Return a function that reads a published figure of Barnet."""

    def figure(indicator: str, period_end: date) -> dict[str, Any]:
        with open_published(database) as published:
            rows = published.sql(
                "FROM rolling_12m WHERE area_code = $area AND indicator_id = $indicator AND period_end = $end",
                {"area": BARNET, "indicator": indicator, "end": period_end},
            )
        assert len(rows) == 1
        return rows.row(0, named=True)

    return figure


def rounded(exact: Fraction, like: str) -> Decimal:
    """Round half up, once, to as many decimals as the expected figure has; no figure here is negative."""
    places = len(like.partition(".")[2])
    return Decimal(floor(exact * 10**places + Fraction(1, 2))).scaleb(-places)


def exact_value(row: dict[str, Any]) -> Fraction:
    """Return a level or a change from its exact numerator and denominator."""
    numerator, denominator = row["numerator"], row["denominator"] or 1
    if row["indicator_id"].endswith("_YOY"):
        return Fraction(100 * (numerator - denominator), denominator)
    return Fraction(numerator * SCALES[row["unit"]], denominator)


def obtained(case: str, expected: str, figure: Figure) -> Decimal:
    """Return what the pipeline publishes for a case, rounded like the expected figure."""
    end, indicator = WINDOWS[case]
    row = figure(indicator, end)
    assert row["months_covered"] == 12
    if case == "A17":
        before = figure(indicator, end.replace(year=end.year - 1))
        assert row["prior_value"] == before["value"]
        return rounded(exact_value(before), expected)
    if case == "A20":
        assert (row["rank"], row["rank_of"]) == (row["value"], 32)
        return Decimal(row["rank"])
    assert row["value"] == pytest.approx(float(exact_value(row)))
    return rounded(exact_value(row), expected)


def test_every_case_of_the_police_is_here() -> None:
    assert CASES.keys() == WINDOWS.keys()


@pytest.mark.parametrize("case", [case for case in CASES if case != "A15z"])
def test_printed_figure_is_reproduced(case: str, figure: Figure) -> None:
    row = CASES[case]
    mode, _, obtainable = row["mode"].partition(":")
    expected = obtainable if mode == "known_bad" else row["printed"]
    assert Decimal(expected) == Decimal(row["expected"])
    assert obtained(case, expected, figure) == Decimal(expected)
    assert (Decimal(expected) == Decimal(row["printed"])) == (mode == "exact")


def test_a15z_month_without_a_row_is_zero_and_the_window_complete(database: Path, figure: Figure) -> None:
    december = "area_code = $area AND month = '2019-12-01' AND measure_id = 'sanction_detections'"
    with open_published(database) as published:
        rows = published.sql(f"SELECT count(*) FROM fact_offences WHERE {december}", {"area": BARNET})
        value = published.sql(f"SELECT value FROM monthly_measure WHERE {december}", {"area": BARNET})
    assert rows.row(0) == (0,)
    assert value.rows() == [(int(CASES["A15z"]["expected"]),)]
    row = figure("DA_VWI_SD_R12", date(2020, 3, 31))
    assert (row["months_covered"], row["numerator"], row["reason"]) == (12, 110, None)


@pytest.mark.parametrize(("case", "display"), [("A03", "51"), ("A14", "+0.5"), ("A16", "13.6"), ("A18", "13.3")])
def test_display_is_rounded_as_printed(case: str, display: str, figure: Figure) -> None:
    end, indicator = WINDOWS[case]
    assert figure(indicator, end)["display"] == display


def test_prior_sanction_detection_rate_is_displayed_to_the_places_of_the_indicator(figure: Figure) -> None:
    assert figure("DA_VWI_SDR_R12", date(2020, 3, 31))["prior_display"] == "17.1"


def test_every_figure_of_the_demonstration_says_that_it_is_synthetic(database: Path) -> None:
    with open_published(database) as published:
        said = published.sql("SELECT DISTINCT is_synthetic FROM rolling_12m WHERE value IS NOT NULL")
    assert said.rows() == [(True,)]
