"""A published figure is followed to the rows of the files, and counted again from these."""

import csv
from pathlib import Path
from shutil import copytree

import pytest

from flows.explaining import Explained, NotAsked, explain
from flows.home import Home
from flows.ingesting import ingest
from flows.refreshing import refresh_and_publish
from flows.showing_explanation import show_explanation, write_explanation
from tests.empty import with_warehouse
from tests.flows.demonstrated import Demonstrated
from warehouse.explaining import NoSuchFigure
from warehouse.reading import NothingPublished

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


def test_area_that_is_none_is_said(home: Home) -> None:
    with pytest.raises(NoSuchFigure, match='"Barnsley" is no area'):
        explain(home, "DA_INC_R12", "Barnsley", "2021-03")


def test_any_area_and_any_spelling_will_do_and_what_is_divided_is_said(
    demonstration: Demonstrated, tmp_path: Path
) -> None:
    home = demonstration.copied_to(tmp_path / "home")
    for area in ("BCU_NORTH_WEST", "north west command (barnet, brent, harrow)"):
        explained = explain(home, "vs_ref", area, "2020-03", recount=False)
        assert explained.explanation.figure["area_code"] == "BCU_NORTH_WEST"
    with pytest.raises(NoSuchFigure, match=r"with --breakdown: victim_age_band=11-20, .*victim_age_band=31-40"):
        explain(home, "MARAC_V_AGE", "Barnet", "2020-03", recount=False)


def test_nothing_published_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingPublished, match="vawg refresh"):
        explain(Home(tmp_path / "home"), "DA_INC_R12", BARNET, "2021-03")


def page(explained: Explained, folder: Path) -> str:
    """Return the text of the page of a figure, and see that it needs nothing else."""
    text = write_explanation(explained, folder).read_text(encoding="utf-8")
    assert not [one for one in ("<script", "http", "src=") if one in text]
    return text


def test_page_shows_each_month_and_the_rows_behind_it(home: Home, tmp_path: Path) -> None:
    text = page(explain(home, "DA_INC_R12", "Barnet", "2021-03"), tmp_path)
    assert [one.name for one in tmp_path.glob("*.html")] == ["DA_INC_R12-E09000003-2021-03.html"]
    assert "12 months to March 2021: 1200</h1>" in text
    assert "Read again, every file gives what was loaded from it." in text
    assert "counted again from the files: 1,200" in text
    for month, count, width in (("Jun 2020", 100, "99.0"), ("Jul 2020", 101, "100.0"), ("Nov 2020", 99, "98.0")):
        cells = f'<th scope="row" class="period">{month}</th>\n<td class="number">{count}</td>'
        assert cells in text
        assert f"width: {width}%" in text.partition(cells)[2].partition("</tr>")[0]
    assert text.count("2 of its 2 parts behind this figure read again the same") == 1


def test_page_says_what_cannot_be_counted_again(home: Home, tmp_path: Path) -> None:
    explained = explain(home, "DA_INC_R12", BARNET, "2021-03")
    (home.root / explained.files[0].submission["kept_as"]).unlink()
    text = page(explain(home, "DA_INC_R12", BARNET, "2021-03"), tmp_path)
    assert 'class="verdict wrong">Not all of it can be counted again from the files: see below.' in text
    assert "cannot be read" in text
    unread = page(explain(home, "DA_INC_R12", BARNET, "2021-03", recount=False), tmp_path)
    assert 'class="verdict unread">The files were not read again.' in unread


def test_page_of_an_incomplete_figure_says_why(home: Home, tmp_path: Path) -> None:
    text = page(explain(home, "DA_INC_R12", BARNET, "2020-06"), tmp_path)
    assert "12 months to June 2020: [x]</h1>" in text
    assert "Only 3 of the 12 months are covered." in text
    assert "Numerator not known" in text


@pytest.mark.parametrize(
    ("indicator", "breakdown", "sum_of_it", "counted"),
    [
        # Paragraphs 1.7, 1.7.2 and 2.41 of the annual report, divided by hand.
        ("DA_INC_RATE_R12", "", "4,960 ÷ 395,869 × 1,000 = 12.5294, shown as 12.5", "Domestic abuse incident"),
        ("MARAC_V_AGE", "victim_age_band=31-40", "120 ÷ 363 × 100 = 33.0579, shown as 33", "cases heard, 31-40"),
        ("DA_VWI_YOY", "", "(807 - 803) ÷ 803 × 100 = 0.4981, shown as +0.5", "violence with injury"),
        ("DA_INC_R12", "", "", "Domestic abuse incident"),
    ],
)
def test_sum_behind_a_figure_of_the_annual_report_is_shown(
    indicator: str,
    breakdown: str,
    sum_of_it: str,
    counted: str,
    demonstration: Demonstrated,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home = demonstration.copied_to(tmp_path / "home")
    explained = explain(home, indicator, "Barnet", "2020-03", breakdown, recount=False)
    monkeypatch.setenv("COLUMNS", "200")
    show_explanation(explained)
    printed, text = capsys.readouterr().out, page(explained, tmp_path)
    for shown in (printed, text):
        assert sum_of_it in shown
        assert ("÷" in shown) == bool(sum_of_it)
        assert counted in shown


@pytest.mark.parametrize(
    ("indicator", "recounts"),
    [
        ("DA_VWI_YOY", {"numerator": 807, "denominator": 803}),  # the year, and the year before
        ("REFUGE_BEDS", {"numerator": 24}),  # how it stood last, of four quarters
        ("DA_CONV_R12", {"numerator": 3146, "denominator": 4960}),
        ("IDVA_NEW", {}),  # persons are not added up
    ],
)
def test_what_is_counted_again_is_the_published_number(
    indicator: str, recounts: dict[str, int], demonstration: Demonstrated, tmp_path: Path
) -> None:
    home = demonstration.copied_to(tmp_path / "home")
    explained = explain(home, indicator, "Barnet", "2020-03")
    assert explained.recounts == recounts
    assert explained.holds is True
    assert {part.name: part.value for part in explained.explanation.parts if part.name in recounts} == recounts


def test_nothing_is_claimed_of_files_that_were_not_read(home: Home) -> None:
    assert explain(home, "DA_INC_R12", BARNET, "2021-03", recount=False).holds is None
