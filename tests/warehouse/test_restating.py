"""Restating: what was published stands until somebody accepts what is beyond the limits."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from duckdb import DuckDBPyConnection as Connection

from expectations.catalogue import catalogue
from transforms.facts import facts
from warehouse import loading
from warehouse.deciding import NotSaid
from warehouse.publishing import publish as publish_into
from warehouse.restating import NothingHeld, accept, restatement, waiting

BARNET, HARROW = "E09000003", "E09000015"

Load = Callable[..., str]
Figures = Callable[..., dict[str, dict[str, Any]]]
Publish = Callable[[], None]


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@pytest.fixture
def publish(warehouse: Connection) -> Publish:
    """Return a function that enters a publication, which is all that a restatement is measured by."""
    numbers = count()

    def publish() -> None:
        warehouse.execute("INSERT INTO run VALUES ($1, $2, $2, '', $2, '')", [f"run-{next(numbers)}", now()])

    return publish


@pytest.fixture
def arrive(warehouse: Connection, load: Load) -> Load:
    """Return a function that loads a file as it is loaded in earnest: within the limits."""
    return partial(load, warehouse, within_limits=True)


def held(warehouse: Connection) -> list[tuple[str, str]]:
    """Return the slices that are held back, each with the rule."""
    return warehouse.sql(
        "SELECT DISTINCT slice_key, rule FROM restatement_as_of(TIMESTAMP '9999-12-31') ORDER BY ALL"
    ).fetchall()


@pytest.mark.parametrize(
    ("monthly", "restated", "is_held"),
    [
        (100, 64, False),  # 36 of 1,200 are 3%, and not more
        (100, 63, True),
        (100, 137, True),  # upwards, too
        (9, 5, False),  # 4 of 108 are 3.7%, and fewer than five
        (9, 4, True),
    ],
)
def test_restatement_is_held_back_beyond_three_percent_of_twelve_months(
    monthly: int,
    restated: int,
    is_held: bool,
    warehouse: Connection,
    arrive: Load,
    publish: Publish,
    figures: Figures,
) -> None:
    arrive({"inc": [monthly] * 12}, vintage="2026-01-05")
    publish()
    arrive({"inc": [restated]}, first="2020-07", vintage="2026-02-05")
    assert held(warehouse) == ([(f"{BARNET}/2020-07-01", "restated")] if is_held else [])
    expected = 12 * monthly if is_held else 11 * monthly + restated
    assert figures(warehouse, "DA_INC_R12")["2021-03"]["value"] == expected


@pytest.mark.parametrize(("restated", "is_told"), [(82, False), (81, True)])
def test_restatement_is_told_beyond_one_and_a_half_percent(
    restated: int, is_told: bool, warehouse: Connection, load: Load, publish: Publish
) -> None:
    load(warehouse, {"inc": [100] * 12}, vintage="2026-01-05")
    publish()
    rows = pl.DataFrame(
        {
            "area_code": [BARNET],
            "month": [date(2020, 7, 1)],
            "offence_id": ["DA_INCIDENT"],
            "measure_id": ["incidents"],
            "value": [restated],
            "extracted_on": [date(2026, 2, 5)],
        }
    )
    brought = facts(catalogue()["police_extract"], rows)
    found = restatement(
        warehouse,
        loading.Arrival("tried", "tried.csv", "", 1, now(), 1, False, ""),
        "police_extract",
        loading.NewFacts("fact_offences", brought.rows, brought.slices, brought.coverage),
    )
    assert [(one["was"], one["would_be"]) for one in found.told] == ([(1200, 1100 + restated)] if is_told else [])
    assert found.held == []
    assert warehouse.sql("SELECT count(*) FROM slice WHERE submission_id = 'tried'").fetchall() == [(0,)]


def test_only_the_slices_beyond_the_limit_are_held_back(
    warehouse: Connection, arrive: Load, publish: Publish, figures: Figures
) -> None:
    arrive({"inc": [100] * 24, "off": [50] * 24}, area=[BARNET, HARROW], first="2020-04", vintage="2026-01-05")
    publish()
    # Barnet: five months from October 2020 on fall; February 2022 is in none of their windows. Harrow: one moves a bit.
    arrive({"inc": [80] * 3, "off": [50] * 3}, first="2020-10", vintage="2026-02-05")
    arrive({"inc": [99], "off": [50]}, first="2022-02", vintage="2026-02-05")
    arrive({"inc": [99], "off": [50]}, area=HARROW, first="2020-10", vintage="2026-02-05")
    assert [key for key, _ in held(warehouse)] == [f"{BARNET}/2020-{month}-01" for month in (10, 11, 12)]
    assert figures(warehouse, "DA_INC_R12")["2021-03"]["value"] == 1200
    assert figures(warehouse, "DA_INC_R12")["2022-03"]["value"] == 1199
    assert figures(warehouse, "DA_INC_R12", HARROW)["2021-03"]["value"] == 1199


def test_figures_say_that_a_restatement_of_them_is_held_back_and_those_of_other_windows_do_not(
    warehouse: Connection, arrive: Load, publish: Publish, figures: Figures
) -> None:
    arrive({"inc": [100] * 24, "off": [50] * 24}, first="2020-01", vintage="2026-01-05")
    publish()
    arrive({"inc": [50], "off": [50]}, first="2020-06", vintage="2026-02-05")
    publish()
    expected = ["2020-12", *(f"2021-{month:02}" for month in range(1, 6))]

    def flagged(indicator: str) -> list[str]:
        read = figures(warehouse, indicator)
        return [month for month, row in read.items() if "h" in row["flags"] and row["value"] is not None]

    assert flagged("DA_INC_R12") == expected
    assert flagged("DA_CONV_R12") == expected
    assert flagged("DA_OFF_R12") == []


def test_accepted_restatement_is_published_as_revised_and_the_register_keeps_the_old_figure(
    warehouse: Connection, arrive: Load, figures: Figures, tmp_path: Path
) -> None:
    def publish() -> None:
        publish_into(warehouse, tmp_path / "vawg.duckdb", "test")

    arrive({"inc": [100] * 12}, first="2021-04", vintage="2026-01-05")
    publish()
    submission = arrive({"inc": [50]}, first="2021-07", vintage="2026-02-05")
    publish()
    before = now()
    accept(warehouse, submission, by="A. Analyst", why="Confirmed by the police.")
    publish()
    figure = figures(warehouse, "DA_INC_R12")["2022-03"]
    assert (figure["value"], figure["flags"]) == (1150, ["p", "r"])
    assert figures(warehouse, "DA_INC_R12", at=before)["2022-03"]["value"] == 1200
    register = "SELECT value FROM published_figure WHERE indicator_id = 'DA_INC_R12' ORDER BY run_id"
    assert warehouse.execute(register).fetchall() == [(1200,), (1150,)]
    recorded = warehouse.execute("SELECT submission_id, accepted_by, why FROM acceptance").fetchall()
    assert recorded == [(submission, "A. Analyst", "Confirmed by the police.")]
    assert waiting(warehouse) == []
    assert [one["submission_id"] for one in waiting(warehouse, before)] == [submission]


def test_what_was_accepted_is_not_held_back_when_the_next_file_repeats_it(
    warehouse: Connection, arrive: Load, publish: Publish, figures: Figures
) -> None:
    arrive({"inc": [100] * 12}, first="2021-04", vintage="2026-01-05")
    publish()
    submission = arrive({"inc": [50]}, first="2021-07", vintage="2026-02-05")
    accept(warehouse, submission, by="A. Analyst", why="Confirmed.")
    arrive({"inc": [50]}, first="2021-07", vintage="2026-03-05")
    assert waiting(warehouse) == []
    assert figures(warehouse, "DA_INC_R12")["2022-03"]["value"] == 1150
    with pytest.raises(NothingHeld, match="Nothing at all is held back"):
        accept(warehouse, submission, by="A. Analyst", why="Confirmed.")


@pytest.mark.parametrize("vintage", ["2026-02-05", "2026-03-05"])
def test_what_is_held_back_does_not_slip_through_with_another_file(
    vintage: str, warehouse: Connection, arrive: Load, load: Load, publish: Publish, figures: Figures
) -> None:
    arrive({"inc": [100] * 12}, first="2021-04", vintage="2026-01-05")
    publish()
    submission = arrive({"inc": [50]}, first="2021-07", vintage="2026-02-05")
    # Loaded without being compared, as the same figures in other bytes are.
    load(warehouse, {"inc": [50]}, first="2021-07", vintage=vintage)
    assert figures(warehouse, "DA_INC_R12")["2022-03"]["value"] == 1200
    assert [one["submission_id"] for one in waiting(warehouse)] == [submission]
    accept(warehouse, submission, by="A. Analyst", why="Confirmed.")
    assert figures(warehouse, "DA_INC_R12")["2022-03"]["value"] == 1150


def test_acceptance_needs_a_name_and_a_reason(warehouse: Connection, arrive: Load, publish: Publish) -> None:
    arrive({"inc": [100] * 12}, first="2021-04", vintage="2026-01-05")
    publish()
    submission = arrive({"inc": [50]}, first="2021-07", vintage="2026-02-05")
    for by, why in ((" ", "Confirmed."), ("A. Analyst", "")):
        with pytest.raises(NotSaid, match="--by"):
            accept(warehouse, submission, by=by, why=why)
    with pytest.raises(NothingHeld, match=submission):
        accept(warehouse, "another", by="A. Analyst", why="Confirmed.")
    assert len(waiting(warehouse)) == 1


def test_what_was_never_published_is_not_restated(
    warehouse: Connection, arrive: Load, publish: Publish, figures: Figures
) -> None:
    arrive({"inc": [100] * 12}, first="2021-04", vintage="2026-01-05")
    arrive({"inc": [50] * 12}, first="2021-04", vintage="2026-02-05")
    assert figures(warehouse, "DA_INC_R12")["2022-03"]["value"] == 600
    publish()
    arrive({"inc": [50] * 3}, first="2022-04", vintage="2026-03-05")
    arrive({"inc": [100] * 12}, first="2021-04", vintage="2026-01-05", area=HARROW)
    assert held(warehouse) == []


def test_older_file_restates_nothing(warehouse: Connection, arrive: Load, publish: Publish) -> None:
    arrive({"inc": [100] * 12}, first="2021-04", vintage="2026-02-05")
    publish()
    arrive({"inc": [10] * 12}, first="2021-04", vintage="2026-01-05")
    assert held(warehouse) == []


def test_any_change_of_a_closed_year_is_held_back(
    warehouse: Connection, arrive: Load, publish: Publish, figures: Figures
) -> None:
    arrive({"inc": [100] * 36}, first="2018-04", vintage="2026-01-05")
    publish()
    # 2019/20 was agreed in February 2021, and the years before it with it; 2020/21 is open.
    for month in ("2018-04", "2020-03", "2020-04"):
        arrive({"inc": [99]}, first=month, vintage="2026-02-05")
    assert held(warehouse) == [(f"{BARNET}/2018-04-01", "closed year"), (f"{BARNET}/2020-03-01", "closed year")]
    assert figures(warehouse, "DA_INC_R12")["2020-03"]["value"] == 1200
    assert figures(warehouse, "DA_INC_R12")["2021-03"]["value"] == 1199


def test_count_that_shrinks_to_less_than_half_is_held_back_before_twelve_months_are_held(
    warehouse: Connection, arrive: Load, publish: Publish
) -> None:
    arrive({"inc": [20] * 4}, first="2021-04", vintage="2026-01-05")
    publish()
    arrive({"inc": [10, 9, 20, 20]}, first="2021-04", vintage="2026-02-05")
    assert held(warehouse) == [(f"{BARNET}/2021-05-01", "shrunk")]


def test_series_that_is_lost_is_held_back(
    warehouse: Connection, arrive: Load, publish: Publish, figures: Figures
) -> None:
    arrive({"inc": [100] * 12, "vwi_po": [5] * 12}, first="2021-04", vintage="2026-01-05")
    publish()
    arrive({"inc": [100] * 12}, first="2021-04", vintage="2026-02-05")
    assert {rule for _, rule in held(warehouse)} == {"lost"}
    assert len(held(warehouse)) == 12
    assert figures(warehouse, "DA_VWI_PO_R12")["2022-03"]["value"] == 60


@pytest.mark.parametrize(
    ("areas", "first", "months", "is_held"),
    [
        ([BARNET], "2021-04", 13, True),  # an area is gone
        ([BARNET, HARROW], "2021-04", 9, True),  # the last months are gone
        ([BARNET, HARROW], "2021-06", 11, False),  # the oldest have dropped out, and a new one has come
        ([BARNET], "2021-07", 1, False),  # a correction of a month alone
    ],
    ids=["area", "months", "moved on", "correction"],
)
def test_file_that_lacks_what_the_one_before_had_is_held_back(
    areas: list[str], first: str, months: int, is_held: bool, warehouse: Connection, arrive: Load, publish: Publish
) -> None:
    arrive({"inc": [100] * 12}, area=[BARNET, HARROW], first="2021-04", vintage="2026-01-05")
    publish()
    counts = [100] * months
    counts[0] = 99
    arrive({"inc": counts}, area=areas, first=first, vintage="2026-02-05")
    assert {rule for _, rule in held(warehouse)} == ({"vanished"} if is_held else set())


def test_residents_beyond_the_limit_are_held_back_and_their_rates_say_so(
    warehouse: Connection, load: Load, load_residents: Load, publish: Publish, figures: Figures
) -> None:
    load(warehouse, {"inc": [100] * 12})
    load_residents(warehouse, {(BARNET, 2020): 100_000, (BARNET, 2021): 100_000})
    publish()
    load_residents(warehouse, {(BARNET, 2020): 90_000, (BARNET, 2021): 99_000}, revision=2, within_limits=True)
    assert held(warehouse) == [(f"ONS mid-year estimates/{BARNET}/2020/all/all", "restated")]
    rate = figures(warehouse, "DA_INC_RATE_R12")["2021-03"]
    assert (rate["value"], "h" in rate["flags"]) == (12, True)
