"""Meaning: of what a figure is, by how far the words that say so are from it."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from transforms.papers.bound import Meaning
from transforms.papers.figures import Figure
from transforms.papers.lexicon import Lexicon, Mention, Told
from transforms.papers.passage import Span
from transforms.papers.reach import CLAUSE, Place, Reach, in_reach, is_told_again

_WHOLE = re.compile(r"\b(?:total|overall|altogether|in all)\b", re.IGNORECASE)
_LED = re.compile(
    r"[\s-]*(?:[\w']+\s+){0,4}(?:with|between|aged|for|of|the|had|a|an|by|from)\s+(?:[a-z]+ )?", re.IGNORECASE
)
_LABEL = re.compile(r"\s*\(\d+(?:\.\d+)?\s?%")
_OF_THOSE = re.compile(r"\s*of\s+(?:those|people|them|the\s+\d)", re.IGNORECASE)
#: What it costs that a phrase stands in another clause, elsewhere in the sentence, in one before, or in the heading.
_CLAUSES, _SENTENCE, _EARLIER, _HEADING, _ABOVE = 8.0, 18.0, 28.0, 32.0, 36.0
#: Beyond this nobody would say that the words tell what the figure is.
_FAR = 62.0


def meanings_of(place: Place, number: int, figure: Figure, reach: Reach) -> tuple[Meaning, ...]:
    """Return what the figure of that number in a passage may be of, the likeliest first."""
    fitting = [one for one in place.lexicon.indicators if _fits(one, figure)]
    columns, is_part = _columns(place, reach), figure.unit == "count" and is_told_again(place, number)
    found = [
        meaning
        for told in fitting
        for meaning in _of(place, figure, reach, told, columns, is_part=is_part)
        if meaning.cost < _FAR
    ]
    best: dict[tuple[str, str, str], Meaning] = {}
    for one in sorted(found, key=lambda one: one.cost):
        best.setdefault(one.key, one)
    return tuple(best.values())


def _fits(told: Told, figure: Figure) -> bool:
    """Return whether an indicator can have a figure of this unit."""
    if figure.unit == "rank":
        return told.presents == "rank"
    if told.unit == "count" and figure.places:
        return False
    return told.presents == "level" and told.unit == ("count" if figure.change else figure.unit)


def _of(
    place: Place, figure: Figure, reach: Reach, told: Told, columns: Sequence[Span], *, is_part: bool
) -> Iterator[Meaning]:
    """Yield what a figure may be of one indicator: of its whole, and of each value that is mentioned.

    It is a part where it is told again as a percentage; `columns` are what stands over a row of figures.
    """
    said = [one for one in place.mentions if one.kind == "indicator" and one.of == told.indicator_id]
    if columns:
        said = [one for one in said if one.span == columns[reach.row[0]]]
    costs = [0.0 if columns else _cost(place, figure, reach, one) for one in said]
    cost = min(costs, default=_ABOVE)
    if any(one.kind == "indicator" and one.of == told.indicator_id for one in place.heading):
        cost = min(cost, _HEADING)
    elif not said:
        return
    if f"{told.subject}.{told.measure}" not in place.lexicon.wholes and cost < _CLAUSES:
        cost -= 4
    if is_part and not _has_share(place.lexicon, told):
        cost += 20
    for breakdown in told.breakdowns:
        if breakdown == "all":
            subject = _subject(place, figure, reach, told.subject, ())
            if subject is not None:
                yield Meaning(told, "all", "all", cost + subject)
            continue
        for value in place.lexicon.values.get(breakdown, {}):
            where = _value(place, figure, reach, breakdown, value)
            if where is None:
                continue
            subject = _subject(
                place, figure, reach, told.subject, (where[1], *place.values, *_labels(place, breakdown))
            )
            if subject is not None:
                yield Meaning(told, breakdown, value, cost + subject + where[0], where[1])


def _columns(place: Place, reach: Reach) -> list[Span]:
    """Return what stands over the columns of a row of figures, where that is one indicator for each; else nothing."""
    first = place.figures[0].span.start
    spans = list(dict.fromkeys(one.span for one in place.mentions if one.kind == "indicator"))
    if not reach.is_row or (reach.before.start > first and any(reach.before.holds(span) for span in spans)):
        return []
    cuts = [0, *(found.end() for found in re.finditer(r"\|", place.passage.text[:first])), first]
    lines = [Span(start, end) for start, end in pairwise(cuts)]
    heads = ([span for span in spans if line.holds(span)] for line in reversed(lines))
    return next((head for head in heads if len(head) == reach.row[1]), [])


def _cost(place: Place, figure: Figure, reach: Reach, mention: Mention) -> float:
    """Return how far a phrase is from a figure."""
    text, span = place.passage.text, mention.span
    start = reach.before.end if reach.is_row else figure.span.start
    between = text[span.end : start] if span.end <= start else text[figure.span.end : span.start]
    for masked in place.passage.parentheses:
        between = between.replace(text[masked.start : masked.end], " ") if masked != reach.inner else between
    words = len(re.findall(r"\w+", between))
    is_before = span.end <= figure.span.start
    if not in_reach(span, reach):
        own = place.passage.sentence(figure.span)
        if own.holds(span):
            return _SENTENCE + 0.2 * words
        return _EARLIER + 0.1 * words if is_before else _FAR
    if figure.unit == "%" and mention.kind == "indicator" and _OF_THOSE.match(between) and not is_before:
        words += 15  # what it is a share of, and not what it is
    clauses = len(CLAUSE.findall(between)) * _CLAUSES + between.count("|") * 2
    if reach.inner is not None:
        return words + clauses + (0 if reach.inner.holds(span) else 1 if is_before else 4)
    return words + clauses + (1.5 if is_before and not reach.is_row else 0)


def _subject(place: Place, figure: Figure, reach: Reach, subject: str, used: Sequence[Span]) -> float | None:
    """Return how far the subject is; None where nothing names it. A span that is used for a value is not used twice."""
    if not place.lexicon.subjects.get(subject):
        return 0.0
    own = [one for one in place.mentions if _is_of(one, subject) and not any(span.meets(one.span) for span in used)]
    if place.passage.is_table and any(
        one.kind == "subject" and one.span.end <= place.figures[0].span.start for one in place.mentions
    ):
        own = [one for one in own if one.span.end <= figure.span.start]
    costs = [_cost(place, figure, reach, one) for one in own]
    nearest = [0.3 * cost if cost < _SENTENCE else 6 + 0.3 * (cost - _SENTENCE) for cost in costs if cost < _FAR]
    if any(_is_of(one, subject) for one in place.heading):
        nearest.append(14.0)
    if any(_is_of(one, subject) for one in place.before):
        nearest.append(24.0)
    if any(one.meanings and one.meanings[0].told.subject == subject for one in place.bound[-1:]):
        nearest.append(4.0)
    return min(nearest, default=None)


def _labels(place: Place, breakdown: str) -> list[Span]:
    """Return the values of a breakdown that stand right before a percentage: each is that figure's and nothing else."""
    values = (one.span for one in place.mentions if one.kind == "value" and one.of == breakdown)
    return [span for span in values if _LABEL.match(place.passage.text, span.end)]


