"""SRC-06: the IDVA service's quarterly counts."""

import polars as pl

from expectations.agencies import AGENCIES
from expectations.checks import Row
from expectations.fields import Code, Count, Day, Kind, Text
from expectations.periods import Quarter
from expectations.source import Due, Source, rule


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
        blank="all",
        says="What it is divided by; all for the undivided count.",
    )
    breakdown_value = Text("Value", says="The one value of the breakdown; all for the undivided count.")
    value = Count("Count", "Number", at_most=100_000, kind=Kind.FLOW, says="How many; a count, never a percentage.")

    @rule("the parts of a breakdown are more than the undivided count.", fix="Check the rows of this measure.")
    def parts_are_within_the_whole(row: Row) -> pl.Expr:
        """A breakdown is of the count itself (R-C02)."""
        whole = pl.when(row.breakdown == "all").then(row.value).max().over("quarter", "measure_id")
        parts = row.value.sum().over("quarter", "measure_id", "breakdown")
        return (row.breakdown == "all") | (parts <= whole)
