"""The data dictionary: everything is on it, everything can be reached, and everybody can read it."""

import csv
import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from html import escape, unescape
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import urldefrag

import pytest

from expectations.catalogue import catalogue
from expectations.codes import code_list
from expectations.fields import Code
from expectations.source import Source
from flows import cli
from flows.dictionary import FolderTaken, write_dictionary
from flows.dictionary.writing import marked
from flows.home import Home, measures
from flows.refreshing import refresh_and_publish
from warehouse import open_published
from warehouse.opening import indicators
from warehouse.reporting import contradictions, uncomputed_figures
from warehouse.statements import statements

VOID = {"meta", "link", "input", "br", "img", "hr"}
ACCEPTANCE = Path(__file__).parents[1] / "acceptance.csv"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SOURCES = list(catalogue().values())


class Page(HTMLParser):
    """A page as a strict reader takes it in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str], tuple[str, ...]]] = []
        self.said: list[str] = []
        self.script = ""
        self.feed(html)
        self.close()
        assert not self.open, f"not closed: {self.open}"
        self.text = " ".join(" ".join(self.said).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute twice: {tag}"
        self.elements.append((tag, {name: value or "" for name, value in attrs}, tuple(self.open)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"closed and never opened: {tag}"
        assert self.open.pop() == tag, f"closed out of turn: {tag}"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            self.script += data
        else:
            self.said.append(data)

    def all(self, *tags: str) -> list[dict[str, str]]:
        """Return the attributes of every element of these kinds."""
        return [attributes for tag, attributes, _ in self.elements if tag in tags]

    @property
    def ids(self) -> list[str]:
        return [attributes["id"] for _, attributes, _ in self.elements if "id" in attributes]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the dictionary once."""
    return write_dictionary(tmp_path_factory.mktemp("site")).parent


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Page]:
    """Read every page, by its path."""
    return {str(path.relative_to(folder)): Page(path.read_text("utf-8")) for path in sorted(folder.rglob("*.html"))}


@pytest.fixture(scope="module")
def html(folder: Path) -> Callable[[str], str]:
    """Return a function that gives the words of a page, with its tags as they are."""
    return lambda name: " ".join(unescape((folder / name).read_text("utf-8")).split())


def part(html: str, anchor: str) -> str:
    """Return a page from a place of it to the next row or heading, without its tags."""
    rest = html.partition(f'id="{anchor}"')[2]
    assert rest, anchor
    rest = rest.partition(">")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", re.split(r"</tr>|<h3|<h2", rest)[0]).split())


def test_every_page_is_well_formed_and_has_no_id_twice(pages: dict[str, Page]) -> None:
    assert len(pages) == len(SOURCES) + 7
    for name, page in pages.items():
        assert [one for one, times in Counter(page.ids).items() if times > 1] == [], name


def test_every_link_leads_somewhere(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        links = [link["href"] for link in page.all("a")]
        assert len(links) > 10
        for link in links:
            file, anchor = urldefrag(link)
            target = str(Path(name).parent / file) if file else name
            target = target.removeprefix("sources/../")
            assert target in pages, (name, link)
            assert not anchor or anchor in pages[target].ids, (name, link)


def test_everything_that_is_found_stands_where_it_is_said_to(pages: dict[str, Page]) -> None:
    found = json.loads(pages["index.html"].script.partition("// Everything")[0])
    kinds = Counter(entry["kind"] for entry in found)
    assert kinds["Source"] == len(SOURCES)
    assert kinds["Indicator"] == len(indicators())
    assert kinds["Column of a source"] == sum(len(source.fields) for source in SOURCES)
    for entry in found:
        file, anchor = urldefrag(entry["where"])
        assert not anchor or anchor in pages[file].ids, entry


def test_every_page_can_be_reached_from_the_first_without_javascript(pages: dict[str, Page]) -> None:
    linked = {urldefrag(link["href"]).url for link in pages["index.html"].all("a")}
    assert set(pages) <= linked | {"index.html"}
    assert "hidden" in pages["index.html"].all("form")[0]
    assert "Searching needs JavaScript" in pages["index.html"].text


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_page_of_a_source_has_every_column_with_all_its_names(
    source: type[Source], html: Callable[[str], str]
) -> None:
    page = html(f"sources/{source.name}.html")
    for field in source.fields.values():
        told = part(page, f"column-{field.name}").casefold()
        assert all(header.casefold() in told for header in field.headers), field.name
        assert " ".join(field.expected.split()).casefold() in told
        assert field.says.casefold() in told
        assert (" yes " if field.required else " no ") in told


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_page_of_a_source_has_every_sentence_of_its_checks(
    source: type[Source], pages: dict[str, Page], html: Callable[[str], str]
) -> None:
    name = f"sources/{source.name}.html"
    words = pages[name].text.casefold()
    for check in source.checks():
        assert check.sentence.rstrip(".").casefold() in words, check.id
        if check.field is None:
            told = part(html(name), f"rule-{check.id}")
            assert check.fix in told
            assert check.verdict in told.casefold()


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.name)
def test_the_page_of_a_source_has_every_spelling_of_its_codes(source: type[Source], pages: dict[str, Page]) -> None:
    words = pages[f"sources/{source.name}.html"].text
    for field in source.read.values():
        for code, spellings in field.codes.items() if isinstance(field, Code) else ():
            assert f"{code} {'; '.join(spellings)}" in words


