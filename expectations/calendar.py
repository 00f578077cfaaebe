"""The calendar of England: its working days, and the returns that each source owes, with the day each is due.

A working day is a Monday to Friday that is no bank holiday in England.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from holidays import country_holidays

from expectations.periods import end_of, spans
from expectations.source import Due

#: The years of which working days, and returns that are due, are known.
YEARS = range(2010, 2040)
#: The working day of a month on which its figures are made.
MONTHLY_RUN = 5

ENGLAND = country_holidays("GB", subdiv="ENG")


@dataclass(frozen=True)
class OwedReturn:
    """A return that is to come.

    Attributes:
        month: the first month of its period.
        months: how many months that has.
        period: how it is written, such as 2019/20 Q1.
        due_on: the day by which it is due.
    """

    month: date
    months: int
    period: str
    due_on: date


def working_day_after(day: date, number: int) -> date:
    """Return the working day that lies so many after a day, be that a working day itself or not.

    Args:
        day: any day of `YEARS`, or of the year before or after; the last one of a month gives the first, second and so
            on of the next.
        number: how many, from 1 on.
    """
    return _known()[bisect_right(_known(), day) + number - 1]


def working_days() -> list[date]:
    """Return every working day of `YEARS`, in order."""
    return [day for day in _known() if day.year in YEARS]


@cache
def _known() -> list[date]:
    """Return the working days of `YEARS` and of two years on either side, in order."""
    first, beyond = date(YEARS.start - 2, 1, 1), date(YEARS.stop + 2, 1, 1)
    days = (first + timedelta(days=number) for number in range((beyond - first).days))
    return [day for day in days if ENGLAND.is_working_day(day)]


def monthly_run(today: date) -> date:
    """Return the day on which a month's figures are made next: today, or the first such day after it."""
    this_month = working_day_after(today.replace(day=1) - timedelta(days=1), MONTHLY_RUN)
    return this_month if today <= this_month else working_day_after(end_of(today, 1), MONTHLY_RUN)


def due_on(due: Due, end: date) -> date:
    """Return the day by which a return is due.

    Args:
        due: what is declared.
        end: the last day of its period, which is the last of a month.
    """
    return working_day_after(end, due.working_day) if due.working_day else end + timedelta(days=due.day or 0)


@cache
def returns_owed(due: Due) -> tuple[OwedReturn, ...]:
    """Return every return of a rhythm that is due in `YEARS`, in order."""
    periods = (one for year in range(YEARS.start - 1, YEARS.stop) for one in spans(due.months, year))
    owed = (OwedReturn(start, due.months, period, due_on(due, end)) for period, start, end in periods)
    return tuple(one for one in owed if one.due_on.year in YEARS)
