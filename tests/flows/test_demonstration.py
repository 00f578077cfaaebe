"""The synthetic extracts are recounted here with nothing but the csv module."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from expectations.catalogue import catalogue
from flows.demonstration import write_demonstration
from transforms.reading import grids
from transforms.recognising import recognise

BARNET = "E09000003"
RICHMOND_UPON_THAMES = "E09000027"
AREAS = {f"E09{number:06}": f"Borough {number}" for number in range(2, 34)}

INCIDENTS = ("DA_INCIDENT", "incidents")
OFFENCES = ("DA_OFFENCE", "offences")
VIOLENCE = ("DA_VWI", "offences")
DETECTIONS = ("DA_VWI", "sanction_detections")

Key = tuple[str, str, tuple[str, str]]


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a CSV file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Write the demonstration once."""
    return write_demonstration(tmp_path_factory.mktemp("landing") / "police", AREAS)


@pytest.fixture(scope="module")
def counts(files: list[Path]) -> dict[Key, int]:
    """Count by area, month (such as 2016-04) and series, and refuse a key that comes twice."""
    rows = [row for path in files[:5] for row in rows_of(path)]
    keyed = {(row["Area code"], row["Month"][:7], (row["Concept"], row["Measure"])): int(row["Count"]) for row in rows}
    assert len(keyed) == len(rows)
    return keyed


def twelve_months_to(end: str) -> list[str]:
    """Return the twelve months, such as 2016-04, that end with this one."""
    last = int(end[:4]) * 12 + int(end[5:]) - 1
    return [f"{number // 12}-{number % 12 + 1:02}" for number in range(last - 11, last + 1)]


def total(counts: dict[Key, int], series: tuple[str, str], end: str, area: str = BARNET) -> int:
    """Add up twelve months; a month without a row is a zero."""
    return sum(counts.get((area, month, series), 0) for month in twelve_months_to(end))


def test_file_names_columns_and_extract_dates(files: list[Path]) -> None:
    assert [path.name for path in files[:6]] == [
        "synthetic_police_extract_2016-17.csv",
        "synthetic_police_extract_2017-18.csv",
        "synthetic_police_extract_2018-19.csv",
        "synthetic_police_extract_2019-20.csv",
        "synthetic_police_extract_2020-21_to_2020-09.csv",
        "synthetic_population.csv",
    ]
    header = b"Month,Area code,Area name,Concept,Measure,Count,Extract date\r\n"
    assert all(path.read_bytes().startswith(header) for path in files[:5])
    extracted = [{row["Extract date"] for row in rows_of(path)} for path in files[:5]]
    assert extracted == [{"2017-04-06"}, {"2018-04-06"}, {"2019-04-06"}, {"2020-04-06"}, {"2020-10-06"}]
    months = [sorted({row["Month"] for row in rows_of(path)}) for path in files[:5]]
    assert [(first[0], first[-1], len(first)) for first in months][-2:] == [
        ("2019-04-01", "2020-03-01", 12),
        ("2020-04-01", "2020-09-01", 6),
    ]


@pytest.mark.parametrize(
    ("series", "end", "printed"),
    [
        (INCIDENTS, "2017-03", 5013),
        (INCIDENTS, "2018-03", 4757),
        (INCIDENTS, "2019-03", 4815),
        (INCIDENTS, "2020-03", 4960),
        (INCIDENTS, "2020-09", 5265),
        (OFFENCES, "2017-03", 2556),
        (OFFENCES, "2018-03", 2528),
        (OFFENCES, "2019-03", 2933),
        (OFFENCES, "2020-03", 3146),
        (VIOLENCE, "2019-03", 803),
        (VIOLENCE, "2020-03", 807),
        (DETECTIONS, "2019-03", 137),
        (DETECTIONS, "2020-03", 110),
    ],
)
def test_barnet_adds_up_to_the_annual_report(
    counts: dict[Key, int], series: tuple[str, str], end: str, printed: int
) -> None:
    assert total(counts, series, end) == printed


def test_a_zero_has_no_row_and_barnet_has_one_in_2019_20(counts: dict[Key, int]) -> None:
    assert min(counts.values()) >= 1
    absent = [month for month in twelve_months_to("2020-03") if (BARNET, month, DETECTIONS) not in counts]
    assert len(absent) == 1


def test_each_count_is_contained_in_the_wider_one(counts: dict[Key, int]) -> None:
    cells = {(area, month) for area, month, _ in counts}
    assert len(cells) == 32 * 54
    for area, month in cells:
        incidents, offences, violence = (counts[area, month, series] for series in (INCIDENTS, OFFENCES, VIOLENCE))
        assert counts.get((area, month, DETECTIONS), 0) <= violence <= offences <= incidents, (area, month)


def test_barnet_has_the_second_lowest_rate_in_every_window(files: list[Path], counts: dict[Key, int]) -> None:
    everybody = [row for row in rows_of(files[5]) if row["ages"] == "all"]
    residents = {(row["area_code"], row["mid_year"]): int(row["population"]) for row in everybody}
    ends = sorted({month for _, month, _ in counts})[11:]
    assert ends[-1] == "2020-09"
    for end in ends:
        mid_year = str(min(2019, int(end[:4]) - 1))
        rates = {area: 1000 * total(counts, INCIDENTS, end, area) / residents[area, mid_year] for area in AREAS}
        lowest, second, third = sorted(rates, key=lambda area: rates[area])[:3]
        assert (lowest, second) == (RICHMOND_UPON_THAMES, BARNET), end
        assert rates[third] > 1.05 * rates[BARNET], end
    assert round(rates[BARNET], 1) == 13.3


def test_population_names_its_series_and_holds_the_published_figure(files: list[Path]) -> None:
    rows = [row for row in rows_of(files[5]) if row["ages"] == "all"]
    assert list(rows[0]) == ["area_code", "area_name", "mid_year", "population", "sex", "ages", "series"]
    mid_years = Counter(row["mid_year"] for row in rows)
    assert mid_years == dict.fromkeys(["2015", "2016", "2017", "2018", "2019"], 32)
    assert {row["series"] for row in rows} == {"ONS mid-year estimates, original (others than Barnet 2019 invented)"}
    barnet = {row["mid_year"]: int(row["population"]) for row in rows if row["area_code"] == BARNET}
    assert barnet["2019"] == 395_869


def test_every_source_but_the_dashboard_is_sent(files: list[Path]) -> None:
    # The dashboard has no incidents, and SafeLives' file is its publisher's own.
    sent = {recognise(grids(path), catalogue().values()).source for path in files}
    assert set(catalogue().values()) - sent == {
        catalogue()["police_dashboard"],
        catalogue()["safelives_benchmark"],
    }


def test_the_same_bytes_are_written_each_time(files: list[Path], tmp_path: Path) -> None:
    again = write_demonstration(tmp_path, AREAS)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in files]
