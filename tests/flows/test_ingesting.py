"""What becomes of a file that is taken in, and what is said about it."""

import csv
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, datetime, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from flows.home import Home
from flows.ingesting import Steps, ingest, ingest_file, replay, take_in
from flows.judging import Judged, judge_file
from flows.landing.place import NotThere
from flows.outcomes import Outcome
from flows.refreshing import refresh_and_publish
from warehouse import open_published

BARNET = "E09000003"
HEADERS = ("Month", "Area code", "Concept", "Measure", "Count", "Extract date")


def write(path: Path, incidents: Iterable[object] = (100,) * 12, *, drawn_on: str = "2026-01-05") -> Path:
    """Write an extract of Barnet from April 2020 on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    months = [date(2020 + number // 12, number % 12 + 1, 1) for number in range(3, 40)]
    rows = [
        (month, BARNET, "DA_INCIDENT", "incidents", value, drawn_on)
        for month, value in zip(months, incidents, strict=False)
    ]
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([HEADERS, *rows])
    return path


def published(home: Home) -> list[float | None]:
    """Publish, and return the incidents of each window of Barnet."""
    refresh_and_publish(home)
    with open_published(home.published) as figures:
        query = "SELECT value FROM rolling_12m WHERE indicator_id = 'DA_INC_R12' ORDER BY period_end"
        return list(figures.sql(query)["value"])


def audit_rows(home: Home) -> list[dict[str, Any]]:
    """Return the audit table in order of receipt."""
    with home.open() as connection:
        return connection.sql("FROM submission ORDER BY received_at").pl().to_dicts()


def checks_of(outcome: Outcome) -> set[str]:
    return {finding.check for finding in outcome.findings}


def test_accepted_file_is_loaded_archived_and_taken_from_landing(home: Home) -> None:
    path = write(home.landing / "extract.csv")
    sent = path.read_bytes()
    (outcome,) = ingest(home, [home.landing])
    assert (outcome.status, outcome.file_name, outcome.source) == ("accepted", "extract.csv", "police_extract")
    assert outcome.message == "Accepted; new or changed: 12 of 12 parts (a part is one area code and month)."
    assert list(home.landing.iterdir()) == []
    assert outcome.kept_as is not None
    assert (home.root / outcome.kept_as).read_bytes() == sent
    assert list(home.incoming.iterdir()) == []
    assert published(home)[-1] == 1200


@pytest.mark.parametrize("name", ["extract.csv", "another name.csv"])
def test_same_bytes_again_are_unchanged(name: str, home: Home) -> None:
    first = ingest_file(home, write(home.landing / "extract.csv"))
    second = ingest_file(home, write(home.landing / name))
    assert (second.status, second.file_name) == ("unchanged", name)
    assert second.message == f"The same file was accepted before, as extract.csv ({first.submission_id})."
    assert (second.counts.received, second.counts.unchanged, second.counts.loaded) == (12, 12, 0)
    assert list(home.landing.iterdir()) == []
    assert [row["status"] for row in audit_rows(home)] == ["accepted", "unchanged"]


def test_same_figures_in_other_bytes_load_nothing(home: Home) -> None:
    ingest_file(home, write(home.landing / "extract.csv"))
    path = write(home.landing / "later.csv", drawn_on="2026-02-05")
    outcome = ingest_file(home, path)
    assert (outcome.status, outcome.message) == ("accepted", "Accepted; everything in it was held already.")
    assert (outcome.counts.unchanged, outcome.counts.loaded) == (12, 0)


def test_restated_months_alone_are_loaded(home: Home) -> None:
    ingest_file(home, write(home.landing / "extract.csv"))
    path = write(home.landing / "later.csv", [100] * 11 + [90], drawn_on="2026-02-05")
    outcome = ingest_file(home, path)
    assert outcome.message == "Accepted; new or changed: 1 of 12 parts (a part is one area code and month)."
    assert (outcome.counts.unchanged, outcome.counts.loaded) == (11, 1)
    assert published(home)[-1] == 1190


def test_clock_that_is_set_back_hides_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    class HourAhead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> "HourAhead":
            return cls.fromtimestamp(datetime.now(tz).timestamp() + 3600, tz)

    with monkeypatch.context() as wrong:
        wrong.setattr("warehouse.instants.datetime", HourAhead)
        ingest_file(home, write(home.landing / "extract.csv"))
        assert published(home)[-1] == 1200
    for lost in (10, 20):
        path = write(home.landing / f"{lost}.csv", [100] * 11 + [100 - lost], drawn_on=f"2026-02-{lost}")
        ingest_file(home, path)
        assert published(home)[-1] == 1200 - lost


def test_rejected_file_is_quarantined_with_its_feedback_and_loads_nothing(home: Home) -> None:
    path = write(home.landing / "extract.csv", [100] * 11 + ["many"])
    sent = path.read_bytes()
    (outcome,) = ingest(home, [home.landing])
    assert outcome.status == "rejected"
    assert outcome.message == "Nothing of the file was loaded, and nothing that was loaded before is lost."
    assert outcome.kept_as is not None
    kept = home.root / outcome.kept_as
    assert kept.is_relative_to(home.quarantine)
    assert kept.read_bytes() == sent
    feedback = (kept.parent / "feedback.txt").read_text(encoding="utf-8")
    assert feedback.startswith("extract.csv: rejected.")
    assert '"many"' in feedback
    assert '"Count"' in feedback
    assert list(home.landing.iterdir()) == []
    with home.open() as connection:
        assert connection.execute("SELECT count(*) FROM fact_offences").fetchone() == (0,)
        assert connection.execute("SELECT count(*) > 0 FROM check_result").fetchone() == (True,)


def test_rejected_resubmission_leaves_the_accepted_figures(home: Home) -> None:
    ingest_file(home, write(home.landing / "extract.csv"))
    before = published(home)
    wrong = write(home.landing / "extract.csv", [90] * 11 + ["many"], drawn_on="2026-02-05")
    assert ingest_file(home, wrong).status == "rejected"
    assert published(home) == before


def test_rejected_file_sent_again_is_judged_again(home: Home) -> None:
    outcomes = [ingest_file(home, write(home.landing / "extract.csv", ["many"] * 12)) for _ in range(2)]
    assert [outcome.status for outcome in outcomes] == ["rejected", "rejected"]
    assert outcomes[0].submission_id != outcomes[1].submission_id
    assert outcomes[0].kept_as == outcomes[1].kept_as


def test_replayed_file_that_is_still_wrong_stays_rejected(home: Home) -> None:
    rejected = ingest_file(home, write(home.landing / "extract.csv", ["many"] * 12))
    assert rejected.submission_id is not None
    assert [outcome.status for outcome in replay(home, [rejected.submission_id])] == ["rejected"]
    with pytest.raises(NotThere, match="Not in quarantine"):
        replay(home, ["no such submission"])


def test_file_that_is_called_like_the_feedback_is_kept_as_it_was(home: Home) -> None:
    path = write(home.landing / "feedback.txt", ["many"] * 12)
    sent = path.read_bytes()
    (outcome,) = ingest(home, [home.landing])
    assert (outcome.status, outcome.file_name) == ("rejected", "feedback.txt")
    assert outcome.kept_as is not None
    assert (home.root / outcome.kept_as).read_bytes() == sent


@pytest.mark.parametrize("incidents", [[100] * 12, ["many"] * 12], ids=["accepted", "rejected"])
def test_file_outside_landing_stays_where_it_is(incidents: list[object], home: Home, tmp_path: Path) -> None:
    path = write(tmp_path / "elsewhere" / "extract.csv", incidents)
    sent = path.read_bytes()
    for _ in range(2):
        assert ingest_file(home, path).status != "failed"
        assert path.read_bytes() == sent


def test_way_out_of_landing_does_not_make_a_file_ours(home: Home, tmp_path: Path) -> None:
    path = write(tmp_path / "elsewhere" / "extract.csv")
    roundabout = home.landing / ".." / ".." / "elsewhere" / "extract.csv"
    assert ingest_file(home, roundabout).status == "accepted"
    assert path.exists()


def test_older_file_is_kept_as_history_with_a_warning(home: Home) -> None:
    ingest_file(home, write(home.landing / "new.csv", drawn_on="2026-02-05"))
    before = published(home)
    outcome = ingest_file(home, write(home.landing / "old.csv", [90] * 12, drawn_on="2026-01-05"))
    assert outcome.status == "accepted"
    assert "file.older" in checks_of(outcome)
    (said,) = [str(finding) for finding in outcome.findings if finding.check == "file.older"]
    assert said.startswith("Parts older than what is loaded: 12. They are kept as history")
    assert published(home) == before
    with home.open() as connection:
        assert connection.execute("SELECT count(*) FROM fact_offences").fetchone() == (24,)


@pytest.mark.parametrize("corrected_first", [False, True])
def test_revision_in_the_files_name_wins_over_the_same_refresh_date(corrected_first: bool, home: Home) -> None:
    files = [("extract.csv", [100] * 12), ("extract_r2.csv", [90] * 12)]
    outcomes = [
        ingest_file(home, write(home.landing / name, incidents))
        for name, incidents in (reversed(files) if corrected_first else files)
    ]
    assert published(home)[-1] == 1080
    assert "file.rival" not in checks_of(outcomes[1])
    assert ("file.older" in checks_of(outcomes[1])) == corrected_first


def test_rival_of_the_same_refresh_date_is_warned_about(home: Home) -> None:
    ingest_file(home, write(home.landing / "one.csv"))
    outcome = ingest_file(home, write(home.landing / "other.csv", [90] * 12))
    assert outcome.status == "accepted"
    (said,) = [str(finding) for finding in outcome.findings if finding.check == "file.rival"]
    assert said.startswith("Parts that differ from another file of the same refresh date and revision: 12")
    assert "_r2" in said


def test_revision_of_the_same_bytes_settles_which_rival_is_right(home: Home) -> None:
    for name, value in (("a.csv", 100), ("b.csv", 98)):
        ingest_file(home, write(home.landing / name, [value] * 12))
    for name, value in (("a_r2.csv", 100), ("b_r3.csv", 98)):
        assert ingest_file(home, write(home.landing / name, [value] * 12)).status == "accepted"
        assert published(home)[-1] == 12 * value
    assert ingest_file(home, write(home.landing / "a_r2.csv", [100] * 12)).status == "unchanged"


def test_counts_add_up_for_every_file(home: Home, tmp_path: Path) -> None:
    path = write(tmp_path / "extract.csv", [100] * 12)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1], lines[2], "", ""]) + "\n", encoding="utf-8")
    outcomes = [ingest_file(home, path), ingest_file(home, path), ingest_file(home, path, again=True)]
    assert [(one.counts.received, one.counts.loaded, one.counts.unchanged) for one in outcomes] == [
        (14, 12, 0),
        (14, 0, 12),
        (14, 0, 12),
    ]
    assert all(one.counts.duplicate == 2 for one in outcomes)
    for row, outcome in zip(audit_rows(home), outcomes, strict=True):
        assert {name: row[name] for name in asdict(outcome.counts)} == asdict(outcome.counts)


def test_path_that_does_not_exist_is_named(home: Home) -> None:
    with pytest.raises(NotThere, match=r"There is no file or folder .*nowhere\.csv"):
        ingest(home, [home.landing / "nowhere.csv"])


def test_file_that_cannot_be_read_fails_and_does_not_hold_up_the_others(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed, readable = write(home.landing / "a.csv"), write(home.landing / "b.csv")
    opened = Path.open

    def refused(path: Path, *given: Any, **named: Any) -> Any:
        if path == closed:
            raise PermissionError(13, "Permission denied")
        return opened(path, *given, **named)

    monkeypatch.setattr(Path, "open", refused)
    first, second = ingest(home, [home.landing])
    assert (first.file_name, first.status) == ("a.csv", "failed")
    assert first.message.startswith("It could not be taken in, and nothing was changed: ")
    assert "Permission denied" in first.message
    assert second.status == "accepted"
    assert closed.exists()
    assert not readable.exists()


def test_fault_of_the_program_is_no_fault_of_the_file(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(home.landing / "extract.csv")

    def broken(*_: object) -> None:
        raise ZeroDivisionError("a secret value")

    monkeypatch.setattr("flows.ingesting.loading.compare", broken)
    (outcome,) = ingest(home, [home.landing])
    assert outcome.status == "failed"
    assert "not of the file" in outcome.message
    assert "secret" not in outcome.message
    assert path.exists()
    assert list(home.incoming.iterdir()) == []


def test_file_that_changes_while_it_is_read_waits(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(home.landing / "extract.csv")
    sync = os.fsync

    def meanwhile(file: int) -> None:
        sync(file)
        with path.open("a", encoding="utf-8") as lines:
            lines.write(f"2021-04-01,{BARNET},DA_INCIDENT,incidents,7,2026-01-05\n")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", meanwhile)
        (outcome,) = ingest(home, [home.landing])
    assert (outcome.status, outcome.message) == (
        "waiting",
        "extract.csv is still being written; the next run takes it.",
    )
    assert path.exists()
    assert list(home.incoming.iterdir()) == []
    (outcome,) = ingest(home, [home.landing])
    assert (outcome.status, outcome.counts.loaded) == ("accepted", 13)


@pytest.mark.parametrize(
    "name",
    [
        "with spaces.csv",
        "with 'single' and \"double\" quotes.csv",
        "café 📊 résumé.csv",
        "semi;colon & $(touch pwned) `x`.csv",
        "..csv.csv.csv",
        "é" * 100 + ".csv",
        "--force.csv",
        "new\nline.csv",
        "..\\..\\way out.csv",
    ],
)
def test_any_file_name_is_taken(name: str, home: Home) -> None:
    path = write(home.landing / name)
    outcome = ingest_file(home, path)
    assert (outcome.status, outcome.file_name) == ("accepted", name)
    assert outcome.kept_as is not None
    kept = (home.root / outcome.kept_as).resolve()
    assert kept.is_file()
    assert kept.is_relative_to(home.archive.resolve())
    assert not path.exists()
    assert json.loads(json.dumps(outcome.as_dict()))["file_name"] == name


def test_folders_below_landing_are_searched_and_passing_files_left(home: Home) -> None:
    write(home.landing / "police" / "2020" / "extract.CSV")
    passing = {write(home.landing / "police" / name) for name in ("~$extract.xlsx", ".hidden.csv", "notes.docx")}
    assert [outcome.file_name for outcome in ingest(home, [home.landing])] == ["extract.CSV"]
    assert {path for path in home.landing.rglob("*") if path.is_file()} == passing


def test_file_named_twice_is_taken_once(home: Home) -> None:
    path = write(home.landing / "extract.csv")
    assert len(ingest(home, [path, home.landing, path])) == 1


def test_file_of_no_known_source_is_rejected_and_kept(home: Home) -> None:
    path = home.landing / "shopping.csv"
    path.write_text("item,price\nmilk,1\n", encoding="utf-8")
    (outcome,) = ingest(home, [home.landing])
    assert (outcome.status, outcome.source) == ("rejected", None)
    assert "not those of any source we know" in str(outcome.findings[0])
    assert [row["source"] for row in audit_rows(home)] == [None]


DASHBOARD_HEADERS = (
    *("Month_Year", "Area Type", "Area name", "Area code", "Crime Type", "Crime Subtype"),
    *("Measure", "Count", "Refresh Date"),
)


def write_dashboard(path: Path, measures: dict[str, int], refreshed_on: str) -> Path:
    """Write one month of Barnet as the police dashboard has it."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(
            [
                DASHBOARD_HEADERS,
                *(
                    ("01/08/2021", "Borough", "Barnet", BARNET, "Domestic Abuse", "Domestic Abuse", *row, refreshed_on)
                    for row in measures.items()
                ),
            ]
        )
    return path


