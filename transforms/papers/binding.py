"""Binding: of what each figure of a paper is, and of which period, by the words that stand around it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from transforms.papers.figures import Figure, figures
from transforms.papers.lexicon import Lexicon, Mention, Told
from transforms.papers.passage import Passage, Span
from transforms.papers.periods import Period, financial_year_of, periods, twelve_months_to, year_before

_CLAUSE = re.compile(r"[,;:•]|\bof (?:which|whom)\b")
_COMPARED = re.compile(
    r"(?:\b(?:from|(?:as\s+)?compared\s+(?:to|with)|against|versus|vs\.?|than)|^\s*(?:\w+\s+)?on)\s+(?:[\w']+\s+){0,5}$",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(
    r"\b(?:national(?:ly)?|england|uk|london(?!\s+borough)(?:-wide)?|statistical neighbours|elsewhere)\b", re.IGNORECASE
)
_WHOLE = re.compile(r"\b(?:total|overall|altogether|in all)\b", re.IGNORECASE)
_JOINED = re.compile(r"^\s*(?:[\w']+\s+){0,2}(?:or|\(|which is|making|equal to)\s*$", re.IGNORECASE)
_LED = re.compile(
    r"[\s-]*(?:[\w']+\s+){0,4}(?:with|between|aged|for|of|the|had|a|an|by|from)\s+(?:[a-z]+ )?", re.IGNORECASE
)
_LABEL = re.compile(r"\s*\(\d+(?:\.\d+)?\s?%")
_OF_THOSE = re.compile(r"\s*of\s+(?:those|people|them|the\s+\d)", re.IGNORECASE)
_END_OF = re.compile(r"\bend of\s*$", re.IGNORECASE)
#: What it costs that a phrase stands in another clause, elsewhere in the sentence, in one before, or in the heading.
_CLAUSES, _SENTENCE, _EARLIER, _HEADING, _ABOVE = 8.0, 18.0, 28.0, 32.0, 36.0
#: Beyond this nobody would say that the words tell what the figure is.
_FAR = 62.0


@dataclass(frozen=True)
class Meaning:
    """What a figure may be a figure of.

    Attributes:
        told: the indicator.
        breakdown: what it is divided by, or `all`.
        value: the value of that, or `all`.
        cost: how far the words are that say so; the lower, the surer.
        span: where the value is mentioned; None for the undivided figure.
    """

    told: Told
    breakdown: str
    value: str
    cost: float
    span: Span | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """The indicator, the breakdown and the value."""
        return self.told.indicator_id, self.breakdown, self.value


@dataclass(frozen=True)
class Bound:
    """A figure and what it says.

    Attributes:
        figure: the figure.
        meanings: what it may be of, the likeliest first; empty where the words tell of no indicator.
        period: of when, as far as the paper says.
        is_compared: whether it is there for comparison with another figure, such as last year's.
        main: the figure that it is compared with, or of which it tells the change.
        is_elsewhere: whether it is another area's, such as a national one.
        is_told_again: whether it is a count that the next figure tells again as a percentage.
    """

    figure: Figure
    meanings: tuple[Meaning, ...]
    period: Period
    is_compared: bool = False
    main: "Bound | None" = None
    is_elsewhere: bool = False
    is_told_again: bool = False


@dataclass
class _Place:
    """What is known at a place in a paper while it is read."""

    passage: Passage
    lexicon: Lexicon
    about: Period
    above: str
    bound: list[Bound] = field(default_factory=list)
    taken: list[Span] = field(default_factory=list)
    values: list[Span] = field(default_factory=list)

    def __post_init__(self) -> None:
        text = self.passage.text
        self.mentions = self.lexicon.mentions(text)
        said = [one.span for one in self.mentions if one.kind == "indicator"]
        self.periods = [one for one in periods(text) if not any(span.holds(one[0]) for span in said)]
        numbered = [one.span for one in self.mentions if re.search(r"\d", text[one.span.start : one.span.end])]
        self.figures = figures(self.passage, [*(span for span, _ in self.periods), *numbered])
        self.heading = self.lexicon.mentions(self.passage.heading)
        self.before = self.lexicon.mentions(self.above)


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
        place = _Place(passage, lexicon, about, above)
        for number, figure in enumerate(place.figures):
            bound = _bound(place, number, figure)
            place.bound.append(bound)
            place.values += [one.span for one in bound.meanings[:1] if one.span]
        found += place.bound
        above = f"{above} {passage.text}"[-2000:]
    return found


def _bound(place: _Place, number: int, figure: Figure) -> Bound:
    """Return one figure with what it says; those before it are bound."""
    text = place.passage.text
    reach = _reach(place, number)
    before = text[reach.before.start : figure.span.start]
    around = before + text[figure.span.end : _clause_end(place, figure, reach)]
    is_compared = bool(_COMPARED.search(before)) and not reach.is_row
    is_elsewhere = bool(_ELSEWHERE.search(around))
    main = _main(place, figure, is_compared=is_compared)
    period = _period(place, figure, reach, main if is_compared or figure.change else None, is_compared=is_compared)
    meanings = _meanings(place, number, figure, reach)
    if figure.change and main and not _are_together(place, figure, main) and _says(place, reach):
        main = None  # it tells of its own words, and not of what was spoken of before
    if figure.change or figure.unit == "rank":
        if main and main.meanings:
            meanings = tuple(meaning for one in main.meanings if (meaning := _turned(place, one, figure)))
            period = main.period
    elif (
        main and main.meanings and main.figure.unit == figure.unit and _goes_on(place, figure, reach, main, is_compared)
    ):
        meanings = main.meanings
    compared = main if is_compared or figure.change else None
    return Bound(figure, meanings, period, is_compared, compared, is_elsewhere, _is_joined(place, number))


def _turned(place: _Place, meaning: Meaning, figure: Figure) -> Meaning | None:
    """Return the indicator of which a change or a rank tells; a rank has one of its own."""
    if figure.unit != "rank":
        return meaning
    same = (one for one in place.lexicon.indicators if one.presents == "rank" and one.subject == meaning.told.subject)
    return next((replace(meaning, told=one) for one in same), None)


@dataclass(frozen=True)
class _Reach:
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


def _reach(place: _Place, number: int) -> _Reach:
    passage, figure = place.passage, place.figures[number]
    sentence = passage.sentence(figure.span)
    own = [one for one in place.figures if sentence.start <= one.span.start < sentence.end]
    row = _row(passage, own, own.index(figure))
    if len(row) > 1:
        first = own.index(row[0])
        start = own[first - 1].span.end if first else sentence.start
        end = row[0].span.start
        return _Reach(Span(start, end), Span(end, end), is_row=True, row=(row.index(figure), len(row)))
    holding = [one for one in passage.parentheses if any(one.holds(other.span) for other in own)]
    inner = next((one for one in holding if one.holds(figure.span)), None)
    if inner:
        earlier = [one.span.end for one in own if one.span.end <= inner.start]
        later = [one.span.start for one in own if one.span.start >= inner.end]
        before = Span(max(earlier, default=sentence.start), inner.start)
        return _Reach(before, Span(inner.end, min(later, default=sentence.end)), inner)
    outer = [one for one in own if not one.is_parenthesised]
    at = outer.index(figure)
    start = outer[at - 1].span.end if at else sentence.start
    is_joined = _is_joined(place, number) and not place.figures[number + 1].is_parenthesised
    following = outer[at + 2 if is_joined else at + 1 :]
    end = following[0].span.start if following else sentence.end
    return _Reach(Span(start, figure.span.start), Span(figure.span.end, end), masked=tuple(holding))


def _row(passage: Passage, own: list[Figure], at: int) -> list[Figure]:
    """Return the figures that stand in a row with one, with nothing between them."""
    first = last = at
    while first and not passage.text[own[first - 1].span.end : own[first].span.start].strip(" |"):
        first -= 1
    while last + 1 < len(own) and not passage.text[own[last].span.end : own[last + 1].span.start].strip(" |"):
        last += 1
    return own[first : last + 1]


def _main(place: _Place, figure: Figure, *, is_compared: bool) -> Bound | None:
    """Return the figure that another is compared with, is the change or the rank of, or goes on from."""
    earlier = [one for one in reversed(place.bound) if not one.is_elsewhere and one.figure.unit != "range"]
    if figure.change or figure.unit == "rank":
        return next((one for one in earlier if not one.is_compared and not one.figure.change), None)
    alike = [one for one in earlier if one.figure.unit == figure.unit and not one.figure.change]
    if is_compared:
        alike = [one for one in alike if not one.is_compared] or alike
    return alike[0] if alike else None


def _goes_on(place: _Place, figure: Figure, reach: _Reach, main: Bound, is_compared: bool) -> bool:
    """Return whether nothing around a figure tells what it is of, but that it is compared, or of another year."""
    if _says(place, reach):
        return False
    sentence = place.passage.sentence(figure.span)
    if not _are_together(place, figure, main) and any(
        one.kind == "indicator" and sentence.holds(one.span) for one in place.mentions
    ):
        return False
    dated = any(reach.after.holds(span) for span, _ in place.periods)
    return is_compared or (dated and not any(_in_reach(one.span, reach) for one in place.mentions))


def _says(place: _Place, reach: _Reach) -> bool:
    """Return whether the words around a figure tell of an indicator."""
    return any(one.kind == "indicator" and _in_reach(one.span, reach) for one in place.mentions)


def _are_together(place: _Place, figure: Figure, main: Bound) -> bool:
    """Return whether two figures stand in one sentence."""
    return place.passage.sentence(figure.span).holds(main.figure.span)


def _in_reach(span: Span, reach: _Reach) -> bool:
    if any(one.holds(span) for one in reach.masked):
        return False
    return any(one is not None and one.holds(span) for one in (reach.before, reach.after, reach.inner))


def _meanings(place: _Place, number: int, figure: Figure, reach: _Reach) -> tuple[Meaning, ...]:
    """Return what a figure may be of, the likeliest first."""
    fitting = [one for one in place.lexicon.indicators if _fits(one, figure)]
    found = [meaning for told in fitting for meaning in _of(place, number, figure, reach, told) if meaning.cost < _FAR]
    best: dict[tuple[str, str, str], Meaning] = {}
    for one in sorted(found, key=lambda one: one.cost):
        best.setdefault(one.key, one)
    return tuple(best.values())


def _fits(told: Told, figure: Figure) -> bool:
    """Return whether an indicator can have a figure of this unit."""
    if figure.unit == "rank":
        return told.presents == "rank"
    return told.presents == "level" and told.unit == ("count" if figure.change else figure.unit)


def _of(place: _Place, number: int, figure: Figure, reach: _Reach, told: Told) -> Iterator[Meaning]:
    """Yield what a figure may be of one indicator: of its whole, and of each value that is mentioned."""
    said = [one for one in place.mentions if one.kind == "indicator" and one.of == told.indicator_id]
    cost, mention = min(
        ((_cost(place, figure, reach, one), one) for one in said), key=lambda one: one[0], default=(_ABOVE, None)
    )
    if any(one.kind == "indicator" and one.of == told.indicator_id for one in place.heading):
        cost = min(cost, _HEADING)
    elif mention is None:
        return
    is_part = f"{told.subject}.{told.measure}" not in place.lexicon.wholes
    if is_part and cost < _CLAUSES:
        cost -= 4
    if figure.unit == "count" and _is_joined(place, number) and not _has_share(place.lexicon, told):
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
            subject = _subject(place, figure, reach, told.subject, (where[1], *place.values))
            if subject is not None:
                yield Meaning(told, breakdown, value, cost + subject + where[0], where[1])


def _cost(place: _Place, figure: Figure, reach: _Reach, mention: Mention) -> float:
    """Return how far a phrase is from a figure."""
    text, span = place.passage.text, mention.span
    between = (
        text[span.end : figure.span.start] if span.end <= figure.span.start else text[figure.span.end : span.start]
    )
    for masked in place.passage.parentheses:
        between = between.replace(text[masked.start : masked.end], " ") if masked not in (reach.inner,) else between
    words = len(re.findall(r"\w+", between))
    is_before = span.end <= figure.span.start
    if not _in_reach(span, reach):
        own = place.passage.sentence(figure.span)
        if own.holds(span):
            return _SENTENCE + 0.2 * words
        return _EARLIER + 0.1 * words if is_before else _FAR
    if figure.unit == "%" and mention.kind == "indicator" and _OF_THOSE.match(between) and not is_before:
        words += 15  # what it is a share of, and not what it is
    clauses = len(_CLAUSE.findall(between)) * _CLAUSES + between.count("|") * 2
    if reach.inner is not None:
        return words + clauses + (0 if reach.inner.holds(span) else 1 if is_before else 4)
    return words + clauses + (1.5 if is_before and not reach.is_row else 0)


def _subject(place: _Place, figure: Figure, reach: _Reach, subject: str, used: Sequence[Span]) -> float | None:
    """Return how far the subject is; None where nothing names it. A span that is used for a value is not used twice."""
    if not place.lexicon.subjects.get(subject):
        return 0.0
    own = [
        one
        for one in place.mentions
        if _is_of(one, subject)
        and not any(span.meets(one.span) for span in used)
        and not _LABEL.match(place.passage.text, one.span.end)
    ]
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


def _is_of(mention: Mention, subject: str) -> bool:
    return mention.kind == "subject" and mention.of == subject


def _value(place: _Place, figure: Figure, reach: _Reach, breakdown: str, value: str) -> tuple[float, Span] | None:
    """Return how far a value of a breakdown is, and where; None where nothing names it for this figure."""
    found: list[tuple[float, Span]] = []
    of = [one for one in place.mentions if one.kind == "value" and one.of == breakdown]
    last = max((one.span.end for one in of if one.span.end <= figure.span.start), default=-1)
    has_own = figure.is_parenthesised and any(_in_reach(one.span, reach) for one in of)
    side = _side(place, figure, of)
    for one in of:
        if one.value != value or (
            side and (one.span.start - figure.span.start) * side < 0 and _is_near(place, figure, one.span)
        ):
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
        elif place.passage.sentence(figure.span).holds(one.span):
            found.append((12 + 0.3 * (cost - _SENTENCE), one.span))
    return min(found, key=lambda one: one[0], default=None)


def _is_whole(place: _Place, figure: Figure, reach: _Reach) -> bool:
    return bool(_WHOLE.search(place.passage.text[reach.before.start : figure.span.start]))


def _side(place: _Place, figure: Figure, values: Sequence[Mention]) -> int:
    """Return on which side of the figures of a sentence the values stand: -1 before, 1 after, 0 where none is told."""
    passage, sentence = place.passage, place.passage.sentence(figure.span)
    own = [one for one in place.figures if sentence.holds(one.span) and not one.is_parenthesised]
    named = [one.span for one in values if sentence.holds(one.span)]
    if figure.is_parenthesised or len(own) < 2 or len(named) < 2:
        return 0
    gaps = [
        (passage.text[span.end : one.span.start], -1) for span in named for one in own if span.end <= one.span.start
    ]
    gaps += [
        (passage.text[one.span.end : span.start], 1) for span in named for one in own if one.span.end <= span.start
    ]
    if any(
        not passage.text[span.end : own[0].span.start].strip(" |-") for span in named if span.end <= own[0].span.start
    ):
        return -1
    sides = [side for gap, side in gaps if not gap.strip(" |-") or (side > 0 and _LED.fullmatch(gap))]
    return _sign(sum(sides)) or (_sign(named[0].start - own[0].span.start) if sides else 0)


def _sign(number: int) -> int:
    return (number > 0) - (number < 0)


def _is_near(place: _Place, figure: Figure, span: Span) -> bool:
    """Return whether something stands in the sentence of a figure."""
    return place.passage.sentence(figure.span).holds(span)


def _is_joined(place: _Place, number: int) -> bool:
    """Return whether a count is told again as a percentage: `42 (11%)`, `42 cases or 11%`."""
    if number + 1 == len(place.figures):
        return False
    figure, following = place.figures[number], place.figures[number + 1]
    between = place.passage.text[figure.span.end : following.span.start]
    return following.unit == "%" and not following.change and bool(_JOINED.search(between))


def _has_share(lexicon: Lexicon, told: Told) -> bool:
    """Return whether the count of an indicator is told as a percentage too."""
    return any(
        one.unit == "%"
        and (one.subject, one.measure) == (told.subject, told.measure)
        and set(told.breakdowns) <= {*one.breakdowns, "all"}
        and (one.breakdowns == ("all",)) == (told.breakdowns == ("all",))
        for one in lexicon.indicators
    )


def _period(place: _Place, figure: Figure, reach: _Reach, main: Bound | None, *, is_compared: bool) -> Period:
    """Return of when a figure is: what stands nearest, or what the paper is about."""
    text, sentence = place.passage.text, place.passage.sentence(figure.span)
    base = main.period if main else place.about
    if reach.is_row and (header := _header(place, figure, reach)):
        return header
    named = [(span, one) for span, one in place.periods if not any(mask.holds(span) for mask in reach.masked)]
    clause_end = _clause_end(place, figure, reach)
    for span, period in named:
        is_inner = reach.inner is not None and reach.inner.holds(span)
        if is_inner or figure.span.end <= span.start < clause_end:
            if period.kind == "ago":
                if is_compared:
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
            if is_compared or not _CLAUSE.search(text[span.end : figure.span.start]):
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
        is_told = span.start < _compared_from(text, figure, sentence) and period.kind == "year"
        if (span.end <= figure.span.start or is_told) and span not in place.taken and period.kind in ("year", "span"):
            return _settled(text, span, period)
    own = [one for _, one in periods(place.passage.heading) if one.kind == "year"]
    return own[0] if own else place.about


def _clause_end(place: _Place, figure: Figure, reach: _Reach) -> int:
    """Return where what is said after a figure ends: before the next figure, or before what it is compared with."""
    return _compared_from(place.passage.text, figure, reach.after)


def _compared_from(text: str, figure: Figure, span: Span) -> int:
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


def _header(place: _Place, figure: Figure, reach: _Reach) -> Period | None:
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
