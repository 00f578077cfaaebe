"""Windows of twelve months against cases worked by hand."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from duckdb import DuckDBPyConnection as Connection

from expectations.areas import METROPOLITAN_BOROUGHS

BARNET, BRENT = "E09000003", "E09000005"

Load = Callable[..., str]
Figures = Callable[..., dict[str, dict[str, Any]]]


def test_window_is_the_sum_of_its_twelve_months(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": list(range(1, 15))}, first="2020-04")
    found = figures(warehouse, "DA_INC_R12")
    assert [(found[month]["value"], found[month]["period_end"]) for month in ("2021-03", "2021-04", "2021-05")] == [
        (78, date(2021, 3, 31)),
        (90, date(2021, 4, 30)),
        (102, date(2021, 5, 31)),
    ]
    assert all(row["value"] is None for month, row in found.items() if month < "2021-03")


def test_gap_empties_every_window_that_it_falls_in(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [100] * 5 + [None] + [100] * 12}, first="2020-01")
    found = figures(warehouse, "DA_INC_R12")
    assert list(found) == [f"{2020 + number // 12}-{number % 12 + 1:02}" for number in range(18)]
    assert [found[month]["months_covered"] for month in ("2020-05", "2020-06", "2020-12", "2021-05", "2021-06")] == [
        *(5, 5, 11, 11, 12)
    ]
    assert found["2021-05"]["value"] is None
    assert found["2021-05"]["reason"] == "Only 11 of the 12 months are covered."
    assert (found["2021-05"]["display"], found["2021-05"]["flags"]) == ("[x]", ["x"])
    assert found["2021-06"]["value"] == 1200


def test_covered_month_without_a_row_is_zero(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [100] * 12, "vwi": [5] * 12, "sd": [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]})
    row = figures(warehouse, "DA_VWI_SD_R12")["2021-03"]
    assert (row["value"], row["months_covered"], row["reason"]) == (3, 12, None)
    assert warehouse.execute("SELECT count(*) FROM fact_offences WHERE value = 0").fetchone() == (0,)


def test_series_that_a_source_does_not_carry_is_unknown_not_zero(
    warehouse: Connection, load: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [100] * 12})
    row = figures(warehouse, "DA_PO_R12")["2021-03"]
    assert (row["value"], row["months_covered"]) == (None, 0)
    assert figures(warehouse, "DA_OFF_R12")["2021-03"]["value"] == 0


def test_window_over_a_leap_day_has_twelve_months(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [1] * 11 + [1000, 7]}, first="2019-03")
    found = figures(warehouse, "DA_INC_R12")
    assert (found["2020-02"]["period_end"], found["2020-02"]["value"]) == (date(2020, 2, 29), 1011)
    assert found["2020-03"]["value"] == 1017


def test_area_that_starts_later_has_every_month_and_counts_its_own(
    warehouse: Connection, load: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [10] * 18}, first="2020-01")
    load(warehouse, {"inc": [20] * 12}, area=BRENT, first="2020-07")
    brent = figures(warehouse, "DA_INC_R12", BRENT)
    assert list(brent) == list(figures(warehouse, "DA_INC_R12", BARNET))
    assert [brent[month]["months_covered"] for month in ("2020-01", "2020-06", "2020-07", "2021-05")] == [0, 0, 1, 11]
    assert brent["2021-06"]["value"] == 240


def test_first_source_is_read_where_two_cover_a_series(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [100] * 12, "off": [60] * 12}, first="2020-04", vintage="2026-06-01")
    load(warehouse, {"off": [50] * 6}, first="2020-10", source="police_dashboard", vintage="2021-05-01")
    assert figures(warehouse, "DA_OFF_R12")["2021-03"]["value"] == 6 * 60 + 6 * 50
    assert figures(warehouse, "DA_INC_R12")["2021-03"]["value"] == 1200
    read = warehouse.execute(
        "SELECT month, source FROM monthly_measure_as_of(TIMESTAMP '9999-01-01')"
        " WHERE subject_id = 'DA_OFFENCE' AND measure_id = 'offences' ORDER BY month"
    ).fetchall()
    assert [source for _, source in read] == ["police_extract"] * 6 + ["police_dashboard"] * 6


def test_zero_of_the_first_source_beats_a_row_of_the_second(
    warehouse: Connection, load: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [100] * 12, "vwi": [9] * 12})
    load(warehouse, {"off": [50] * 12, "vwi": [9] * 11 + [0]}, source="police_dashboard")
    assert figures(warehouse, "DA_VWI_R12")["2021-03"]["value"] == 99


def test_ratio_is_of_sums_not_a_mean_of_ratios(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [10] * 11 + [890], "off": [10] * 11 + [89]})
    row = figures(warehouse, "DA_CONV_R12")["2021-03"]
    assert (row["numerator"], row["denominator"]) == (199, 1000)
    assert row["value"] == pytest.approx(19.9)
    assert row["display"] == "20"


def test_ratio_is_known_only_where_both_its_series_are(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"off": [50] * 12}, source="police_dashboard")
    load(warehouse, {"inc": [100] * 5}, first="2020-11")
    row = figures(warehouse, "DA_CONV_R12")["2021-03"]
    assert (row["value"], row["numerator"], row["denominator"]) == (None, None, None)
    assert row["reason"] == "Only 5 of the 12 months are covered."


def test_ratio_over_zero_is_empty_and_says_so(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [100] * 12})
    row = figures(warehouse, "DA_VWI_SDR_R12")["2021-03"]
    assert (row["value"], row["display"], row["reason"]) == (None, "[x]", "The denominator is zero.")


def test_change_of_a_count_is_in_percent(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [100] * 12 + [107] * 11 + [108]})
    row = figures(warehouse, "DA_INC_R12")["2022-03"]
    assert (row["prior_value"], row["prior_display"], row["change_unit"]) == (1200, "1200", "%")
    assert row["change"] == pytest.approx(100 * 85 / 1200)
    assert row["change_display"] == "+7.1"
    assert (row["change_reason"], row["change_flags"]) == (None, [])


def test_change_of_a_percentage_is_in_percentage_points(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [100] * 24, "off": [60] * 12 + [50] * 11 + [49]})
    row = figures(warehouse, "DA_CONV_R12")["2022-03"]
    assert row["change_unit"] == "pp"
    assert row["change"] == pytest.approx(100 * (599 - 720) / 1200)
    assert row["change_display"] == "-10.1"


def test_change_of_a_rate_is_in_percent_each_over_its_own_residents(
    warehouse: Connection, load: Load, load_residents: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [100] * 24})
    load_residents(warehouse, {(BARNET, 2020): 100_000, (BARNET, 2021): 96_000})
    row = figures(warehouse, "DA_INC_RATE_R12")["2022-03"]
    assert (row["display"], row["prior_display"], row["change_unit"]) == ("12.5", "12.0", "%")
    assert row["change"] == pytest.approx(100 * (12.5 - 12) / 12)


@pytest.mark.parametrize(
    ("months", "change", "reason"),
    [
        ([1] * 11 + [8], None, "The value of the year before is below 20."),
        ([1] * 11 + [9], 20.0, None),
        ([0] * 12, None, "The value of the year before is zero."),
    ],
)
def test_change_on_a_small_base_is_not_given(
    months: list[int], change: float | None, reason: str | None, warehouse: Connection, load: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [100] * 24, "vwi": months + [2] * 12})
    row = figures(warehouse, "DA_VWI_R12")["2022-03"]
    assert (row["value"], row["change"], row["change_reason"]) == (24, change, reason)
    assert row["change_display"] == ("[x]" if reason else "+20.0")
    assert figures(warehouse, "DA_VWI_YOY")["2022-03"]["value"] == change


def test_change_of_a_rate_on_a_small_base_is_not_given(
    warehouse: Connection, load: Load, load_residents: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [1] * 24})
    load_residents(warehouse, {(BARNET, 2020): 1000})
    row = figures(warehouse, "DA_INC_RATE_R12")["2022-03"]
    assert (row["value"], row["change"]) == (12, None)
    assert row["change_reason"] == "The value of the year before is below 20."


def test_change_in_percentage_points_needs_no_base(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [100] * 24, "vwi": [2] * 24, "sd": [0] * 12 + [1] * 12})
    assert figures(warehouse, "DA_VWI_SDR_R12")["2022-03"]["change_display"] == "+50.0"


@pytest.mark.parametrize(("later", "display"), [(1000, "0.0"), (999, "0.0"), (1001, "0.0"), (994, "-0.1")])
def test_change_that_rounds_to_nothing_has_no_sign(
    later: int, display: str, warehouse: Connection, load: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [1000] * 12 + [later] + [1000] * 11})
    assert figures(warehouse, "DA_INC_R12")["2022-03"]["change_display"] == display


def test_change_is_unknown_without_the_year_before(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [100] * 23})
    row = figures(warehouse, "DA_INC_R12")["2022-02"]
    assert (row["prior_value"], row["prior_display"], row["change_display"]) == (None, "[x]", "[x]")
    assert row["change_reason"] == "The 12 months before are not known."


def rank_of_barnet(connection: Connection, figures: Figures) -> tuple[Any, ...]:
    row = figures(connection, "DA_INC_RANK")["2021-03"]
    return row["value"], row["rank"], row["rank_of"], row["reason"]


def test_rank_counts_from_the_lowest_of_all_32(
    warehouse: Connection, load: Load, load_residents: Load, figures: Figures
) -> None:
    others = [area for area in METROPOLITAN_BOROUGHS if area != BARNET]
    load(warehouse, {"inc": [100] * 12})
    load(warehouse, {"inc": [90] * 12}, area=others[:3])
    load(warehouse, {"inc": [100] * 12}, area=others[3:5])
    load(warehouse, {"inc": [110] * 12}, area=others[5:])
    load_residents(warehouse, dict.fromkeys(((area, 2020) for area in METROPOLITAN_BOROUGHS), 100_000))
    assert rank_of_barnet(warehouse, figures) == (4, 4, 32, None)
    assert figures(warehouse, "DA_INC_RANK", others[3])["2021-03"]["rank"] == 4
    assert figures(warehouse, "DA_INC_RANK", others[5])["2021-03"]["rank"] == 7
    assert figures(warehouse, "DA_INC_R12")["2021-03"]["rank"] is None


@pytest.mark.parametrize("missing", ["months", "residents", "series", "mid-year"])
def test_rank_is_not_given_unless_all_32_compare(
    missing: str, warehouse: Connection, load: Load, load_residents: Load, figures: Figures
) -> None:
    residents = dict.fromkeys(((area, 2020) for area in METROPOLITAN_BOROUGHS), 100_000)
    load(warehouse, {"inc": [100] * 12}, area=[area for area in METROPOLITAN_BOROUGHS if area != BRENT])
    load(warehouse, {"inc": [100] * (11 if missing == "months" else 12)}, area=BRENT)
    if missing in {"residents", "series", "mid-year"}:
        del residents[BRENT, 2020]
    if missing == "mid-year":
        load_residents(warehouse, {(BRENT, 2019): 100_000})
    if missing == "series":
        load_residents(warehouse, {(BRENT, 2020): 100_000}, series="ONS mid-year estimates, original")
    load_residents(warehouse, residents)
    reason = "Not all boroughs are covered by one population series."
    assert rank_of_barnet(warehouse, figures) == (None, None, None, reason)
    assert figures(warehouse, "DA_INC_RATE_R12")["2021-03"]["value"] == 12


def months_where(found: dict[str, dict[str, Any]], column: str, flag: str) -> list[str]:
    return [month for month, row in found.items() if flag in row[column]]


def test_level_is_mixed_in_the_eleven_windows_that_hold_both_sides_of_connect(
    warehouse: Connection, load: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [100] * 48, "off": [50] * 48, "vwi": [9] * 48}, first="2022-04")
    mixed = [f"2024-{number:02}" for number in range(3, 13)] + ["2025-01"]
    for indicator in ("DA_INC_R12", "DA_OFF_R12", "DA_CONV_R12", "DA_VWI_R12", "DA_VWI_SDR_R12"):
        found = figures(warehouse, indicator)
        assert months_where(found, "flags", "b") == mixed
        assert all(found[month]["value"] is not None for month in mixed)


def test_change_is_not_given_until_both_windows_lie_after_connect(
    warehouse: Connection, load: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [100] * 48, "vwi": [9] * 48}, first="2022-04")
    found = figures(warehouse, "DA_INC_R12")
    barred = [month for month in found if "2024-03" <= month <= "2026-01"]
    assert len(barred) == 23
    assert months_where(found, "change_flags", "b") == barred
    assert all(found[month]["change"] is None and found[month]["change_display"] == "[b]" for month in barred)
    assert (found["2026-02"]["change"], found["2026-02"]["change_display"]) == (0, "0.0")
    violence = figures(warehouse, "DA_VWI_YOY")
    assert [month for month in violence if violence[month]["display"] == "[b]"] == barred
    assert (violence["2026-02"]["display"], violence["2026-02"]["value"]) == ("0.0", 0)


def test_change_that_ends_before_connect_is_given(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [100] * 24}, first="2022-03")
    found = figures(warehouse, "DA_INC_R12")
    assert found["2024-02"]["change_display"] == "0.0"


@pytest.mark.parametrize(("month", "mid_year"), [("2021-03", 2020), ("2021-05", 2020), ("2021-06", 2021)])
def test_residents_are_those_of_the_latest_mid_year_up_to_the_windows_end(
    month: str, mid_year: int, warehouse: Connection, load: Load, load_residents: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [100] * 15})
    load_residents(warehouse, {(BARNET, year): year * 100 for year in (2019, 2020, 2021, 2022)}, series="ONS, invented")
    row = figures(warehouse, "DA_INC_RATE_R12")[month]
    assert (row["denominator"], row["population_mid_year"]) == (mid_year * 100, mid_year)
    assert row["population_series"] == "ONS, invented"
    assert f"Residents: ONS, invented, mid-{mid_year}." in row["definition"]


def test_rate_before_the_first_mid_year_says_that_no_residents_are_held(
    warehouse: Connection, load: Load, load_residents: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [100] * 12})
    load_residents(warehouse, {(BARNET, 2021): 100_000})
    load_residents(warehouse, {(BARNET, 2019): 100_000}, series="GLA projection")
    row = figures(warehouse, "DA_INC_RATE_R12")["2021-03"]
    assert row["value"] is None
    assert row["reason"] == "No residents of the series ONS are held for a mid-year up to this window."


def test_latest_three_months_are_provisional(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [100] * 18}, first="2020-01")
    assert months_where(figures(warehouse, "DA_INC_R12"), "flags", "p") == ["2021-04", "2021-05", "2021-06"]


def test_figure_is_synthetic_while_an_invented_file_is_behind_it(
    warehouse: Connection, load: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [100]}, first="2020-04", synthetic=True)
    load(warehouse, {"inc": [100] * 12}, first="2020-05")
    found = figures(warehouse, "DA_INC_R12")
    assert (found["2021-03"]["is_synthetic"], found["2021-04"]["is_synthetic"]) == (True, False)
    assert (len(found["2021-03"]["source_submission"]), len(found["2021-04"]["source_submission"])) == (2, 1)
