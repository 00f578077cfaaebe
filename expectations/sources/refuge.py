"""SRC-09: refuges."""

from datetime import date
from typing import ClassVar

import polars as pl

from expectations.agencies import AGENCIES
from expectations.checks import NotAbove, Row
from expectations.fields import Code, Count, Day, Derived, Kind, Number
from expectations.periods import Quarter
from expectations.source import Due, Part, Source, rule
from expectations.verdicts import Verdict


def people(*headers: str, says: str) -> Count:
    """Return a column of people who were supported."""
    return Count(*headers, at_most=5_000, kind=Kind.FLOW, unit="persons", says=says)


class Refuge(Source):
    """Refuge places and the people supported in them, one row per refuge and quarter.

    Children are counted as people of their own: since the Domestic Abuse Act 2021 they are victims in their own right.
    Bed spaces are those at the end of the quarter, and are never added over quarters. The borough's figure is known
    once every refuge has reported.
    """

    title = "Refuges"
    supplier = AGENCIES["SOLACE"]
    service = "REFUGE"
    arrives = Due("quarter", working_day=15)
    loads = "fact_return_counts"
    key = ("refuge", "quarter")
    slices = ("refuge", "quarter")
    vintage = "prepared_on"
    part = "refuge"
    parts: ClassVar = {"MINERVA_HOUSE": Part(date(2016, 4, 1)), "HANNAH_AND_ARLENE_HOUSE": Part(date(2016, 4, 1))}

    prepared_on = Day("Prepared on", above=True, required=False, loaded=False, says="When the return was drawn up.")
    refuge = Code(
        "Refuge",
        "Refuge name",
        "Site",
        codes={
            "MINERVA_HOUSE": ["Minerva House", "Minerva"],
            "HANNAH_AND_ARLENE_HOUSE": ["Hannah House and Arlene House", "Hannah and Arlene House", "Hannah & Arlene"],
        },
        divides="site",
        loaded=False,
        says="The refuge.",
    )
    quarter = Quarter("Quarter", "Period", above=True, loaded=False, says="The quarter of the financial year.")
    supplier_id = Derived(
        lambda row: pl.when(row.refuge == "MINERVA_HOUSE").then(pl.lit("BARNET_HOMES")).otherwise(pl.lit("SOLACE"))
    )
    bed_spaces = Count(
        "Bed spaces",
        "Beds",
        at_most=1_000,
        kind=Kind.SNAPSHOT,
        unit="bed spaces",
        says="Bed spaces at the end of the quarter.",
    )
    households = Count(
        "Households in",
        "Households",
        at_most=5_000,
        kind=Kind.FLOW,
        unit="households",
        required=False,
        says="Households that moved in.",
    )
    women = people("Women", "Women supported", "Number of women", says="Women supported, counted once a quarter.")
    men = people("Men", "Men supported", says="Men supported; type 0 if there were none.")
    trans_adults = people("Trans adults", "Trans", says="Trans adults supported; type 0 if there were none.")
    children = people("Children", "Children supported", "Number of children", says="Children supported.")
    persons_supported = Derived(
        lambda _: pl.sum_horizontal("women", "men", "trans_adults", "children", ignore_nulls=False),
        kind=Kind.FLOW,
        unit="persons",
        says="Women, men, trans adults and children supported.",
    )
    referrals = Count(
        "Referrals", at_most=5_000, kind=Kind.FLOW, unit="referrals", required=False, says="Referrals received."
    )
    households_turned_away = Count(
        "Households unable to be supported",
        "Turned away",
        at_most=5_000,
        kind=Kind.FLOW,
        unit="households",
        required=False,
        says="Households that could not be supported.",
    )
    turned_away_reason = Code(
        "Reason",
        "Main reason",
        codes={
            "NO_SPACE": ["No space", "Full", "No capacity"],
            "NEEDS": ["Needs could not be met", "Support needs too high"],
            "NO_RECOURSE": ["No recourse to public funds", "NRPF"],
            "OTHER": ["Other"],
        },
        unmapped="OTHER",
        required=False,
        loaded=False,
        says="The main reason why households could not be supported.",
    )
    # The average of two refuges is not the sum of their averages, so that it is no measure.
    average_stay_in_days = Number(
        "Average stay in days",
        "Average stay",
        required=False,
        loaded=False,
        says="The average stay of those who left, in days; not published.",
    )
    left_to = Code(
        "Left to",
        codes={
            "OWN_HOME": ["Own home"],
            "FAMILY": ["Family or friends"],
            "REFUGE": ["Another refuge"],
            "OTHER": ["Other"],
        },
        unmapped="OTHER",
        required=False,
        loaded=False,
        says="Where most of those who left went to.",
    )

    turned_away_were_referred = NotAbove(
        "households_turned_away",
        "referrals",
        sentence="more households were turned away than were referred.",
        fix="Check both columns.",
    )

    @rule(
        "children are counted, but no adult.",
        fix="Check the columns of women, men and trans adults.",
        verdict=Verdict.WARN,
    )
    def children_come_with_an_adult(row: Row) -> pl.Expr:
        """A refuge takes families in, not children alone."""
        return (row.children == 0) | (row.women + row.men + row.trans_adults > 0)
