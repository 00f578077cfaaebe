"""Periods: the quarter, half-year or other span that a return states, in the ways in which people write it."""

import calendar
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, ClassVar

import polars as pl

from expectations.checks import Check, InRange
from expectations.entry import Entry
from expectations.fields import DAY_STYLES, Field
from expectations.verdicts import Verdict

MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_abbr) if name}
YEAR = re.compile(r"(?:fy ?)?(?:20)?(\d\d) ?[/-] ?(?:20)?(\d\d)", re.IGNORECASE)
MONTH = re.compile(r"\b([a-z]{3})[a-z]*\.?(?: |-|/)?(\d{4}|\d\d)?\b", re.IGNORECASE)
PARTS = {"q": 3, "quarter": 3, "h": 6, "half": 6, "half year": 6}
PART = re.compile(r"\b(q|quarter|h|half(?: year)?) ?([1-4])\b", re.IGNORECASE)
BETWEEN = re.compile(r"\s+(?:to|until|-)\s+|\s*\u2013\s*", re.IGNORECASE)


def span(text: str) -> tuple[date, date] | None:
    """Return the first and last day of a period as it is written; None where it cannot be told for certain.

    `2019/20`, `2019/20 Q1`, `Q1 2019-20`, `H1 2019/20`, `Apr-Jun 2019`, `April 2019 to March 2020`, `May 2019`,
    `01/04/2019 to 30/06/2019`. Quarters and halves are those of the financial year, from April; a bare `Q1` is not
    read, since others count from January.
    """
    text = " ".join(text.split())
    if (days := _days(text)) is not None:
        return days
    if part := PART.search(text):
        length = PARTS[part[1].casefold()]
        year = _financial_year(PART.sub("", text).strip(" ,:()"))
        number = int(part[2])
        return _from(year, (number - 1) * length, length) if year and number * length <= 12 else None
    if year := _financial_year(text):
        return _from(year, 0, 12)
    return _months(text)


def _days(text: str) -> tuple[date, date] | None:
    """Return a span that is written as two dates, or as a single first or last day of the month."""
    days = [_day(one) for one in BETWEEN.split(text)]
    if len(days) == 2 and days[0] and days[1] and days[0] <= days[1]:
        return days[0], days[1]
    return None


def _day(text: str) -> date | None:
    for style in DAY_STYLES:
        try:
            return datetime.strptime(text.strip(), style).date()
        except ValueError:
            continue
    return None


def _financial_year(text: str) -> int | None:
    """Return the year in which a financial year such as 2019/20 begins, if the text is one."""
    found = YEAR.fullmatch(text)
    return 2000 + int(found[1]) if found and (int(found[1]) + 1) % 100 == int(found[2]) else None


def _from(year: int, months: int, length: int) -> tuple[date, date]:
    """Return the span of a number of months that begins so many months after April of a year."""
    return _month(year, 4 + months), end_of(_month(year, 4 + months), length)


def _months(text: str) -> tuple[date, date] | None:
    """Return a span of named months; the first takes the year of the last where it has none of its own."""
    found = [(MONTHS.get(name.casefold()), year) for name, year in MONTH.findall(text)]
    numbers = [number for number, _ in found]
    if len(found) not in (1, 2) or None in numbers or not found[-1][1]:
        return None
    first, last = numbers[0], numbers[-1]
    assert first
    assert last
    last_year = _four_digits(found[-1][1])
    first_year = _four_digits(found[0][1]) if found[0][1] else last_year - (first > last)
    start = _month(first_year, first)
    end = end_of(_month(last_year, last), 1)
    return (start, end) if start <= end else None


def _four_digits(year: str) -> int:
    return int(year) if len(year) == 4 else 2000 + int(year)


