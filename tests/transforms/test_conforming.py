"""Text to typed rows; what is none of our business is counted."""

from pathlib import Path

import polars as pl

from expectations.catalogue import catalogue
from expectations.source import Source
from transforms.conforming import Conformed, conform, warnings
from transforms.grid import Grid
from transforms.recognised import Recognised

DASHBOARD = catalogue()["police_dashboard"]
GOOD = {
    "month": "01/04/2023",
    "area_type": "Borough",
    "area_name": "Barnet",
    "area_code": "E09000003",
    "crime_type": "Domestic Abuse",
    "offence_id": "Domestic Abuse",
    "measure_id": "Offences",
    "value": "244",
    "refreshed_on": "02/08/2025",
}


def conformed(*changes: dict[str, str | None], source: type[Source] = DASHBOARD) -> Conformed:
    """Conform rows that are the good one but for some cells; the first one is row 11."""
    rows = [{**GOOD, **change} for change in changes]
    columns = {name: place for place, name in enumerate(GOOD)}
    table = pl.DataFrame(
        {"row": range(11, 11 + len(rows)), **{str(columns[name]): [row[name] for row in rows] for name in GOOD}}
    )
    grid = Grid(Path("sent.csv"), None, "utf-8", ",", [list(GOOD)])
    # In batches, as a long file comes.
    return conform(Recognised(source, grid, 0, columns, {}, ()), table.iter_slices(3))


def test_each_cell_is_a_value_blank_or_unreadable() -> None:
    rows = conformed({}, {"value": None}, {"value": "<5"}).rows
    assert rows["value"].to_list() == [244, None, None]
    assert rows["value__state"].to_list() == ["value", "blank", "unreadable"]
    assert rows["row"].to_list() == [11, 12, 13]


def test_rows_out_of_scope_are_counted_by_reason_and_every_row_once() -> None:
    found = conformed(
        {},
        {"area_type": "Safer Neighbourhood Teams", "crime_type": "Hate crime"},
        {"area_type": "ward"},
        {"crime_type": "Hate crime"},
        {"crime_type": "Miscalleneous", "area_code": None, "area_name": "SO18"},
        {"area_code": None, "area_name": "SO18"},
        {"area_code": "N/K", "area_name": None},
        {"area_code": "-1", "area_name": "Unknown"},
        {"area_code": None, "area_name": None},
    )
    assert list(found.out_of_scope.values()) == [2, 2, 4]
    assert found.rows["row"].to_list() == [11]
    assert found.received == 9


def test_what_might_be_ours_stays_in_scope_to_be_looked_at() -> None:
    found = conformed(
        {"area_code": None, "area_name": "BARNET"},  # the code was lost
        {"area_code": "E09000099", "area_name": "New borough"},
        {"offence_id": "Domestic Abuse stalking"},
        {"area_type": "Basic Command Unit"},
        {"area_type": None},
        {"crime_type": None},
    )
    assert len(found.rows) == 6


def test_rows_that_repeat_another_to_the_letter_are_read_once_and_named() -> None:
    found = conformed({}, {"value": "50"}, {}, {"value": "51"}, {})
    assert found.rows["row"].to_list() == [11, 12, 14]
    assert found.duplicate == (13, 15)
    (said,) = warnings(found)
    assert str(said).startswith(
        "These rows repeat another row to the letter and are not counted again. Found in row 13, row 15."
    )
    assert warnings(conformed({})) == []


def test_incidents_listed_as_offences_are_counted_as_incidents() -> None:
    rows = conformed({"offence_id": "Domestic Abuse Incidents"}, {}, {"measure_id": None}).rows
    assert rows["measure_id"].to_list() == ["incidents", "offences", None]


BLANK = dict.fromkeys(GOOD)


def test_blank_rows_are_no_rows() -> None:
    found = conformed(BLANK, {}, dict.fromkeys(GOOD, " "), dict.fromkeys(GOOD, ""), {"value": "7"}, BLANK)
    assert found.rows["row"].to_list() == [12, 15]
    assert found.received == 2
    assert found.out_of_scope == {}


def test_totals_and_notes_around_the_table_are_counted_and_left_out() -> None:
    found = conformed(
        {},
        BLANK | {"month": "Total", "value": "488"},
        BLANK | {"area_type": " Grand total", "value": "488"},
        BLANK | {"month": "Source: Metropolitan Police", "area_type": " "},
        BLANK | {"area_code": "* figures may change"},
        BLANK | {"month": "2020-03-01"},
    )
    assert found.out_of_scope["rows of totals"] == 2
    assert found.out_of_scope["notes around the table"] == 2
    assert found.received == 6


def test_a_column_that_is_not_there_is_absent_and_not_left_blank() -> None:
    assert conformed({}).rows["financial_year__state"].to_list() == ["absent"]