def test_every_indicator_is_defined_with_where_the_definition_comes_from(html: Callable[[str], str]) -> None:
    page = html("indicators.html")
    for one in indicators():
        told = part(page, one["indicator_id"])
        assert one["definition"] in told
        assert one["definition_source"] in told
        assert ("Read from The record of what was received" in told) == one["indicator_id"].startswith("DQ_")


@pytest.mark.parametrize(
    ("indicator", "sources"),
    [
        ("DA_INC_R12", ["police_dashboard", "police_extract"]),
        ("DA_VWI_PO_R12", ["police_dashboard"]),
        ("MARAC_CPV", ["marac_cases"]),
        ("MARAC_RATE", ["marac_cases", "marac_return", "population"]),
        ("PERP_SURV_POST", ["perpetrator_survey"]),
        ("TRAIN_ATT", ["training"]),
    ],
)
def test_indicators_and_the_sources_that_they_are_read_from_lead_to_each_other(
    indicator: str, sources: list[str], html: Callable[[str], str]
) -> None:
    told = html("indicators.html").partition(f'id="{indicator}"')[2].partition("</section>")[0]
    assert re.findall(r"sources/(\w+)\.html", told) == sources
    back = [source.name for source in SOURCES if f'#{indicator}"' in html(f"sources/{source.name}.html")]
    assert back == sources


@pytest.mark.parametrize(
    ("indicator", "computed"),
    [
        ("DA_INC_R12", "Domestic abuse incident: Incidents. Added over the 12 months."),
        (
            "DA_INC_RATE_R12",
            "Domestic abuse incident: Incidents ÷ Residents of all ages (ONS, the latest mid-year by then) × 1,000.",
        ),
        ("MARAC_REPEAT_PCT", "Multi-agency risk assessment conference: Repeat cases ÷ Cases heard × 100."),
        ("REFUGE_BEDS", "Bed spaces (each site, and all together). As it stands at the end of the 12 months."),
        ("IDVA_SEX", "Referrals (each victim sex) ÷ Referrals (victim sex known) × 100."),
        ("IDVA_NEW_YOY", "Percentage change on the year before of Independent domestic violence advocacy: New service"),
        (
            "IDVA_MARAC_COV",
            "Referrals (referrer: MARAC) ÷ Multi-agency risk assessment conference: Cases heard × 100.",
        ),
        (
            "PERP_SURV_PRE",
            "Yes (each question) ÷ Answered (each question) × 100. Added over the 12 months. Empty",
        ),
        ("MARAC_WEEKLY", "Cases heard ÷ 52."),
    ],
)
def test_it_is_said_how_an_indicator_is_computed(indicator: str, computed: str, html: Callable[[str], str]) -> None:
    assert computed in part(html("indicators.html"), indicator)


def test_every_table_and_column_of_both_databases_is_told_of(home: Home, html: Callable[[str], str]) -> None:
    page = html("tables.html")
    question = "SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal"
    refresh_and_publish(home)
    with open_published(home.published) as published, published.at_once() as connection:
        shown = connection.execute(question).fetchall()
    with home.open() as connection:
        held = connection.execute(question).fetchall()
    assert min(len(shown), len(held)) > 200
    for prefix, columns in (("", shown), ("warehouse.", held)):
        for table, column, comment in columns:
            assert comment in part(page, f"{prefix}{table}.{column}")


def test_every_measure_and_every_code_of_a_code_list_is_told_of(html: Callable[[str], str]) -> None:
    page = html("measures.html")
    for one in measures(SOURCES):
        told = part(page, one["measure_id"])
        assert one["measure_name"] in told
        assert one["definition"] in told
    page = html("codes.html")
    for name in ("agency", "area", "ethnic_group", "offence", "service", "sex"):
        for row in code_list(name):
            code, *values = row.values()
            told = part(page, f"{name}.{code}")
            assert all(value.replace("|", "; ") in told for value in values)


def test_every_rule_across_returns_and_before_publication_is_told_of(html: Callable[[str], str]) -> None:
    page = html("rules.html")
    for folder in ("cross_checks", "audit"):
        for rule, question in statements(folder).items():
            assert question.splitlines()[0].removeprefix("-- ") in part(page, rule)