def _month(year: int, month: int) -> date:
    """Return the first day of a month, counted on beyond December."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def end_of(start: date, months: int) -> date:
    """Return the last day of a span of months."""
    last = _month(start.year, start.month + months - 1)
    return date(last.year, last.month, calendar.monthrange(last.year, last.month)[1])


def names(months: int, year: int) -> list[str]:
    """Return the periods of so many months of the financial year that begins in a year, as they are written best."""
    if months == 1:
        return [f"{_month(year, 4 + place):%b %Y}" for place in range(12)]
    parts = {3: [" Q1", " Q2", " Q3", " Q4"], 6: [" H1", " H2"], 12: [""]}[months]
    return [f"{year}/{(year + 1) % 100:02}{part}" for part in parts]


def spans(months: int, year: int) -> Iterator[tuple[str, date, date]]:
    """Yield the periods of so many months of a financial year: as each is written, its first and its last day."""
    for place, name in enumerate(names(months, year)):
        yield name, *_from(year, place * months, months)


def recent(months: int) -> list[str]:
    """Return the periods of so many months in this financial year and the two before it, the last one last."""
    today = date.today()
    this_year = today.year - (today.month < 4)
    return [name for year in range(this_year - 2, this_year + 1) for name in names(months, year)]


class Period(Field):
    """A span of whole months of the financial year, such as a quarter; its value is its first day."""

    months: ClassVar[int]
    examples: ClassVar[str]

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return f"a period such as {self.examples}"

    @property
    def entry(self) -> Entry:
        """See `Field.entry`."""
        return Entry(choices=tuple(reversed(recent(self.months))), strict=False)

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the first day of the period; a single date may be its first or its last day."""
        return text.map_elements(self._start, return_dtype=pl.Date)

    def _start(self, text: str) -> date | None:
        if day := _day(text.strip()):
            start = _month(day.year, day.month - (day.month - 4) % self.months)
            return start if day in (start, end_of(start, self.months)) else None
        found = span(text)
        starts_right = found and found[0].day == 1 and (found[0].month - 4) % self.months == 0
        return found[0] if found and starts_right and found[1] == end_of(found[0], self.months) else None

    def checks(self, verdict: Verdict) -> Iterator[Check]:
        """Add that it is over: a return for a period that has not ended cannot be whole."""
        yield from super().checks(verdict)
        yield InRange(self, verdict, date(2010, 4, 1), _month(date.today().year, date.today().month - self.months))


class Quarter(Period):
    """A quarter of the financial year, such as 2019/20 Q1 (April to June)."""

    months = 3
    examples = "2019/20 Q1, Apr-Jun 2019 or 01/04/2019; not a bare Q1, since some count from January"


class HalfYear(Period):
    """A half of the financial year, such as 2019/20 H1 (April to September)."""

    months = 6
    examples = "2019/20 H1, Apr-Sep 2019 or 01/04/2019"


class FinancialYear(Period):
    """A financial year, April to March, such as 2019/20."""

    months = 12
    examples = "2019/20 or 01/04/2019"


class MonthName(Period):
    """A calendar month by its name or first day."""

    months = 1
    examples = "Apr 2019 or 01/04/2019"

    @property
    def entry(self) -> Entry:
        """See `Field.entry`."""
        return Entry("month", date(2010, 4, 1), strict=False)


class Span(Field):
    """A period of any length: its first day, and beside it its last, in a column of its own."""

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return "a period such as 2019/20 Q1, April 2019 to March 2020 or 01/04/2019 to 30/06/2019"

    @property
    def entry(self) -> Entry:
        """See `Field.entry`."""
        return Entry(choices=tuple(reversed(recent(3))), strict=False)

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the first day."""
        return text.map_elements(lambda one: (span(one) or (None,))[0], return_dtype=pl.Date)

    def beside(self, text: pl.Expr) -> dict[str, pl.Expr]:
        """Return the last day."""
        return {
            f"{self.name}__end": text.map_elements(lambda one: (span(one) or (None, None))[1], return_dtype=pl.Date)
        }


class StatedPeriod(Span):
    """The period that a file states above its table: every row lies in it, and a month of it without rows is zero."""

    def __init__(self, *headers: str, **field: Any) -> None:
        """Make it a value above the table, never loaded."""
        super().__init__(*headers, **{"above": True, "required": False, "loaded": False, **field})