def _is_of(mention: Mention, subject: str) -> bool:
    return mention.kind == "subject" and mention.of == subject


def _value(place: Place, figure: Figure, reach: Reach, breakdown: str, value: str) -> tuple[float, Span] | None:
    """Return how far a value of a breakdown is, and where; None where nothing names it for this figure."""
    found: list[tuple[float, Span]] = []
    own = place.passage.sentence(figure.span)
    of = [one for one in place.mentions if one.kind == "value" and one.of == breakdown]
    last = max((one.span.end for one in of if one.span.end <= figure.span.start), default=-1)
    has_own = figure.is_parenthesised and any(in_reach(one.span, reach) for one in of)
    side = _side(place, figure, of)
    for one in of:
        if one.value != value or (side and (one.span.start - figure.span.start) * side < 0 and own.holds(one.span)):
            continue
        cost = _cost(place, figure, reach, one)
        if has_own and cost >= _SENTENCE:
            continue
        if cost < _SENTENCE:
            found.append((0.6 * cost - 6, one.span))
        elif one.span.end == last and not _is_whole(place, figure, reach):
            is_label = place.passage.is_table or reach.is_row
            if is_label and cost < _EARLIER:
                found.append((-6.0, one.span))
            else:
                found.append(((8 if cost < _EARLIER else 20) + 0.3 * (cost - _SENTENCE), one.span))
        elif own.holds(one.span):
            found.append((12 + 0.3 * (cost - _SENTENCE), one.span))
    return min(found, key=lambda one: one[0], default=None)


def _is_whole(place: Place, figure: Figure, reach: Reach) -> bool:
    return bool(_WHOLE.search(place.passage.text[reach.before.start : figure.span.start]))


def _side(place: Place, figure: Figure, values: Sequence[Mention]) -> int:
    """Return on which side of the figures of a sentence the values stand: -1 before, 1 after, 0 where none is told."""
    passage, sentence = place.passage, place.passage.sentence(figure.span)
    own = [one for one in place.figures if sentence.holds(one.span) and not one.is_parenthesised]
    named = [one.span for one in values if sentence.holds(one.span)]
    if figure.is_parenthesised or len(own) < 2 or len(named) < 2:
        return 0
    if any(
        not passage.text[span.end : own[0].span.start].strip(" |-") for span in named if span.end <= own[0].span.start
    ):
        return -1
    gaps = [
        (passage.text[span.end : one.span.start], -1) for span in named for one in own if span.end <= one.span.start
    ]
    gaps += [
        (passage.text[one.span.end : span.start], 1) for span in named for one in own if one.span.end <= span.start
    ]
    sides = [side for gap, side in gaps if not gap.strip(" |-") or (side > 0 and _LED.fullmatch(gap))]
    return _sign(sum(sides)) or (_sign(named[0].start - own[0].span.start) if sides else 0)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _has_share(lexicon: Lexicon, told: Told) -> bool:
    """Return whether the count of an indicator is told as a percentage too."""
    return any(
        one.unit == "%"
        and (one.subject, one.measure) == (told.subject, told.measure)
        and set(told.breakdowns) <= {*one.breakdowns, "all"}
        and (one.breakdowns == ("all",)) == (told.breakdowns == ("all",))
        for one in lexicon.indicators
    )
