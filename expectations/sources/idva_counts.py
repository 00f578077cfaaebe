"""SRC-06: the IDVA service's quarterly counts."""

import polars as pl

from expectations.agencies import AGENCIES, REFERRERS
from expectations.checks import Row
from expectations.codes import SEXES
from expectations.fields import Code, Count, Day, Derived, Field, Kind, Text
from expectations.people import AgeBand
from expectations.periods import Quarter
from expectations.source import Due, Source, rule

# What may stand beside each breakdown; the same values that the episodes are divided by.
VALUES: dict[str, Field] = {
    "all": Code(codes={"all": ["All", "Total"]}, blank="all"),
    "victim_sex": Code(codes=SEXES),
    "victim_age_band": AgeBand(),
    "referrer": Code(codes=REFERRERS),
}


class IdvaCounts(Source):
    """Counts of the independent domestic violence advocacy service by quarter, one row per measure and breakdown value.

    Read where the service sends no episodes, and otherwise compared with them. Counts, never percentages.
    """

    title = "IDVA quarterly counts"
    supplier = AGENCIES["SOLACE"]
    service = "IDVA"
    arrives = Due("quarter", working_day=10)
    loads = "fact_return_counts"
    key = ("quarter", "measure_id", "breakdown", "breakdown_value")
    slices = ("quarter",)
    vintage = "prepared_on"
    precedence = 2

    prepared_on = Day("Prepared on", above=True, required=False, loaded=False, says="When the counts were drawn up.")
    quarter = Quarter("Quarter", "Period", above=True, loaded=False, says="The quarter counted.")
    measure_id = Code(
        "Measure",
        codes={
            "referrals": ["Referrals", "Referrals received"],
            "new_service_users": ["New service users", "New users"],
            "accepted": ["Referrals accepted", "Accepted"],
            "engaged": ["Engaged", "Service users engaged"],
        },
        says="What is counted.",
    )
    breakdown = Code(
        "Breakdown",
        codes={
            "all": ["All", "Total"],
            "victim_sex": ["Sex", "Gender"],
            "victim_age_band": ["Age", "Age band"],
            "referrer": ["Source of referral", "Referrer"],
        },
        says="What it is divided by; all for the undivided count.",
    )
    counted_of = Text(
        "Value",
        required=False,
        loaded=False,
        example="All",
        says="The one value of the breakdown, such as Female or 31-40; All, or blank, for the undivided count.",
    )
    breakdown_value = Derived(
        lambda row: pl.coalesce(
            pl.when(row.breakdown == breakdown).then(values.typed(row.counted_of))
            for breakdown, values in VALUES.items()
        )
    )
    value = Count("Count", "Number", at_most=100_000, kind=Kind.FLOW, says="How many; a count, never a percentage.")

    @rule(
        "the value does not belong to its breakdown.",
        fix="Type All beside All, and beside the others a sex, an age band such as 31-40, or who referred by the name "
        "in the list; count whoever is not in the list under Other.",
    )
    def value_is_of_its_breakdown(row: Row) -> pl.Expr:
        """A value is told by its breakdown: Other is a sex and an agency."""
        return row.breakdown.is_null() | row.breakdown_value.is_not_null()

    @rule("the parts of a breakdown are more than the undivided count.", fix="Check the rows of this measure.")
    def parts_are_within_the_whole(row: Row) -> pl.Expr:
        """A breakdown is of the count itself (R-C02)."""
        whole = pl.when(row.breakdown == "all").then(row.value).max().over("quarter", "measure_id")
        parts = row.value.sum().over("quarter", "measure_id", "breakdown")
        is_told = row.quarter.is_not_null() & row.measure_id.is_not_null() & row.breakdown.is_not_null()
        return pl.when(is_told).then((row.breakdown == "all") | (parts <= whole))
