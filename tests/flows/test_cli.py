"""The command line: what a person types, what it answers, and the exit code."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from expectations.catalogue import catalogue
from flows.home import Home
from flows.ingesting import ingest
from flows.outcomes import Outcome
from flows.refreshing import refresh_and_publish
from tests.flows.typed import Vawg, typed
from warehouse import open_published
from warehouse.opening import WarehouseBusy
from warehouse.publishing import Publication

HEADER = "Month,Area code,Concept,Measure,Count,Extract date"
MONTHS = [f"{2020 + number // 12}-{number % 12 + 1:02}-01" for number in range(3, 15)]
HEAVY = ("boto3", "prefect", "great_expectations", "polars", "duckdb", "pandas", "pydantic", "altair", "numpy")


@pytest.fixture
def vawg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vawg:
    """Return the command line, in an empty folder with the home `state`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAWG_HOME", "state")
    monkeypatch.setenv("COLUMNS", "250")

    return typed(monkeypatch, capsys)


def extract(path: Path, count: object = 100, area: str = "E09000003") -> Path:
    """Write a year of incidents."""
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [f"{month},{area},DA_INCIDENT,incidents,{count},2026-01-05" for month in MONTHS]
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def test_help_imports_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['vawg', '--help']\n"
        "from flows.cli import main\n"
        "try: main()\n"
        f"finally: print([name for name in {HEAVY} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", check=True)
    assert "Exit codes: 0 all accepted" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_from_file_to_figure(vawg: Vawg, tmp_path: Path) -> None:
    path = extract(tmp_path / "sent" / "extract.csv")
    taken = vawg("ingest", path)
    assert taken.code == 0
    assert (
        "accepted extract.csv Accepted; new or changed: 12 of 12 parts (a part is one area code and month)."
        in taken.out
    )
    assert "12 rows received = 12 loaded" in taken.out
    computed = vawg("refresh")
    assert computed.code == 0
    assert "Rolling 12 months, Barnet" in computed.out
    assert "Mar 2021" in computed.out
    assert "1200" in computed.out
    assert "Published: " in computed.out
    assert "Police domestic abuse extract" in vawg("status").out
    listed = vawg("history")
    assert (listed.code, "extract.csv" in listed.out, "accepted" in listed.out) == (0, True, True)
    assert "Quarantine: none." in vawg("quarantine", "list").out
    again = vawg("ingest", path)
    assert (again.code, "unchanged extract.csv The same file was accepted before" in again.out) == (0, True)


def test_json_is_alone_on_the_output(vawg: Vawg, tmp_path: Path) -> None:
    sent = extract(tmp_path / "sent" / "extract.csv").parent
    extract(sent / "wrong.csv", "many")
    assert [one["status"] for one in vawg("check", sent, "--json").json] == ["accepted", "rejected"]
    taken = vawg("ingest", sent, "--json")
    assert (taken.code, [one["status"] for one in taken.json]) == (3, ["accepted", "rejected"])
    assert taken.json[0]["counts"]["loaded"] == 12
    assert all(finding["said"] for finding in taken.json[1]["findings"])
    computed = vawg("refresh", "--json").json
    assert computed["headline"][0]["incidents"] == "1200"
    assert Path(computed["published"]["database"]).exists()
    assert "police_extract" in {one["source"] for one in vawg("status", "--json").json}
    assert [one["file_name"] for one in vawg("history", "--json").json] == ["wrong.csv", "extract.csv"]
    (held,) = vawg("quarantine", "list", "--json").json
    shown = vawg("quarantine", "show", held["submission_id"], "--json").json
    assert shown["submission"]["file_name"] == "wrong.csv"
    assert shown["findings"]
    assert [one["status"] for one in vawg("quarantine", "replay", "--json").json] == ["rejected"]
    assert {one["source"] for one in vawg("sources", "--json").json} == set(catalogue())
    assert vawg("sources", "population", "--json").json["source"] == "population"


def test_rejected_file_is_explained_and_the_rest_goes_through(vawg: Vawg, tmp_path: Path) -> None:
    files = [extract(tmp_path / "bad.csv", "many"), extract(tmp_path / "good.csv")]
    taken = vawg("ingest", *files)
    assert taken.code == 3
    assert "accepted good.csv" in taken.out
    assert 'reject the row: Column "Count": the value cannot be used. Found in row 2: "many"' in taken.out
    listed = vawg("quarantine", "list")
    assert "bad.csv" in listed.out
    assert "good.csv" not in listed.out
    name = vawg("quarantine", "list", "--json").json[0]["submission_id"]
    shown = vawg("quarantine", "show", name)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith("bad.csv: rejected. Nothing of the file was loaded")
    assert re.search(r"^Kept as quarantine/[0-9a-f]{16}/bad\.csv$", shown.out, re.MULTILINE)
    assert '"many"' in shown.out


