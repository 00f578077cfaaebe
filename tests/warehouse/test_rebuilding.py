"""A past publication is made again from what was known then, and is what was published."""

import hashlib
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest

from flows.home import Home
from flows.publications import compared_in_words, publications, rebuild
from flows.refreshing import refresh_and_publish
from flows.restating import accept
from tests.empty import with_warehouse
from warehouse import rebuilding
from warehouse.rebuilding import NotRebuilt

Load = Callable[..., str]

MONDAY, FRIDAY = date(2026, 7, 6), date(2026, 7, 10)
BARNET, BRENT = "E09000003", "E09000005"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, load: Load, load_residents: Load) -> Home:
    """Return a home that has published twelve months of two boroughs, and looked again what was late."""
    home = with_warehouse(Home(tmp_path_factory.mktemp("published") / "home"))
    with home.open() as connection:
        load(connection, {"inc": [100] * 12, "off": [60] * 12}, area=[BARNET, BRENT], vintage="2026-01-05")
        load_residents(connection, {(BARNET, 2020): 395_000, (BRENT, 2020): 330_000})
    refresh_and_publish(home, MONDAY)
    refresh_and_publish(home, FRIDAY)
    return home


@pytest.fixture
def home(published: Home, tmp_path: Path) -> Home:
    """Return a copy of that home."""
    return Home(Path(shutil.copytree(published.root, tmp_path / "home")))


def first(home: Home) -> str:
    """Return the earliest publication."""
    return str(publications(home)[-1]["run_id"])


def kept(home: Home) -> Path:
    """Return the file in which the earliest publication is kept."""
    return home.published.parent / "generations" / f"{first(home)}.duckdb"


def as_csv(database: Path, folder: Path) -> dict[str, bytes]:
    """Return every table as DuckDB itself exports it."""
    with duckdb.connect(database, read_only=True) as connection:
        connection.execute(f"EXPORT DATABASE '{folder}' (FORMAT csv)")
    return {path.name: path.read_bytes() for path in folder.glob("*.csv")}


def restate_and_accept(home: Home, load: Load) -> None:
    """Restate within the limits, then beyond them, which somebody accepts; publish after each."""
    with home.open() as connection:
        load(connection, {"inc": [99] * 12, "off": [60] * 13}, vintage="2026-02-05", within_limits=True)
    refresh_and_publish(home)
    with home.open() as connection:
        beyond = load(connection, {"inc": [70] * 13, "off": [60] * 13}, vintage="2026-03-05", within_limits=True)
    refresh_and_publish(home)
    accept(home, beyond, by="A. Analyst", why="The police say so")
    refresh_and_publish(home)


def test_it_is_the_same_byte_for_byte_though_later_files_have_come(home: Home, load: Load, tmp_path: Path) -> None:
    published = as_csv(home.published, tmp_path / "published")
    restate_and_accept(home, load)
    today = as_csv(home.published, tmp_path / "today")
    assert {"monthly_measure.csv", "fact_offences.csv"} < {name for name in today if today[name] != published[name]}
    rebuilt = rebuild(home, first(home), tmp_path / "then")
    assert as_csv(rebuilt.folder / "vawg.duckdb", tmp_path / "again") == published
    assert rebuilt.holds
    assert rebuilt.tables == len(published)
    assert "byte for byte, those of the publication that is kept" in compared_in_words(rebuilt)


def test_publication_with_what_was_held_back_is_the_same_too(home: Home, load: Load, tmp_path: Path) -> None:
    restate_and_accept(home, load)
    _, holding, *_ = [one["run_id"] for one in publications(home)]
    rebuilt = rebuild(home, holding, tmp_path / "then")
    assert rebuilt.other == []
    assert len((rebuilt.folder / "tables" / "held_back.csv").read_bytes().splitlines()) > 1


