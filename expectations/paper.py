"""Paper: the look of the workbooks that we write."""

from collections.abc import Sequence
from math import ceil
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from expectations.entry import Entry

DARK, PALE, LINE, INK = "#1D3557", "#EEF3F8", "#8FA3B8", "#1B1B1B"
A4 = 9
FORMATS = {"number": "0", "decimal": "General", "date": "dd/mm/yyyy", "month": "mmm yyyy"}


class Paper:
    """The formats of a workbook, each made once, and what every sheet has."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        """Keep the workbook."""
        self.book = book
        self._made: dict[str, Format] = {}

    def __call__(self, **given: Any) -> Format:
        """Return a format, with what all of them share."""
        properties = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top", **given}
        return self._made.setdefault(repr(sorted(properties.items())), self.book.add_format(properties))

    @property
    def header(self) -> Format:
        """The header of a table."""
        return self(
            bold=True,
            font_color="#FFFFFF",
            bg_color=DARK,
            border=1,
            border_color=LINE,
            text_wrap=True,
            valign="vcenter",
        )

    @property
    def heading(self) -> Format:
        """A heading."""
        return self(bold=True, font_size=12, font_color=DARK)

    @property
    def cell(self) -> Format:
        """A cell of a table that is read."""
        return self(text_wrap=True, border=1, border_color=LINE)

    def entry(self, entry: Entry, *, boxed: bool = False) -> Format:
        """Return the format of a cell that is filled in; text stays as it is typed: 11-20 would become a date."""
        box = {"border": 1, "border_color": LINE, "bg_color": PALE} if boxed else {}
        return self(locked=False, num_format="@" if entry.choices else FORMATS.get(entry.kind, "@"), **box)

    def paragraph(self, sheet: Worksheet, row: int, widths: Sequence[float], text: str) -> None:
        """Write text across columns of given widths, in a row that is high enough for it."""
        lines = ceil(0.95 * len(text) / sum(widths))
        sheet.set_row(row, 13.5 * lines + 3, self())
        if len(widths) > 1:
            sheet.merge_range(row, 0, row, len(widths) - 1, text, self(text_wrap=True))
        else:
            sheet.write_string(row, 0, text, self(text_wrap=True))

    def table_row(
        self,
        sheet: Worksheet,
        row: int,
        widths: Sequence[float],
        cells: Sequence[str],
        across: Sequence[tuple[int, int]],
        style: Format,
    ) -> None:
        """Write a row of a table, each cell from one column to another, high enough for the longest one."""
        lines = [
            ceil(0.95 * len(text) / sum(widths[left : right + 1]))
            for text, (left, right) in zip(cells, across, strict=True)
        ]
        sheet.set_row(row, 13.5 * max(lines) + 3)
        for text, (left, right) in zip(cells, across, strict=True):
            if left == right:
                sheet.write_string(row, left, text, style)
            else:
                sheet.merge_range(row, left, row, right, text, style)

    def set_up(self, sheet: Worksheet, title: str, *, pages: int = 1) -> None:
        """Lock a sheet but for what is filled in, and make it print on so many pages side by side."""
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.fit_to_pages(pages, 0)
        sheet.set_footer(f"&L{title.replace('&', '&&')}: &A&RPage &P of &N")
        sheet.protect(options={"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})
