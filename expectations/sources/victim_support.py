"""SRC-16: the London Victim and Witness Service."""

from expectations.agencies import AGENCIES
from expectations.checks import NotAbove
from expectations.fields import Code, Count, Day, Kind
from expectations.periods import Quarter
from expectations.source import Due, Source


class VictimSupport(Source):
    """Referrals to the London Victim and Witness Service, one row per police command and quarter.

    The service reports for the command, which is Barnet, Brent and Harrow together. The figures are never shared out
    among the boroughs.
    """

    title = "Victim Support"
    supplier = AGENCIES["VICTIM_SUPPORT"]
    service = "VICTIM_SUPPORT"
    arrives = Due("quarter", working_day=15)
    loads = "fact_return_counts"
    key = ("area_code", "quarter")
    slices = ("area_code", "quarter")
    vintage = "prepared_on"

    prepared_on = Day("Prepared on", above=True, required=False, loaded=False, says="When the return was drawn up.")
    quarter = Quarter("Quarter", "Period", above=True, loaded=False, says="The quarter of the financial year.")
    area_code = Code(
        "Command",
        "BCU",
        codes={"BCU_NORTH_WEST": ["North West", "North West BCU", "NW BCU", "Barnet, Brent and Harrow"]},
        codes_say="North West: the figures of Barnet, Brent and Harrow together, and of no borough alone",
        says="The police command.",
    )
    victims_referred = Count("Referrals", at_most=100_000, kind=Kind.FLOW, unit="referrals", says="Victims referred.")
    victims_engaged = Count("Engaged", at_most=100_000, kind=Kind.FLOW, unit="persons", says="Of these, who engaged.")

    engaged_were_referred = NotAbove(
        "victims_engaged", "victims_referred", sentence="more engaged than were referred.", fix="Check both columns."
    )
