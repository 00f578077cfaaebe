"""Showing: what a person sees of outcomes and figures."""

import json
from datetime import date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from rich.console import Console

from expectations.verdicts import Actor, Cell, Counts, Finding, Verdict
from flows.outcomes import Outcome, feedback
from flows.progress import progress
from flows.showing import (
    headline_rows,
    narrative,
    show_disagreements,
    show_headline,
    show_json,
    show_outcomes,
    show_table,
)
from warehouse.publishing import Publication

INDICATORS: dict[str, dict[str, Any]] = {
    "DA_INC_R12": {"value": 4960.0, "display": "4960"},
    "DA_OFF_R12": {"value": 3146.0, "display": "3146", "flags": ["p", "r"]},
    "DA_CONV_R12": {"value": 63.4, "display": "63"},
    "DA_VWI_R12": {"value": 807.0, "display": "807", "change": 0.498, "change_display": "+0.5"},
    "DA_VWI_SDR_R12": {"value": 13.63, "display": "13.6", "prior_value": 16.5},
    "DA_INC_RATE_R12": {"value": 12.53, "display": "12.5", "rank": 2, "rank_of": 32},
    "DA_OFF_RATE_R12": {"value": 7.947, "display": "7.95"},
}
COLUMNS: dict[str, type[pl.DataType] | pl.DataType] = {
    "indicator_id": pl.String,
    "period_end": pl.Date,
    "value": pl.Float64,
    "display": pl.String,
    "change": pl.Float64,
    "change_display": pl.String,
    "prior_value": pl.Float64,
    "rank": pl.Int32,
    "rank_of": pl.Int32,
    "flags": pl.List(pl.String),
}
UNKNOWN = {"value": None, "display": "[x]"}


