"""Windows of returns and of records: quarters, snapshots, parts of a whole, withheld figures, persons counted once."""

from collections.abc import Callable
from datetime import date, datetime
from itertools import count
from typing import Any, ClassVar

import duckdb
import polars as pl
import pytest

from expectations.agencies import AGENCIES
from expectations.fields import Code, Count, Day, Kind, month_of
from expectations.people import AgeBand, Flag, Reference
from expectations.periods import Quarter
from expectations.source import Part, Source
from transforms.facts import facts
from warehouse import loading

BARNET = "E09000003"
QUARTERS = [date(2019, 4, 1), date(2019, 7, 1), date(2019, 10, 1), date(2020, 1, 1)]


class ToyRefuges(Source):
    """Two refuges, each with its own return."""

    title = "Toy refuges"
    supplier = AGENCIES["SOLACE"]
    service = "REFUGE"
    arrives = "quarterly"
    loads = "fact_return_counts"
    key = ("refuge", "quarter")
    slices = ("refuge", "quarter")
    part = "refuge"
    parts: ClassVar = {"NORTH": Part(date(2016, 4, 1)), "SOUTH": Part(date(2016, 4, 1))}

    refuge = Code("Refuge", codes={"NORTH": ["North"], "SOUTH": ["South"]}, divides="site", loaded=False)
    quarter = Quarter("Quarter", loaded=False)
    women = Count("Women", kind=Kind.FLOW, required=False)
    bed_spaces = Count("Bed spaces", kind=Kind.SNAPSHOT, required=False)


class ToyEpisodes(Source):
    """Referrals to a toy service."""

    title = "Toy episodes"
    supplier = AGENCIES["SOLACE"]
    service = "IDVA"
    arrives = "monthly"
    loads = "fact_referrals"
    key = ("referral_id",)
    slices = ("month",)

    referral_id = Reference("Referral")
    person_pseudonym = Reference("Client")
    referred_on = Day("Referred")
    month = month_of("referred_on")
    is_new_service_user = Flag("New")
    victim_age_band = AgeBand("Age")


INDICATORS = {
    "WOMEN": {"subject": "REFUGE", "measure": "women", "breakdowns": ["all", "site"]},
    "BEDS": {"subject": "REFUGE", "measure": "bed_spaces", "breakdowns": ["all", "site"]},
    "REFERRALS": {"subject": "IDVA", "measure": "referrals", "breakdowns": ["all"]},
    "NEW": {"subject": "IDVA", "measure": "new_service_users", "breakdowns": ["all"]},
    "AGES": {"subject": "IDVA", "measure": "referrals", "breakdowns": ["victim_age_band"], "denominator": "known"},
}
WITHHELD = "A figure of these 12 months was withheld or not given by its supplier."
Load = Callable[..., None]
Read = Callable[..., dict[str, tuple[Any, ...]]]


