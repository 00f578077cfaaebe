"""SRC-11: the Sanctuary scheme."""

from expectations.agencies import AGENCIES
from expectations.checks import NotAbove
from expectations.fields import Count, Day, Kind
from expectations.periods import Quarter
from expectations.source import Due, Source
from expectations.verdicts import Verdict


class Sanctuary(Source):
    """Homes made safe under the Sanctuary scheme so that a victim can stay, one row per quarter."""

    title = "Sanctuary scheme"
    supplier = AGENCIES["BARNET_HOMES"]
    service = "SANCTUARY"
    arrives = Due("quarter", working_day=10)
    loads = "fact_return_counts"
    key = ("quarter",)
    slices = ("quarter",)
    vintage = "prepared_on"

    prepared_on = Day("Prepared on", above=True, required=False, loaded=False, says="When the return was drawn up.")
    quarter = Quarter("Quarter", "Period", above=True, loaded=False, says="The quarter of the financial year.")
    homes_assessed = Count(
        "Homes assessed", at_most=5_000, kind=Kind.FLOW, unit="homes", required=False, says="Homes that were looked at."
    )
    homes_secured = Count(
        "Homes secured",
        "Homes made safe",
        at_most=5_000,
        kind=Kind.FLOW,
        unit="homes",
        says="Homes that were made safe.",
    )
    household_children = Count(
        "Children in the households",
        "Children",
        at_most=5_000,
        kind=Kind.FLOW,
        unit="children",
        required=False,
        says="Children living there.",
    )

    secured_were_assessed = NotAbove(
        "homes_secured",
        "homes_assessed",
        sentence="more homes were secured than assessed.",
        fix="Check both columns; if some were assessed in an earlier quarter, nothing needs doing.",
        verdict=Verdict.WARN,
    )