def test_every_figure_of_the_annual_report_is_told_of(html: Callable[[str], str]) -> None:
    page = html("report.html")
    figures = list(csv.DictReader(ACCEPTANCE.read_text("utf-8").splitlines()))
    assert len(figures) == 108
    for one in figures:
        told = part(page, one["id"])
        cannot = one["mode"].startswith("known_bad")
        assert ("No." in told) == cannot
        assert re.search(rf" {re.escape(one['expected'])}%? (Yes|No\.|Not printed\.)", told), told
        assert cannot <= bool(re.search(rf" {re.escape(one['printed'])}%? {re.escape(one['expected'])}", told)), told
    wrong = sum(one["mode"].startswith("known_bad") for one in figures)
    assert f"{99 - wrong} can be right, and {wrong} cannot." in page


def test_a_figure_that_cannot_be_right_says_why_with_its_arithmetic(html: Callable[[str], str]) -> None:
    told = part(html("report.html"), "B24")
    assert "Child-to-parent cases ÷ Cases heard × 100. Added over the 12 months to March 2020." in told
    assert "11% 12% No. 42 of 363 is 11.6%, which rounds to 12; 11 was cut off, not rounded. See I-04 ." in told


def test_a_figure_over_another_span_than_a_year_says_which(html: Callable[[str], str]) -> None:
    told = part(html("report.html"), "E19")
    assert "Referrals ÷ number of days × 366. Added over the 453 days from 1 April 2019 to 26 June 2020." in told
    told = part(html("report.html"), "E08")
    assert "table 3 Refuge: Bed spaces. As it stands at the end of the 12 months to March 2020." in told


def test_contradictions_and_what_is_not_computed_are_told(pages: dict[str, Page], html: Callable[[str], str]) -> None:
    for one in contradictions():
        assert one["finding"] in part(html("report.html"), one["contradiction_id"])
    for one in uncomputed_figures():
        assert f"{one['printed']} {one['paragraph']} {one['reason']}" in pages["report.html"].text


def test_every_page_has_what_an_assistive_technology_needs(pages: dict[str, Page]) -> None:
    titles = [re.sub(r" - Data dictionary.*", "", page.text) for page in pages.values()]
    assert len(set(titles)) == len(titles)
    for name, page in pages.items():
        assert page.all("html") == [{"lang": "en-GB"}], name
        assert len(page.all("h1")) == 1
        assert len(page.all("main")) == 1
        levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch(r"h\d", tag)]
        first = levels.index(1)
        assert first == 0
        assert all(lower - upper <= 1 for upper, lower in pairwise(levels)), name
        assert page.all("a")[0]["href"] == "#main"
        assert "main" in page.ids
        assert len(page.all("table")) == len(page.all("caption"))
        assert {heading["scope"] for heading in page.all("th")} <= {"col", "row"}
        assert all(image["alt"] for image in page.all("img"))
        labelled = {label["for"] for label in page.all("label")}
        assert all(control["id"] in labelled for control in page.all("input"))
        assert all(nav["aria-label"] for nav in page.all("nav"))
        assert {attributes.get("tabindex", "0") for _, attributes, _ in page.elements} <= {"0", "-1"}


