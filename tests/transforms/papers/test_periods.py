"""Periods: how papers name spans of days."""

from datetime import date

import pytest

from transforms.papers.periods import Period, financial_year_of, periods, spoken_of, twelve_months_to, year_before

FY_2020 = Period(date(2019, 4, 1), date(2020, 3, 31), "year")


def named(text: str) -> list[Period]:
    return [period for _, period in periods(text)]


@pytest.mark.parametrize(
    "text",
    [
        "12 months to March 2020",
        "12 months up to March 2020",
        "the twelve months ending 31 March 2020",
        "the year to the end of March 2020",
        "the year ending March 2020",
        "2019/20",
        "2019/2020",
        "2019-20",
        "April 2019 to March 2020",
        "Between April 2019 and March 2020",
        "(April 2019-March 2020)",
        "from 1 April 2019 to 31 March 2020",
        "1st April 2019 - 31st March 2020",
        "12-month period to Mar 2020",
    ],
)
def test_a_financial_year_in_every_way(text: str) -> None:
    assert named(text) == [FY_2020]


@pytest.mark.parametrize(
    ("text", "start", "end", "kind"),
    [
        ("1st April 2019 - 26 June 2020", date(2019, 4, 1), date(2020, 6, 26), "span"),
        ("October 2018 to March 2019", date(2018, 10, 1), date(2019, 3, 31), "span"),
        ("12 months to September 2020", date(2019, 10, 1), date(2020, 9, 30), "year"),
        ("12m to Sept 2020", date(2019, 10, 1), date(2020, 9, 30), "year"),
        ("R12 to September 2020", date(2019, 10, 1), date(2020, 9, 30), "year"),
        ("calendar year 2018", date(2018, 1, 1), date(2018, 12, 31), "year"),
        ("victims advised 2018 | 485", date(2018, 1, 1), date(2018, 12, 31), "year"),
        ("Q4 2019/20", date(2020, 1, 1), date(2020, 3, 31), "quarter"),
        ("2019/20 Q1", date(2019, 4, 1), date(2019, 6, 30), "quarter"),
        ("05 March 2019", date(2019, 3, 5), date(2019, 3, 5), "day"),
        ("in February 2020", date(2020, 2, 1), date(2020, 2, 29), "month"),
    ],
)
def test_other_spans(text: str, start: date, end: date, kind: str) -> None:
    assert named(text) == [Period(start, end, kind)]


@pytest.mark.parametrize("text", ["a year ago", "the previous year", "the year before", "than last year"])
def test_the_year_before_has_no_days_yet(text: str) -> None:
    assert [period.kind for period in named(text)] == ["ago"]


@pytest.mark.parametrize(
    "text", ["Strategy 2017-2020", "In the last year", "paragraph 2.19/20.1", "31 February 2020 to", ""]
)
def test_what_is_no_period(text: str) -> None:
    assert [period for period in named(text) if period.kind in ("year", "span", "ago", "day")] == []


def test_days_are_counted_with_both_ends() -> None:
    (period,) = named("1 April 2019 - 26 June 2020")
    assert period.days == 453
    assert str(period) == "1 April 2019 to 26 June 2020"


def test_years_around_a_leap_day() -> None:
    assert twelve_months_to(date(2020, 2, 1)) == Period(date(2019, 3, 1), date(2020, 2, 29), "year")
    assert year_before(twelve_months_to(date(2020, 2, 1))).end == date(2019, 2, 28)


def test_financial_year_of_a_day() -> None:
    assert financial_year_of(date(2019, 3, 5)).end == date(2019, 3, 31)
    assert financial_year_of(date(2019, 4, 1)) == FY_2020


def test_what_a_paper_is_about_is_what_it_names_most() -> None:
    before = year_before(FY_2020)
    assert spoken_of(["2018/19 and 2019/20", "12 months to March 2020"]) == [FY_2020, before]
    assert spoken_of(["2019/20 and 2018/19", "12 months to March 2020", "the year to March 2020"]) == [FY_2020]
    assert spoken_of(["nothing of the kind"]) == []
