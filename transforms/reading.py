"""Reading: a file's bytes to grids of text that remember where each row came from. Nothing is lost or guessed."""

from collections.abc import Collection, Iterator
from pathlib import Path

import polars as pl

from expectations.verdicts import FileRejected, Finding
from transforms.grid import Grid, numbered, unreadable
from transforms.text import text_grid, text_rows
from transforms.workbook import sheets

LARGEST_FILE = 1_000_000_000


def grids(path: Path) -> list[Grid]:
    """Return the sheets of a workbook, or the single grid of a text file; by content, whatever the name says.

    Raises:
        FileRejected: if the file is empty, too large, or neither text nor a workbook that can be opened.
    """
    size = path.stat().st_size
    if size == 0:
        raise FileRejected(unreadable("The file is empty.", "Export it again and send it once more."))
    if size > LARGEST_FILE:
        raise FileRejected(too_large(size))
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK\x03\x04"):
        return sheets(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRejected(
            unreadable(
                "The file is an encrypted workbook or one of the old .xls kind, which cannot be opened.",
                "Save it as .xlsx without a password and send it again.",
            )
        )
    if start.lstrip().lower().startswith((b"<!doctype", b"<html", b"%pdf")):
        raise FileRejected(
            unreadable(
                "The file is a web page or a PDF, not a table.",
                "Download the data file itself (CSV or XLSX) and send that.",
            )
        )
    return [text_grid(path)]


def rows(grid: Grid, header_row: int, unread: Collection[int] = ()) -> Iterator[pl.DataFrame]:
    """Yield the rows below the header, batch by batch, so that a long file is never in memory as a whole.

    Columns are named `0`, `1`, ... and hold the cells' text as it is; `row` is the row as the sender sees it.

    Args:
        grid: the sheet or text file.
        header_row: the place of the header row, from 0.
        unread: places of columns that are left out.

    Raises:
        FileRejected: if the text is broken, such as a quotation mark that is never closed.
    """
    if grid.body is None:
        yield from text_rows(grid, header_row, unread)
    else:
        # Rows count from 1, and the header has its own.
        yield numbered(grid.body.slice(header_row + 1).lazy(), header_row + 2, unread).collect()


def too_large(size: int) -> Finding:
    """Return the finding that a file of so many bytes is not even looked at."""
    return unreadable(
        f"The file has {size:,} bytes; {LARGEST_FILE:,} is the limit.",
        "Check that it is the right file; if it is, split it by month and send the parts.",
    )
