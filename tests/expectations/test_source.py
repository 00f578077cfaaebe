"""A source is one file: what is wrong in it is said when it is read, and all else follows from it."""

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from textwrap import dedent

import openpyxl
import pytest

import expectations.sources as shipped
from expectations.catalogue import catalogue
from expectations.dictionary import entry
from expectations.fields import Count, Day, Text
from expectations.judging import suite
from expectations.source import Source
from expectations.template import write_template
from expectations.verdicts import Verdict
from flows.dictionary import write_dictionary
from flows.home import Home
from flows.ingesting import checked, ingest_file
from flows.judging import judge_file

TOY = '''
    """A toy provider."""
    from expectations.areas import BOROUGHS
    from expectations.checks import Row
    from expectations.fields import Code, Count, Month, Text
    from expectations.source import Agency, Source, rule


    class ToyHelpline(Source):
        """Calls to a helpline, one row per borough and month."""

        title = "Helpline calls"
        supplier = Agency("TOY", "Toy Helpline", "charity")
        arrives = "monthly"
        loads = "fact_offences"
        key = ("area_code", "month")
        slices = ("area_code", "month")
        rejected_limit = 0.5

        month = Month("Month")
        area_code = Code("Borough", codes={code: [name] for code, name in BOROUGHS.items()})
        offence_id = Code("Line", codes={"DA_INCIDENT": ["Helpline"]})
        measure_id = Code("Counted", codes={"incidents": ["Calls"]})
        value = Count("Calls taken", "Calls answered", says="Calls that were answered.")
        missed = Count("Calls missed", required=False, loaded=False)

        @rule("more calls were missed than taken.", fix="Check both columns.")
        def few_are_missed(row: Row) -> object:
            """Toy rule."""
            return row.missed <= row.value
'''

GOOD = """\
Month,Borough,Line,Counted,Calls answered,Calls missed
01/04/2024,Barnet,Helpline,Calls,40,3
01/05/2024,Barnet,Helpline,Calls,30,
01/05/2024,Brent,Helpline,Calls,lots,2
01/06/2024,Brent,Helpline,Calls,9,12
"""


@pytest.fixture
def toy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Source]]:
    """Put the declaration of a provider into a folder of sources, and do nothing else."""
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "toy_helpline.py").write_text(dedent(TOY), encoding="utf-8")
    monkeypatch.setattr(shipped, "__path__", [*shipped.__path__, str(folder)])
    yield catalogue()["toy_helpline"]
    del sys.modules["expectations.sources.toy_helpline"]
    del shipped.toy_helpline  # type: ignore[attr-defined]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "calls.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_the_catalogue_finds_what_is_shipped_by_its_files() -> None:
    files = sorted(path.stem for path in Path(shipped.__path__[0]).glob("[!_]*.py"))
    assert list(catalogue()) == files
    assert {"police_dashboard", "marac_cases", "refuge", "safelives_benchmark"} < set(files)


def test_one_file_gives_a_suite(toy: type[Source]) -> None:
    checks = [one.meta["check"] for one in suite(toy).expectations]
    assert checks[0] == "file.has_rows"
    assert {"month.readable", "area_code.present", "value.in_range", "few_are_missed", "unique_key"} < set(checks)
    assert "missed.present" not in checks


@pytest.mark.usefixtures("toy")
def test_one_file_gives_verdicts_facts_and_feedback(file: Path) -> None:
    judged = judge_file(file)
    assert judged.accepted
    assert judged.facts is not None
    assert judged.facts.rows["value"].to_list() == [40, 30]
    assert [str(one) for one in judged.findings] == [
        'Column "Calls answered": the value cannot be used. Found in row 4: "lots". '
        "Expected a whole number, 0 to 100,000,000.",
        "More calls were missed than taken. Found in row 5. Check both columns.",
    ]


@pytest.mark.usefixtures("toy")
def test_one_file_is_enough_for_the_warehouse_too(file: Path, home: Home) -> None:
    outcome = ingest_file(home, file)
    assert outcome.status == "accepted", outcome.message
    assert (outcome.counts.received, outcome.counts.loaded, outcome.counts.rejected) == (4, 2, 2)
    with home.open() as connection:
        assert connection.sql("SELECT sum(value) FROM fact_offences").fetchall() == [(70,)]
        assert connection.sql("SELECT agency_name FROM dim_agency WHERE agency_id = 'TOY'").fetchall() == [
            ("Toy Helpline",)
        ]


