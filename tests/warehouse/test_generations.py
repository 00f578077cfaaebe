"""Publications are kept, and an earlier one is put back until somebody lifts that."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest

from flows.bursts import loaded
from flows.home import Home
from flows.publications import lift, publications, roll_back, rolled_back
from flows.refreshing import refresh_and_publish
from tests.empty import with_warehouse
from warehouse import generations, open_published
from warehouse.deciding import NotSaid
from warehouse.generations import NotRolledBack, keep

Load = Callable[..., None]

WHO = {"by": "A. Analyst", "why": "The police have sent a wrong file"}
YEAR = "SELECT value FROM rolling_12m WHERE indicator_id = 'DA_INC_R12' AND value IS NOT NULL"


@pytest.fixture(scope="module")
def thrice(tmp_path_factory: pytest.TempPathFactory, load: Load) -> Home:
    """Return a home that has published twelve months of 100, then of 98, then of 97."""
    home = with_warehouse(Home(tmp_path_factory.mktemp("thrice") / "home"))
    for month, value in enumerate((100, 98, 97), 1):
        with home.open() as connection:
            load(connection, {"inc": [value] * 12}, vintage=f"2026-{month:02}-05")
        refresh_and_publish(home)
    return home


@pytest.fixture
def home(thrice: Home, tmp_path: Path) -> Home:
    """Return a copy of that home."""
    return Home(Path(copytree(thrice.root, tmp_path / "home")))


def year(home: Home) -> float:
    """Return the published figure of the year."""
    with open_published(home.published) as published:
        ((value,),) = published.sql(YEAR).rows()
    return float(value)


def run(home: Home, number: int) -> str:
    """Return a publication, counted from 0 as they were made."""
    return str(publications(home)[-1 - number]["run_id"])


def test_publication_before_is_put_back_and_a_reader_that_is_open_sees_it(home: Home) -> None:
    with open_published(home.published) as published:
        assert published.sql(YEAR).rows() == [(1164,)]
        said = roll_back(home, None, **WHO)
        assert published.sql(YEAR).rows() == [(1176,)]
    assert said == rolled_back(home)
    assert said.startswith(f"{run(home, 1)} was put back by A. Analyst on ")
    assert [one["in_place"] for one in publications(home)] == [False, True, False]


def test_it_stands_though_figures_are_refreshed_until_it_is_lifted(home: Home, load: Load) -> None:
    roll_back(home, run(home, 0), **WHO)
    with home.open() as connection:
        load(connection, {"inc": [96] * 12}, vintage="2026-04-05")
    assert not loaded(home)["behind"]  # or the events would start a refresh again and again
    publication = refresh_and_publish(home)
    assert publication.rolled_back
    assert (publication.run_id, publication.rolled_back["why"]) == (run(home, 0), WHO["why"])
    assert year(home) == 1200
    lift(home, by="A. Analyst", why="The right file has come")
    assert rolled_back(home) == ""
    assert refresh_and_publish(home).rolled_back is None
    assert year(home) == 1152


def test_who_decided_what_and_why_is_kept(home: Home) -> None:
    roll_back(home, run(home, 1), **WHO)
    roll_back(home, None, by="B. Head", why="The one before too")
    lift(home, by="B. Head", why="All is well")
    with home.open() as connection:
        found = connection.sql("SELECT run_id, instead_of, decided_by FROM rollback ORDER BY rolled_back_at").fetchall()
    first, second, third = (run(home, number) for number in range(3))
    assert found == [(second, third, "A. Analyst"), (first, second, "B. Head"), (None, first, "B. Head")]


def test_process_that_dies_before_the_file_is_in_its_place_is_made_good(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(generations, "put_back", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            roll_back(home, None, **WHO)
    assert year(home) == 1164
    refresh_and_publish(home)
    assert year(home) == 1176


def test_published_file_that_is_lost_is_put_back(home: Home) -> None:
    roll_back(home, None, **WHO)
    home.published.unlink()
    refresh_and_publish(home)
    assert year(home) == 1176


@pytest.mark.parametrize("by_whom", [{**WHO, "by": " "}, {**WHO, "why": ""}])
def test_nobody_rolls_back_without_a_name_and_a_reason(home: Home, by_whom: dict[str, str]) -> None:
    with pytest.raises(NotSaid, match="the auditor will ask"):
        roll_back(home, None, **by_whom)
    assert year(home) == 1164


def test_what_is_not_kept_or_stands_already_cannot_be_put_back(home: Home) -> None:
    for chosen in (run(home, 2), "run-20200101-000000-000000", "../vawg"):
        with pytest.raises(NotRolledBack, match="not kept, or stands already"):
            roll_back(home, chosen, **WHO)
    roll_back(home, run(home, 0), **WHO)
    with pytest.raises(NotRolledBack, match="An earlier publication is not kept"):
        roll_back(home, None, **WHO)


def test_there_is_nothing_to_lift_where_the_latest_figures_stand(home: Home) -> None:
    with pytest.raises(NotRolledBack, match="Nothing is rolled back"):
        lift(home, **WHO)


def test_kept_are_the_last_ten_the_last_of_each_day_and_of_each_month(tmp_path: Path) -> None:
    home = with_warehouse(Home(tmp_path / "home"))
    published, now = tmp_path / "vawg.duckdb", datetime(2026, 7, 31, 18)
    published.write_text("a publication", encoding="utf-8")
    with home.open() as connection:
        for hours in range(24 * 95, 0, -8):  # three a day, from the end of April on
            at = now - timedelta(hours=hours)
            run_id = f"run-{at:%Y%m%d-%H}"
            connection.execute("INSERT INTO run VALUES (?, ?, ?, '1', ?, '')", [run_id, at, at, at])
            keep(connection, published, published, run_id, at)
    kept = {path.stem for path in (tmp_path / "generations").iterdir()}
    days = [datetime(2026, 7, 1) + timedelta(days=number) for number in range(30)]
    last_ten = {f"run-{now - timedelta(hours=8 * number):%Y%m%d-%H}" for number in range(1, 11)}
    assert kept == {"run-20260430-18", "run-20260531-18", "run-20260630-18", *last_ten} | {
        f"run-{day:%Y%m%d}-18" for day in days
    }
