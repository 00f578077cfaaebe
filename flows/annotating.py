"""Annotating: a copy of a sent file with its faulty cells marked, and a first sheet that lists the findings."""

import csv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from expectations.verdicts import Actor, Finding, Verdict, worst_first
from transforms.marking import Marks

# A copy of a larger file takes minutes to make, and nobody looks through it by eye.
LARGEST = 2_000_000
LARGEST_UNPACKED = 40_000_000
TITLE = "What was found in this file"
FINDINGS = "Findings"
# By this a workbook is known to be one that we marked.
IDENTIFIER = "vawg-checked"
FACE = "Arial"
AUTHOR = "Check of this return"
SHOWN = 20
HEADER = ("No.", "What follows", "Where", "Column", "What is wrong", "What to do")
WIDTHS = (6, 24, 20, 24, 50, 50)
FOLLOWS = {
    Verdict.REJECT_FILE: "Stops the file",
    Verdict.REJECT_ROW: "The row is not taken in",
    Verdict.WARN: "Please look at it",
}
FILLS = {
    Verdict.REJECT_FILE: PatternFill("solid", fgColor="F4B6B6"),
    Verdict.REJECT_ROW: PatternFill("solid", fgColor="F4B6B6"),
    Verdict.WARN: PatternFill("solid", fgColor="FFE3A3"),
}
HEADER_FILL = PatternFill("solid", fgColor="1D3557")
LINE = Border(*[Side(style="thin", color="8FA3B8")] * 4)


@dataclass(frozen=True)
class _Place:
    """The cells of a finding: their addresses, and how many more there are."""

    addresses: Sequence[str]
    more: int


def annotated(path: Path, marks: Marks, findings: Sequence[Finding]) -> bytes | None:
    """Return a workbook: the sent one with its faulty cells marked, or one made of a sent text file.

    It holds what its sender sent, and so goes back to nobody else.

    Args:
        path: the file.
        marks: what to mark.
        findings: what is said of it; only those for the supplier are.

    Returns:
        The workbook; None where there is nothing to mark, or no copy can be made that could be looked through.
    """
    told = worst_first(one for one in findings if one.actor is Actor.SUPPLIER)
    if not told or not marks.marks or _too_large(path, marks):
        return None
    book = _book_of_text(path, marks) if marks.sheet is None else _book_as_sent(path)
    if book is None:
        return None
    _without_earlier_marks(book)
    sheet = book[marks.sheet] if marks.sheet is not None else book.active
    places = _mark(sheet, marks, {one.check: one for one in told})
    _list_findings(book, sheet.title, told, places)
    book.properties.identifier = IDENTIFIER
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _too_large(path: Path, marks: Marks) -> bool:
    if path.stat().st_size > LARGEST:
        return True
    if marks.sheet is None:
        return False
    with zipfile.ZipFile(path) as zipped:
        return sum(entry.file_size for entry in zipped.infolist()) > LARGEST_UNPACKED


def _book_as_sent(path: Path) -> Workbook | None:
    """Return the sent workbook without macros and links to other files; None where only a spreadsheet can open it."""
    try:
        with path.open("rb") as file:
            return load_workbook(file, keep_vba=False, keep_links=False)
    except Exception:
        # Whatever openpyxl stumbles over: the answer itself must not depend on the copy.
        return None


def _book_of_text(path: Path, marks: Marks) -> Workbook | None:
    """Return a workbook with the rows of a text file as they are, none of them a formula; None where a cell is huge."""
    try:
        with path.open(encoding=marks.encoding, newline="") as text:
            rows = list(csv.reader(text, delimiter=marks.separator))
    except csv.Error:
        return None
    book = Workbook()
    sheet = book.active
    sheet.title = "Sent"
    for row, cells in enumerate(rows, start=1):
        for column, value in enumerate(cells, start=1):
            cell = sheet.cell(row, column, ILLEGAL_CHARACTERS_RE.sub("", value))
            cell.data_type = "s"
            cell.number_format = "@"
    for cell in sheet[marks.header_row]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = max(12, len(str(cell.value)) + 3)
    sheet.freeze_panes = sheet.cell(marks.header_row + 1, 1)
    return book


