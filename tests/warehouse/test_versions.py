"""Versions: which file's figures are current, and what was known when."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from duckdb import DuckDBPyConnection as Connection

from expectations.catalogue import catalogue
from tests.empty import empty_warehouse
from transforms.facts import facts
from warehouse import loading, open_published, publishing
from warehouse.publishing import publish

BARNET = "E09000003"

Load = Callable[..., str]
Figures = Callable[..., dict[str, dict[str, Any]]]


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def current(connection: Connection, instant: datetime | None = None) -> pl.DataFrame:
    """Return the months as they are read, without saying from which submission."""
    return connection.sql(
        "SELECT * EXCLUDE (submissions) FROM monthly_measure_as_of($at::TIMESTAMP) ORDER BY ALL",
        params={"at": instant or datetime(9999, 1, 1)},
    ).pl()


def facts_held(connection: Connection) -> set[tuple[Any, ...]]:
    return set(connection.execute("FROM fact_offences").fetchall())


def test_restated_month_replaces_exactly_itself(warehouse: Connection, load: Load, figures: Figures) -> None:
    load(warehouse, {"inc": [100] * 12}, vintage="2026-01-05")
    load(warehouse, {"inc": [90]}, first="2020-07", vintage="2026-02-05")
    assert figures(warehouse, "DA_INC_R12")["2021-03"]["value"] == 1190


def test_facts_are_append_only(warehouse: Connection, load: Load, tmp_path: Path) -> None:
    load(warehouse, {"inc": [100] * 12, "off": [50] * 12}, vintage="2026-01-05")
    before = facts_held(warehouse)
    load(warehouse, {"inc": [90] * 12, "off": [50] * 12}, vintage="2026-02-05")
    publish(warehouse, tmp_path / "vawg.duckdb", "test")
    assert before < facts_held(warehouse)
    assert len(facts_held(warehouse)) == 48


def test_same_content_is_stored_once_whichever_file_brings_it(warehouse: Connection, load: Load) -> None:
    load(warehouse, {"inc": [100] * 12}, vintage="2026-01-05")
    before, read = facts_held(warehouse), current(warehouse)
    load(warehouse, {"inc": [100] * 12}, vintage="2026-02-05")
    assert facts_held(warehouse) == before
    assert current(warehouse).equals(read)
    assert warehouse.execute("SELECT count(*) FROM coverage").fetchone() == (4 * 12,)


def test_correction_that_is_taken_back_is_current_without_new_facts(warehouse: Connection, load: Load) -> None:
    load(warehouse, {"inc": [100]}, vintage="2026-01-05")
    load(warehouse, {"inc": [90]}, vintage="2026-02-05")
    load(warehouse, {"inc": [100]}, vintage="2026-03-05")
    assert len(facts_held(warehouse)) == 2
    assert current(warehouse).filter(pl.col("measure_id") == "incidents")["value"].to_list() == [100]


@pytest.mark.parametrize("order", list(permutations([0, 1, 2])))
def test_newest_vintage_is_current_in_whatever_order_files_arrive(order: tuple[int, ...], load: Load) -> None:
    files = [(80, "2026-01-05"), (90, "2026-02-05"), (85, "2026-03-05")]
    with empty_warehouse() as connection:
        for place in order:
            value, vintage = files[place]
            load(connection, {"inc": [value] * 12}, vintage=vintage)
        assert current(connection).filter(pl.col("measure_id") == "incidents")["value"].unique().to_list() == [85]
        assert len(facts_held(connection)) == 36


@pytest.mark.parametrize("order", list(permutations([1, 2, 10])))
def test_highest_revision_of_one_vintage_is_current(order: tuple[int, ...], warehouse: Connection, load: Load) -> None:
    for revision in order:
        load(warehouse, {"inc": [revision]}, revision=revision)
    assert current(warehouse).filter(pl.col("measure_id") == "incidents")["value"].to_list() == [10]


def test_later_vintage_beats_a_higher_revision(warehouse: Connection, load: Load) -> None:
    load(warehouse, {"inc": [1]}, vintage="2026-02-05")
    load(warehouse, {"inc": [2]}, vintage="2026-01-05", revision=9)
    assert current(warehouse).filter(pl.col("measure_id") == "incidents")["value"].to_list() == [1]


def test_rivals_give_the_same_figure_in_both_orders(load: Load) -> None:
    read = []
    for order in ((1, 2), (2, 1)):
        with empty_warehouse() as connection:
            for value in order:
                load(connection, {"inc": [value]})
            read.append(current(connection))
    assert read[0].equals(read[1])


@pytest.mark.parametrize(
    ("vintage", "revision", "value", "expected"),
    [
        (
            "2026-02-05",
            1,
            100,
            loading.Slices(changed=0, unchanged=1, rows_loaded=0, rows_unchanged=1, older=0, rivals=0),
        ),
        (
            "2026-03-05",
            1,
            90,
            loading.Slices(changed=1, unchanged=0, rows_loaded=1, rows_unchanged=0, older=0, rivals=0),
        ),
        (
            "2026-02-05",
            2,
            90,
            loading.Slices(changed=1, unchanged=0, rows_loaded=1, rows_unchanged=0, older=0, rivals=0),
        ),
        (
            "2026-01-05",
            1,
            90,
            loading.Slices(changed=1, unchanged=0, rows_loaded=1, rows_unchanged=0, older=1, rivals=0),
        ),
        (
            "2026-02-05",
            1,
            90,
            loading.Slices(changed=1, unchanged=0, rows_loaded=1, rows_unchanged=0, older=0, rivals=1),
        ),
    ],
    ids=["same content", "newer", "higher revision", "older", "rival"],
)
def test_how_a_file_stands_to_what_is_held(
    vintage: str, revision: int, value: int, expected: loading.Slices, warehouse: Connection, load: Load
) -> None:
    load(warehouse, {"inc": [100]}, vintage="2026-02-05")
    row = {"area_code": BARNET, "offence_id": "DA_INCIDENT", "measure_id": "incidents", "value": value}
    rows = pl.DataFrame([row | {"month": "2020-04-01", "extracted_on": vintage}])
    arriving = facts(
        catalogue()["police_extract"],
        rows.with_columns(pl.col("month", "extracted_on").str.to_date()),
    )
    assert loading.compare(warehouse, "police_extract", revision, arriving.slices) == expected


def test_as_of_an_earlier_instant_reads_the_earlier_state(warehouse: Connection, load: Load, figures: Figures) -> None:
    before = now()
    load(warehouse, {"inc": [100] * 12}, vintage="2026-01-05")
    between, known = now(), current(warehouse)
    load(warehouse, {"inc": [90] * 13}, vintage="2026-02-05")
    assert current(warehouse, before).is_empty()
    assert current(warehouse, between).equals(known)
    assert figures(warehouse, "DA_INC_R12", at=before) == {}
    assert figures(warehouse, "DA_INC_R12", at=between)["2021-03"]["value"] == 1200
    assert list(figures(warehouse, "DA_INC_R12", at=between))[-1] == "2021-03"
    assert figures(warehouse, "DA_INC_R12")["2021-04"]["value"] == 1080


def test_file_that_waits_behind_a_run_is_not_known_to_that_run(
    warehouse: Connection, load: Load, figures: Figures, tmp_path: Path
) -> None:
    load(warehouse, {"inc": [100] * 12}, vintage="2026-01-05")
    received = now()
    publication = publish(warehouse, tmp_path / "vawg.duckdb", "test")
    with open_published(publication.database) as published:
        printed = published.sql("SELECT * EXCLUDE (run_id) FROM rolling_12m ORDER BY ALL")
    # Received before the run, and held only after it.
    load(warehouse, {"inc": [90] * 12}, vintage="2026-02-05", received_at=received)
    assert figures(warehouse, "DA_INC_R12")["2021-03"]["value"] == 1080
    again = warehouse.sql("FROM rolling_12m_as_of($at::TIMESTAMP) ORDER BY ALL", params={"at": publication.as_of}).pl()
    assert again.equals(printed.select(again.columns))


def test_residents_are_read_as_of_an_instant_too(
    warehouse: Connection, load: Load, load_residents: Load, figures: Figures
) -> None:
    load(warehouse, {"inc": [100] * 12})
    between = now()
    load_residents(warehouse, {(BARNET, 2020): 100_000})
    assert figures(warehouse, "DA_INC_RATE_R12", at=between)["2021-03"]["value"] is None
    assert figures(warehouse, "DA_INC_RATE_R12")["2021-03"]["value"] == 12


@pytest.fixture
def print_figures(warehouse: Connection, tmp_path: Path) -> Callable[[], dict[str, list[str]]]:
    """Return a function that publishes and returns the flags of Barnet's incidents by month."""

    def print_figures() -> dict[str, list[str]]:
        publish(warehouse, tmp_path / "vawg.duckdb", "test")
        with duckdb.connect(tmp_path / "vawg.duckdb", read_only=True) as published:
            rows = published.execute("SELECT period_end, flags FROM rolling_12m WHERE indicator_id = 'DA_INC_R12'")
            return {f"{period_end:%Y-%m}": flags for period_end, flags in rows.fetchall()}

    return print_figures


