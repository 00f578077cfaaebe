"""Workbooks: what reading one would bring is looked at first; then its sheets are parsed in a process of their own."""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from expectations.verdicts import FileRejected, Finding
from transforms import parsing
from transforms.grid import PEEKED_ROWS, Grid, Merged, unreadable

LARGEST_WORKBOOK = 500_000_000
# The empty cells between two far-apart ones count: the reader makes room for the whole rectangle, 33 bytes a cell.
LARGEST_SHEET = 25_000_000
LARGEST_ROW = 50_000_000
COLUMN = re.compile(rb' r="([A-Z]+)')
ROW = re.compile(rb' r="(\d{1,9})"')
UNCOMPUTED = re.compile(rb' r="([A-Z]+\d+)"[^>]*>\s*<f\b[^>]*(?:/>|>[^<]*</f>)\s*</c>')
MERGED = re.compile(rb'mergeCell [^>]*ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
ERROR = re.compile(rb'<c\b(?=[^>]* t="e")[^>]* r="([A-Z]+)(\d+)"[^>]*>(?:(?!</c>).)*?<v>(#[^<]*)</v>', re.DOTALL)
# So many broken formulas are told as well as all of them.
MOST_ERRORS = 100_000
OURS = "vawg_"
LISTS = "Lists"
DAMAGED = (
    *(parsing.NotAWorkbook, zipfile.BadZipFile, zlib.error, ElementTree.ParseError),
    *(RuntimeError, EOFError),  # zipfile, of an unknown method or password, and of a part that is cut off
)


@dataclass
class _Part:
    """What is seen in the XML of a sheet and not in its parsed cells; rows and columns from 0.

    Attributes:
        merged: the merged ranges among the first rows.
        errors: the cells with an error of the spreadsheet for a value, such as #REF!, by row and column.
    """

    merged: list[Merged] = field(default_factory=list)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)


def sheets(path: Path) -> list[Grid]:
    """Return the sheets of a workbook, but for the hidden lists of our own templates.

    Raises:
        FileRejected: if it is damaged or too large, or holds what is not let in: macros, formulas without a result.
    """
    parts: dict[str, _Part] = {}
    try:
        with zipfile.ZipFile(path) as zipped:
            if refused := next(_refusals(zipped, parts), None):
                raise FileRejected(refused)
            part_of = _parts_by_sheet(zipped)
            ours = {LISTS} if _is_our_template(zipped) else set()
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
        _grid(path, sheet, parts.get(part_of.get(sheet.name, ""), _Part()))
        for sheet in parsed
        if not (sheet.hidden and sheet.name in ours)
    ]


def _grid(path: Path, sheet: parsing.Sheet, part: _Part) -> Grid:
    """Return a sheet as a grid; an error of the spreadsheet stands in it as text, and is not taken for a blank cell."""
    body = sheet.body
    for place, name in enumerate(body.columns):
        errors = {row: text for (row, column), text in part.errors.items() if column == place + sheet.first_column}
        if errors:
            body = body.with_columns(body[name].scatter(list(errors), list(errors.values())))
    left = sheet.first_column
    return Grid(
        path,
        sheet.name,
        None,
        "",
        [[cell or "" for cell in row] for row in body.head(PEEKED_ROWS).iter_rows()],
        body,
        first_column=left,
        merged=tuple(Merged(one.top, one.left - left, one.bottom, one.right - left) for one in part.merged),
        hidden=sheet.hidden,
    )


def _parts_by_sheet(zipped: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the archive that each sheet, by its name, is written in."""
    if "xl/_rels/workbook.xml.rels" not in zipped.namelist():
        return {}
    targets = {
        one.get("Id"): posixpath.normpath(posixpath.join("/xl", one.get("Target", ""))).lstrip("/")
        for one in ElementTree.fromstring(zipped.read("xl/_rels/workbook.xml.rels"))
    }
    found = {}
    for one in ElementTree.fromstring(zipped.read("xl/workbook.xml")).iter():
        if one.tag.endswith("}sheet"):
            reference = next((value for name, value in one.items() if name.endswith("}id")), None)
            found[one.get("name", "")] = targets.get(reference, "")
    return found


def _is_our_template(zipped: zipfile.ZipFile) -> bool:
    """Return whether a workbook was made from one of our templates, which define names of their own."""
    described = ElementTree.fromstring(zipped.read("xl/workbook.xml")).iter()
    return any(one.tag.endswith("}definedName") and one.get("name", "").startswith(OURS) for one in described)


def _refusals(zipped: zipfile.ZipFile, parts: dict[str, _Part]) -> Iterator[Finding]:
    """Yield why a workbook is not to be parsed, the cheapest reason to find first; fill in what its sheets hold."""
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
    for name in names:
        parts[name] = _Part()
        yield from _refusals_of_part(zipped, name, parts[name])


def _refusals_of_part(zipped: zipfile.ZipFile, name: str, seen: _Part) -> Iterator[Finding]:
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
            if b't="e"' in block and len(seen.errors) < MOST_ERRORS:
                cells = ((int(row) - 1, _number(column) - 1, text) for column, row, text in ERROR.findall(block))
                seen.errors.update({(row, column): text.decode() for row, column, text in cells})
    # They stand behind the rows.
    for left, top, right, bottom in MERGED.findall(rest):
        if int(top) <= PEEKED_ROWS:
            seen.merged.append(Merged(int(top) - 1, _number(left) - 1, int(bottom) - 1, _number(right) - 1))
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
