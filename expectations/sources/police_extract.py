"""SRC-02: the local police extract."""

import polars as pl

from expectations.agencies import METROPOLITAN_POLICE
from expectations.areas import METROPOLITAN_BOROUGHS
from expectations.checks import NotAbove, Row
from expectations.fields import Code, Count, Day, Month, Text
from expectations.source import Coverage, Due, Source, rule


def _is_placed(row: Row) -> pl.Expr:
    """Return whether a row's area and month are known: rows without either are of no one month."""
    return row.area_code.is_not_null() & row.month.is_not_null()


class PoliceExtract(Source):
    """The local domestic abuse extract: incidents, offences, violence with injury and sanction detections.

    One row per borough, month, concept and measure; a zero has no row. It carries what today's public
    dashboard does not: incidents (which contain the offences) and sanction detections. An extract is
    complete for each borough and month of which it has the incidents row.
    """

    title = "Police domestic abuse extract"
    supplier = METROPOLITAN_POLICE
    arrives = Due("month", working_day=5)
    loads = "fact_offences"
    key = ("area_code", "month", "offence_id", "measure_id")
    slices = ("area_code", "month")
    vintage = "extracted_on"
    precedence = 2
    covers = Coverage(
        subject="offence_id",
        measure="measure_id",
        shown_by=lambda row: row.measure_id == "incidents",
        because="it has no row of domestic abuse incidents, and no London borough has had a month without one",
        always=(
            ("DA_INCIDENT", "incidents"),
            ("DA_OFFENCE", "offences"),
            ("DA_VWI", "offences"),
            ("DA_VWI", "sanction_detections"),
        ),
    )

    month = Month("Month", "Month_Year", says="The month in which the incident, offence or detection was recorded.")
    area_code = Code(
        "Area code",
        "GSS",
        "GSS code",
        codes={code: [code] for code in METROPOLITAN_BOROUGHS},
        codes_say="the GSS code of a borough of the Metropolitan Police, such as E09000003",
        says="The borough's GSS code.",
    )
    area_name = Text("Area name", "Borough", required=False, loaded=False, says="The borough's name.")
    offence_id = Code(
        "Concept",
        codes={
            "DA_INCIDENT": ["DA_INCIDENT", "Domestic Abuse Incidents"],
            "DA_OFFENCE": ["DA_OFFENCE", "Domestic Abuse"],
            "DA_VWI": ["DA_VWI", "Domestic Abuse violence with injury"],
        },
        says="What is counted; incidents contain offences, offences contain violence with injury.",
    )
    measure_id = Code(
        "Measure",
        codes={
            "incidents": ["incidents"],
            "offences": ["offences"],
            "sanction_detections": ["sanction_detections"],
        },
        says="How it is counted. A detection counts offences, not suspects, in the month it was recorded.",
    )
    value = Count("Count", at_most=100_000, says="How many.")
    extracted_on = Day("Extract date", "Extract_date", loaded=False, says="When the figures were drawn.")

    month_is_drawn = NotAbove(
        "month",
        "extracted_on",
        sentence="the month lies after the date on which the figures were drawn.",
        fix="Check the month and the extract date.",
    )

    @rule(
        "this concept is not counted by this measure.",
        fix="Count DA_INCIDENT by incidents, and the other concepts by offences or sanction_detections.",
    )
    def measure_fits_concept(row: Row) -> pl.Expr:
        """Incidents are no offences (HOCR): the two are never counted as each other."""
        return (row.offence_id == "DA_INCIDENT") == (row.measure_id == "incidents")

    @rule("there are more offences than incidents, which contain them.", fix="Check both rows of this month.")
    def offences_are_within_incidents(row: Row) -> pl.Expr:
        """Every offence here began as an incident."""
        offences = pl.when((row.offence_id == "DA_OFFENCE") & (row.measure_id == "offences")).then(row.value)
        incidents = pl.when(row.measure_id == "incidents").then(row.value)
        return pl.when(_is_placed(row)).then(offences <= incidents.max().over("area_code", "month"))

    @rule(
        "there is more violence with injury than domestic abuse, which contains it.",
        fix="Check both rows of this month.",
    )
    def violence_is_within_offences(row: Row) -> pl.Expr:
        """The offences of violence with injury are a subset of all domestic abuse offences."""
        offences = pl.when((row.offence_id == "DA_OFFENCE") & (row.measure_id == "offences")).then(row.value)
        violence = pl.when((row.offence_id == "DA_VWI") & (row.measure_id == "offences")).then(row.value)
        return pl.when(_is_placed(row)).then(violence <= offences.max().over("area_code", "month"))
