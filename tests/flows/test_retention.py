"""Retention and erasure: what was to leave is gone from every place, what was counted stays, and it is recorded."""

from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from expectations.source import Source
from flows.cli import app
from flows.home import Home
from flows.ingesting import ingest, ingest_file, replay
from flows.keys import KeyMissing, load_keys
from flows.landing.place import NotThere
from flows.publications import publications
from flows.refreshing import refresh_and_publish
from flows.retaining import NobodyFound, NoSuchSupplier, Removed, erase, retain
from tests.empty import with_warehouse
from tests.flows import people
from tests.flows.demonstrated import Demonstrated
from tests.flows.people import declare, files_below, rows_of, with_keys
from transforms.pseudonyms import pseudonym
from warehouse import open_published

SOON, LATER = datetime(2100, 1, 1), datetime(2101, 1, 1)
POLICE = "Month,Area code,Concept,Measure,Count,Extract date"


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home with the supplier's key."""
    return with_warehouse(with_keys(Home(tmp_path / "home"), "HESTIA"))


def persons(home: Home) -> list[tuple[str, date]]:
    """Return the pseudonym of the person and the month of each row."""
    with home.open() as connection:
        return connection.execute("SELECT person_pseudonym, month FROM fact_referrals ORDER BY ALL").fetchall()


def called(home: Home, *names: str) -> list[str]:
    """Return the pseudonyms of people, in order."""
    return sorted(pseudonym(name, home.keys.of("HESTIA")) for name in names)


def kept(home: Home) -> list[tuple[object, ...]]:
    """Return the undivided counts of referrals that are kept of removed rows, by month and content."""
    with home.open() as connection:
        return connection.execute(
            "SELECT month, subject_id, sum(value)::BIGINT FROM kept_aggregate"
            " WHERE measure_id = 'referrals' AND breakdown = 'all' GROUP BY content_id, month, subject_id ORDER BY ALL"
        ).fetchall()


def recorded(home: Home) -> list[tuple[object, ...]]:
    with home.open() as connection:
        question = "SELECT done_at, kind, source, supplier_id, removed FROM retention ORDER BY ALL"
        return connection.execute(question).fetchall()


# Records


def test_rows_past_their_month_are_removed_and_their_counts_stay(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "old.csv", ["A", "B"], month="2024-02-01"))
    ingest_file(home, people.write(tmp_path / "new.csv", ["A"], month="2024-03-01"))
    # 36 months are kept: in March 2027 February 2024 is over, and March 2024 is not.
    removed = retain(home, now=datetime(2027, 3, 31))
    assert removed.records == {"referrals_for_tests": 2}
    assert persons(home) == [(*called(home, "A"), date(2024, 3, 1))]
    assert kept(home) == [(date(2024, 2, 1), "IDVA", 2)]
    assert (datetime(2027, 3, 31), "records", "referrals_for_tests", None, 2) in recorded(home)


def test_publications_that_still_have_the_rows_are_let_go_of(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "old.csv", ["A", "B"], month="2024-02-01"))
    refresh_and_publish(home)
    assert [one["kept"] for one in publications(home)] == [True]
    retain(home, now=datetime(2027, 3, 31))
    assert [(one["kept"], one["in_place"]) for one in publications(home)] == [(False, True)]
    refresh_and_publish(home)
    assert [one["kept"] for one in publications(home)] == [True, False]
    with open_published(home.published) as published:
        assert published.sql("SELECT count(*) FROM fact_referrals").rows() == [(0,)]


def test_month_that_is_just_within_its_time_stays(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "old.csv", ["A"], month="2024-02-01"))
    assert retain(home, now=datetime(2027, 2, 28)).records == {}
    assert len(persons(home)) == 1


def test_every_version_is_removed_and_each_keeps_its_count(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "first.csv", ["A", "B"], drawn_on="2024-04-02"))
    ingest_file(home, people.write(tmp_path / "second.csv", ["A", "B", "C"], drawn_on="2024-05-02"))
    ingest_file(home, people.write(tmp_path / "older.csv", ["Z"], drawn_on="2024-03-15"))
    assert retain(home, now=SOON).records == {"referrals_for_tests": 6}
    assert persons(home) == []
    assert [row[-1] for row in kept(home)] == [1, 2, 3]


def test_second_time_removes_nothing_and_keeps_the_counts(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "old.csv", ["A"]))
    retain(home, now=SOON)
    before = kept(home)
    assert retain(home, now=LATER) == Removed((), {})
    assert (kept(home), len(recorded(home))) == (before, 1)


