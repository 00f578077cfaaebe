"""Synthetic police extracts and populations, from which the pipeline reproduces the annual report's figures.

Barnet's totals are those of the annual report 2019/20, paragraph 1.7, except where a comment says otherwise.
How they fall on the months, and every figure of the 31 other boroughs, is invented. Neither clock nor chance
is asked, and the arithmetic is exact: every machine writes the same bytes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction

from flows.demonstration.arithmetic import BARNET, draw, months, spread

RICHMOND_UPON_THAMES = "E09000027"

EXTRACT_COLUMNS = ("Month", "Area code", "Area name", "Concept", "Measure", "Count", "Extract date")
POPULATION_COLUMNS = ("area_code", "area_name", "mid_year", "population", "sex", "ages", "series")
POPULATION_SERIES = "ONS mid-year estimates, original (others than Barnet 2019 invented)"

#: Concept and measure of each counted series; every tuple of totals below is in this order.
SERIES = (
    ("DA_INCIDENT", "incidents"),
    ("DA_OFFENCE", "offences"),
    ("DA_VWI", "offences"),
    ("DA_VWI", "sanction_detections"),
)

#: Barnet's totals by the year in which the financial year (April to March) begins.
#: Invented: violence with injury and its detections in 2016 and 2017. Derived: the violence of 2018, from the
#: printed +0.5%. Chosen: the detections of 2018, one of the whole numbers that give the printed rate of 17%.
BARNET_TOTALS = {
    2016: (5013, 2556, 690, 124),
    2017: (4757, 2528, 694, 121),
    2018: (4815, 2933, 803, 137),
    2019: (4960, 3146, 807, 110),
}

#: Incidents from October 2019 to September 2020. Derived from the printed rate of 13.3 per 1,000 residents.
BARNET_INCIDENTS_TO_SEPTEMBER_2020 = 5265

#: The month in which Barnet has no sanction detection, so that a true zero is seen to have no row.
BARNET_MONTH_WITHOUT_DETECTION = date(2019, 12, 1)

#: Barnet's residents at mid-year. 2019 is the ONS estimate as first published; the others are invented.
BARNET_POPULATION = {2015: 380_500, 2016: 384_400, 2017: 388_200, 2018: 392_000, 2019: 395_869}

#: Relative weight of April, May ... March: a little more in summer and at the turn of the year. Invented.
SEASON = (98, 102, 104, 107, 104, 100, 99, 97, 103, 100, 90, 96)


def police_files(area_codes: Mapping[str, str]) -> Iterator[tuple[str, list[Sequence[object]]]]:
    """Yield the name and the rows of five police extracts and a population file.

    Args:
        area_codes: name of each Metropolitan Police borough by its GSS code.
    """
    for name, spanned, totals in _periods():
        yield f"police_extract_{name}", [EXTRACT_COLUMNS, *_extract_rows(spanned, totals, area_codes)]
    yield (
        "population",
        [
            POPULATION_COLUMNS,
            *(
                (area, name, mid_year, residents, sex, ages, POPULATION_SERIES)
                for area, name in area_codes.items()
                for mid_year in BARNET_POPULATION
                for sex, ages, residents in (
                    ("all", "all", _population(area, mid_year)),
                    # Invented: the share of women of 16 and more.
                    ("F", "16+", round(Fraction(_population(area, mid_year) * 41, 100))),
                )
            ),
        ],
    )


def _periods() -> Iterator[tuple[str, list[date], tuple[int, ...]]]:
    """Yield the name, the months and Barnet's totals of each extract."""
    for year, totals in BARNET_TOTALS.items():
        yield f"{year}-{(year + 1) % 100}", months(year, 12), totals
    yield "2020-21_to_2020-09", months(2020, 6), _half_year_totals()


def _half_year_totals() -> tuple[int, ...]:
    """Return Barnet's totals of April to September 2020: incidents by difference, the rest as in 2019/20."""
    winter_incidents = spread(BARNET_TOTALS[2019][0], _weights(BARNET, SERIES[0], months(2019, 12)))[6:]
    incidents = BARNET_INCIDENTS_TO_SEPTEMBER_2020 - sum(winter_incidents)
    return tuple(round(Fraction(incidents * total, BARNET_TOTALS[2019][0])) for total in BARNET_TOTALS[2019])


def _extract_rows(
    months: Sequence[date], totals: Sequence[int], area_codes: Mapping[str, str]
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of one extract, by month, area and series; as in the police file, a zero has no row."""
    extracted = (months[-1] + timedelta(days=31)).replace(day=6)
    counts = {
        (area, series): spread(round(total * _scale(area, series)), _weights(area, series, months))
        for area in area_codes
        for series, total in zip(SERIES, totals, strict=True)
    }
    for position, month in enumerate(months):
        for (area, series), monthly in counts.items():
            if monthly[position]:
                yield month, area, area_codes[area], *series, monthly[position], extracted


def _population(area: str, mid_year: int) -> int:
    """Return the residents at mid-year; an invented area grows as Barnet does, so that ranks keep still."""
    if area == BARNET:
        return BARNET_POPULATION[mid_year]
    residents_in_2019 = 180_000 + 100 * draw(2_000, "population", area)
    return round(Fraction(residents_in_2019 * BARNET_POPULATION[mid_year], BARNET_POPULATION[2019]))


def _scale(area: str, series: tuple[str, str]) -> Fraction:
    """Return an area's count as a multiple of Barnet's: by residents and by an invented rate.

    Incidents per resident are 85% of Barnet's in Richmond upon Thames and 115% to 174% in the others, which
    makes Barnet the second lowest of 32 (paragraph 1.7). The other series stray up to 5% from that, so that
    the share of incidents that become offences differs by area.
    """
    if area == BARNET:
        return Fraction(1)
    incident_rate = 85 if area == RICHMOND_UPON_THAMES else 115 + draw(60, "rate", area)
    strayed = 100 if series == SERIES[0] else 95 + draw(11, "share", area, *series)
    residents = Fraction(_population(area, 2019), BARNET_POPULATION[2019])
    return residents * Fraction(incident_rate, 100) * Fraction(strayed, 100)


def _weights(area: str, series: tuple[str, str], months: Iterable[date]) -> list[int]:
    """Return the relative weight of each month: the season, give or take 5%."""
    silent = BARNET_MONTH_WITHOUT_DETECTION if (area, series) == (BARNET, SERIES[3]) else None
    return [
        (month != silent) * SEASON[(month.month - 4) % 12] * (95 + draw(11, area, *series, month)) for month in months
    ]
