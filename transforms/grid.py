"""The grid: cells of text as they lie in a file, before anybody knows what they mean."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from expectations.verdicts import Finding, Verdict

PEEKED_ROWS = 60


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
    """

    path: Path
    sheet: str | None
    encoding: str | None
    separator: str
    peek: list[list[str]]
    body: pl.DataFrame | None = None
    is_plain: bool = True


def unreadable(sentence: str, fix: str) -> Finding:
    """Return the finding that a file cannot be read."""
    return Finding(check="file.readable", verdict=Verdict.REJECT_FILE, sentence=sentence, fix=fix)


def numbered(body: pl.LazyFrame, first_row: int, unread: Collection[int]) -> pl.LazyFrame:
    """Return rows of a grid with `row`, the row as the sender sees it, and the columns named by their place."""
    names = enumerate(body.collect_schema().names())
    read = [pl.col(name).alias(str(place)) for place, name in names if place not in unread]
    return body.select(read).with_row_index("row", offset=first_row).with_columns(pl.col("row").cast(pl.Int64))