def test_dry_run_says_what_would_be_removed_and_changes_nothing(home: Home, tmp_path: Path) -> None:
    ingest(home, [people.write(tmp_path / f"{name}.csv", [name], drawn_on=f"2024-04-0{name}") for name in "12"])
    with home.open():
        pass
    before = rows_of(home, "fact_referrals"), rows_of(home, "submission"), files_below(home.archive)
    said = retain(home, now=SOON, dry_run=True)
    assert (len(said.raw_files), said.records) == (1, {"referrals_for_tests": 2})
    assert (rows_of(home, "fact_referrals"), rows_of(home, "submission"), files_below(home.archive)) == before
    assert recorded(home) == []
    assert retain(home, now=SOON) == said


def test_file_whose_rows_were_removed_does_not_bring_them_back(home: Home, tmp_path: Path) -> None:
    file = people.write(tmp_path / "old.csv", ["A", "B"])
    ingest_file(home, file)
    retain(home, now=SOON)
    assert ingest_file(home, file).status == "unchanged"
    file.write_text(file.read_text(encoding="utf-8") + "\n", encoding="utf-8")  # other bytes, the same rows
    again = ingest_file(home, file)
    assert (again.status, again.counts.unchanged, again.counts.loaded) == ("accepted", 2, 0)
    assert persons(home) == []


def test_removed_rows_are_not_in_the_file_of_the_database_any_more(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "old.csv", ["A", "B"]))
    with home.open() as connection:
        connection.execute("CHECKPOINT")
    names = [name.encode() for name in called(home, "A", "B")]
    assert all(name in home.warehouse.read_bytes() for name in names)
    retain(home, now=SOON)
    beside = files_below(home.warehouse.parent)
    assert not any(name in content for content in beside.values() for name in names)


def test_counts_of_the_police_stay_for_ever(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "police.csv"
    path.write_text(f"{POLICE}\n2020-03-01,E09000003,DA_INCIDENT,incidents,100,2026-01-05\n", encoding="utf-8")
    ingest_file(home, path)
    before = rows_of(home, "fact_offences")
    retain(home, now=SOON)
    assert rows_of(home, "fact_offences") == before


# Raw files


def places(home: Home) -> set[str]:
    return {place.rpartition("/")[2] for place in files_below(home.archive) | files_below(home.quarantine)}


def received(home: Home, **days: str) -> None:
    """Say on which days files were received."""
    with home.open() as connection:
        for name, day in days.items():
            connection.execute("UPDATE submission SET received_at = ? WHERE file_name = ?", [day, f"{name}.csv"])


def test_raw_file_is_removed_90_days_after_a_later_one_was_accepted(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "first.csv", ["A"], month="2024-03-01"))
    ingest_file(home, people.write(tmp_path / "second.csv", ["A"], month="2024-04-01"))
    received(home, first="2024-05-01", second="2024-06-01")
    assert retain(home, now=datetime(2024, 8, 30)).raw_files == ()  # the 90th day after the first of June
    removed = retain(home, now=datetime(2024, 8, 31))
    assert len(removed.raw_files) == 1
    assert places(home) == {"second.csv"}
    assert recorded(home) == [(datetime(2024, 8, 31), "raw files", "referrals_for_tests", None, 1)]
    assert len(persons(home)) == 2


def test_last_raw_file_stays_until_a_later_one_comes(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "only.csv", ["A"]))
    retain(home, now=SOON)
    assert places(home) == {"only.csv"}


def test_rejected_file_is_removed_with_its_feedback_and_is_no_longer_in_quarantine(home: Home, tmp_path: Path) -> None:
    rejected = ingest_file(home, people.write(tmp_path / "bad.csv", ["A"], service="no such service"))
    ingest_file(home, people.write(tmp_path / "good.csv", ["A"]))
    received(home, bad="2024-05-01", good="2024-05-02")
    assert places(home) == {"bad.csv", "feedback.txt", "feedback.html", "good.csv"}
    retain(home, now=datetime(2024, 8, 1))
    assert places(home) == {"good.csv"}
    with pytest.raises(NotThere):
        replay(home, [str(rejected.submission_id)])
    assert replay(home, []) == []


def test_file_that_was_never_recognised_is_removed_90_days_after_it_came(home: Home, tmp_path: Path) -> None:
    (tmp_path / "unknown.csv").write_text("Name,Address\nRobin Canary,12 Acacia Avenue\n", encoding="utf-8")
    ingest_file(home, tmp_path / "unknown.csv")
    received(home, unknown="2024-05-01")
    assert retain(home, now=datetime(2024, 7, 30)).raw_files == ()
    assert len(retain(home, now=datetime(2024, 7, 31)).raw_files) == 1
    assert places(home) == set()


def test_same_bytes_under_another_name_stay_where_their_own_time_is_not_over(home: Home, tmp_path: Path) -> None:
    first = people.write(tmp_path / "first.csv", ["A"])
    (tmp_path / "first_r2.csv").write_bytes(first.read_bytes())
    ingest(home, [first, tmp_path / "first_r2.csv"])
    received(home, first="2024-05-01", first_r2="2024-06-01")
    retain(home, now=datetime(2024, 9, 30))
    assert places(home) == {"first_r2.csv"}


