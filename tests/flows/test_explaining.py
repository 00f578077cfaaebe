"""A published figure is followed to the rows of the files, and counted again from these."""

import csv
from pathlib import Path
from shutil import copytree

import pytest

from flows.explaining import Explained, NotAsked, explain
from flows.home import Home
from flows.ingesting import ingest
from flows.refreshing import refresh_and_publish
from tests.empty import with_warehouse
from warehouse.explaining import NoSuchFigure

BARNET, BRENT = "E09000003", "E09000005"
HEADERS = ("Month", "Area code", "Concept", "Measure", "Count", "Extract date")
MONTHS = [f"20{20 + number // 12}-{number % 12 + 1:02}-01" for number in range(3, 15)]


def extract(home: Home, name: str, counts: dict[str, int], drawn_on: str) -> Path:
    """Land an extract of Barnet and Brent, month by month, below a title."""
    rows = [
        (month, area, "DA_INCIDENT", "incidents", n, drawn_on)
        for month, n in counts.items()
        for area in (BRENT, BARNET)
    ]
    path = home.landing / name
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([["Domestic abuse, by borough"], [], HEADERS, *rows])
    return path


def rows_of_barnet(path: str) -> list[tuple[int, int]]:
    """Return where Barnet stands in a kept file, and what it has there, as plain reading finds it."""
    with Path(path).open(encoding="utf-8", newline="") as lines:
        return [(number, int(row[4])) for number, row in enumerate(csv.reader(lines), 1) if BARNET in row]


def as_rows(numbers: list[int]) -> str:
    return ", ".join(f"row {number}" for number in numbers)


@pytest.fixture(scope="module")
def restated(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with twelve months of 100, of which two were restated to 101 and 99."""
    home = with_warehouse(Home(tmp_path_factory.mktemp("restated") / "home"))
    extract(home, "first.csv", dict.fromkeys(MONTHS, 100), "2021-04-05")
    ingest(home, [home.landing])
    refresh_and_publish(home)
    extract(home, "second.csv", {MONTHS[3]: 101, MONTHS[7]: 99}, "2021-05-05")
    ingest(home, [home.landing])
    refresh_and_publish(home)
    return home


@pytest.fixture
def home(restated: Home, tmp_path: Path) -> Home:
    """Return a copy of that home."""
    return Home(Path(copytree(restated.root, tmp_path / "home")))


def files(explained: Explained) -> dict[str, tuple[str, int, int, str]]:
    return {one.submission["file_name"]: (one.rows, one.slices, one.same, one.trouble) for one in explained.files}


def test_figure_is_followed_to_the_rows_of_each_file(home: Home) -> None:
    explained = explain(home, "DA_INC_R12", "barnet", "2021-03")
    (numerator,) = explained.explanation.parts
    assert numerator.value == 1200
    assert [one["value"] for one in numerator.counts] == [100, 100, 100, 101, 100, 100, 100, 99, 100, 100, 100, 100]
    kept = {one.submission["file_name"]: str(home.root / one.submission["kept_as"]) for one in explained.files}
    first = [row for row, _ in rows_of_barnet(kept["first.csv"])]
    second = rows_of_barnet(kept["second.csv"])
    assert files(explained) == {
        "first.csv": (as_rows([row for number, row in enumerate(first) if number not in (3, 7)]), 10, 10, ""),
        "second.csv": (as_rows([row for row, _ in second]), 2, 2, ""),
    }
    assert explained.recounts == {"numerator": 1200}
    assert explained.holds


def test_publication_is_explained_as_it_was_known_then(home: Home) -> None:
    extract(home, "third.csv", dict.fromkeys(MONTHS, 101), "2021-06-05")
    ingest(home, [home.landing])
    explained = explain(home, "DA_INC_R12", BARNET, "2021-03")
    assert explained.recounts == {"numerator": 1200}
    assert set(files(explained)) == {"first.csv", "second.csv"}


def test_kept_file_that_was_changed_is_found_out(home: Home) -> None:
    explained = explain(home, "DA_INC_R12", BARNET, "2021-03")
    (second,) = [one.submission for one in explained.files if one.submission["file_name"] == "second.csv"]
    path = home.root / second["kept_as"]
    path.write_bytes(path.read_bytes().replace(b",99,", b",98,"))
    explained = explain(home, "DA_INC_R12", BARNET, "2021-03")
    assert "its hash is another one" in files(explained)["second.csv"][3]
    assert explained.recounts == {}
    assert not explained.holds


def test_kept_file_that_is_gone_is_said(home: Home) -> None:
    explained = explain(home, "DA_INC_R12", BARNET, "2021-03")
    (home.root / explained.files[0].submission["kept_as"]).unlink()
    explained = explain(home, "DA_INC_R12", BARNET, "2021-03")
    assert "cannot be read" in files(explained)["first.csv"][3]
    assert not explained.holds


def test_without_a_recount_the_files_are_named_alone(home: Home) -> None:
    explained = explain(home, "DA_INC_R12", BARNET, "2021-03", recount=False)
    assert [one.submission["file_name"] for one in explained.files] == ["first.csv", "second.csv"]
    assert explained.recounts == {}


def test_incomplete_figure_says_why_and_has_what_there_is(home: Home) -> None:
    explained = explain(home, "DA_INC_R12", BARNET, "2020-06")
    assert explained.explanation.figure["reason"] == "Only 3 of the 12 months are covered."
    assert len(explained.explanation.parts[0].counts) == 3


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("DA_INC_R12", "Barnsley", "2021-03"), '"Barnsley" is no borough'),
        (("DA_INC_R12", "Barnet", "March"), '"March" is no month'),
        (("DA_INC_R12", "Barnet", "2021-03", "victim_sex"), "write it as victim_sex=F"),
    ],
)
def test_what_cannot_be_understood_is_said(asked: tuple[str, ...], said: str, home: Home) -> None:
    with pytest.raises(NotAsked, match=said):
        explain(home, *asked)


@pytest.mark.parametrize(
    "asked", [("NOTHING", "2021-03", ""), ("DA_INC_R12", "2031-03", ""), ("DA_INC_R12", "2021-03", "a=b")]
)
def test_figure_that_is_not_published_is_said(asked: tuple[str, str, str], home: Home) -> None:
    indicator, period, breakdown = asked
    with pytest.raises(NoSuchFigure, match="Nothing is published"):
        explain(home, indicator, BARNET, period, breakdown)
