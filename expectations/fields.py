"""Fields: what a column of a return is called, how its text is read, and what is expected of it."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar

import polars as pl

from expectations.checks import Check, InRange, Matches, OddCell, Present, Readable, Row
from expectations.entry import Entry
from expectations.verdicts import Verdict


def normal(text: str) -> str:
    """Return a header or code as it is compared: lower case, underscores and runs of white space as one space."""
    return re.sub(r"[\s_]+", " ", text).strip().casefold()


def normal_text(text: pl.Expr) -> pl.Expr:
    """Return the same as `normal`, for a column of text."""
    return text.str.replace_all(r"[\s_]+", " ").str.strip_chars().str.to_lowercase()


class Kind(StrEnum):
    """How the months of a measure make a window of twelve."""

    FLOW = "flow"
    SNAPSHOT = "snapshot"
    DISTINCT = "distinct"


@dataclass(frozen=True)
class Reading:
    """A way of writing a cell that is neither a plain value nor unreadable, and what is said of it.

    Attributes:
        state: what the cell's state is called.
        seen: the mask, over stripped text.
        sentence: what is said of such cells; "" where nothing needs to be.
        fix: what to do about it.
        rejects: whether the cell is as good as unreadable.
    """

    state: str
    seen: Callable[[pl.Expr], pl.Expr]
    sentence: str = ""
    fix: str = ""
    rejects: bool = False


def spelt(pattern: str) -> Callable[[pl.Expr], pl.Expr]:
    """Return the mask of cells that are wholly of a pattern, compared as `normal` does."""
    return lambda text: normal_text(text).str.contains(f"^(?:{pattern})$")


# What a spreadsheet shows where a formula has no result.
ERRORS = r"^#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!)$"


class Field(ABC):
    """One column of a return.

    Args:
        headers: every spelling of the header that has been met; case, underscores and spaces do not matter.
            The first one is what the supplier is told.
        required: whether the column must be there and filled in on every row.
        loaded: whether the value goes into the fact, under the field's own name.
        personal: whether a value must never be echoed in a message.
        above: whether the value may stand once above the table, beside the header, and goes for every row then.
        says: what the column means, for the data dictionary.
        example: what could stand in a cell, where its kind does not say it already.
    """

    name: str
    months: ClassVar[int | None] = None
    readings: tuple[Reading, ...] = ()

    def __init__(
        self,
        *headers: str,
        required: bool = True,
        loaded: bool = True,
        personal: bool = False,
        above: bool = False,
        says: str = "",
        example: str = "",
    ) -> None:
        """Keep the description of the column."""
        self.headers = headers
        self.required = required
        self.loaded = loaded
        self.personal = personal
        self.above = above
        self.says = says
        self.example = example

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the field's name from the declaration."""
        self.name = name

    @property
    def header(self) -> str:
        """The header as the supplier is told it."""
        return self.headers[0]

    @property
    def state(self) -> str:
        """The column that says of each cell whether it is a `value`, `unreadable` or of one of `readings`.

        An empty one is `blank`, or `absent` with the whole column.
        """
        return f"{self.name}__state"

    @property
    @abstractmethod
    def expected(self) -> str:
        """What should stand in a cell, in plain English, to follow the word "expected"."""

    @property
    def if_blank(self) -> str:
        """What to do about a cell that is blank and must not be."""
        return f"Fill in {self.expected}."

    @property
    def entry(self) -> Entry:
        """How a cell is filled in by hand: plain text, unless the kind of field says otherwise."""
        return Entry()

    @abstractmethod
    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the typed value of a column of stripped text; null where it cannot be read."""

    def beside(self, text: pl.Expr) -> dict[str, pl.Expr]:  # noqa: ARG002
        """Return columns that follow from the same text, by name; most fields have none."""
        return {}

    def checks(self, verdict: Verdict) -> Iterator[Check]:
        """Yield what is expected of this column; `verdict` is what follows when it is not met."""
        yield Readable(self, verdict)
        if self.required:
            yield Present(self, verdict)
        for one in self.readings:
            if one.sentence:
                yield OddCell(self, verdict if one.rejects else Verdict.WARN, one.state, one.sentence, one.fix)


class Derived:
    """A column that follows from others of its row, such as the month of a date.

    Args:
        value: the column, as a function of the typed row.
        months: how many months it spans, where it is the first day of a period.
        kind: how its months make a window, where it is a measure of its own in a return of counts.
        unit: what one of it is, for such a column.
        says: what it means.
    """

    name: str

    def __init__(
        self,
        value: Callable[[Row], pl.Expr],
        *,
        months: int | None = None,
        kind: Kind | None = None,
        unit: str = "",
        says: str = "",
    ) -> None:
        """Keep the function."""
        self.value = value
        self.months = months
        self.kind = kind
        self.unit = unit
        self.says = says

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the column's name from the declaration."""
        self.name = name


