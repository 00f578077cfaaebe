"""Periods as papers write them: `12 months to March 2020`, `2019/20`, `1st April 2019 - 26 June 2020`, `a year ago`."""

import calendar
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from transforms.papers.passage import Span

_MONTHS = {name: number for number, name in enumerate(calendar.month_name) if name}
_SHORT = {name: number for number, name in enumerate(calendar.month_abbr) if name}
_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Sept|" + (
    "|".join(_SHORT) + r")\.?"
)
_DAY = r"(?:[0-3]?\d(?:\s?(?:st|nd|rd|th))?\s+(?:of\s+)?)"
_TO = r"\s*(?:-|to|and|until|up to)\s*"
_FROM_TO = (
    rf"(?P<day>{_DAY})?(?P<month>{_MONTH})\s+(?P<year>20\d\d){_TO}"
    rf"(?P<day2>{_DAY})?(?P<month2>{_MONTH})\s+(?P<year2>20\d\d)"
)
_TWELVE_TO = (
    rf"(?:(?:12|twelve)[\s-]+m(?:on)?ths?|12\s?m(?:ths?)?|R12)(?:\s+period)?\s+(?:up\s+)?(?:to|ending|ended)\s+(?:the\s+end\s+of\s+)?{_DAY}?"
    rf"(?P<month>{_MONTH})\s+(?P<year>20\d\d)"
)
_YEAR_TO = rf"year\s+(?:to|ending|ended|up to)\s+(?:the\s+end\s+of\s+)?{_DAY}?(?P<month>{_MONTH})\s+(?P<year>20\d\d)"
_QUARTER = (
    r"(?:Q(?P<quarter>[1-4])|quarter\s+(?P<quarter2>[1-4]))[\s,]*(?:of\s+)?"
    r"(?P<year>20\d\d)\s?[/-]\s?(?:20)?(?P<next>\d\d)\b"
    r"|(?P<year2>20\d\d)\s?[/-]\s?(?:20)?(?P<next2>\d\d)[\s,]+(?:Q(?P<quarter3>[1-4])|quarter\s+(?P<quarter4>[1-4]))"
)
_FINANCIAL = r"(?<![\d/])(?P<year>20\d\d)\s?[/-]\s?(?:20)?(?P<next>\d\d)(?![\d/])"
_ON_DAY = rf"(?<!\d)(?P<day>{_DAY})(?P<month>{_MONTH})\s+(?P<year>20\d\d)"
_IN_MONTH = rf"(?P<month>{_MONTH})\s+(?P<year>20\d\d)"
#: A year alone is one of the calendar where that is said, and at the head of a column.
_CALENDAR = (
    r"calendar\s+year\s+(?:of\s+)?(?P<year>20\d\d)(?!\s?[/-]\s?\d)|(?<![\d/|] )(?<!\d)(?P<year2>20\d\d)(?=\s*\|)"
)
_AGO = (
    r"(?:a|one)\s+year\s+(?:ago|earlier|before)"
    r"|(?:the\s+)?(?:previous|preceding|prior)\s+(?:financial\s+)?(?:year|12 months)"
    r"|the\s+year\s+before|(?<!the )last\s+year(?!'s)(?!\s+to\b)"
)


@dataclass(frozen=True)
class Period:
    """A span of days that a paper names.

    Attributes:
        start: the first day.
        end: the last day.
        kind: `year` (12 months), `span` (another number of days), `month`, `quarter`, `day`, or `ago`: the year before
            the one that is spoken of, whose days are not known yet.
    """

    start: date
    end: date
    kind: str

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1

    def __str__(self) -> str:
        """Return the period as a paper would name it."""
        if self.kind in ("span", "day"):
            first, last = (f"{one.day} {one:%B %Y}" for one in (self.start, self.end))
            return first if self.kind == "day" else f"{first} to {last}"
        return f"the {'12 months' if self.kind == 'year' else self.kind} to {self.end:%B %Y}"


