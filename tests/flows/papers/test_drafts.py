"""Drafts: reports in other words, with other numbers and other faults, beside figures that are made up here."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from flows.papers.lexicon import lexicon
from transforms.papers.about import about
from transforms.papers.binding import bind
from transforms.papers.checking import check
from transforms.papers.passage import Passage
from transforms.papers.reading import read_paper
from transforms.papers.verdicts import Checked, Key, Known, Printed, Verdict
from warehouse.opening import indicators

DRAFTS = Path(__file__).parent / "drafts"
SCALES = {one["indicator_id"]: one["scale"] for one in indicators()}
ENDS = (date(2017, 3, 31), date(2018, 3, 31), date(2019, 3, 31))

#: Each figure by the years that end in March 2017, 2018 and 2019: a count, a count of a base, or nothing.
FIGURES: Mapping[str, tuple[int | tuple[int, int] | None, ...]] = {
    "DA_INC_R12": (5013, 4757, 4815),
    "DA_OFF_R12": (2556, 2528, 2933),
    "DA_CONV_R12": ((2556, 5013), (2528, 4757), (2933, 4815)),
    "DA_INC_RATE_R12": (None, (4757, 386_000), (4815, 392_000)),
    "DA_PO_R12": (None, None, None),
    "DA_VWI_R12": (690, 694, 803),
    "DA_VWI_PO_R12": (None, None, None),
    "DA_VWI_SD_R12": (120, 121, 137),
    "DA_VWI_SDR_R12": ((120, 690), (121, 694), (137, 803)),
    "MARAC_REF": (None, 300, 320),
    "MARAC_CHILDREN": (None, 190, 205),
    "MARAC_FAM_CH": (None, 120, 130),
    "MARAC_REPEAT_PCT": (None, (35, 300), (40, 320)),
    "MARAC_WEEKLY": (None, (300, 52), (320, 52)),
    "MARAC_CPV": (None, 20, 24),
    "MARAC_CPV_PCT": (None, (20, 300), (24, 320)),
    "MARAC_CLARES": (None, 10, 12),
    "MARAC_CLARES_PCT": (None, (10, 300), (12, 320)),
    "MARAC_SRC referrer METROPOLITAN_POLICE": (None, None, (147, 320)),
    "MARAC_SRC referrer SOLACE": (None, None, (77, 320)),
    "MARAC_V_SEX victim_sex F": (None, None, (306, 320)),
    "MARAC_V_SEX victim_sex M": (None, None, (14, 320)),
    "MARAC_V_AGE victim_age_band 31-40": (None, None, (104, 320)),
    "MARAC_V_AGE victim_age_band 41-50": (None, None, (68, 320)),
    "MARAC_V_NEED victim_need MENTAL_HEALTH": (None, None, (67, 320)),
    "MARAC_V_NEED victim_need ALCOHOL": (None, None, (15, 320)),
    "MARAC_P_SEX perpetrator_sex M": (None, None, (303, 320)),
    "MARAC_P_AGE perpetrator_age_band 31-40": (None, None, (86, 320)),
    "IDVA_REF": (None, 1144, 1169),
    "IDVA_NEW": (None, 1144, 1169),
    "IDVA_SRC referrer ONE_STOP_SHOP": (None, None, (246, 1169)),
    "IDVA_SRC referrer MARAC": (None, None, (222, 1169)),
    "IDVA_SRC referrer SELF_FAMILY_FRIENDS": (None, None, (210, 1169)),
    "IDVA_SEX victim_sex F": (None, None, (1146, 1169)),
    "IDVA_AGE victim_age_band 31-40": (None, None, (362, 1169)),
    "PERP_REF": (None, 110, 120),
    "PERP_GRP client_group ADULT_MALE": (None, None, 84),
    "PERP_GRP client_group ADULT_FEMALE": (None, None, 10),
    "PERP_GRP client_group YOUNG_PERSON_CPV": (None, None, 26),
    "PERP_STRAND_REF strand CHILD_TO_PARENT": (None, None, 26),
    "PERP_ASSESSED": (None, 70, 80),
    "PERP_STARTED": (None, 45, 50),
    "PERP_STARTED_PCT": (None, (45, 70), (50, 80)),
    "PERP_COMPLETED": (None, 40, 45),
    "PERP_COMPLETED_PCT": (None, (40, 45), (45, 50)),
    "PERP_LEFT_EARLY": (None, 3, 5),
    "REFUGE_WOMEN": (None, None, 54),
    "REFUGE_WOMEN site MINERVA_HOUSE": (None, None, 14),
    "REFUGE_WOMEN site HANNAH_AND_ARLENE_HOUSE": (None, None, 40),
    "REFUGE_CHILDREN": (None, None, 42),
    "REFUGE_CHILDREN site MINERVA_HOUSE": (None, None, 12),
    "REFUGE_CHILDREN site HANNAH_AND_ARLENE_HOUSE": (None, None, 30),
    "REFUGE_TOTAL": (None, None, 96),
    "REFUGE_BEDS": (None, 24, 24),
    "REFUGE_BEDS site MINERVA_HOUSE": (None, 6, 6),
    "REFUGE_BEDS site HANNAH_AND_ARLENE_HOUSE": (None, 18, 18),
    "SANCT_HOMES": (None, 50, 58),
    "OSS_VICTIMS": (324, 456, 486),
    "TRAIN_ATT": (None, None, 87),
    "TRAIN_ATT course MARAC": (None, None, 40),
    "TRAIN_ATT course ONLINE": (None, None, 47),
    "IRIS_REF": (None, None, 40),
    "IRIS_PRACT": (None, None, 26),
    "IRIS_BASE": (None, None, 4),
    "BUDGET_DA": (None, None, 650_000),
}


def known(indicator: str, counted: int | tuple[int, int] | None) -> Known:
    if counted is None:
        return Known(None, reason="Only 0 of the 12 months are covered.")
    if isinstance(counted, int):
        return Known(Fraction(counted), counted)
    return Known(Fraction(counted[0] * SCALES[indicator], counted[1]), *counted)


def key_of(name: str) -> Key:
    indicator, *divided = name.split()
    return (indicator, divided[0], divided[1]) if divided else (indicator, "all", "all")


SERIES = {
    key_of(name): {end: known(name.split()[0], one) for end, one in zip(ENDS, years, strict=True)}
    for name, years in FIGURES.items()
}
LEXICON = lexicon((breakdown, value) for _, breakdown, value in SERIES if breakdown != "all")


def checked(passages: list[Passage], printed: list[Printed] | None = None) -> list[Checked]:
    period = about(passages, LEXICON, SERIES)
    assert period
    return check(bind(passages, LEXICON, period), SERIES, printed or [])


def said(text: str) -> list[Checked]:
    """Return what is found in one paragraph of a report on 2018/19."""
    return checked([Passage("1.1", "This is about 2018/19."), Passage("1.2", text)])


def unlike(found: list[Checked]) -> dict[tuple[str, str], Verdict]:
    """Return the figures that are not right, by where they stand."""
    return {
        (one.figure.passage.place, one.figure.text): one.verdict for one in found if one.verdict is not Verdict.RIGHT
    }


def test_a_report_in_other_words_with_other_faults() -> None:
    found = checked(read_paper(DRAFTS / "health_and_wellbeing_board.md"))
    assert unlike(found) == {
        ("2.2", "12.2"): Verdict.CUT_OFF,
        ("2.3", "694"): Verdict.NOT_AS_SAID,
        ("2.3", "17.4%"): Verdict.NOT_AS_SAID,
        ("2.4", "512"): Verdict.NOT_KNOWN,
        ("2.4", "2,943"): Verdict.WRONG,
        ("3.1", "250"): Verdict.WRONG,
        ("3.1", "23%"): Verdict.ELSEWHERE,
        ("3.2", "32%"): Verdict.CUT_OFF,
        ("Table 2", "6"): Verdict.TWO_PERIODS,
        ("4.1", "456"): Verdict.CARRIED_OVER,
        ("4.2", "60"): Verdict.WRONG,
        ("5.1", "120"): Verdict.UNLIKE_WHOLE,
        ("5.1", "24"): Verdict.WRONG,
        ("5.2", "85%"): Verdict.WRONG,
        ("5.3", "22"): Verdict.NOT_TWELVE_MONTHS,
        ("6.1", "13.5%"): Verdict.WRONG,
        ("6.2", "90"): Verdict.WRONG,
    }
    assert len(found) == 50


def test_a_report_without_a_fault_raises_no_alarm() -> None:
    found = checked(read_paper(DRAFTS / "performance_update.txt"))
    assert unlike(found) == {("", "31%"): Verdict.ELSEWHERE}
    assert len(found) == 51


@pytest.mark.parametrize(
    ("text", "figure", "verdict", "says"),
    [
        ("In 2018/19 the MARAC heard 320 cases.", "320", Verdict.RIGHT, "MARAC cases, the 12 months to March 2019."),
        (
            "In 2018/19 there were 24 child-to-parent cases at MARAC (7%).",
            "7%",
            Verdict.CUT_OFF,
            "24 of 320 is 7.50, which rounds to 8; 7 was cut off, not rounded.",
        ),
        (
            "In 2018/19 the One Stop Shop saw 324 victims.",
            "324",
            Verdict.OTHER_PERIOD,
            "the data give 486; 324 is the figure of the 12 months to March 2017.",
        ),
        (
            "In 2018/19 the One Stop Shop saw 456 victims.",
            "456",
            Verdict.CARRIED_OVER,
            "the data give 486; 456 is the figure of the year before.",
        ),
        (
            "Of 80 people met at the fair, 20 asked for help (30%).",
            "30%",
            Verdict.UNLIKE_COUNTS,
            "20 of 80 is 25.00, and not 30.",
        ),
        (
            "RISE had 120 referrals. Of these 84 were men, 10 were women and 25 were young people.",
            "120",
            Verdict.UNLIKE_WHOLE,
            "84 + 10 + 25 make 119, and not 120: 1 too few.",
        ),
        (
            "There were 30 MARAC cases from October 2018 to March 2019.",
            "30",
            Verdict.NOT_TWELVE_MONTHS,
            "30 is the figure of 182 days, 1 October 2018 to 31 March 2019, and not of 12 months; "
            "spread evenly they are 60.3 in 366 days.",
        ),
        (
            "In 2018/19 the One Stop Shop saw 486 victims, steady from 456 in 2017/18.",
            "456",
            Verdict.NOT_AS_SAID,
            "“steady”, but 486 is 6.6% more than 456.",
        ),
        (
            "In 2018/19 the MARAC heard 320 cases, down from 300 a year ago.",
            "300",
            Verdict.NOT_AS_SAID,
            "“down”, but 320 is 6.7% more than 300.",
        ),
        ("In 2018/19 the MARAC heard 333 cases.", "333", Verdict.WRONG, "the data give 320."),
        (
            "Domestic abuse violence with injury rose by 12% in 2018/19.",
            "12%",
            Verdict.WRONG,
            "the data give a change of 16%.",
        ),
        (
            "In 2018/19 there were 9 positive outcomes for domestic abuse.",
            "9",
            Verdict.NOT_KNOWN,
            "Only 0 of the 12 months are covered.",
        ),
        ("The council owns 14 parks.", "14", Verdict.ASKED, "The words around it tell of no indicator."),
        ("There are 4 - 10 cases each week.", "4", Verdict.ASKED, "a range is not one figure."),
        ("Nationally 31% of MARAC cases were repeats.", "31%", Verdict.ELSEWHERE, "of another area"),
    ],
)
def test_what_is_said_of_a_figure(text: str, figure: str, verdict: Verdict, says: str) -> None:
    (one,) = [one for one in said(text) if one.figure.text == figure]
    assert one.verdict is verdict
    assert " ".join(finding.says for finding in one.findings).endswith(says) or says in one.findings[0].says


def test_a_figure_that_is_printed_in_two_ways_names_the_other_place() -> None:
    found = checked(
        [
            Passage("1.1", "In 2018/19 33% of victims at MARAC were aged 31-40."),
            Passage("2.1", "In 2018/19 32% of victims at MARAC were aged 31-40."),
        ]
    )
    assert unlike(found) == {("2.1", "32%"): Verdict.CUT_OFF}
    assert found[1].findings[0].says.endswith("Paragraph 1.1 prints 33% for the same.")


def test_a_figure_that_an_earlier_report_prints_names_that_report() -> None:
    last = Printed("Annual report 2017/18", "2.1", "456", ("OSS_VICTIMS", "all", "all"), date(2018, 3, 31))
    (found,) = checked([Passage("1.1", "In 2018/19 the One Stop Shop saw 456 victims.")], [last])
    assert found.findings[0].says.endswith(
        "Annual report 2017/18 prints 456 too (2.1), of the 12 months to March 2018."
    )


def test_parts_that_are_not_all_are_not_held_against_the_whole() -> None:
    assert unlike(said("RISE had 120 referrals in 2018/19. Of these 84 were adult men and 10 were adult women.")) == {}


def test_a_table_with_a_total() -> None:
    table = "Table 1: Training 2018/19 | Course Attendance | MARAC 40 | Online 47 | Total 88"
    found = checked([Passage("Table 1", table, "Training", is_table=True)])
    assert unlike(found) == {("Table 1", "88"): Verdict.WRONG}
    assert [one.says for one in found[-1].findings][-1] == "40 + 47 make 87, and not 88: 1 too few."


def test_columns_of_years_are_no_table_of_two_periods() -> None:
    table = "Table 1: One Stop Shop | 2017/18 2018/19 | Victims 456 486"
    assert unlike(checked([Passage("Table 1", table, "", is_table=True)])) == {}
