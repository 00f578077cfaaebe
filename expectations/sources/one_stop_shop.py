"""SRC-10: the One Stop Shop."""

from typing import Any

import polars as pl

from expectations.agencies import AGENCIES
from expectations.checks import NotAbove, Row
from expectations.fields import Count, Day, Kind
from expectations.periods import MonthName
from expectations.source import Due, Source, rule


def counted(*headers: str, unit: str, says: str, required: bool = False, **count: Any) -> Count:
    """Return a column of counts of a month."""
    return Count(*headers, at_most=10_000, kind=Kind.FLOW, unit=unit, required=required, says=says, **count)


class OneStopShop(Source):
    """The weekly One Stop Shop, one row per month.

    An attendance is a visit; a victim is a person, counted once a month however often she came. The annual report adds
    the victims of the months up.
    """

    title = "One Stop Shop"
    supplier = AGENCIES["BARNET_HOMES"]
    service = "ONE_STOP_SHOP"
    arrives = Due("month", working_day=5)
    loads = "fact_return_counts"
    key = ("month",)
    slices = ("month",)
    vintage = "prepared_on"

    prepared_on = Day("Prepared on", above=True, required=False, loaded=False, says="When the return was drawn up.")
    month = MonthName("Month", "Period", above=True, loaded=False, says="The month.")
    sessions = counted("Sessions", unit="sessions", says="Sessions held.")
    attendances = counted("Attendances", "Visits", unit="visits", says="Visits, however often the same person came.")
    victims = counted(
        "Victims",
        "Distinct victims",
        "Victims advised",
        unit="persons",
        says="Victims advised, once a month.",
        required=True,
    )
    female_victims = counted(
        "Female victims", unit="persons", says="Of these, women.", measure="victims", of=("victim_sex", "F")
    )
    male_victims = counted(
        "Male victims", unit="persons", says="Of these, men.", measure="victims", of=("victim_sex", "M")
    )
    to_idva = counted(
        "Onward referrals to IDVA",
        unit="referrals",
        says="Referred on to the IDVA service.",
        measure="onward_referrals",
        of=("referred_to", "SOLACE"),
    )
    to_police = counted(
        "Onward referrals to police",
        unit="referrals",
        says="Referred on to the police.",
        measure="onward_referrals",
        of=("referred_to", "METROPOLITAN_POLICE"),
    )
    to_housing = counted(
        "Onward referrals to housing",
        unit="referrals",
        says="Referred on to housing.",
        measure="onward_referrals",
        of=("referred_to", "BARNET_HOMES"),
    )
    to_others = counted(
        "Onward referrals to others",
        unit="referrals",
        says="Referred on to others.",
        measure="onward_referrals",
        of=("referred_to", "OTHER"),
    )

    victims_attended = NotAbove(
        "victims", "attendances", sentence="there are more victims than visits.", fix="Check both columns."
    )

    @rule("women and men are more than all victims.", fix="Check the three columns.")
    def sexes_are_within_victims(row: Row) -> pl.Expr:
        """The rest is not known (R-C02)."""
        return row.female_victims + row.male_victims <= row.victims
