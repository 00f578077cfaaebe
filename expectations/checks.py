"""Checks: one object a constraint, which knows its Polars mask, its Great Expectations form and its English.

Every check runs on the conformed frame of one file: a column `row` (the row as the sender sees it), a typed
column for each field and a column `<field>__state` beside it. Masks and expectations both pass over missing
values, so that a blank or unreadable cell is reported once and not by every rule that would have used it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import polars as pl

from expectations.verdicts import Verdict, listed

if TYPE_CHECKING:
    from datetime import date

    from great_expectations.expectations import Expectation


class Column(Protocol):
    """What a check needs to know of a field."""

    name: str
    personal: bool

    @property
    def header(self) -> str:
        """The header as the supplier is told it."""

    @property
    def state(self) -> str:
        """The column that holds the state of each cell."""

    @property
    def expected(self) -> str:
        """What should stand in a cell."""

    @property
    def if_blank(self) -> str:
        """What to do about a cell that is blank and must not be."""


class Check(ABC):
    """What is expected of the rows of a file.

    Attributes:
        kind: the last part of the check's id.
        verdict: what follows for a row, or the file, where it is not met.
        sentence: what is wrong, for the person who must mend it.
        fix: what to do about it.
        field: the column that it is about, if it is about one.
    """

    kind: ClassVar[str]
    verdict: Verdict
    sentence: str
    fix: str
    field: Column | None = None

    @property
    def id(self) -> str:
        """The check's name in results and messages, such as `value.readable`."""
        return f"{self.field.name}.{self.kind}" if self.field else self.kind

    @abstractmethod
    def broken(self) -> pl.Expr:
        """Return the Polars mask: true on each row that breaks the check, false or null on all others."""

    @abstractmethod
    def expectation(self) -> Expectation:
        """Return the Great Expectations form, which finds the same rows."""

    def columns(self) -> list[pl.Expr]:
        """Return columns to add to the frame before it is judged; most checks need none."""
        return []

    def said(self, headers: Mapping[str, str]) -> str:  # noqa: ARG002
        """Return the sentence in the words of a file, given its header for each field."""
        return self.sentence

    @property
    def looks_at(self) -> list[str]:
        """The columns that it looks at, each once."""
        if self.field:
            return [self.field.name]
        roots = (name for column in (*self.columns(), self.broken()) for name in column.meta.root_names())
        return list(dict.fromkeys(roots))

    @property
    def described(self) -> dict[str, Any]:
        """The severity and the check's id, as every expectation carries them."""
        severity = "warning" if self.verdict is Verdict.WARN else "critical"
        return {"severity": severity, "meta": {"check": self.id, "verdict": str(self.verdict)}}


class FieldCheck(Check):
    """A check of one column."""

    def __init__(self, field: Column, verdict: Verdict) -> None:
        """Bind the check to its column."""
        self.field: Column = field
        self.verdict = verdict
        self.fix = f"Expected {field.expected}."


class CellState(FieldCheck):
    """No cell of a column is in a certain state."""

    unwanted: str

    def broken(self) -> pl.Expr:
        """See `Check.broken`."""
        return pl.col(self.field.state) == self.unwanted

    def expectation(self) -> Expectation:
        """See `Check.expectation`."""
        from great_expectations import expectations as gxe

        return gxe.ExpectColumnValuesToNotBeInSet(column=self.field.state, value_set=[self.unwanted], **self.described)


class Readable(CellState):
    """What stands in a cell can be read as what the column is."""

    kind = "readable"
    unwanted = "unreadable"
    sentence = "the value cannot be used."


class Present(CellState):
    """A cell that must be filled in is not blank."""

    kind = "present"
    unwanted = "blank"
    sentence = "the cell is blank."

    def __init__(self, field: Column, verdict: Verdict) -> None:
        """Say what to fill in."""
        super().__init__(field, verdict)
        self.fix = field.if_blank


class OddCell(CellState):
    """No cell of a column is written in a certain odd way, such as a percentage where a count is due."""

    def __init__(self, field: Column, verdict: Verdict, state: str, sentence: str, fix: str) -> None:
        """Keep the state of such cells, and what is said of them."""
        super().__init__(field, verdict)
        self.unwanted = state
        self.sentence = sentence
        self.fix = fix

    @property
    def id(self) -> str:
        """See `Check.id`."""
        return f"{self.field.name}.{self.unwanted}"


