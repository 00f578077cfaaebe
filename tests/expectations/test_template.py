"""The blank workbook: what a supplier opens, fills in and sends back."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

import flows.judging
from expectations.catalogue import catalogue
from expectations.checks import NotAbove, Row
from expectations.fields import Code, Count, Day, Kind, Text, month_of
from expectations.people import AgeBand, Flag, Reference
from expectations.periods import MonthName, Quarter, StatedPeriod
from expectations.source import Agency, Due, Source, rule
from expectations.template import version, write_template
from flows.judging import judge_file
from flows.keys import Keys
from transforms.examples import NoExample, example_rows

SOLACE = Agency("SOLACE", "Solace Women's Aid", "provider")


class ToyRefuges(Source):
    """Refuge places, one row per refuge and quarter."""

    title = "Refuge return"
    supplier = SOLACE
    arrives = Due("quarter", 15)
    loads = "fact_return_counts"
    service = "REFUGE"
    key = ("refuge", "quarter")
    slices = ("refuge", "quarter")
    part = "refuge"

    quarter = Quarter("Quarter", says="The quarter of the financial year.")
    refuge = Code("Refuge", codes={"NORTH": ["North House"], "SOUTH": ["South House"]})
    bed_spaces = Count("Bed spaces", kind=Kind.SNAPSHOT, at_most=60, says="On the last day of the quarter.")
    women = Count("Women", kind=Kind.FLOW, at_most=500)
    children = Count("Children", kind=Kind.FLOW, required=False)

    @rule("there are children and no women.", fix="Check both columns.")
    def children_come_with_women(row: Row) -> pl.Expr:
        """Toy rule."""
        return (row.children == 0) | (row.women > 0)


class ToyEpisodes(Source):
    """Referrals to a service, one row per referral."""

    title = "Episodes"
    supplier = SOLACE
    arrives = Due("month", 10)
    loads = "fact_referrals"
    service = "IDVA"
    key = ("referral_id", "referred_on")
    slices = ("month",)

    stated = StatedPeriod("Period")
    referral_id = Reference("Referral reference")
    referred_on = Day("Referral date")
    contacted_on = Day("Contact date", required=False, loaded=False)
    month = month_of("referred_on")
    victim_age_band = AgeBand("Age", at_least=16)
    is_engaged = Flag("Engaged")
    months_waited = MonthName("Waited since", loaded=False)
    referrer_id = Code("Referred by", codes={"POLICE": ["Police"], "OTHER": ["Other"]}, unmapped="OTHER")

    contact_follows = NotAbove("referred_on", "contacted_on", sentence="contact came first.", fix="Check both dates.")


SOURCES = {**catalogue(), "toy_refuges": ToyRefuges, "toy_episodes": ToyEpisodes}
ALL = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows.judging, "catalogue", lambda: SOURCES)


Written = Callable[..., Path]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Return a function that writes a source's template."""

    def written(source: type[Source], **given: Any) -> Path:
        path = tmp_path / f"{source.name}.xlsx"
        write_template(source, path, **given)
        return path

    return written


def sheets(path: Path) -> tuple[Worksheet, Worksheet, Worksheet]:
    book = openpyxl.load_workbook(path)
    return book["Return"], book["How to fill this in"], book["Lists"]


def header_row(sheet: Worksheet, first: str) -> int:
    return next(row for row in range(1, 60) if sheet.cell(row, 1).value == first)


