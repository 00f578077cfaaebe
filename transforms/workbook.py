"""Workbooks: what reading one would bring is looked at first; then its sheets are parsed in a process of their own."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from expectations.verdicts import FileRejected, Finding
from transforms import parsing
from transforms.grid import PEEKED_ROWS, Grid, unreadable

LARGEST_WORKBOOK = 500_000_000
# The empty cells between two far-apart ones count: the reader makes room for the whole rectangle, 33 bytes a cell.
LARGEST_SHEET = 25_000_000
LARGEST_ROW = 50_000_000
COLUMN = re.compile(rb' r="([A-Z]+)')
ROW = re.compile(rb' r="(\d{1,9})"')
UNCOMPUTED = re.compile(rb' r="([A-Z]+\d+)"[^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*</c>')
DAMAGED = (
    *(parsing.NotAWorkbook, zipfile.BadZipFile, zlib.error, ElementTree.ParseError),
    *(RuntimeError, EOFError),  # zipfile, of an unknown method or password, and of a part that is cut off
)


def sheets(path: Path) -> list[Grid]:
    """Return the sheets of a workbook.

    Raises:
        FileRejected: if it is damaged or too large, or holds what is not let in: macros, hidden sheets, formulas
            without a result.
    """
    try:
        with zipfile.ZipFile(path) as zipped:
            if refused := next(_refusals(zipped), None):
                raise FileRejected(refused)
        parsed = parsing.sheets(path)
    except parsing.TooLarge as error:
        raise FileRejected(
            unreadable(
                f"The workbook takes more than the {parsing.MEMORY >> 30} GB of memory that a workbook may take.",
                "Send the data sheet alone, as CSV.",
            )
        ) from error
    except DAMAGED as error:
        raise FileRejected(
            unreadable(
                "The workbook is damaged or incomplete, and cannot be opened.",
                "Open it in a spreadsheet, save it as .xlsx and send it again.",
            )
        ) from error
    return [
        Grid(path, sheet, None, "", [[cell or "" for cell in row] for row in rows.head(PEEKED_ROWS).iter_rows()], rows)
        for sheet, rows in parsed.items()
    ]


def _refusals(zipped: zipfile.ZipFile) -> Iterator[Finding]:
    """Yield why a workbook is not to be parsed, the cheapest reason to find first."""
    names = zipped.namelist()
    if "xl/workbook.xml" not in names:
        yield unreadable(
            "The file is a ZIP archive, or a workbook of another kind than .xlsx.",
            "Unpack it, or save it as .xlsx, and send the table itself.",
        )
    if any(name.endswith("vbaProject.bin") for name in names):
        yield unreadable("The workbook holds macros, which are not let in.", "Save it as .xlsx and send that.")
    unzipped = sum(entry.file_size for entry in zipped.infolist())
    if unzipped > LARGEST_WORKBOOK:
        yield unreadable(
            f"The workbook unpacks to {unzipped:,} bytes; {LARGEST_WORKBOOK:,} is the limit.",
            "Send the data sheet alone, as CSV.",
        )
    described = list(ElementTree.fromstring(zipped.read("xl/workbook.xml")).iter())
    # The lists of our own template: only the choices that it offers stand there.
    ours = {"Lists"} if any(one.get("name") == "vawg_template" for one in described) else set()
    hidden_sheets = [one.get("name") for one in described if one.get("state") in ("hidden", "veryHidden")]
    if hidden := [f'"{name}"' for name in hidden_sheets if name not in ours]:
        yield unreadable(
            f"The workbook has hidden sheets: {', '.join(hidden)}. What they hold may not be meant to be sent.",
            "Delete them, or show them if they are meant to be sent, and send the file again.",
        )
    for name in names:
        yield from _refusals_of_part(zipped, name)


def _refusals_of_part(zipped: zipfile.ZipFile, name: str) -> Iterator[Finding]:
    """Yield why a part is not to be parsed; each is unpacked to its end, so that a false size or sum shows."""
    columns: set[bytes] = set()
    rows, rest = 0, b""
    with zipped.open(name) as part:
        while block := part.read(1 << 20):
            if not name.startswith("xl/worksheets/"):
                continue
            # Cut between two rows, so that no cell is looked at in halves.
            block, _, rest = (rest + block).rpartition(b"row>")
            if len(rest) > LARGEST_ROW:
                raise zipfile.BadZipFile("a row that does not end")
            columns.update(COLUMN.findall(block))
            rows = max(rows, *map(int, ROW.findall(block)), 0)
            if b"<f" in block and (formula := UNCOMPUTED.search(block)):
                yield unreadable(
                    f"The formula in cell {formula[1].decode()} has no result: a program wrote it, and nothing has "
                    "computed it yet.",
                    "Open the workbook in Excel, save it and send it again.",
                )
    width = max((_number(letters) for letters in columns), default=0)
    if rows * width > LARGEST_SHEET:
        yield unreadable(
            f"A sheet reaches to row {rows:,} and column {width:,}: {rows * width:,} cells, with the empty ones; "
            f"{LARGEST_SHEET:,} is the limit.",
            "Something stands far from the table: delete the rows below it and the columns beside it, or send CSV.",
        )


def _number(letters: bytes) -> int:
    """Return the number of a column, such as 28 of AB."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
