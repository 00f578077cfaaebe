"""The declaration: one class a source, from which everything else about the source follows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import polars as pl

from expectations.checks import Check, Row, Rule, UniqueKey
from expectations.fields import Code, Count, Derived, Field, Kind, Unread, normal_text
from expectations.people import Reference
from expectations.periods import StatedPeriod
from expectations.verdicts import Verdict, in_words


@dataclass(frozen=True)
class Agency:
    """Who supplies a source; becomes a row of `dim_agency`."""

    agency_id: str
    agency_name: str
    agency_type: str
    valid_from: date = date(2010, 1, 1)
    valid_to: date | None = None


LENGTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


@dataclass(frozen=True)
class Due:
    """How often a return comes, and by which day after its period; `expectations.calendar` knows the dates.

    Attributes:
        every: the length of its period: month, quarter, half-year or year (of the financial year).
        working_day: the working day of England, counted from the end of the period, by which it is due.
        day: instead, the day of the month after the period on which its publisher refreshes it.

    Raises:
        ValueError: if the length is none of these, or not just one of the two days is given.
    """

    every: str
    working_day: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no date follows from."""
        if self.every not in LENGTHS:
            raise ValueError(f"Due every {self.every!r}: write one of {', '.join(LENGTHS)}.")
        if sum(1 for one in (self.working_day, self.day) if one and one > 0) != 1:
            raise ValueError("Due: give either a working_day or a day, from 1 on.")

    @property
    def months(self) -> int:
        """How many months its period has."""
        return LENGTHS[self.every]

    def __str__(self) -> str:
        """Say it in words."""
        if self.working_day:
            return f"every {self.every}, by working day {self.working_day} after its end"
        return f"every {self.every}, by day {self.day} of the month after its end"


@dataclass(frozen=True)
class Part:
    """One of those whose figures together make the whole, such as a refuge, and since when it is expected."""

    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Scope:
    """Which rows are our business; the others are counted, not errors."""

    ours: Callable[[Row], pl.Expr]
    because: str


@dataclass(frozen=True)
class Coverage:
    """What a file of counts is complete for, so that a row that is not there means zero.

    A slice is covered when one of its rows shows it (`shown_by`, over typed columns). It then carries the
    series (subject, measure) of `always`, and every other series that stands anywhere in the file.

    Attributes:
        subject: the field that says what is counted, such as `offence_id`.
        measure: the field that says how it is counted.
        shown_by: the rows that show a slice to be there.
        because: what a slice without such a row lacks, and why that cannot be, to follow "may be incomplete".
        always: the series that every file carries.
        areas: the areas that every file should hold; one that is not there is warned about.
    """

    subject: str
    measure: str
    shown_by: Callable[[Row], pl.Expr]
    because: str
    always: tuple[tuple[str, str], ...]
    areas: tuple[str, ...] = ()


class NormalRow(Row):
    """A row as a scope sees it: text in lower case with single spaces, blank as ""."""

    def __getattr__(self, name: str) -> pl.Expr:
        """Return the normalised text of the column of that name."""
        return normal_text(super().__getattr__(name)).fill_null("")


def scope(because: str) -> Callable[[Callable[[Row], pl.Expr]], Any]:
    """Declare which rows are ours, over columns of normalised text (lower case, blank as "").

    Args:
        because: why the other rows are not, for the count of rows out of scope.
    """
    return lambda ours: Scope(ours, because)


def rule(
    sentence: str, *, fix: str, verdict: Verdict = Verdict.REJECT_ROW
) -> Callable[[Callable[[Row], pl.Expr]], Any]:
    """Declare what must hold across columns or rows.

    Args:
        sentence: what is wrong where it does not hold.
        fix: what to do about it.
        verdict: what follows for the row.
    """
    return lambda holds: Rule(holds, sentence=sentence, fix=fix, verdict=verdict)


