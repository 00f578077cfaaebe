"""SRC-05: the IDVA service's episodes."""

import polars as pl

from expectations.agencies import AGENCIES, REFERRERS
from expectations.checks import NotAbove, Row
from expectations.codes import ETHNIC_GROUPS, SEXES
from expectations.fields import Code, Day, month_of
from expectations.people import AgeBand, Flag, Reference
from expectations.periods import StatedPeriod
from expectations.source import Due, Source, rule
from expectations.verdicts import Verdict


class IdvaEpisodes(Source):
    """Referrals to the independent domestic violence advocacy service, one row per referral, without names.

    A referral is not a service user: who is referred twice is two referrals, and new once, in the financial year in
    which the service meets them first. The two are counted apart.
    """

    title = "IDVA episodes"
    supplier = AGENCIES["SOLACE"]
    service = "IDVA"
    arrives = Due("month", working_day=10)
    loads = "fact_referrals"
    key = ("referral_id",)
    slices = ("month",)
    vintage = "prepared_on"
    records_kept_months = 36

    period = StatedPeriod(
        "Period", "Period covered", "Reporting period", says="The months that the file is complete for."
    )
    prepared_on = Day("Prepared on", above=True, required=False, loaded=False, says="When the file was drawn up.")
    referral_id = Reference("Referral reference", "Referral ref", says="Your reference of the referral.")
    person_pseudonym = Reference("Client reference", "Client ref", "Client ID", says="Your reference of the person.")
    referred_on = Day("Referral date", "Date of referral", says="When the referral was received.")
    month = month_of("referred_on")
    referrer_id = Code(
        "Source of referral",
        "Referral source",
        "Referrer",
        codes=REFERRERS,
        codes_say="who referred, by the name in the list",
        blank="UNKNOWN",
        unmapped="UNMAPPED",
        says="Who referred.",
    )
    is_accepted = Flag("Accepted", "Referral accepted", says="Whether the service accepted the referral.")
    is_engaged = Flag("Engaged", says="Whether the person engaged.")
    is_new_service_user = Flag(
        "New service user", "New user", required=True, says="Whether the person is new in this financial year."
    )
    risk = Code(
        "Risk",
        "Risk level",
        codes={
            "HIGH": ["High"],
            "MEDIUM": ["Medium"],
            "STANDARD": ["Standard", "Low"],
            "NOT_KNOWN": ["Not known", "Unknown", "NK"],
        },
        blank="NOT_KNOWN",
        says="At referral.",
    )
    opened_on = Day("Case opened", "Opened", required=False, says="When the case was opened.")
    closed_on = Day("Case closed", "Closed", required=False, says="When it was closed.")
    victim_sex = Code("Sex", "Gender", codes=SEXES, blank="NOT_KNOWN", says="Of the person.")
    victim_age_band = AgeBand("Age", "Age at referral", says="At referral, in years; kept as a band.")
    victim_ethnic_group = Code(
        "Ethnic group", "Ethnicity", codes=ETHNIC_GROUPS, blank="NOT_KNOWN", says="As in the census."
    )
    victim_mental_health_disability = Flag(
        "Mental health disability", says="A disability of mental health; not the same as mental health issues."
    )
    victim_mental_health = Flag("Mental health issues", "Mental health", says="Mental health issues of any kind.")
    victim_alcohol = Flag("Alcohol", "Alcohol misuse", says="Alcohol misuse.")
    victim_drugs = Flag("Drugs", "Drug misuse", says="Drug misuse.")

    referred_before_opened = NotAbove(
        "referred_on", "opened_on", sentence="the case was opened before it was referred.", fix="Check both dates."
    )
    opened_before_closed = NotAbove(
        "opened_on", "closed_on", sentence="the case was closed before it was opened.", fix="Check both dates."
    )

    @rule("the person engaged though the referral was not accepted.", fix="Check both answers.")
    def engaged_were_accepted(row: Row) -> pl.Expr:
        """Engaged is a part of accepted."""
        return ~(row.is_engaged & ~row.is_accepted).fill_null(value=False)

    @rule(
        "the same client is new twice in one financial year.",
        fix="Say Yes on the first referral of the year only; the client is counted once all the same.",
        verdict=Verdict.WARN,
    )
    def new_once_a_year(row: Row) -> pl.Expr:
        """A new service user is counted once in the financial year (R-C05)."""
        financial_year = row.referred_on.dt.offset_by("-3mo").dt.year()
        times = row.is_new_service_user.cast(pl.Int64).sum().over(row.person_pseudonym, financial_year)
        is_told = row.person_pseudonym.is_not_null() & row.referred_on.is_not_null()
        return pl.when(is_told).then(~row.is_new_service_user | (times <= 1))
