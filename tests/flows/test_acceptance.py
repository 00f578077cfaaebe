"""The figures of the annual report 2019/20, from invented files through the whole way to the published database."""

import csv
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest

from expectations.areas import METROPOLITAN_BOROUGHS
from flows.demonstration import write_demonstration
from flows.home import Home
from flows.ingesting import ingest
from flows.keys import new_keys
from flows.publications import publications, rebuild
from flows.refreshing import refresh_and_publish
from tests.flows.demonstrated import Demonstrated
from warehouse import open_published
from warehouse.reporting import printed_figures

BARNET = "E09000003"
FY_2020 = date(2020, 3, 31)
CASES = {
    row["id"]: row
    for row in csv.DictReader(
        Path(__file__).parents[1].joinpath("acceptance.csv").read_text(encoding="utf-8").splitlines()
    )
}
BOUND = {row["figure_id"]: row for row in printed_figures()}
SCALES = {"%": 100, "per 1,000": 1_000, "per 10,000": 10_000}
# E17 and E19 are of 453 days, which is no window of 12 months: they are added up from the published facts.
IN_453_DAYS = ("E17", "E19")


@dataclass(frozen=True)
class Report:
    """A published database, and what it has for the figures of the annual report."""

    database: Path

    def row(self, figure: str) -> dict[str, Any]:
        """Return the published row that a figure of the report is bound to."""
        one = BOUND[figure]
        with open_published(self.database) as published:
            rows = published.sql(
                "FROM rolling_12m WHERE area_code = $area AND indicator_id = $indicator AND breakdown = $breakdown"
                " AND breakdown_value = $value AND period_end = $end",
                {
                    "area": BARNET,
                    "indicator": one["indicator_id"],
                    "breakdown": one["breakdown"],
                    "value": one["breakdown_value"],
                    "end": date.fromisoformat(one["period_end"]),
                },
            )
        assert len(rows) == 1, f"{figure}: {len(rows)} rows of {one['indicator_id']}"
        return rows.row(0, named=True)

    def gp_referrals(self) -> int:
        """Return the GP referrals from 1 April 2019 to 26 June 2020."""
        with open_published(self.database) as published:
            found = published.sql(
                "SELECT sum(value)::BIGINT FROM fact_return_counts WHERE measure_id = 'gp_referrals'"
                " AND breakdown = 'all' AND period_start >= '2019-04-01' AND period_end <= '2020-06-26'"
            )
        return int(found.item())

    def obtained(self, figure: str) -> Decimal | None:
        """Return what is published for a figure, rounded like the expected one; None where it is not known."""
        like = CASES[figure]["expected"]
        if figure == "A15z":
            return self.december_2019()
        if figure in IN_453_DAYS:
            days = (date(2020, 6, 26) - date(2019, 4, 1)).days + 1
            exact = Fraction(self.gp_referrals()) * (Fraction(366, days) if figure == "E19" else 1)
            return rounded(exact, like)
        row = self.row(figure)
        if row["value"] is None:
            return None
        if row["unit"] == "rank":
            return Decimal(row["rank"])
        exact = exact_value(row)
        assert row["value"] == pytest.approx(float(exact))
        return rounded(exact, like)

    def december_2019(self) -> Decimal:
        """Return the detections of the month that has no row."""
        where = "area_code = $area AND month = '2019-12-01' AND measure_id = 'sanction_detections'"
        with open_published(self.database) as published:
            rows = published.sql(f"SELECT count(*) FROM fact_offences WHERE {where}", {"area": BARNET})
            assert rows.item() == 0
            return Decimal(published.sql(f"SELECT value FROM monthly_measure WHERE {where}", {"area": BARNET}).item())

    def failing(self) -> set[str]:
        """Return the figures for which something else is published than is expected."""
        return {
            figure
            for figure, case in CASES.items()
            if figure != "A15z" and self.obtained(figure) != Decimal(case["expected"])
        }


def rounded(exact: Fraction, like: str) -> Decimal:
    """Round half up, once, to as many decimals as the expected figure has; no figure here is negative."""
    places = len(like.partition(".")[2])
    return Decimal(floor(exact * 10**places + Fraction(1, 2))).scaleb(-places)