class InRange(FieldCheck):
    """A number or date lies between two limits, both included."""

    kind = "in_range"
    sentence = "the value is outside what is possible."

    def __init__(
        self, field: Column, verdict: Verdict, at_least: int | date | None, at_most: int | date | None
    ) -> None:
        """Keep the limits."""
        super().__init__(field, verdict)
        self.at_least = at_least
        self.at_most = at_most

    def broken(self) -> pl.Expr:
        """See `Check.broken`."""
        value = pl.col(self.field.name)
        below = value < self.at_least if self.at_least is not None else pl.lit(False)
        above = value > self.at_most if self.at_most is not None else pl.lit(False)
        return below | above

    def expectation(self) -> Expectation:
        """See `Check.expectation`."""
        import pandas as pd
        from great_expectations import expectations as gxe

        limits = [
            limit if limit is None or isinstance(limit, int) else pd.Timestamp(limit)
            for limit in (self.at_least, self.at_most)
        ]
        return gxe.ExpectColumnValuesToBeBetween(
            column=self.field.name, min_value=limits[0], max_value=limits[1], **self.described
        )


class Matches(FieldCheck):
    """A text follows a pattern."""

    kind = "matches"
    sentence = "the value does not have the expected form."

    def __init__(self, field: Column, verdict: Verdict, pattern: str) -> None:
        """Keep the regular expression, which must fit the whole value."""
        super().__init__(field, verdict)
        self.pattern = f"^(?:{pattern})$"

    def broken(self) -> pl.Expr:
        """See `Check.broken`."""
        return ~pl.col(self.field.name).str.contains(self.pattern)

    def expectation(self) -> Expectation:
        """See `Check.expectation`."""
        from great_expectations import expectations as gxe

        return gxe.ExpectColumnValuesToMatchRegex(column=self.field.name, regex=self.pattern, **self.described)


class NotAbove(Check):
    """One column is never above (or, for dates, after) another."""

    kind = "not_above"

    def __init__(
        self, lower: str, upper: str, *, sentence: str, fix: str, verdict: Verdict = Verdict.REJECT_ROW
    ) -> None:
        """Name the two columns, and say in words what it means when the first is above the second."""
        self.lower = lower
        self.upper = upper
        self.verdict = verdict
        self.sentence = sentence
        self.fix = fix

    @property
    def id(self) -> str:
        """See `Check.id`."""
        return f"{self.lower}.{self.kind}.{self.upper}"

    def broken(self) -> pl.Expr:
        """See `Check.broken`."""
        return pl.col(self.lower) > pl.col(self.upper)

    def expectation(self) -> Expectation:
        """See `Check.expectation`."""
        from great_expectations import expectations as gxe

        return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A=self.upper,
            column_B=self.lower,
            or_equal=True,
            ignore_row_if="either_value_is_missing",
            **self.described,
        )


class UniqueKey(Check):
    """No two rows have the same business key."""

    kind = "unique_key"

    fix = "Send each once: keep the row that is right."

    def __init__(self, key: Sequence[str], verdict: Verdict, headers: Mapping[str, str]) -> None:
        """Keep the columns of the key, and the headers of the fields that they are or follow from."""
        self.key = list(key)
        self.verdict = verdict
        self.headers = headers
        self.sentence = self.said({})

    def said(self, headers: Mapping[str, str]) -> str:
        """See `Check.said`."""
        called = [f'"{headers.get(name, header)}"' for name, header in self.headers.items()]
        return f"several rows have the same {listed(called)}, and differ in the rest."

    def broken(self) -> pl.Expr:
        """See `Check.broken`."""
        known = pl.all_horizontal(pl.col(self.key).is_not_null())
        return known & pl.struct(self.key).is_duplicated()

    def expectation(self) -> Expectation:
        """See `Check.expectation`."""
        from great_expectations import expectations as gxe

        if len(self.key) == 1:
            return gxe.ExpectColumnValuesToBeUnique(column=self.key[0], **self.described)
        return gxe.ExpectCompoundColumnsToBeUnique(
            column_list=self.key, ignore_row_if="any_value_is_missing", **self.described
        )


class Row:
    """A row as a rule sees it: `row.value` is the column `value`."""

    def __getattr__(self, name: str) -> pl.Expr:
        """Return the column of that name."""
        return pl.col(name)


class Rule(Check):
    """A rule across columns or rows, written as a function of the row that says what holds."""

    kind = "rule"

    def __init__(self, holds: Callable[[Row], pl.Expr], *, sentence: str, fix: str, verdict: Verdict) -> None:
        """Keep the function and its words."""
        self.holds = holds
        self.verdict = verdict
        self.sentence = sentence
        self.fix = fix

    @property
    def id(self) -> str:
        """See `Check.id`."""
        return str(getattr(self.holds, "__name__", self.kind))

    @property
    def column(self) -> str:
        """The column that holds the rule's outcome, which is what Great Expectations sees of it."""
        return f"{self.id}__holds"

    def columns(self) -> list[pl.Expr]:
        """See `Check.columns`."""
        return [self.holds(Row()).alias(self.column)]

    def broken(self) -> pl.Expr:
        """See `Check.broken`."""
        return ~pl.col(self.column)

    def expectation(self) -> Expectation:
        """See `Check.expectation`."""
        from great_expectations import expectations as gxe

        return gxe.ExpectColumnValuesToBeInSet(column=self.column, value_set=[True], **self.described)
