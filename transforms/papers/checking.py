"""Checking: each figure of a paper beside what is published, and beside the rest of the paper."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import groupby, pairwise

from transforms.papers.bound import Bound, Meaning
from transforms.papers.consistency import consistent
from transforms.papers.figures import Figure
from transforms.papers.passage import Passage
from transforms.papers.periods import Period, periods, twelve_months_to, year_before
from transforms.papers.rounding import cut_off, rounded
from transforms.papers.verdicts import Checked, Finding, Known, Printed, Series, Verdict, name_of

#: A binding that costs more than this, or as much as another, is asked about and not held against the paper.
_UNSURE, _ALIKE = 27.0, 3.0
#: Up to this much further from its words, a count is what would be right, and that is asked of any other figure before
#: it is called wrong.
_NEAR, _OTHERWISE = 10.0, 25.0
#: A count that is this many times another is rather of something else than wrong.
_FAR = 2
#: Below this, a figure is found in other periods by chance.
_CHANCE = 20


def check(bound: Sequence[Bound], series: Series, printed: Sequence[Printed] = ()) -> list[Checked]:
    """Return every figure of a paper with what is found of it.

    Args:
        bound: the figures, with what they say.
        series: what is published, by indicator, breakdown and value, and by the last day of the window.
        printed: what earlier reports print.
    """
    checked = [_against_data(one, series) for one in bound]
    checked = _counts_of_shares(_in_tables_of_two_periods(checked, series), series)
    return [one.with_more(_printed_before(one, printed)) for one in consistent(checked)]


def _printed_before(one: Checked, printed: Sequence[Printed]) -> str:
    """Return which earlier report has the same number of the same."""
    for other in printed:
        if one.meaning and (other.key, other.text) == (one.meaning.key, one.figure.text):
            return f"{other.paper} prints {other.text} too ({other.place}), of {twelve_months_to(other.end)}."
    return ""


def _against_data(one: Bound, series: Series) -> Checked:
    """Return what the data say of a figure."""
    if one.figure.unit == "range":
        return _asked(one, "It is the first of a range: a range is not one figure.")
    if one.is_elsewhere:
        return Checked(
            one, None, (Finding(Verdict.ELSEWHERE, "It is of another area than the borough, and not checked."),)
        )
    if not one.meanings:
        return _asked(one, "The words around it tell of no indicator.")
    if one.is_compared and one.main:
        return _against_compared(one, one.main.period, series)
    return _against_series(one, series)


def _against_compared(one: Bound, now: Period, series: Series) -> Checked:
    """Return what the data say of a figure that another is compared with: of its period, the year before, or `now`."""
    tries = [_against_series(one, series)]
    tries += [_against_series(replace(one, period=period), series) for period in (year_before(now), now)]
    return next((checked for checked in tries if checked.verdict is Verdict.RIGHT), tries[0])


def _against_series(one: Bound, series: Series) -> Checked:
    """Return what the data say of a figure of the borough."""
    likely = [other for other in one.meanings if other.cost < one.meanings[0].cost + _ALIKE]
    verdicts = [_compared(one, meaning, series) for meaning in likely]
    right = next((checked for checked in verdicts if checked.verdict is Verdict.RIGHT), None)
    if right:
        return right
    first = verdicts[0]
    if likely[0].cost > _UNSURE or len({checked.published for checked in verdicts}) > 1:
        names = " or ".join(dict.fromkeys(map(name_of, likely)))
        return _asked(one, f"Is it one of these: {names}? {first.findings[0].says}")
    if first.verdict is Verdict.WRONG:
        best = one.meanings[0].cost
        for other in (other for other in one.meanings if other.cost < best + _OTHERWISE):
            checked = _compared(one, other, series)
            if checked.verdict is not Verdict.RIGHT:
                continue
            if other.cost < best + _NEAR and one.figure.unit == "count" and one.figure.value >= _CHANCE:
                return checked
            return _asked(one, f"{first.findings[0].says} Or is it {name_of(other)}? That would be right.")
    return first


def _asked(one: Bound, says: str) -> Checked:
    return Checked(one, None, (Finding(Verdict.ASKED, says),))


def _compared(one: Bound, meaning: Meaning, series: Series) -> Checked:
    """Return a figure beside what is published of one indicator."""
    windows = series.get(meaning.key, {})
    figure, period = one.figure, one.period
    if period.kind != "year":
        return Checked(one, meaning, (Finding(Verdict.NOT_TWELVE_MONTHS, _of_other_length(figure, period)),))
    known = windows.get(period.end)
    exact = value_of(windows, period.end, figure.change)
    if known is None or exact is None:
        why = known.reason if known and known.reason else f"Nothing is published of {period}."
        return Checked(one, meaning, (Finding(Verdict.NOT_KNOWN, f"{name_of(meaning)}: {why}"),))
    printed, published = figure.number, rounded(exact, figure.number)
    if published == printed:
        return Checked(one, meaning, (Finding(Verdict.RIGHT, f"{name_of(meaning)}, {period}."),), published)
    return Checked(one, meaning, (_unlike(one, meaning, windows, known, exact),), published)


def _of_other_length(figure: Figure, period: Period) -> str:
    """Return that a figure is of another length of time than a year, and what it would be in one."""
    a_year = rounded(figure.value * 366 / period.days, "0.0")
    spread = f"; spread evenly they are {a_year} in 366 days" if figure.unit == "count" else ""
    return f"{figure.text} is the figure of {period.days} days, {period}, and not of 12 months{spread}."


def value_of(windows: Mapping[date, Known], end: date, change: int = 0) -> Fraction | None:
    """Return the exact value of a window; None where it is not known.

    Args:
        windows: of one figure, by their last day.
        end: the last day of the window.
        change: +1 or -1 for by how many percent it rose or fell on the window a year before, 0 for the value itself.
    """
    known = windows.get(end)
    if known is None or known.exact is None or not change:
        return known.exact if known else None
    before = windows.get(year_before(twelve_months_to(end)).end)
    if before is None or not before.exact:
        return None
    return change * (100 * (known.exact - before.exact) / before.exact)


def _unlike(one: Bound, meaning: Meaning, windows: Mapping[date, Known], known: Known, exact: Fraction) -> Finding:
    """Return why a figure is not what the data give."""
    figure, printed = one.figure, one.figure.number
    what = f"{name_of(meaning)}, {one.period}"
    gives = f"{what}: the data give {rounded(exact, printed)}"
    if figure.change:
        return Finding(Verdict.WRONG, f"{what}: the data give a change of {rounded(figure.change * exact, printed)}%.")
    if cut_off(exact, printed) == printed:
        return Finding(
            Verdict.CUT_OFF,
            f"{what}: {known}, which rounds to {rounded(exact, printed)}; {printed} was cut off, not rounded.",
        )
    values = {end: value_of(windows, end, figure.change) for end in windows}
    alike = [end for end, value in values.items() if value is not None and rounded(value, printed) == printed]
    if alike and (figure.value >= _CHANCE or "." in printed):
        if year_before(one.period).end in alike:
            return Finding(Verdict.CARRIED_OVER, f"{gives}; {printed} is the figure of the year before.")
        nearest = min(alike, key=lambda end: (abs((end - one.period.end).days), end))
        return Finding(Verdict.OTHER_PERIOD, f"{gives}; {printed} is the figure of {twelve_months_to(nearest)}.")
    how = f" ({known})" if known.denominator and figure.unit != "rank" else ""
    # What costs nothing somebody has answered.
    if meaning.cost and figure.unit == "count" and not exact < _FAR * figure.value < _FAR**2 * exact:
        return Finding(Verdict.ASKED, f"{gives}. Is it that? They are far apart.")
    return Finding(Verdict.WRONG, f"{gives}{how}.")


def _in_tables_of_two_periods(checked: list[Checked], series: Series) -> list[Checked]:
    """Find tables of which the caption and the head name two periods; their figures are taken as the data have them."""
    kept: list[Checked] = []
    for _, those in groupby(checked, key=_table):
        figures = list(those)
        named = _two_periods(list(dict.fromkeys(one.figure.passage for one in figures)))
        if not named:
            kept += figures
            continue
        tries = {
            period: [_against_data(replace(one.bound, period=period), series) for one in figures] for period in named
        }
        right = {period: sum(one.verdict is Verdict.RIGHT for one in tries[period]) for period in named}
        best = max(named, key=lambda period: right[period])
        says = f"The table names {named[0]} in its caption and {named[1]} over its columns; " + (
            f"the data agree with {best} ({right[best]} of {len(figures)} figures)."
            if len(set(right.values())) > 1
            else "the data do not tell which is meant."
        )
        kept += [tries[best][0].found(Finding(Verdict.TWO_PERIODS, says)), *tries[best][1:]]
    return kept


def _counts_of_shares(checked: list[Checked], series: Series) -> list[Checked]:
    """Take a count of which the words tell no count from the percentage that tells it again: `147 cases (46%)`."""
    found = list(checked)
    for at, (one, share) in enumerate(pairwise(checked)):
        if not one.bound.is_told_again or one.verdict is not Verdict.ASKED or share.meaning is None:
            continue
        known = series[share.meaning.key].get(share.bound.period.end)
        if known is None or known.numerator is None:
            continue
        what = f"{name_of(share.meaning)}, {share.bound.period}"
        is_right = known.numerator == one.figure.value
        says = f"{what}." if is_right else f"{what}: the data give {known.numerator:,}."
        finding = Finding(Verdict.RIGHT if is_right else Verdict.WRONG, says)
        found[at] = replace(one, findings=(finding,), published=str(known.numerator))
    return found


def _table(one: Checked) -> object:
    """Return what the figures of one table have in common."""
    passage = one.figure.passage
    return (passage.place, passage.heading) if passage.is_table else passage


def _two_periods(passages: list[Passage]) -> tuple[Period, Period] | None:
    """Return the year of a table's caption and another one that is over its columns; None where they agree."""
    if not passages[0].is_table:
        return None
    texts = [passages[0].heading] * ("Table" in passages[0].heading) + [one.text for one in passages]
    named = [period for text in texts for _, period in periods(text) if period.kind == "year"]
    if any(_is_head(passage.text) for passage in passages) or len(set(named)) != 2 or named[0] in named[1:]:
        return None
    return named[0], named[1]


def _is_head(text: str) -> bool:
    """Return whether a text has periods in a row, each over a column of its own."""
    spans = [span for span, period in periods(text) if period.kind in ("year", "month")]
    return any(not text[one.end : two.start].strip(" |,") for one, two in pairwise(spans))
