"""Corrections: what is mended in a provider's data, and what happens once the provider has mended it."""

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expectations.catalogue import catalogue
from expectations.corrections import Correction, CorrectionsWrong, in_force, load_corrections
from expectations.verdicts import Actor, Verdict
from transforms.correcting import Corrected, corrected, correction_findings

REFUGE = catalogue()["refuge"]
DAY = date(2020, 2, 3)


def correction(**given: Any) -> Correction:
    return Correction(
        **{
            "id": "minerva-women",
            "source": "refuge",
            "where": {"refuge": "Minerva House", "quarter": "2019/20 Q3"},
            "field": "women",
            "expects": "51",
            "becomes": "15",
            "why": "Two digits changed places.",
            "who": "Barnet Homes",
            "since": DAY,
            **given,
        }
    )


def cells(*rows: tuple[str, str, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"row": number, "refuge": refuge, "quarter": quarter, "women": women}
            for number, (refuge, quarter, women) in enumerate(rows, start=2)
        ],
        schema={"row": pl.Int64, **dict.fromkeys(REFUGE.read, pl.String)},
    )


def women(found: Corrected) -> list[str | None]:
    return found.cells["women"].to_list()


SENT = cells(("Minerva House", "2019/20 Q3", "51"), ("Hannah & Arlene", "2019/20 Q3", "51"))


def test_only_the_rows_that_it_is_about_are_corrected_and_that_is_said_to_us() -> None:
    found = corrected(REFUGE, SENT, [correction()])
    assert women(found) == ["15", "51"]
    (said,) = correction_findings(REFUGE, found)
    assert (said.check, said.verdict, said.actor, said.rows) == (
        "correction.minerva-women",
        Verdict.WARN,
        Actor.US,
        1,
    )
    assert str(said) == (
        'Column "Women": the correction minerva-women was applied: "51" was read as "15". Two digits changed places. '
        "Found in row 2. Said by Barnet Homes, known since 03/02/2020; remove the correction once the provider has "
        "mended it."
    )


@pytest.mark.parametrize(
    ("refuge", "quarter", "found"),
    [
        ("minerva  house", "Q3 2019-20", " 51"),
        ("Minerva", "01/10/2019", "51"),
        ("MINERVA_HOUSE", "Oct-Dec 2019", "51 "),
    ],
)
def test_a_row_is_known_by_what_it_says_however_it_is_written(refuge: str, quarter: str, found: str) -> None:
    assert women(corrected(REFUGE, cells((refuge, quarter, found)), [correction()])) == ["15"]


@pytest.mark.parametrize("mended", ["15", "16", None])
def test_a_correction_that_finds_something_else_is_not_applied_and_refuses_the_file(mended: str | None) -> None:
    found = corrected(REFUGE, cells(("Minerva House", "2019/20 Q3", mended)), [correction()])
    assert women(found) == [mended]
    (said,) = correction_findings(REFUGE, found)
    assert (said.verdict, said.actor) == (Verdict.REJECT_FILE, Actor.US)
    assert "the provider seems to have mended it" in said.sentence


def test_one_row_that_was_mended_is_enough_for_none_to_be_corrected() -> None:
    sent = cells(("Minerva House", "2019/20 Q3", "51"), ("Minerva", "2019/20 Q3", "15"))
    found = corrected(REFUGE, sent, [correction()])
    assert women(found) == ["51", "15"]
    assert [rows for _, rows in found.stale] == [(3,)]


def test_a_file_without_such_rows_is_left_alone_and_nothing_is_said() -> None:
    sent = cells(("Minerva House", "2019/20 Q4", "51"))
    found = corrected(REFUGE, sent, [correction()])
    assert women(found) == ["51"]
    assert correction_findings(REFUGE, found) == []


def test_a_blank_cell_can_be_expected_and_a_wrong_value_can_be_taken_out() -> None:
    blank = cells(("Minerva House", "2019/20 Q3", None))
    assert women(corrected(REFUGE, blank, [correction(expects="", becomes="15")])) == ["15"]
    assert women(corrected(REFUGE, SENT, [correction(becomes="")])) == [None, "51"]


def test_a_correction_is_applied_up_to_its_last_day_and_to_its_source_alone() -> None:
    ends = correction(until=date(2020, 3, 31))
    assert in_force([ends], REFUGE, date(2020, 3, 31)) == (ends,)
    assert in_force([ends], REFUGE, date(2020, 4, 1)) == ()
    assert in_force([ends], catalogue()["sanctuary"], date(2020, 3, 31)) == ()


FILE = """
[[correction]]
id = "minerva-women"
source = "refuge"
where = { refuge = "Minerva House", quarter = "2019/20 Q3" }
field = "women"
expects = "51"
becomes = "15"
why = "Two digits changed places."
who = "Barnet Homes"
since = 2020-02-03
"""


def load(folder: Path, text: str) -> tuple[Correction, ...]:
    path = folder / "corrections.toml"
    path.write_text(text, encoding="utf-8")
    return load_corrections(path, catalogue())


def test_a_file_of_corrections_is_read(tmp_path: Path) -> None:
    assert load(tmp_path, FILE) == (correction(),)
    assert load_corrections(tmp_path / "nowhere.toml", catalogue()) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('source = "refuge"', 'source = "refuges"', "minerva-women: there is no source refuges; there are benchmark"),
        ('field = "women"', 'field = "womens"', "minerva-women: refuge has no field womens; it has "),
        ('becomes = "15"', 'becomes = " 51 "', "minerva-women: expects and becomes are the same"),
        ('who = "Barnet Homes"', 'who = " "', "minerva-women: who: String should have at least 1 character"),
        ('why = "Two digits changed places."', "", "minerva-women: why: Field required"),
        ("since = 2020-02-03", "since = 2020-02-03\nuntil = 2020-01-01", "minerva-women: until lies before since"),
        ("since = 2020-02-03", "since = 2020-02-03\nwhom = 1", "minerva-women: whom: Extra inputs are not permitted"),
        ('refuge = "Minerva House", quarter', 'women = "51", quarter', "minerva-women: women cannot say which rows"),
        ("[[correction]]", "x = 1\n[[correction]]", "x: only [[correction]] can stand here"),
        ("[[correction]]", "[[correction", "cannot be read"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(old: str, new: str, said: str, tmp_path: Path) -> None:
    assert old in FILE
    with pytest.raises(CorrectionsWrong) as wrong:
        load(tmp_path, FILE.replace(old, new))
    assert said in str(wrong.value)


def test_everything_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(CorrectionsWrong) as wrong:
        load(tmp_path, FILE + FILE.replace('"women"', '"womens"') + FILE.replace('"refuge"', '"refuges"'))
    assert len(str(wrong.value).splitlines()) == 4
    assert "minerva-women: stands there 3 times" in str(wrong.value)


@pytest.mark.parametrize(("field", "where"), [("case_id", "met_on"), ("victim_sex", "case_id")])
def test_what_is_personal_is_neither_corrected_nor_named(field: str, where: str, tmp_path: Path) -> None:
    marac = catalogue()["marac_cases"]
    reference = next(name for name, one in marac.read.items() if one.personal)
    names = {"case_id": reference}
    text = (
        FILE.replace('"refuge"', '"marac_cases"')
        .replace('field = "women"', f'field = "{names.get(field, field)}"')
        .replace('{ refuge = "Minerva House", quarter = "2019/20 Q3" }', f'{{ {names.get(where, where)} = "1" }}')
    )
    with pytest.raises(CorrectionsWrong, match=f"{reference} is personal"):
        load(tmp_path, text)
