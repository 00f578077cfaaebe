"""Golden files: what goes in, what comes out. A file put into `<source>/good` or `<source>/bad` is a test.

`good/<table>.<variant>.csv` gives the facts `good/<table>.facts.csv`, as text and as a workbook.
`bad/<case>.*` gives the words `bad/<case>.feedback.txt`, and the facts `bad/<case>.facts.csv` where a part is loaded;
a workbook beside a `.fods` was made from it by LibreOffice.
"""

import csv
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from expectations.people import Reference
from flows.judging import Judged, judge_file
from tests.words import JARGON
from transforms.reading import grids

SOURCES = Path(__file__).parent


def files(folder: str) -> list[Path]:
    found = SOURCES.glob(f"*/{folder}/*.*")
    return sorted(path for path in found if not path.name.endswith((".facts.csv", ".feedback.txt", ".fods")))


def name(path: Path) -> str:
    return f"{path.parent.parent.name}/{path.stem}"


def facts_of(judged: Judged) -> list[dict[str, str]]:
    assert judged.facts is not None
    assert judged.source is not None
    # Pseudonyms are made with a key that is thrown away where nothing is loaded.
    references = [name for name, field in judged.source.fields.items() if isinstance(field, Reference)]
    rows = judged.facts.rows.drop("content_id", *references).with_columns(pl.all().cast(pl.String).fill_null(""))
    return sorted(rows.rows(named=True), key=lambda row: sorted(row.items()))


def facts_in(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return sorted(csv.DictReader(lines), key=lambda row: sorted(row.items()))


def words_of(judged: Judged) -> str:
    """Return the verdict on the file, the counts of its rows, and every finding on a line of its own."""
    counts = {**vars(judged.counts()), "out_of_scope": sum(judged.out_of_scope.values())}
    said = ", ".join(f"{value} {what.replace('_', ' ')}" for what, value in counts.items() if value)
    first = f"{'accepted' if judged.accepted else 'rejected'}: {said or 'no rows read'}"
    return "\n".join([first, *(f"{one.verdict}, {one.actor}: {one}" for one in judged.findings)]) + "\n"


def workbook_of(path: Path, folder: Path) -> Path:
    """Write a text file as a workbook: dates as real dates, numbers as numbers, blank rows left where they are."""
    made = folder / f"{path.stem}.xlsx"
    text = grids(path)[0]
    with xlsxwriter.Workbook(made) as book, path.open(encoding=text.encoding, newline="") as lines:
        sheet = book.add_worksheet("Data")
        as_date = book.add_format({"num_format": "dd/mm/yyyy"})
        for row, cells in enumerate(csv.reader(lines, delimiter=text.separator)):
            for column, cell in enumerate(cells):
                day = date_of(cell)
                if day:
                    sheet.write_datetime(row, column, day, as_date)
                elif cell.isdecimal():
                    sheet.write_number(row, column, int(cell))
                else:
                    sheet.write_string(row, column, cell)
    return made


def date_of(cell: str) -> datetime | None:
    for style in ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y"):
        with suppress(ValueError):
            return datetime.strptime(cell, style)
    return None


@pytest.mark.parametrize("path", files("good"), ids=name)
def test_a_good_file_gives_its_facts_as_text_and_as_a_workbook(path: Path, tmp_path: Path) -> None:
    expected = facts_in(path.with_name(f"{path.name.split('.')[0]}.facts.csv"))
    for form in (path, workbook_of(path, tmp_path)):
        judged = judge_file(form)
        assert judged.accepted, words_of(judged)
        assert judged.source is not None
        assert judged.source.name == path.parent.parent.name
        assert facts_of(judged) == expected, form.suffix


@pytest.mark.parametrize("path", files("bad"), ids=name)
def test_a_bad_file_is_told_what_is_wrong_and_what_to_do(path: Path) -> None:
    judged = judge_file(path)
    assert not JARGON.search(words_of(judged))
    assert words_of(judged) == path.with_name(f"{path.stem}.feedback.txt").read_text(encoding="utf-8")
    facts = path.with_name(f"{path.stem}.facts.csv")
    assert judged.accepted == facts.exists()
    if judged.accepted:
        assert facts_of(judged) == facts_in(facts)


def test_every_source_has_good_and_bad_files() -> None:
    declared = {path.stem for path in (SOURCES.parent.parent / "expectations" / "sources").glob("[!_]*.py")}
    assert {path.parent.parent.name for path in files("good")} == declared
    assert {path.parent.parent.name for path in files("bad")} == declared
