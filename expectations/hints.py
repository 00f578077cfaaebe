"""Hints: what a cell that cannot be used seems to be, where a spreadsheet or a habit left it so."""

import re
from datetime import date, timedelta

import polars as pl

from expectations.checks import Column
from expectations.fields import ERRORS, Day
from expectations.periods import Period, StatedPeriod

# Days since this one are how a spreadsheet keeps a date; from 1992 to 2064 they have these values.
FIRST = date(1899, 12, 30)
# The second number is no month; the year comes last.
MONTH_FIRST = r"^(0?[1-9]|1[0-2])[/.-](1[3-9]|2\d|3[01])[/.-](\d{2}|\d{4})$"
WITHOUT_YEAR = r"(?i)^[^\d]*(q|h|quarter|half)? ?[1-4]?$"
SERIAL = r"^(3[4-9]|[45]\d)\d{3}(\.0+)?$"


def hint(field: Column, cells: pl.DataFrame, rows: tuple[int, ...], *, shown: bool) -> str:
    """Return what to do about cells that are spoilt in a usual way; "" where none of them seems to be one.

    Args:
        field: the field.
        cells: the text as it was found, one column a field, with `row`.
        rows: the rows in which it cannot be used.
        shown: whether the text may be shown.
    """
    texts = cells.filter(pl.col("row").is_in(list(rows)))[field.name]
    if error := _first(texts, ERRORS):
        said = f'"{error}" is what a spreadsheet shows for a broken formula' if shown else "A formula there is broken"
        return f"{said}: mend the formula, or type the value."
    if isinstance(field, Day | Period | StatedPeriod) and (serial := _first(texts, SERIAL)):
        day = FIRST + timedelta(days=int(float(serial)))
        said = (
            f'"{serial}" looks like Excel\'s number for {day:%d/%m/%Y}'
            if shown
            else "It looks like Excel's number for a date"
        )
        return f"{said}: format the column as a date."
    if isinstance(field, Day) and (found := _first(texts, MONTH_FIRST)):
        first, second, year = re.split(r"[/.-]", found)
        return (
            f'"{found}" is read day first: type {second}/{first}/{year}.'
            if shown
            else "Dates are read day first: write them so."
        )
    if isinstance(field, Period | StatedPeriod) and _first(texts, WITHOUT_YEAR):
        return "Write the year, too."
    return ""


def _first(texts: pl.Series, pattern: str) -> str | None:
    found = texts.filter(texts.str.contains(pattern))
    return None if found.is_empty() else str(found[0])