def test_file_that_fails_ends_in_failure_and_the_rest_goes_through(
    vawg: Vawg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, readable = extract(tmp_path / "closed.csv"), extract(tmp_path / "readable.csv")
    opened = Path.open

    def refusing(path: Path, *given: Any, **named: Any) -> Any:
        if path == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *given, **named)

    monkeypatch.setattr(Path, "open", refusing)
    taken = vawg("ingest", closed, readable)
    assert taken.code == 1
    assert "failed closed.csv It could not be taken in, and nothing was changed" in taken.out
    assert "accepted readable.csv" in taken.out


def test_rejected_rows_alone_end_in_three(vawg: Vawg, tmp_path: Path) -> None:
    whole = extract(tmp_path / "partly.csv")
    boroughs = [code for code in catalogue()["police_extract"].fields["area_code"].codes if code != "E09000003"]  # type: ignore[attr-defined]
    rows = [f"{month},{area},DA_INCIDENT,incidents,7,2026-01-05" for area in boroughs[:9] for month in MONTHS]
    whole.write_text(
        whole.read_text(encoding="utf-8").replace(",100,", ",many,", 1) + "\n".join(rows), encoding="utf-8"
    )
    taken = vawg("ingest", whole, "--json")
    assert (taken.code, taken.json[0]["status"], taken.json[0]["counts"]["rejected"]) == (3, "accepted", 1)
    assert len(vawg("quarantine", "list", "--json").json) == 1


def test_replay_takes_the_file_in_after_the_declaration_was_corrected(
    vawg: Vawg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = extract(tmp_path / "extract.csv")
    concept: Any = catalogue()["police_extract"].fields["offence_id"]
    with monkeypatch.context() as patch:
        patch.setattr(concept, "codes", {"DA_OFFENCE": ["DA_OFFENCE"]})
        assert vawg("ingest", path).code == 3
        assert vawg("quarantine", "replay").code == 3
    name = vawg("quarantine", "list", "--json").json[0]["submission_id"]
    replayed = vawg("quarantine", "replay", name)
    assert replayed.code == 0
    assert "accepted extract.csv" in replayed.out
    assert "Quarantine: none." in vawg("quarantine", "list").out
    nothing = vawg("quarantine", "replay")
    assert (nothing.code, nothing.out) == (0, "Nothing is in quarantine.\n")
    assert vawg("refresh", "--json").json["headline"][0]["incidents"] == "1200"


def test_check_with_json_writes_nothing_and_finds_what_ingest_finds(vawg: Vawg, tmp_path: Path) -> None:
    sent = extract(tmp_path / "sent" / "bad.csv", "many").parent
    extract(sent / "good.csv")
    before = {path: path.read_bytes() for path in sent.iterdir()}
    checked = vawg("check", sent, "--json")
    assert {path.name for path in tmp_path.iterdir()} == {"sent"}
    assert {path: path.read_bytes() for path in sent.iterdir()} == before
    taken = vawg("ingest", sent, "--json")
    assert checked.code == taken.code == 3
    same = ("file_name", "status", "source", "counts", "out_of_scope", "findings")
    assert [[one[name] for name in same] for one in checked.json] == [
        [one[name] for name in same] for one in taken.json
    ]
    text = vawg("check", sent)
    assert "It would be rejected." in text.out
    assert "It would be accepted." in text.out


def test_folder_is_searched_for_tables_alone(vawg: Vawg, tmp_path: Path) -> None:
    sent = extract(tmp_path / "sent" / "below" / "extract.csv").parent.parent
    for name in ("notes.docx", "~$extract.xlsx", ".hidden.csv", "picture.png"):
        (sent / name).write_text("nothing to read", encoding="utf-8")
    assert [one["file_name"] for one in vawg("ingest", sent, "--json").json] == ["extract.csv"]


@pytest.mark.parametrize("command", ["ingest", "check"])
def test_folder_without_tables_is_said(command: str, vawg: Vawg, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    answer = vawg(command, "empty")
    assert (answer.code, answer.out) == (0, "There was no CSV, XLSX, TXT or TSV file in it.\n")
    assert vawg(command, "empty", "--json").json == []


@pytest.mark.parametrize("command", ["ingest", "check"])
def test_missing_path_is_named(command: str, vawg: Vawg) -> None:
    answer = vawg(command, "nowhere.csv")
    assert (answer.code, answer.out, answer.err) == (1, "", "Error: There is no file or folder nowhere.csv.\n")


def test_everything_wrong_with_the_settings_is_said_at_once(vawg: Vawg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_AREA", "Barnet")
    monkeypatch.setenv("VAWG_REAL", "nowhere")
    answer = vawg("status")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("Error: The settings are wrong:\n")
    assert "VAWG_AREA: 'Barnet' is not the GSS code" in answer.err
    assert "VAWG_REAL: nowhere is not a folder" in answer.err


def test_sources_are_listed_and_each_has_its_page(vawg: Vawg) -> None:
    listed = vawg("sources")
    assert all(name in listed.out for name in catalogue())
    page = vawg("sources", "population")
    assert (page.code, page.out.splitlines()[0]) == (0, "# Population by area and mid-year (`population`)")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("sources", "polise"), f"There is no source polise. Known are: {', '.join(catalogue())}."),
        (("quarantine", "show", "x"), "There is no submission x; `vawg quarantine list` shows those there are."),
        (("quarantine", "replay", "x", "y"), "Not in quarantine: x, y. `vawg quarantine list` shows what is."),
    ],
)
def test_name_that_is_not_known_is_said(words: tuple[str, ...], said: str, vawg: Vawg) -> None:
    answer = vawg(*words)
    assert (answer.code, answer.out, answer.err) == (1, "", f"Error: {said}\n")


