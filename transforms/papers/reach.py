"""The reach of a figure: the words around it that belong to no other."""

import re
from dataclasses import dataclass, field

from transforms.papers.bound import Bound
from transforms.papers.figures import Figure, figures
from transforms.papers.lexicon import Lexicon
from transforms.papers.passage import Passage, Span
from transforms.papers.periods import Period, periods

#: What ends a clause.
CLAUSE = re.compile(r"[,;:•]|\bof (?:which|whom)\b")
_JOINED = re.compile(r"^\s*(?:[\w']+\s+){0,2}(?:or|\(|which is|making|equal to)\s*$", re.IGNORECASE)


@dataclass
class Place:
    """A passage while its figures are bound, one after another.

    Attributes:
        passage: the passage.
        lexicon: how papers call things.
        about: the 12 months that the paper is about.
        above: what stands above it under the same heading.
        bound: the figures that are bound so far.
        taken: the periods of figures that are there for comparison.
        values: the mentions that tell the value of a breakdown of a figure.
    """

    passage: Passage
    lexicon: Lexicon
    about: Period
    above: str
    bound: list[Bound] = field(default_factory=list)
    taken: list[Span] = field(default_factory=list)
    values: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Find what the passage mentions, its periods and its figures."""
        text = self.passage.text
        self.mentions = self.lexicon.mentions(text)
        said = [one.span for one in self.mentions if one.kind == "indicator"]
        self.periods = [one for one in periods(text) if not any(span.holds(one[0]) for span in said)]
        numbered = [one.span for one in self.mentions if re.search(r"\d", text[one.span.start : one.span.end])]
        self.figures = figures(self.passage, [*(span for span, _ in self.periods), *numbered])
        self.heading = self.lexicon.mentions(self.passage.heading)
        self.before = self.lexicon.mentions(self.above)


@dataclass(frozen=True)
class Reach:
    """What stands around a figure and belongs to no other.

    Attributes:
        before: from the figure before it.
        after: to the figure after it.
        inner: the parentheses in which it stands.
        masked: parentheses with figures of their own.
        is_row: whether it stands in a row of figures, which share what is before them.
        row: its place in that row, and how many there are.
    """

    before: Span
    after: Span
    inner: Span | None = None
    masked: tuple[Span, ...] = ()
    is_row: bool = False
    row: tuple[int, int] = (0, 1)


def reach_of(place: Place, number: int) -> Reach:
    """Return the reach of a figure of a passage, by its number there."""
    passage, figure = place.passage, place.figures[number]
    sentence = passage.sentence(figure.span)
    own = [one for one in place.figures if sentence.start <= one.span.start < sentence.end]
    row = _row(passage, own, own.index(figure))
    if len(row) > 1:
        first = own.index(row[0])
        start = own[first - 1].span.end if first else sentence.start
        end = row[0].span.start
        return Reach(Span(start, end), Span(end, end), is_row=True, row=(row.index(figure), len(row)))
    holding = [one for one in passage.parentheses if any(one.holds(other.span) for other in own)]
    inner = next((one for one in holding if one.holds(figure.span)), None)
    if inner:
        earlier = [one.span.end for one in own if one.span.end <= inner.start]
        later = [one.span.start for one in own if one.span.start >= inner.end]
        before = Span(max(earlier, default=sentence.start), inner.start)
        return Reach(before, Span(inner.end, min(later, default=sentence.end)), inner)
    outer = [one for one in own if not one.is_parenthesised]
    at = outer.index(figure)
    start = outer[at - 1].span.end if at else sentence.start
    is_joined = is_told_again(place, number) and not place.figures[number + 1].is_parenthesised
    following = outer[at + 2 if is_joined else at + 1 :]
    end = following[0].span.start if following else sentence.end
    return Reach(Span(start, figure.span.start), Span(figure.span.end, end), masked=tuple(holding))


def _row(passage: Passage, own: list[Figure], at: int) -> list[Figure]:
    """Return the figures that stand in a row with one, with nothing between them."""
    first = last = at
    while first and not passage.text[own[first - 1].span.end : own[first].span.start].strip(" |"):
        first -= 1
    while last + 1 < len(own) and not passage.text[own[last].span.end : own[last + 1].span.start].strip(" |"):
        last += 1
    return own[first : last + 1]


def in_reach(span: Span, reach: Reach) -> bool:
    """Return whether something lies in the reach of a figure."""
    if any(one.holds(span) for one in reach.masked):
        return False
    return any(one is not None and one.holds(span) for one in (reach.before, reach.after, reach.inner))


def is_told_again(place: Place, number: int) -> bool:
    """Return whether a count is told again as a percentage: `42 (11%)`, `42 cases or 11%`."""
    if number + 1 == len(place.figures):
        return False
    figure, following = place.figures[number], place.figures[number + 1]
    between = place.passage.text[figure.span.end : following.span.start]
    return following.unit == "%" and not following.change and bool(_JOINED.search(between))
