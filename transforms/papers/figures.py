"""Figures as papers write them: `1,346`, `13.6%`, `13.3 per 1000 population`, `2nd lowest`, and what is none."""

import re
from dataclasses import dataclass
from fractions import Fraction

from transforms.papers.passage import Passage, Span

_NUMBER = re.compile(
    r"(?<![\w.,/:%])(?<![A-Za-z]-)(?P<pound>£\s?)?(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?P<unit>\s?%|\s?per\s?cent\b(?!age)|\s?per\s?1,?000\b|\s?per\s?10,?000\b)?"
    r"(?P<ordinal>st|nd|rd|th)?(?![\d:/]|[.,]\d)"
)
_RANGE = re.compile(r"\s*(?:-|to)\s*\d+(?:\.\d+)?\s+[a-z]")
#: What stands before a number that is a name and no figure.
_NAMED = re.compile(
    r"(?:\b(?:sections?|paragraphs?|paras?|appendix|tables?|figures?|diagrams?|charts?|items?|pages?|priorit(?:y|ies)|"
    r"objectives?|phase|acts?|step|stage|parts?|note|version|schedule|chapter|articles?|line|number|no|quarter|tier|level|"
    r"room|suite|floor|aged|ages?|over|under|per|since|act of|covid)|\bs|§|\bq)\.?[\s-]*$",
    re.IGNORECASE,
)
#: What follows a number that measures time, age or a place in the calendar.
_TIME = re.compile(
    r"[\s-]*(?:(?:calendar|working|consecutive|full)\s+)?(?:months?|years?|days?|weeks?|hours?|minutes?|mins?|nights?|terms?|pm|am|quarters?)(?![a-z])"
    r"|[\s-]*(?:and|or)\s+over\b|\+|\s+(?:London\s+)?(?:boroughs|councils|local authorities|forces|wards)\b",
    re.IGNORECASE,
)
_FROM = re.compile(r"\bfrom\s*$", re.IGNORECASE)
_FROM_TO = re.compile(r"\bfrom\s+\S*\d\S*\s+to\s*$", re.IGNORECASE)
_ADDRESS = re.compile(r"\S*(?:https?://|www\.|@)\S*|\S+\.(?:gov|org|com|co)\S*", re.IGNORECASE)
_WEEKLY = re.compile(r"^[^.;()]{0,60}?\b(?:each|a|per|every)\s+week\b|^[^.;()]{0,20}?\bweekly\b", re.IGNORECASE)
_RANKED = re.compile(r"\s*(?:lowest|highest|best|worst|of\s+(?:all|the)|out of|among)\b", re.IGNORECASE)
_CHANGED_BEFORE = re.compile(
    r"\b(?:(?:increase|rise|growth|reduction|decrease|fall|drop|decline|change)\s+of|"
    r"(?P<down>decreased|fell|fallen|falling|declined|dropped|reduced|down)(?:\s+by)?|"
    r"(?:increased|rose|risen|rising|grew|grown|(?<!made )up)(?:\s+by)?|(?:by))\s+"
    r"(?:about|around|some|nearly|almost|over|just\s+\w+)?\s*$",
    re.IGNORECASE,
)
_CHANGED_AFTER = re.compile(
    r"^\s*(?:\w+\s+)?(?:(?P<down>decrease|reduction|fall|drop|decline|fewer|lower|less)|increase|rise|growth|more|higher)\b",
    re.IGNORECASE,
)
_DOWN = re.compile(r"\b(?:reduction|decrease|fall|drop|decline)\s+of\s+\S*\s*$", re.IGNORECASE)
_FOR_EVERY = re.compile(
    r"(?:\s+[A-Za-z'-]+){0,6}?\s+(?:per|for\s+every|for\s+each|in\s+every|to\s+every|every)\s+(?P<of>1,?000|10,?000)\b"
)
_OF_EVERY = re.compile(r"\b(?:per|every|each)\s*$", re.IGNORECASE)
_UNITS = {"%": "%", "percent": "%", "per1000": "per 1,000", "per10000": "per 10,000", "": "count"}


