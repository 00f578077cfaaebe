"""Templates: the blank workbook that is sent to a supplier, from the declaration of the source."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime
from io import BytesIO
from math import ceil
from pathlib import Path
from textwrap import shorten
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from expectations.entry import Entry
from expectations.fields import Field
from expectations.guidance import required, write_guidance
from expectations.paper import Paper
from expectations.periods import recent
from expectations.source import Due, Source

ASK = "the person who sent you this workbook"
# Cells further down are looked at after the workbook was sent, like any others.
LAST_ROW = 2_000
# What a spreadsheet shows beside a cell cannot be longer.
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
# As many characters stand side by side on a printed page that can be read.
PAGE = 190
LINE_OF_TEXT = 110
MISSING = "#F4B6B6"


def version(source: type[Source]) -> str:
    """Return a short name of what a declaration asks for; it is another one where a new template must be sent out."""
    asked = [(name, field.headers, field.expected, field.required, field.above) for name, field in source.read.items()]
    said = [(check.id, check.sentence, check.fix, str(check.verdict)) for check in source.checks()]
    return hashlib.sha256(repr((source.title, source.__doc__, asked, said)).encode()).hexdigest()[:8]


def write_template(source: type[Source], path: Path, *, rows: pl.DataFrame | None = None, ask: str = ASK) -> None:
    """Write the workbook that a supplier fills in.

    Args:
        source: the declaration.
        path: where it is written; what is there is replaced.
        rows: rows of text to fill in, one column a field, for an example; without them the template is blank.
        ask: whom to ask if anything is unclear.

    Raises:
        OSError: if it cannot be written there.
    """
    written = BytesIO()
    with xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_urls": False}) as book:
        book.set_properties({"title": source.title, "subject": f"Template {source.name}, version {version(source)}"})
        # By this name the reader knows that the hidden sheet is ours.
        book.define_name("vawg_template", f'="{source.name} {version(source)}"')
        sheet, how, lists = (book.add_worksheet(name) for name in ("Return", "How to fill this in", "Lists"))
        paper = Paper(book)
        _Return(source, sheet, paper, _write_lists(source, lists)).write(rows)
        write_guidance(source, how, paper, ask=ask, version=version(source))
        lists.hide()
    path.write_bytes(written.getvalue())


def _entry(source: type[Source], field: Field) -> Entry:
    """Return how a field is filled in; a stated period is offered in the length in which the return comes."""
    if field is source.stated and isinstance(source.arrives, Due):
        return replace(field.entry, choices=tuple(reversed(recent(source.arrives.months))))
    return field.entry


def _write_lists(source: type[Source], sheet: Worksheet) -> dict[str, str]:
    """Write the choices of each field into a column, and return where they stand."""
    places = {}
    entries = {name: _entry(source, field) for name, field in source.read.items()}
    for column, (name, entry) in enumerate((name, entry) for name, entry in entries.items() if entry.choices):
        sheet.set_column(column, column, 30)
        # Not the header alone: this is no table of the return.
        sheet.write_column(0, column, [f"Choices for {source.fields[name].header}", *entry.choices])
        places[name] = f"=Lists!{xl_range_abs(1, column, len(entry.choices), column)}"
    return places


@dataclass(frozen=True)
class _Return:
    """The sheet to fill in.

    From above: the title, what it is, how to go on, each field that goes for all rows, a blank row, what each column
    expects, the header, and the rows.
    """

    source: type[Source]
    sheet: Worksheet
    paper: Paper
    lists: dict[str, str]

    @property
    def above(self) -> list[Field]:
        """The fields whose value stands once above the table."""
        return [field for field in self.source.read.values() if field.above]

    @property
    def columns(self) -> list[Field]:
        """The fields that are columns of the table."""
        return [field for field in self.source.read.values() if not field.above]

    @property
    def header_row(self) -> int:
        """The place of the header row, from 0."""
        return 5 + len(self.above)

    def write(self, rows: pl.DataFrame | None) -> None:
        """Write the sheet, with rows in it where there are any."""
        for column, field in enumerate(self.columns):
            self.sheet.set_column(column, column, self._width(field), self.paper.entry(field.entry))
        self._write_top()
        self._write_header()
        self._mark()
        if rows is not None:
            self._fill(rows)
        self.paper.set_up(self.sheet, self.source.title, pages=ceil(sum(map(self._width, self.columns)) / PAGE))
        self.sheet.repeat_rows(self.header_row)
        self.sheet.repeat_columns(0)
        self.sheet.freeze_panes(self.header_row + 1, 0)
        self.sheet.set_selection(*(self.header_row + 1, 0) * 2)
        self.sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(self.columns) - 1)}{LAST_ROW}"})
        self.sheet.activate()

    def _width(self, field: Field) -> int:
        longest = max(map(len, (*field.header.split(), *_entry(self.source, field).choices, "dd/mm/yyyy")))
        return min(max(longest, ceil(len(field.header) / 2)) + 3, 30)

    def _write_top(self) -> None:
        """Write what stands above the table; its cells are locked, but for those to fill in."""
        for row in range(self.header_row):
            self.sheet.set_row(row, None, self.paper())
        self.sheet.set_row(0, 26, self.paper())
        self.sheet.write_string(0, 0, self.source.title, self.paper(bold=True, font_size=16))
        # Not across all columns of a wide table: it would be cut where the page ends.
        widths = [self._width(field) for field in self.columns]
        widths = [width for place, width in enumerate(widths) if sum(widths[:place]) < LINE_OF_TEXT]
        summary = (self.source.__doc__ or "").strip().split("\n")[0]
        self.paper.paragraph(self.sheet, 1, widths, f"From {self.source.supplier.agency_name}. {summary}")
        self.paper.paragraph(
            self.sheet,
            2,
            widths,
            "Type or paste from the row below the dark header on. A column marked Required must be filled in on every "
            'row. The sheet "How to fill this in" says what each column means, and what to do if there was none.',
        )
        for row, field in enumerate(self.above, start=3):
            self.sheet.set_row(row, 20, self.paper())
            self.sheet.write_string(row, 0, field.header, self.paper(bold=True))
            self.sheet.write_blank(row, 1, None, self.paper.entry(_entry(self.source, field), boxed=True))
            self.sheet.data_validation(row, 1, row, 1, self._validation(field, row, 1))

    def _write_header(self) -> None:
        """Write what each column expects, and the header."""
        first = self.header_row + 1
        hints = [f"{required(field).capitalize()}. {_sentence(field.expected)}" for field in self.columns]
        lines = [ceil(len(hint) / self._width(field)) for hint, field in zip(hints, self.columns, strict=True)]
        self.sheet.set_row(self.header_row - 1, 12.5 * min(max(lines), 12) + 4, self.paper())
        self.sheet.set_row(self.header_row, 32, self.paper())
        hint_style = self.paper(text_wrap=True, font_size=9, valign="bottom")
        for column, (hint, field) in enumerate(zip(hints, self.columns, strict=True)):
            shown = shorten(hint, 12 * self._width(field), placeholder=" ...")
            self.sheet.write_string(self.header_row - 1, column, shown, hint_style)
            self.sheet.write_string(self.header_row, column, field.header, self.paper.header)
            self.sheet.data_validation(first, column, LAST_ROW, column, self._validation(field, first, column))

    def _validation(self, field: Field, row: int, column: int) -> dict[str, Any]:
        """Return what is offered for a cell, shown beside it and let in."""
        entry = _entry(self.source, field)
        cell = xl_rowcol_to_cell(row, column)
        if entry.choices:
            lets_in: dict[str, Any] = {"validate": "list", "source": self.lists[field.name]}
        elif entry.kind == "number":
            between = {"criteria": "between", "minimum": entry.low, "maximum": entry.high}
            lets_in = {"validate": "integer", **between}
        elif entry.kind == "decimal":
            lets_in = {"validate": "decimal", "criteria": ">=", "value": 0}
        elif entry.kind == "date":
            lets_in = {"validate": "date", "criteria": "between", "minimum": entry.low, "maximum": "=TODAY()"}
        elif entry.kind == "month":
            assert isinstance(entry.low, date)
            earliest = f"DATE({entry.low.year},{entry.low.month},{entry.low.day})"
            lets_in = {
                "validate": "custom",
                "value": f"=AND(ISNUMBER({cell}),DAY({cell})=1,{cell}>={earliest},{cell}<=TODAY())",
            }
        else:
            lets_in = {"validate": "any"}
        expected = f"Expected: {field.expected}."
        # Excel itself asks after a warning whether to go on.
        keep = "" if entry.strict else " It can be kept as it is, and is looked at when it arrives."
        return {
            **lets_in,
            "input_title": shorten(field.header, LONGEST_TITLE, placeholder="..."),
            "input_message": shorten(f"{field.says} {expected}", LONGEST_MESSAGE, placeholder=" ..."),
            "error_title": "Not expected here",
            "error_message": shorten(expected, LONGEST_MESSAGE - len(keep), placeholder=" ...") + keep,
            "error_type": "stop" if entry.strict else "warning",
        }

    def _mark(self) -> None:
        """Draw lines around rows that were begun, and colour their cells that must still be filled in."""
        first, last = self.header_row + 1, len(self.columns) - 1
        begun = f"COUNTA($A{first + 1}:${xl_col_to_name(last)}{first + 1})>0"
        for column, field in enumerate(self.columns):
            if field.required:
                rule = f"=AND({begun},ISBLANK({xl_rowcol_to_cell(first, column)}))"
                self._format_where(rule, first, column, column, bg_color=MISSING, border=1)
        self._format_where(f"={begun}", first, 0, last, border=1)

    def _format_where(self, rule: str, first: int, left: int, right: int, **given: Any) -> None:
        shown = {"type": "formula", "criteria": rule, "format": self.paper.book.add_format(given)}
        self.sheet.conditional_format(first, left, LAST_ROW, right, shown)

    def _fill(self, rows: pl.DataFrame) -> None:
        """Fill rows in, as a person would."""
        for place, field in enumerate(self.above, start=3):
            self._fill_cell(place, 1, field, rows[field.name][0], boxed=True)
        for place, row in enumerate(rows.iter_rows(named=True), start=self.header_row + 1):
            for column, field in enumerate(self.columns):
                self._fill_cell(place, column, field, row[field.name])

    def _fill_cell(self, row: int, column: int, field: Field, text: str | None, *, boxed: bool = False) -> None:
        entry = _entry(self.source, field)
        style = self.paper.entry(entry, boxed=boxed)
        if entry.kind == "number" and text and text.isdigit():
            self.sheet.write_number(row, column, int(text), style)
        elif entry.kind == "decimal" and text:
            self.sheet.write_number(row, column, float(text), style)
        elif entry.kind in ("date", "month") and text:
            self.sheet.write_datetime(row, column, datetime.strptime(text, "%d/%m/%Y"), style)
        else:
            self.sheet.write_string(row, column, text or "", style)


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
