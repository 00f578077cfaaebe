"""Text files: the encoding, the separator, and the rows in batches."""

import csv
import re
import shutil
from codecs import getincrementaldecoder
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile

import polars as pl

from expectations.verdicts import FileRejected, Finding
from transforms.grid import PEEKED_ROWS, Grid, numbered, unreadable

BATCH_ROWS = 60_000
IN_MEMORY = 100_000_000
BLOCK = 1 << 18  # fits into the processor's cache
LONE_RETURN = re.compile(rb"\r[^\n]")
SEPARATORS = (",", ";", "\t", "|")


def text_grid(path: Path) -> Grid:
    """Return the grid of a text file with its encoding and separator found.

    Raises:
        FileRejected: if it is not text.
    """
    encoding, is_plain = _encoding(path)
    with path.open(encoding=encoding) as file:
        lines = [line for line, _ in zip(file, range(PEEKED_ROWS), strict=False)]
    # Counted over many rows: a title may hold commas where the table has semicolons.
    separator = max(SEPARATORS, key=lambda one: sum(line.count(one) for line in lines))
    try:
        peek = list(csv.reader(lines, delimiter=separator))
    except csv.Error as error:  # such as a cell beyond the reader's limit
        raise FileRejected(_broken()) from error
    return Grid(path, None, encoding, separator, peek, is_plain=is_plain)


def text_rows(grid: Grid, header_row: int, unread: Collection[int]) -> Iterator[pl.DataFrame]:
    """Yield a text file below its header row, in batches.

    Raises:
        FileRejected: if it does not fall into cells.
    """
    # A title with a line break in it is one row, but several lines.
    breaks = sum(cell.count("\n") for row in grid.peek[:header_row] for cell in row)
    try:
        with _plain(grid) as plain:
            # The header row is read too, since it says how many columns there are.
            body = pl.scan_csv(
                plain,
                has_header=False,
                skip_lines=header_row + breaks,
                separator=grid.separator,
                infer_schema=False,
                low_memory=True,
            )
            yield from numbered(body, header_row + 1, unread).slice(1).collect_batches(chunk_size=BATCH_ROWS)
    except pl.exceptions.PolarsError as error:
        raise FileRejected(_row_too_wide(grid, header_row) or _broken()) from error


def _encoding(path: Path) -> tuple[str, bool]:
    """Return the encoding of a text file, and whether the file is plain, as `Grid` has it.

    UTF-8 (with or without mark), UTF-16 by its mark, otherwise cp1252.
    """
    with path.open("rb") as file:
        start = file.read(3)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig" if start == b"\xef\xbb\xbf" else "utf-8", "cp1252"]
    for encoding in candidates:
        with suppress(UnicodeError):
            ends_lines_plainly = _decode(path, encoding)
            return encoding, encoding == "utf-8" and ends_lines_plainly
    raise FileRejected(
        unreadable(
            "Some characters of the file cannot be read; it may be cut off.", "Export it again as CSV UTF-8 or XLSX."
        )
    )


def _decode(path: Path, encoding: str) -> bool:
    """Return whether a text file has no carriage return without a line feed, as an old Mac writes them.

    Raises:
        UnicodeError: if it is not of that encoding.
        FileRejected: if it holds NUL bytes where text has none.
    """
    decoder = getincrementaldecoder(encoding)()
    held, lone_return = b"", False
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if encoding != "utf-16" and b"\x00" in block:
                raise FileRejected(
                    unreadable(
                        "The file is not plain text.", "In Excel, save it as CSV UTF-8 or as XLSX, and send that."
                    )
                )
            if held or b"\r" in block:
                # A return that ends a block is looked at with the next.
                looked_at = held + block
                held = looked_at[-1:] if looked_at.endswith(b"\r") else b""
                lone_return = lone_return or LONE_RETURN.search(looked_at) is not None
            decoder.decode(block)
        decoder.decode(b"", final=True)
    return not (lone_return or held)


@contextmanager
def _plain(grid: Grid) -> Iterator[Path | BytesIO]:
    """Give a text file as Polars reads it; its own lossy mode would damage names."""
    if grid.is_plain:
        yield grid.path
        return
    if grid.path.stat().st_size <= IN_MEMORY:
        # Files about people are no larger: no copy of one ever lies in a temporary folder.
        with grid.path.open(encoding=grid.encoding) as text:
            yield BytesIO(text.read().encode())
        return
    with NamedTemporaryFile("w", encoding="utf-8", newline="") as copy:
        with grid.path.open(encoding=grid.encoding) as text:
            shutil.copyfileobj(text, copy, BLOCK)
        copy.flush()
        yield Path(copy.name)


def _row_too_wide(grid: Grid, header_row: int) -> Finding | None:
    """Return the finding that names the first row with more cells than the header, if there is one."""
    header = len(grid.peek[header_row])
    with grid.path.open(encoding=grid.encoding) as lines, suppress(csv.Error):
        for number, cells in enumerate(csv.reader(lines, delimiter=grid.separator), start=1):
            if number > header_row and len(cells) > header:
                return unreadable(
                    f"Row {number} has {len(cells)} cells, and the header {header}.",
                    "Put cells with a comma in them in quotation marks, or send the table as XLSX.",
                )
    return None


def _broken() -> Finding:
    """Return the finding that a text file does not fall into cells."""
    return unreadable(
        "The table is broken: a quotation mark is never closed, or a cell is far too long.",
        "Open it in a spreadsheet, look at the last rows, and save it again as CSV UTF-8 or XLSX.",
    )
