"""The calendar of England: its working days against the published bank holidays, and the day each return is due."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expectations.calendar import YEARS, due_on, monthly_run, returns_owed, working_day_after, working_days
from expectations.catalogue import catalogue
from expectations.source import Due

# England and Wales, as gov.uk/bank-holidays lists them: substitute days, and those of one year alone, included.
BANK_HOLIDAYS = {
    2016: "01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27",
    2017: "01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
    2018: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
    2019: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}
DAYS = st.dates(date(YEARS.start, 1, 1), date(YEARS.stop - 2, 12, 31))
NUMBERS = st.integers(1, 60)


@pytest.mark.parametrize("year", BANK_HOLIDAYS)
def test_what_is_no_working_day_is_a_weekend_or_a_published_bank_holiday(year: int) -> None:
    first, beyond = date(year, 1, 1), date(year + 1, 1, 1)
    days = [first + timedelta(days=number) for number in range((beyond - first).days)]
    off = [f"{day:%m-%d}" for day in days if day.weekday() < 5 and day not in working_days()]
    assert off == BANK_HOLIDAYS[year].split()


@pytest.mark.parametrize(
    ("end", "working_day", "due"),
    [
        ("2019-12-31", 5, "2020-01-08"),  # New Year's Day, and a weekend
        ("2020-12-31", 1, "2021-01-04"),  # a holiday that makes a long weekend
        ("2017-12-31", 1, "2018-01-02"),
        ("2021-12-31", 1, "2022-01-04"),  # New Year's Day on a Saturday: Monday is in its place
        ("2020-03-31", 10, "2020-04-16"),  # Good Friday and Easter Monday
        ("2018-03-31", 1, "2018-04-03"),  # a quarter that ends within Easter
        ("2024-03-31", 20, "2024-04-29"),
        ("2020-04-30", 5, "2020-05-07"),  # the holiday of May was moved to the 8th
        ("2022-05-31", 5, "2022-06-09"),  # two days of jubilee
        ("2022-08-31", 15, "2022-09-22"),  # a funeral of state
        ("2020-06-30", 5, "2020-07-07"),
    ],
)
def test_working_days_are_counted_from_the_end_of_the_period(end: str, working_day: int, due: str) -> None:
    assert due_on(Due("month", working_day=working_day), date.fromisoformat(end)) == date.fromisoformat(due)


@pytest.mark.parametrize(("end", "due"), [("2020-06-30", "2020-07-06"), ("2019-12-31", "2020-01-06")])
def test_police_refresh_on_the_6th_whatever_day_of_the_week_that_is(end: str, due: str) -> None:
    rhythm = catalogue()["police_dashboard"].arrives
    assert isinstance(rhythm, Due)
    assert due_on(rhythm, date.fromisoformat(end)) == date.fromisoformat(due)


def test_figures_are_made_no_later_than_the_police_refresh_in_one_month_of_four() -> None:
    # The fifth working day falls on or before the 6th in 14 of the 60 months of 2025 to 2029.
    runs = [monthly_run(date(year, month, 1)) for year in range(2025, 2030) for month in range(1, 13)]
    assert sum(1 for day in runs if day.day <= 6) == 14


@pytest.mark.parametrize(
    ("today", "run"),
    [
        ("2020-07-01", "2020-07-07"),
        ("2020-07-07", "2020-07-07"),
        ("2020-07-08", "2020-08-07"),
        ("2019-12-31", "2020-01-08"),
    ],
)
def test_figures_of_a_month_are_made_on_its_fifth_working_day(today: str, run: str) -> None:
    assert monthly_run(date.fromisoformat(today)) == date.fromisoformat(run)


def test_returns_follow_one_another_through_the_financial_year() -> None:
    owed = [
        one for one in returns_owed(Due("quarter", working_day=15)) if date(2019, 4, 1) <= one.month < date(2020, 4, 1)
    ]
    assert [(one.period, one.month, one.months) for one in owed] == [
        ("2019/20 Q1", date(2019, 4, 1), 3),
        ("2019/20 Q2", date(2019, 7, 1), 3),
        ("2019/20 Q3", date(2019, 10, 1), 3),
        ("2019/20 Q4", date(2020, 1, 1), 3),
    ]
    assert owed[2].due_on == date(2020, 1, 22)  # the first of them is Thursday 2 January


@pytest.mark.parametrize("every", ["month", "quarter", "half-year", "year"])
def test_no_period_is_left_out_and_none_is_due_before_it_ends(every: str) -> None:
    owed = returns_owed(Due(every, working_day=10))
    for one, following in pairwise(owed):
        months = (following.month.year - one.month.year) * 12 + following.month.month - one.month.month
        assert months == one.months
        assert one.due_on > one.month + timedelta(days=28 * one.months)


@given(DAYS, NUMBERS)
def test_adding_working_days_is_undone_by_counting_them(day: date, number: int) -> None:
    later = working_day_after(day, number)
    assert sum(1 for one in working_days() if day < one <= later) == number
    assert later in working_days()


@given(DAYS, DAYS, NUMBERS)
def test_of_two_days_the_later_one_is_never_due_earlier(one: date, other: date, number: int) -> None:
    first, second = sorted((one, other))
    assert working_day_after(first, number) <= working_day_after(second, number)
    assert working_day_after(first, number) < working_day_after(first, number + 1)


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ({"every": "week", "working_day": 1}, "Due every 'week': write one of month, quarter, half-year, year."),
        ({"every": "month"}, "give either a working_day or a day"),
        ({"every": "month", "working_day": 5, "day": 6}, "give either a working_day or a day"),
        ({"every": "month", "working_day": 0}, "give either a working_day or a day"),
    ],
)
def test_rhythm_that_no_date_follows_from_is_an_error(due: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Due(**due)  # type: ignore[arg-type]
