"""SRC-15: SafeLives' MARAC figures by police force."""

import polars as pl

from expectations.agencies import AGENCIES
from expectations.fields import Derived, Number, Text
from expectations.periods import FinancialYear
from expectations.source import Source


class SafelivesBenchmark(Source):
    """SafeLives' yearly MARAC figures, one row per police force.

    Counts can be fractional: where a MARAC sent no figures for a quarter SafeLives uses those of the quarter before.
    """

    title = "SafeLives MARAC data by police force"
    supplier = AGENCIES["SAFELIVES"]
    arrives = "yearly, when it is published"
    loads = "benchmark"
    key = ("area_name", "financial_year")
    slices = ("area_name", "financial_year")

    area_name = Text("pfa_name_safelives", "Police force area", says="The police force, as SafeLives names it.")
    financial_year = FinancialYear("financial_year", loaded=False, says="April to March.")
    marac_count = Number(
        "marac_count", "Number of MARACs", measure="maracs", unit="MARACs", says="MARACs.", required=False
    )
    cases = Number(
        "cases_discussed", "Cases discussed", measure="cases", unit="cases", required=False, says="Cases discussed."
    )
    recommended = Number(
        "recommended_cases", measure="recommended_cases", unit="cases", required=False, says="Cases to be expected."
    )
    rate = Number(
        "cases_per_10k_adult_females",
        measure="cases_per_10k_adult_females",
        unit="per 10,000",
        required=False,
        says="Cases per 10,000 adult women, by the census of 2011.",
    )
    repeats = Number("repeat_cases", measure="repeats", unit="cases", required=False, says="Repeat cases.")
    repeat_share = Number(
        "repeat_cases_pct", measure="repeat_cases_pct", unit="%", required=False, says="Repeats as a share of cases."
    )
    children = Number(
        "children_in_household", measure="children", unit="children", required=False, says="Children in the households."
    )
    housing = Number(
        "housing_referrals",
        measure="housing_referrals",
        unit="cases",
        required=False,
        says="Cases referred by housing.",
    )
    series = Text("source", says="The publisher's name of the series.")
    definition_set = Derived(lambda _: pl.lit("SafeLives MARAC"))
