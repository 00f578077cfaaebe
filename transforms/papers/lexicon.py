"""The lexicon: how papers call what is counted, of whom, and what it is divided by."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from transforms.papers.passage import Span

Kind = Literal["subject", "indicator", "value"]

_BETWEEN = r"[\s/-]+(?:\[?(?:the|a|an|their|his|her|my|our|its)\]?\s+)?"


@dataclass(frozen=True)
class Told:
    """An indicator as papers tell of it.

    Attributes:
        indicator_id: which.
        name: as it is published.
        subject: of what or whom it is, such as `MARAC`.
        measure: what is counted.
        base: the series it is a share of, as `subject.measure`; empty for a count.
        unit: `count`, `%` and so on.
        presents: `level`, `change` or `rank`.
        breakdowns: what it is shown by; `all` is the undivided figure.
        said: the phrases that papers use for it.
    """

    indicator_id: str
    name: str
    subject: str
    measure: str
    base: str
    unit: str
    presents: str
    breakdowns: tuple[str, ...]
    said: tuple[str, ...]


@dataclass(frozen=True)
class Mention:
    """A phrase of the lexicon in a text.

    Attributes:
        span: where.
        kind: whether it names a subject, an indicator, or a value of a breakdown.
        of: the subject, the indicator, or the breakdown.
        value: the value of the breakdown; empty otherwise.
    """

    span: Span
    kind: Kind
    of: str
    value: str = ""


@dataclass(frozen=True)
class Lexicon:
    """How papers call things.

    Attributes:
        indicators: every indicator that papers tell of.
        subjects: of each subject how it is called; one without a name need not be named.
        values: of each breakdown its values, and how each is called.
    """

    indicators: tuple[Told, ...]
    subjects: Mapping[str, Sequence[str]]
    values: Mapping[str, Mapping[str, Sequence[str]]]

    @cached_property
    def wholes(self) -> frozenset[str]:
        """The series that others are shares of, as `subject.measure`."""
        return frozenset(one.base for one in self.indicators if one.base)

    @cached_property
    def _phrases(self) -> list[tuple[re.Pattern[str], Kind, str, str]]:
        return [(phrase(one), kind, of, value) for one, kind, of, value in self._named()]

    def _named(self) -> Iterator[tuple[str, Kind, str, str]]:
        for subject, names in self.subjects.items():
            yield from ((name, "subject", subject, "") for name in names)
        for told in self.indicators:
            yield from ((said, "indicator", told.indicator_id, "") for said in told.said)
        for breakdown, values in self.values.items():
            for value, names in values.items():
                yield from ((name, "value", breakdown, value) for name in names)

    def mentions(self, text: str) -> list[Mention]:
        """Return what a text mentions, in order; of two of one kind that share words only the longer one."""
        found = [
            Mention(Span(*match.span()), kind, of, value)
            for pattern, kind, of, value in self._phrases
            for match in pattern.finditer(text)
        ]
        return sorted(_longest(found), key=lambda one: one.span.start)


def phrase(said: str) -> re.Pattern[str]:
    """Return what finds a phrase, in any number: `*` ends a word in any way, `..` leaves out up to five words."""
    parts = []
    for word in said.split():
        if word == "..":
            parts.append(r"(?:\W+(?!\d)[\w']+){0,5}?\W+")
        else:
            stem = re.escape(word.rstrip("*"))
            between = r"(?:\s?-\s?|\s+(?:to|and)\s+)" if word[0].isdigit() else r"[\s-]?"
            stem = stem.replace(r"\-", between)
            if len(word) > 4 and word.endswith("s") and not word.endswith("ss"):
                stem = stem.removesuffix("s")
            ending = r"[\w-]*" if word.endswith("*") else r"(?:'?s|s')?" if word[-1].isalpha() else ""
            parts.append(
                rf"{stem}{ending}" if not parts or parts[-1].endswith(r"\W+") else rf"{_BETWEEN}{stem}{ending}"
            )
    before = "A-Za-z" if parts[0][0].isalpha() else r"\w"  # a number may be written together with what it counts
    return re.compile(rf"(?<![{before}£%]){''.join(parts)}(?!\w)", re.IGNORECASE)


def _longest(mentions: Iterable[Mention]) -> Iterator[Mention]:
    """Yield the mentions that do not lie in a longer one of the same kind."""
    every = list(mentions)
    for one in every:
        size = one.span.end - one.span.start
        if not any(
            (other.kind, other.of * (one.kind == "value")) == (one.kind, one.of * (one.kind == "value"))
            and other.span.holds(one.span)
            and other.span.end - other.span.start > size
            for other in every
        ):
            yield one
