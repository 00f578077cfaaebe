"""A passage: a paragraph with its list, or a table, of a paper."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

_ENDS = re.compile(r"(?<=[.!?])[\"')]*\s+(?=[\"'(]?[A-Z£\d•])|\s*•\s*")
_PARENTHESES = re.compile(r"\([^()]*\)")


@dataclass(frozen=True)
class Span:
    """From the first to before the last character of something in a text."""

    start: int
    end: int

    def holds(self, other: "Span") -> bool:
        """Return whether another span lies in this one."""
        return self.start <= other.start and other.end <= self.end

    def meets(self, other: "Span") -> bool:
        """Return whether the two have a character in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Passage:
    """A paragraph with its list, or a table.

    Attributes:
        place: where it stands, as a reader would look for it: `1.7.2`, `Table 3`, `page 4`.
        text: what it says, in one line.
        heading: what it stands under.
        is_table: whether it is a table: its cells follow one another.
    """

    place: str
    text: str
    heading: str = ""
    is_table: bool = False

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """Its sentences; each item of a list is one, and each cell of a table where cells are known."""
        if self.is_table and "•" not in self.text:
            return (Span(0, len(self.text)),)
        cuts = [0, *(found.end() for found in _ENDS.finditer(self.text)), len(self.text)]
        return tuple(Span(start, end) for start, end in pairwise(cuts) if start < end)

    @cached_property
    def parentheses(self) -> tuple[Span, ...]:
        """What stands in parentheses, with them."""
        return tuple(Span(*found.span()) for found in _PARENTHESES.finditer(self.text))

    def sentence(self, of: Span) -> Span:
        """Return the sentence in which something begins."""
        return next(one for one in self.sentences if one.start <= of.start < one.end)

    def said_in(self, span: Span) -> str:
        """Return the text of a span."""
        return self.text[span.start : span.end]

    def before(self, of: Span) -> Iterator[Span]:
        """Yield the sentences before the one in which something begins, the last first."""
        own = self.sentence(of)
        yield from (one for one in reversed(self.sentences) if one.end <= own.start)
