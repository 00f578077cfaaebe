"""Binding: of what each figure of a paper is, and of which period, by the words that stand around it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from transforms.papers.bound import Bound, Meaning
from transforms.papers.dating import clause_end, period_of
from transforms.papers.figures import Figure
from transforms.papers.lexicon import Lexicon
from transforms.papers.meaning import meanings_of
from transforms.papers.passage import Passage
from transforms.papers.periods import Period
from transforms.papers.reach import Place, Reach, in_reach, is_told_again, reach_of

_COMPARED = re.compile(
    r"(?:\b(?:from|(?:as\s+)?compared\s+(?:to|with)|against|versus|vs\.?|than)|^\s*(?:\w+\s+)?on)\s+(?:[\w']+\s+){0,5}$",
    re.IGNORECASE,
)
_FROM, _TO = re.compile(r"\bfrom\s+$", re.IGNORECASE), re.compile(r"\s+to\s+(?:just\s+|only\s+)?", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:national(?:ly)?|england|uk|london(?!\s+borough)(?:-wide)?|statistical neighbours|elsewhere)\b", re.IGNORECASE
)


def bind(passages: Sequence[Passage], lexicon: Lexicon, about: Period) -> list[Bound]:
    """Return every figure of a paper with what it says, in order.

    Args:
        passages: the paper.
        lexicon: how papers call things.
        about: the 12 months that the paper is about, for figures that name none.
    """
    found: list[Bound] = []
    above = ""
    for at, passage in enumerate(passages):
        if at and passages[at - 1].heading != passage.heading:
            above = ""
        place = Place(passage, lexicon, about, above)
        for number, figure in enumerate(place.figures):
            bound = _bound(place, number, figure)
            place.bound.append(bound)
            place.values += [one.span for one in bound.meanings[:1] if one.span]
        found += _from_to(place.bound)
        above = f"{above} {passage.text}"[-2000:]
    return found


def _from_to(bound: Sequence[Bound]) -> list[Bound]:
    """Return the figures of a passage; of `from 783 to 802` the first is compared with the second."""
    found = list(bound)
    for at, (one, other) in enumerate(pairwise(bound)):
        text = one.figure.passage.text
        led, between = text[: one.figure.span.start], text[one.figure.span.end : other.figure.span.start]
        if _FROM.search(led) and _TO.fullmatch(between) and one.figure.unit == other.figure.unit:
            found[at] = replace(one, is_compared=True, main=other)
    return found


def _bound(place: Place, number: int, figure: Figure) -> Bound:
    """Return one figure with what it says; those before it are bound."""
    text = place.passage.text
    reach = reach_of(place, number)
    before = text[reach.before.start : figure.span.start]
    around = before + text[figure.span.end : clause_end(place, figure, reach)]
    is_compared = bool(_COMPARED.search(before)) and not reach.is_row
    is_elsewhere = bool(_ELSEWHERE.search(around))
    main = _main(place, figure, is_compared=is_compared)
    if figure.change and main and not _are_together(place, figure, main) and _says_what(place, reach):
        main = None  # it tells of its own words, and not of what was spoken of before
    period = period_of(place, figure, reach, main if is_compared or figure.change else None, is_compared=is_compared)
    meanings = meanings_of(place, number, figure, reach)
    if figure.change or figure.unit == "rank":
        if main and main.meanings:
            meanings = tuple(meaning for one in main.meanings if (meaning := _turned(place, one, figure)))
            period = main.period
    elif (
        main and main.meanings and main.figure.unit == figure.unit and _goes_on(place, figure, reach, main, is_compared)
    ):
        meanings = main.meanings
    compared = main if is_compared or figure.change else None
    return Bound(figure, meanings, period, is_compared, compared, is_elsewhere, is_told_again(place, number))


def _turned(place: Place, meaning: Meaning, figure: Figure) -> Meaning | None:
    """Return the indicator of which a change or a rank tells; a rank has one of its own."""
    if figure.unit != "rank":
        return meaning
    same = (one for one in place.lexicon.indicators if one.presents == "rank" and one.subject == meaning.told.subject)
    return next((replace(meaning, told=one) for one in same), None)


def _main(place: Place, figure: Figure, *, is_compared: bool) -> Bound | None:
    """Return the figure that another is compared with, is the change or the rank of, or goes on from."""
    earlier = [one for one in reversed(place.bound) if not one.is_elsewhere and one.figure.unit != "range"]
    if figure.change or figure.unit == "rank":
        return next((one for one in earlier if not one.is_compared and not one.figure.change), None)
    alike = [one for one in earlier if one.figure.unit == figure.unit and not one.figure.change]
    if is_compared:
        alike = [one for one in alike if not one.is_compared] or alike
    return alike[0] if alike else None


def _goes_on(place: Place, figure: Figure, reach: Reach, main: Bound, is_compared: bool) -> bool:
    """Return whether nothing around a figure tells what it is of, but that it is compared, or of another year."""
    if _says_what(place, reach):
        return False
    sentence = place.passage.sentence(figure.span)
    if not _are_together(place, figure, main) and any(
        one.kind == "indicator" and sentence.holds(one.span) for one in place.mentions
    ):
        return False
    dated = any(reach.after.holds(span) for span, _ in place.periods)
    return is_compared or (dated and not any(in_reach(one.span, reach) for one in place.mentions))


def _says_what(place: Place, reach: Reach) -> bool:
    """Return whether the words around a figure tell of an indicator."""
    return any(one.kind == "indicator" and in_reach(one.span, reach) for one in place.mentions)


def _are_together(place: Place, figure: Figure, main: Bound) -> bool:
    """Return whether two figures stand in one sentence."""
    return place.passage.sentence(figure.span).holds(main.figure.span)