class Source:
    """A return or extract, declared once. Subclass it in `expectations/sources/`, one file a source.

    Attributes:
        title: what people call it.
        supplier: who sends it.
        arrives: how often and by when; in words where no date follows from it.
        loads: the table of the warehouse that its rows become.
        service: the service that it counts or lists, as in the code list; for a return of a provider.
        key: the fields that identify a row in a file.
        slices: the fields that name the smallest thing that a newer file replaces.
        vintage: the field with the publisher's refresh date; of two files the later one is newer.
        covers: where missing rows mean zero; None where every row stands for itself.
        parts: those whose slices together make the whole, by their code; the part is named by `part`.
        part: the field of the slice that names the part.
        precedence: where two sources cover the same figure, the lowest one is read.
        rejected_limit: the share of rows in scope that may be rejected before the whole file is.
        raw_kept_days: how long a raw file is kept after a later one of the source was accepted.
        records_kept_months: how long rows about single people are kept after their month; None for as long as there
            is a warehouse.
        record_level: whether a row is about one person or case; follows from the fields and from what is loaded.
    """

    title: ClassVar[str]
    supplier: ClassVar[Agency]
    arrives: ClassVar[str | Due]
    loads: ClassVar[str]
    service: ClassVar[str] = "NOT_APPLICABLE"
    key: ClassVar[tuple[str, ...]]
    slices: ClassVar[tuple[str, ...]]
    vintage: ClassVar[str | None] = None
    covers: ClassVar[Coverage | None] = None
    part: ClassVar[str | None] = None
    parts: ClassVar[Mapping[str, Part]] = {}
    precedence: ClassVar[int] = 1
    rejected_limit: ClassVar[float] = 0.02
    raw_kept_days: ClassVar[int] = 90
    records_kept_months: ClassVar[int | None] = None

    record_level: ClassVar[bool]
    name: ClassVar[str]
    fields: ClassVar[dict[str, Field]]
    read: ClassVar[dict[str, Field]]
    derived: ClassVar[dict[str, Derived]]
    measures: ClassVar[dict[str, Count]]
    derived_measures: ClassVar[dict[str, Derived]]
    stated: ClassVar[StatedPeriod | None]
    dated_by: ClassVar[str | None]
    months: ClassVar[int | None]
    scopes: ClassVar[tuple[Scope, ...]]
    rules: ClassVar[tuple[Check, ...]]

    def __init_subclass__(cls) -> None:
        """Collect the declared fields, scopes and rules; the source's name is the class's, in snake case."""
        cls.name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", cls.__name__).lower()
        declared = {name: value for base in reversed(cls.__mro__) for name, value in vars(base).items()}
        cls.fields = {name: value for name, value in declared.items() if isinstance(value, Field)}
        cls.read = {name: field for name, field in cls.fields.items() if not isinstance(field, Unread)}
        cls.derived = {name: value for name, value in declared.items() if isinstance(value, Derived)}
        counts = {name: field for name, field in cls.fields.items() if isinstance(field, Count) and field.kind}
        # Where a column names the measure, the column of counts is none of its own.
        cls.measures = {} if "measure_id" in cls.fields else counts
        cls.derived_measures = {name: column for name, column in cls.derived.items() if column.kind is not None}
        cls.stated = next((field for field in cls.fields.values() if isinstance(field, StatedPeriod)), None)
        references = any(isinstance(field, Reference) for field in cls.fields.values())
        cls.record_level = references or getattr(cls, "loads", None) == "fact_referrals"
        cls.scopes = tuple(value for value in declared.values() if isinstance(value, Scope))
        cls.rules = tuple(value for value in declared.values() if isinstance(value, Check))
        named = {*cls.key, *cls.slices, *([cls.vintage] if cls.vintage else [])}
        if unknown := named - cls.read.keys() - cls.derived.keys():
            raise TypeError(f"{cls.__name__} names fields it does not declare: {', '.join(sorted(unknown))}")
        # The field or derived column of the slice that says which months a row counts in, and how many those are.
        columns: dict[str, Field | Derived] = {**cls.fields, **cls.derived}
        months = {name: column.months for name, column in columns.items()}
        cls.dated_by = next((name for name in cls.slices if months[name]), None)
        cls.months = months[cls.dated_by] if cls.dated_by else None

    @classmethod
    def counts(cls) -> Iterator[dict[str, str]]:
        """Yield every measure that is a column of its own: its code, name, unit, additivity and definition."""
        columns = [field for field in cls.fields.values() if isinstance(field, Code)]
        prefixes = [f"{code}_" for field in columns if field.prefixes for code in field.codes] or [""]
        for name, field in cls.measures.items():
            for prefix in prefixes:
                measure_id = f"{prefix}{field.measure or name}"
                yield _measure(measure_id, field.header, field.unit, field.kind, field.says)
        named = cls.fields.get("measure_id")
        if cls.loads == "fact_return_counts" and isinstance(named, Code):
            for code, spelt in named.codes.items():
                yield _measure(code, spelt[0], "", Kind.FLOW, named.says)
        for name, column in cls.derived_measures.items():
            yield _measure(name, name.replace("_", " ").capitalize(), column.unit, column.kind, column.says)

    @classmethod
    def behind(cls, columns: Iterable[str]) -> list[str]:
        """Return the fields that columns of the typed rows are, stand beside or are derived from, each once."""
        found: dict[str, None] = {}
        for name in columns:
            roots = cls.derived[name].value(Row()).meta.root_names() if name in cls.derived else [name]
            found |= dict.fromkeys(root.partition("__")[0] for root in roots)
        return [name for name in found if name in cls.read]

    @classmethod
    def part_names(cls) -> dict[str, str]:
        """Return the name of each part: how its code is spelt first in the field that names it."""
        spelt = getattr(cls.fields.get(cls.part or ""), "codes", {})
        return {part: spelt.get(part, [part])[0] for part in cls.parts}

    @classmethod
    def checks(cls) -> Iterator[Check]:
        """Yield every check of the source, in the order in which it is reported.

        A row whose slice cannot be told rejects the file: nobody knows which figure would be short of it.
        """
        placing = {*cls.slices, *([cls.stated.name] if cls.stated else [])}
        for name in placing & cls.derived.keys():
            placing |= {*cls.derived[name].value(Row()).meta.root_names()}
        for name, field in cls.fields.items():
            yield from field.checks(Verdict.REJECT_FILE if name in placing else Verdict.REJECT_ROW)
        yield from cls.rules
        if cls.stated and cls.dated_by:
            yield within_stated_period(cls.stated, cls.dated_by)
        yield UniqueKey(cls.key, Verdict.REJECT_FILE, {name: cls.read[name].header for name in cls.behind(cls.key)})
        if cls.covers is not None:
            yield slice_is_shown(cls.covers, cls.slices)


