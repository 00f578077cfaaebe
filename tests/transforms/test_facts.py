"""Typed rows to facts in slices, each named by its content."""

from datetime import date

import polars as pl

from expectations.areas import METROPOLITAN_BOROUGHS
from expectations.catalogue import catalogue
from transforms.facts import absent, carried, facts

EXTRACT, DASHBOARD, POPULATION = (catalogue()[name] for name in ("police_extract", "police_dashboard", "population"))
BARNET, BRENT = "E09000003", "E09000005"
APRIL, MAY, JUNE = date(2024, 4, 1), date(2024, 5, 1), date(2024, 6, 1)
SEEN = date(2024, 7, 5)

COLUMNS = {"area_code": pl.String, "month": pl.Date, "offence_id": pl.String, "measure_id": pl.String}
ROWS = [
    (BARNET, APRIL, "DA_INCIDENT", "incidents", 400),
    (BARNET, APRIL, "DA_OFFENCE", "offences", 250),
    (BARNET, MAY, "DA_INCIDENT", "incidents", 410),
    (BRENT, APRIL, "DA_INCIDENT", "incidents", 500),
]


def frame(rows: list[tuple[str, date, str, str, int]], seen: date = SEEN) -> pl.DataFrame:
    typed = pl.DataFrame(rows, schema={**COLUMNS, "value": pl.Int64}, orient="row")
    return typed.with_columns(pl.lit(seen).alias("extracted_on"), pl.lit(seen).alias("refreshed_on"))


def ids(rows: pl.DataFrame) -> dict[str, str]:
    return dict(facts(EXTRACT, rows).slices.select("slice_key", "content_id").rows())


def test_facts_are_the_loaded_columns_under_the_names_of_the_fact() -> None:
    rows = facts(EXTRACT, frame(ROWS)).rows
    assert rows.columns == ["content_id", "month", "area_code", "offence_id", "measure_id", "value"]
    assert rows["value"].to_list() == [400, 250, 410, 500]


def test_a_file_is_split_into_slices_by_area_and_month() -> None:
    slices = facts(EXTRACT, frame(ROWS)).slices.sort("slice_key")
    assert slices["slice_key"].to_list() == [
        "E09000003/2024-04-01",
        "E09000003/2024-05-01",
        "E09000005/2024-04-01",
    ]
    assert slices["rows"].to_list() == [2, 1, 1]
    assert slices["vintage"].to_list() == [SEEN] * 3


def test_the_same_content_has_the_same_name_in_any_row_order_and_in_a_later_file() -> None:
    name = ids(frame(ROWS))
    assert ids(frame(ROWS[::-1])) == name
    assert ids(frame(ROWS, seen=date(2025, 1, 1))) == name
    assert len(set(name.values())) == 3


def test_a_restated_month_changes_the_name_of_that_slice_alone() -> None:
    before = ids(frame(ROWS))
    after = ids(frame([*ROWS[:2], (BARNET, MAY, "DA_INCIDENT", "incidents", 411), ROWS[3]]))
    assert {key for key in before if before[key] != after[key]} == {"E09000003/2024-05-01"}


def test_a_row_that_goes_away_changes_the_name_of_its_slice() -> None:
    before, after = ids(frame(ROWS)), ids(frame([ROWS[0], *ROWS[2:]]))
    assert {key for key in before if before[key] != after[key]} == {"E09000003/2024-04-01"}


def test_two_sources_never_share_a_content() -> None:
    ours = frame(ROWS)
    assert not set(facts(EXTRACT, ours).slices["content_id"]) & set(facts(DASHBOARD, ours).slices["content_id"])


def test_a_file_carries_what_it_always_carries_and_what_stands_anywhere_in_it() -> None:
    covers = DASHBOARD.covers
    assert covers is not None
    offences = [(BARNET, APRIL, "DA_OFFENCE", "offences", 250)]
    always = [("DA_OFFENCE", "offences"), ("DA_VWI", "offences")]
    assert carried(covers, frame(offences)) == always
    outcomes = [*offences, (BRENT, MAY, "DA_VWI", "positive_outcomes", 3)]
    assert carried(covers, frame(outcomes)) == [*always, ("DA_VWI", "positive_outcomes")]


def test_every_slice_is_covered_for_every_series_that_the_file_carries() -> None:
    brought = facts(EXTRACT, frame(ROWS))
    covered = brought.coverage.group_by("content_id").len()
    assert covered["len"].to_list() == [4] * 3
    assert set(covered["content_id"]) == set(brought.slices["content_id"])


def test_absent_areas_and_months_are_named_and_counted() -> None:
    every = [
        (area, month, "DA_OFFENCE", "offences", 9) for area in METROPOLITAN_BOROUGHS for month in (APRIL, MAY, JUNE)
    ]
    assert absent(DASHBOARD, frame(every)) == []

    gone = [row for row in every if (row[0], row[1]) not in {(BARNET, MAY), (BRENT, JUNE)}]
    (said,) = absent(DASHBOARD, frame(gone))
    assert said.sentence == "The file has no figures for Barnet May 2024, Brent Jun 2024. They are not read as zero."

    (said,) = absent(DASHBOARD, frame([row for row in every if row[1] != MAY]))
    assert "Barking and Dagenham May 2024, Barnet May 2024," in said.sentence
    assert "and 27 more" in said.sentence


def test_an_extract_of_some_areas_should_hold_their_months_only() -> None:
    (said,) = absent(EXTRACT, frame(ROWS))
    assert "for Brent May 2024. They" in said.sentence


def test_a_month_without_the_row_that_shows_it_is_absent() -> None:
    (said,) = absent(EXTRACT, frame([*ROWS, (BRENT, MAY, "DA_OFFENCE", "offences", 3)]))
    assert "for Brent May 2024. They" in said.sentence


def test_where_every_row_stands_for_itself_nothing_is_covered_or_absent() -> None:
    rows = pl.DataFrame(
        {
            "area_code": [BARNET, BARNET],
            "mid_year": [2019, 2020],
            "residents": [395_869, 399_007],
            "series": ["ONS original", "ONS original"],
            "released_on": [None, SEEN],
            "sex": ["all", "all"],
            "ages": ["all", "all"],
        }
    )
    brought = facts(POPULATION, rows)
    assert brought.coverage.is_empty()
    assert brought.slices["slice_key"].to_list() == [
        "ONS original/E09000003/2019/all/all",
        "ONS original/E09000003/2020/all/all",
    ]
    assert brought.slices["vintage"].to_list() == [None, SEEN]
    assert brought.slices["month"].to_list() == [None, None]
    assert absent(POPULATION, rows) == []
