"""The flows on Prefect's embedded server: the figures of the plain functions, and nothing kept that must not be."""

import hashlib
import json
import logging
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from expectations.catalogue import about_people, catalogue
from expectations.data_docs import KeptResult, build
from flows.cli import main
from flows.demonstration import write_demonstration
from flows.home import Home
from flows.ingesting import ingest
from flows.landing.place import NotThere
from flows.outcomes import Outcome
from flows.refreshing import headline, refresh_and_publish
from flows.running import point_prefect_at, run_flow
from flows.showing import headline_rows
from tests.flows.demonstrated import Demonstrated
from warehouse.reporting import report

BARNET = "E09000003"
CANARY = "Canary Robin"
LOGGERS = ("", "prefect", "prefect.flow_runs", "prefect.task_runs")
EXTRACT = "Month,Area code,Concept,Measure,Count,Extract date"
AREAS = {BARNET: "Barnet", "E09000005": "Brent"}
ROW = f"2016-03-01,{BARNET},DA_INCIDENT,incidents,400,2016-04-06"


@dataclass
class Ran:
    """A run over all files: where, what came out, all that was logged, and the results that Prefect stored."""

    home: Home
    outcomes: list[Outcome]
    log: str = ""
    stored: tuple[Path, ...] = ()


class Kept(logging.Handler):
    """Keeps every record as the console would show it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


def write_demonstrated(folder: Path) -> list[Path]:
    """Write of the demonstration a file or more for each kind of fact: of the police, residents, records and counts."""
    written = write_demonstration(folder, AREAS)
    kept = [path for path in written if re.search(r"police|population|(marac_cases|refuge)_2019-20", path.name)]
    for path in set(written) - set(kept):
        path.unlink()
    return kept


def write_files(folder: Path) -> None:
    """Write the demonstration, a file with names in it, one with a wrong row, and one that the test may close."""
    write_demonstrated(folder)
    (folder / "closed.csv").write_text(f"{EXTRACT}\n{ROW}\n", encoding="utf-8")
    (folder / "names.csv").write_text(f"{EXTRACT},Victim name\n{ROW},{CANARY}\n", encoding="utf-8")
    (folder / "wrong.csv").write_text(f"{EXTRACT}\n{ROW.replace('400', CANARY)}\n", encoding="utf-8")


def close(monkeypatch: pytest.MonkeyPatch, path: Path, times: int = 1000) -> list[Path]:
    """Let a file refuse to be opened so many times; the list grows with each."""
    refusals: list[Path] = []
    opened = Path.open

    def refusing(self: Path, *given: Any, **named: Any) -> Any:
        if self == path and len(refusals) < times:
            refusals.append(self)
            raise PermissionError(13, "Permission denied", str(self))
        return opened(self, *given, **named)

    monkeypatch.setattr(Path, "open", refusing)
    return refusals


@pytest.fixture(scope="module", autouse=True)
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let one embedded server, which the first flow starts, serve every test; nothing is waited for before a retry."""
    point_prefect_at(Home(tmp_path_factory.mktemp("server")))
    from flows import pipeline

    with pytest.MonkeyPatch.context() as patch:
        for step in (pipeline.take_in_or_fail, pipeline.publish_figures):
            patch.setattr(step, "retry_delay_seconds", [0, 0])
        yield


def with_keys(home: Home) -> Home:
    """Return a home with the suppliers' keys, the same in every home: contents are named by their pseudonyms too."""
    home.root.mkdir(parents=True, exist_ok=True)
    suppliers = {source.supplier.agency_id for source in about_people()}
    keys = [f'{name} = "{hashlib.sha256(name.encode()).hexdigest()}"\n' for name in suppliers]
    home.key_file.write_text("".join(keys), encoding="utf-8")
    home.key_file.chmod(0o600)
    return Home(home.root).prepare()


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory, server: None) -> Ran:  # noqa: ARG001
    """Run the flow once on all files, with every logger at its most talkative."""
    home = with_keys(Home(tmp_path_factory.mktemp("flow")))
    write_files(home.landing)
    kept, loggers = Kept(), [logging.getLogger(name) for name in LOGGERS]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.addHandler(kept)
    with pytest.MonkeyPatch.context() as patch:
        close(patch, home.landing / "closed.csv")
        outcomes, _ = run_flow(home)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
        logger.removeHandler(kept)
    stored = tuple(path for path in (prefect_home() / "storage").rglob("*") if path.is_file())
    return Ran(home, outcomes, "\n".join(kept.lines), stored)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Take the same files through the plain functions."""
    home = with_keys(Home(tmp_path_factory.mktemp("plain")))
    write_files(home.landing)
    with pytest.MonkeyPatch.context() as patch:
        close(patch, home.landing / "closed.csv")
        outcomes = ingest(home, [home.landing])
    refresh_and_publish(home)
    return Ran(home, outcomes)


def artifact(key: str, including: str) -> list[dict[str, Any]]:
    """Return the newest table of that key in which a text stands."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

    with get_client(sync_client=True) as client:
        found = client.read_artifacts(artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=[key])))
    (data,) = [str(one.data) for one in found if including in str(one.data)]
    table: list[dict[str, Any]] = json.loads(data)
    return table


