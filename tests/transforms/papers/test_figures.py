"""Figures: which numbers of a paper say how many, how much or which place."""

import pytest

from transforms.papers.figures import figures
from transforms.papers.passage import Passage
from transforms.papers.periods import periods


def found(text: str) -> list[tuple[str, str]]:
    passage = Passage("1.1", text)
    return [(one.text, one.unit) for one in figures(passage, [span for span, _ in periods(text)])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("received 1,346 referrals and 12 others", [("1,346", "count"), ("12", "count")]),
        ("13.6 % of them, 17% and 5 per cent", [("13.6 %", "%"), ("17%", "%"), ("5 per cent", "%")]),
        ("is 13.3 per 1000 population", [("13.3 per 1000", "per 1,000")]),
        ("12.2 domestic abuse incidents for every 1,000 residents", [("12.2", "per 1,000")]),
        ("22.4 per 10,000 women", [("22.4 per 10,000", "per 10,000")]),
        ("the 2nd lowest rate of all 32 London boroughs", [("2nd", "rank")]),
        ("a budget of £696,400", [("£696,400", "GBP")]),
        ("7 cases were heard each week", [("7", "a week")]),
        ("4 - 10 cases are referred", [("4", "range")]),
        ("100women and children", [("100", "count")]),
        ("from 694 to 803.", [("694", "count"), ("803", "count")]),
        ("3146 % of incidents", [("3146", "count")]),
        ("5,013 4,757 4,815", [("5,013", "count"), ("4,757", "count"), ("4,815", "count")]),
    ],
)
def test_figures(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "over the last 12 months",
        "12 months2 up to then",
        "see section 2.20 and Appendix 1",
        "on the 21st June 2017",
        "the 2017-2020 strategy",
        "in 2021",
        "women aged 20 to 24 years and women aged 25 and over",
        "11 to 18-year olds",
        "section 5 Crime and Disorder Act 1998",
        "3 days a week and 5 working days",
        "the IRIS4 project",
        "call 020 7946 0018",
        "https://example.org/documents/s56435/20paper%202019.pdf",
        "Covid-19",
        "Agenda Item 9",
        "every 1,000 residents",
    ],
)
def test_numbers_that_are_no_figures(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("an increase of 0.5%", 1),
        ("a 15% increase", 1),
        ("fell by 9%", -1),
        ("a reduction of 4%", -1),
        ("2.2% more than", 1),
        ("up 1.2% on", 1),
        ("up from 16%", 0),
        ("made up 35% of the case load", 0),
        ("24% of perpetrators", 0),
    ],
)
def test_changes_are_told_from_levels(text: str, change: int) -> None:
    assert [one.change for one in figures(Passage("1.1", text), [])] == [change]