def test_nothing_is_asked_of_the_network(pages: dict[str, Page], folder: Path) -> None:
    for page in pages.values():
        outside = [
            attributes
            for _, attributes, _ in page.elements
            if re.match(r"(\w+:)?//", attributes.get("src", attributes.get("href", "")))
        ]
        assert outside == []
    assert "url(" not in (folder / "style.css").read_text("utf-8")
    assert "fetch(" not in pages["index.html"].script


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    digits = colour.removeprefix("#")
    digits = "".join(one * 2 for one in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("ground", ["paper", "wash"])
@pytest.mark.parametrize("text", ["ink", "quiet", "link"])
def test_text_stands_out_from_its_ground(text: str, ground: str, folder: Path) -> None:
    colours = dict(re.findall(r"--(\w+): (#\w+)", (folder / "style.css").read_text("utf-8")))
    darker, lighter = sorted((luminance(colours[text]), luminance(colours[ground])))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_text_of_a_declaration_is_never_taken_for_markup() -> None:
    assert marked("<b>`a_b` is *so* & 2*3*4</b>") == ("&lt;b&gt;<code>a_b</code> is <em>so</em> &amp; 2*3*4&lt;/b&gt;")


def test_the_same_declarations_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_dictionary(tmp_path)
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    assert len(files) == len(SOURCES) + 8
    assert all((tmp_path / file).read_bytes() == (folder / file).read_bytes() for file in files)


def test_a_later_dictionary_takes_the_place_of_an_earlier_one_and_leaves_all_else(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    (tmp_path / "sources" / "gone.html").write_bytes((tmp_path / "sources" / "refuge.html").read_bytes())
    (tmp_path / "minutes.docx").write_text("ours", encoding="utf-8")
    write_dictionary(tmp_path)
    assert not (tmp_path / "sources" / "gone.html").exists()
    assert (tmp_path / "sources" / "refuge.html").exists()
    assert (tmp_path / "minutes.docx").read_text(encoding="utf-8") == "ours"


def test_a_page_of_somebody_else_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<h1>Ours</h1>", encoding="utf-8")
    with pytest.raises(FolderTaken, match=r"not of a data dictionary: index\.html\. Nothing was written"):
        write_dictionary(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


@pytest.mark.parametrize("to", [None, "shared"])
def test_the_command_needs_no_warehouse_and_says_what_to_open(
    to: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VAWG_HOME", "state")
    monkeypatch.setattr(sys, "argv", ["vawg", "dictionary", *(["--to", to] if to else [])])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert not ended.value.code
    page = Path(to or "state/data-dictionary", "index.html")
    assert capsys.readouterr().out in (f"Open {page}\n", f"Open {page.absolute()}\n")
    assert page.is_file()
    assert not list(tmp_path.rglob("*.duckdb"))


def chromium(address: str, profile: Path, *options: str) -> str:
    """Return what a page has become in a browser."""
    command = [
        str(CHROMIUM),
        *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
        *("--disable-background-networking", "--virtual-time-budget=5000", f"--user-data-dir={profile}"),
        *options,
        "--dump-dom",
        address,
    ]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120, check=True).stdout


in_chromium = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")


@in_chromium
@pytest.mark.parametrize(
    ("asked", "said", "first"),
    [
        ("marac+repeat", r"\d+ results for “marac repeat”\.", "indicators.html#MARAC_REPEAT_PCT"),
        ("victim_age_band", r"\d+ results for “victim_age_band”", None),
        ("Minerva", r"\d+ results for “Minerva”", None),
        ("no+such+thing+at+all", r"No results for “no such thing at all”\.", None),
    ],
)
def test_who_searches_is_told_what_was_found(
    asked: str, said: str, first: str | None, folder: Path, tmp_path: Path
) -> None:
    page = chromium(f"{(folder / 'index.html').as_uri()}#q={asked}", tmp_path)
    status = re.search(r'<p id="status" role="status" aria-live="polite">(.*?)</p>', page)
    assert status
    assert re.match(said, unescape(status[1]))
    assert '<form role="search" id="search">' in page
    results = page.partition('id="results"')[2].partition("</section>")[0]
    links = re.findall(r'<a href="([^"]+)"', results)
    number = status[1].split()[0]
    assert len(links) == (0 if number == "No" else min(int(number), 50))
    assert results.startswith(' aria-label="Search results" hidden') == (not links)
    if first:
        assert links[0] == first


@in_chromium
def test_what_is_found_is_text_and_never_markup(folder: Path, tmp_path: Path) -> None:
    page = (folder / "index.html").read_text("utf-8")
    odd = tmp_path / "index.html"
    odd.write_text(page.replace('"name": "Benchmarks"', r'"name": "\u003cb\u003eZyx"', 1), encoding="utf-8")
    found = chromium(f"{odd.as_uri()}#q=%3Cb%3Ezyx", tmp_path / "profile")
    assert "1 result for “&lt;b&gt;zyx”." in found
    assert '<a href="sources/benchmark.html">&lt;b&gt;Zyx</a>' in found


@in_chromium
def test_nothing_is_wider_than_a_narrow_screen_and_no_target_is_too_small(folder: Path, tmp_path: Path) -> None:
    names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.html"))
    frames = "".join(
        f'<iframe src="{escape((folder / name).as_uri())}" width="320" height="900"></iframe>' for name in names
    )
    measured = """
        addEventListener("load", () => {
          const targets = "header nav a, .contents a, summary, button, input, #results a";
          const heights = (page) => [...page.querySelectorAll(targets)].map((one) => one.offsetHeight).filter(Boolean);
          const pages = [...document.querySelectorAll("iframe")].map((frame) => frame.contentDocument);
          const found = pages.map((page) => [page.documentElement.scrollWidth, Math.min(...heights(page))]);
          document.title = JSON.stringify(found);
        });
    """
    narrow = tmp_path / "narrow.html"
    narrow.write_text(f"<meta charset=utf-8><script>{measured}</script>{frames}", encoding="utf-8")
    page = chromium(narrow.as_uri(), tmp_path / "profile", "--allow-file-access-from-files")
    found = json.loads(unescape(page.partition("<title>")[2].partition("</title>")[0]))
    assert len(found) == len(names)
    assert {name: width for name, (width, _) in zip(names, found, strict=True) if width > 320} == {}
    assert {name: height for name, (_, height) in zip(names, found, strict=True) if height < 24} == {}
