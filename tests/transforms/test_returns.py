"""What a return of counts is complete for, and which figures it brings."""

from datetime import date
from pathlib import Path

import pytest

from flows.judging import judge_file
from transforms.facts import Facts

AGENCIES = (
    "Police,IDVA,Children's Social Care,Primary Care Service,Secondary Care/ Acute trust,Education,Housing,"
    "Mental Health,Probation,Voluntary Sector,Substance Abuse,Adult Social Care,MASH,Other"
)
MEETINGS = f"MARAC Name,Meeting date,Cases discussed,Number of repeat cases,{AGENCIES}"
NO_OTHERS = "0," * 12 + "0"
EVENTS = "Event date,Activity,Course,Attendances"

Series = set[tuple[date, str]]


def facts_of(folder: Path, *lines: str) -> Facts:
    path = folder / "return.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    judged = judge_file(path)
    assert judged.facts, judged.findings
    return judged.facts


def complete(facts: Facts) -> Series:
    """Return the months, each with the measures that it is complete for."""
    named = facts.coverage.join(facts.slices, on="content_id")
    return set(named.select("month", "measure_id").rows())


def test_a_month_of_the_stated_quarter_without_a_meeting_had_no_cases(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        "Quarter,2019/20 Q1",
        MEETINGS,
        f"Barnet,03/04/2019,7,1,7,{NO_OTHERS}",
        f"Barnet,05/06/2019,5,0,5,{NO_OTHERS}",
    )
    assert complete(facts) == {(date(2019, month, 1), name) for month in (4, 5, 6) for name in ("cases", "repeats")}
    assert set(facts.rows["period_start"]) == {date(2019, 4, 1), date(2019, 6, 1)}


def test_a_month_without_a_meeting_is_not_complete_for_what_another_month_does_not_know(tmp_path: Path) -> None:
    facts = facts_of(
        tmp_path,
        "Quarter,2019/20 Q1",
        MEETINGS,
        f"Barnet,03/04/2019,7,not known,7,{NO_OTHERS}",
        f"Barnet,05/06/2019,5,0,5,{NO_OTHERS}",
    )
    months = {name: {month for month, one in complete(facts) if one == name} for name in ("cases", "repeats")}
    assert months["cases"] == {date(2019, 4, 1), date(2019, 5, 1), date(2019, 6, 1)}
    assert months["repeats"] == {date(2019, 6, 1)}


def test_without_a_stated_quarter_a_month_without_a_meeting_is_not_known(tmp_path: Path) -> None:
    facts = facts_of(tmp_path, MEETINGS, f"Barnet,03/04/2019,7,1,7,{NO_OTHERS}", f"Barnet,05/06/2019,5,0,5,{NO_OTHERS}")
    assert {month for month, _ in complete(facts)} == {date(2019, 4, 1), date(2019, 6, 1)}


@pytest.mark.parametrize(("attendances", "is_complete"), [("20", True), ("0", True), ("<5", True), ("n/k", False)])
def test_an_event_whose_attendances_are_not_known_does_not_pass_for_none(
    tmp_path: Path, attendances: str, is_complete: bool
) -> None:
    facts = facts_of(tmp_path, "Period,2019/20 Q1", EVENTS, f"12/06/2019,Training,MARAC,{attendances}")
    assert ((date(2019, 6, 1), "training_attendances") in complete(facts)) is is_complete
    assert (date(2019, 5, 1), "training_attendances") in complete(facts)
