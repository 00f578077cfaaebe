"""SRC-13: the IRIS programme of general practices."""

import polars as pl

from expectations.agencies import AGENCIES
from expectations.checks import Row
from expectations.fields import Code, Count, Day, Derived, Kind, Text
from expectations.periods import Quarter
from expectations.source import Due, Source, rule
from expectations.verdicts import Verdict


class Iris(Source):
    """General practices trained to ask about domestic abuse, and the patients that they refer, one row per practice.

    The number of practices is how many are trained at the end of the quarter, never added. A return drawn up before
    the quarter is over says the last day that it counts; it is kept, and makes no window of 12 months complete.
    """

    title = "IRIS practices and referrals"
    supplier = AGENCIES["SOLACE"]
    service = "IRIS"
    arrives = Due("quarter", working_day=10)
    loads = "fact_return_counts"
    key = ("practice", "quarter")
    slices = ("quarter",)
    vintage = "prepared_on"

    prepared_on = Day("Prepared on", above=True, required=False, loaded=False, says="When the return was drawn up.")
    quarter = Quarter("Quarter", "Period", above=True, loaded=False, says="The quarter of the financial year.")
    counted_to = Day(
        "Counted to",
        above=True,
        required=False,
        loaded=False,
        says="The last day counted, if before the quarter's end.",
    )
    period_end = Derived(lambda row: row.counted_to)
    practice = Text(
        "Practice code",
        "ODS code",
        matches=r"[A-Z]\d{5}",
        pattern_says="the practice's ODS code, such as E83001",
        capitals=True,
        example="E83001",
        loaded=False,
        says="The practice's code at the Organisation Data Service.",
    )
    status = Code(
        "Status",
        codes={"NONE": ["Not trained", "None"], "PART": ["Part", "Partly trained"], "FULL": ["Full", "Fully trained"]},
        loaded=False,
        says="Whether the practice is trained: not, in part or in full.",
    )
    trained_on = Day("Trained on", "Date trained", required=False, loaded=False, says="When it was trained.")
    gp_referrals = Count(
        "Referrals", "Patients referred", at_most=5_000, kind=Kind.FLOW, unit="referrals", says="Patients referred."
    )
    practices_trained = Derived(
        lambda row: row.status.is_in(["PART", "FULL"]).cast(pl.Int64),
        kind=Kind.SNAPSHOT,
        unit="practices",
        says="Practices trained in part or in full at the end of the quarter.",
    )

    @rule(
        "the last day counted lies outside the quarter.",
        fix='Check "Counted to" and the quarter; leave "Counted to" blank where the whole quarter is counted.',
        verdict=Verdict.REJECT_FILE,
    )
    def counted_to_lies_in_the_quarter(row: Row) -> pl.Expr:
        """A figure is of the days that it says (annual report 2019/20, paragraph 2.50)."""
        return row.counted_to.is_between(row.quarter, row.quarter.dt.offset_by("3mo"), closed="left")
