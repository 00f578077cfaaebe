"""The marked copy: what a sender sees in the workbook that comes back."""

from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlsxwriter

from expectations.catalogue import catalogue
from expectations.template import write_template
from flows import annotating
from flows.annotating import annotated
from flows.judging import Judged, judge_file

SANCTUARY = catalogue()["sanctuary"]
HEADER = "Month,Area code,Concept,Measure,Count,Extract date,Colour"
GOOD = "2020-01-01,E09000003,DA_INCIDENT,incidents,400,2026-01-05,=1+1"


def filled(path: Path, assessed: str = "12", secured: str = "25%") -> Path:
    row = {"prepared_on": "15/07/2019", "quarter": "2019/20 Q1", "homes_assessed": assessed, "homes_secured": secured}
    rows = pl.DataFrame([{name: row.get(name, "3") for name in SANCTUARY.read}])
    write_template(SANCTUARY, path, rows=rows)
    return path


def copy_of(path: Path, judged: Judged | None = None) -> Path:
    judged = judged or judge_file(path)
    assert judged.marks is not None
    written = annotated(path, judged.marks, judged.findings)
    assert written is not None
    copy = path.with_name(f"copy of {path.stem}.xlsx")
    copy.write_bytes(written)
    return copy


def marked(path: Path, sheet: str) -> dict[str, str]:
    return {
        cell.coordinate: cell.comment.text
        for row in openpyxl.load_workbook(path)[sheet].iter_rows()
        for cell in row
        if cell.comment
    }


def test_the_faulty_cell_is_marked_with_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    path = filled(tmp_path / "sent.xlsx")
    sent = openpyxl.load_workbook(path)["Return"]
    (wrong,) = [cell.coordinate for row in sent.iter_rows() for cell in row if cell.value == "25%"]
    notes = marked(copy_of(path), "Return")
    assert list(notes) == [wrong]
    assert notes[wrong].startswith("A percentage or fraction stands where a count is due. Send the count;")


def test_cells_of_a_table_on_its_side_and_above_it_are_marked_where_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "sent.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("Data")
        page.write_row("B2", ["Prepared on", "some day"])
        rows = [("", "Apr 2019", "May 2019"), ("Victims", 40, "many"), ("Visits", 51, 60)]
        for row, cells in enumerate(rows, start=3):
            page.write_row(row, 1, cells)
    assert list(marked(copy_of(path), "Data")) == ["C2", "D5"]


def test_the_first_sheet_lists_the_findings_with_a_link_to_each_cell(tmp_path: Path) -> None:
    path = filled(tmp_path / "sent.xlsx", assessed="-", secured="25%")
    book = openpyxl.load_workbook(copy_of(path))
    findings = book.worksheets[0]
    assert book.active is findings
    assert findings["A1"].value == "What was found in this file"
    listed = [[cell.value for cell in row] for row in findings.iter_rows(min_row=5)]
    assert {(row[1], row[3]) for row in listed} == {
        ("The row is not taken in", "Homes assessed"),
        ("The row is not taken in", "Homes secured"),
    } | {(row[1], row[3]) for row in listed if row[1] == "Stops the file"}
    for row in findings.iter_rows(min_row=5):
        if row[3].value:
            assert row[2].hyperlink.location == f"'Return'!{row[2].value}"


def test_the_copy_keeps_the_looks_the_lock_and_the_lists_of_the_workbook(tmp_path: Path) -> None:
    path = filled(tmp_path / "sent.xlsx")
    before, after = (openpyxl.load_workbook(one)["Return"] for one in (path, copy_of(path)))
    assert after.protection.sheet
    assert after.freeze_panes == before.freeze_panes
    assert len(after.data_validations.dataValidation) == len(before.data_validations.dataValidation)
    assert [cell.fill.fgColor.rgb for cell in after[8]] == [cell.fill.fgColor.rgb for cell in before[8]]


def test_the_copy_can_be_mended_and_sent_back_as_it_is(tmp_path: Path) -> None:
    path = filled(tmp_path / "sent.xlsx")
    copy = copy_of(path)
    book = openpyxl.load_workbook(copy)
    (wrong,) = marked(copy, "Return")
    book["Return"][wrong] = 12
    book.save(copy)
    assert judge_file(copy).accepted


