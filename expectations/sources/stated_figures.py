"""SRC-17: figures of a year that the partnership decides or states, and nobody counts."""

from expectations.agencies import AGENCIES
from expectations.fields import Count, Day, Kind
from expectations.periods import FinancialYear
from expectations.source import Source


class StatedFigures(Source):
    """What the partnership states for a financial year: its budget, and what others are measured against."""

    title = "Stated figures of the partnership"
    supplier = AGENCIES["BARNET_COUNCIL"]
    service = "PARTNERSHIP"
    arrives = "when one of them changes"
    loads = "fact_return_counts"
    key = ("financial_year",)
    slices = ("financial_year",)
    vintage = "prepared_on"

    prepared_on = Day("Prepared on", above=True, required=False, loaded=False, says="When the figures were stated.")
    financial_year = FinancialYear("Financial year", "Year", loaded=False, says="April to March.")
    commissioned_budget = Count(
        "Budget for commissioned services",
        "Commissioned budget",
        "Budget",
        at_most=100_000_000,
        kind=Kind.SNAPSHOT,
        unit="pounds",
        says="What the council has to commission domestic abuse services in the year, in pounds; n/k if not stated.",
    )
    gp_referrals_before = Count(
        "GP referrals a year before IRIS",
        at_most=5_000,
        kind=Kind.SNAPSHOT,
        unit="referrals a year",
        says="Patients whom general practices referred in a year before they were trained; n/k if not stated.",
    )
