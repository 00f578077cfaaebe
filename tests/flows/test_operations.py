"""What the guide to running it promises: a copied home gives the same figures wherever it lies."""

import shutil
from pathlib import Path

import polars as pl

from flows.demonstration import write_demonstration
from flows.home import Home
from flows.ingesting import ingest, replay
from flows.refreshing import refresh_and_publish
from warehouse import open_published
from warehouse.reporting import report

POLICE = "police_extract"
LEFT_BEHIND = ("published", "prefect")


def figures(home: Home) -> pl.DataFrame:
    """Return every published figure, whichever run made it."""
    with open_published(home.published) as published:
        return published.sql("SELECT * EXCLUDE (run_id) FROM rolling_12m ORDER BY ALL")


def test_copy_of_a_home_gives_the_same_figures_elsewhere(home: Home, tmp_path: Path) -> None:
    files = write_demonstration(tmp_path / "files", {"E09000003": "Barnet", "E09000005": "Brent"})
    ingest(home, [path for path in files if POLICE in path.name])
    refresh_and_publish(home)
    before = figures(home)
    restored = Home(tmp_path / "elsewhere")
    shutil.copytree(home.root, restored.root, ignore=shutil.ignore_patterns(*LEFT_BEHIND))
    shutil.rmtree(home.root)
    refresh_and_publish(restored)
    assert before.height > 100
    assert figures(restored).equals(before)


def test_rejected_file_is_found_in_the_copy(home: Home, tmp_path: Path) -> None:
    header = "Month,Area code,Concept,Measure,Count,Extract date"
    row = "2016-04-01,E09000003,DA_INCIDENT,incidents,many,2016-05-05"
    (home.landing / "wrong.csv").write_text(f"{header}\n{row}\n", encoding="utf-8")
    ingest(home, [home.landing])
    restored = Home(tmp_path / "elsewhere")
    shutil.copytree(home.root, restored.root)
    shutil.rmtree(home.root)
    (outcome,) = replay(restored, [])
    assert (outcome.file_name, outcome.status) == ("wrong.csv", "rejected")
    with restored.open() as connection:
        assert [one["file_name"] for one in report(connection, "quarantine")] == ["wrong.csv"]