def _without_earlier_marks(book: Workbook) -> None:
    """Take the marks off that an earlier check left, so that what was mended is seen to be."""
    for sheet in book.worksheets:
        if sheet["A1"].value == TITLE:
            book.remove(sheet)
            continue
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.comment):
            if cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _mark(sheet: Worksheet, marks: Marks, findings: dict[str, Finding]) -> dict[str, _Place]:
    """Mark cells, each with the sentences of its findings, and return where those of each finding are."""
    said: dict[tuple[int, int], list[Finding]] = {}
    places: dict[str, list[str]] = {}
    for mark in marks.marks:
        if finding := findings.get(mark.check):
            row, column = mark.cells[0]
            places.setdefault(mark.check, []).append(f"{get_column_letter(column)}{row}")
            for cell in mark.cells:
                said.setdefault(cell, []).append(finding)
    for (row, column), these in said.items():
        cell = sheet.cell(row, column)
        if isinstance(cell, Cell):  # and no later part of a merged one
            worst = min(these, key=lambda one: list(Verdict).index(one.verdict))
            cell.fill = FILLS[worst.verdict]
            text = "\n".join(f"{_capital(one.sentence)} {one.fix}" for one in these)
            cell.comment = Comment(text, AUTHOR, height=40 + 20 * (len(text) // 40), width=320)
    return {
        check: _Place(found[:SHOWN], max(findings[check].rows, len(found)) - len(found[:SHOWN]))
        for check, found in places.items()
    }


def _list_findings(book: Workbook, marked: str, findings: Sequence[Finding], places: dict[str, _Place]) -> None:
    """Write the first sheet, with a link to the first cell of each finding."""
    sheet = book.create_sheet(FINDINGS, 0)
    sheet["A1"] = TITLE
    sheet["A1"].font = Font(name=FACE, bold=True, size=14)
    sheet["A2"].font = Font(name=FACE)
    sheet["A2"] = (
        f'Marked cells of the sheet "{marked}" have a note that says what is wrong. Mend them there, save the workbook '
        "and send it again; this sheet may stay in it."
    )
    for column, (title, width) in enumerate(zip(HEADER, WIDTHS, strict=True), start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        _write(sheet, 4, column, title, font=Font(name=FACE, bold=True, color="FFFFFF"), fill=HEADER_FILL)
    for number, finding in enumerate(findings, start=1):
        place = places.get(finding.check)
        row = 4 + number
        cells = (
            number,
            FOLLOWS[finding.verdict],
            _where(finding, place),
            finding.header or "",
            _capital(finding.sentence),
        )
        for column, value in enumerate((*cells, finding.fix), start=1):
            _write(sheet, row, column, value)
        lines = max(
            ceil(len(cell) / width) for cell, width in zip((*map(str, cells), finding.fix), WIDTHS, strict=True)
        )
        sheet.row_dimensions[row].height = 14 * lines + 3
        if place:
            link = sheet.cell(row, 3)
            quoted = marked.replace("'", "''")
            # Within the workbook: a plain address would become a link to the outside.
            link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{quoted}'!{place.addresses[0]}")
            link.font = Font(name=FACE, underline="single", color="0B4F9E")
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "4:4"
    for other in book.worksheets:
        other.sheet_view.tabSelected = False
    book.active = 0


def _write(sheet: Worksheet, row: int, column: int, value: Any, **look: Any) -> None:
    """Write a cell of the table of findings; what looks like a formula is text."""
    cell = sheet.cell(row, column, ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.border = LINE
    cell.font = Font(name=FACE)
    for name, given in look.items():
        setattr(cell, name, given)


def _where(finding: Finding, place: _Place | None) -> str:
    if place is not None:
        more = f" and {place.more:,} more" if place.more > 0 else ""
        return f"{', '.join(place.addresses)}{more}"
    if finding.cells:
        more = f" and {finding.rows - len(finding.cells):,} more" if finding.rows > len(finding.cells) else ""
        return f"{', '.join(map(str, finding.cells))}{more}"
    return f'Sheet "{finding.sheet}"' if finding.sheet else "The file as a whole"


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
