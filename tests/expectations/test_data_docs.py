"""Data Docs: the pages of Great Expectations for engineers, with no cell of a file in them."""

import re
from datetime import datetime
from pathlib import Path

import pytest

from expectations.catalogue import catalogue
from expectations.data_docs import KeptResult, build
from flows.judging import judge_file

HEADER = "Month,Area code,Area name,Concept,Measure,Count,Extract date"
ROW = "2020-03-01,E09000003,Barnet,DA_INCIDENT,incidents,{count},2020-04-06"
CELLS = {"good": "73519", "bad": "Canary Robin"}


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the pages of a good and a bad file, over those of an earlier time."""
    folder = tmp_path_factory.mktemp("docs")
    site = folder / "data-docs"
    site.mkdir()
    (site / "from-an-earlier-time.html").touch()
    kept = []
    for name, count in CELLS.items():
        path = folder / f"{name}.csv"
        path.write_text(f"{HEADER}\n{ROW.format(count=count)}\n", encoding="utf-8")
        judged = judge_file(path)
        assert judged.accepted == (name == "good")
        assert judged.suite_result is not None
        kept.append(KeptResult(f"submission-{name}", "police_extract", datetime(2026, 1, 5), judged.suite_result))
    assert build(catalogue().values(), kept, site) == site / "index.html"
    return site


def text_of(pages: Path, submission: str) -> str:
    """Return what a person reads on the page of a file."""
    (page,) = (pages / "validations").rglob(f"{submission}.html")
    html = re.sub(r"<(script|style).*?</\1>", " ", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_there_is_a_page_for_each_suite_and_each_file(pages: Path) -> None:
    assert (pages / "index.html").exists()
    assert {page.stem for page in (pages / "expectations").rglob("*.html")} == set(catalogue())
    assert {page.stem for page in (pages / "validations").rglob("*.html")} == {"submission-good", "submission-bad"}
    assert not (pages / "from-an-earlier-time.html").exists()


def test_page_of_a_bad_file_names_the_expectation_that_failed(pages: Path) -> None:
    expectation = "value__state Status Expectation Observed Value values must not belong to this set: unreadable . "
    bad, good = text_of(pages, "submission-bad"), text_of(pages, "submission-good")
    assert "Status: Failed" in bad
    assert f"{expectation}1 unexpected values found. 100% of 1 total rows." in bad
    assert "Status: Succeeded" in good
    assert f"{expectation}--" in good


def test_no_page_carries_a_cell(pages: Path) -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in pages.rglob("*.html"))
    for cell in (*CELLS.values(), "Barnet"):
        assert cell not in text
