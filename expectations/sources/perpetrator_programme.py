"""SRC-07: the perpetrator programme."""

import polars as pl

from expectations.agencies import AGENCIES, REFERRERS
from expectations.checks import NotAbove, Row
from expectations.fields import Code, Day, month_of
from expectations.people import AgeBand, Flag, Reference
from expectations.periods import StatedPeriod
from expectations.source import Due, Source, rule

# From which age each client group takes people; the young people's groups up to the one below.
YOUNGEST = {"ADULT_MALE": 18, "ADULT_FEMALE": 18, "YOUNG_PERSON_CPV": 11, "YOUNG_PERSON_RAP": 13}
OLDEST_YOUNG = 18


class PerpetratorProgramme(Source):
    """Referrals to the perpetrator programme and how far each has come, one row per referral, without names.

    Every file lists all referrals of its stated period with what has become of them since: send it from the start of
    the last financial year. What happened to a referral counts in the month of its own date, so that a programme of
    two years is seen in both.
    """

    title = "Perpetrator programme"
    supplier = AGENCIES["RISE"]
    service = "PERPETRATOR"
    arrives = Due("quarter", working_day=10)
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
    referred_on = Day("Referral date", "Date of referral", says="When the referral was received.")
    month = month_of("referred_on")
    referrer_id = Code(
        "Referrer",
        "Referred by",
        codes=REFERRERS,
        codes_say="who referred, by the name in the list",
        blank="UNKNOWN",
        unmapped="UNMAPPED",
        says="Who referred.",
    )
    client_group = Code(
        "Client group",
        codes={
            "ADULT_MALE": ["Adult male", "Male", "Men", "Adult men"],
            "ADULT_FEMALE": ["Adult female", "Female", "Women", "Adult women"],
            "YOUNG_PERSON_CPV": ["Young person, child to parent", "Child to parent", "CPV", "Young person CPV"],
            "YOUNG_PERSON_RAP": ["Young person, relationship abuse", "RAP", "Young person RAP"],
            "NOT_KNOWN": ["Not known", "Not recorded", "NK"],
        },
        blank="NOT_KNOWN",
        says="Whom the programme is for.",
    )
    strand = Code(
        "Strand",
        codes={
            "SAFE_RELATIONSHIPS": ["Safe Relationships", "SR"],
            "CHILD_TO_PARENT": ["Child to parent violence", "Child parent violence", "CPV", "Child to parent"],
            "OTHER": ["Other"],
        },
        blank="OTHER",
        says="The part of the programme.",
    )
    perpetrator_age_band = AgeBand("Age", at_least=10, says="At referral, in years; kept as a band.")
    has_consented = Flag("Consent", loaded=False, says="Whether the person consented to take part.")
    assessed_on = Day("Assessed", "Date assessed", required=False, says="When the person came to the first assessment.")
    is_suitable = Flag("Suitable", says="Whether the assessment found the person suitable.")
    started_on = Day("Started", "Date started", required=False, says="When the programme began.")
    completed_on = Day("Completed", "Date completed", required=False, says="When it was completed.")
    left_on = Day("Left", "Date left", required=False, says="When it was left before its end.")
    left_reason = Code(
        "Left reason",
        "Reason for leaving",
        codes={
            "DISENGAGED": ["Disengaged", "Did not attend"],
            "MOVED": ["Moved away", "Moved"],
            "CUSTODY": ["Custody", "In prison"],
            "UNSUITABLE": ["Unsuitable", "Found unsuitable"],
            "OTHER": ["Other"],
        },
        required=False,
        says="Why it was left.",
    )
    is_partner_offered = Flag("Partner support offered", loaded=False, says="Whether the partner was offered support.")
    is_partner_supported = Flag("Partner support taken up", says="Whether the partner took it up.")

    referred_before_assessed = NotAbove(
        "referred_on", "assessed_on", sentence="the assessment lies before the referral.", fix="Check both dates."
    )
    assessed_before_started = NotAbove(
        "assessed_on", "started_on", sentence="the programme began before the assessment.", fix="Check both dates."
    )
    started_before_completed = NotAbove(
        "started_on", "completed_on", sentence="the programme ended before it began.", fix="Check both dates."
    )
    started_before_left = NotAbove(
        "started_on", "left_on", sentence="the programme was left before it began.", fix="Check both dates."
    )

    @rule("the programme began without an assessment.", fix="Give the date of the assessment.")
    def started_were_assessed(row: Row) -> pl.Expr:
        """Each step rests on the one before (R-C03)."""
        return row.started_on.is_null() | row.assessed_on.is_not_null()

    @rule("the programme was completed or left, and never began.", fix="Give the date on which it began.")
    def ended_were_started(row: Row) -> pl.Expr:
        """Each step rests on the one before (R-C03)."""
        return pl.coalesce(row.completed_on, row.left_on).is_null() | row.started_on.is_not_null()

    @rule("the programme was both completed and left early.", fix="Keep the date that is right.")
    def ended_once(row: Row) -> pl.Expr:
        """Started is completed, left and still engaged together."""
        return row.completed_on.is_null() | row.left_on.is_null()

    @rule(
        "the age does not fit the client group.",
        fix="Child to parent violence is for ages 11 to 18, relationship abuse for 13 to 18, and the adults' groups "
        "from 18 on: check the age and the group.",
    )
    def age_fits_group(row: Row) -> pl.Expr:
        """The eligibility of the annual report 2019/20, paragraph 2.40; where only a band is known, the band fits."""
        youngest = row.client_group.replace_strict(YOUNGEST, default=None, return_dtype=pl.Int64)
        is_young = row.client_group.str.starts_with("YOUNG_PERSON")
        years, band = row.perpetrator_age_band__years, row.perpetrator_age_band
        years_fit = (years >= youngest) & (~is_young | (years <= OLDEST_YOUNG))
        band_fits = (band == "NOT_KNOWN") | pl.when(is_young).then(band == "11-20").otherwise(band != "0-10")
        return youngest.is_null() | pl.coalesce(years_fit, band_fits)