def run_names() -> list[str]:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        return [run.name for run in client.read_flow_runs()]


def prefect_home() -> Path:
    from prefect.settings import get_current_settings

    return get_current_settings().home


def held(folder: Path, text: str) -> list[str]:
    """Return the files below a folder in whose bytes a text stands."""
    return [path.name for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]


def test_file_that_fails_does_not_stop_the_others(ran: Ran, tmp_path: Path) -> None:
    statuses = {one.file_name: one.status for one in ran.outcomes}
    assert (statuses.pop("closed.csv"), statuses.pop("names.csv"), statuses.pop("wrong.csv")) == (
        "failed",
        "rejected",
        "rejected",
    )
    demonstration = write_demonstrated(tmp_path)
    assert statuses == {path.name: "accepted" for path in demonstration}
    assert [path.name for path in ran.home.landing.iterdir()] == ["closed.csv"]


def test_run_names_say_what_was_done(ran: Ran, tmp_path: Path) -> None:  # noqa: ARG001
    from flows import pipeline

    with pytest.raises(NotThere):
        pipeline.ingest_files([str(tmp_path / f"{name}.csv") for name in "abcde"])
    assert {
        "take in what has landed and publish",
        "ingest what lies in landing",
        "refresh and publish",
        "ingest a.csv, b.csv, c.csv and 2 more",
    } <= set(run_names())


def test_verdicts_are_left_as_an_artifact(ran: Ran) -> None:
    table = artifact("verdicts", "closed.csv")
    assert [(row["file"], row["verdict"]) for row in table] == [(one.file_name, one.status) for one in ran.outcomes]
    assert all(row["received"] == one.counts.received for row, one in zip(table, ran.outcomes, strict=True))


def test_headline_figures_are_left_as_an_artifact(ran: Ran) -> None:
    assert artifact("headline-figures", "4960") == headline_rows(headline(ran.home, BARNET))


def test_flow_and_plain_functions_give_the_same(ran: Ran, plain: Ran) -> None:
    def said(one: Outcome) -> tuple[object, ...]:
        of_the_file = (one.file_name, one.status, one.source, one.counts, one.out_of_scope, one.findings)
        return *of_the_file, one.message.replace(str(ran.home.root), "").replace(str(plain.home.root), "")

    assert [said(one) for one in ran.outcomes] == [said(one) for one in plain.outcomes]
    for database, table, left_out in (
        ("warehouse", "fact_offences", ()),
        ("warehouse", "population", ()),
        ("warehouse", "coverage", ()),
        ("warehouse", "slice", ("submission_id", "loaded_at")),
        ("warehouse", "check_result", ("submission_id",)),
        ("published", "monthly_measure", ("submission_id", "run_id")),
        ("published", "rolling_12m", ("source_submission", "run_id")),
        ("published", "freshness", ("last_submission", "last_received_at", "run_id")),
    ):
        frames = [rows_of(getattr(one.home, database), table, left_out) for one in (ran, plain)]
        assert not frames[0].is_empty(), table
        assert frames[0].equals(frames[1]), table


def rows_of(database: Path, table: str, left_out: tuple[str, ...]) -> pl.DataFrame:
    with duckdb.connect(database, read_only=True) as connection:
        return connection.sql(
            f'FROM "{table}" SELECT COLUMNS(lambda c: NOT list_contains($out, c)) ORDER BY ALL',
            params={"out": list(left_out)},
        ).pl()


def test_name_in_a_refused_file_is_kept_in_quarantine_alone(ran: Ran) -> None:
    assert "Completed()" in ran.log  # the log was listened to
    assert CANARY not in ran.log
    assert (prefect_home() / "prefect.db").exists()
    assert held(prefect_home(), "headline-figures")  # what is stored is stored as text
    assert held(prefect_home(), CANARY) == []
    assert held(ran.home.published.parent, CANARY) == []
    assert sorted(held(ran.home.quarantine, CANARY)) == [
        "feedback.html",
        "feedback.txt",
        "names.csv",
        "wrong.csv",
    ]
    (names,) = [one for one in ran.outcomes if one.file_name == "names.csv"]
    with ran.home.open() as connection:
        found = report(connection, "findings", submission_id=str(names.submission_id))
    assert found
    assert CANARY not in str(found)