def window(end: date, **indicators: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of one window, with some of its indicators as given."""
    return [
        {"flags": [], "indicator_id": name, "period_end": end, **figure}
        for name, figure in {**INDICATORS, **indicators}.items()
    ]


def figures(*windows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame([row for rows in windows for row in rows], schema=COLUMNS)


def shown(outcome: Outcome) -> str:
    text = StringIO()
    show_outcomes([outcome], Console(file=text, width=300))
    return text.getvalue()


def test_headline_of_a_window() -> None:
    assert headline_rows(figures(window(date(2020, 3, 31)))) == [
        {
            "12 months to": "Mar 2020",
            "incidents": "4960",
            "offences": "3146",
            "became offences": "63%",
            "violence with injury": "807 (+0.5%)",
            "detection rate": "13.6% (from 17%)",
            "incidents per 1,000 (rank)": "12.5 (2 of 32)",
            "offences per 1,000 (rank)": "7.95",
            "flags": "[p] [r]",
        }
    ]


def test_each_march_and_the_latest_known_month_are_shown() -> None:
    nothing = dict.fromkeys(INDICATORS, UNKNOWN)
    ends = [date(2019, 3, 31), date(2019, 9, 30), date(2020, 3, 31), date(2020, 5, 31)]
    rows = headline_rows(figures(*(window(end) for end in ends), window(date(2020, 6, 30), **nothing)))
    assert [row["12 months to"] for row in rows] == ["Mar 2019", "Mar 2020", "May 2020"]


def test_figure_that_is_not_known_has_no_percent_sign() -> None:
    rows = headline_rows(figures(window(date(2020, 3, 31), DA_CONV_R12=UNKNOWN, DA_VWI_SDR_R12=UNKNOWN)))
    assert (rows[0]["became offences"], rows[0]["detection rate"]) == ("[x]", "[x]")


def test_without_a_complete_window_there_is_no_row(capsys: pytest.CaptureFixture[str]) -> None:
    rows = headline_rows(figures(window(date(2020, 3, 31), **dict.fromkeys(INDICATORS, UNKNOWN))))
    assert rows == []
    show_headline(rows, "Barnet")
    assert "no 12 months of police figures are complete yet" in capsys.readouterr().out


def test_flags_are_shown_in_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    show_headline(headline_rows(figures(window(date(2020, 3, 31), DA_INC_R12=UNKNOWN))), "Barnet")
    out = capsys.readouterr().out
    assert "[p] [r]" in out
    assert "[x]" in out


@pytest.mark.parametrize(
    ("value", "text"), [(16.5, "17"), (17.5, "18"), (0.5, "1"), (16.499, "16"), (-0.5, "-1"), (100.0, "100")]
)
def test_sentences_round_half_up(value: float, text: str) -> None:
    assert narrative(value) == text


@pytest.mark.parametrize("name", ["[bold].csv", "a[red]b.csv", "[link=x].csv", r"back\[i]slash.csv", "[[2020]].csv"])
def test_square_brackets_in_a_files_name_are_shown_as_they_are(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    finding = Finding("a", Verdict.WARN, "wrong.", "Mend.", cells=(Cell(2, name),))
    text = shown(Outcome(name, "unchanged", f"The same file was accepted before, as {name}.", findings=(finding,)))
    assert text.count(name) == 3
    show_table([{"file_name": name}], "Files")
    assert name in capsys.readouterr().out


def test_what_was_read_from_where_is_a_line_of_its_own() -> None:
    text = shown(Outcome("a.xlsx", "accepted", "Accepted.", read_from='Read: sheet "[Data]", header in row 4.'))
    assert text.splitlines() == ["accepted a.xlsx Accepted.", '  Read: sheet "[Data]", header in row 4.']


def test_progress_takes_any_name() -> None:
    with progress("Starting") as tell:
        tell("Taking in [/red].csv")


def test_outcome_says_what_became_of_every_row() -> None:
    counts = Counts(received=1_210, loaded=1_200, rejected=6, duplicate=1, out_of_scope=3)
    text = shown(Outcome("a.csv", "accepted", "Accepted.", counts=counts, out_of_scope={"other crime types": 3}))
    assert "accepted a.csv Accepted." in text
    assert "1,210 rows received = 1,200 loaded, 6 rejected, 1 duplicate, 0 unchanged, 3 out of scope" in text
    assert "out of scope: 3 rows (other crime types)" in text


def test_feedback_has_what_the_sender_must_do_and_not_what_we_must() -> None:
    findings = (
        Finding("a", Verdict.REJECT_FILE, "the column is missing.", "Add it.", header="Count"),
        Finding("b", Verdict.WARN, "ours.", "We mend it.", actor=Actor.US),
    )
    text = feedback(Outcome("a.csv", "rejected", "Nothing was loaded.", findings=findings))
    assert (
        text
        == 'a.csv: rejected. Nothing was loaded.\n\n- Reject the file: Column "Count": the column is missing. Add it.\n'
    )


def test_table_says_nothing_none_and_numbers_readably(capsys: pytest.CaptureFixture[str]) -> None:
    show_table([], "Quarantine")
    row = {"rows": 12_345, "when": datetime(2020, 5, 6, 7, 8, 9), "month": None, "is_synthetic": True}
    show_table([row], "Sources")
    out = capsys.readouterr().out
    assert out.startswith("Quarantine: none.")
    for text in ("12,345", "2020-05-06 07:08", " - ", "yes", "is synthetic"):
        assert text in out


def test_json_takes_paths_dates_and_publications(capsys: pytest.CaptureFixture[str]) -> None:
    show_json(
        {"at": date(2020, 3, 31), "published": Publication("run-1", datetime(2020, 4, 6), Path("é.duckdb"), 2, 1)}
    )
    assert json.loads(capsys.readouterr().out) == {
        "at": "2020-03-31",
        "published": {
            "run_id": "run-1",
            "as_of": "2020-04-06 00:00:00",
            "database": "é.duckdb",
            "figures": 2,
            "complete": 1,
            "rolled_back": None,
        },
    }


def test_returns_without_police_figures_make_no_headline() -> None:
    homes = {
        "indicator_id": "SANCT_HOMES",
        "period_end": date(2020, 6, 30),
        "value": 65.0,
        "display": "65",
        "flags": [],
    }
    assert headline_rows(figures([homes])) == []
    assert [row["12 months to"] for row in headline_rows(figures(window(date(2020, 3, 31)), [homes]))] == ["Mar 2020"]


def test_only_the_latest_disagreements_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    found = [{"period_end": date(2020, 12 - n, 28), "said": f"sentence {n}"} for n in range(11)]
    show_disagreements(found)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "  - Dec 2020: sentence 0"
    assert (len(lines), lines[-1]) == (10, "  and 3 more, in the table cross_check of the database.")
    show_disagreements([])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_no_number_and_no_name_of_a_publication_is_ever_cut_off(
    width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    row = {"run_id": "run-20261128-192302-881724", "as_of": datetime(2026, 11, 28, 19, 23), "changed": 15_096}
    show_table([{**row, "file_name": "a_long_name_of_a_file.csv", "kept": True, "why": "Confirmed by them."}], "All")
    out = capsys.readouterr().out
    for whole in ("run-20261128-192302-881724", "2026-11-28 19:23", "15,096", "yes"):
        assert whole in out
    words = "".join(out.split())
    assert "file" in words
    assert max(len(line) for line in out.splitlines()) <= max(width, len("run id: run-20261128-192302-881724"))