def month_of(day: str) -> Derived:
    """Return the month of a date, as its first day."""
    return Derived(lambda _: pl.col(day).dt.month_start(), months=1)


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
        capitals: whether small letters are read as capitals, as in a code.
    """

    def __init__(
        self,
        *headers: str,
        matches: str | None = None,
        pattern_says: str = "",
        capitals: bool = False,
        **field: Any,
    ) -> None:
        """Keep the pattern."""
        super().__init__(*headers, **field)
        self.capitals = capitals
        self.matches = matches or (NO_FORMULA if self.loaded else None)
        self.pattern_says = pattern_says

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return self.pattern_says or "text"

    @property
    def if_blank(self) -> str:
        """See `Field.if_blank`; what the column means says more than that it is text."""
        if self.expected != "text" or not self.says:
            return super().if_blank
        return f"Fill in {self.says[0].lower()}{self.says[1:]}"

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the text itself."""
        return text.str.to_uppercase() if self.capitals else text

    def checks(self, verdict: Verdict) -> Iterator[Check]:
        """Add the pattern to what is expected of every column."""
        yield from super().checks(verdict)
        if self.matches:
            yield Matches(self, verdict, self.matches)


class Code(Field):
    """A value from a code list, each code with every spelling of it that has been met.

    Args:
        codes: code -> spellings, compared without regard to case, underscores and spaces.
        codes_say: the code list in plain English, where naming its first codes would help nobody.
        blank: the code of a cell, or column, that is not filled in; such a field is not required.
        unmapped: the code of a name that is not in the list; it is warned about.
        divides: the breakdown whose values these codes are, where the counts of a row are of one of them.
        adds_up: whether the values of that breakdown together make the undivided figure.
        prefixes: whether the codes tell measures apart, as the wave of a survey does: `pre_answered`, `post_answered`.
    """

    def __init__(
        self,
        *headers: str,
        codes: Mapping[str, Sequence[str]],
        codes_say: str = "",
        blank: str | None = None,
        unmapped: str | None = None,
        divides: str | None = None,
        adds_up: bool = True,
        prefixes: bool = False,
        **field: Any,
    ) -> None:
        """Keep the code list."""
        super().__init__(*headers, **{"required": blank is None, **field})
        self.codes = codes
        self.codes_say = codes_say
        self.blank = blank
        self.unmapped = unmapped
        self.divides = divides
        self.adds_up = adds_up
        self.prefixes = prefixes
        if unmapped:
            self.readings = (
                Reading(
                    "unmapped",
                    lambda text: ~normal_text(text).is_in(list(self._spelt())),
                    f'we do not know this name; it is counted under "{codes[unmapped][0]}".',
                    "Use a name of the list; if it is a new one, tell us and we add it.",
                ),
            )

    def _spelt(self) -> dict[str, str]:
        """Return the code of each spelling."""
        return {normal(spelling): code for code, spellings in self.codes.items() for spelling in spellings}

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        if self.codes_say:
            return self.codes_say
        spellings = [spellings[0] for spellings in self.codes.values()]
        between = "; " if any("," in one for one in spellings) else ", "
        shown = between.join(spellings[:6])
        if len(spellings) == 1:
            return shown
        return f"one of {shown}" + (f" and {len(spellings) - 6} more" if len(spellings) > 6 else "")

    @property
    def entry(self) -> Entry:
        """See `Field.entry`."""
        return Entry(choices=tuple(spellings[0] for spellings in self.codes.values()), strict=self.unmapped is None)

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the code of each spelling."""
        known = normal_text(text).replace_strict(self._spelt(), default=self.unmapped, return_dtype=pl.String)
        return (
            known
            if self.blank is None and self.unmapped is None
            else (pl.when(text.is_null()).then(pl.lit(self.blank, pl.String)).otherwise(known))
        )


# The country has seventy million residents: whatever a return counts, a larger figure is a slip.
MOST = 100_000_000


IF_NONE = "Type 0 if there was none; otherwise type: not known."
NIL = r"nil|none|zero"
COUNT_READINGS = (
    Reading(
        "suppressed",
        spelt(r"< ?\d+|\[c\]|\*+|suppressed|(fewer|less) than \d+|under \d+|\d+ or (fewer|less)"),
        "the figure is withheld. It is kept as withheld, never as zero, and the 12-month figures that need it stay "
        "empty.",
        "Send the figure if your rules allow it; a withheld figure is no mistake.",
    ),
    Reading(
        "not_known",
        spelt(r"n/?a|n/?k|not (known|available|recorded|applicable|collected)|unknown|tb[ac]|\[[xz]\]"),
        "the figure is given as not known. It is not read as zero, and the 12-month figures that need it stay empty.",
        "If there was none, type 0.",
    ),
    Reading(
        "repaired",
        spelt(rf"{NIL}|\d{{1,3}}(,\d{{3}})+"),
        "the cell does not hold a plain number, and was read as one: nil, none and zero as 0, and 1,234 as 1234.",
        "Check that this is what you meant.",
    ),
    Reading(
        "percentage",
        spelt(r"\d+(\.\d+)? ?%|0?\.\d+"),
        "a percentage or fraction stands where a count is due.",
        "Send the count; percentages are computed from the counts.",
        rejects=True,
    ),
    Reading(
        "dash",
        spelt(r"[-\x{2013}\x{2014}?./]+"),
        "a dash may mean that there was none, or that it is not known.",
        IF_NONE,
        rejects=True,
    ),
)


LEFT_BLANK = (
    "blank",
    "the cell is left blank: it is read as not reported, never as zero.",
    "If there was none, type 0; if the figure is not collected, nothing needs doing.",
)


class Count(Field):
    """A count of things: a whole number, thousands commas allowed.

    Args:
        at_least: the smallest count that makes sense.
        at_most: the largest.
        kind: how its months make a window; given for a column that is a measure of its own in a return of counts.
        unit: what one of it is, for such a column.
        measure: the measure's code, where several columns count one measure by a breakdown.
        of: that breakdown and this column's value of it, such as ("sex", "F").
    """

    def __init__(
        self,
        *headers: str,
        at_least: int = 0,
        at_most: int = MOST,
        kind: Kind | None = None,
        unit: str = "",
        measure: str | None = None,
        of: tuple[str, str] | None = None,
        **field: Any,
    ) -> None:
        """Keep the range."""
        super().__init__(*headers, **field)
        self.at_least = at_least
        self.at_most = at_most
        self.kind = kind
        self.unit = unit
        self.measure = measure
        self.of = of
        if kind:
            self.readings = COUNT_READINGS

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        # A year takes no comma.
        top = f"{self.at_most:,}" if self.at_most >= 10_000 else str(self.at_most)
        return f"a whole number, {self.at_least} to {top}"

    @property
    def if_blank(self) -> str:
        """See `Field.if_blank`."""
        return f"{super().if_blank} {IF_NONE}" if self.kind else super().if_blank

    @property
    def entry(self) -> Entry:
        """See `Field.entry`."""
        return Entry("number", self.at_least, self.at_most, strict=self.kind is None)

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the count; `12.0`, as spreadsheets write it, is 12."""
        whole = text.str.contains(r"^-?(\d+|\d{1,3}(,\d{3})+)(\.0+)?$")
        digits = text.str.replace_all(",", "").str.replace(r"\.0+$", "")
        count = pl.when(whole).then(digits).otherwise(None).cast(pl.Int64, strict=False)
        return pl.when(spelt(NIL)(text)).then(0).otherwise(count) if self.kind else count

    def checks(self, verdict: Verdict) -> Iterator[Check]:
        """Add the range to what is expected of every column, and what is said of a figure that is left out."""
        yield from super().checks(verdict)
        if self.kind and not self.required:
            yield OddCell(self, Verdict.WARN, *LEFT_BLANK)
        yield InRange(self, verdict, self.at_least, self.at_most)


