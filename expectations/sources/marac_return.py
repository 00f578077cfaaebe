"""SRC-04: the copy of the MARAC return to SafeLives."""

import polars as pl

from expectations.agencies import AGENCIES
from expectations.checks import NotAbove, Row
from expectations.fields import Count, Day, Kind, Text, month_of
from expectations.periods import StatedPeriod
from expectations.source import Due, Source, rule
from expectations.verdicts import Verdict


def referred(*headers: str, by: str | None = None, says: str = "") -> Count:
    """Return a column of cases: all of them, or those that one agency referred."""
    said = says or "Cases that it referred."
    return Count(
        *headers,
        at_most=5_000,
        kind=Kind.FLOW,
        unit="cases",
        measure="cases",
        of=("referrer", by) if by else None,
        says=said,
    )


def of_which(*headers: str, says: str, unit: str = "cases") -> Count:
    """Return a column of cases with a certain mark; each is a measure of its own."""
    return Count(*headers, required=False, at_most=5_000, kind=Kind.FLOW, unit=unit, says=says)


class MaracReturn(Source):
    """The return that the co-ordinator sends to SafeLives each quarter, one row per meeting, by its published headers.

    A control on the case list: the same cases are counted twice, never added, and where the two differ it is reported.
    Counts are of cases: victims with several cases count several times.
    """

    title = "MARAC return to SafeLives"
    supplier = AGENCIES["HESTIA"]
    service = "MARAC"
    arrives = Due("quarter", working_day=20)
    loads = "fact_return_counts"
    key = ("marac", "met_on")
    slices = ("month",)
    vintage = "prepared_on"
    precedence = 2

    period = StatedPeriod("Quarter", "Period", "Reporting period", says="The quarter that the return is of.")
    prepared_on = Day("Prepared on", above=True, required=False, loaded=False, says="When the return was drawn up.")
    marac = Text("MARAC Name", "Name of MARAC", loaded=False, says="The MARAC that met.")
    met_on = Day("Meeting date", "Date of meeting", loaded=False, says="When it met.")
    month = month_of("met_on")
    cases = referred("Cases discussed", "Number of cases discussed", says="Cases discussed at the meeting.")
    repeats = of_which("Number of repeat cases", says="Of these, repeats within 12 months.")
    children = of_which("Number of children in the household", says="Children in the households.", unit="children")
    cases_with_children = of_which("Number of cases with children in the household", says="Cases with children.")
    police = referred("Police", by="METROPOLITAN_POLICE")
    idva = referred("IDVA", by="SOLACE")
    childrens_social_care = referred("Children's Social Care", by="CHILDRENS_SOCIAL_CARE")
    primary_care = referred("Primary Care Service", by="PRIMARY_CARE")
    secondary_care = referred("Secondary Care/ Acute trust", "Secondary Care/Acute trust", by="SECONDARY_CARE")
    education = referred("Education", by="EDUCATION")
    housing = referred("Housing", by="BARNET_HOMES")
    mental_health = referred("Mental Health", by="MENTAL_HEALTH")
    probation = referred("Probation", by="PROBATION")
    voluntary_sector = referred("Voluntary Sector", by="VOLUNTARY_SECTOR")
    substance_misuse = referred("Substance Abuse", by="SUBSTANCE_MISUSE")
    adult_social_care = referred("Adult Social Care", by="ADULT_SOCIAL_CARE")
    mash = referred("MASH", by="MASH")
    other = referred("Other", by="OTHER")
    cases_minoritised = of_which("Total Black, Asian and racially minoritised cases", says="Cases of such victims.")
    cases_lgbt = of_which("LGBTQ+ community cases", says="Cases of LGBTQ+ victims.")
    cases_disabled = of_which("Disabled victim cases", says="Cases of disabled victims.")
    cases_male_victim = of_which("Male victims cases", says="Cases of male victims.")
    cases_victim_16_or_17 = of_which("Victims 16 or 17 years old cases", says="Cases of victims of 16 or 17 years.")
    cases_harming_others_under_18 = of_which(
        "Harming others under 18 years old cases", says="Cases in which who harms is under 18."
    )
    cases_victim_65_plus = of_which("Victims aged 65+ years", says="Cases of victims of 65 years and more.")
    cases_asian = of_which("Asian or Asian British", says="A part of the minoritised cases.")
    cases_black = of_which("Black, Black British, Caribbean or African", says="A part of the minoritised cases.")
    cases_mixed = of_which("mixed or multiple", says="A part of the minoritised cases.")
    cases_other_white = of_which("other White ethnic groups (exclude White British)", says="A part of them.")
    cases_any_other_ethnic_group = of_which("any other ethnic group", says="A part of the minoritised cases.")

    repeats_are_cases = NotAbove(
        "repeats", "cases", sentence="there are more repeats than cases.", fix="Check both columns."
    )
    cases_with_children_are_cases = NotAbove(
        "cases_with_children",
        "cases",
        sentence="there are more cases with children than cases.",
        fix="Check both columns.",
    )
    cases_with_children_have_one = NotAbove(
        "cases_with_children",
        "children",
        sentence="there are more cases with children than children.",
        fix="Check both columns: each such case has at least one child.",
    )

    @rule("the referring agencies do not add up to the cases discussed.", fix="Check the 14 columns of agencies.")
    def agencies_make_the_cases(row: Row) -> pl.Expr:
        """Every case was referred by one agency (R-C02)."""
        agencies = [name for name, field in MaracReturn.measures.items() if field.of]
        return pl.sum_horizontal(agencies, ignore_nulls=False) == row.cases

    @rule(
        "a group of cases is larger than all cases discussed.", fix="Check the columns of victims and who harms them."
    )
    def groups_are_cases(row: Row) -> pl.Expr:
        """A part is never more than the whole (R-C03)."""
        groups = [name for name in MaracReturn.measures if name.startswith("cases_") and name != "cases_with_children"]
        return pl.max_horizontal(groups) <= row.cases

    @rule(
        "the ethnic groups do not add up to the minoritised cases.",
        fix="Check the six columns; if a case's group is not recorded, nothing needs doing.",
        verdict=Verdict.WARN,
    )
    def ethnic_groups_make_the_minoritised(row: Row) -> pl.Expr:
        """The five groups divide the minoritised cases (R-C02)."""
        groups = ("cases_asian", "cases_black", "cases_mixed", "cases_other_white", "cases_any_other_ethnic_group")
        return pl.sum_horizontal(groups, ignore_nulls=False) == row.cases_minoritised
