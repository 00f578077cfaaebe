"""What is expected, received and late, on simulated days: from files taken in to the page that is read."""

from datetime import date, datetime
from typing import Any

import pytest
from typer.testing import CliRunner

from flows import refreshing
from flows.cli import app
from flows.home import Home
from flows.refreshing import refresh_and_publish
from flows.showing import status_rows
from tests.empty import with_warehouse
from tests.flows.arriving import arrive, one_stop_shop, police, refuges, training
from warehouse.reporting import report


def status(home: Home, today: str) -> dict[str, dict[str, Any]]:
    """Return what is said of each source, or part of one, on a day."""
    with home.open() as connection:
        rows = report(connection, "status", today=today)
    return {f"{row['source']} {row['part']}".strip(): row for row in rows}


@pytest.fixture(scope="module")
def home_of_may(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home that holds May, and in which nothing else arrives."""
    home = with_warehouse(Home(tmp_path_factory.mktemp("may") / "home"))
    arrive(home, "oss.csv", one_stop_shop("May 2020"), on="2020-06-03")
    return home


@pytest.mark.parametrize(
    ("today", "state", "late_by"),
    [
        ("2020-06-30", "in", 0),  # June is not over
        ("2020-07-01", "not in yet", 0),
        ("2020-07-07", "not in yet", 0),  # its fifth working day, by which it is due
        ("2020-07-08", "late", 1),
        ("2020-07-11", "late", 3),  # a Saturday
        ("2020-07-12", "late", 3),
        ("2020-07-14", "overdue", 5),
        ("2020-09-01", "overdue", 39),  # with the bank holiday of August
    ],
)
def test_state_follows_from_the_working_days_since_it_was_due(
    home_of_may: Home, today: str, state: str, late_by: int
) -> None:
    row = status(home_of_may, today)["one_stop_shop"]
    assert (row["state"], row["late_by"], row["awaited_period"]) == (state, late_by, "Jun 2020")
    assert (row["due_on"], row["latest_month"]) == (date(2020, 7, 7), date(2020, 5, 1))


def test_police_that_are_not_in_yet_are_said_to_be_normal_and_what_the_run_makes(home: Home) -> None:
    arrive(home, "police.csv", police("2020-04", "2020-05"), on="2020-06-08")
    row = status(home, "2020-07-07")["police_extract"]
    assert row["state"] == "not in yet"
    assert row["next_run"] == (
        "Jun 2020 is not in yet, which is normal: it is due by 7 July 2020. "
        "The next run makes the figures up to May 2020 without it."
    )


def test_what_is_received_stands_with_its_revision_and_what_is_due_next(home: Home) -> None:
    arrive(home, "oss.csv", one_stop_shop("Apr 2020"), on="2020-05-04")
    arrive(home, "oss_r2.csv", one_stop_shop("May 2020"), on="2020-06-04")
    row = status(home, "2020-06-10")["one_stop_shop"]
    assert (row["state"], row["latest_month"], row["revision"]) == ("in", date(2020, 5, 1), 2)
    assert row["received_at"] == datetime(2020, 6, 4, 12)
    assert row["next_run"] == "Nothing is due before 7 July 2020 (Jun 2020)."


def test_period_that_was_left_out_is_late_though_a_later_one_came(home: Home) -> None:
    arrive(home, "oss.csv", one_stop_shop("Apr 2020", "Jun 2020"), on="2020-07-03")
    row = status(home, "2020-07-06")["one_stop_shop"]
    # May was due on 5 June: 21 working days before 6 July.
    assert (row["state"], row["awaited_period"], row["late_by"], row["missing"]) == ("overdue", "May 2020", 21, 1)
    assert row["next_run"] == (
        "May 2020 has not come; it was due by 5 June 2020. The next run leaves the 12-month figures that need it empty."
    )


def test_each_part_of_a_whole_owes_its_own_return(home: Home) -> None:
    arrive(home, "both.csv", refuges("2019/20 Q4", "Minerva House", "Hannah & Arlene"), on="2020-04-20")
    arrive(home, "one.csv", refuges("2020/21 Q1", "Minerva House"), on="2020-07-10")
    rows = status(home, "2020-07-28")
    assert rows["refuge MINERVA_HOUSE"]["state"] == "in"
    other = rows["refuge HANNAH_AND_ARLENE_HOUSE"]
    assert other["title"] == "Refuges: Hannah House and Arlene House"
    # Due by the 15th working day of July, the 21st.
    assert (other["state"], other["due_on"], other["late_by"]) == ("overdue", date(2020, 7, 21), 5)


def test_part_that_never_reported_is_late_from_the_first_return_of_the_others_on(home: Home) -> None:
    arrive(home, "one.csv", refuges("2019/20 Q4", "Minerva House"), on="2020-04-20")
    row = status(home, "2020-07-01")["refuge HANNAH_AND_ARLENE_HOUSE"]
    assert (row["state"], row["awaited_period"], row["latest_month"]) == ("overdue", "2019/20 Q4", None)


def test_quarter_has_come_once_all_of_its_months_are_held(home: Home) -> None:
    arrive(home, "first.csv", training("2019/20 Q4", "2020-02-03"), on="2020-04-06")
    assert status(home, "2020-07-02")["training"]["awaited_period"] == "2020/21 Q1"
    arrive(home, "part.csv", training("Apr-May 2020", "2020-05-03"), on="2020-07-03")
    assert status(home, "2020-07-06")["training"]["awaited_period"] == "2020/21 Q1"
    # A month of the stated quarter without an event is held all the same.
    arrive(home, "whole.csv", training("2020/21 Q1", "2020-05-03"), on="2020-07-07")
    assert status(home, "2020-07-08")["training"]["awaited_period"] == "2020/21 Q2"


def test_source_that_brought_nothing_is_not_late(home: Home) -> None:
    row = status(home, "2020-07-31")["one_stop_shop"]
    assert (row["state"], row["late_by"], row["last_verdict"]) == ("nothing yet", 0, None)
    assert row["next_run"] == "Nothing is held yet; Jul 2020 is due by 7 August 2020."
    assert status(home, "2020-07-31")["population"]["next_run"] == "Nothing is held yet."


def test_rejected_file_is_seen_and_the_return_stays_late(home: Home) -> None:
    arrive(home, "oss.csv", one_stop_shop("May 2020"), on="2020-06-03")
    arrive(home, "bad.csv", one_stop_shop("Jun 2020").replace(",4,", ",many,"), on="2020-07-06")
    row = status(home, "2020-07-09")["one_stop_shop"]
    assert (row["state"], row["last_verdict"]) == ("late", "rejected")
    assert row["next_run"].endswith(" Its last file was rejected: see the quarantine.")


def test_command_says_it_on_any_day_and_names_the_day_of_the_figures(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAWG_HOME", str(home.root))
    monkeypatch.setenv("COLUMNS", "200")
    arrive(home, "oss.csv", one_stop_shop("May 2020"), on="2020-06-03")
    said = CliRunner().invoke(app, ["status", "--today", "2020-07-09"]).stdout
    assert said.startswith("Returns on Thursday 9 July 2020")
    assert said.index("late by 2") < said.index("nothing yet"), "the latest is first"
    assert "  - One Stop Shop: Jun 2020 has not come; it was due by 7 July 2020." in said
    assert "The month's figures are made on Friday 7 August 2020, its fifth working day." in said
    assert "made today" in CliRunner().invoke(app, ["status", "--today", "2020-07-07"]).stdout
    assert CliRunner().invoke(app, ["status", "--today", "yesterday"]).exit_code == 2


def test_published_status_is_that_of_the_day_also_where_the_figures_stand(home: Home) -> None:
    arrive(home, "oss.csv", one_stop_shop("May 2020"), on="2020-06-03")
    first = refresh_and_publish(home, date(2020, 7, 7))
    assert {row["return"]: row["state"] for row in status_rows(refreshing.status(home))}[
        "One Stop Shop"
    ] == "not in yet"
    assert refresh_and_publish(home, date(2020, 7, 8)) == first
    rows = {row["return"]: row for row in status_rows(refreshing.status(home))}
    assert rows["One Stop Shop"] == {
        "return": "One Stop Shop",
        "state": "late",
        "latest": "May 2020",
        "received": "2020-06-03",
        "revision": "1",
        "last file": "accepted",
        "next": "Jun 2020",
        "due": "2020-07-07",
        "working days late": "1",
        "next run": "Jun 2020 has not come; it was due by 7 July 2020. "
        "The next run makes the figures up to May 2020 without it.",
    }