@dataclass(frozen=True)
class Figure:
    """A number that says how many, how much or which place.

    Attributes:
        passage: where it stands.
        span: its characters there, with the unit.
        text: as it is written, with the unit.
        value: what it is, exactly.
        places: how many decimal places it has.
        unit: `count`, `%`, `per 1,000`, `per 10,000`, `GBP`, `rank`, `a week` or `range`, which is not one figure.
        change: +1 where it says by how much something rose, -1 fell; 0 where it is a level.
    """

    passage: Passage
    span: Span
    text: str
    value: Fraction
    places: int
    unit: str
    change: int = 0

    @property
    def number(self) -> str:
        """The number alone, with its places and without commas: `13.60`."""
        return f"{float(self.value):.{self.places}f}"

    @property
    def is_parenthesised(self) -> bool:
        """Whether it stands in parentheses."""
        return any(one.holds(self.span) for one in self.passage.parentheses)


def figures(passage: Passage, named: list[Span]) -> list[Figure]:
    """Return the figures of a passage, in order.

    Args:
        passage: the passage.
        named: what names something there and holds no figure, such as periods and age bands.
    """
    text = passage.text
    for span in [*named, *(Span(*found.span()) for found in _ADDRESS.finditer(text))]:
        text = text[: span.start] + "~" * (span.end - span.start) + text[span.end :]
    return [figure for found in _NUMBER.finditer(text) if (figure := _figure(passage, text, found)) is not None]


def _figure(passage: Passage, text: str, found: re.Match[str]) -> Figure | None:
    before, after = text[max(0, found.start() - 60) : found.start()], text[found.end() : found.end() + 80]
    written = found["number"].replace(",", "")
    unit = _unit(found, before, after)
    if unit is None or (unit in ("count", "a week", "range") and _is_no_count(found, before, after, written)):
        return None
    return Figure(
        passage,
        Span(*(found.span("number") if unit == "count" else found.span())),
        found["number"] if unit == "count" else found.group().strip(),
        Fraction(written),
        len(written.partition(".")[2]),
        unit,
        _change(before, after) if unit == "%" else 0,
    )


def _unit(found: re.Match[str], before: str, after: str) -> str | None:
    """Return the unit of a number; None for one that only orders, such as the 21st."""
    if found["ordinal"]:
        return "rank" if _RANKED.match(after) else None
    if found["pound"]:
        return "GBP"
    unit = _UNITS[re.sub(r"[\s,]", "", found["unit"] or "").lower()]
    if unit == "%" and found["unit"].startswith(" ") and float(found["number"].replace(",", "")) > 100:
        unit = "count"  # the sign belongs to the next cell: `3146 | % of incidents`
    if unit != "count":
        return unit
    if every := _FOR_EVERY.match(after):
        return _UNITS[f"per{every['of'].replace(',', '')}"]
    if _RANGE.match(after) and not _FROM.search(before):
        return "range"
    return "a week" if _WEEKLY.match(after) and not _TIME.match(after) else unit


def _is_no_count(found: re.Match[str], before: str, after: str, written: str) -> bool:
    """Return whether a bare number is a year, an age, a length of time, the number of a paragraph or the like."""
    is_year = len(written) == 4 and "," not in found["number"] and 1990 <= float(written) <= 2039
    is_second = bool(re.search(r"\d\s?(?:-|to)\s*$", before)) and not _FROM_TO.search(before)
    aged = re.search(r"\b(?:aged|ages)\s+(?:between\s+)?(?:\d+\s*(?:-|to|and)\s*)?$", before, re.IGNORECASE)
    led = re.match(r"\s*(?:-|to)\s*\d+[\s-]*years?\b", after)
    dialled = re.search(r"(?<![\d,.])0\d+\s$", before) or re.match(r"\s0\d", after)
    has_zero = written.startswith("0") and len(written) > 1 and "." not in written
    named = _NAMED.search(before) or _OF_EVERY.search(before) or _TIME.match(after)
    return bool(is_year or is_second or aged or led or dialled or has_zero or named)


def _change(before: str, after: str) -> int:
    """Return +1 or -1 where a percentage is by how much something rose or fell, else 0."""
    if found := _CHANGED_AFTER.match(after):
        return -1 if found["down"] else 1
    if found := _CHANGED_BEFORE.search(before):
        return -1 if found["down"] or _DOWN.search(before) else 1
    return 0
