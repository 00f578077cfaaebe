"""Synthetic returns of counts, and benchmarks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from flows.demonstration.arithmetic import draw, months, spread
from flows.demonstration.people import IDVA, IDVA_SOURCES, MARAC, Rows, heading, idva_rows, marac_rows

QUARTERS = ("Q1", "Q2", "Q3", "Q4")

#: Table 3: bed spaces, women and children of 2019/20; the year before is invented, and so is everything else.
REFUGES = {
    "Minerva House": {2018: (6, 14, 12), 2019: (6, 16, 13)},
    "Hannah House and Arlene House": {2018: (18, 40, 30), 2019: (18, 39, 32)},
}
#: Paragraph 2.47: victims a year.
ONE_STOP_SHOP = {2016: 324, 2017: 456, 2018: 486, 2019: 443}
#: Paragraph 2.21: homes secured in 2019/20; the year before is invented.
SANCTUARY = {2018: 58, 2019: 65}
#: Paragraph 2.49 and 2.50: 26 practices; 110 referrals from 1 April 2019 to 26 June 2020, of which 89 are chosen to
#: lie in 2019/20, as many as the whole gives in 366 days. The year before is invented.
IRIS = {2018: 40, 2019: 89}
IRIS_TO_26_JUNE_2020 = 21
PRACTICES_TRAINED = 26
#: Paragraphs 6.5 and 2.50: pounds a year to commission services, and GP referrals a year before IRIS.
STATED = (696_400, 4)
#: Paragraphs 2.4 and 2.8: attendances of 2019/20, and the event of 5 March 2019. The rest is invented.
TRAINING = {
    2018: [(date(2018, 11, 14), "Training", "MARAC", 40), (date(2019, 2, 6), "Training", "Online", 47),
           (date(2019, 3, 5), "Awareness event", "Awareness event", 110)],
    2019: [(date(2019, 6, 12), "Training", "MARAC", 29), (date(2019, 11, 20), "Training", "MARAC", 22),
           (date(2019, 9, 4), "Training", "Online", 35), (date(2020, 1, 15), "Training", "Online", 33)],
}  # fmt: skip
#: Paragraph 2.37 prints 89% and 88% before, and 100% after. How many were asked is assumed: 57 before, 36 after.
SURVEY = {"Pre": ((30, 27, 26), (27, 24, 24)), "Post": ((16, 16, 16), (20, 20, 20))}

MARAC_RETURN = (
    "MARAC Name", "Meeting date", "Cases discussed", "Number of repeat cases",
    "Number of children in the household", "Number of cases with children in the household", "Police", "IDVA",
    "Children's Social Care", "Primary Care Service", "Secondary Care/ Acute trust", "Education", "Housing",
    "Mental Health", "Probation", "Voluntary Sector", "Substance Abuse", "Adult Social Care", "MASH", "Other",
)  # fmt: skip


def return_files() -> Iterator[tuple[str, Rows]]:
    """Yield the name and the rows of every synthetic return of counts."""
    for year in MARAC:
        yield f"marac_return_{_year(year)}", [*heading("MARAC return", year), MARAC_RETURN, *_meetings(year)]
    for year in IDVA:
        yield f"idva_counts_{_year(year)}", [
            *_titled("IDVA counts", year), ("Quarter", "Measure", "Breakdown", "Value", "Count"), *_idva_counts(year)
        ]  # fmt: skip
    for year in (2018, 2019):
        yield f"refuge_{_year(year)}", [
            *_titled("Refuges", year),
            ("Refuge", "Quarter", "Bed spaces", "Women", "Men", "Trans adults", "Children", "Referrals",
             "Households unable to be supported"),
            *_refuges(year),
        ]  # fmt: skip
        yield f"sanctuary_{_year(year)}", [
            *_titled("Sanctuary scheme", year), ("Quarter", "Homes assessed", "Homes secured"), *_sanctuary(year)
        ]  # fmt: skip
        columns = ("Event date", "Activity", "Course", "Attendances")
        yield f"training_{_year(year)}", [*heading("Training", year), columns, *TRAINING[year]]
        yield f"victim_support_{_year(year)}", [
            *_titled("Victim Support", year), ("Quarter", "Command", "Referrals", "Engaged"), *_victim_support(year)
        ]  # fmt: skip
    for year in ONE_STOP_SHOP:
        yield f"one_stop_shop_{_year(year)}", [
            *_titled("One Stop Shop", year), ("Month", "Sessions", "Attendances", "Victims"), *_one_stop_shop(year)
        ]  # fmt: skip
    yield (
        "perpetrator_survey_2019-20",
        [
            *_titled("Perpetrator programme survey", 2019),
            ("Half year", "Question", "Wave", "Asked", "Answered", "Yes"),
            *_survey(),
        ],
    )
    iris = ("Quarter", "Practice code", "Status", "Referrals")
    for year in IRIS:
        yield f"iris_{_year(year)}", [*_titled("IRIS", year), iris, *_iris(year)]
    yield "iris_2020-21_to_2020-06-26", [
        ["IRIS (synthetic)"], ["Prepared on", date(2020, 6, 29)], ["Counted to", date(2020, 6, 26)], iris,
        *_practices("2020/21 Q1", IRIS_TO_26_JUNE_2020),
    ]  # fmt: skip
    yield "stated_figures_2019-20", [
        *_titled("Stated figures", 2019),
        ("Financial year", "Budget for commissioned services", "GP referrals a year before IRIS"),
        ("2019/20", *STATED),
    ]  # fmt: skip
    yield "benchmarks", [("Area", "Measure", "Period", "Series", "Definition set", "Value", "Unit"), *_benchmarks()]


def _titled(title: str, year: int) -> Rows:
    return [[f"{title} (synthetic)"], ["Prepared on", date(year + 1, 4, 20)], []]


def _quarterly(total: int, *key: object) -> list[int]:
    """Share a year's total out among its quarters."""
    return spread(total, [20 + draw(10, *key, quarter) for quarter in QUARTERS])


