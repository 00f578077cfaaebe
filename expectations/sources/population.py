"""SRC-14: residents by area and mid-year."""

from expectations.areas import BOROUGHS
from expectations.fields import Code, Count, Day, Text
from expectations.source import Agency, Source


class Population(Source):
    """Residents of each area at mid-year (30 June), all ages and sexes, each row with its series.

    Series are never mixed: the same 4,960 incidents give 12.53, 12.70 or 12.33 per 1,000 by the series
    (original, rebased, projected). Every release is kept.
    """

    title = "Population by area and mid-year"
    supplier = Agency("ONS", "Office for National Statistics", "statistics")
    arrives = "yearly, in June"
    loads = "population"
    key = ("series", "area_code", "mid_year")
    slices = ("series", "area_code", "mid_year")
    vintage = "released_on"

    area_code = Code(
        "area_code",
        codes={code: [code] for code in BOROUGHS},
        codes_say="the GSS code of a London borough, such as E09000003",
        says="The area's GSS code.",
    )
    area_name = Text("area_name", required=False, loaded=False, says="The area's name.")
    mid_year = Count("mid_year", at_least=1981, at_most=2060, says="The year of the 30 June counted.")
    residents = Count("population", at_least=1, at_most=100_000_000, says="Residents of all ages.")
    series = Text(
        "series",
        pattern_says="the name of the series, such as ONS rebased",
        says="The publisher's name of the series, which every rate repeats.",
    )
    released_on = Day("released", "release_date", required=False, loaded=False, says="When it was published.")
