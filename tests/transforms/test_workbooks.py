"""Workbooks as councils receive them: what is read from where is shown, and nothing is guessed without a word."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

import flows.judging
from expectations.catalogue import catalogue
from expectations.fields import Code, Count, Kind
from expectations.periods import MonthName
from expectations.source import Agency, Source
from expectations.verdicts import Verdict
from flows.judging import Judged, judge_file

BARNET = "E09000003"
HEADER = ("Month", "Area code", "Area name", "Concept", "Measure", "Count", "Extract date")
COUNT = HEADER.index("Count")
EXTRACT: list[tuple[object, ...]] = [
    HEADER,
    ("2020-03-01", BARNET, "Barnet", "DA_INCIDENT", "incidents", 1012, "2020-04-06"),
    ("2020-03-01", BARNET, "Barnet", "DA_OFFENCE", "offences", 262, "2020-04-06"),
]
ONE_STOP_SHOP: list[tuple[object, ...]] = [
    ("Month", "Sessions", "Attendances", "Victims"),
    ("Apr 2019", 5, 51, 40),
    ("May 2019", 4, 48, 37),
    ("Jun 2019", 5, 60, 41),
]
Rows = Sequence[Sequence[object]]


class ToyHouses(Source):
    """Women, men and children in houses, one row per house and month."""

    title = "Toy houses"
    supplier = Agency("TOY", "Toy houses", "charity")
    arrives = "monthly"
    loads = "fact_return_counts"
    service = "REFUGE"
    key = ("house", "month")
    slices = ("house", "month")
    rejected_limit = 0.5

    house = Code("House", codes={"TOTAL_CARE": ["Total Care"], "NORTH": ["North House"]}, loaded=False)
    month = MonthName("Month", loaded=False)
    women = Count("Victims Female", "Women supported", kind=Kind.FLOW)
    men = Count("Victims Male", kind=Kind.FLOW)
    beds = Count("Beds", kind=Kind.SNAPSHOT)
    staff = Count("Staff", kind=Kind.SNAPSHOT, required=False)


@pytest.fixture(autouse=True)
def houses(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {**catalogue(), "toy_houses": ToyHouses}
    monkeypatch.setattr(flows.judging, "catalogue", lambda: known)


@pytest.fixture
def sent(tmp_path: Path) -> Callable[..., Judged]:
    """Return a function that judges a workbook, drawn with XlsxWriter, or a text file of these lines."""

    def sent(what: Callable[[Any], object] | Sequence[str]) -> Judged:
        if callable(what):
            path = tmp_path / "sent.xlsx"
            with xlsxwriter.Workbook(path) as book:
                what(book)
        else:
            path = tmp_path / "sent.csv"
            path.write_text("\n".join(what) + "\n", encoding="utf-8")
        return judge_file(path)

    return sent


Sent = Callable[..., Judged]


def sheet(book: Any, rows: Rows, name: str = "Data", *, at: tuple[int, int] = (0, 0)) -> Any:
    """Write rows, with the first cell at a place, into a new sheet, and return it."""
    page = book.add_worksheet(name)
    for number, cells in enumerate(rows):
        page.write_row(at[0] + number, at[1], cells)
    return page


def across(rows: Rows) -> list[tuple[object, ...]]:
    """Return rows laid on their side."""
    return list(zip(*rows, strict=True))


def said(judged: Judged) -> str:
    return "\n".join(map(str, judged.findings))


def months(judged: Judged, measure: str = "victims") -> dict[str, int]:
    """Return what was read of a measure, by month."""
    assert judged.facts is not None, said(judged)
    rows = judged.facts.rows.filter(measure_id=measure, breakdown="all")
    return {f"{row['period_start']:%b %Y}": row["value"] for row in rows.iter_rows(named=True)}


VICTIMS = {"Apr 2019": 40, "May 2019": 37, "Jun 2019": 41}


# Where a cell is


@pytest.mark.parametrize("at", [(0, 0), (3, 0), (0, 2), (5, 3), (2, 24), (1, 30), (0, 700)])
def test_cell_is_named_as_the_sender_sees_it_wherever_the_table_lies(at: tuple[int, int], sent: Sent) -> None:
    wrong = [*EXTRACT[:2], (*EXTRACT[2][:COUNT], "many", EXTRACT[2][-1])]
    judged = sent(lambda book: sheet(book, wrong, at=at))
    address = xl_rowcol_to_cell(at[0] + 2, at[1] + COUNT)
    assert f'Sheet "Data", Column "Count": the value cannot be used. Found in cell {address}: "many".' in said(judged)


def test_cell_is_named_as_the_sender_sees_it_among_blank_rows_blank_columns_and_merged_cells(sent: Sent) -> None:
    def draw(book: Any) -> None:
        page = book.add_worksheet("Data")
        page.merge_range("B2:J2", "Domestic abuse", book.add_format())
        page.merge_range("B3:C3", "Barnet", book.add_format())
        # Column E is blank.
        for place, header in zip("BCDFGHI", HEADER, strict=True):
            page.write(f"{place}5", header)
        for row, cells in ((8, EXTRACT[1]), (11, (*EXTRACT[2][:COUNT], "many", EXTRACT[2][-1]))):
            for place, cell in zip("BCDFGHI", cells, strict=True):
                page.write(f"{place}{row}", cell)

    assert 'cell H11: "many"' in said(sent(draw))


def test_cell_of_a_row_merged_with_the_next_is_named_where_it_would_stand(sent: Sent) -> None:
    def draw(book: Any) -> None:
        page = sheet(book, EXTRACT)
        page.merge_range(1, COUNT, 2, COUNT, 1012, book.add_format())

    assert 'Column "Count": the cell is blank. Found in cell F3 (merged with F2).' in said(sent(draw))


def test_cells_that_do_not_go_together_are_named(sent: Sent) -> None:
    assert "more victims than visits. Found in cells E9 and F9." in said(
        sent(lambda book: sheet(book, [*ONE_STOP_SHOP, ("Jul 2019", 5, 10, 11)], at=(4, 2)))
    )


def test_cell_of_a_text_file_is_named_by_its_row(sent: Sent) -> None:
    assert 'Found in row 3: "many".' in said(sent(["Month,Victims", "Apr 2019,4", "May 2019,many"]))


# Above the table


def test_value_above_the_table_is_found_once_in_its_own_cell(sent: Sent) -> None:
    def draw(book: Any) -> None:
        rows = [("Practice code", "Status", "Referrals"), ("E83001", "Full", 3), ("E83002", "Part", 1)]
        page = sheet(book, rows, at=(5, 1))
        page.write("B3", "Quarter:")
        page.write("D3", "Q1")

    judged = sent(draw)
    assert 'Column "Quarter": the value cannot be used. Found in cell D3: "Q1". Expected' in said(judged)


def test_what_was_read_above_the_table_is_said(sent: Sent) -> None:
    def draw(book: Any) -> None:
        sheet(book, [("Sessions", "Visits", "Victims"), (5, 51, 40)], at=(3, 1)).write("B2", "Month: Apr 2019")
        sheet(book, [("How to fill this in",)], "Notes")

    judged = sent(draw)
    assert months(judged) == {"Apr 2019": 40}
    assert judged.read_from == (
        'Read: sheet "Data", header in row 4; "Visits" as "Attendances"; Month "Apr 2019" from cell B2; '
        'not read: "Notes".'
    )


# Headers


def two_rows(book: Any) -> Any:
    """Draw "Victims" merged over "Female" and "Male", and names that are merged over both rows."""
    page = book.add_worksheet("Data")
    plain = book.add_format()
    for place, name in ((0, "House"), (1, "Month"), (4, "Beds")):
        page.merge_range(2, place, 3, place, name, plain)
    page.merge_range(2, 2, 2, 3, "Victims", plain)
    page.write_row(3, 2, ["Female", "Male"])
    page.write_row(4, 0, ["North House", "Apr 2019", 7, 1, 9])
    return page


def test_header_of_two_rows_with_merged_cells_is_read(sent: Sent) -> None:
    judged = sent(two_rows)
    assert (months(judged, "women"), months(judged, "men")) == ({"Apr 2019": 7}, {"Apr 2019": 1})
    assert judged.read_from == 'Read: sheet "Data", header in rows 3 and 4.'


def test_cell_below_a_header_of_two_rows_is_named_with_both(sent: Sent) -> None:
    judged = sent(lambda book: two_rows(book).write("D6", "some"))
    assert 'Column "Victims Male": the value cannot be used. Found in cell D6: "some".' in said(judged)


def test_header_of_two_rows_is_read_from_a_text_file_without_merged_cells(sent: Sent) -> None:
    judged = sent(["House,Month,Victims,,Beds", ",,Female,Male,", "North House,Apr 2019,7,1,9"])
    assert (months(judged, "women"), months(judged, "men")) == ({"Apr 2019": 7}, {"Apr 2019": 1})


def test_group_over_a_header_that_needs_none_is_passed_over(sent: Sent) -> None:
    def draw(book: Any) -> None:
        page = sheet(book, ONE_STOP_SHOP, at=(1, 0))
        page.merge_range(0, 1, 0, 3, "Barnet Homes", book.add_format())

    judged = sent(draw)
    assert months(judged) == VICTIMS
    assert judged.read_from == 'Read: sheet "Data", header in row 2.'


def test_name_that_stands_under_two_groups_is_a_question(sent: Sent) -> None:
    judged = sent(
        ["House,Month,Victims,,Beds,Night,Day", ",,Female,Male,,Staff,Staff", "North House,Apr 2019,7,1,9,2,3"]
    )
    assert not judged.accepted
    assert 'Column "Day Staff": two columns could be "Staff". Keep the right one' in said(judged)


@pytest.mark.parametrize("header", ["Victims ", " victims", "Victims\n", "Distinct\nvictims", "distinct_victims"])
def test_header_with_line_breaks_spaces_and_other_names_is_known(header: str, sent: Sent) -> None:
    judged = sent(lambda book: sheet(book, [(*ONE_STOP_SHOP[0][:-1], header), *ONE_STOP_SHOP[1:]]))
    assert months(judged) == VICTIMS


def test_column_that_may_be_the_missing_one_is_named(sent: Sent) -> None:
    rows = ["House,Month,Womens supported,Victims Male,Beds,Women", "North House,Apr 2019,7,1,9,2"]
    assert said(sent(rows)).endswith('names: Victims Female, Women supported. Column "Womens supported" may be it.')


def test_column_of_another_word_is_not_taken_for_the_missing_one(sent: Sent) -> None:
    rows = ["House,Month,Victims Female,Victims other,Beds", "North House,Apr 2019,7,1,9"]
    assert "may be it" not in said(sent(rows))


# On its side


@pytest.mark.parametrize("corner", ["", "Measure", "Month"])
@pytest.mark.parametrize("at", [(0, 0), (4, 2)])
def test_table_on_its_side_is_read_and_said_to_be(corner: str, at: tuple[int, int], sent: Sent) -> None:
    rows = [(corner, *ONE_STOP_SHOP[0][1:]), *ONE_STOP_SHOP[1:]]
    judged = sent(lambda book: sheet(book, across(rows), at=at))
    assert months(judged) == VICTIMS
    assert said(judged) == (
        "The table lies on its side: periods across and measures down. It was read so. "
        "Nothing needs doing, if it was meant so."
    )
    assert f"header in column {'AC'[at[1] // 2]}" in judged.read_from


def test_cell_of_a_table_on_its_side_is_named_as_the_sender_sees_it(sent: Sent) -> None:
    rows = across([*ONE_STOP_SHOP, ("Jul 2019", 5, "many", 11), ("Aug 2019", 5, 10, 11)])
    judged = sent(lambda book: sheet(book, rows, at=(4, 2)))
    # The header is column C; April is D, so July is G, and visits are in the third row from row 5 on.
    assert 'Found in cell G7: "many".' in said(judged)
    assert "more victims than visits. Found in cells H7 and H8." in said(judged)


def test_table_on_its_side_has_titles_notes_groups_and_totals_around_it(sent: Sent) -> None:
    def draw(book: Any) -> None:
        rows = across([*ONE_STOP_SHOP, ("Total", 14, 159, 118)])
        page = sheet(book, rows, at=(3, 1))
        page.merge_range("A1:F1", "One Stop Shop", book.add_format())
        page.merge_range("A4:A7", "2019/20", book.add_format())
        page.write("B2", "Prepared on")
        page.write("C2", "05/07/2019")
        page.write("B10", "Source: front desk")

    judged = sent(draw)
    assert months(judged) == VICTIMS
    assert judged.out_of_scope == {"rows of totals": 1}
    assert 'Prepared on "05/07/2019" from cell C2' in judged.read_from
    assert len(judged.findings) == 1


def test_table_on_its_side_with_real_dates_is_read(sent: Sent) -> None:
    def draw(book: Any) -> None:
        page = sheet(book, across([("", *ONE_STOP_SHOP[0][1:]), *ONE_STOP_SHOP[1:]]))
        for place in (1, 2, 3):
            page.write_datetime(0, place, datetime(2019, 3 + place, 1), book.add_format({"num_format": "mmm yy"}))

    assert months(sent(draw)) == VICTIMS


def test_text_file_on_its_side_is_read(sent: Sent) -> None:
    judged = sent([",Apr 2019,May 2019,Jun 2019", "Victims,40,37,lots", "Visits,51,48,60"])
    assert judged.source is not None
    assert judged.source.name == "one_stop_shop"
    assert 'Found in row 2, column 4: "lots".' in said(judged)


def test_list_of_headers_down_a_sheet_is_not_taken_for_a_table(sent: Sent) -> None:
    def draw(book: Any) -> None:
        sheet(book, [("Month", "Sessions", "Attendances", "Persons"), *ONE_STOP_SHOP[1:]])
        sheet(book, [(header, f"What {header} means") for header in ONE_STOP_SHOP[0]], "How to fill this in")

    judged = sent(draw)
    assert not judged.accepted
    assert 'Column "Victims": the column is missing' in said(judged)


# Several sheets, and hidden ones


def test_covers_and_lists_beside_the_table_do_not_disturb(sent: Sent) -> None:
    def draw(book: Any) -> None:
        sheet(book, [("One Stop Shop return",), ("Month", "Apr 2019")], "Cover")
        sheet(book, ONE_STOP_SHOP)
        sheet(book, [("Month", "What month it is"), ("Victims", "Who came")], "How to fill this in")
        sheet(book, [("Month", "Refuge"), ("Apr 2019", "Minerva House"), ("May 2019", "Hannah House")], "Lists")

    judged = sent(draw)
    assert months(judged) == VICTIMS
    assert judged.findings == ()
    assert judged.read_from.endswith('not read: "Cover", "How to fill this in", "Lists".')


def test_copy_of_the_table_on_another_sheet_is_a_question(sent: Sent) -> None:
    judged = sent(lambda book: (sheet(book, ONE_STOP_SHOP), sheet(book, ONE_STOP_SHOP, "Copy")))
    assert 'Several sheets hold a table that we could read: "Copy", "Data".' in said(judged)
    assert not judged.accepted


@pytest.mark.parametrize("very", [False, True])
@pytest.mark.parametrize("rows", [[], [("Yes",), ("No",)]], ids=["empty", "choices"])
def test_hidden_sheet_without_a_table_is_not_read_and_that_is_said(rows: Rows, very: bool, sent: Sent) -> None:
    def draw(book: Any) -> None:
        sheet(book, ONE_STOP_SHOP)
        page = sheet(book, rows, "Choices")
        (page.very_hidden if very else page.hide)()

    judged = sent(draw)
    assert months(judged) == VICTIMS
    assert [one.verdict for one in judged.findings] == [Verdict.WARN]
    assert said(judged).startswith('Sheet "Choices": the sheet is hidden, and was not read.')


@pytest.mark.parametrize(
    "rows",
    [ONE_STOP_SHOP, EXTRACT, [("Month", "Sessions", "Attendances", "Persons"), *ONE_STOP_SHOP[1:]]],
    ids=["a copy", "another source", "a copy with a column renamed"],
)
def test_hidden_sheet_with_a_table_is_a_question(rows: Rows, sent: Sent) -> None:
    judged = sent(lambda book: (sheet(book, ONE_STOP_SHOP), sheet(book, rows, "Old").hide()))
    assert not judged.accepted
    assert 'Sheet "Old": the sheet is hidden, and holds a table. It may not be meant to be sent.' in said(judged)


def test_hidden_lists_of_our_own_template_pass_without_a_word(sent: Sent) -> None:
    def draw(book: Any) -> None:
        book.define_name("vawg_template", '="one_stop_shop 1"')
        sheet(book, ONE_STOP_SHOP)
        sheet(book, [("Choices for Month", "Choices for Refuge"), ("Apr 2019", "Minerva House")], "Lists").very_hidden()

    judged = sent(draw)
    assert months(judged) == VICTIMS
    assert judged.findings == ()
    assert "Lists" not in judged.read_from


# Rows that are no data


@pytest.mark.parametrize(
    "word",
    ["Total", "TOTAL (all)", "Grand total", "Sub-total", "Overall", "Sum", "Year to date", "YTD", "2019/20 Total"],
)
@pytest.mark.parametrize("place", [0, 1])
def test_totals_are_counted_and_left_out_in_whatever_column_they_say_so(word: str, place: int, sent: Sent) -> None:
    total: list[object] = ["North House", "Apr 2019", 99, 99, 99]
    total[place] = word
    header = ("House", "Month", "Victims Female", "Victims Male", "Beds")
    rows = [header, ("North House", "Apr 2019", 7, 1, 9), ("Total Care", "Apr 2019", 2, 0, 3), total]
    judged = sent(lambda book: sheet(book, rows))
    assert judged.accepted, said(judged)
    assert judged.out_of_scope == {"rows of totals": 1}
    assert judged.counts().loaded == 2


def test_house_that_is_called_total_care_is_no_total(sent: Sent) -> None:
    rows = ["House,Month,Victims Female,Victims Male,Beds", "Total Care,Apr 2019,7,1,9", "Total Care,May 2019,6,1,9"]
    assert months(sent(rows), "women") == {"Apr 2019": 7, "May 2019": 6}


def test_row_whose_key_is_mistyped_is_no_total(sent: Sent) -> None:
    rows = ["House,Month,Victims Female,Victims Male,Beds", "Total Care,Apr 2019,7,1,9", "Nroth House,Apr 2019,6,1,9"]
    judged = sent(rows)
    assert judged.out_of_scope == {}
    assert 'Found in row 3: "Nroth House".' in said(judged)


def test_notes_blank_rows_and_the_header_again_are_no_rows_of_the_table(sent: Sent) -> None:
    def draw(book: Any) -> None:
        page = two_rows(book)
        page.write_row(6, 0, ["House", "Month", "Victims", "", "Beds"])
        page.write_row(7, 2, ["Female", "Male"])
        page.write_row(8, 0, ["North House", "May 2019", 8, 2, 9])
        page.write("B11", "Source: the houses")

    judged = sent(draw)
    assert months(judged, "women") == {"Apr 2019": 7, "May 2019": 8}
    assert judged.out_of_scope == {"the header again": 2, "notes around the table": 1}


# What a spreadsheet does to cells


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?"])
def test_error_of_the_spreadsheet_is_called_what_it_is(error: str, sent: Sent) -> None:
    def draw(book: Any) -> None:
        sheet(book, ONE_STOP_SHOP, at=(2, 2)).write_formula("D4", "=A1", None, error)

    assert f'Found in cell D4: "{error}".' in said(sent(draw))
    assert f'"{error}" is what a spreadsheet shows for a broken formula: mend the formula' in said(sent(draw))


def test_error_of_the_spreadsheet_is_no_text(sent: Sent) -> None:
    rows = ["area_code,area_name,mid_year,population,series", f"{BARNET},Barnet,2019,395869,#N/A"]
    judged = sent(rows)
    assert not judged.accepted
    assert 'Column "series": the value cannot be used. Found in row 2: "#N/A".' in said(judged)


def test_number_that_stands_for_a_date_is_explained(sent: Sent) -> None:
    judged = sent(["Month,Victims", "Apr 2019,4", "43586,3"])
    assert '"43586" looks like Excel\'s number for 01/05/2019: format the column as a date.' in said(judged)


def test_other_number_is_not_taken_for_a_date(sent: Sent) -> None:
    assert "Excel" not in said(sent(["Month,Victims", "Apr 2019,4", "5,3"]))
    assert "Excel" not in said(sent(["Month,Victims", "Apr 2019,x", "May 2019,43586"]))


def test_dates_in_three_styles_and_real_ones_stand_in_one_column(sent: Sent) -> None:
    def draw(book: Any) -> None:
        rows = [("Month", "Victims"), ("01/04/2019", 40), ("2019-05-01", 37), ("Jun 2019", 41), ("", 30)]
        sheet(book, rows).write_datetime(4, 0, datetime(2019, 7, 1), book.add_format({"num_format": "mmm-yy"}))

    assert months(sent(draw)) == {**VICTIMS, "Jul 2019": 30}


@pytest.mark.parametrize(("value", "look", "seen"), [(1, "0%", "100%"), (0.5, "0.0%", "50%"), (0.125, "0%", "12.5%")])
def test_cell_that_shows_a_percentage_is_no_count(value: float, look: str, seen: str, sent: Sent) -> None:
    def draw(book: Any) -> None:
        sheet(book, ONE_STOP_SHOP, at=(2, 1)).write_number("E5", value, book.add_format({"num_format": look}))

    judged = sent(draw)
    assert not judged.accepted
    assert f'a percentage or fraction stands where a count is due. Found in cell E5: "{seen}".' in said(judged)


def test_computed_percentage_is_no_count_either(sent: Sent) -> None:
    def draw(book: Any) -> None:
        sheet(book, ONE_STOP_SHOP).write_formula("D2", "=40/40", book.add_format({"num_format": 10}), 1)

    assert 'Found in cell D2: "100%".' in said(sent(draw))


def test_text_in_a_cell_made_for_percentages_is_read_as_it_stands(sent: Sent) -> None:
    def draw(book: Any) -> None:
        percent = book.add_format({"num_format": "0%"})
        page = sheet(book, ONE_STOP_SHOP)
        page.write_string("A2", "Apr 2019", percent)
        page.write_string("D2", "40", percent)
        page.write_blank("D6", None, percent)

    assert months(sent(draw)) == VICTIMS


def test_name_merged_down_goes_for_each_of_its_rows(sent: Sent) -> None:
    def draw(book: Any) -> None:
        rows = [("House", "Month", "Victims Female", "Victims Male", "Beds"), ("", "Apr 2019", 7, 1, 9)]
        page = sheet(book, [*rows, ("", "May 2019", 6, 2, 9), ("", "Jun 2019", 5, 3, 9)], at=(1, 1))
        page.merge_range("B3:B5", "North House", book.add_format())

    assert months(sent(draw), "women") == {"Apr 2019": 7, "May 2019": 6, "Jun 2019": 5}


def test_figure_merged_down_is_asked_about_since_it_may_be_of_all_its_rows(sent: Sent) -> None:
    def draw(book: Any) -> None:
        page = sheet(book, ONE_STOP_SHOP)
        page.merge_range("D2:D3", 40, book.add_format())

    assert 'Column "Victims": the cell is blank. Found in cell D3 (merged with D2).' in said(sent(draw))


def test_rows_that_a_filter_hides_are_read_and_said_to_be(sent: Sent) -> None:
    def draw(book: Any) -> None:
        page = sheet(book, ONE_STOP_SHOP, at=(2, 0))
        for row in (1, 4, 9):  # a blank row above the table, May, and a blank row below it
            page.set_row(row, None, None, {"hidden": True})

    judged = sent(draw)
    assert months(judged) == VICTIMS
    assert said(judged).startswith(
        'Sheet "Data": rows that are hidden, as by a filter, were read like all others. Found in row 5.'
    )


def test_figure_left_blank_is_no_zero_and_said_so_and_a_column_left_out_is_not(sent: Sent) -> None:
    judged = sent(["Month,Sessions,Victims", "Apr 2019,4,40", "May 2019,,37"])
    assert judged.accepted
    assert months(judged, "sessions") == {"Apr 2019": 4}
    assert said(judged) == (
        'Column "Sessions": the cell is left blank: it is read as not reported, never as zero. Found in row 3. '
        "If there was none, type 0; if the figure is not collected, nothing needs doing."
    )


def test_two_tables_side_by_side_are_one_question(sent: Sent) -> None:
    beside = [(*one, "", *one) for one in ONE_STOP_SHOP]
    judged = sent(lambda book: sheet(book, beside, at=(1, 1)))
    assert said(judged) == (
        "Two tables stand side by side: columns B to E, and columns G to J. Which one holds? "
        "Send one table a file: leave the one that holds, or send each as a file of its own."
    )


# People


def test_cell_with_personal_data_in_a_column_that_was_not_asked_for_refuses_the_file(sent: Sent) -> None:
    rows = [(*ONE_STOP_SHOP[0], "Worker"), *((*row, "r.bloggs@example.org") for row in ONE_STOP_SHOP[1:])]
    judged = sent(lambda book: sheet(book, rows, at=(0, 1)))
    assert not judged.accepted
    assert judged.received == 0
    assert 'Column "Worker": a cell of column F looks like an e-mail address, which must not be sent.' in said(judged)
    assert "bloggs" not in repr(judged)


def test_cell_with_personal_data_in_a_column_without_a_header_refuses_the_file(sent: Sent) -> None:
    rows = [ONE_STOP_SHOP[0], *((*row, "07700 900123") for row in ONE_STOP_SHOP[1:])]
    assert "looks like a telephone number" in said(sent(lambda book: sheet(book, rows)))


def test_cell_with_personal_data_in_free_text_refuses_the_file(sent: Sent) -> None:
    rows = ["area_code,area_name,mid_year,population,series", f"{BARNET},N12 8QY,2019,395869,ONS"]
    assert 'Column "area_name": a cell of column 2 looks like a postcode' in said(sent(rows))


def test_hidden_sheet_with_personal_data_refuses_the_file(sent: Sent) -> None:
    def draw(book: Any) -> None:
        sheet(book, ONE_STOP_SHOP)
        sheet(book, [("Robin", "robin@example.org")], "Contacts", at=(1, 2)).hide()

    judged = sent(draw)
    assert not judged.accepted
    assert 'Sheet "Contacts": a cell of column D looks like an e-mail address' in said(judged)
    assert "robin" not in repr(judged)


# Made by LibreOffice from the .fods beside them


WORKBOOKS = Path(__file__).parent / "workbooks"


def test_workbook_of_libreoffice_with_merged_headers_is_read() -> None:
    judged = judge_file(WORKBOOKS / "refuges_with_merged_headers.xlsx")
    assert judged.out_of_scope == {"rows of totals": 1, "notes around the table": 1}
    assert judged.read_from == (
        'Read: sheet "Q1", header in rows 5 and 6; "Turned away" as "Households unable to be supported"; '
        'Quarter "2019/20 Q1" from cell D3; not read: "How to fill this in".'
    )
    refused, cell = map(str, judged.findings)
    assert refused.startswith("1 of 2 rows cannot be used")
    assert cell.startswith('Sheet "Q1", Column "Referrals": the value cannot be used. Found in cell I7: "many".')


def test_workbook_of_libreoffice_on_its_side_is_read() -> None:
    judged = judge_file(WORKBOOKS / "one_stop_shop_on_its_side.xlsx")
    assert judged.out_of_scope == {"rows of totals": 1}
    assert "there are more victims than visits. Found in cells E5 and E6." in said(judged)
    assert "The table lies on its side" in said(judged)
    assert 'Sheet "Choices": the sheet is hidden, and was not read.' in said(judged)


def test_workbook_of_libreoffice_with_broken_formulas_is_told_of_them() -> None:
    judged = judge_file(WORKBOOKS / "extract_with_broken_formulas.xlsx")
    assert 'Found in cell I4: "#DIV/0!", cell I5: "#N/A".' in said(judged)
    assert (judged.received, judged.rejected) == (3, 3)