def test_figure_that_changed_since_it_was_published_is_revised(
    warehouse: Connection, load: Load, print_figures: Callable[[], dict[str, list[str]]]
) -> None:
    load(warehouse, {"inc": [100] * 24}, first="2020-01", vintage="2026-01-05")
    assert not any("r" in flags for flags in print_figures().values())
    load(warehouse, {"inc": [90]}, first="2020-06", vintage="2026-02-05")
    revised = [month for month, flags in print_figures().items() if "r" in flags]
    assert sorted(revised) == ["2020-12", *(f"2021-{number:02}" for number in range(1, 6))]
    # It stays said: a reader of the first publication may come at any time.
    assert sorted(month for month, flags in print_figures().items() if "r" in flags) == sorted(revised)


def test_nothing_is_revised_where_nothing_changed(
    warehouse: Connection, load: Load, print_figures: Callable[[], dict[str, list[str]]]
) -> None:
    load(warehouse, {"inc": [100] * 12}, first="2020-01", vintage="2026-01-05")
    print_figures()
    load(warehouse, {"inc": [100] * 12}, first="2020-01", vintage="2026-02-05")
    load(warehouse, {"inc": [70]}, first="2021-01", vintage="2026-02-05")
    load(warehouse, {"inc": [1] * 12}, first="2020-01", vintage="2025-12-05")
    assert not any("r" in flags for flags in print_figures().values())