def exact_value(row: dict[str, Any]) -> Fraction:
    """Return a level or a change from its exact numerator and denominator."""
    numerator, denominator = row["numerator"], row["denominator"] or 1
    if row["indicator_id"].endswith("_YOY"):
        return Fraction(100 * (numerator - denominator), denominator)
    return Fraction(numerator * SCALES.get(row["unit"], 1), denominator)


def taken_in(home: Home, addresses: Sequence[Path]) -> Home:
    """Return a home with keys that has taken in files."""
    home.prepare()
    new_keys(home.key_file, ["HESTIA", "SOLACE", "RISE"])
    home = Home(home.root)
    outcomes = ingest(home, addresses)
    assert {outcome.status for outcome in outcomes} == {"accepted"}, [one for one in outcomes if one.counts.rejected]
    return home


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the demonstration once."""
    folder = tmp_path_factory.mktemp("sent")
    write_demonstration(folder, METROPOLITAN_BOROUGHS)
    return folder


@pytest.fixture(scope="module")
def report(demonstration: Demonstrated, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """Return what the demonstration has published."""
    return Report(demonstration.copied_to(tmp_path_factory.mktemp("home")).published)


def test_every_figure_of_the_report_is_bound_to_an_indicator_and_a_window() -> None:
    assert {
        name: (one["paragraph"], one["printed"], one["obtainable"], one["can_be_right"]) for name, one in BOUND.items()
    } == {
        name: (one["paragraph"], one["printed"], one["expected"], str(one["mode"] == "exact").lower())
        for name, one in CASES.items()
    }


@pytest.mark.parametrize("figure", CASES)
def test_printed_figure_is_reproduced_or_shown_to_be_wrong(figure: str, report: Report) -> None:
    case = CASES[figure]
    mode, _, obtainable = case["mode"].partition(":")
    expected = obtainable if mode == "known_bad" else case["printed"]
    assert Decimal(expected) == Decimal(case["expected"])
    assert report.obtained(figure) == Decimal(expected)
    assert (Decimal(expected) == Decimal(case["printed"])) == (mode == "exact")


@pytest.mark.parametrize(("case", "display"), [("A03", "51"), ("A14", "+0.5"), ("A16", "13.6"), ("A18", "13.3")])
def test_display_is_rounded_as_printed(case: str, display: str, report: Report) -> None:
    assert report.row(case)["display"] == display


def test_window_with_a_month_that_has_no_row_is_complete(report: Report) -> None:
    row = report.row("A15")
    assert (row["months_covered"], row["numerator"], row["reason"]) == (12, 110, None)


def test_prior_sanction_detection_rate_is_displayed_to_the_places_of_the_indicator(report: Report) -> None:
    assert report.row("A16")["prior_display"] == "17.1"


def test_every_figure_of_the_demonstration_says_that_it_is_synthetic(report: Report) -> None:
    with open_published(report.database) as opened:
        said = opened.sql("SELECT DISTINCT is_synthetic FROM rolling_12m WHERE value IS NOT NULL")
    assert said.rows() == [(True,)]


def test_publication_of_all_sources_is_made_again_byte_for_byte(report: Report, tmp_path: Path) -> None:
    home = Home(report.database.parents[1])
    (publication,) = publications(home)
    rebuilt = rebuild(home, publication["run_id"], tmp_path / "again")
    assert (rebuilt.other, rebuilt.misprinted) == ([], 0)


def test_figures_of_all_sources_are_those_that_the_warehouse_reads_of_the_same_instant(report: Report) -> None:
    home = Home(report.database.parents[1])
    (publication,) = publications(home)
    with open_published(report.database) as opened:
        published = opened.sql("SELECT * EXCLUDE (run_id) FROM rolling_12m ORDER BY ALL")
    with home.open() as connection:
        query = "FROM rolling_12m_as_of($at::TIMESTAMP) ORDER BY ALL"
        read = connection.sql(query, params={"at": publication["as_of"]}).pl()
    assert published.equals(read.select(published.columns).cast(published.schema))


# The acceptance can fail: each deliberate fault in what is sent makes the figures that rest on it wrong.

Rows = list[list[str]]
Mutation = Callable[[Rows], Iterator[Sequence[str]]]


def without_january(rows: Rows) -> Iterator[Sequence[str]]:
    """Leave a whole month of Barnet out of an extract."""
    return (row for row in rows if not (row[0] == "2020-01-01" and row[1] == BARNET))


def without_one_row(rows: Rows) -> Iterator[Sequence[str]]:
    """Lose a row in a month that is covered: it passes for zero."""
    lost = ["2020-01-01", BARNET, "Barnet", "DA_VWI", "offences"]
    return (row for row in rows if row[:5] != lost)


def with_a_lost_case(rows: Rows) -> Iterator[Sequence[str]]:
    """Lose the last case that was heard."""
    last = max(place for place, row in enumerate(rows) if len(row) > 4 and row[4] == "Heard")
    return (row for place, row in enumerate(rows) if place != last)


def misdated(rows: Rows) -> Iterator[Sequence[str]]:
    """Put the detections of February into January, and lose them there as the same thing given twice would be."""
    for row in rows:
        moved = row[:2] == ["2019-04-01", BARNET] and row[3] == "DA_INCIDENT"
        yield [*row[:5], str(int(row[5]) + 40), row[6]] if moved else row


def not_restated(rows: Rows) -> Iterator[Sequence[str]]:
    """Send the figures as they were before the police restated them: offences a little higher."""
    for row in rows:
        older = len(row) == 7 and row[1] == BARNET and row[3:5] == ["DA_OFFENCE", "offences"]
        yield [*row[:5], str(int(row[5]) + 20), row[6]] if older else row


def cases_twice(rows: Rows) -> Iterator[Sequence[str]]:
    """Send a month of cases again under other references, as a system that was moved does."""
    yield from rows
    for row in rows:
        if len(row) > 4 and row[4] == "Heard" and row[1].startswith("2020-02"):
            yield [f"{row[0]}-again", *row[1:]]


EXTRACT, CASE_LIST = "synthetic_police_extract_2019-20.csv", "synthetic_marac_cases_2019-20.csv"
FAULTS: dict[str, tuple[str, Mutation, set[str]]] = {
    "a month is missing": (EXTRACT, without_january, {"A10", "A11", "A12", "A13", "A14", "A15", "A16", "A19"}),
    "a row is lost in a covered month": (EXTRACT, without_one_row, {"A13", "A14", "A16"}),
    "a resubmission is counted twice": (CASE_LIST, cases_twice, {"B01", "B02", "B03"}),
    "a restatement is not applied": (EXTRACT, not_restated, {"A11", "A12"}),
    "a referral is lost": (CASE_LIST, with_a_lost_case, {"B01"}),
    "a month is misdated": (EXTRACT, misdated, {"A10"}),
}


@pytest.fixture(scope="module")
def others(sent: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Home]:
    """Return for each file that is at fault a home that has taken in the others of its family, which are not."""
    homes = {}
    for name, family in ((EXTRACT, "police_extract"), (CASE_LIST, "marac_cases")):
        beside = [path for path in sent.glob(f"synthetic_{family}*") if path.name != name]
        homes[name] = taken_in(Home(tmp_path_factory.mktemp(family)), [*beside, sent / "synthetic_population.csv"])
    return homes


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_what_is_sent_makes_the_acceptance_fail(
    fault: str, sent: Path, others: dict[str, Home], tmp_path: Path
) -> None:
    name, mutated, wrong = FAULTS[fault]
    with (sent / name).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    with (tmp_path / name).open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(mutated(rows))
    home = taken_in(Home(Path(shutil.copytree(others[name].root, tmp_path / "home"))), [tmp_path / name])
    found = Report(refresh_and_publish(home).database)
    touched = {figure for figure in CASES if figure[0] == ("A" if name == EXTRACT else "B")} - {"A15z"}
    failing = {figure for figure in touched if found.obtained(figure) != Decimal(CASES[figure]["expected"])}
    assert wrong <= failing
    assert failing < touched