def test_what_was_mended_is_no_longer_marked_when_the_copy_is_checked_again(tmp_path: Path) -> None:
    copy = copy_of(filled(tmp_path / "sent.xlsx", assessed="-", secured="25%"))
    book = openpyxl.load_workbook(copy)
    (mended,) = [place for place, note in marked(copy, "Return").items() if "percentage" in note]
    book["Return"][mended] = 3
    book.save(copy)
    again = copy_of(copy)
    assert mended not in marked(again, "Return")
    assert len(marked(again, "Return")) == 1
    assert [sheet.title for sheet in openpyxl.load_workbook(again)].count("Findings") == 1


def test_a_table_that_begins_further_down_and_to_the_right_is_marked_where_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "moved.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        for row, line in enumerate([HEADER, GOOD, GOOD.replace("400", "many").replace("-01-01", "-02-01")]):
            sheet.write_row(row + 4, 2, line.split(",")[:6])
    assert list(marked(copy_of(path), "Data")) == ["G7"]


def test_a_text_file_comes_back_as_a_workbook_in_which_nothing_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    path.write_text("\n".join([HEADER, GOOD, GOOD.replace("400", "many").replace("-01-01", "-02-01"), ""]), "utf-8")
    copy = copy_of(path)
    assert list(marked(copy, "Sent")) == ["E3"]
    sheet = openpyxl.load_workbook(copy)["Sent"]
    assert (sheet["G2"].value, sheet["G2"].data_type) == ("=1+1", "s")


def test_a_rule_marks_every_column_that_it_looks_at(tmp_path: Path) -> None:
    path = filled(tmp_path / "sent.xlsx", assessed="2", secured="5")
    notes = marked(copy_of(path), "Return")
    assert [note.split(".")[0] for note in notes.values()] == ["More homes were secured than assessed"] * 2


def test_a_file_refused_before_its_rows_were_read_has_no_marked_copy(tmp_path: Path) -> None:
    path = tmp_path / "personal.csv"
    path.write_text(f"{HEADER},Victim name\n{GOOD},Robin Canary\n", encoding="utf-8")
    judged = judge_file(path)
    assert not judged.accepted
    assert judged.marks is None


def test_a_file_too_large_to_look_through_has_no_marked_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = filled(tmp_path / "sent.xlsx")
    judged = judge_file(path)
    assert judged.marks is not None
    monkeypatch.setattr(annotating, "LARGEST", path.stat().st_size - 1)
    assert annotated(path, judged.marks, judged.findings) is None


def test_a_value_above_the_table_is_marked_where_it_stands(tmp_path: Path) -> None:
    path = filled(tmp_path / "sent.xlsx", secured="3")
    book = openpyxl.load_workbook(path)
    (quarter,) = [cell for row in book["Return"].iter_rows() for cell in row if cell.value == "2019/20 Q1"]
    quarter.value = "Q1"
    book.save(path)
    assert list(marked(copy_of(path), "Return")) == [quarter.coordinate]


def test_a_table_on_its_side_is_marked_where_its_sender_sees_it(tmp_path: Path) -> None:
    path = tmp_path / "sideways.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["Quarter", "2019/20 Q1", "2019/20 Q2", "2019/20 Q3"])
        sheet.write_row(1, 0, ["Homes assessed", 12, 9, 8])
        sheet.write_row(2, 0, ["Homes secured", 3, "25%", 4])
        sheet.write_row(3, 0, ["Children in the households", 3, 2, 1])
    assert list(marked(copy_of(path), "Data")) == ["C3"]


def test_the_list_says_where_also_of_what_has_no_marked_cell(tmp_path: Path) -> None:
    path = tmp_path / "events.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Log")
        sheet.write_row("A1", ["Period", "Oct - Dec 2019"])
        sheet.write_row("A3", ["Event date", "Activity", "Course", "Attendances"])
        sheet.write_row("A4", ["14/01/2020", "Training", "MARAC", 16])
        sheet.write_row("A5", ["14/10/2019", "Training", "MARAC", 16])
        sheet.write_row("A6", ["14/10/2019", "Training", "MARAC", 16])
        book.add_worksheet("Old").hide()
    rows = openpyxl.load_workbook(copy_of(path))["Findings"].iter_rows(min_row=5, values_only=True)
    where = {str(row[4]).split(",")[0].split(".")[0]: row[2] for row in rows}
    assert where == {
        'The row lies outside the period that the file states under "Period"': "A4",
        "These rows repeat another row to the letter and are not counted again": "row 6",
        "The sheet is hidden": 'Sheet "Old"',
    }
