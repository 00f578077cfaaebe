"""The grid: cells of text as they lie in a file, before anybody knows what they mean."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from expectations.verdicts import Finding, Verdict

PEEKED_ROWS = 60


@dataclass(frozen=True)
class Merged:
    """A merged range of cells, of which only the first holds its value; places from 0, the last ones included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Grid:
    """One sheet of a workbook, or one text file, before its header row is known.

    Attributes:
        sheet: the sheet's name; None for a text file.
        encoding: the text file's encoding; None for a workbook.
        separator: what stands between the cells of a text file.
        peek: the first rows, as lists of cells.
        body: all rows of a sheet; None for a text file, which is read when its rows are asked for.
        is_plain: whether the text file can be read as it is: UTF-8 without a mark, lines ended by line feeds.
        first_column: how many blank columns of the sheet lie before the first one of the grid.
        merged: the merged ranges.
        hidden: whether the sheet is hidden.
        hidden_rows: its rows that are hidden and hold something, from 1.
        upright: the grid as it lies in the file, where this one has its rows and columns swapped.
    """

    path: Path
    sheet: str | None
    encoding: str | None
    separator: str
    peek: list[list[str]]
    body: pl.DataFrame | None = None
    is_plain: bool = True
    first_column: int = 0
    merged: tuple[Merged, ...] = ()
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    upright: Grid | None = None

    def place(self, row: int, column: int) -> tuple[int, int]:
        """Return the row and column of a cell as the sender sees them, from 1.

        Args:
            row: the row of the grid, from 1.
            column: its column, from 0.
        """
        return (
            (row, self.first_column + column + 1) if self.upright is None else self.upright.place(column + 1, row - 1)
        )

    def address(self, row: int, column: int | None = None) -> str:
        """Return where a cell, or the whole row, is found in the file: `cell D12`, and of a text file `row 12`."""
        if column is None:
            if self.upright is not None:
                return self.upright.column_name(row - 1)
            return f"row {row}"
        there, across = self.place(row, column)
        if self.sheet is not None:
            first = self._merged_with(row, column)
            merged = f" (merged with {first.removeprefix('cell ')})" if first else ""
            return f"cell {letters(across)}{there}{merged}"
        return f"row {there}" if self.upright is None else f"row {there}, column {across}"

    def _merged_with(self, row: int, column: int) -> str | None:
        """Return the address of the cell that holds the value of a merged range, for its other cells."""
        for one in self.merged:
            is_within = one.top <= row - 1 <= one.bottom and one.left <= column <= one.right
            if is_within and (one.top, one.left) != (row - 1, column):
                return self.address(one.top + 1, one.left)
        return None

    def column_name(self, column: int) -> str:
        """Return what the sender sees a column of the grid as: `column D`, and of a text file `column 4`."""
        if self.upright is not None:
            return f"row {column + 1}"
        number = self.first_column + column + 1
        return f"column {letters(number) if self.sheet is not None else number}"

    def columns_between(self, first: int, last: int) -> str:
        """Return what the sender sees a run of columns as: `columns D to H`."""
        what, name = self.column_name(first).split()
        return f"{what}s {name} to {self.column_name(last).split()[-1]}"


def letters(column: int) -> str:
    """Return the letters of a column, such as AB of 28."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def unreadable(sentence: str, fix: str) -> Finding:
    """Return the finding that a file cannot be read."""
    return Finding(check="file.readable", verdict=Verdict.REJECT_FILE, sentence=sentence, fix=fix)


def numbered(body: pl.LazyFrame, first_row: int, unread: Collection[int]) -> pl.LazyFrame:
    """Return rows of a grid with `row`, the row as the sender sees it, and the columns named by their place."""
    names = enumerate(body.collect_schema().names())
    read = [pl.col(name).alias(str(place)) for place, name in names if place not in unread]
    return body.select(read).with_row_index("row", offset=first_row).with_columns(pl.col("row").cast(pl.Int64))
