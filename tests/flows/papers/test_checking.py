"""Checking a paper from the command line: the page, the table, answers, the register."""

import csv
import json
from pathlib import Path
from shutil import copytree

import pytest

from flows.home import Home
from flows.ingesting import ingest
from flows.refreshing import refresh_and_publish
from tests.empty import with_warehouse
from tests.flows.typed import Vawg, typed

MONTHS = [f"{2020 + number // 12}-{number % 12 + 1:02}-01" for number in range(3, 15)]
DRAFT = """1. Police

1.1 In 2020/21 the police recorded 1,200 domestic abuse incidents and 659 domestic abuse offences.
1.2 The council planted 14 trees. =SUM(A1) had 5 leaves.
1.3 In 2020/21 there were 1,300 domestic abuse incidents.
"""


def extract(path: Path, incidents: int, offences: int, drawn: str) -> Path:
    rows = [
        f"{month},E09000003,{concept},{measure},{count},{drawn}"
        for month in MONTHS
        for concept, measure, count in (("DA_INCIDENT", "incidents", incidents), ("DA_OFFENCE", "offences", offences))
    ]
    path.write_text("\n".join(["Month,Area code,Concept,Measure,Count,Extract date", *rows, ""]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with 1,200 incidents and 660 offences in 2020/21."""
    folder = tmp_path_factory.mktemp("published")
    home = with_warehouse(Home(folder / "home"))
    ingest(home, [extract(folder / "extract.csv", 100, 55, "2021-05-01")])
    refresh_and_publish(home)
    return home


@pytest.fixture
def home(published: Home, tmp_path: Path) -> Home:
    """Return a copy of that home."""
    return Home(Path(copytree(published.root, tmp_path / "home")))


@pytest.fixture
def vawg(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vawg:
    """Return the command line beside that home, and a draft."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAWG_HOME", str(home.root))
    monkeypatch.setenv("COLUMNS", "200")
    (tmp_path / "draft.txt").write_text(DRAFT, encoding="utf-8")

    return typed(monkeypatch, capsys)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def answer(path: Path, answers: dict[str, dict[str, str]]) -> Path:
    """Answer in a table as its author would, by figure."""
    rows = [{**row, **answers.get(row["figure"], {})} for row in table(path)]
    with path.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_what_is_wrong_is_told_and_ends_with_three(vawg: Vawg, tmp_path: Path) -> None:
    told = vawg("check-report", "draft.txt")
    assert told.code == 3
    assert "5 figures: 1 right, 2 to be put right, 2 to be asked; false alarms, as answered: 0." in told.out
    assert "the data give 660." in told.out
    assert "Paragraph 1.1 prints 1,200 for the same." in told.out
    assert {path.name for path in tmp_path.glob("draft.*")} == {"draft.txt", "draft.checked.html", "draft.figures.csv"}


def test_the_page_marks_every_figure_where_it_stands(vawg: Vawg, tmp_path: Path) -> None:
    vawg("check-report", "draft.txt", "--to", "answer")
    page = (tmp_path / "answer" / "draft.checked.html").read_text(encoding="utf-8")
    assert page.count('<mark class="right">') == 2  # one in the key
    assert page.count('<mark class="wrong">') == 3
    assert 'recorded <mark class="right">1,200</mark> domestic abuse incidents' in page
    assert '<a href="#note-1">659<sup>1</sup></a></mark> domestic abuse offences' in page
    assert page.count('id="note-') == 4
    assert "<script" not in page
    assert "http" not in page


def test_as_json(vawg: Vawg, tmp_path: Path) -> None:
    told = vawg("check-report", "draft.txt", "--json")
    assert told.code == 3
    found = json.loads(told.out)
    assert found["counts"] == {
        "not what the data give": 2,
        "please say what it is": 2,
        "right": 1,
        "false alarms": 0,
    }
    wrong = [one for one in found["figures"] if one["verdict"] == "not what the data give"]
    assert [(one["place"], one["figure"], one["published"], one["period_end"]) for one in wrong] == [
        ("1.1", "659", "660", "2021-03-31"),
        ("1.3", "1,300", "1200", "2021-03-31"),
    ]
    assert not list(tmp_path.glob("draft.checked*"))


def test_no_cell_of_the_table_begins_like_a_formula(vawg: Vawg, tmp_path: Path) -> None:
    vawg("check-report", "draft.txt")
    cells = [cell for row in table(tmp_path / "draft.figures.csv") for cell in row.values()]
    assert any("SUM(A1)" in cell for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_answers_count_false_alarms_bind_and_skip(vawg: Vawg, tmp_path: Path) -> None:
    vawg("check-report", "draft.txt")
    answers = answer(
        tmp_path / "draft.figures.csv",
        {
            "659": {"answer": "right"},
            "14": {"answer": "skip"},
            "5": {"indicator_id": "DA_OFF_R12", "period_end": "2021-03-31"},
            "1,300": {"indicator_id": "DA_OFF_R12"},
        },
    )
    told = vawg("check-report", "draft.txt", "--answers", answers)
    assert told.code == 3
    assert "4 figures: 1 right, 2 to be put right, 0 to be asked; false alarms, as answered: 1." in told.out
    assert "False alarms, as answered" in told.out
    assert "Domestic abuse offences, the 12 months to March 2021: the data give 660. Paragraph 1.1" in told.out


def test_answers_stay_however_often_a_draft_is_checked(vawg: Vawg) -> None:
    vawg("check-report", "draft.txt")
    answers = answer(Path("draft.figures.csv"), {"659": {"answer": "right"}, "14": {"answer": "skip"}})
    for _ in range(3):
        assert vawg("check-report", "draft.txt", "--answers", answers).code == 3
        with Path("draft.figures.csv").open(encoding="utf-8-sig", newline="") as lines:
            told = {row["figure"]: row["answer"] for row in csv.DictReader(lines)}
        assert (told["659"], told["14"]) == ("right", "skip")
        assert "false alarms, as answered: 1." in vawg("check-report", "draft.txt", "--answers", answers).out


def test_square_brackets_of_a_report_are_shown_as_they_are(vawg: Vawg) -> None:
    assert vawg("enter-report", "draft.txt", "--called", "Report [draft] [/final]", "--by", "A. Author").code == 0
    assert "Report [draft] [/final]" in vawg("printed").out


def test_a_paper_of_which_every_alarm_is_false_ends_well(vawg: Vawg, tmp_path: Path) -> None:
    vawg("check-report", "draft.txt")
    answers = answer(tmp_path / "draft.figures.csv", {"659": {"answer": "right"}, "1,300": {"answer": "right"}})
    assert vawg("check-report", "draft.txt", "--answers", answers).code == 0


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"14": {"answer": "yes"}}, "draft.figures.csv cannot be used: the answer 'yes' is none."),
        ({"14": {"indicator_id": "TREES"}}, "There is no indicator TREES (figure 14, 1.2)."),
        ({"14": {"indicator_id": "DA_OFF_R12", "period_end": "2020"}}, "'2020' is no day (figure 14, 1.2)."),
    ],
)
def test_answers_that_cannot_be_used_are_told(
    answers: dict[str, dict[str, str]], said: str, vawg: Vawg, tmp_path: Path
) -> None:
    vawg("check-report", "draft.txt")
    told = vawg("check-report", "draft.txt", "--answers", answer(tmp_path / "draft.figures.csv", answers))
    assert (told.code, said in told.err) == (1, True)


