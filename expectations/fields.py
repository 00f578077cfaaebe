"""Fields: what a column of a return is called, how its text is read, and what is expected of it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, ClassVar

import polars as pl

from expectations.checks import Check, InRange, Matches, Present, Readable
from expectations.verdicts import Verdict


def normal(text: str) -> str:
    """Return a header or code as it is compared: lower case, underscores and runs of white space as one space."""
    return re.sub(r"[\s_]+", " ", text).strip().casefold()


def normal_text(text: pl.Expr) -> pl.Expr:
    """Return the same as `normal`, for a column of text."""
    return text.str.replace_all(r"[\s_]+", " ").str.strip_chars().str.to_lowercase()


class Field(ABC):
    """One column of a return.

    Args:
        headers: every spelling of the header that has been met; case, underscores and spaces do not matter.
            The first one is what the supplier is told.
        required: whether the column must be there and filled in on every row.
        loaded: whether the value goes into the fact, under the field's own name.
        personal: whether a value must never be echoed in a message.
        says: what the column means, for the data dictionary.
    """

    name: str
    can_be_unreadable: ClassVar[bool] = True

    def __init__(
        self,
        *headers: str,
        required: bool = True,
        loaded: bool = True,
        personal: bool = False,
        says: str = "",
    ) -> None:
        """Keep the description of the column."""
        self.headers = headers
        self.required = required
        self.loaded = loaded
        self.personal = personal
        self.says = says

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the field's name from the declaration."""
        self.name = name

    @property
    def header(self) -> str:
        """The header as the supplier is told it."""
        return self.headers[0]

    @property
    def state(self) -> str:
        """The column that says of each cell whether it is a `value`, `blank` or `unreadable`."""
        return f"{self.name}__state"

    @property
    @abstractmethod
    def expected(self) -> str:
        """What should stand in a cell, in plain English, to follow the word "expected"."""

    @abstractmethod
    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the typed value of a column of stripped text; null where it cannot be read."""

    def checks(self, verdict: Verdict) -> Iterator[Check]:
        """Yield what is expected of this column; `verdict` is what follows when it is not met."""
        if self.can_be_unreadable:
            yield Readable(self, verdict)
        if self.required:
            yield Present(self, verdict)


class Unread(Field):
    """A column that is known to stand in the file, and is not read."""

    def __init__(self, *headers: str, says: str = "") -> None:
        """Keep its names."""
        super().__init__(*headers, required=False, loaded=False, says=says)

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return "anything; it is not read"

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the text itself."""
        return text

    def checks(self, verdict: Verdict) -> Iterator[Check]:  # noqa: ARG002
        """Yield nothing: nothing is expected."""
        yield from ()


# Whoever opens published text in a spreadsheet runs what begins like a formula.
NO_FORMULA = r"[^=+@\-](?s:.*)"


class Text(Field):
    """Text, where wanted of one pattern; what is loaded never begins like a formula.

    Args:
        matches: a regular expression for the whole value.
        pattern_says: that pattern in plain English.
    """

    can_be_unreadable = False

    def __init__(self, *headers: str, matches: str | None = None, pattern_says: str = "", **field: Any) -> None:
        """Keep the pattern."""
        super().__init__(*headers, **field)
        self.matches = matches or (NO_FORMULA if self.loaded else None)
        self.pattern_says = pattern_says

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return self.pattern_says or "text"

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the text itself."""
        return text

    def checks(self, verdict: Verdict) -> Iterator[Check]:
        """Add the pattern to what is expected of every column."""
        yield from super().checks(verdict)
        if self.matches:
            yield Matches(self, verdict, self.matches)


class Reference(Text):
    """A reference to a person, household or case; it is loaded as a pseudonym alone, and never echoed."""

    def __init__(self, *headers: str, **field: Any) -> None:
        """Keep its names; a reference is always personal."""
        super().__init__(*headers, **{**field, "personal": True})

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the reference in lower case and with single spaces, so that one person is one reference."""
        return text.str.replace_all(r"\s+", " ").str.to_lowercase()


class Code(Field):
    """A value from a code list, each code with every spelling of it that has been met.

    Args:
        codes: code -> spellings, compared without regard to case, underscores and spaces.
        codes_say: the code list in plain English, where naming its first codes would help nobody.
    """

    def __init__(self, *headers: str, codes: Mapping[str, Sequence[str]], codes_say: str = "", **field: Any) -> None:
        """Keep the code list."""
        super().__init__(*headers, **field)
        self.codes = codes
        self.codes_say = codes_say

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        if self.codes_say:
            return self.codes_say
        spellings = [spellings[0] for spellings in self.codes.values()]
        shown = ", ".join(spellings[:6])
        return f"one of {shown}" + (f" and {len(spellings) - 6} more" if len(spellings) > 6 else "")

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the code of each spelling."""
        spelt = {normal(spelling): code for code, spellings in self.codes.items() for spelling in spellings}
        return normal_text(text).replace_strict(spelt, default=None, return_dtype=pl.String)


# The country has seventy million residents: whatever a return counts, a larger figure is a slip.
MOST = 100_000_000


class Count(Field):
    """A count of things: a whole number, thousands commas allowed.

    Args:
        at_least: the smallest count that makes sense.
        at_most: the largest.
    """

    def __init__(self, *headers: str, at_least: int = 0, at_most: int = MOST, **field: Any) -> None:
        """Keep the range."""
        super().__init__(*headers, **field)
        self.at_least = at_least
        self.at_most = at_most

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        # A year takes no comma.
        top = f"{self.at_most:,}" if self.at_most >= 10_000 else str(self.at_most)
        return f"a whole number, {self.at_least} to {top}"

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the count; `12.0`, as spreadsheets write it, is 12."""
        whole = text.str.contains(r"^-?(\d+|\d{1,3}(,\d{3})+)(\.0+)?$")
        digits = text.str.replace_all(",", "").str.replace(r"\.0+$", "")
        return pl.when(whole).then(digits).otherwise(None).cast(pl.Int64, strict=False)

    def checks(self, verdict: Verdict) -> Iterator[Check]:
        """Add the range to what is expected of every column."""
        yield from super().checks(verdict)
        yield InRange(self, verdict, self.at_least, self.at_most)


# Day first always: the publishers are British, and month-first dates are refused rather than guessed.
DAY_STYLES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y", "%Y-%m-%d %H:%M:%S")


class Day(Field):
    """A date, in any of the styles of `DAY_STYLES`; not before `earliest`, and not in the future."""

    def __init__(self, *headers: str, earliest: date = date(2010, 1, 1), **field: Any) -> None:
        """Keep the earliest date that makes sense."""
        super().__init__(*headers, **field)
        self.earliest = earliest

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return f"a date such as 31/01/2024 or 2024-01-31, from {self.earliest:%d/%m/%Y} to today"

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the date."""
        days = [text.str.to_date(style, strict=False) for style in DAY_STYLES]
        # Where four digits are asked for, Polars reads 01.08.21 as the year 21.
        return pl.coalesce(*(pl.when(day.dt.year() >= 1000).then(day) for day in days))

    def checks(self, verdict: Verdict) -> Iterator[Check]:
        """Add the plausible range to what is expected of every column."""
        yield from super().checks(verdict)
        yield InRange(self, verdict, self.earliest, date.today())


class Month(Day):
    """A calendar month, written as its first day."""

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return f"the first day of a month such as 01/01/2024 or 2024-01-01, from {self.earliest:%d/%m/%Y} to today"

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the first day of the month; another day is not read, since it may be a month-first date."""
        day = super().typed(text)
        return pl.when(day.dt.day() == 1).then(day)
