"""Consistency: what the figures of a paper say of each other."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby

from transforms.papers.figures import Figure
from transforms.papers.passage import Passage
from transforms.papers.rounding import cut_off, rounded
from transforms.papers.verdicts import Checked, Finding, Known, Verdict, name_of

#: Smaller numbers are printed in many places by chance.
_COMMON = 10
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


def consistent(checked: list[Checked]) -> list[Checked]:
    """Return the figures of a paper with what they say of each other: parts and wholes, shares, claims, repetitions."""
    for rule in (_parts, _shares, _claims, _printed_twice, _printed_elsewhere):
        checked = rule(checked)
    return checked


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
    is_row_of_totals = bool(counts) and bool(_TOTAL.search(passage.text[: counts[0][1].figure.span.start]))
    for place, (at, one) in enumerate(counts):
        start = counts[place - 1][1].figure.span.end if place else 0
        before = passage.text[start : one.figure.span.start]
        if passage.is_table and place > 1 and _TOTAL.search(before) and not is_row_of_totals:
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
            since = "" if first.value in (0, then, now) else (f", and {_moved(main.figure, first)} than {first.text}")
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
        found.append(one.with_more(f"{_where(other)} prints {other.figure.text} for the same." if other else ""))
    return found


def _printed_elsewhere(checked: list[Checked]) -> list[Checked]:
    """Say of figures that are not right where else the same number is printed, of another period."""
    found = []
    for one in checked:
        others = (other for other in checked if other.meaning and one.meaning and _same_number(one, other))
        other = next((other for other in others if other.bound.period != one.bound.period), None)
        says = f"{_where(other)} prints the same {one.figure.text} as {_named(other)}." if other else ""
        found.append(one.with_more(says if one.figure.value >= _COMMON else ""))
    return found


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
    return f"{name_of(one.meaning)}, {one.bound.period}" if one.meaning else "another figure"