@pytest.mark.parametrize("words", [("status",), ("history",), ("refresh",), ("run",), ("ingest", "."), ("demo",)])
def test_home_that_cannot_be_made_is_said(
    words: tuple[str, ...], vawg: Vawg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("VAWG_HOME", "file/state")
    answer = vawg(*words)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("Error: ")
    assert answer.err.count("\n") == 1
    assert "state" in answer.err


def test_warehouse_in_use_is_said(vawg: Vawg, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise WarehouseBusy("Another process has been writing.")

    monkeypatch.setattr("flows.home.open_warehouse", busy)
    answer = vawg("status")
    assert (answer.code, answer.err) == (1, "Error: Another process has been writing.\n")


def test_interruption_is_said(vawg: Vawg, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("flows.ingesting.ingest", interrupted)
    answer = vawg("ingest", ".")
    assert (answer.code, answer.err[:15]) == (1, "Error: Stopped.")


def test_unforeseen_error_is_not_hidden(monkeypatch: pytest.MonkeyPatch, vawg: Vawg) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("flows.ingesting.ingest", broken)
    with pytest.raises(ZeroDivisionError):
        vawg("ingest", ".")


def test_run_shows_files_and_figures(vawg: Vawg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def plainly(home: Home, *, tell: Callable[[str], None]) -> tuple[list[Outcome], Publication]:
        assert home.area == "E09000005"
        return ingest(home, [home.landing], tell=tell), refresh_and_publish(home)

    monkeypatch.setattr("flows.running.run_flow", plainly)
    monkeypatch.setenv("VAWG_AREA", "E09000005")
    nothing = vawg("run")
    assert nothing.code == 0
    assert f"There was nothing in {tmp_path / 'state' / 'landing'}." in nothing.out
    assert "Brent: no 12 months of police figures are complete yet." in nothing.out
    landing = tmp_path / "state" / "landing"
    extract(landing / "extract.csv", area="E09000005")
    extract(landing / "wrong.csv", "many")
    run = vawg("run", "--json")
    assert (run.code, [one["status"] for one in run.json["files"]]) == (3, ["accepted", "rejected"])
    assert run.json["headline"][0]["incidents"] == "1200"
    assert list(landing.iterdir()) == []
    with open_published(run.json["published"]["database"]) as published:
        assert published.sql("SELECT DISTINCT area_name FROM rolling_12m").rows() == [("Brent",)]


def test_restatement_from_its_difference_to_its_acceptance(vawg: Vawg, tmp_path: Path) -> None:
    assert vawg("ingest", extract(tmp_path / "first.csv")).code == 0
    assert "Held back" not in vawg("refresh").out
    restated = extract(tmp_path / "restated.csv", 50)
    restated.write_text(restated.read_text(encoding="utf-8").replace("2026-01-05", "2026-02-05"), encoding="utf-8")
    shown = vawg("diff", "now", restated, "--to", "page")
    assert (shown.code, "1200" in shown.out, "600" in shown.out) == (0, True, True)
    assert (tmp_path / "page" / "difference.html").exists()
    assert vawg("accept").out == "Nothing is held back.\n"
    assert vawg("ingest", restated).code == 0
    told = vawg("refresh").out
    command = re.search(r"vawg accept (\S+) --by NAME", told)
    assert command
    assert "1,200 -> 600 (-50.0%)" in told
    assert [one["submission_id"] for one in vawg("accept", "--json").json] == [command[1]]
    assert command[1] in vawg("status").out
    assert "1 restatement held back" in vawg("notify", "--dry-run").out
    nameless = vawg("accept", command[1])
    assert (nameless.code, "--by" in nameless.err) == (1, True)
    assert vawg("accept", command[1], "--by", "A. Analyst", "--why", "Looked at.").code == 0
    refreshed = vawg("refresh", "--json").json
    assert (refreshed["held_back"], refreshed["headline"][0]["incidents"]) == ([], "600")
    years = vawg("report", "--json").json["years"]
    assert {(one["as_published"], one["as_restated"]) for one in years if one["indicator_id"] == "DA_INC_R12"} == {
        ("1200", "600")
    }
    assert vawg("diff", "never", "now").code == 1


def test_release_from_its_making_to_its_withdrawal(vawg: Vawg, tmp_path: Path) -> None:
    assert vawg("ingest", extract(tmp_path / "extract.csv")).code == 0
    assert vawg("public").code == 1  # nothing is published yet
    assert vawg("refresh").code == 0
    assert vawg("releases").out == "Nothing was released yet; `vawg public` makes a release.\n"
    made = vawg("public", "--json").json
    assert "Nothing has changed" in vawg("public").out
    assert [one["release_id"] for one in vawg("releases", "--json").json] == [made["release_id"]]
    nameless = vawg("withdraw", made["release_id"])
    assert (nameless.code, "--by" in nameless.err) == (1, True)
    withdrawn = vawg("withdraw", made["release_id"], "--by", "A. Analyst", "--why", "Made by mistake.")
    assert (withdrawn.code, "No release stands" in withdrawn.out) == (0, True)
    assert "Made by mistake." in vawg("releases").out
    assert not Path(made["folder"]).exists()
    assert vawg("public").out.startswith("Released:")


def test_report_says_that_other_figures_are_published_after_a_rollback(vawg: Vawg, tmp_path: Path) -> None:
    for area in ("E09000003", "E09000005"):
        assert vawg("ingest", extract(tmp_path / f"{area}.csv", area=area)).code == 0
        assert vawg("refresh").code == 0
    assert "published: run-" not in vawg("report").out
    assert vawg("rollback", "--by", "A. Analyst", "--why", "wrong file").code == 0
    assert "Other figures than these are published: run-" in vawg("report").out
    assert "wrong file" in vawg("report", "--json").json["rolled_back"]


def test_empty_path_of_a_script_takes_nothing_in(vawg: Vawg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    extract(tmp_path / "here" / "extract.csv")
    monkeypatch.chdir(tmp_path / "here")
    for command in ("ingest", "check"):
        told = vawg(command, "")
        assert (told.code, "a path is empty" in told.err) == (2, True)
    assert vawg("history").out == "Submissions: none.\n"
    assert vawg("check", ".", "--json").code == 0


def test_day_beyond_the_calendar_is_said(vawg: Vawg) -> None:
    for command in (("status", "--today", "9999-12-31"), ("notify", "--dry-run", "--today", "1900-01-01")):
        told = vawg(*command)
        assert (told.code, "from 2010 to 2039" in told.err) == (2, True)


def test_short_commands_do_without_prefect(tmp_path: Path) -> None:
    path = extract(tmp_path / "extract.csv")
    commands = [
        ["ingest", str(path)],
        ["refresh"],
        ["check", str(path)],
        ["status"],
        ["history"],
        ["quarantine", "list"],
    ]
    program = (
        "import sys\n"
        "from flows.cli import main\n"
        f"for words in {commands}:\n"
        "    sys.argv = ['vawg', *words]\n"
        "    try: main()\n"
        "    except SystemExit as ended: assert not ended.code, words\n"
        "assert 'prefect' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, encoding="utf-8", cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr


def test_data_docs_are_built_below_the_home(vawg: Vawg, tmp_path: Path) -> None:
    vawg("ingest", extract(tmp_path / "extract.csv", "many"))
    answer = vawg("docs")
    page = tmp_path / "state" / "data-docs" / "index.html"
    assert (answer.code, answer.out) == (0, f"Open {page}\n")
    assert page.exists()
