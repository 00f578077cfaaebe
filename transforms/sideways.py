"""Sideways: a table that lies on its side, periods across and measures down, turned upright."""

from dataclasses import replace

import polars as pl

from expectations.checks import Row
from expectations.fields import Field
from expectations.source import Source
from transforms.grid import PEEKED_ROWS, Grid, Merged

LARGEST = 500


def turned(grid: Grid) -> Grid | None:
    """Return a grid with its rows and columns swapped; None where it is too large to be a return filled in by hand."""
    if grid.body is not None:
        rows = (
            [[cell or "" for cell in row] for row in grid.body.iter_rows()] if max(grid.body.shape) <= LARGEST else []
        )
    else:
        # A text file that was not looked at as a whole has more rows than a return has measures.
        rows = grid.peek if len(grid.peek) < PEEKED_ROWS else []
    width = max(map(len, rows), default=0)
    if not 0 < width <= LARGEST:
        return None
    columns = [[row[place] if place < len(row) else "" for row in rows] for place in range(width)]
    return replace(
        grid,
        peek=columns[:PEEKED_ROWS],
        body=pl.DataFrame(columns, schema=dict.fromkeys(map(str, range(len(rows))), pl.String), orient="row"),
        merged=tuple(Merged(one.left, one.top, one.right, one.bottom) for one in grid.merged),
        upright=grid,
    )


def period(source: type[Source]) -> Field | None:
    """Return the field that says which months a row counts in; None for a source without one."""
    name = source.dated_by
    if name in source.derived:
        roots = source.derived[name].value(Row()).meta.root_names()
        name = roots[0] if len(roots) == 1 else None
    return source.fields.get(name or "")


def holds_periods(field: Field, grid: Grid, header_row: int, column: int) -> bool:
    """Return whether at least half of what stands in a column can be read as a field."""
    assert grid.body is not None
    text = grid.body[grid.body.columns[column]].slice(header_row + 1).str.strip_chars().replace("", None).drop_nulls()
    read = text.to_frame("text").select(field.typed(pl.col("text")).is_not_null().sum()).item() if len(text) else 0
    return read > 0 and 2 * read >= len(text)
