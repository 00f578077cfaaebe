"""SRC-01: the Metropolitan Police's Monthly Crime Dashboard."""

import polars as pl

from expectations.agencies import METROPOLITAN_POLICE
from expectations.areas import BOROUGHS, METROPOLITAN_BOROUGHS
from expectations.checks import NotAbove, Row
from expectations.fields import Code, Count, Day, Month, Text, Unread, normal
from expectations.source import Coverage, Due, Source, rule, scope


class PoliceDashboard(Source):
    """Metropolitan Police "Monthly Crime Dashboard", the *Other crime* file, which holds domestic abuse.

    One row per area, month, crime subtype and measure; a zero has no row. Every issue restates about four
    years, and older months drop out of it. Published on the London Datastore, refreshed on the 6th with data
    to the end of the month before. Since 28 February 2024 the police record in another system (CONNECT):
    the publisher calls domestic abuse before and after March 2024 not comparable.
    """

    title = "Police monthly crime dashboard, other crime"
    supplier = METROPOLITAN_POLICE
    arrives = Due("month", day=6)
    loads = "fact_offences"
    key = ("area_code", "month", "offence_id", "measure_id")
    slices = ("area_code", "month")
    vintage = "refreshed_on"
    precedence = 1
    covers = Coverage(
        subject="offence_id",
        measure="measure_id",
        shown_by=lambda row: (row.offence_id == "DA_OFFENCE") & (row.measure_id == "offences"),
        because="it has no row of domestic abuse offences, and no London borough has had a month without one",
        always=(("DA_OFFENCE", "offences"), ("DA_VWI", "offences")),
        areas=tuple(METROPOLITAN_BOROUGHS),
    )

    month = Month("Month_Year", "Month", says="The month in which the offence or outcome was recorded.")
    area_type = Code(
        "Area Type",
        codes={"borough": ["Borough"]},
        loaded=False,
        says="Borough, or Safer Neighbourhood Teams for wards.",
    )
    area_group = Unread("Borough_SNT", says="The borough, on ward rows too.")
    area_name = Text("Area name", required=False, loaded=False, says="The area's name.")
    area_code = Code(
        "Area code",
        codes={code: [code] for code in BOROUGHS},
        codes_say="the GSS code of a London borough, such as E09000003",
        says="The area's GSS code; the borough in which the incident took place.",
    )
    crime_type = Code(
        "Crime Type",
        "Offence Group",
        codes={"domestic_abuse": ["Domestic Abuse"]},
        loaded=False,
        says="The publisher's group of crimes.",
    )
    offence_id = Code(
        "Crime Subtype",
        "Offence Subgroup",
        codes={
            "DA_OFFENCE": ["Domestic Abuse"],
            "DA_VWI": ["Domestic Abuse violence with injury"],
            "DA_INCIDENT": ["Domestic Abuse Incidents"],
        },
        says="What is counted. Domestic Abuse already contains the violence with injury.",
    )
    measure_id = Code(
        "Measure",
        codes={
            "offences": ["Offences", "Offence Count", "Count", "Value", "Statistics"],
            "positive_outcomes": ["Positive Outcomes", "Outcomes"],
            "sanction_detections": ["Sanction Detections"],
        },
        says="How it is counted. Positive outcomes are not sanction detections: two series, never joined.",
    )
    financial_year = Text(
        "Financial Year",
        required=False,
        loaded=False,
        matches=r"[Ff][Yy]\d\d-\d\d",
        pattern_says="a financial year such as fy23-24",
        example="fy19-20",
        says="The financial year of the month.",
    )
    # Always ends in _01, so it orders nothing.
    financial_year_index = Unread("FY_FYIndex", says="The publisher's.")
    value = Count("Count", "Offence Count", "Value", "Statistics", at_most=100_000, says="How many.")
    refreshed_on = Day("Refresh Date", loaded=False, says="When the publisher drew these figures.")

    month_is_drawn = NotAbove(
        "month",
        "refreshed_on",
        sentence="the month lies after the date on which the figures were drawn.",
        fix="Check the month and the refresh date.",
    )

    @scope("wards and neighbourhood teams: their offences are already in the borough's row")
    def borough_rows(row: Row) -> pl.Expr:
        """Wards do not even add up to their borough: offences without a ward are pooled elsewhere."""
        return ~row.area_type.str.contains("^(safer neighbourhood|ward)")

    @scope("other crime types")
    def domestic_abuse_rows(row: Row) -> pl.Expr:
        """The subtype is not asked here: a new one under domestic abuse must be looked at, not dropped."""
        return row.crime_type.is_in(["domestic abuse", ""])

    @scope("not a borough: airport, other force or unknown place")
    def place_rows(row: Row) -> pl.Expr:
        """A blank or odd code is out of scope unless the name is a borough's: then the code was lost."""
        names = [normal(name) for name in BOROUGHS.values()]
        return row.area_code.str.contains(r"^e\d") | row.area_name.is_in(names)

    @rule("the month is not in the financial year beside it.", fix="Check the month and the financial year.")
    def month_is_in_financial_year(row: Row) -> pl.Expr:
        """Financial years run from April to March."""
        first = row.month.dt.year() - (row.month.dt.month() < 4).cast(pl.Int32)
        years = row.financial_year.str.extract(r"^[Ff][Yy](\d\d-\d\d)$")
        return years == pl.format("{}-{}", _two_digits(first), _two_digits(first + 1))

    @rule(
        "there is more domestic abuse violence with injury than domestic abuse, which contains it.",
        fix="Check both rows of this area and month.",
    )
    def violence_is_within_domestic_abuse(row: Row) -> pl.Expr:
        """The offences of violence with injury are a subset of all domestic abuse offences."""
        offences = pl.when((row.offence_id == "DA_OFFENCE") & (row.measure_id == "offences")).then(row.value)
        violence = pl.when((row.offence_id == "DA_VWI") & (row.measure_id == "offences")).then(row.value)
        is_placed = row.area_code.is_not_null() & row.month.is_not_null()
        return pl.when(is_placed).then(violence <= offences.max().over("area_code", "month"))


def _two_digits(year: pl.Expr) -> pl.Expr:
    """Return the last two digits of a year."""
    return (year % 100).cast(pl.String).str.zfill(2)
