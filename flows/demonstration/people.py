"""Synthetic records: MARAC cases, IDVA episodes and the perpetrator programme; every person in them is invented."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flows.demonstration.arithmetic import chosen, dealt, draw, months, spread

Rows = list[Sequence[Any]]

#: Relative weight of April, May ... March. Invented.
SEASON = (8, 9, 9, 10, 8, 9, 9, 8, 7, 9, 7, 7)

#: MARAC totals by the year in which the financial year begins. 2019: paragraphs 1.7, 1.8 and 2.20; where they print
#: a percentage the count is chosen from those that give it. 2018: the base of 320 is assumed, and the counts of
#: child-to-parent cases, mental health and drugs are chosen to give the printed percentages; the rest is invented.
MARAC: dict[int, dict[str, Any]] = {
    2018: {
        "cases": 320, "families": 130, "children": 205, "repeats": 40, "child_to_parent": 24, "clares_law": 12,
        "victim_sex": {"F": 306, "M": 14},
        "perpetrator_sex": {"M": 303, "F": 17},
        "victim_age": {19: 16, 25: 88, 35: 104, 45: 68, 55: 32, 67: 12},
        "perpetrator_age": {18: 20, 25: 92, 35: 86, 45: 56, 55: 42, 66: 24},
        "victim_mental_health": 67, "victim_alcohol": 15, "victim_drugs": 6, "victim_both": 4,
        "perpetrator_mental_health": 51, "perpetrator_alcohol": 24, "perpetrator_drugs": 38, "perpetrator_both": 12,
    },
    2019: {
        "cases": 363, "families": 154, "children": 238, "repeats": 48, "child_to_parent": 42, "clares_law": 17,
        "victim_sex": {"F": 345, "M": 18},
        "perpetrator_sex": {"M": 345, "F": 18},
        "victim_age": {19: 18, 25: 99, 35: 120, 45: 76, 55: 36, 67: 14},
        "perpetrator_age": {18: 24, 25: 105, 35: 100, 45: 62, 55: 46, 66: 26},
        "victim_mental_health": 149, "victim_alcohol": 22, "victim_drugs": 18, "victim_both": 11,
        "perpetrator_mental_health": 87, "perpetrator_alcohol": 29, "perpetrator_drugs": 58, "perpetrator_both": 18,
    },
}  # fmt: skip
#: Who referred to MARAC, in shares of 100; the paper names the police, SASS and Victim Support without numbers.
MARAC_REFERRERS = {"Police": 46, "IDVA": 24, "Voluntary Sector": 12, "Housing": 6, "Children's Social Care": 5,
                   "MASH": 4, "Mental Health": 3}  # fmt: skip
#: The MARAC meets every week (paragraph 2.22).
MEETINGS = (3, 10, 17, 24)
#: Referrals that were screened out before a meeting, a year. Invented.
MARAC_DECLINED = 9

#: New service users by year, as paragraph 2.15 has them; each is one referral.
IDVA = {2017: 1144, 2018: 1169, 2019: 1346}
#: Who referred in 2019/20: paragraph 2.16 prints 21, 19, 18, 14 and 9%. The others are split, invented.
IDVA_SOURCES = {"One Stop Shop": 283, "MARAC": 256, "Self": 242, "Police": 188, "Family Services": 121,
                "Children's Social Care": 80, "Housing": 70, "GP": 60, "Other": 46}  # fmt: skip
#: The profile of 2019/20, paragraph 1.8, on the base of 1,346: chosen counts that give the printed percentages.
IDVA_PROFILE: dict[str, Any] = {
    "sex": {"F": 1319, "M": 27},
    "age": {19: 94, 25: 336, 35: 417, 45: 283, 55: 149, 67: 67},
    "mental_health_disability": 94, "mental_health": 417, "alcohol": 54, "drugs": 40,
}  # fmt: skip

#: The programme of 2019/20: paragraphs 2.29 to 2.36. The year before is invented.
PROGRAMME: dict[int, dict[str, Any]] = {
    2018: {"referrals": 120, "assessed": 80, "started": 50, "completed": 45, "left": 5,
           "groups": {"Adult male": 84, "Adult female": 10, "CPV": 26},
           "strands": {"Safe Relationships": 44, "CPV": 26, "Other": 50}},
    2019: {"referrals": 148, "assessed": 99, "started": 61, "completed": 36, "left": 2,
           "groups": {"Adult male": 100, "Adult female": 13, "CPV": 34, "": 1},
           "strands": {"Safe Relationships": 53, "CPV": 34, "Other": 61}},
}  # fmt: skip

MARAC_COLUMNS = (
    "Case reference", "Meeting date", "Referral date", "Referring agency", "Outcome of screening", "Repeat case",
    "Earlier case reference", "Repeat definition", "Victim sex", "Victim age", "Perpetrator sex", "Perpetrator age",
    "Children in household", "Victim mental health", "Victim alcohol", "Victim drugs", "Perpetrator mental health",
    "Perpetrator alcohol", "Perpetrator drugs", "Child to parent", "Clare's Law",
)  # fmt: skip
IDVA_COLUMNS = (
    "Referral reference", "Client reference", "Referral date", "Source of referral", "Accepted", "Engaged",
    "New service user", "Risk", "Sex", "Age", "Mental health disability", "Mental health issues", "Alcohol", "Drugs",
)  # fmt: skip
PROGRAMME_COLUMNS = (
    "Referral reference", "Referral date", "Referrer", "Client group", "Strand", "Age", "Consent", "Assessed",
    "Suitable", "Started", "Completed", "Left", "Left reason",
)  # fmt: skip


def people_files() -> Iterator[tuple[str, Rows]]:
    """Yield the name and the rows of every synthetic file of records, a financial year each."""
    for year, totals in MARAC.items():
        yield (
            f"marac_cases_{_year(year)}",
            [*heading("MARAC case list", year), MARAC_COLUMNS, *marac_rows(year, totals)],
        )
    for year, total in IDVA.items():
        yield f"idva_episodes_{_year(year)}", [*heading("IDVA episodes", year), IDVA_COLUMNS, *idva_rows(year, total)]
    for year, totals in PROGRAMME.items():
        rows = programme_rows(year, totals)
        yield f"perpetrator_programme_{_year(year)}", [
            *heading("Perpetrator programme", year), PROGRAMME_COLUMNS, *rows
        ]  # fmt: skip


def heading(title: str, year: int) -> Rows:
    """Return the rows above a table: a title, the year that it is of, and when it was drawn up."""
    return [
        [f"{title} (synthetic)"],
        ["Period", f"April {year} to March {year + 1}"],
        ["Prepared on", date(year + 1, 4, 14)],
        [],
    ]


def marac_rows(year: int, totals: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    """Yield the cases of a year in order of meeting, then those that were screened out."""
    of = totals["cases"]

    def marked(name: str) -> set[int]:
        return chosen(totals[name], of, "marac", year, name)

    def values(name: str) -> list[Any]:
        return dealt(totals[name], of, "marac", year, name)

    families = sorted(marked("families"))
    children = dict(zip(families, spread(totals["children"], [10 + draw(20, year, n) for n in families]), strict=True))
    sexes, ages = values("victim_sex"), values("victim_age")
    perpetrator_sexes, perpetrator_ages = values("perpetrator_sex"), values("perpetrator_age")
    needs = {who: _both(of, totals, who, year) for who in ("victim", "perpetrator")}
    referrers = dealt(dict(zip(MARAC_REFERRERS, spread(of, list(MARAC_REFERRERS.values())), strict=True)), of, year)
    repeats, mental = marked("repeats"), {who: marked(f"{who}_mental_health") for who in needs}
    child_to_parent, clares_law = marked("child_to_parent"), marked("clares_law")
    for number, met_on in enumerate(_days(year, of, MEETINGS)):
        yield (
            f"M{year}-{number:04}", met_on, met_on - timedelta(days=9), referrers[number], "Heard",
            _yes(number in repeats), f"M{year - 1}-{number:04}" if number in repeats else "", "v1",
            sexes[number], ages[number], perpetrator_sexes[number], perpetrator_ages[number],
            children.get(number, 0),
            _yes(number in mental["victim"]), *(_yes(number in one) for one in needs["victim"]),
            _yes(number in mental["perpetrator"]), *(_yes(number in one) for one in needs["perpetrator"]),
            _yes(number in child_to_parent), "Requested" if number in clares_law else "None",
        )  # fmt: skip
    for number, met_on in enumerate(_days(year, MARAC_DECLINED, MEETINGS)):
        yield (
            f"D{year}-{number:04}", met_on, met_on - timedelta(days=9), "Police", "Declined", "No", "", "v1", "F", 33,
            "M", 36, 0, *["No"] * 7, "None",
        )  # fmt: skip


def _both(of: int, totals: Mapping[str, Any], who: str, year: int) -> tuple[set[int], set[int]]:
    """Return who misuses alcohol and who drugs, so many of them both."""
    alcohol, drugs, both = (totals[f"{who}_{what}"] for what in ("alcohol", "drugs", "both"))
    order = sorted(chosen(alcohol + drugs - both, of, who, year, "misuse"))
    return set(order[:alcohol]), set(order[alcohol - both :])


def idva_rows(year: int, total: int) -> Iterator[Sequence[Any]]:
    """Yield the referrals of a year; those of earlier years have the profile of 2019/20 in proportion."""

    def counts(name: str, printed: Mapping[Any, int]) -> list[Any]:
        shared = dict(zip(printed, spread(total, list(printed.values())), strict=True))
        return dealt(shared, total, "idva", year, name)

    def marked(name: str) -> set[int]:
        return chosen(spread(total, [IDVA_PROFILE[name], IDVA[2019] - IDVA_PROFILE[name]])[0],
                      total, "idva", year, name)  # fmt: skip

    sources, sexes = counts("source", IDVA_SOURCES), counts("sex", IDVA_PROFILE["sex"])
    ages = counts("age", IDVA_PROFILE["age"])
    needs = [marked(name) for name in ("mental_health_disability", "mental_health", "alcohol", "drugs")]
    engaged = chosen(round(total * 0.8), total, "idva", year, "engaged")
    for number, referred_on in enumerate(_days(year, total, range(2, 28))):
        yield (
            f"S{year}-{number:05}", f"C{year}-{number:05}", referred_on, sources[number], "Yes",
            _yes(number in engaged), "Yes", "High" if number % 3 == 0 else "Standard", sexes[number], ages[number],
            *(_yes(number in one) for one in needs),
        )  # fmt: skip


def programme_rows(year: int, totals: Mapping[str, Any]) -> Iterator[Sequence[Any]]:
    """Yield the referrals of a year; the earliest have come furthest, so that every step lies in the year."""
    of, assessed, started, completed, left = (
        totals[name] for name in ("referrals", "assessed", "started", "completed", "left")
    )
    groups = dealt(totals["groups"], of, "programme", year, "group")
    strands = dealt(totals["strands"], of, "programme", year, "strand")
    for number, referred_on in enumerate(_days(year, of, range(3, 25))):
        begun = referred_on + timedelta(days=28)
        has_started, has_completed = number < started, number < completed
        has_left = completed <= number < completed + left
        yield (
            f"R{year}-{number:04}", referred_on, "Police" if number % 2 else "Family Services", groups[number],
            strands[number], 15 if groups[number] == "CPV" else 21 + draw(40, year, number), "Yes",
            referred_on + timedelta(days=14) if number < assessed else "", _yes(has_started),
            begun if has_started else "", begun + timedelta(days=70) if has_completed else "",
            begun + timedelta(days=30) if has_left else "", "Disengaged" if has_left else "",
        )  # fmt: skip


def _days(year: int, count: int, days: Sequence[int]) -> list[date]:
    """Return a day for each of a number of records, in order: so many a month as the season has it."""
    by_month = spread(count, [weight * 10 + draw(10, year, count, place) for place, weight in enumerate(SEASON)])
    return [
        month.replace(day=day)
        for month, number in zip(months(year, 12), by_month, strict=True)
        for day in sorted(days[place % len(days)] for place in range(number))
    ]


def _yes(answer: bool) -> str:
    return "Yes" if answer else "No"


def _year(year: int) -> str:
    return f"{year}-{(year + 1) % 100}"