def test_newer_file_without_a_series_that_was_there_warns_of_it(home: Home, tmp_path: Path) -> None:
    both = write_dashboard(tmp_path / "both.csv", {"Offences": 250, "Positive Outcomes": 20}, "06/09/2021")
    newer = write_dashboard(tmp_path / "newer.csv", {"Offences": 251}, "06/10/2021")
    first, second = ingest(home, [both, newer])
    assert "file.series_lost" not in checks_of(first)
    (lost,) = [finding for finding in second.findings if finding.check == "file.series_lost"]
    assert "DA_OFFENCE positive_outcomes" in str(lost)
    with home.open() as connection:
        series = connection.sql(
            "SELECT measure_id, value FROM monthly_measure_as_of(TIMESTAMP '9999-12-31')"
        ).fetchall()
    # Its outcomes are unknown now, not zero; violence with injury is carried always, and had no row.
    assert sorted(series) == [("offences", 0), ("offences", 251)]


def test_same_bytes_under_a_higher_revision_settle_which_of_two_rivals_is_right(tmp_path: Path) -> None:
    right = write(tmp_path / "right.csv", [100] * 12)
    wrong = write(tmp_path / "wrong.csv", [70] * 12)
    again = tmp_path / "right_r2.csv"
    again.write_bytes(right.read_bytes())
    for order in ([right, wrong, again], [wrong, right, again]):
        other = Home(tmp_path / f"home of {order[0].stem}")
        outcomes = ingest(other, order)
        assert "file.rival" in checks_of(outcomes[1])
        assert published(other)[-1] == 1200


def test_same_bytes_accepted_by_another_process_meanwhile_are_a_repetition(home: Home, tmp_path: Path) -> None:
    mine, theirs = write(tmp_path / "mine.csv"), write(tmp_path / "theirs.csv")
    home.prepare()

    def judge_while_another_process_is_quicker(copy: Path, area: str, *_: object) -> Judged:
        assert ingest_file(home, theirs).status == "accepted"
        return judge_file(copy, area)

    (outcome,) = ingest(home, [mine], take=partial(take_in, steps=Steps(judge=judge_while_another_process_is_quicker)))
    assert (outcome.status, outcome.counts.unchanged) == ("unchanged", 12)
    assert [row["status"] for row in audit_rows(home)].count("accepted") == 1
