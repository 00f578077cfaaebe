"""Synthetic police extracts and populations, from which the pipeline reproduces the annual report's figures.

Barnet's totals are those of the annual report 2019/20, paragraph 1.7, except where a comment says otherwise.
How they fall on the months, and every figure of the 31 other boroughs, is invented. Neither clock nor chance
is asked, and the arithmetic is exact: every machine writes the same bytes.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from zlib import crc32

BARNET = "E09000003"
RICHMOND_UPON_THAMES = "E09000027"

EXTRACT_COLUMNS = ("Month", "Area code", "Area name", "Concept", "Measure", "Count", "Extract date")
POPULATION_COLUMNS = ("area_code", "area_name", "mid_year", "population", "series")
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


def write_demonstration(folder: Path, area_codes: Mapping[str, str]) -> list[Path]:
    """Write five police extracts and a population file, the same bytes each time.

    Args:
        folder: Where the files are written; it is made if it is missing.
        area_codes: Name of each Metropolitan Police borough by its GSS code.

    Returns:
        The paths of the files, the extracts first and in the order of their months.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables: dict[str, Iterable[Sequence[object]]] = {
        f"police_extract_{name}": [EXTRACT_COLUMNS, *_extract_rows(months, totals, area_codes)]
        for name, months, totals in _periods()
    }
    tables["population"] = [
        POPULATION_COLUMNS,
        *(
            (area, name, mid_year, _population(area, mid_year), POPULATION_SERIES)
            for area, name in area_codes.items()
            for mid_year in BARNET_POPULATION
        ),
    ]
    paths = [folder / f"synthetic_{name}.csv" for name in tables]
    for path, rows in zip(paths, tables.values(), strict=True):
        with path.open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows(rows)
    return paths


def _periods() -> Iterator[tuple[str, list[date], tuple[int, ...]]]:
    """Yield the name, the months and Barnet's totals of each extract."""
    for year, totals in BARNET_TOTALS.items():
        yield f"{year}-{(year + 1) % 100}", _months(year, 12), totals
    yield "2020-21_to_2020-09", _months(2020, 6), _half_year_totals()


def _half_year_totals() -> tuple[int, ...]:
    """Return Barnet's totals of April to September 2020: incidents by difference, the rest as in 2019/20."""
    winter_incidents = _spread(BARNET_TOTALS[2019][0], _weights(BARNET, SERIES[0], _months(2019, 12)))[6:]
    incidents = BARNET_INCIDENTS_TO_SEPTEMBER_2020 - sum(winter_incidents)
    return tuple(round(Fraction(incidents * total, BARNET_TOTALS[2019][0])) for total in BARNET_TOTALS[2019])


def _extract_rows(
    months: Sequence[date], totals: Sequence[int], area_codes: Mapping[str, str]
) -> Iterator[tuple[object, ...]]:
    """Yield the rows of one extract, by month, area and series; as in the police file, a zero has no row."""
    extracted = (months[-1] + timedelta(days=31)).replace(day=6)
    counts = {
        (area, series): _spread(round(total * _scale(area, series)), _weights(area, series, months))
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
    residents_in_2019 = 180_000 + 100 * _draw(2_000, "population", area)
    return round(Fraction(residents_in_2019 * BARNET_POPULATION[mid_year], BARNET_POPULATION[2019]))


def _scale(area: str, series: tuple[str, str]) -> Fraction:
    """Return an area's count as a multiple of Barnet's: by residents and by an invented rate.

    Incidents per resident are 85% of Barnet's in Richmond upon Thames and 115% to 174% in the others, which
    makes Barnet the second lowest of 32 (paragraph 1.7). The other series stray up to 5% from that, so that
    the share of incidents that become offences differs by area.
    """
    if area == BARNET:
        return Fraction(1)
    incident_rate = 85 if area == RICHMOND_UPON_THAMES else 115 + _draw(60, "rate", area)
    strayed = 100 if series == SERIES[0] else 95 + _draw(11, "share", area, *series)
    residents = Fraction(_population(area, 2019), BARNET_POPULATION[2019])
    return residents * Fraction(incident_rate, 100) * Fraction(strayed, 100)


def _weights(area: str, series: tuple[str, str], months: Iterable[date]) -> list[int]:
    """Return the relative weight of each month: the season, give or take 5%."""
    silent = BARNET_MONTH_WITHOUT_DETECTION if (area, series) == (BARNET, SERIES[3]) else None
    return [
        (month != silent) * SEASON[(month.month - 4) % 12] * (95 + _draw(11, area, *series, month)) for month in months
    ]


def _spread(total: int, weights: Sequence[int]) -> list[int]:
    """Share a total out by weight, in whole numbers that add up to it (the method of largest remainders)."""
    shares = [divmod(total * weight, sum(weights)) for weight in weights]
    whole = [quotient for quotient, _ in shares]
    by_remainder = sorted(range(len(shares)), key=lambda position: -shares[position][1])
    for position in by_remainder[: total - sum(whole)]:
        whole[position] += 1
    return whole


def _draw(below: int, *key: object) -> int:
    """Return a whole number from 0 to below - 1 that looks drawn by lot and is always the same for a key."""
    return crc32("|".join(map(str, key)).encode()) % below


def _months(year: int, count: int) -> list[date]:
    """Return the first days of so many months from April of a year."""
    return [date(year + number // 12, number % 12 + 1, 1) for number in range(3, 3 + count)]
