"""The annual report 2019/20 as it was printed, read beside the demonstration's figures."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.papers.checking import Paper, check_paper
from tests.flows.demonstrated import Demonstrated
from transforms.papers.verdicts import Verdict
from warehouse.reporting import contradictions, printed_figures

SEEDS = Path(__file__).resolve().parents[4] / "shared/seeds"
REPORT = SEEDS / "000_46b7f5fa4aa34cee.txt"

pytestmark = pytest.mark.skipif(not REPORT.is_file(), reason="the annual report is not beside this checkout")

#: The contradictions of the report that its own figures show: where, which figure, and what is wrong with it.
FOUND = {
    "I-01": [("1.7", "13.3 per 1000", Verdict.OTHER_PERIOD)],
    "I-02": [("1.9", "1169", Verdict.CARRIED_OVER), ("1.9", "1144", Verdict.CARRIED_OVER)],
    "I-03": [("2.29", "148", Verdict.UNLIKE_WHOLE)],
    "I-04": [("1.7.2", "11%", Verdict.CUT_OFF), ("2.38", "11%", Verdict.CUT_OFF)],
    "I-05": [("2.36", "35%", Verdict.CUT_OFF)],
    "I-06": [("1.7.2", "27%", Verdict.CUT_OFF)],
    "I-07": [("Table 3", "6", Verdict.TWO_PERIODS)],
    "I-10": [("2.50", "110", Verdict.NOT_TWELVE_MONTHS)],
    "I-12": [("2.47", "486", Verdict.NOT_AS_SAID)],
}
#: What the register binds by hand to something else than the words of the paper say, or to another span of days.
BOUND_OTHERWISE = {
    "C04": "1,169 are called referrals, and bound to the new service users that they were",
    "C05": "1,144 likewise",
    "E17": "110 are of 453 days",
    "E18": "110 are of 453 days",
}


@pytest.fixture(scope="module")
def paper(demonstration: Demonstrated, tmp_path_factory: pytest.TempPathFactory) -> Paper:
    """Return the report as it is checked."""
    return check_paper(demonstration.copied_to(tmp_path_factory.mktemp("home")), REPORT)


def test_each_contradiction_is_found_and_nothing_else_is_called_wrong(paper: Paper) -> None:
    expected = {one for found in FOUND.values() for one in found}
    assert {(one.figure.passage.place, one.figure.text, one.verdict) for one in paper.wrong} == expected
    assert set(FOUND) <= {one["contradiction_id"] for one in contradictions()}


@pytest.mark.parametrize(
    ("place", "figure", "says"),
    [
        ("1.7", "13.3 per 1000", "the data give 12.5; 13.3 is the figure of the 12 months to September 2020."),
        ("1.9", "1169", "Paragraph 2.15 prints the same 1169 as IDVA new service users, the 12 months to March 2019."),
        ("2.29", "148", "100 + 13 + 34 make 147, and not 148"),
        ("1.7.2", "11%", "42 of 363 is 11.57, which rounds to 12; 11 was cut off, not rounded."),
        ("2.36", "35%", "53 of 148 is 35.81, which rounds to 36; 35 was cut off, not rounded."),
        ("1.7.2", "27%", "Paragraph 1.8 prints 28% for the same."),
        ("Table 3", "6", "the data agree with the 12 months to March 2020"),
        ("2.50", "110", "spread evenly they are 88.9 in 366 days."),
        ("2.47", "486", "443 is 8.8% less than 486, and 36.7% more than 324."),
    ],
)
def test_the_reason_is_given(place: str, figure: str, says: str, paper: Paper) -> None:
    (one,) = [one for one in paper.wrong if (one.figure.passage.place, one.figure.text) == (place, figure)]
    assert says in " ".join(finding.says for finding in one.findings)


def _printed() -> Iterator[dict[str, str]]:
    return (one for one in printed_figures() if one["is_printed"] == "true" and one["figure_id"] not in BOUND_OTHERWISE)


@pytest.mark.parametrize("figure", [one["figure_id"] for one in _printed()])
def test_figures_are_bound_as_the_register_binds_them_by_hand(figure: str, paper: Paper) -> None:
    (one,) = [one for one in _printed() if one["figure_id"] == figure]
    bound = {
        (
            found.figure.passage.place.replace("Table ", "T"),
            found.meaning.told.indicator_id,
            found.meaning.value,
            str(found.bound.period.end),
            found.figure.number,
        )
        for found in paper.checked
        if found.meaning
    }
    value, end = one["breakdown_value"], one["period_end"]
    indicator = {"DA_VWI_YOY": "DA_VWI_R12", "IDVA_NEW_YOY": "IDVA_NEW"}.get(one["indicator_id"], one["indicator_id"])
    places = one["paragraph"].split("/")
    assert any((place, indicator, value, end, one["printed"]) in bound for place in places), one


def test_what_nobody_can_bind_is_asked_and_not_called_wrong(paper: Paper) -> None:
    asked = {(one.figure.passage.place, one.figure.text) for one in paper.checked if one.verdict is Verdict.ASKED}
    assert asked == {("2.13", "£100,000"), ("2.19", "1"), ("2.19", "3"), ("2.22", "4"), ("6.2", "3")}
