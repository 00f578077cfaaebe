"""Example rows: synthetic rows that every check of a source accepts, for filled templates and for trying things out."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import polars as pl

from expectations.checks import Check, UniqueKey
from expectations.example import possible
from expectations.source import Source
from transforms.conforming import conform
from transforms.grid import Grid
from transforms.recognised import Recognised

CANDIDATES = 600


class NoExample(Exception):
    """No example row can be found that a source's own checks accept."""


def example_rows(source: type[Source], number: int = 12) -> pl.DataFrame:
    """Return up to so many rows of text, one column a field that is read; the same ones each time.

    Candidates are drawn from the kinds of the fields, and those are kept that no check of the source objects to.

    Raises:
        NoExample: if there are none: the declaration must then say what could stand in its cells (`example=`).
    """
    candidates = pl.DataFrame(list(_candidates(source)), schema=dict.fromkeys(source.read, pl.String))
    key = [name for name in source.key if name in source.read] or None
    checks = list(source.checks())

    def once(rows: pl.DataFrame) -> pl.DataFrame:
        return rows.unique(subset=key, keep="first", maintain_order=True)

    # A rule across rows wants each key once; where few keys are possible, the first candidate of one may not hold.
    of_one_key = _accepted(source, candidates, [check for check in checks if not isinstance(check, UniqueKey)])
    accepted = max((_accepted(source, once(rows), checks) for rows in (candidates, of_one_key)), key=len)
    # Without its other rows, a row may no longer hold.
    chosen = _accepted(source, accepted.head(number), checks)
    if chosen.is_empty():
        raise NoExample(f"No example row of {source.name} meets its checks: give its fields an `example=`.")
    return chosen


def _candidates(source: type[Source]) -> Iterator[dict[str, str]]:
    """Yield rows: first the best example of each field, then ones that differ from it in more and more fields."""
    random = Random(source.name)
    values = {name: possible(field) for name, field in source.read.items()}
    # Few slices with several rows each, so that rules across rows have something to see.
    values |= {name: values[name][:3] for name in source.slices if name in values}
    best = {name: some[0] for name, some in values.items()}
    lowest = best | {
        name: min(values[name], key=int)
        for name, field in source.read.items()
        if field.entry.kind == "number" and not field.example
    }
    varied = [name for name, field in source.read.items() if not field.above and len(values[name]) > 1]
    blank = {name for name, field in source.read.items() if not field.required and name not in source.measures}
    yield from (best, lowest)
    for _ in range(CANDIDATES):
        share = random.choice((0.2, 0.5, 1.0))
        changed = {name: random.choice(values[name]) for name in varied if random.random() < share}
        left_out = {name: "" for name in varied if name in blank and random.random() < share / 4}
        yield {**random.choice((best, lowest)), **changed, **left_out}


def _accepted(source: type[Source], rows: pl.DataFrame, checks: list[Check]) -> pl.DataFrame:
    """Return the rows that no check objects to, however few are left for it to look at."""
    while not rows.is_empty():
        numbered = rows.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
        broken = {*range(len(rows))} - {*_unbroken(source, numbered, checks)}
        if not broken:
            return rows
        rows = numbered.filter(~pl.col("row").is_in(list(broken))).drop("row")
    return rows


def _unbroken(source: type[Source], numbered: pl.DataFrame, checks: list[Check]) -> list[int]:
    """Return the rows of a table in scope that break nothing."""
    headers = [field.header for field in source.read.values()]
    places = {name: place for place, name in enumerate(source.read)}
    grid = Grid(Path(), None, None, "", [headers])
    recognised = Recognised(source, grid, 0, places, dict(zip(source.read, headers, strict=True)), ())
    named = {name: str(place) for name, place in places.items()}
    typed = conform(recognised, [numbered.rename(named)]).rows
    judged = typed.with_columns(column for check in checks for column in check.columns())
    broken = pl.any_horizontal(check.broken().fill_null(False) for check in checks)
    return [int(row) for row in judged.filter(~broken)["row"]]
