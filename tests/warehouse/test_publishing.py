"""Publishing: readers see whole publications, and only those that passed their audit."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.home import Home
from flows.ingesting import ingest
from flows.refreshing import refresh_and_publish
from tests.empty import with_warehouse
from warehouse import open_published, opening, publishing, reporting
from warehouse.opening import WarehouseBusy
from warehouse.publishing import AuditFailed

BARNET = "E09000003"
VALUE = "SELECT value FROM rolling_12m WHERE indicator_id = 'DA_INC_R12' AND area_code = 'E09000003' AND value > 0"

Load = Callable[..., str]


def value_in(database: Path) -> list[tuple[float]]:
    with open_published(database) as published:
        return published.sql(VALUE).rows()


@pytest.fixture(scope="module")
def restated(tmp_path_factory: pytest.TempPathFactory, load: Load) -> Home:
    """Return a home that has published twelve months of 100, and holds a restatement to 90."""
    home = with_warehouse(Home(tmp_path_factory.mktemp("restated") / "home"))
    with home.open() as connection:
        load(connection, {"inc": [100] * 12}, vintage="2026-01-05")
    refresh_and_publish(home)
    with home.open() as connection:
        load(connection, {"inc": [90] * 12}, vintage="2026-02-05")
    return home


@pytest.fixture
def home(restated: Home, tmp_path: Path) -> Home:
    """Return a copy of that home."""
    return Home(Path(shutil.copytree(restated.root, tmp_path / "a 'quoted' home")))


def test_publication_says_what_it_holds(home: Home) -> None:
    publication = refresh_and_publish(home)
    assert (publication.database, publication.figures) == (home.published, 13 * 12)
    with open_published(home.published) as published:
        assert published.sql("SELECT run_id FROM run").rows() == [(publication.run_id,)]
        complete = published.sql("SELECT count(*) FROM rolling_12m WHERE value IS NOT NULL")
    assert complete.rows() == [(publication.complete,)]


def test_published_facts_are_the_current_ones_alone(home: Home) -> None:
    refresh_and_publish(home)
    with open_published(home.published) as published:
        assert published.sql("SELECT count(*), sum(value) FROM fact_offences").rows() == [(12, 12 * 90)]


def test_reader_keeps_its_publication_and_a_new_one_sees_the_new(home: Home) -> None:
    look = (
        f"import duckdb; print(duckdb.connect({str(home.published)!r}, read_only=True).execute({VALUE!r}).fetchall())"
    )
    with duckdb.connect(home.published, read_only=True) as reader:
        assert reader.execute(VALUE).fetchall() == [(1200,)]
        refresh_and_publish(home)
        assert reader.execute(VALUE).fetchall() == [(1200,)]
        # The handles of one process share a file, so the new reader is another process.
        seen = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
        assert seen.stdout.strip() == "[(1080.0,)]"
    assert value_in(home.published) == [(1080,)]


@pytest.mark.parametrize(
    ("damage", "rule"),
    [
        ("INSERT INTO rolling_12m FROM rolling_12m LIMIT 1", "one row a figure"),
        ("UPDATE rolling_12m SET reason = NULL WHERE value IS NULL", "empty has a reason"),
        ("DELETE FROM rolling_12m WHERE period_end = '2020-08-31'", "spine has no hole"),
        ("UPDATE fact_offences SET area_code = 'E09000099'", "facts have dimensions"),
        ("ALTER TABLE fact_offences ADD COLUMN person_pseudonym VARCHAR", "no person key"),
    ],
)
def test_what_fails_its_audit_is_not_published(
    damage: str, rule: str, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = publishing.build

    def damaged(connection: duckdb.DuckDBPyConnection, fresh: Path, **run: Any) -> None:
        build(connection, fresh, **run)
        with duckdb.connect(fresh) as built:
            built.execute(damage)

    with monkeypatch.context() as patched:
        patched.setattr(publishing, "build", damaged)
        with pytest.raises(AuditFailed, match=rule):
            refresh_and_publish(home)
    assert value_in(home.published) == [(1200,)]
    refresh_and_publish(home)
    assert value_in(home.published) == [(1080,)]


def test_no_half_built_file_is_left_beside_the_published_one(home: Home) -> None:
    refresh_and_publish(home)
    files = (file.name for file in home.published.parent.rglob("*") if file.is_file())
    assert sorted(files) == sorted([home.published.name, *(f"{run}.duckdb" for run in runs(home))])


def runs(home: Home) -> list[str]:
    """Return every publication in order."""
    with home.open() as connection:
        return [run for (run,) in connection.sql("SELECT run_id FROM run ORDER BY as_of").fetchall()]


def test_second_writer_is_told_that_the_warehouse_is_busy(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", 0.1)
    hold = (
        "import sys; from pathlib import Path; from flows.home import Home\n"
        f"with Home(Path({str(home.root)!r})).open():\n    print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"held\n"
        with pytest.raises(WarehouseBusy, match="Try again when it is done"), home.open():
            pass
        assert value_in(home.published) == [(1200,)]
        writer.kill()
    with home.open() as connection:
        assert connection.execute("SELECT count(*) FROM submission").fetchone() == (2,)


def test_program_that_holds_the_file_without_our_lock_is_named_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENCE_SECONDS", 0.1)
    hold = (
        f"import duckdb, sys; connection = duckdb.connect({str(home.warehouse)!r})\n"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"held\n"
        with pytest.raises(WarehouseBusy, match="close any other program"), home.open():
            pass
        writer.kill()


def test_publication_whose_process_died_before_it_was_registered_is_registered_by_the_next(home: Home) -> None:
    refresh_and_publish(home)
    with home.open() as connection:
        registered = connection.sql("FROM published_figure ORDER BY ALL").pl()
        # As it is when the new file is in its place and the commit beside it did not come about.
        connection.execute("DELETE FROM published_figure WHERE run_id = (SELECT max(run_id) FROM run)")
        connection.execute("DELETE FROM run WHERE run_id = (SELECT max(run_id) FROM run)")
    refresh_and_publish(home)
    with home.open() as connection:
        assert connection.sql("FROM published_figure ORDER BY ALL").pl().equals(registered)
        assert connection.sql("SELECT count(*) FROM run").fetchall() == [(3,)]


def everything_in(published: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables of a published database."""
    with open_published(published) as reader, reader.at_once() as connection:
        tables = [
            name
            for (name,) in connection.sql(
                "SELECT table_name FROM duckdb_tables() WHERE database_name = 'published'"
            ).fetchall()
        ]
        return {table: connection.sql(f"FROM {table} ORDER BY ALL").fetchall() for table in tables}