def text_of(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


@ALL
def test_a_blank_template_is_recognised_and_refused_because_it_is_empty(source: type[Source], written: Written) -> None:
    judged = judge_file(written(source))
    assert (judged.source, judged.accepted, judged.received) == (source, False, 0)
    empty, *others = judged.findings
    assert str(empty).startswith(f'The file has the headers of "{source.title}", but no')
    above = [field.header for field in source.read.values() if field.above and field.required]
    assert [one.header for one in others] == above


@ALL
def test_a_filled_template_is_accepted_and_brings_what_a_text_file_of_the_same_rows_brings(
    source: type[Source], written: Written, tmp_path: Path
) -> None:
    rows = example_rows(source)
    assert len(rows) >= 1
    table = rows.rename({name: source.fields[name].header for name in rows.columns})
    table.write_csv(tmp_path / "same.csv")
    keys = Keys({source.supplier.agency_id: bytes(32)})
    filled, same = (judge_file(path, keys=keys) for path in (written(source, rows=rows), tmp_path / "same.csv"))
    assert filled.accepted, filled.findings
    assert (filled.received, filled.rejected) == (len(rows), 0)
    assert filled.facts is not None
    assert same.facts is not None
    by = [name for name in filled.facts.rows.columns if name != "content_id"]
    assert filled.facts.rows.sort(by).equals(same.facts.rows.sort(by))


def test_the_facts_of_a_filled_template_are_the_examples(written: Written) -> None:
    rows = pl.DataFrame(
        [
            ("2019/20 Q1", "North House", "6", "4", "3"),
            ("2019/20 Q1", "South House", "18", "9", ""),
        ],
        schema=list(ToyRefuges.read),
        orient="row",
    )
    judged = judge_file(written(ToyRefuges, rows=rows))
    assert judged.facts is not None
    assert judged.facts.rows.sort("measure_id", "value").select("measure_id", "value").rows() == [
        ("bed_spaces", 6),
        ("bed_spaces", 18),
        ("children", 3),
        ("women", 4),
        ("women", 9),
    ]


def test_an_age_band_stays_a_band_and_does_not_become_a_date(written: Written) -> None:
    rows = example_rows(ToyEpisodes).head(1).with_columns(victim_age_band=pl.lit("11-20"))
    sheet, _, _ = sheets(written(ToyEpisodes, rows=rows))
    row = header_row(sheet, "Referral reference")
    column = next(cell.column for cell in sheet[row] if cell.value == "Age")
    assert (sheet.cell(row + 1, column).value, sheet.cell(row + 1, column).number_format) == ("11-20", "@")


@ALL
def test_the_header_is_locked_and_frozen_and_the_rows_below_can_be_filled_in(
    source: type[Source], written: Written
) -> None:
    sheet, how, lists = sheets(written(source))
    columns = [field for field in source.read.values() if not field.above]
    row = header_row(sheet, columns[0].header)
    assert [cell.value for cell in sheet[row]][: len(columns)] == [field.header for field in columns]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert all(cell.protection.locked for cell in sheet[row])
    assert sheet.freeze_panes == f"A{row + 1}"
    assert sheet.print_title_rows == f"${row}:${row}"
    unlocked = [one for one in sheet.column_dimensions.values() if not one.protection.locked]
    assert {place for one in unlocked for place in range(one.min, one.max + 1)} == {*range(1, len(columns) + 1)}
    assert (sheet.sheet_state, how.sheet_state, lists.sheet_state) == ("visible", "visible", "hidden")


@ALL
def test_every_column_says_in_words_whether_it_is_required_and_what_it_expects(
    source: type[Source], written: Written
) -> None:
    sheet, how, _ = sheets(written(source))
    columns = [field for field in source.read.values() if not field.above]
    row = header_row(sheet, columns[0].header)
    for place, field in enumerate(columns, start=1):
        said = str(sheet.cell(row - 1, place).value)
        assert said.startswith("Required. " if field.required else "Optional. ")
    guide = text_of(how)
    for field in source.read.values():
        assert f"{field.expected[1:].rstrip('.')}." in guide, field.name
        assert field.says in guide
    assert all(one.fix in guide for one in source.rules)
    assert str(source.arrives) in guide


def test_codes_are_chosen_from_a_list_numbers_and_dates_are_checked_as_they_are_typed(written: Written) -> None:
    sheet, _, lists = sheets(written(ToyEpisodes))
    row = header_row(sheet, "Referral reference")
    titles = {cell.column_letter: cell.value for cell in sheet[row]}
    let_in = {}
    for one in sheet.data_validations.dataValidation:
        place = str(one.sqref).split(":", maxsplit=1)[0]
        let_in[titles.get(place.rstrip("0123456789")) if place.endswith(str(row + 1)) else "above"] = one
    assert let_in["Referral date"].type == "date"
    assert let_in["Referral date"].formula2 == "TODAY()"
    assert (let_in["Engaged"].type, let_in["Engaged"].errorStyle) == ("list", None)
    assert (let_in["Referred by"].type, let_in["Referred by"].errorStyle) == ("list", "warning")
    assert let_in["above"].type == "list"
    for name, offered in (("Engaged", ["Yes", "No", "Not known"]), ("Referred by", ["Police", "Other"])):
        area = str(let_in[name].formula1).removeprefix("Lists!").replace("$", "")
        assert [cell.value for (cell,) in lists[area]] == offered
    assert all(one.prompt and len(one.prompt) <= 255 and len(one.error or "") <= 255 for one in let_in.values())


def test_a_new_declaration_has_a_new_version_and_an_unchanged_one_has_the_same(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = version(ToyRefuges)
    book = openpyxl.load_workbook(written(ToyRefuges))
    assert book.defined_names["vawg_template"].attr_text == f'"toy_refuges {before}"'
    assert version(ToyRefuges) == before
    monkeypatch.setattr(ToyRefuges.fields["women"], "at_most", 400)
    assert version(ToyRefuges) != before


def test_examples_are_the_same_each_time_and_keep_every_rule() -> None:
    assert example_rows(ToyEpisodes).equals(example_rows(ToyEpisodes))
    dated = example_rows(ToyEpisodes).select(
        pl.col("referred_on", "contacted_on").replace("", None).str.to_date("%d/%m/%Y")
    )
    assert dated.filter(pl.col("contacted_on") < pl.col("referred_on")).is_empty()
    assert dated["contacted_on"].drop_nulls().len() > 0


class Impossible(Source):
    """A source whose text follows a pattern that nothing says an example of."""

    title = "Impossible"
    supplier = SOLACE
    arrives = "never"
    loads = "fact_return_counts"
    key = ("code", "other")
    slices = ("code",)

    code = Text("Code", matches=r"\d{4}")
    other = Text("Other")


def test_a_source_without_a_possible_example_says_what_to_declare() -> None:
    with pytest.raises(NoExample, match="give its fields an `example=`"):
        example_rows(Impossible)


@pytest.mark.skipif(which("soffice") is None, reason="LibreOffice is not installed")
def test_a_template_saved_by_libreoffice_brings_the_same_facts(written: Written, tmp_path: Path) -> None:
    path = written(ToyRefuges, rows=example_rows(ToyRefuges))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    saved = tmp_path / "saved"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(saved), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    ours, theirs = judge_file(path), judge_file(saved / path.name)
    assert theirs.accepted, theirs.findings
    assert ours.facts is not None
    assert theirs.facts is not None
    assert theirs.facts.rows.equals(ours.facts.rows)
    assert theirs.findings == ours.findings
