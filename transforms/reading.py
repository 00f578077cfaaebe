"""Reading: a file's bytes to grids of text that remember where each row came from. Nothing is lost or guessed."""

import csv
import shutil
import zipfile
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

import polars as pl

from expectations.verdicts import FileRejected, Finding, Verdict

PEEKED_ROWS = 60
BATCH_ROWS = 100_000
BLOCK = 1 << 18  # fits into the processor's cache
LARGEST_FILE = 1_000_000_000
LARGEST_WORKBOOK = 500_000_000
SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Grid:
    """One sheet of a workbook, or one text file, before its header row is known.

    Attributes:
        sheet: the sheet's name; None for a text file.
        encoding: the text file's encoding; None for a workbook.
        peek: the first rows, as lists of cells.
    """

    path: Path
    sheet: str | None
    encoding: str | None
    separator: str
    peek: list[list[str]]


def grids(path: Path) -> list[Grid]:
    """Return the sheets of a workbook, or the single grid of a text file; by content, whatever the name says.

    Raises:
        FileRejected: if the file is empty, too large, or neither text nor a workbook that can be opened.
    """
    size = path.stat().st_size
    if size == 0:
        raise FileRejected(_unreadable("The file is empty.", "Export it again and send it once more."))
    if size > LARGEST_FILE:
        raise FileRejected(_unreadable(f"The file has {size:,} bytes; {LARGEST_FILE:,} is the limit.", "Send less."))
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(b"PK\x03\x04"):
        return _sheets(path)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRejected(
            _unreadable(
                "The file is an encrypted workbook or one of the old .xls kind, which cannot be opened.",
                "Save it as .xlsx without a password and send it again.",
            )
        )
    if start.lstrip().lower().startswith((b"<!doctype", b"<html", b"%pdf")):
        raise FileRejected(
            _unreadable(
                "The file is a web page or a PDF, not a table.",
                "Download the data file itself (CSV or XLSX) and send that.",
            )
        )
    return [_text(path)]


def rows(grid: Grid, header_row: int) -> Iterator[pl.DataFrame]:
    """Yield the rows below the header, batch by batch, so that a long file is never in memory as a whole.

    Columns are named `0`, `1`, ... and hold the cells' text as it is; `row` is the row as the sender sees it.

    Raises:
        FileRejected: if the text is broken, such as a quotation mark that is never closed.
    """
    if grid.sheet is not None:
        yield _workbook_body(grid, header_row)
    else:
        with _as_utf8(grid) as path:
            yield from _text_body(grid, path, header_row)


def _sheets(path: Path) -> list[Grid]:
    """Return the visible and hidden sheets of a workbook, after looking at how large it is unzipped."""
    import fastexcel

    try:
        with zipfile.ZipFile(path) as zipped:
            unzipped = sum(entry.file_size for entry in zipped.infolist())
        if unzipped > LARGEST_WORKBOOK:
            raise FileRejected(
                _unreadable(
                    f"The workbook unpacks to {unzipped:,} bytes; {LARGEST_WORKBOOK:,} is the limit.",
                    "Send the data sheet alone, as CSV.",
                )
            )
        book = fastexcel.read_excel(path)
        return [
            Grid(
                path=path,
                sheet=name,
                encoding=None,
                separator="",
                peek=[
                    ["" if cell is None else str(cell) for cell in row]
                    for row in _load_sheet(book, name, PEEKED_ROWS).iter_rows()
                ],
            )
            for name in book.sheet_names
        ]
    except (fastexcel.FastExcelError, zipfile.BadZipFile) as error:
        raise FileRejected(
            _unreadable("The workbook cannot be opened.", "Save it again as .xlsx without a password.")
        ) from error


def _load_sheet(book: object, sheet: str, rows: int | None) -> pl.DataFrame:
    """Return a sheet as text without a header; blank rows are kept, so that row numbers hold."""
    loaded = book.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=rows, dtypes="string")  # type: ignore[attr-defined]
    frame: pl.DataFrame = loaded.to_polars()
    return frame


