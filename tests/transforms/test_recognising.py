"""Which source a file is, and which column is which field."""

from pathlib import Path

import pytest

from expectations.catalogue import catalogue
from expectations.verdicts import Actor, FileRejected, Verdict
from transforms.grid import Grid
from transforms.recognised import Recognised
from transforms.recognising import recognise, warnings

EXTRACT = ["Month", "Area code", "Area name", "Concept", "Measure", "Count", "Extract date"]
POPULATION = ["area_code", "area_name", "mid_year", "population", "series"]


def grid(*rows: list[str], sheet: str | None = None) -> Grid:
    return Grid(Path("sent.csv"), sheet, "utf-8", ",", [list(row) for row in rows])


def known(*grids: Grid) -> Recognised:
    return recognise(list(grids), catalogue().values())


def refused(*grids: Grid) -> list[str]:
    with pytest.raises(FileRejected) as error:
        known(*grids)
    assert {one.verdict for one in error.value.findings} == {Verdict.REJECT_FILE}
    return [one.check for one in error.value.findings]


def test_a_source_is_told_by_its_headers_in_any_order_and_spelling() -> None:
    found = known(grid(["extract_DATE", " Count", "measure ", "CONCEPT", "Borough", "GSS", "Month_Year"]))
    assert found.source.name == "police_extract"
    assert found.columns["month"] == 6
    assert found.columns["extracted_on"] == 0
    assert found.headers["extracted_on"] == "extract_DATE"
    assert found.unknown == ()


def test_the_header_row_is_found_below_titles_which_are_kept_as_notes() -> None:
    found = known(grid(["Extract", "June 2020"], [], EXTRACT, ["2020-03-01"]))
    assert found.header_row == 2
    assert found.notes == ("Extract June 2020",)


def test_the_right_sheet_is_found_among_others() -> None:
    found = known(grid(["How to"], sheet="Notes"), grid(EXTRACT, sheet="Data"), grid([], sheet="Empty"))
    assert found.grid.sheet == "Data"


def test_each_sources_headers_are_told_apart() -> None:
    assert known(grid(POPULATION)).source.name == "population"
    assert known(grid(EXTRACT)).source.name == "police_extract"
    for source in catalogue().values():
        assert known(grid([field.header for field in source.fields.values()])).source is source


def test_a_missing_column_is_named_with_the_source_that_it_is_missing_from() -> None:
    assert refused(grid(EXTRACT[:5], ["2020-03-01"])) == ["value.column", "extracted_on.column"]


def test_headers_of_nothing_we_know_are_refused() -> None:
    assert refused(grid(["Station", "Passengers"])) == ["file.recognised"]
    assert refused(grid([], [""])) == ["file.recognised"]
    assert refused() == ["file.recognised"]


@pytest.mark.parametrize("again", ["Count", "count ", "GSS"])
def test_two_columns_for_one_field_are_refused(again: str) -> None:
    (check,) = refused(grid([*EXTRACT, again]))
    assert check.endswith(".column_twice")


@pytest.mark.parametrize(
    "header",
    [
        "Victim name",
        "victim_name",
        "VICTIM  NAMES",
        "Name",
        "Surname",
        "First name",
        "Client's name",
        "Full Name",
        "DOB",
        "Date of Birth",
        "Post code",
        "Postcode",
        "Home address",
        "NHS number",
        "E-mail",
        "Phone number",
    ],
)
def test_a_column_that_looks_personal_is_refused(header: str) -> None:
    assert refused(grid([*EXTRACT, header])) == ["file.personal_data"]


@pytest.mark.parametrize(
    "header", ["Area name", "Ward name", "Name of service", "Partner agency", "Telephone calls", "Victims", "Renamed"]
)
def test_other_columns_are_not_taken_for_personal_ones(header: str) -> None:
    assert known(grid([*[one for one in EXTRACT if one != "Area name"], header]))


def test_an_unknown_column_is_a_warning_to_us() -> None:
    (said,) = warnings(known(grid([*EXTRACT, "Ward", ""])))
    assert (said.check, said.header, said.verdict, said.actor) == (
        "file.unknown_column",
        "Ward",
        Verdict.WARN,
        Actor.US,
    )
