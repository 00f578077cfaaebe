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
HIDDEN_ROW = re.compile(rb'<row\b(?=[^>]* hidden="(?:1|true)")[^>]* r="(\d+)"')
PERCENT_FORMATS = {9, 10}  # the built-in ones
ERROR = re.compile(rb'<c\b(?=[^>]* t="e")[^>]* r="([A-Z]+)(\d+)"[^>]*>(?:(?!</c>).)*?<v>(#[^<]*)</v>', re.DOTALL)
# So many broken formulas are told as well as all of them; the same number is far more than a return has of the others.
MOST = 100_000
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
        merged: the merged ranges.
        shown: the cells that show something else than the parser gives, by row and column: an error of the
            spreadsheet, such as #REF!, and a percentage, which is kept as a fraction.
        hidden_rows: the rows that are hidden, from 1.
    """

    merged: list[Merged] = field(default_factory=list)
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)


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
    """Return a sheet as a grid; errors and percentages stand in it as they are seen.

    Otherwise an error would be taken for a blank cell, and 100% for a count of 1.
    """
    body = sheet.body
    for place, name in enumerate(body.columns):
        shown = {row: text for (row, column), text in part.shown.items() if column == place + sheet.first_column}
        if shown:
            body = body.with_columns(body[name].scatter(list(shown), list(shown.values())))
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
        hidden_rows=tuple(row for row in part.hidden_rows if row <= len(body) and any(body.row(row - 1))),
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
    percentage = _percentage(zipped)
    for name in names:
        parts[name] = _Part()
        yield from _refusals_of_part(zipped, name, parts[name], percentage)


def _percentage(zipped: zipfile.ZipFile) -> re.Pattern[bytes] | None:
    """Return what a cell that is formatted as a percentage looks like; None where none is."""
    if "xl/styles.xml" not in zipped.namelist():
        return None
    styles = list(ElementTree.fromstring(zipped.read("xl/styles.xml")))
    formats = {
        int(one.get("numFmtId", 0)) for part in styles for one in part if "%" in one.get("formatCode", "")
    } | PERCENT_FORMATS
    looks = [one for part in styles if part.tag.endswith("}cellXfs") for one in part]
    numbers = [str(place) for place, one in enumerate(looks) if int(one.get("numFmtId", 0)) in formats]
    if not numbers:
        return None
    # A number alone: a text in such a cell is shown as it is.
    return re.compile(
        rb'<c\b(?=[^>]* s="(?:' + "|".join(numbers).encode() + rb')")(?![^>]* t="(?!n"))[^>]* r="([A-Z]+)(\d+)"'
        rb"[^>/]*>(?:(?!</c>).)*?<v>([^<]*)</v>",
        re.DOTALL,
    )


def _refusals_of_part(
    zipped: zipfile.ZipFile, name: str, seen: _Part, percentage: re.Pattern[bytes] | None
) -> Iterator[Finding]:
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
            if b't="e"' in block and len(seen.shown) < MOST:
                seen.shown |= {_place(column, row): text.decode() for column, row, text in ERROR.findall(block)}
            if percentage:
                cells = {_place(column, row): _in_hundred(text) for column, row, text in percentage.findall(block)}
                seen.shown |= cells
                if len(cells) > MOST:
                    yield unreadable(
                        f"More than {MOST:,} cells are percentages.", "Send the data sheet alone, with counts."
                    )
            if b' hidden="' in block and len(seen.hidden_rows) < MOST:
                seen.hidden_rows += map(int, HIDDEN_ROW.findall(block))
    # They stand behind the rows.
    seen.merged += (
        Merged(int(top) - 1, _number(left) - 1, int(bottom) - 1, _number(right) - 1)
        for left, top, right, bottom in MERGED.findall(rest)[:MOST]
    )
    width = max((_number(letters) for letters in columns), default=0)
    if rows * width > LARGEST_SHEET:
        yield unreadable(
            f"A sheet reaches to row {rows:,} and column {width:,}: {rows * width:,} cells, with the empty ones; "
            f"{LARGEST_SHEET:,} is the limit.",
            "Something stands far from the table: delete the rows below it and the columns beside it, or send CSV.",
        )


def _place(column: bytes, row: bytes) -> tuple[int, int]:
    """Return the row and column of a cell, from 0."""
    return int(row) - 1, _number(column) - 1


def _in_hundred(fraction: bytes) -> str:
    """Return a fraction as a percentage, such as 62% of 0.62."""
    return f"{float(fraction) * 100:.10g}%"


def _number(letters: bytes) -> int:
    """Return the number of a column, such as 28 of AB."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