def test_a_paper_that_is_not_there(vawg: Vawg) -> None:
    told = vawg("check-report", "gone.docx")
    assert told.code == 1
    assert "gone.docx" in told.err


def test_the_register_tells_what_was_printed_and_has_moved_since(vawg: Vawg, home: Home, tmp_path: Path) -> None:
    entered = vawg("enter-report", "draft.txt", "--called", "Annual report 2020/21", "--by", "A. Author")
    assert (entered.code, entered.out.startswith("Entered: Annual report 2020/21, 5 figures.")) == (0, True)
    assert "3 printed figures: 1 as printed, 2 never so." in vawg("printed").out

    ingest(home, [extract(tmp_path / "later.csv", 101, 55, "2021-06-01")])
    refresh_and_publish(home)
    rows = json.loads(vawg("printed", "Annual report 2020/21", "--json").out)
    assert [(one["place"], one["printed"], one["published"], one["now"], one["state"]) for one in rows] == [
        ("1.1", "1,200", "1200", "1212", "moved since"),
        ("1.1", "659", "660", "660", "never so"),
        ("1.3", "1,300", "1200", "1212", "never so"),
    ]


def test_a_later_draft_is_read_beside_the_register(vawg: Vawg, tmp_path: Path) -> None:
    vawg("enter-report", "draft.txt", "--called", "Annual report 2020/21", "--by", "A. Author")
    (tmp_path / "next.txt").write_text("1.1 In 2021/22 there were 659 domestic abuse offences.", encoding="utf-8")
    told = vawg("check-report", "next.txt", "--json")
    (one,) = json.loads(told.out)["figures"]
    assert one["says"].endswith("Annual report 2020/21 prints 659 too (1.1), of the 12 months to March 2021.")


def test_what_was_printed_stays_in_the_register(vawg: Vawg) -> None:
    words = ("enter-report", "draft.txt", "--called", "Annual report 2020/21", "--by", "A. Author")
    assert vawg(*words).code == 0
    again = vawg(*words)
    assert again.code == 1
    assert "Annual report 2020/21 is in the register: A. Author entered it on" in again.err
    assert "3 printed figures: 1 as printed, 2 never so." in vawg("printed").out


@pytest.mark.parametrize("words", [("--by", "A. Author"), ("--called", "Annual report")])
def test_a_report_is_entered_by_name(words: tuple[str, str], vawg: Vawg) -> None:
    told = vawg("enter-report", "draft.txt", *words)
    assert (told.code, "Say what the report is called" in told.err) == (1, True)
    assert "No printed figure of an indicator is in the register." in vawg("printed").out
