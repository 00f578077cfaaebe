"""What a sender gets back: written by a check beside nothing else, and by a submission into quarantine."""

import json
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from expectations.catalogue import catalogue
from expectations.template import write_template
from flows import cli
from flows.home import Home
from flows.ingesting import ingest_file, replay
from flows.keys import new_keys
from flows.retaining import retain
from transforms.examples import example_rows
from warehouse.reporting import report

HEADER = "Month,Area code,Concept,Measure,Count,Extract date"
SANCTUARY = catalogue()["sanctuary"]

CORRECTION = """
[[correction]]
id = "secured-as-a-share"
source = "sanctuary"
where = { quarter = "2019/20 Q1" }
field = "homes_secured"
expects = "25%"
becomes = "3"
why = "The share was sent instead of the count."
who = "Barnet Homes"
since = 2019-07-20
"""

Vawg = Callable[..., tuple[int, str, str]]


@pytest.fixture
def vawg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vawg:
    """Return the command line, in an empty folder."""
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("COLUMNS", "250")

    def vawg(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["vawg", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return vawg


def sanctuary(path: Path, secured: str = "25%") -> Path:
    row = {"prepared_on": "15/07/2019", "quarter": "2019/20 Q1", "homes_assessed": "12", "homes_secured": secured}
    path.parent.mkdir(parents=True, exist_ok=True)
    write_template(SANCTUARY, path, rows=pl.DataFrame([{name: row.get(name, "3") for name in SANCTUARY.read}]))
    return path


def extract(path: Path, *counts: object) -> Path:
    months = [f"20{16 + number // 12}-{number % 12 + 1:02}-01" for number in range(len(counts))]
    rows = [
        f"{month},E09000003,DA_INCIDENT,incidents,{count},2026-01-05"
        for month, count in zip(months, counts, strict=True)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_check_writes_the_page_and_the_marked_workbook_here_and_makes_no_home(vawg: Vawg, tmp_path: Path) -> None:
    code, out, _ = vawg("check", sanctuary(tmp_path / "sent" / "q1.xlsx"))
    assert code == 3
    assert out.endswith("Wrote q1.feedback.html\nWrote q1.checked.xlsx\n")
    assert names(Path.cwd()) == {"q1.feedback.html", "q1.checked.xlsx"}
    assert names(tmp_path / "sent") == {"q1.xlsx"}
    assert "The file would not be accepted." in Path("q1.feedback.html").read_text(encoding="utf-8")
    assert openpyxl.load_workbook("q1.checked.xlsx").sheetnames[:2] == ["Findings", "Return"]


def test_check_again_replaces_its_own_answers_and_takes_away_a_copy_that_no_longer_holds(
    vawg: Vawg, tmp_path: Path
) -> None:
    vawg("check", sanctuary(tmp_path / "q1.xlsx"), "--to", "answers")
    assert names(Path("answers")) == {"q1.feedback.html", "q1.checked.xlsx"}
    code, _, _ = vawg("check", sanctuary(tmp_path / "q1.xlsx", secured="3"), "--to", "answers")
    assert (code, names(Path("answers"))) == (0, {"q1.feedback.html"})
    assert "The file would be accepted." in Path("answers/q1.feedback.html").read_text(encoding="utf-8")


def test_files_of_the_same_name_from_two_senders_are_answered_apart(vawg: Vawg, tmp_path: Path) -> None:
    sanctuary(tmp_path / "one" / "return.xlsx", secured="3")
    sanctuary(tmp_path / "two" / "return.xlsx")
    vawg("check", tmp_path / "one", tmp_path / "two", "--to", "answers")
    said = {
        name: Path("answers", name).read_text(encoding="utf-8") for name in names(Path("answers")) if "html" in name
    }
    assert sorted(said) == ["return.xlsx (1).feedback.html", "return.xlsx (2).feedback.html"]
    assert "The file would be accepted." in said["return.xlsx (1).feedback.html"]
    assert "The file would not be accepted." in said["return.xlsx (2).feedback.html"]


@pytest.mark.parametrize("name", ["q1.feedback.html", "q1.checked.xlsx"])
def test_check_never_overwrites_a_file_that_it_did_not_write(name: str, vawg: Vawg, tmp_path: Path) -> None:
    Path(name).write_text("mine", encoding="utf-8")
    code, _, err = vawg("check", sanctuary(tmp_path / "q1.xlsx"))
    assert code == 1
    assert (
        err == f"Error: Not overwritten, since no check wrote it: {name}. Move it, or name another folder with --to.\n"
    )
    assert names(Path.cwd()) == {name}
    assert Path(name).read_text(encoding="utf-8") == "mine"


def test_a_workbook_of_the_sender_by_that_name_is_not_overwritten(vawg: Vawg, tmp_path: Path) -> None:
    own = sanctuary(Path.cwd() / "q1.checked.xlsx").read_bytes()
    code, _, _ = vawg("check", sanctuary(tmp_path / "q1.xlsx"))
    assert code == 1
    assert Path("q1.checked.xlsx").read_bytes() == own


def test_files_of_one_name_have_answers_of_their_own(vawg: Vawg, tmp_path: Path) -> None:
    sent = extract(tmp_path / "sent" / "q1.csv", "many").parent
    sanctuary(sent / "q1.xlsx")
    vawg("check", sent)
    assert {"q1.csv.feedback.html", "q1.xlsx.feedback.html"} <= names(Path.cwd())


def test_json_writes_nothing(vawg: Vawg, tmp_path: Path) -> None:
    code, out, _ = vawg("check", sanctuary(tmp_path / "q1.xlsx"), "--json")
    assert (code, json.loads(out)[0]["status"], names(Path.cwd())) == (3, "rejected", set())


def test_a_rejected_file_lies_in_quarantine_with_what_its_sender_is_told(tmp_path: Path, home: Home) -> None:
    outcome = ingest_file(home, sanctuary(tmp_path / "q1.xlsx"))
    folder = (home.root / str(outcome.kept_as)).parent
    assert names(folder) == {"q1.xlsx", "feedback.txt", "feedback.html", "q1.checked.xlsx"}
    page = (folder / "feedback.html").read_text(encoding="utf-8")
    assert "The file was not accepted." in page
    assert "The cells are marked in q1.checked.xlsx." in page


def test_a_partly_rejected_file_has_its_answer_in_quarantine_too(tmp_path: Path, home: Home) -> None:
    outcome = ingest_file(home, extract(tmp_path / "partly.csv", *range(100, 160), "many"))
    assert (outcome.status, outcome.counts.rejected) == ("accepted", 1)
    (folder,) = home.quarantine.iterdir()
    assert names(folder) == {"feedback.txt", "feedback.html", "partly.checked.xlsx"}
    page = (folder / "feedback.html").read_text(encoding="utf-8")
    assert "A part of the file was accepted." in page
    assert "60 rows were taken in. 1 row was not." in page


def test_an_answer_is_removed_with_the_file_that_it_is_about(tmp_path: Path, home: Home) -> None:
    ingest_file(home, extract(tmp_path / "partly.csv", *range(100, 160), "many"))
    ingest_file(home, extract(tmp_path / "whole.csv", *range(100, 161)))
    retain(home, now=datetime(9999, 1, 1))
    assert list(home.quarantine.iterdir()) == []


def test_a_file_with_personal_data_has_no_marked_copy_and_its_page_repeats_nothing_of_it(
    tmp_path: Path, home: Home
) -> None:
    path = extract(tmp_path / "names.csv", 400)
    path.write_text(
        path.read_text("utf-8").replace("date\n", "date,Victim name\n").replace("05\n", "05,Robin Canary\n")
    )
    ingest_file(home, path)
    (folder,) = home.quarantine.iterdir()
    assert names(folder) == {"names.csv", "feedback.txt", "feedback.html"}
    page = (folder / "feedback.html").read_text(encoding="utf-8")
    assert "looks like personal data" in page
    assert "Canary" not in page


def test_no_cell_of_a_file_about_people_is_copied_into_quarantine_or_repeated_on_its_page(
    tmp_path: Path, home: Home, vawg: Vawg
) -> None:
    cases = catalogue()["marac_cases"]
    new_keys(home.key_file, ["HESTIA"])
    rows = example_rows(cases).with_columns(victim_sex=pl.lit("Robin Canary"))
    write_template(cases, tmp_path / "cases.xlsx", rows=rows)
    assert ingest_file(Home(home.root), tmp_path / "cases.xlsx").status == "rejected"
    (folder,) = home.quarantine.iterdir()
    assert names(folder) == {"cases.xlsx", "feedback.txt", "feedback.html"}
    vawg("check", tmp_path / "cases.xlsx")
    for page in (folder / "feedback.html", Path("cases.feedback.html")):
        text = page.read_text(encoding="utf-8")
        assert "Victim sex" in text
        assert "Canary" not in text
    notes = openpyxl.load_workbook("cases.checked.xlsx")
    said = [cell.comment.text for row in notes["Return"].iter_rows() for cell in row if cell.comment]
    assert len(said) == len(rows)
    assert not [one for one in said if "Canary" in one]


def test_a_quarantined_file_is_taken_in_once_a_correction_is_written_down(tmp_path: Path, home: Home) -> None:
    assert ingest_file(home, sanctuary(tmp_path / "q1.xlsx")).status == "rejected"
    (home.root / "corrections.toml").write_text(CORRECTION, encoding="utf-8")
    (outcome,) = replay(Home(home.root), [])
    assert outcome.status == "accepted", outcome.findings
    with home.open() as connection:
        secured = connection.sql("SELECT value FROM fact_return_counts WHERE measure_id = 'homes_secured'").fetchall()
        kept = report(connection, "findings", submission_id=str(outcome.submission_id))
    assert secured == [(3,)]
    (applied,) = [one for one in kept if str(one["check_id"]).startswith("correction.")]
    assert "The share was sent instead of the count." in applied["said"]


def test_a_correction_whose_fault_the_provider_has_mended_stops_the_file_loudly(tmp_path: Path, home: Home) -> None:
    (home.root / "corrections.toml").write_text(CORRECTION, encoding="utf-8")
    outcome = ingest_file(home, sanctuary(tmp_path / "q1.xlsx", secured="3"))
    assert outcome.status == "rejected"
    (said,) = [str(one) for one in outcome.findings if one.check == "correction.secured-as-a-share"]
    assert 'expects "25%", and something else stands there' in said
    assert '"3"' in said
    (folder,) = home.quarantine.iterdir()
    told = (folder / "feedback.txt").read_text("utf-8") + (folder / "feedback.html").read_text("utf-8")
    assert "secured-as-a-share" not in told
    assert "for a reason on our side" in told
    (home.root / "corrections.toml").unlink()
    (again,) = replay(Home(home.root), [])
    assert again.status == "accepted"


def test_corrections_are_listed_and_what_is_wrong_with_them_is_said(
    vawg: Vawg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "reviewed.toml"
    path.write_text(CORRECTION, encoding="utf-8")
    monkeypatch.setenv("VAWG_CORRECTIONS", str(path))
    code, out, _ = vawg("corrections")
    assert code == 0
    assert "secured-as-a-share" in out
    assert 'homes_secured: "25%" becomes "3"' in out
    (listed,) = json.loads(vawg("corrections", "--json")[1])
    assert (listed["id"], listed["since"]) == ("secured-as-a-share", str(date(2019, 7, 20)))
    path.write_text(CORRECTION.replace("sanctuary", "sanctuaries"), encoding="utf-8")
    for words in (("corrections",), ("ingest", sanctuary(tmp_path / "q1.xlsx")), ("check", tmp_path / "q1.xlsx")):
        code, _, err = vawg(*words)
        assert code == 1
        assert "secured-as-a-share: there is no source sanctuaries" in err


def test_a_template_is_written_here_and_nothing_is_overwritten(vawg: Vawg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_CONTACT", "vawg@example.org")
    code, out, _ = vawg("template", "sanctuary")
    assert (code, names(Path.cwd())) == (0, {"sanctuary.xlsx"})
    assert out.startswith("Wrote sanctuary.xlsx, for Barnet Homes to fill in.")
    guide = openpyxl.load_workbook("sanctuary.xlsx")["How to fill this in"]
    assert any("ask vawg@example.org." in str(cell.value) for row in guide.iter_rows() for cell in row)
    assert vawg("template", "sanctuary")[0] == 1
    assert vawg("template", "sanctuary", "--to", "another.xlsx")[0] == 0
    code, _, err = vawg("template", "sanctury")
    assert (code, err[:41]) == (1, "Error: There is no source sanctury. Known")
