"""Examples: what could stand in a cell, as it follows from the kind of field."""

from datetime import date

from expectations.entry import Entry
from expectations.fields import Field
from expectations.people import Reference
from expectations.periods import Period, Span, names

# A whole financial year that is over: a row of any month of it lies within.
YEAR = 2019


def example(field: Field) -> str:
    """Return what could stand in a cell of a field."""
    return possible(field)[0]


def possible(field: Field) -> list[str]:
    """Return values that could stand in a cell of a field, the best example first."""
    if not field.example:
        return _possible(field)
    # Other free text would be less like it.
    is_text = field.entry.kind == "text" and not field.entry.choices
    return [field.example] if is_text else [field.example, *_possible(field)]


def _possible(field: Field) -> list[str]:
    if isinstance(field, Span):
        return names(12, YEAR)
    if isinstance(field, Period) and field.months > 1:
        return names(field.months, YEAR)
    if isinstance(field, Reference):
        return [f"REF-{number:04}" for number in range(1, 500)]
    return _of_entry(field.entry)


def _of_entry(entry: Entry) -> list[str]:
    if entry.choices:
        return list(entry.choices)
    if entry.kind == "decimal":
        return [f"{number / 10:.1f}" for number in range(232, 400, 7)]
    if entry.kind == "number":
        low = int(entry.low) if isinstance(entry.low, int) else 0
        high = low + 40 if entry.high is None else min(entry.high, low + 40)
        # Neither the lowest nor the highest one: that is what a reader would take it for.
        return [str(number) for number in sorted(range(low, high + 1), key=lambda number: abs(number - low - 12))]
    if entry.kind in ("date", "month"):
        days = (1,) if entry.kind == "month" else (15, 3, 28, 9, 21)
        year = max(YEAR, entry.low.year + 1) if isinstance(entry.low, date) else YEAR
        return [f"{day:02}/{month:02}/{year + (month < 4)}" for day in days for month in (*range(4, 13), 1, 2, 3)]
    return [f"Example {number}" for number in range(1, 10)]
