"""The page that a sender gets: what it says, and that anybody can read it."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from expectations.catalogue import catalogue
from expectations.feedback_page import Answer, feedback_page
from expectations.verdicts import Actor, Cell, Counts, Finding, Verdict

VOID = {"meta", "br", "hr", "img", "link", "input"}


def finding(check: str = "women.present", verdict: Verdict = Verdict.REJECT_ROW, **given: Any) -> Finding:
    return Finding(
        check=check,
        verdict=verdict,
        **{"sentence": "the cell is blank.", "fix": "Fill in a whole number.", "header": "Women", **given},
    )


def page(*findings: Finding, accepted: bool = False, **given: Any) -> str:
    return feedback_page(
        Answer(
            **{
                "file_name": "refuge.xlsx",
                "source": catalogue()["refuge"],
                "accepted": accepted,
                "counts": Counts(received=2, loaded=2) if accepted else Counts(received=2, rejected=2),
                "findings": findings,
                "out_of_scope": {},
                **given,
            }
        )
    )


class Outline(HTMLParser):
    """The headings, tables and tags of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[str, list[str]] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.text.setdefault(self.open[-1], []).append(data.strip())

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_a_refused_file_is_told_first_that_it_is_refused_and_what_to_do_next() -> None:
    outline = Outline(page(finding(cells=(Cell(9, "25%"),), rows=8)))
    assert outline.text["h1"] == ["The file was not accepted."]
    assert outline.text["h2"][:2] == ["What to do next", "Rows that could not be taken in"]
    assert outline.text["li"][0] == "In your own file, mend what is listed below."
    assert "send the whole file again" in outline.text["li"][1]
    assert outline.text["h3"] == ['Column "Women"']
    assert outline.text["dd"] == ['row 9: "25%" and 7 more.', "Fill in a whole number."]


@pytest.mark.parametrize(
    ("findings", "counts", "headline", "summary"),
    [
        ((), Counts(received=2, loaded=2), "The file was accepted.", "We read 2 rows. 2 rows were taken in."),
        (
            (finding(),),
            Counts(received=2, loaded=1, rejected=1),
            "A part of the file was accepted.",
            "We read 2 rows. 1 row was taken in. 1 row was not.",
        ),
    ],
)
def test_an_accepted_file_is_told_how_much_of_it_is_taken_in(
    findings: tuple[Finding, ...], counts: Counts, headline: str, summary: str
) -> None:
    outline = Outline(page(*findings, accepted=True, counts=counts))
    assert outline.text["h1"] == [headline]
    assert summary in outline.text["p"]


def test_a_file_in_order_needs_nothing_done() -> None:
    assert Outline(page(accepted=True)).text["li"] == ["You need do nothing."]


def test_findings_of_a_column_stand_together_and_what_stops_the_file_comes_first() -> None:
    outline = Outline(
        page(
            finding("a", Verdict.WARN, header="Men"),
            finding("b", header="Women"),
            finding("c", header="Men"),
            finding("d", header="Women", sentence="the value cannot be used."),
            finding("e", Verdict.REJECT_FILE, header=None),
        )
    )
    assert outline.text["h2"][1:4] == ["What stops the file", "Rows that could not be taken in", "Please look at this"]
    assert outline.text["h3"] == ["The file as a whole", 'Column "Women"', 'Column "Men"', 'Column "Men"']


def test_what_is_ours_to_mend_is_not_told_to_the_sender() -> None:
    html = page(finding("correction.x", Verdict.REJECT_FILE, sentence="the correction x is stale.", actor=Actor.US))
    assert "correction" not in html
    assert Outline(html).text["h1"] == ["The file was held back, for a reason on our side."]


@pytest.mark.parametrize("place", ["header", "sheet", "sentence", "fix"])
def test_what_the_sender_wrote_is_text_and_never_markup(place: str) -> None:
    sent: dict[str, Any] = {place: "<script>alert(1)</script>"}
    html = page(finding(**sent, cells=(Cell(3, "<b>&"),)), file_name="<img src=x>.csv")
    assert "<script>" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert "&lt;b&gt;&amp;" in html


def test_a_trial_says_what_would_be() -> None:
    outline = Outline(page(finding(), is_trial=True, marked="refuge.checked.xlsx"))
    assert outline.text["h1"] == ["The file would not be accepted."]
    assert "The cells are marked in refuge.checked.xlsx." in outline.text["li"][0]


def test_rows_out_of_scope_are_counted_with_the_reason() -> None:
    outline = Outline(
        page(accepted=True, counts=Counts(received=5, loaded=2, out_of_scope=3), out_of_scope={"rows of totals": 3})
    )
    assert "rows of totals" in outline.text["td"]
    assert outline.text["td"].count("3") == 1


def test_whom_to_ask_is_said() -> None:
    assert "ask vawg@example.org." in page(ask="vawg@example.org")
    assert "ask the person to whom you send your returns." in page()


def test_the_page_needs_nothing_else_and_is_marked_up_for_everybody() -> None:
    html = page(finding(cells=(Cell(9, "25%"),), rows=1))
    outline = Outline(html)
    assert outline.open == []
    assert not re.search(r"https?:|url\(|@import|<script|\bon\w+=|src=", html)
    assert outline.attributes("html") == [{"lang": "en-GB"}]
    assert len(outline.attributes("h1")) == len(outline.attributes("main")) == len(outline.attributes("title")) == 1
    assert len(outline.attributes("caption")) == len(outline.attributes("table")) == 1
    assert all(attributes.get("scope") in ("col", "row") for attributes in outline.attributes("th"))
    assert any(one.get("content") == "width=device-width, initial-scale=1" for one in outline.attributes("meta"))
    assert "@media print" in html


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_can_be_told_from_its_ground() -> None:
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", page()))
    for ink in ("ink", "quiet"):
        for ground in ("paper", "wash"):
            light, dark = sorted((luminance(colours[ink]), luminance(colours[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_what_was_read_from_where_stands_below_the_rows() -> None:
    assert "What became of the rows" in page(read_from='Read: sheet "Q1".').partition("Read: sheet")[0]


def test_a_file_that_was_not_read_may_hold_more_and_that_is_said() -> None:
    assert "Its rows were not looked at yet" in page(finding(verdict=Verdict.REJECT_FILE), counts=Counts())
    assert "Its rows were not looked at yet" not in page(finding())