def test_one_file_gives_its_page_of_the_dictionary(toy: type[Source]) -> None:
    page = entry(toy)
    assert page.startswith("# Helpline calls (`toy_helpline`)\n\nCalls to a helpline, one row per borough and month.\n")
    assert "| Calls taken | Calls answered | a whole number, 0 to 100,000,000 | yes | Calls that were" in page
    assert "| few_are_missed | reject the row | more calls were missed than taken. |" in page


@pytest.mark.usefixtures("toy")
def test_one_file_gives_its_pages_of_the_data_dictionary(tmp_path: Path) -> None:
    index = write_dictionary(tmp_path / "site")
    assert 'href="sources/toy_helpline.html"' in index.read_text(encoding="utf-8")
    page = (tmp_path / "site" / "sources" / "toy_helpline.html").read_text(encoding="utf-8")
    assert "Calls that were answered." in page
    assert "More calls were missed than taken." in page


def test_one_file_gives_a_template_that_comes_back_filled_in(toy: type[Source], tmp_path: Path) -> None:
    path = tmp_path / "helpline.xlsx"
    write_template(toy, path)
    book = openpyxl.load_workbook(path)
    sheet = book["Return"]
    headers = ["Month", "Borough", "Line", "Counted", "Calls taken", "Calls missed"]
    row = next(row[0].row for row in sheet.iter_rows() if [cell.value for cell in row] == headers)
    for number, counts in enumerate(((40, 3), (30, 0)), start=1):
        for column, cell in enumerate((date(2024, 3 + number, 1), "Barnet", "Helpline", "Calls", *counts), start=1):
            sheet.cell(row + number, column, cell)
    book.save(path)
    judged = judge_file(path)
    assert judged.accepted, judged.findings
    assert judged.facts is not None
    assert judged.facts.rows.select("month", "value").rows() == [(date(2024, 4, 1), 40), (date(2024, 5, 1), 30)]


@pytest.mark.usefixtures("toy")
def test_one_file_gives_the_answer_that_its_sender_gets(file: Path, tmp_path: Path) -> None:
    checked([file], to=tmp_path / "answers")
    page = (tmp_path / "answers" / "calls.feedback.html").read_text(encoding="utf-8")
    assert "Helpline calls" in page
    assert "More calls were missed than taken." in page


@pytest.mark.parametrize("source", catalogue().values(), ids=lambda source: source.name)
def test_the_dictionary_names_every_column_and_check(source: type[Source]) -> None:
    page = entry(source)
    assert all(f"| {field.header} |" in page for field in source.fields.values())
    assert all(f"| {check.id} | {check.verdict} |" in page for check in source.checks())


@pytest.mark.parametrize("wrong", ["key", "slices", "vintage"])
def test_a_declaration_that_names_a_field_it_does_not_have_is_an_error(wrong: str) -> None:
    named: dict[str, object] = {"key": ("day",), "slices": ("day",), "vintage": "day", "day": Day("Day")}
    type("Right", (Source,), dict(named))
    named[wrong] = "typo" if wrong == "vintage" else ("day", "typo")
    with pytest.raises(TypeError, match="Wrong names fields it does not declare: typo"):
        type("Wrong", (Source,), named)


class Parts(Source):
    """Fields of three kinds."""

    key = ("name_of_series", "day")
    slices = ("day",)

    name_of_series = Text("Series")
    day = Day("Day")
    value = Count("Count")


def test_a_sources_name_is_its_classs_in_snake_case() -> None:
    assert Parts.name == "parts"
    assert catalogue()["police_dashboard"].__name__ == "PoliceDashboard"


def test_a_row_whose_slice_cannot_be_told_rejects_the_file_and_any_other_only_itself() -> None:
    verdicts = {check.id: check.verdict for check in Parts.checks()}
    assert verdicts["day.readable"] == verdicts["day.present"] == verdicts["unique_key"] == Verdict.REJECT_FILE
    assert verdicts["value.readable"] == verdicts["name_of_series.present"] == Verdict.REJECT_ROW


def test_check_ids_are_unique_within_a_source() -> None:
    for source in catalogue().values():
        ids = [check.id for check in source.checks()]
        assert len(ids) == len(set(ids)), source.name


def test_every_code_of_a_declaration_is_a_member_of_its_dimension(home: Home) -> None:
    members = {
        "area_code": "SELECT area_code FROM dim_area",
        "offence_id": "SELECT offence_id FROM dim_offence",
        "measure_id": "SELECT measure_id FROM dim_measure",
    }
    with home.open() as connection:
        known = {name: {code for (code,) in connection.sql(query).fetchall()} for name, query in members.items()}
    for source in catalogue().values():
        for name in members.keys() & source.fields.keys():
            assert set(getattr(source.fields[name], "codes", {})) <= known[name], (source.name, name)