def test_folder_has_each_table_with_its_hash(home: Home, tmp_path: Path) -> None:
    folder = rebuild(home, first(home), tmp_path / "then").folder
    lines = (folder / "SHA256SUMS").read_text().splitlines()
    listed = {name: told for told, name in (line.split("  ") for line in lines)}
    assert listed == {
        f"tables/{path.name}": hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("tables/*")
    }
    assert "tables/rolling_12m.csv" in listed
    assert sorted(path.name for path in folder.iterdir()) == ["SHA256SUMS", "tables", "vawg.duckdb"]


def test_publication_that_was_tampered_with_is_told(home: Home, tmp_path: Path) -> None:
    with duckdb.connect(kept(home)) as connection:
        connection.execute(
            "UPDATE rolling_12m SET value = value + 1 WHERE value IS NOT NULL AND area_code = 'E09000003'"
        )
    rebuilt = rebuild(home, first(home), tmp_path / "then")
    assert (rebuilt.other, rebuilt.holds) == (["rolling_12m"], False)
    assert compared_in_words(rebuilt).endswith("Not as in the publication that is kept: rolling_12m.")


def test_register_that_was_tampered_with_is_told(home: Home, tmp_path: Path) -> None:
    with home.open() as connection:
        connection.execute(
            "UPDATE published_figure SET value = 1 WHERE indicator_id = 'DA_INC_R12' AND area_code = 'E09000003'"
        )
    rebuilt = rebuild(home, first(home), tmp_path / "then")
    assert (rebuilt.other, rebuilt.misprinted, rebuilt.holds) == ([], 1, False)
    assert compared_in_words(rebuilt).startswith(f"1 of its {rebuilt.figures} figures are not what was printed.")


def test_figure_that_was_printed_and_cannot_be_made_again_is_told(home: Home, tmp_path: Path) -> None:
    run_id = first(home)
    with home.open() as connection:
        connection.execute(
            "INSERT INTO published_figure BY NAME SELECT * REPLACE (period_end - INTERVAL 1 MONTH AS period_end)"
            " FROM published_figure WHERE run_id = ? AND area_code = 'E09000003' ORDER BY period_end LIMIT 1",
            [run_id],
        )
    rebuilt = rebuild(home, run_id, tmp_path / "then")
    assert (rebuilt.other, rebuilt.misprinted, rebuilt.holds) == ([], 1, False)


def test_publication_that_is_not_kept_is_held_against_the_register(home: Home, tmp_path: Path) -> None:
    kept(home).unlink()
    rebuilt = rebuild(home, first(home), tmp_path / "then")
    assert (rebuilt.other, rebuilt.misprinted, rebuilt.holds) == (None, 0, True)
    assert "not kept any more" in compared_in_words(rebuilt)
    with duckdb.connect(rebuilt.folder / "vawg.duckdb", read_only=True) as connection:
        question = "SELECT value FROM rolling_12m WHERE indicator_id = 'DA_INC_R12' AND value > 0 ORDER BY area_code"
        assert connection.execute(question).fetchall() == [(1200,), (1200,)]


def test_other_rules_do_not_pretend_to_be_those_of_then(home: Home, tmp_path: Path) -> None:
    with home.open() as connection:
        connection.execute("UPDATE run SET fingerprint = 'another', version = '0.0.9'")
    with pytest.raises(NotRebuilt, match=r"was made by version 0\.0\.9 of the program, with other rules"):
        rebuild(home, first(home), tmp_path / "then")
    with pytest.raises(NotRebuilt, match="There was no publication run-1; `vawg publications`"):
        rebuild(home, "run-1", tmp_path / "then")


def test_folder_is_there_whole_or_not_at_all(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(rebuilding, "look_again", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            rebuild(home, first(home), tmp_path / "then")
    assert [path.name for path in tmp_path.iterdir()] == ["home"]
    (tmp_path / "then.new").mkdir()  # left behind by a process that was killed
    rebuild(home, first(home), tmp_path / "then")
    with pytest.raises(NotRebuilt, match="is not overwritten"):
        rebuild(home, first(home), tmp_path / "then")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "then"]
