"""SRC-03: the MARAC case list."""

import polars as pl

from expectations.agencies import AGENCIES, REFERRERS
from expectations.checks import NotAbove, Row
from expectations.codes import ETHNIC_GROUPS, SEXES
from expectations.fields import Code, Count, Day, Derived, month_of
from expectations.people import AgeBand, Flag, Reference
from expectations.periods import StatedPeriod
from expectations.source import Due, Source, rule
from expectations.verdicts import Verdict


class MaracCases(Source):
    """Cases of the multi-agency risk assessment conference, one row per case and meeting, without names.

    A case is one victim and their alleged perpetrator or perpetrators; who comes back after 12 months is a new case,
    within them a repeat. A referral that was screened out stands in the list too, and counts as no case. The list is
    where case figures are read from; the quarterly return to SafeLives is compared with it.
    """

    title = "MARAC case list"
    supplier = AGENCIES["HESTIA"]
    service = "MARAC"
    arrives = Due("month", working_day=5)
    loads = "fact_referrals"
    key = ("referral_id", "met_on")
    slices = ("month",)
    vintage = "prepared_on"
    records_kept_months = 36

    period = StatedPeriod(
        "Period", "Period covered", "Reporting period", says="The months that the list is complete for."
    )
    prepared_on = Day("Prepared on", above=True, required=False, loaded=False, says="When the list was drawn up.")
    referral_id = Reference("Case reference", "Case ref", "MARAC reference", says="Your reference of the case.")
    met_on = Day("Meeting date", "Date of meeting", "MARAC date", says="The meeting that heard the case.")
    month = month_of("met_on")
    referred_on = Day(
        "Referral date", "Date of referral", "Date referred", required=False, says="When it was referred."
    )
    referrer_id = Code(
        "Referring agency",
        "Referrer",
        "Referred by",
        codes=REFERRERS,
        codes_say="the agency that referred, by its name in the list",
        blank="UNKNOWN",
        unmapped="UNMAPPED",
        says="Who referred the case.",
    )
    outcome = Code(
        "Outcome of screening",
        "Screening outcome",
        codes={"HEARD": ["Heard", "Accepted", "Listed"], "DECLINED": ["Declined", "Screened out", "Not accepted"]},
        loaded=False,
        says="Heard at the meeting, or declined before it.",
    )
    is_heard = Derived(lambda row: row.outcome == "HEARD")
    is_repeat = Flag("Repeat case", "Repeat", "Is repeat", says="Whether the case is a repeat within 12 months.")
    earlier_referral_id = Reference(
        "Earlier case reference", "Prior case reference", "Prior case ref", required=False, says="The case it repeats."
    )
    repeat_definition = Code(
        "Repeat definition",
        codes={
            "v1": ["v1", "criminal behaviour", "further incident"],
            "v2": ["v2", "any abuse", "any instance of abuse"],
        },
        required=False,
        says="v1: a further incident that would be criminal; v2: any instance of abuse.",
    )
    victim_sex = Code(
        "Victim sex", "Sex of victim", "Victim gender", codes=SEXES, blank="NOT_KNOWN", says="Of the victim."
    )
    victim_age_band = AgeBand("Victim age", "Age of victim", at_least=16, says="At referral, in years; kept as a band.")
    victim_ethnic_group = Code(
        "Victim ethnic group", "Victim ethnicity", codes=ETHNIC_GROUPS, blank="NOT_KNOWN", says="As in the census."
    )
    victim_is_disabled = Flag("Victim disabled", "Disability", says="Whether the victim is disabled.")
    victim_is_lgbt = Flag("Victim LGBT", "LGBT", "LGBT+", says="Whether the victim is LGBT+.")
    perpetrator_sex = Code(
        "Perpetrator sex",
        "Sex of perpetrator",
        "Perpetrator gender",
        codes=SEXES,
        blank="NOT_KNOWN",
        says="Of the alleged perpetrator.",
    )
    perpetrator_age_band = AgeBand(
        "Perpetrator age", "Age of perpetrator", at_least=10, says="At referral, in years; kept as a band."
    )
    children_in_household = Count(
        "Children in household", "Children", "Number of children", at_most=15, says="Children in the household."
    )
    victim_mental_health = Flag("Victim mental health", says="Whether the victim has mental health issues.")
    victim_alcohol = Flag("Victim alcohol", says="Whether the victim misuses alcohol.")
    victim_drugs = Flag("Victim drugs", says="Whether the victim misuses drugs.")
    perpetrator_mental_health = Flag("Perpetrator mental health", says="As for the victim.")
    perpetrator_alcohol = Flag("Perpetrator alcohol", says="As for the victim.")
    perpetrator_drugs = Flag("Perpetrator drugs", says="As for the victim.")
    is_child_to_parent = Flag("Child to parent", "Child to parent violence", "CPV", says="A child harms a parent.")
    is_perpetrator_under_18 = Flag("Perpetrator under 18", says="Whether the alleged perpetrator is under 18.")
    clares_law = Code(
        "Clare's Law",
        "DVDS",
        codes={
            "NONE": ["No request", "None", "No", "N"],
            "REQUESTED": ["Requested", "Request", "Yes", "Y"],
            "DISCLOSED": ["Disclosed", "Disclosure made"],
        },
        blank="NONE",
        says="A request under the Domestic Violence Disclosure Scheme, and whether a disclosure was made.",
    )

    referred_before_heard = NotAbove(
        "referred_on",
        "met_on",
        sentence="the case was referred after the meeting that heard it.",
        fix="Check both dates.",
    )

    @rule(
        "a repeat case does not say which earlier case it repeats.",
        fix="Give the earlier case's reference; if it is older than your system, nothing needs doing.",
        verdict=Verdict.WARN,
    )
    def repeat_names_its_case(row: Row) -> pl.Expr:
        """A repeat without a prior case is let in: it may date from before the data began (R-C08)."""
        return ~row.is_repeat.fill_null(value=False) | row.earlier_referral_id.is_not_null()