def test_restatement_between_publications_alone_revises_nothing(
    warehouse: Connection, load: Load, print_figures: Callable[[], dict[str, list[str]]]
) -> None:
    load(warehouse, {"inc": [100] * 12}, first="2020-01", vintage="2026-01-05")
    load(warehouse, {"inc": [90] * 12}, first="2020-01", vintage="2026-02-05")
    assert not any("r" in flags for flags in print_figures().values())


def test_register_keeps_each_figure_at_its_first_publication_and_at_each_change(
    warehouse: Connection, load: Load, print_figures: Callable[[], dict[str, list[str]]]
) -> None:
    for value, vintage in ((100, "2026-01-05"), (90, "2026-02-05"), (90, "2026-03-05"), (100, "2026-04-05")):
        load(warehouse, {"inc": [value] * 12}, first="2020-01", vintage=vintage)
        print_figures()
    register = warehouse.execute(
        "SELECT value FROM published_figure WHERE indicator_id = 'DA_INC_R12' ORDER BY run_id"
    ).fetchall()
    assert register == [(1200,), (1080,), (1200,)]


def test_figure_that_nobody_saw_is_not_called_revised(
    warehouse: Connection,
    load: Load,
    print_figures: Callable[[], dict[str, list[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    load(warehouse, {"inc": [100] * 12}, first="2020-01", vintage="2026-01-05")
    with monkeypatch.context() as failing:
        failing.setattr(publishing, "audit", _refuse)
        with pytest.raises(publishing.AuditFailed):
            print_figures()
    load(warehouse, {"inc": [90] * 12}, first="2020-01", vintage="2026-02-05")
    assert not any("r" in flags for flags in print_figures().values())


def _refuse(database: Path) -> None:
    raise publishing.AuditFailed(f"{database} is refused")
