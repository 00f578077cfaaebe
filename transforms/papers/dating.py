"""Dating: of when a figure is, by the periods that are named around it."""

import re

from transforms.papers.bound import Bound
from transforms.papers.figures import Figure
from transforms.papers.passage import Span
from transforms.papers.periods import Period, financial_year_of, periods, twelve_months_to, year_before
from transforms.papers.reach import CLAUSE, Place, Reach

#: What stands before a period that is there for comparison alone.
_COMPARED_WITH = re.compile(r"\b(?:compared\s+(?:with|to)|against|than(?:\s+in)?)\s+(?:the\s+)?$", re.IGNORECASE)
#: What stands between a figure and `the year before`, where it is of that year: `the 21% we saw the year before`.
_SEEN = re.compile(r"\s+(?:(?!than\b|on\b|from\b|over\b|against\b)[a-z']+\s+){0,3}", re.IGNORECASE)
_END_OF = re.compile(r"\bend of\s*$", re.IGNORECASE)


def period_of(place: Place, figure: Figure, reach: Reach, main: Bound | None, *, is_compared: bool) -> Period:
    """Return of when a figure is: what stands nearest, or what the paper is about.

    Args:
        place: where it stands; what is compared is noted in its `taken`.
        figure: the figure.
        reach: the words around it.
        main: the figure that it is compared with, or of which it tells the change.
        is_compared: whether it is there for comparison.
    """
    text, sentence = place.passage.text, place.passage.sentence(figure.span)
    base = main.period if main else place.about
    if reach.is_row and (header := _header(place, figure, reach)):
        return header
    named = [
        (span, one)
        for span, one in place.periods
        if not any(mask.holds(span) for mask in reach.masked)
        and (is_compared or not _COMPARED_WITH.search(text[: span.start]) or figure.span.end <= span.start)
    ]
    ends = clause_end(place, figure, reach)
    for span, period in named:
        is_inner = reach.inner is not None and reach.inner.holds(span)
        if is_inner or figure.span.end <= span.start < ends:
            if period.kind == "ago":
                is_told_of = not figure.change and _SEEN.fullmatch(text[figure.span.end : span.start])
                if is_compared or is_told_of:
                    return year_before(base)
                continue
            if period.kind == "month":
                continue
            if is_compared:
                place.taken.append(span)
            return _settled(text, span, period)
    if figure.change and main:
        return main.period
    before = [
        (span, one)
        for span, one in reversed(named)
        if sentence.start <= span.start and span.end <= figure.span.start and span not in place.taken
    ]
    for span, period in before:
        if period.kind == "ago":
            if is_compared or not CLAUSE.search(text[span.end : figure.span.start]):
                return year_before(base)
        elif period.kind == "month":
            if text[span.end : figure.span.start].strip() == "|":
                return twelve_months_to(period.end)  # at the head of its column
        else:
            return _settled(text, span, period)
    if is_compared and main:
        return (
            year_before(main.period)
            if re.search(r"\bfrom\b", text[reach.before.start : figure.span.start])
            else main.period
        )
    aside = [one for one in place.passage.parentheses if any(one.holds(other.span) for other in place.figures)]
    general = [(span, period) for span, period in named if not any(one.holds(span) for one in aside)]
    for span, period in [*((span, one) for span, one in general if sentence.holds(span)), *reversed(general)]:
        is_told = span.start < compared_from(text, figure, sentence) and period.kind == "year"
        if (span.end <= figure.span.start or is_told) and span not in place.taken and period.kind in ("year", "span"):
            return _settled(text, span, period)
    own = [one for _, one in periods(place.passage.heading) if one.kind == "year"]
    return own[0] if own else place.about


def clause_end(place: Place, figure: Figure, reach: Reach) -> int:
    """Return where what is said after a figure ends: before the next figure, or before what it is compared with."""
    return compared_from(place.passage.text, figure, reach.after)


def compared_from(text: str, figure: Figure, span: Span) -> int:
    """Return where what follows a figure in a span begins to speak of another one, that it is compared with."""
    found = re.search(r"[;•]|\b(?:compared|up from|down from|than|against)\b", text[figure.span.end : span.end])
    return figure.span.end + found.start() if found else span.end


def _settled(text: str, span: Span, period: Period) -> Period:
    """Return the period as figures have it: the year that ends with a quarter, the year in which a day lies."""
    if period.kind == "day":
        return financial_year_of(period.start)
    if period.kind == "quarter" and _END_OF.search(text[: span.start]):
        return twelve_months_to(period.end)
    return period


def _header(place: Place, figure: Figure, reach: Reach) -> Period | None:
    """Return the period at the head of a figure's column: the last row of as many periods before it."""
    at, size = reach.row
    text = place.passage.text
    runs: list[list[tuple[Span, Period]]] = []
    for span, period in place.periods:
        if span.start > figure.span.start:
            break
        if runs and not text[runs[-1][-1][0].end : span.start].strip(" |,"):
            runs[-1].append((span, period))
        else:
            runs.append([(span, period)])
    columns = next((run for run in reversed(runs) if len(run) == size), None)
    if columns is None:
        return None
    period = columns[at][1]
    return twelve_months_to(period.end) if period.kind == "month" else period