@pytest.fixture
def store(warehouse: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Return a warehouse that knows the toy sources, and no indicator but those on them."""
    warehouse.execute("DELETE FROM dim_indicator")
    for name, one in INDICATORS.items():
        warehouse.execute(
            "INSERT INTO dim_indicator BY NAME SELECT $id AS indicator_id, $id AS name, $subject AS numerator_subject,"
            " $measure AS numerator_measure, $breakdowns AS breakdowns, $denominator AS denominator_breakdown,"
            " false AS denominator_days, 1 AS denominator_constant, 0 AS least_base, 'all' AS population_sex,"
            " 'all' AS population_ages, 'level' AS presents,"
            " CASE $denominator WHEN 'known' THEN 100 ELSE 1 END AS scale,"
            " 'count' AS unit, 'context' AS polarity, 0 AS places, '' AS definition, '' AS definition_source",
            {"id": name, "denominator": "all", **one},
        )
    for source in (ToyRefuges, ToyEpisodes):
        warehouse.execute(
            "INSERT INTO source VALUES (?, ?, 'SOLACE', ?, '', 1)", [source.name, source.title, source.loads]
        )
        for part, since in source.parts.items():
            warehouse.execute("INSERT INTO part VALUES (?, ?, ?, NULL, NULL)", [source.name, part, since.valid_from])
    return warehouse


@pytest.fixture
def load(store: duckdb.DuckDBPyConnection) -> Load:
    """Return a function that loads typed rows as an accepted file."""
    numbers = count()

    def load(source: type[Source], rows: list[dict[str, Any]], revision: int = 1) -> None:
        frame = pl.DataFrame(rows, infer_schema_length=None).with_columns(
            pl.lit("value").alias(field.state) for field in source.fields.values()
        )
        for name, field in source.measures.items():
            state = pl.when(pl.col(name) == -1).then(pl.lit("suppressed")).when(pl.col(name).is_null())
            frame = frame.with_columns(state.then(pl.lit("blank")).otherwise(pl.lit("value")).alias(field.state))
            frame = frame.with_columns(pl.when(pl.col(name) >= 0).then(pl.col(name)).alias(name))
        for name, derived in source.derived.items():
            frame = frame.with_columns(derived.value(None).alias(name))  # type: ignore[arg-type]
        brought = facts(source, frame, BARNET)
        name = f"file-{next(numbers)}"
        loading.append(
            store,
            loading.Arrival(name, name, name, 1, datetime.now(), revision, False, ""),
            {
                **dict.fromkeys(("rejected", "duplicate", "out_of_scope", "unchanged"), 0),
                "received": len(rows),
                "loaded": len(rows),
                "source": source.name,
                "status": "accepted",
                "message": "",
            },
            [],
            loading.NewFacts(source.loads, brought.rows, brought.slices, brought.coverage),
        )

    return load


@pytest.fixture
def read(store: duckdb.DuckDBPyConnection) -> Read:
    """Return a function that reads an indicator: month -> (value, months covered, reason)."""

    def read(indicator: str, value: str = "all") -> dict[str, tuple[Any, ...]]:
        rows = store.execute(
            "SELECT strftime(period_end, '%Y-%m'), value, months_covered, reason"
            " FROM rolling_12m_as_of(TIMESTAMP '9999-12-31')"
            " WHERE indicator_id = ? AND breakdown_value = ? ORDER BY period_end",
            [indicator, value],
        )
        return {month: tuple(found) for month, *found in rows.fetchall()}

    return read


def refuge(name: str, women: list[int | None], beds: int = 6) -> list[dict[str, Any]]:
    """Return a year of quarterly returns of a refuge; -1 is a withheld figure, None one that was not given."""
    return [
        {"refuge": name, "quarter": quarter, "women": number, "bed_spaces": beds}
        for quarter, number in zip(QUARTERS, women, strict=True)
    ]


def test_quarters_add_up_at_the_end_of_a_quarter_and_nowhere_else(load: Load, read: Read) -> None:
    load(ToyRefuges, refuge("NORTH", [4, 5, 3, 4]) + refuge("SOUTH", [9, 10, 10, 10], beds=18))
    women = read("WOMEN")
    assert women["2020-03"] == (55, 12, None)
    assert read("WOMEN", "NORTH")["2020-03"][0] == 16
    assert women["2019-12"][:2] == (None, 9)
    assert women["2019-12"][2] == "Only 9 of the 12 months are covered."


def test_a_window_that_cuts_a_quarter_is_empty_and_says_so(load: Load, read: Read) -> None:
    load(ToyRefuges, refuge("NORTH", [4, 5, 3, 4]) + refuge("SOUTH", [1, 1, 1, 1]))
    more = [{"refuge": name, "quarter": date(2020, 4, 1), "women": 2, "bed_spaces": 6} for name in ("NORTH", "SOUTH")]
    load(ToyRefuges, more)
    women = read("WOMEN")
    assert women["2020-04"] == (
        None,
        12,
        "The returns come by longer periods than a month, and none ends with this one.",
    )
    assert women["2020-06"] == (20 - 5 + 4, 12, None)


def test_bed_spaces_take_the_last_value_and_are_never_added_over_quarters(load: Load, read: Read) -> None:
    load(ToyRefuges, refuge("NORTH", [1, 1, 1, 1], beds=6) + refuge("SOUTH", [1, 1, 1, 1], beds=18))
    beds = read("BEDS")
    assert beds["2020-03"][0] == 24
    assert beds["2019-06"][0] == 24
    assert read("BEDS", "SOUTH")["2020-03"][0] == 18
    assert beds["2020-02"] == (None, 11, "No return says how it stood at the end of this month.")


def test_the_whole_is_unknown_while_one_refuge_has_not_reported(load: Load, read: Read) -> None:
    load(ToyRefuges, refuge("NORTH", [4, 5, 3, 4]) + refuge("SOUTH", [9, 10, 10, 10])[:3])
    assert read("WOMEN")["2020-03"] == (None, 9, "Only 9 of the 12 months are covered.")
    assert read("WOMEN", "NORTH")["2020-03"] == (16, 12, None)
    load(ToyRefuges, refuge("SOUTH", [9, 10, 10, 10])[3:])
    assert read("WOMEN")["2020-03"] == (55, 12, None)


def test_a_withheld_figure_is_neither_zero_nor_missing(load: Load, read: Read) -> None:
    load(ToyRefuges, refuge("NORTH", [4, -1, 3, 4]) + refuge("SOUTH", [0, 0, 0, 0]))
    assert read("WOMEN")["2020-03"] == (
        None,
        12,
        WITHHELD,
    )
    assert read("WOMEN", "SOUTH")["2020-03"] == (0, 12, None)


def test_a_figure_that_was_not_given_is_not_covered(load: Load, read: Read) -> None:
    load(ToyRefuges, refuge("NORTH", [4, None, 3, 4]) + refuge("SOUTH", [0, 0, 0, 0]))
    assert read("WOMEN")["2020-03"] == (None, 9, "Only 9 of the 12 months are covered.")
    assert read("BEDS")["2020-03"][0] == 12


def test_a_newer_return_replaces_its_refuge_and_quarter_alone(load: Load, read: Read) -> None:
    load(ToyRefuges, refuge("NORTH", [4, 5, 3, 4]) + refuge("SOUTH", [9, 10, 10, 10]))
    load(ToyRefuges, refuge("NORTH", [4, 5, 3, 7])[3:], revision=2)
    assert read("WOMEN")["2020-03"][0] == 58


def episode(number: int, client: str, day: str, age: str = "31-40", *, new: bool = True) -> dict[str, Any]:
    """Return a referral."""
    return {
        "referral_id": f"r{number}",
        "person_pseudonym": client,
        "referred_on": date.fromisoformat(day),
        "is_new_service_user": new,
        "victim_age_band": age,
    }


@pytest.fixture
def year() -> list[dict[str, Any]]:
    """Return a referral in each month of 2019/20 by another person."""
    months = [f"2019-{month:02}-10" for month in range(4, 13)] + [f"2020-{month:02}-10" for month in range(1, 4)]
    return [episode(number, f"c{number}", day) for number, day in enumerate(months)]


def test_a_person_who_comes_twice_is_two_referrals_and_one_new_service_user(
    load: Load, read: Read, year: list[dict[str, Any]]
) -> None:
    load(ToyEpisodes, [*year, episode(20, "c0", "2020-02-01")])
    assert read("REFERRALS")["2020-03"] == (13, 12, None)
    assert read("NEW")["2020-03"] == (12, 12, None)


def test_shares_are_of_those_whose_answer_is_known_and_the_others_are_a_share_of_all(
    load: Load, read: Read, year: list[dict[str, Any]]
) -> None:
    load(ToyEpisodes, [*year, *(episode(20 + n, f"x{n}", "2020-02-01", "NOT_KNOWN") for n in range(3))])
    load(ToyEpisodes, [*year[:10], episode(30, "y", "2020-02-02", "61+"), *year[10:]][10:12], revision=2)
    assert read("AGES", "31-40")["2020-03"][0] == pytest.approx(100 * 12 / 13)
    assert read("AGES", "61+")["2020-03"][0] == pytest.approx(100 / 13)