def differing(before: dict[str, list[Any]], after: dict[str, list[Any]]) -> set[str]:
    """Return the tables of which something is other than before."""
    return {table for table in after if after[table] != before[table]}


def test_figures_that_nothing_has_changed_stand_with_their_run(home: Home) -> None:
    first = refresh_and_publish(home)
    before = everything_in(home.published)
    again = refresh_and_publish(home)
    assert again == first
    assert differing(before, everything_in(home.published)) == {"run"}  # when it was looked what is late
    with home.open() as connection:
        assert connection.execute("SELECT count(*) FROM run").fetchone() == (2,)


def test_file_that_brings_nothing_is_seen_in_freshness_and_status_alone(home: Home) -> None:
    first = refresh_and_publish(home)
    before = everything_in(home.published)
    (home.landing / "no table.csv").write_text("Month\n", encoding="utf-8")
    (outcome,) = ingest(home, [home.landing])
    with home.open() as connection:
        # Of no known source, so the police's last file is another one only where it says so.
        connection.execute("UPDATE submission SET source = 'police_extract' WHERE status = 'rejected'")
    assert refresh_and_publish(home).run_id == first.run_id
    after = everything_in(home.published)
    assert differing(before, after) == {"freshness", "status", "run"}
    assert str(outcome.submission_id) in repr(after["freshness"])


def test_figure_that_is_not_known_any_more_is_entered_without_a_value(home: Home) -> None:
    before = refresh_and_publish(home).complete
    figure = (
        "SELECT value FROM printed_as_of(get_current_timestamp())"
        f" WHERE area_code = '{BARNET}' AND indicator_id = 'DA_INC_R12'"
    )
    with home.open() as connection:
        assert connection.execute(figure).fetchall() == [(90 * 12,)]
        connection.execute("DELETE FROM slice WHERE month = (SELECT min(month) FROM slice)")
        after = publishing.publish(connection, home.published, "another version").complete
        assert connection.execute(figure).fetchall() == [(None,)]
        assert reporting.report(connection, "publications")[0]["changed"] == before - after > 0
        publishing.publish(connection, home.published, "a third version")
        assert reporting.report(connection, "publications")[0]["changed"] == 0


def test_other_rules_compute_the_figures_again(home: Home) -> None:
    first = refresh_and_publish(home)
    with home.open() as connection:
        assert publishing.publish(connection, home.published, "another version").run_id > first.run_id
        # As after an update of the program: the next opening prepares the warehouse by its own rules.
        connection.execute("UPDATE prepared SET fingerprint = 'of other rules'")
        third = publishing.publish(connection, home.published, "another version")
    assert third.run_id > first.run_id
    assert refresh_and_publish(home).run_id > third.run_id


def test_published_file_that_was_damaged_is_replaced(home: Home) -> None:
    home.published.write_bytes(b"no database")
    refresh_and_publish(home)
    assert value_in(home.published) == [(1080,)]
