"""SRC-14: residents by area and mid-year."""

from expectations.agencies import AGENCIES
from expectations.areas import BOROUGHS
from expectations.fields import Code, Count, Day, Text
from expectations.source import Source


class Population(Source):
    """Residents of each area at mid-year (30 June), each row with its series; all ages and sexes unless it says so.

    Series are never mixed: the same 4,960 incidents give 12.53, 12.70 or 12.33 per 1,000 by the series
    (original, rebased, projected). Every release is kept.
    """

    title = "Population by area and mid-year"
    supplier = AGENCIES["ONS"]
    arrives = "yearly, in June"
    loads = "population"
    key = ("series", "area_code", "mid_year", "sex", "ages")
    slices = ("series", "area_code", "mid_year", "sex", "ages")
    vintage = "released_on"

    area_code = Code(
        "area_code",
        codes={code: [code] for code in BOROUGHS},
        codes_say="the GSS code of a London borough, such as E09000003",
        says="The area's GSS code.",
    )
    area_name = Text("area_name", required=False, loaded=False, says="The area's name.")
    mid_year = Count("mid_year", at_least=1981, at_most=2060, says="The year of the 30 June counted.")
    residents = Count("population", at_least=1, at_most=100_000_000, says="Residents of that sex and those ages.")
    sex = Code(
        "sex",
        codes={"all": ["all", "persons"], "F": ["F", "female", "females"], "M": ["M", "male", "males"]},
        blank="all",
        says="Their sex; all where the column is not there.",
    )
    ages = Code(
        "ages",
        codes={"all": ["all", "all ages"], "16+": ["16+", "16 and over"]},
        blank="all",
        says="Their ages; all where the column is not there.",
    )
    series = Text(
        "series",
        pattern_says="the name of the series, such as ONS rebased",
        example="ONS rebased",
        says="The publisher's name of the series, which every rate repeats.",
    )
    released_on = Day("released", "release_date", required=False, loaded=False, says="When it was published.")