# Erasure


def test_person_is_erased_in_every_version_whatever_the_spelling_and_nobody_else_is(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "a.csv", ["Ref 1", "Ref 2"], drawn_on="2024-04-02"))
    ingest_file(home, people.write(tmp_path / "b.csv", ["Ref 1", "Ref 2", "Ref 3"], drawn_on="2024-05-02"))
    erased = erase(home, "HESTIA", " REF  1", now=SOON)
    assert erased.rows == 2
    assert [name for name, _ in persons(home)] == sorted([*called(home, "Ref 2"), *called(home, "Ref 2", "Ref 3")])
    assert [row[-1] for row in kept(home)] == [2, 3]
    assert recorded(home) == [(SOON, "erasure", "referrals_for_tests", "HESTIA", 2)]


def test_what_is_removed_is_published_no_more_whatever_the_clock_says(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "a.csv", ["1", "2"]))
    first = refresh_and_publish(home)
    erase(home, "HESTIA", "1", now=datetime(2001, 1, 1))  # it was set back
    assert refresh_and_publish(home).run_id > first.run_id
    with open_published(home.published) as published:
        assert published.sql("SELECT count(*) FROM fact_referrals").rows() == [(1,)]


def test_case_is_erased_by_its_own_reference(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "a.csv", ["1", "2"]))
    assert erase(home, "HESTIA", "case 1", now=SOON).rows == 1
    assert [name for name, _ in persons(home)] == called(home, "2")


def test_neither_reference_nor_pseudonym_is_left_anywhere_but_in_the_list_of_the_erased(
    home: Home, tmp_path: Path
) -> None:
    ingest_file(home, people.write(tmp_path / "a.csv", ["Robin Canary", "B"]))
    erase(home, "HESTIA", "Robin Canary", now=SOON, raw=True)
    (robin,) = called(home, "Robin Canary")
    everything = files_below(home.root)
    assert not any(b"Canary" in content or b"canary" in content for content in everything.values())
    with home.open() as connection:
        tables = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        holding = {name for name in tables if robin in repr(connection.execute(f'FROM "{name}"').fetchall())}
    assert holding == {"erased"}
    beside = b"".join(files_below(home.warehouse.parent).values())
    assert beside.count(robin.encode()) <= 1 + 1  # its row, and the index of the list


def test_erased_person_does_not_come_back_with_a_later_file(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "a.csv", ["1", "2"]))
    erase(home, "HESTIA", "1", now=SOON)
    later = ingest_file(home, people.write(tmp_path / "b.csv", ["1", "2", "3"], drawn_on="2024-05-02"))
    assert later.out_of_scope == {"erased at the person's request": 1}
    assert (later.counts.received, later.counts.loaded, later.counts.out_of_scope) == (3, 2, 1)
    assert called(home, "1")[0] not in {name for name, _ in persons(home)}
    same_rows = tmp_path / "c.csv"
    same_rows.write_bytes((tmp_path / "b.csv").read_bytes() + b"\n")
    again = ingest_file(home, same_rows)
    assert (again.counts.loaded, again.counts.unchanged, again.counts.out_of_scope) == (0, 2, 1)


def test_erased_person_does_not_come_back_from_quarantine(home: Home, tmp_path: Path) -> None:
    rejected = ingest_file(home, people.write(tmp_path / "a.csv", ["1", "2"], month="2024-03-02"))
    assert rejected.status == "rejected"
    erase(home, "HESTIA", "1", now=SOON, in_advance=True)
    kept_as = home.root / str(rejected.kept_as)
    kept_as.write_text(kept_as.read_text(encoding="utf-8").replace("2024-03-02", "2024-03-01"), encoding="utf-8")
    (again,) = replay(home, [])
    assert (again.status, again.counts.loaded) == ("accepted", 1)
    assert [name for name, _ in persons(home)] == called(home, "2")


def test_file_of_erased_people_alone_is_accepted_and_loads_nothing(home: Home, tmp_path: Path) -> None:
    erase(home, "HESTIA", "1", now=SOON, in_advance=True)
    outcome = ingest_file(home, people.write(tmp_path / "a.csv", ["1"]))
    assert (outcome.status, outcome.counts.loaded, persons(home)) == ("accepted", 0, [])


def test_person_nobody_knows_is_kept_out_only_in_advance(home: Home) -> None:
    with pytest.raises(NobodyFound, match="nothing was done"):
        erase(home, "HESTIA", "nobody", now=SOON)
    assert (recorded(home), rows_of(home, "erased")) == ([], [])
    assert erase(home, "HESTIA", "nobody", now=SOON, in_advance=True).rows == 0
    assert erase(home, "HESTIA", "nobody", now=LATER).rows == 0  # who is kept out already is no mistake
    assert recorded(home) == [(when, "erasure", None, "HESTIA", 0) for when in (SOON, LATER)]