def _workbook_body(grid: Grid, header_row: int) -> pl.DataFrame:
    """Return a sheet below its header row."""
    import fastexcel

    body = _load_sheet(fastexcel.read_excel(grid.path), str(grid.sheet), None).slice(header_row + 1)
    # Rows count from 1, and the header has its own.
    return _numbered(body.lazy(), header_row + 2).collect()


def _numbered(body: pl.LazyFrame, first_row: int) -> pl.LazyFrame:
    """Return rows of a grid with the row as the sender sees it, and columns named by their place."""
    names = {name: str(place) for place, name in enumerate(body.collect_schema().names())}
    return body.rename(names).with_row_index("row", offset=first_row).with_columns(pl.col("row").cast(pl.Int64))


def _text(path: Path) -> Grid:
    """Return the grid of a text file with its encoding and separator found."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        lines = [line for line, _ in zip(file, range(PEEKED_ROWS), strict=False)]
    # Counted over many rows: a title may hold commas where the table has semicolons.
    separator = max(SEPARATORS, key=lambda one: sum(line.count(one) for line in lines))
    try:
        return Grid(path, None, encoding, separator, list(csv.reader(lines, delimiter=separator)))
    except csv.Error as error:  # such as a cell beyond the reader's limit
        raise FileRejected(_broken()) from error


def _encoding(path: Path) -> str:
    """Return the encoding of a text file: UTF-8 (with or without mark), UTF-16 by its mark, otherwise cp1252."""
    with path.open("rb") as file:
        start = file.read(3)
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig" if start == b"\xef\xbb\xbf" else "utf-8", "cp1252"]
    for encoding in candidates:
        with suppress(UnicodeError):
            _decode(path, encoding)
            return encoding
    raise FileRejected(
        _unreadable("The file is not text in any encoding we know.", "Export it again as CSV UTF-8 or XLSX.")
    )


def _decode(path: Path, encoding: str) -> None:
    """Decode a whole file, block by block, to see that it can be done.

    Raises:
        UnicodeError: if it is not of that encoding.
        FileRejected: if it holds NUL bytes where text has none.
    """
    decoder = getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            if encoding != "utf-16" and b"\x00" in block:
                raise FileRejected(
                    _unreadable("The file holds NUL bytes, so it is not text.", "Export it again as CSV UTF-8 or XLSX.")
                )
            decoder.decode(block)
        decoder.decode(b"", final=True)


@contextmanager
def _as_utf8(grid: Grid) -> Iterator[Path]:
    """Give a text file as Polars reads it: in UTF-8 (its lossy mode would damage names), lines ended by a newline."""
    if grid.encoding == "utf-8":
        yield grid.path
        return
    with NamedTemporaryFile("w", encoding="utf-8", newline="") as copy:
        with grid.path.open(encoding=grid.encoding, newline="") as text:
            shutil.copyfileobj(text, copy, BLOCK)
        copy.flush()
        yield Path(copy.name)


def _text_body(grid: Grid, utf8: Path, header_row: int) -> Iterator[pl.DataFrame]:
    """Yield a text file below its header row, in batches."""
    # A title with a line break in it is one row, but several lines.
    breaks = sum(cell.count("\n") for row in grid.peek[:header_row] for cell in row)
    try:
        # The header row is read too, since it says how many columns there are.
        body = pl.scan_csv(
            utf8, has_header=False, skip_lines=header_row + breaks, separator=grid.separator, infer_schema=False
        )
        yield from _numbered(body, header_row + 1).slice(1).collect_batches(chunk_size=BATCH_ROWS)
    except pl.exceptions.PolarsError as error:
        raise FileRejected(_broken()) from error


def _broken() -> Finding:
    """Return the finding that a text file does not fall into cells."""
    return _unreadable(
        "The table is broken: a row has more cells than the header, or a quotation mark is never closed.",
        "Open it in a spreadsheet, look at the last rows, and save it again as CSV UTF-8 or XLSX.",
    )


def _unreadable(sentence: str, fix: str) -> Finding:
    """Return the finding that a file cannot be read."""
    return Finding(check="file.readable", verdict=Verdict.REJECT_FILE, sentence=sentence, fix=fix)
