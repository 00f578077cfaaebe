"""How well returns come: on time, sent again, with answers that are known; by hand beside what is computed."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from flows.home import Home
from tests.empty import with_warehouse
from tests.flows.arriving import arrive, one_stop_shop, refuges
from tests.flows.people import with_keys

BOTH = ("Minerva House", "Hannah & Arlene")
# The day on which each month's return came, and beside it the working day by which it was due.
ONE_STOP_SHOP = {
    "Apr 2019": "2019-05-02",
    "May 2019": "2019-06-07",  # due that very day
    "Jun 2019": "2019-07-08",  # due on 5 July
    "Jul 2019": "2019-08-02",
    "Aug 2019": "2019-09-03",
    "Sep 2019": "2019-10-02",
    "Oct 2019": "2019-11-04",
    # November's never came.
    "Dec 2019": "2020-01-08",  # due that very day, with New Year's Day between
    "Jan 2020": "2020-02-05",
    "Feb 2020": "2020-03-03",
}


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home in which a year of returns came: of the One Stop Shop, and from its first quarter on of refuges."""
    home = with_warehouse(Home(tmp_path_factory.mktemp("year") / "home"))
    for month, on in ONE_STOP_SHOP.items():
        arrive(home, f"oss {month}.csv", one_stop_shop(month), on=on)
    # With March came other figures of February: that is no return sent again.
    arrive(home, "oss Mar 2020.csv", one_stop_shop("Feb 2020", "Mar 2020", attendances=44), on="2020-04-02")
    arrive(home, "oss Aug 2019_r2.csv", one_stop_shop("Aug 2019", attendances=41), on="2019-09-20")
    # The very same again brings nothing new.
    arrive(home, "oss Sep 2019_r2.csv", one_stop_shop("Sep 2019"), on="2019-10-20")
    arrive(home, "q1.csv", refuges("2019/20 Q1", *BOTH), on="2019-07-10")
    arrive(home, "q2 one.csv", refuges("2019/20 Q2", BOTH[0]), on="2019-10-21")  # due that very day
    arrive(home, "q2 other.csv", refuges("2019/20 Q2", BOTH[1]), on="2019-10-22")
    arrive(home, "q3.csv", refuges("2019/20 Q3", *BOTH), on="2020-01-15")
    arrive(home, "q3_r2.csv", refuges("2019/20 Q3", BOTH[0], women=5), on="2020-02-01")
    arrive(home, "q4.csv", refuges("2019/20 Q4", *BOTH), on="2020-04-20")
    return home


def figures(home: Home, at: str, month: str = "2020-03-31") -> dict[tuple[str, str], Any]:
    """Return the figures of quality of the 12 months to a day, as known at an instant: parts and display."""
    with home.open() as connection:
        rows = connection.execute(
            "SELECT indicator_id, breakdown_value, numerator, denominator, display, reason"
            " FROM rolling_12m_as_of($at) WHERE indicator_id LIKE 'DQ_%' AND period_end = $month",
            {"at": datetime.fromisoformat(at), "month": month},
        ).fetchall()
    return {(row[0], row[1]): row[2:] for row in rows}


def test_returns_on_time_are_a_share_of_those_due(year: Home) -> None:
    found = figures(year, "2020-04-24T12:00")
    # Of the One Stop Shop 10 of 12: June came late, November not at all. Of the refuges 7 of 8.
    assert found["DQ_TIMELY", "one_stop_shop"] == (10, 12, "83", None)
    assert found["DQ_TIMELY", "all"] == (17, 20, "85", None)
    # The refuges' first quarter ends with June: 10 months.
    assert found["DQ_TIMELY", "refuge"] == (None, None, "[x]", "Only 10 of the 12 months are covered.")


def test_returns_sent_again_with_other_figures_are_a_share_of_those_received(year: Home) -> None:
    found = figures(year, "2020-04-24T12:00")
    assert found["DQ_RESUB", "one_stop_shop"] == (1, 11, "9", None)
    assert found["DQ_RESUB", "all"] == (2, 19, "11", None)


def test_month_counts_once_everything_that_ends_in_it_was_due(year: Home) -> None:
    # The refuges' last quarter is due on 23 April, the 15th working day with Easter between.
    open_month = figures(year, "2020-04-23T12:00")["DQ_TIMELY", "all"]
    assert open_month == (None, None, "[x]", "Only 11 of the 12 months are covered.")
    assert figures(year, "2020-04-23T23:30")["DQ_TIMELY", "all"] == (17, 20, "85", None)  # the 24th in London


def test_what_was_due_before_anything_was_taken_in_is_not_called_late(home: Home) -> None:
    months = [f"{name} 2019" for name in ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")]
    arrive(home, "oss.csv", one_stop_shop(*months, "Jan 2020", "Feb 2020", "Mar 2020"), on="2020-04-06")
    assert ("DQ_TIMELY", "all") in figures(home, "2020-04-20T12:00")
    assert figures(home, "2020-04-20T12:00")["DQ_TIMELY", "all"][3] == "Only 1 of the 12 months are covered."


PROGRAMME = """Period,April 2019 to March 2020
Referral reference,Referral date,Referrer,Client group,Strand,Age,Suitable,Partner support taken up
R1,03/04/2019,Police,Adult male,Safe Relationships,38,Yes,No
R2,04/04/2019,Police,Not known,Safe Relationships,NK,,Not known
R3,06/02/2020,Police,Adult male,Safe Relationships,,Yes,
"""
CASES = """Case reference,Meeting date,Referring agency,Outcome of screening,Victim sex,Victim age,Children in household
B1,24/05/2019,MASH,Heard,F,36,0
"""


def test_answers_that_are_known_are_a_share_of_those_that_could_be(tmp_path: Path) -> None:
    home = with_keys(Home(tmp_path / "home"))
    arrive(home, "programme.csv", PROGRAMME, on="2020-04-06")
    # Client group, age, suitable and partner support are asked of each: 4 are known of R1, none of R2, 2 of R3.
    found = figures(home, "2020-04-07T12:00")
    assert found["DQ_COMPLETE", "perpetrator_programme"] == found["DQ_COMPLETE", "all"] == (6, 12, "50", None)
    # A source more, of one month alone: all together are known where both are.
    assert arrive(home, "cases.csv", CASES, on="2020-04-08").status == "accepted"
    found = figures(home, "2020-04-09T12:00")
    assert found["DQ_COMPLETE", "perpetrator_programme"][:3] == (6, 12, "50")
    assert found["DQ_COMPLETE", "all"][3] == "Only 2 of the 12 months are covered."