FOOTNOTED = r"\d[\d,]*(\.\d+)? ?(\*+|\[[a-z0-9]+\]|\([a-z0-9]\))"


class Number(Field):
    """A published number, fractions included; the mark of a footnote behind it is left off, and said.

    Args:
        measure: what it measures, for a column that is a measure of its own.
        unit: what one of it is.
    """

    readings = (
        Reading(
            "suppressed",
            spelt(r"\[[cxzu]\]|\.\.|:|[-\x{2013}\x{2014}]|n/?a|n/?k|not (known|available|applicable)"),
            "no figure is given.",
            "Nothing needs doing.",
        ),
        Reading(
            "percentage",
            spelt(r"-?\d[\d,]*(\.\d+)? ?%"),
            "a percentage sign stands where a plain number is due.",
            "Type the number without the sign, such as 32 for 32%, and format the cell as a number.",
            rejects=True,
        ),
        Reading(
            "repaired", spelt(FOOTNOTED), "the mark of a footnote was left off.", "Read the footnote before comparing."
        ),
    )

    def __init__(self, *headers: str, measure: str = "", unit: str = "", **field: Any) -> None:
        """Keep what it measures."""
        super().__init__(*headers, **field)
        self.measure = measure
        self.unit = unit

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return "a number such as 13,066 or 23.2"

    @property
    def entry(self) -> Entry:
        """See `Field.entry`."""
        return Entry("decimal", strict=False)

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the number."""
        plain = text.str.replace(r" ?(\*+|\[[a-zA-Z0-9]+\]|\([a-z0-9]\))$", "").str.replace_all(",", "")
        return pl.when(plain.str.contains(r"^-?\d+(\.\d+)?([eE]-?\d+)?$")).then(plain).cast(pl.Float64, strict=False)


# Day first always: the publishers are British, and month-first dates are refused rather than guessed.
DAY_STYLES = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d.%m.%y", "%d/%m/%y", "%Y-%m-%d %H:%M:%S")


class Day(Field):
    """A date, day first and in any of the usual styles; never in the future."""

    def __init__(self, *headers: str, earliest: date = date(2010, 1, 1), **field: Any) -> None:
        """Keep the earliest date that makes sense."""
        super().__init__(*headers, **field)
        self.earliest = earliest

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return f"a date such as 31/01/2024 or 2024-01-31, from {self.earliest:%d/%m/%Y} to today"

    @property
    def entry(self) -> Entry:
        """See `Field.entry`."""
        return Entry("date", self.earliest)

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

    months = 1

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return f"the first day of a month such as 01/01/2024 or 2024-01-01, from {self.earliest:%d/%m/%Y} to today"

    @property
    def entry(self) -> Entry:
        """See `Field.entry`."""
        return Entry("month", self.earliest)

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the first day of the month; another day is not read, since it may be a month-first date."""
        day = super().typed(text)
        return pl.when(day.dt.day() == 1).then(day)