def within_stated_period(stated: StatedPeriod, period: str) -> Rule:
    """Return the rule that every row lies in the period that the file states."""

    def lies_in_stated_period(_: Row) -> pl.Expr:
        return pl.col(period).is_between(pl.col(stated.name), pl.col(f"{stated.name}__end"))

    return Rule(
        lies_in_stated_period,
        sentence=f'the row lies outside the period that the file states under "{stated.header}".',
        fix="Correct the stated period, or take the rows of other periods out, and send the file again.",
        verdict=Verdict.REJECT_FILE,
    )


def slice_is_shown(covers: Coverage, slices: tuple[str, ...]) -> Rule:
    """Return the rule that a slice with rows also has the row that shows it to be complete."""

    def is_shown(row: Row) -> pl.Expr:
        # A row whose slice cannot be told may be the one that is missing; that is said of it already.
        known = pl.all_horizontal(pl.col(list(slices)).is_not_null())
        return pl.when(known.all()).then(covers.shown_by(row).any().over(*slices))

    return Rule(
        is_shown,
        sentence=f"this {in_words(slices)} may be incomplete: {covers.because}.",
        fix="Send the file again with that row; until then the earlier figures stand.",
        verdict=Verdict.REJECT_ROW,
    )


def _measure(measure_id: str, name: str, unit: str, kind: Kind | None, definition: str) -> dict[str, str]:
    """Return a measure as a row of the code list."""
    return {
        "measure_id": measure_id,
        "measure_name": name,
        "unit": unit,
        "additivity": str(kind),
        "counted_from": "",
        "definition": definition,
    }
