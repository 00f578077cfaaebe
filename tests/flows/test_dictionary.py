"""The data dictionary has everything that is declared, and every link in it leads somewhere."""

from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from shutil import which
from subprocess import run

import pytest

from expectations.catalogue import catalogue
from flows.dictionary import write_dictionary
from warehouse.opening import indicators
from warehouse.reporting import contradictions, printed_figures


class Page(HTMLParser):
    """What a page holds: its links, the places that can be linked to, its text, and the tags that are still open."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append((tag, given))
        if "href" in given:
            self.links.append(str(given["href"]))
        if "id" in given:
            self.places.append(str(given["id"]))

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site once."""
    return write_dictionary(tmp_path_factory.mktemp("dictionary")).parent


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[Path, Page]:
    """Read every page."""
    return {path: Page(path.read_text(encoding="utf-8")) for path in folder.rglob("*.html")}


def test_every_source_is_a_page_with_its_columns_rules_and_words(folder: Path, pages: dict[Path, Page]) -> None:
    for name, source in catalogue().items():
        text = " ".join(pages[folder / "sources" / f"{name}.html"].text.split())
        said = [
            *(header for field in source.fields.values() for header in field.headers),
            *(field.says for field in source.fields.values()),
            *(one for check in source.checks() for one in (check.sentence, check.fix)),
        ]
        assert [one for one in said if " ".join(one.split()) not in text] == []


def test_every_indicator_and_every_printed_figure_is_there(folder: Path, pages: dict[Path, Page]) -> None:
    assert {one["indicator_id"] for one in indicators()} <= set(pages[folder / "indicators.html"].places)
    report = pages[folder / "report.html"]
    assert {one["figure_id"] for one in printed_figures()} <= set(report.places)
    assert {one["contradiction_id"] for one in contradictions()} <= set(report.places)


def test_every_table_says_what_it_and_its_columns_are(folder: Path, pages: dict[Path, Page]) -> None:
    tables = pages[folder / "tables.html"]
    assert {"rolling_12m", "fact_referrals", "fact_return_counts", "cross_check", "dim_measure"} <= set(tables.places)
    assert "<td></td>" not in (folder / "tables.html").read_text(encoding="utf-8")


def test_every_link_leads_somewhere(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        for link in page.links:
            file, _, place = link.partition("#")
            target = (path.parent / file).resolve() if file else path
            assert target in pages, f"{path.name}: {link}"
            assert not place or unescape(place) in pages[target].places, f"{path.name}: {link}"


def test_pages_can_be_read_by_everybody(pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        tags = [tag for tag, _ in page.tags]
        assert tags.count("h1") == 1, path.name
        assert dict(page.tags)["html"] == {"lang": "en-GB"}
        assert tags.count("table") == tags.count("caption"), path.name
        assert all("scope" in given for tag, given in page.tags if tag == "th"), path.name
        assert len(page.places) == len(set(page.places)), path.name
        labelled = {given.get("for") for tag, given in page.tags if tag == "label"}
        assert {given.get("id") for tag, given in page.tags if tag == "input"} <= labelled


@pytest.mark.skipif(not which("chromium"), reason="there is no Chromium here")
def test_the_search_finds_in_a_browser(folder: Path, tmp_path: Path) -> None:
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path}"]
    place = f"{(folder / 'index.html').as_uri()}#q=bed%20spaces"
    shown = run(["chromium", *flags, "--dump-dom", place], capture_output=True, text=True, timeout=120, check=True)
    assert "found" in Page(shown.stdout.partition('id="told"')[2].partition("</p>")[0]).text
    assert 'href="indicators.html#REFUGE_BEDS"' in shown.stdout.partition('id="found"')[2].partition("</ul>")[0]
