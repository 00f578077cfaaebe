"""Checking: each figure of a paper against what is published, and against the rest of the paper."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import groupby, pairwise

from transforms.papers.binding import Bound, Meaning
from transforms.papers.figures import Figure
from transforms.papers.passage import Passage
from transforms.papers.periods import Period, periods, twelve_months_to, year_before
from transforms.papers.rounding import cut_off, rounded

Key = tuple[str, str, str]

#: A binding that costs more than this, or as much as another, is asked about and not held against the paper.
_UNSURE, _ALIKE = 27.0, 3.0
#: Below this, a figure is found in other periods by chance.
_CHANCE = 20
#: Demand that moved by more than this was not constant, in percent.
_CONSTANT = 5
#: Parts that leave out more than this share of the whole are not meant to make it.
_LEFT_OUT = Fraction(1, 10)

_CONSTANTLY = re.compile(r"\b(?:constant|stable|steady|unchanged|consistent|static|remained the same)\b", re.IGNORECASE)
_UP = re.compile(
    r"\b(?:up|increase[sd]?|increasing|ris(?:en|es|ing)|rose|grown|grew|higher)\s+(?:from|on)\b", re.IGNORECASE
)
_DOWN = re.compile(
    r"\b(?:down|decrease[sd]?|fall(?:en|s|ing)?|fell|reduced|dropped|lower)\s+(?:from|on)\b", re.IGNORECASE
)
_OF_THESE = re.compile(
    r"\b(?:of (?:these|those|which|whom)|out of these|comprising|made up of|consisting of)\b", re.IGNORECASE
)
_TOTAL = re.compile(r"\btotal\b", re.IGNORECASE)
_BASE = re.compile(r"\b(?:of|out of)\s+(?:the\s+|all\s+|these\s+)?$", re.IGNORECASE)


class Verdict(StrEnum):
    """What is said of a figure."""

    RIGHT = "right"
    CUT_OFF = "cut off, not rounded"
    OTHER_PERIOD = "right for another period"
    CARRIED_OVER = "carried over from last year"
    UNLIKE_COUNTS = "does not match its counts"
    UNLIKE_WHOLE = "parts do not make the whole"
    NOT_TWELVE_MONTHS = "not twelve months"
    TWO_PERIODS = "two periods for one table"
    NOT_AS_SAID = "not as the words say"
    WRONG = "not what the data give"
    NOT_KNOWN = "nobody can reproduce it"
    ASKED = "please say what it is"
    ELSEWHERE = "of another area"

    @property
    def is_wrong(self) -> bool:
        """Whether it has to be put right before the paper is printed."""
        return self not in (Verdict.RIGHT, Verdict.ASKED, Verdict.ELSEWHERE)


@dataclass(frozen=True)
class Known:
    """What is published of one window.

    Attributes:
        exact: the value; None where it is not known.
        numerator: what it is made of, with the denominator of a share.
        denominator: None for a count.
        reason: why it is not known.
    """

    exact: Fraction | None
    numerator: int | None = None
    denominator: int | None = None
    reason: str = ""

    def __str__(self) -> str:
        """Return how the value comes about: `42 of 363 is 11.57`."""
        if self.exact is None:
            return self.reason
        if self.denominator is None or self.numerator is None:
            return f"{float(self.exact):,.10g}"
        return f"{self.numerator:,} of {self.denominator:,} is {float(self.exact):.2f}"


Series = Mapping[Key, Mapping[date, Known]]


@dataclass(frozen=True)
class Printed:
    """A figure that an earlier report prints.

    Attributes:
        paper: the report.
        place: where in it.
        text: as it is printed, with its unit.
        key: of what it is.
        end: the last day of what it is printed for.
    """

    paper: str
    place: str
    text: str
    key: Key
    end: date


@dataclass(frozen=True)
class Finding:
    """Something that is said of a figure.

    Attributes:
        verdict: of what kind.
        says: in a sentence.
    """

    verdict: Verdict
    says: str


@dataclass(frozen=True)
class Checked:
    """A figure and what was found of it.

    Attributes:
        bound: the figure, with what it says.
        meaning: what it is taken to be of; None where that has to be asked.
        findings: what is said of it, the gravest first; never empty.
        published: what the data give, rounded as it is printed; empty where there is nothing.
    """

    bound: Bound
    meaning: Meaning | None
    findings: tuple[Finding, ...]
    published: str = ""

    @property
    def verdict(self) -> Verdict:
        """The gravest of what is said of it."""
        return self.findings[0].verdict

    @property
    def figure(self) -> Figure:
        """The figure."""
        return self.bound.figure

    def found(self, finding: Finding) -> "Checked":
        """Return it with another finding; a right figure keeps nothing but that."""
        kept = tuple(one for one in self.findings if one.verdict.is_wrong)
        return replace(self, findings=(*kept, finding) if kept or finding.verdict.is_wrong else self.findings)


def check(bound: Sequence[Bound], series: Series, printed: Sequence[Printed] = ()) -> list[Checked]:
    """Return every figure of a paper with what is found of it.

    Args:
        bound: the figures, with what they say.
        series: what is published, by indicator, breakdown and value, and by the last day of the window.
        printed: what earlier reports print.
    """
    checked = [_against_data(one, series) for one in bound]
    checked = _counts_of_shares(_in_tables_of_two_periods(checked, series), series)
    for rule in (_parts, _shares, _claims, _printed_twice, _printed_elsewhere):
        checked = rule(checked)
    return [_with(one, _printed_before(one, printed)) for one in checked]


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
    likely = [other for other in one.meanings if other.cost < one.meanings[0].cost + _ALIKE]
    verdicts = [_compared(one, meaning, series) for meaning in likely]
    right = next((checked for checked in verdicts if checked.verdict is Verdict.RIGHT), None)
    if right:
        return right
    first = verdicts[0]
    if likely[0].cost > _UNSURE or len({checked.published for checked in verdicts}) > 1:
        names = " or ".join(dict.fromkeys(map(_name, likely)))
        return _asked(one, f"Is it one of these: {names}? {first.findings[0].says}")
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
        return Checked(one, meaning, (Finding(Verdict.NOT_KNOWN, f"{_name(meaning)}: {why}"),))
    printed, published = figure.number, rounded(exact, figure.number)
    if published == printed:
        return Checked(one, meaning, (Finding(Verdict.RIGHT, f"{_name(meaning)}, {period}."),), published)
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
    what = f"{_name(meaning)}, {one.period}"
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
    return Finding(Verdict.WRONG, f"{gives}{how}.")


def _name(meaning: Meaning) -> str:
    """Return what a figure is of, in words."""
    value = meaning.value.replace("_", " ")
    return (
        meaning.told.name
        if meaning.breakdown == "all"
        else f"{meaning.told.name} ({value if len(value) < 3 else value.lower()})"
    )


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
        what = f"{_name(share.meaning)}, {share.bound.period}"
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


def _parts(checked: list[Checked]) -> list[Checked]:
    """Find parts that do not make the whole that stands before them, or the total under them."""
    found = list(checked)
    for passage, those in groupby(enumerate(checked), key=lambda one: one[1].figure.passage):
        counts = [(at, one) for at, one in those if one.figure.unit == "count" and not one.bound.is_compared]
        for at, whole, parts in _wholes(passage, counts):
            made = sum(int(one.figure.value) for one in parts)
            value = int(whole.figure.value)
            if made == value or (made < value and value - made > value * _LEFT_OUT):
                continue
            added = " + ".join(one.figure.text for one in parts)
            by = f"{abs(value - made):,} too {'few' if made < value else 'many'}"
            says = f"{added} make {made:,}, and not {value:,}: {by}."
            found[at] = found[at].found(Finding(Verdict.UNLIKE_WHOLE, says))
    return found


def _wholes(passage: Passage, counts: list[tuple[int, Checked]]) -> Iterable[tuple[int, Checked, list[Checked]]]:
    """Yield the wholes of a passage that are told with their parts."""
    for place, (at, one) in enumerate(counts):
        start = counts[place - 1][1].figure.span.end if place else 0
        before = passage.text[start : one.figure.span.start]
        if passage.is_table and place > 1 and _TOTAL.search(before):
            yield at, one, [other for _, other in counts[:place]]
        if place + 2 < len(counts):
            following = counts[place + 1 :]
            between = passage.text[one.figure.span.end : following[0][1].figure.span.start]
            if _OF_THESE.search(between):
                own = passage.sentence(following[0][1].figure.span)
                parts = [other for _, other in following if own.holds(other.figure.span)]
                if len(parts) > 1:
                    yield at, one, parts


def _shares(checked: list[Checked]) -> list[Checked]:
    """Find percentages that do not match the count and the base that are printed with them."""
    found = list(checked)
    for at, one in enumerate(checked):
        if one.figure.unit != "%" or one.figure.change or one.bound.is_compared or one.verdict.is_wrong:
            continue
        pair = _count_and_base(checked, at)
        if pair is None or not pair[1]:
            continue
        exact = Fraction(100 * pair[0], pair[1])
        printed, known = one.figure.number, Known(exact, *pair)
        if rounded(exact, printed) == printed:
            continue
        if cut_off(exact, printed) == printed:
            says = f"{known}, which rounds to {rounded(exact, printed)}; {printed} was cut off, not rounded."
            found[at] = one.found(Finding(Verdict.CUT_OFF, says))
        else:
            found[at] = one.found(Finding(Verdict.UNLIKE_COUNTS, f"{known}, and not {printed}."))
    return found


def _count_and_base(checked: Sequence[Checked], at: int) -> tuple[int, int] | None:
    """Return the count that a percentage tells again, and what it is a share of, where both are printed beside it."""
    figure = checked[at].figure
    sentence = figure.passage.sentence(figure.span)
    near = [
        one.figure for one in checked[:at] if one.figure.passage is figure.passage and sentence.holds(one.figure.span)
    ]
    counts = [one for one in near if one.unit == "count"]
    bases = [one for one in counts if _BASE.search(figure.passage.text[max(0, one.span.start - 20) : one.span.start])]
    parts = [one for one in counts if one not in bases]
    if len(bases) != 1 or not parts or not _is_told_again(figure, parts[-1], bases[0]):
        return None
    return int(parts[-1].value), int(bases[0].value)


def _is_told_again(share: Figure, part: Figure, base: Figure) -> bool:
    """Return whether a percentage follows right on a count: `53 of 148 (36%)`, `53 cases and made up 36%`."""
    last = max(part.span.end, base.span.end)
    words = re.findall(r"[\w']+", share.passage.text[last : share.span.start])
    return len(words) < 8 and part.value <= base.value


def _claims(checked: list[Checked]) -> list[Checked]:
    """Find words that the printed figures do not bear out: constant, up from, down from."""
    found = list(checked)
    for at, one in enumerate(checked):
        main = one.bound.main
        if not one.bound.is_compared or main is None or main.figure.unit != one.figure.unit or one.figure.change:
            continue
        passage, span = one.figure.passage, one.figure.span
        sentence = passage.sentence(span)
        said = passage.text[sentence.start : span.start]
        now, then = main.figure.value, one.figure.value
        if one.verdict is Verdict.ELSEWHERE or not then:
            continue
        moved = 100 * (now - then) / then
        change = f"{main.figure.text} is {_moved(main.figure, one.figure)} than {one.figure.text}"
        if (word := _CONSTANTLY.search(said)) and abs(moved) > _CONSTANT:
            others = [
                other for other in checked if other.figure.passage is passage and sentence.holds(other.figure.span)
            ]
            first = min(others, key=lambda other: other.figure.value).figure
            since = "" if first.value in (0, then) else (f", and {_moved(main.figure, first)} than {first.text}")
            found[at] = one.found(Finding(Verdict.NOT_AS_SAID, f"“{word[0]}”, but {change}{since}."))
        elif (up := _last(_UP, said)) != (down := _last(_DOWN, said)) and (moved < 0 if up > down else moved > 0):
            found[at] = one.found(Finding(Verdict.NOT_AS_SAID, f"“{'up' if up > down else 'down'}”, but {change}."))
    return found


def _moved(now: Figure, then: Figure) -> str:
    """Return by how much a figure is more or less than another: in percent, a percentage in points."""
    by = now.value - then.value
    size = f"{rounded(abs(by), '0.0')} points" if now.unit == "%" else f"{rounded(abs(100 * by / then.value), '0.0')}%"
    return f"{size} {'more' if by > 0 else 'less'}"


def _last(pattern: re.Pattern[str], text: str) -> int:
    """Return where a pattern is found last; -1 where it is not."""
    return max((found.end() for found in pattern.finditer(text)), default=-1)


def _printed_twice(checked: list[Checked]) -> list[Checked]:
    """Say of figures that are not right which other number is printed for the same."""
    found = []
    for one in checked:
        same = (other for other in checked if other.meaning and one.meaning and _same(one, other))
        other = next((other for other in same if not _agree(one, other)), None)
        found.append(_with(one, f"{_where(other)} prints {other.figure.text} for the same." if other else ""))
    return found


def _printed_elsewhere(checked: list[Checked]) -> list[Checked]:
    """Say of figures that are not right where else the same number is printed, of another period."""
    found = []
    for one in checked:
        others = (other for other in checked if other.meaning and one.meaning and _same_number(one, other))
        other = next((other for other in others if other.bound.period != one.bound.period), None)
        says = f"{_where(other)} prints the same {one.figure.text} as {_named(other)}." if other else ""
        found.append(_with(one, says if one.figure.value >= _CHANCE / 2 else ""))
    return found


def _with(one: Checked, says: str) -> Checked:
    """Return a figure that is not right with a sentence more."""
    if not says or not one.verdict.is_wrong:
        return one
    first, *others = one.findings
    return replace(one, findings=(Finding(first.verdict, f"{first.says} {says}"), *others))


def _same(one: Checked, other: Checked) -> bool:
    """Return whether two figures are of the same."""
    return _of_what(one) == _of_what(other)


def _of_what(one: Checked) -> object:
    return one.meaning and one.meaning.key, one.bound.period, one.figure.change


def _same_number(one: Checked, other: Checked) -> bool:
    """Return whether two figures are the same number, of the same people or offences."""
    subjects = {each.meaning.told.subject for each in (one, other) if each.meaning}
    return len(subjects) == 1 and (one.figure.number, one.figure.unit) == (other.figure.number, other.figure.unit)


def _agree(one: Checked, other: Checked) -> bool:
    """Return whether two figures are one, rounded to different places."""
    fewer, more = sorted((one.figure, other.figure), key=lambda figure: figure.places)
    return rounded(more.value, fewer.number) == fewer.number


def _where(one: Checked) -> str:
    place = one.figure.passage.place
    return f"Paragraph {place}" if place[:1].isdigit() else place or "Another paragraph"


def _named(one: Checked) -> str:
    return f"{_name(one.meaning)}, {one.bound.period}" if one.meaning else "another figure"