def _meetings(year: int) -> Iterator[Sequence[Any]]:
    """Yield a row for every meeting of the case list, as the co-ordinator would count it."""
    heard = [row for row in marac_rows(year, MARAC[year]) if row[4] == "Heard"]
    for met_on in sorted({str(row[1]) for row in heard}):
        cases = [row for row in heard if str(row[1]) == met_on]
        referrers = Counter(str(row[3]) for row in cases)
        yield (
            "Barnet", met_on, len(cases), sum(row[5] == "Yes" for row in cases),
            sum(row[12] for row in cases), sum(row[12] > 0 for row in cases),
            *(referrers[agency] for agency in MARAC_RETURN[6:]),
        )  # fmt: skip


def _idva_counts(year: int) -> Iterator[Sequence[Any]]:
    """Yield the quarterly counts, as they follow from the episodes."""
    rows = list(idva_rows(year, IDVA[year]))
    for number, quarter in enumerate(QUARTERS):
        referred = [row for row in rows if (row[2].month - 4) % 12 // 3 == number]
        stated = f"{year}/{(year + 1) % 100} {quarter}"
        yield stated, "Referrals", "All", "all", len(referred)
        yield stated, "New service users", "All", "all", len(referred)
        for source in IDVA_SOURCES:
            yield stated, "Referrals", "Source of referral", source, sum(row[3] == source for row in referred)


def _refuges(year: int) -> Iterator[Sequence[Any]]:
    for refuge, by_year in REFUGES.items():
        beds, women, children = by_year[year]
        rows = zip(QUARTERS, _quarterly(women, refuge, year), _quarterly(children, refuge, year, "c"), strict=True)
        for quarter, women_now, children_now in rows:
            stated = f"{year}/{(year + 1) % 100} {quarter}"
            yield refuge, stated, beds, women_now, 0, 0, children_now, women_now + 20, 12


def _sanctuary(year: int) -> Iterator[Sequence[Any]]:
    for quarter, homes in zip(QUARTERS, _quarterly(SANCTUARY[year], "sanctuary", year), strict=True):
        yield f"{year}/{(year + 1) % 100} {quarter}", homes + 4, homes


def _victim_support(year: int) -> Iterator[Sequence[Any]]:
    for quarter in QUARTERS:
        referred = 900 + draw(200, "victim support", year, quarter)
        yield f"{year}/{(year + 1) % 100} {quarter}", "North West", referred, referred * 6 // 10


def _one_stop_shop(year: int) -> Iterator[Sequence[Any]]:
    weights = [30 + draw(12, "one stop shop", year, place) for place in range(12)]
    for month, victims in zip(months(year, 12), spread(ONE_STOP_SHOP[year], weights), strict=True):
        yield month, 4, victims + 6 + draw(5, year, month), victims


def _survey() -> Iterator[Sequence[Any]]:
    for wave, halves in SURVEY.items():
        for half, (answered, strategies, impact) in zip(("2019/20 H1", "2019/20 H2"), halves, strict=True):
            yield half, "Strategies", wave, answered + 3, answered, strategies
            yield half, "Impact on children", wave, answered + 3, answered, impact


def _iris(year: int) -> Iterator[Sequence[Any]]:
    for quarter, referrals in zip(QUARTERS, _quarterly(IRIS[year], "iris", year), strict=True):
        yield from _practices(f"{year}/{(year + 1) % 100} {quarter}", referrals)


def _practices(quarter: str, referrals: int) -> Iterator[Sequence[Any]]:
    """Yield thirty invented practices, of which those that are trained refer."""
    by_practice = spread(referrals, [1 + draw(9, quarter, number) for number in range(PRACTICES_TRAINED)])
    for number in range(30):
        trained = number < PRACTICES_TRAINED
        status = ("Full" if number < 18 else "Part") if trained else "None"
        yield quarter, f"X{90001 + number}", status, by_practice[number] if trained else 0


def _benchmarks() -> Iterator[Sequence[Any]]:
    """Yield published figures: paragraph 2.20, and SafeLives' data for 2019/20."""
    year, safelives = "April 2019 to March 2020", "SafeLives MARAC annual data 2019-20 England and Wales"
    yield (
        "England and Wales",
        "repeat_cases_pct",
        year,
        "SafeLives, as the annual report prints it",
        "SafeLives MARAC",
        31,
        "%",
    )
    yield "Metropolitan Police", "cases", year, safelives, "SafeLives MARAC", 13_066, "cases"
    yield "Metropolitan Police", "repeats", year, safelives, "SafeLives MARAC", 3_030, "cases"


def _year(year: int) -> str:
    return f"{year}-{(year + 1) % 100}"
