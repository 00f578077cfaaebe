"""The demonstration: invented and real figures never come to lie in one home."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from flows.demo import WouldMix, run_demo
from flows.demonstration import write_demonstration
from flows.home import Home
from flows.ingesting import ingest
from flows.outcomes import Outcome
from flows.refreshing import refresh_and_publish
from flows.settings import load_settings
from warehouse.publishing import Publication

EXTRACT = "Month,Area code,Concept,Measure,Count,Extract date\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with the police of one borough instead of every source, and without Prefect."""

    def police_alone(folder: Path, area_codes: Mapping[str, str]) -> list[Path]:
        written = write_demonstration(folder, area_codes)
        for path in written[6:]:
            path.unlink()
        return written[:6]

    def plainly(
        home: Home, paths: list[Path] | None = None, *, tell: Callable[[str], None]
    ) -> tuple[list[Outcome], Publication]:
        return ingest(home, paths or [home.landing], tell=tell), refresh_and_publish(home)

    monkeypatch.setattr("flows.running.run_flow", plainly)
    monkeypatch.setattr("flows.demonstration.write_demonstration", police_alone)
    monkeypatch.setattr("flows.demo.METROPOLITAN_BOROUGHS", {"E09000003": "Barnet"})
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_real(folder: Path) -> Path:
    """Write a year of incidents as a real file would have them."""
    folder.mkdir()
    months = [
        f"{year}-{month:02}"
        for year, month in [(2021, number) for number in range(4, 13)] + [(2022, 1), (2022, 2), (2022, 3)]
    ]
    rows = [f"{month}-01,E09000003,DA_INCIDENT,incidents,100,2022-04-06\n" for month in months]
    (folder / "extract.csv").write_text(EXTRACT + "".join(rows), encoding="utf-8")
    return folder


def test_synthetic_figures_are_called_synthetic(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = run_demo(load_settings(), as_json=False)
    assert {one.status for one in outcomes} == {"accepted"}
    out = capsys.readouterr().out
    assert "SYNTHETIC" in out
    assert "807 (+0.5%)" in out
    assert "Database: vawg-demo/published/vawg.duckdb" in out.replace("\\", "/")
    assert (folder / "vawg-demo" / "headline.png").stat().st_size > 10_000
    # A second time nothing changes.
    again = run_demo(load_settings(), as_json=False)
    assert {one.status for one in again} == {"unchanged"}


def test_real_folder_is_used_and_left_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real = write_real(folder / "real")
    monkeypatch.setenv("VAWG_REAL", "real")
    run_demo(load_settings(), as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert shown["synthetic"] is False
    assert [(one["file_name"], one["status"]) for one in shown["files"]] == [("extract.csv", "accepted")]
    assert [(row["12 months to"], row["incidents"]) for row in shown["headline"]] == [("Mar 2022", "1200")]
    assert [path.name for path in real.iterdir()] == ["extract.csv"]
    # A home of its own: invented figures lie in another one.
    assert (folder / "vawg-real" / "published" / "vawg.duckdb").exists()
    assert not (folder / "vawg-demo").exists()


def test_invented_figures_are_not_put_beside_real_ones(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(folder / "state")
    ingest(home, [write_real(folder / "real")])
    monkeypatch.setenv("VAWG_HOME", "state")
    with pytest.raises(WouldMix, match="holds real figures"):
        run_demo(load_settings(), as_json=False)
    assert list(home.landing.iterdir()) == []


def test_real_figures_are_not_put_beside_invented_ones(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_real(folder / "real")
    (folder / "real" / "extract.csv").rename(folder / "synthetic_extract.csv")
    ingest(Home(folder / "state"), [folder / "synthetic_extract.csv"])
    monkeypatch.setenv("VAWG_REAL", "real")
    monkeypatch.setenv("VAWG_HOME", "state")
    with pytest.raises(WouldMix, match="holds invented figures"):
        run_demo(load_settings(), as_json=False)