def twelve_months_to(end: date) -> Period:
    """Return the 12 months that end with the month of a day."""
    last = end.replace(day=calendar.monthrange(end.year, end.month)[1])
    following = last + timedelta(days=1)
    return Period(following.replace(year=following.year - 1), last, "year")


def year_before(period: Period) -> Period:
    """Return the 12 months before the last 12 of a period."""
    return twelve_months_to(period.end.replace(year=period.end.year - 1, day=1))


def financial_year_of(day: date) -> Period:
    """Return the financial year in which a day lies."""
    return twelve_months_to(date(day.year + (day.month > 3), 3, 1))


def periods(text: str) -> list[tuple[Span, Period]]:
    """Return the periods that a text names, in order of place, each once."""
    found: list[tuple[Span, Period]] = []
    for pattern, read in _READ:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            span, period = Span(*match.span()), read(match)
            if period and not any(span.meets(other) for other, _ in found):
                found.append((span, period))
    return sorted(found, key=lambda one: one[0].start)


def _month(name: str) -> int:
    name = name.rstrip(".").capitalize()
    return _MONTHS.get(name) or _SHORT[name[:3]]


def _number(day: str | None) -> int | None:
    return int(re.sub(r"\D", "", day)) if day else None


def _from_to(found: re.Match[str]) -> Period | None:
    try:
        start = date(int(found["year"]), _month(found["month"]), _number(found["day"]) or 1)
        last = date(int(found["year2"]), _month(found["month2"]), 1)
        end = last.replace(day=_number(found["day2"]) or calendar.monthrange(last.year, last.month)[1])
    except ValueError:
        return None
    if start > end:
        return None
    return Period(start, end, "year" if twelve_months_to(end) == Period(start, end, "year") else "span")


def _to(found: re.Match[str]) -> Period:
    return twelve_months_to(date(int(found["year"]), _month(found["month"]), 1))


def _quarter(found: re.Match[str]) -> Period | None:
    year, following = (int(found[name] or found[f"{name}2"]) for name in ("year", "next"))
    if following != (year + 1) % 100:
        return None
    number = next(int(found[name]) for name in ("quarter", "quarter2", "quarter3", "quarter4") if found[name])
    first = 3 * number + 1
    start = date(year + (first > 12), (first - 1) % 12 + 1, 1)
    end = twelve_months_to(date(start.year, start.month + 2, 1)).end
    return Period(start, end, "quarter")


def _financial(found: re.Match[str]) -> Period | None:
    year = int(found["year"])
    return twelve_months_to(date(year + 1, 3, 1)) if int(found["next"]) == (year + 1) % 100 else None


def _calendar(found: re.Match[str]) -> Period:
    return twelve_months_to(date(int(found["year"] or found["year2"]), 12, 1))


def _on_day(found: re.Match[str]) -> Period | None:
    try:
        day = date(int(found["year"]), _month(found["month"]), _number(found["day"]) or 1)
    except ValueError:
        return None
    return Period(day, day, "day")


def _in_month(found: re.Match[str]) -> Period:
    year = _to(found)
    return Period(year.end.replace(day=1), year.end, "month")


def _ago(_: re.Match[str]) -> Period:
    return Period(date.min, date.min, "ago")


#: The longer names before the shorter ones that are parts of them.
_READ: tuple[tuple[str, Callable[[re.Match[str]], Period | None]], ...] = (
    (_FROM_TO, _from_to),
    (_TWELVE_TO, _to),
    (_YEAR_TO, _to),
    (_QUARTER, _quarter),
    (_FINANCIAL, _financial),
    (_ON_DAY, _on_day),
    (_IN_MONTH, _in_month),
    (_CALENDAR, _calendar),
    (_AGO, _ago),
)


def spoken_of(texts: Iterable[str]) -> list[Period]:
    """Return the 12 months that texts may be about: those that they name most often, and those named half as often.

    The commonest come first, and of equally common ones that which is named first.
    """
    named = Counter(period for text in texts for _, period in periods(text) if period.kind == "year")
    most = max(named.values(), default=0)
    return [period for period, times in named.most_common() if 2 * times >= most]