def test_data_docs_carry_no_cell(ran: Ran, tmp_path: Path) -> None:
    with ran.home.open() as connection:
        kept = [
            KeptResult(one["submission_id"], one["source"], one["received_at"], json.loads(one["suite_result"]))
            for one in report(connection, "suite_results")
        ]
    assert kept
    build(catalogue().values(), kept, tmp_path / "docs")
    assert held(tmp_path / "docs", "police_extract")
    assert held(tmp_path / "docs", CANARY) == []


def test_no_result_is_stored_by_prefect(ran: Ran) -> None:
    assert "failed" in {one.status for one in ran.outcomes}
    assert ran.stored == ()


def test_share_that_is_gone_for_a_moment_is_tried_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import pipeline

    path = home.landing / "share.csv"
    path.write_text(f"{EXTRACT}\n{ROW}\n", encoding="utf-8")
    refusals = close(monkeypatch, path, times=2)
    monkeypatch.setattr(pipeline, "given", pipeline.Given(home))
    (outcome,) = pipeline.ingest_files([str(path)])
    assert (outcome.status, len(refusals)) == ("accepted", 2)


def test_file_that_is_still_written_is_not_tried_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import pipeline

    path = home.landing / "growing.csv"
    path.write_text(f"{EXTRACT}\n{ROW}\n", encoding="utf-8")
    synced, writes = os.fsync, []

    def meanwhile(file: int) -> None:
        synced(file)
        writes.append(file)
        path.write_text("\n".join([EXTRACT, *[ROW] * len(writes), ROW, ""]), encoding="utf-8")

    monkeypatch.setattr(os, "fsync", meanwhile)
    monkeypatch.setattr(pipeline, "given", pipeline.Given(home))
    (outcome,) = pipeline.ingest_files([str(path)])
    assert (outcome.status, len(writes)) == ("waiting", 1)


def test_words_of_an_unforeseen_error_are_not_kept(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import pipeline

    def broken(_path: Path) -> None:
        raise ValueError("could not read 'Robin in a cell'")

    path = home.landing / "unforeseen.csv"
    path.write_text(f"{EXTRACT}\n{ROW}\n", encoding="utf-8")
    monkeypatch.setattr("flows.judging.grids", broken)
    monkeypatch.setattr(pipeline, "given", pipeline.Given(home))
    (outcome,) = pipeline.ingest_files([str(path)])
    assert outcome.status == "failed"
    assert re.search(r"ValueError in test_pipeline\.py, line \d+", outcome.message)
    assert held(prefect_home(), "ValueError in test_pipeline.py")
    assert held(prefect_home(), "Robin in a cell") == []


def test_demonstration_gives_the_figures_of_the_annual_report(demonstration: Demonstrated) -> None:
    shown = demonstration.shown
    assert shown["synthetic"] is True
    rows = {row["12 months to"]: row for row in shown["headline"]}
    assert list(rows) == ["Mar 2017", "Mar 2018", "Mar 2019", "Mar 2020", "Sep 2020"]
    assert [row["incidents"] for row in shown["headline"]] == ["5013", "4757", "4815", "4960", "5265"]
    assert rows["Mar 2020"]["violence with injury"] == "807 (+0.5%)"
    assert rows["Sep 2020"]["incidents per 1,000 (rank)"] == "13.3 (2 of 32)"
    assert Path(shown["picture"]).read_bytes().startswith(b"\x89PNG")


def test_demonstration_writes_nothing_to_the_users_home(demonstration: Demonstrated) -> None:
    assert list(demonstration.user.iterdir()) == []
    assert [path.name for path in demonstration.work.iterdir()] == ["vawg-demo"]


def test_warehouse_that_is_open_elsewhere_is_said_in_a_sentence(
    home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (home.landing / "extract.csv").write_text(f"{EXTRACT}\n{ROW}\n", encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["vawg", "run"])
    monkeypatch.setenv("VAWG_HOME", str(home.root))
    hold = f"import duckdb; held = duckdb.connect({str(home.warehouse)!r}); print('held', flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(SystemExit) as ended:
            main()
        other.kill()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert said.startswith("Error: ")
    assert "close any other program that has it open" in said
    assert "Traceback" not in said
