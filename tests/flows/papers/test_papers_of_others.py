"""Three papers by somebody who knew the demonstration's figures, and neither the rules nor the words of the checker."""

from pathlib import Path

import pytest

from flows.home import Home
from flows.papers.checking import check_paper
from tests.flows.demonstrated import Demonstrated
from transforms.papers.verdicts import Verdict

DRAFTS = Path(__file__).parent / "drafts"

#: Of each paper the faults that were planted in it and are found, those that are asked about, and the false alarms.
PAPERS = {
    "quarterly_performance.md": (
        [
            ("61%", "cut off"),
            ("476", "carried over"),
            ("9.9%", "another period"),
            ("58", "another period"),
            ("96", "not what the data"),
        ],
        ["25"],
        [("96", "not what the data")],  # of 215 households that a refuge turned away
    ),
    "cabinet_briefing.txt": (
        [
            ("11%", "cut off"),
            ("12%", "reproduce"),
            ("486", "words say"),
            ("51", "not what the data"),
            ("69%", "not what the data"),
            ("104", "not what the data"),
        ],
        ["16%"],
        [("3,230", "not what the data"), ("98%", "not what the data")],
    ),
    "partnership_annex.html": (
        [
            ("14%", "not what the data"),
            ("13.2%", "another period"),
            ("16%", "cut off"),
            ("24%", "its counts"),
            ("485", "words say"),
            ("78", "not what the data"),
            ("45", "another period"),
        ],
        ["98"],
        [("220", "reproduce"), ("244", "not what the data")],  # referrals from the MARAC, which only a share is told of
    ),
}


@pytest.fixture(scope="module")
def home(demonstration: Demonstrated, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return demonstration.copied_to(tmp_path_factory.mktemp("home"))


@pytest.mark.parametrize("name", PAPERS)
def test_faults_are_found_and_false_alarms_are_few(name: str, home: Home) -> None:
    faults, asked, false = PAPERS[name]
    paper = check_paper(home, DRAFTS / name)
    alarms = sorted((one.figure.text, str(one.verdict)) for one in paper.wrong)
    expected = sorted([*faults, *false])
    assert [text for text, _ in alarms] == [text for text, _ in expected]
    assert all(said in verdict for (_, verdict), (_, said) in zip(alarms, expected, strict=True))
    assert set(asked) <= {one.figure.text for one in paper.checked if one.verdict is Verdict.ASKED}


def test_a_paper_is_about_the_year_for_which_most_of_its_figures_are_right(home: Home) -> None:
    about = {name: f"{check_paper(home, DRAFTS / name).about.end:%Y-%m}" for name in PAPERS}
    assert list(about.values()) == ["2019-09", "2020-03", "2019-12"]