def test_erasure_names_the_raw_files_that_may_hold_the_reference_and_removes_them_when_told(
    home: Home, tmp_path: Path
) -> None:
    names = [ingest_file(home, people.write(tmp_path / f"{name}.csv", [name])).kept_as for name in "12"]
    police = tmp_path / "police.csv"
    police.write_text(f"{POLICE}\n2020-03-01,E09000003,DA_INCIDENT,incidents,100,2026-01-05\n", encoding="utf-8")
    ingest_file(home, police)
    erased = erase(home, "HESTIA", "1", now=SOON)
    assert (set(erased.raw_files_left), erased.raw_files_removed) == (set(names), ())
    erased = erase(home, "HESTIA", "1", now=SOON, raw=True)
    assert (erased.raw_files_left, set(erased.raw_files_removed)) == ((), set(names))
    assert places(home) == {"police.csv"}


def test_published_figures_have_no_person_before_or_after(home: Home, tmp_path: Path) -> None:
    ingest_file(home, people.write(tmp_path / "a.csv", ["1", "2"]))
    refresh_and_publish(home)
    erase(home, "HESTIA", "1", now=SOON)
    refresh_and_publish(home)
    content = home.published.read_bytes()
    assert not any(name.encode() in content for name in called(home, "1", "2", "case 1", "case 2"))


def test_supplier_without_rows_about_people_is_said(home: Home) -> None:
    with pytest.raises(NoSuchSupplier, match=r"comes from METROPOLITAN_POLICE. Those that send some: .*HESTIA"):
        erase(home, "METROPOLITAN_POLICE", "1", now=SOON)


def test_without_the_suppliers_key_nobody_can_be_found(home: Home) -> None:
    home.key_file.unlink()
    with pytest.raises(KeyMissing, match="There is no key for HESTIA"):
        erase(Home(home.root), "HESTIA", "1", now=SOON)


# The command line, and what stays of a record


def test_commands_say_what_they_did(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_HOME", str(home.root))
    ingest_file(home, people.write(tmp_path / "a.csv", ["Robin Canary", "B"], month="2012-03-01"))
    run = CliRunner().invoke
    said = run(app, ["erase", "--supplier", "HESTIA"], input="Robin Canary\n").stdout
    assert "Rows removed, in all versions: 1." in said
    assert "a.csv" in said
    assert "Rows about people to be removed: 1\n" in run(app, ["retention", "--dry-run"]).stdout
    assert "Rows about people removed: 1\n  referrals_for_tests: 1\n" in run(app, ["retention"]).stdout
    assert persons(home) == []
    assert run(app, ["retention"]).stdout == "Raw files removed: 0\nRows about people removed: 0\n"


def test_raw_files_are_kept_90_days_unless_a_source_says_otherwise() -> None:
    assert (Source.raw_kept_days, Source.records_kept_months) == (90, None)


def test_erasure_works_on_an_encrypted_warehouse(tmp_path: Path) -> None:
    if duckdb.__version__ != "1.5.5":
        pytest.skip("the cryptography is that of 1.5.5")
    home = with_keys(Home(tmp_path / "encrypted"))
    ingest_file(home, people.write(tmp_path / "a.csv", ["1", "2"]))
    assert erase(home, "HESTIA", "1", now=SOON).rows == 1
    assert [name for name, _ in persons(home)] == called(home, "2")
    assert load_keys(home.key_file).fingerprints().keys() >= {"HESTIA", "STORAGE"}


def figures(home: Home) -> pl.DataFrame:
    """Return the published figures, without what tells of their publication."""
    with open_published(home.published) as published:
        return published.sql("SELECT * EXCLUDE (run_id, flags, prior_published) FROM rolling_12m ORDER BY ALL")


@pytest.mark.parametrize("now", [datetime(2021, 9, 15), datetime(2022, 10, 15), datetime(2023, 3, 15)])
def test_figures_stay_whichever_month_is_the_last_to_leave(
    now: datetime, demonstration: Demonstrated, tmp_path: Path
) -> None:
    home = demonstration.copied_to(tmp_path / "home")
    before = figures(home)
    assert sum(retain(home, now=now).records.values()) > 0
    refresh_and_publish(home)
    assert before.equals(figures(home))


def test_figures_stay_where_a_person_is_erased(demonstration: Demonstrated, tmp_path: Path) -> None:
    home = demonstration.copied_to(tmp_path / "home")
    before = figures(home)
    assert erase(home, "SOLACE", "C2018-00002", now=SOON).rows == 1
    refresh_and_publish(home)
    assert before.equals(figures(home))
