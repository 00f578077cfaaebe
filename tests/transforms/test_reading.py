"""Bytes to text: nothing is lost, nothing is guessed, and rows have the numbers that the sender sees."""

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from expectations.verdicts import FileRejected
from transforms.grid import Grid
from transforms.reading import grids, rows

HEADER = ["Area", "Count"]


def text(folder: Path, content: str | bytes, encoding: str = "utf-8") -> Grid:
    path = folder / "sent.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return grids(path)[0]


def workbook(folder: Path, rows: dict[int, list[object]], sheet: str = "Data") -> Grid:
    """Write rows by their number as the sender sees it."""
    path = folder / "sent.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet(sheet)
        for number, cells in rows.items():
            page.write_row(number - 1, 0, cells)
    return grids(path)[0]


def rows_of(grid: Grid) -> list[tuple[object, ...]]:
    """Return the rows in which anything stands."""
    read = pl.concat(rows(grid, grid.peek.index(HEADER))).rows()
    return [row for row in read if any(cell and cell.strip() for cell in row[1:])]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("lines", "numbers"),
    [
        (["Area,Count", "Barnet,1", "Brent,2"], [2, 3]),
        (["Area,Count", "Barnet,1", "", "Brent,2", "", ""], [2, 4]),
        (["Area,Count", "Barnet,1", ",", " , ", "Brent,2"], [2, 5]),
        (["Calls", "", "Area,Count", "Barnet,1", "", "Brent,2"], [4, 6]),
        (["", "", "Area,Count", "Barnet,1", "Brent,2"], [4, 5]),
        (['"Calls, in', 'two lines"', "Area,Count", "Barnet,1", "Brent,2"], [3, 4]),
    ],
)
def test_rows_of_text_have_the_numbers_of_the_spreadsheet(
    lines: list[str], numbers: list[int], ending: str, tmp_path: Path
) -> None:
    found = rows_of(text(tmp_path, ending.join(lines) + ending))
    assert found == [(numbers[0], "Barnet", "1"), (numbers[1], "Brent", "2")]


def test_a_line_break_in_a_cell_is_no_new_row(tmp_path: Path) -> None:
    assert rows_of(text(tmp_path, 'Area,Count\n"Barnet\n(LB)",1\nBrent,2\n')) == [
        (2, "Barnet\n(LB)", "1"),
        (3, "Brent", "2"),
    ]


@pytest.mark.parametrize("header", [1, 3, 5])
def test_rows_of_a_workbook_have_the_numbers_of_the_spreadsheet(header: int, tmp_path: Path) -> None:
    sheet: dict[int, list[object]] = {
        header: list(HEADER),
        header + 1: ["Barnet", 1],
        header + 4: ["Brent", 2],
        header + 6: ["", 2.5],
    }
    if header == 5:
        sheet[3] = ["Calls by borough"]
    assert rows_of(workbook(tmp_path, sheet)) == [
        (header + 1, "Barnet", "1"),
        (header + 4, "Brent", "2"),
        (header + 6, None, "2.5"),
    ]


def test_every_sheet_of_a_workbook_is_looked_at(tmp_path: Path) -> None:
    path = tmp_path / "sent.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Notes").write(0, 0, "How to fill this in")
        book.add_worksheet("Empty")
        book.add_worksheet("Data").write_row(0, 0, HEADER)
    assert [grid.sheet for grid in grids(path)] == ["Notes", "Empty", "Data"]


def test_a_workbook_is_known_by_its_content_whatever_its_name(tmp_path: Path) -> None:
    workbook(tmp_path, {1: list(HEADER)})
    renamed = (tmp_path / "sent.xlsx").rename(tmp_path / "sent.csv")
    assert grids(renamed)[0].sheet == "Data"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "cp1252")],
)
def test_every_encoding_gives_the_same_text(encoding: str, found: str, tmp_path: Path) -> None:
    grid = text(tmp_path, "Area,Count\nCafé €1,£5\n", encoding)
    assert grid.encoding == found
    assert rows_of(grid) == [(2, "Café €1", "£5")]


def test_one_cp1252_letter_deep_in_a_long_file_is_not_damaged(tmp_path: Path) -> None:
    content = b"Area,Count\n" + b"Barnet,1\n" * 300_000 + b"Caf\xe9,2\n"
    grid = text(tmp_path, content)
    assert grid.encoding == "cp1252"
    assert list(rows(grid, 0))[-1].row(-1) == (300_002, "Café", "2")


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(separator: str, tmp_path: Path) -> None:
    grid = text(tmp_path, f"Area{separator}Count\nBarnet{separator}1\n")
    assert grid.separator == separator
    assert rows_of(grid) == [(2, "Barnet", "1")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Area,Count\nBarnet,\x00\n",
        b"\xff\xfeA\x00r\x00e",
        b"\xff\xfe\x00\xd8A\x00",
        b"Area,Count\n\x81\x8d\xff\n",
        b"x" * 200_000,
        b"PK\x03\x04 and no more",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"%PDF-1.7\n",
        b"\n <!DOCTYPE html><html></html>",
    ],
    ids=repr,
)
def test_what_cannot_be_read_is_refused_in_words(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(FileRejected) as refused:
        text(tmp_path, content)
    (said,) = refused.value.findings
    assert said.check == "file.readable"
    assert said.sentence
    assert said.fix


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Barnet,1,2\n", "Row 2 has 3 cells, and the header 2"),
        ("Brent,2\nBarnet,1,\n", "Row 3 has 3 cells"),
        ('Barnet,"1\nBrent,2\n', "quotation mark is never closed"),
    ],
)
def test_a_broken_table_is_refused_and_no_row_is_swallowed(body: str, said: str, tmp_path: Path) -> None:
    grid = text(tmp_path, "Area,Count\n" + body)
    with pytest.raises(FileRejected, match=said):
        rows_of(grid)


def test_commas_in_a_title_do_not_hide_a_table_of_semicolons(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_text("Incidents, offences, violence, detections\nMonth;Count\n" + "2024-01-01;5\n" * 12)
    (grid,) = grids(path)
    assert grid.peek[1] == ["Month", "Count"]
