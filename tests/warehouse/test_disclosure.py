"""Disclosure control: each way in which figures give a small count away is planted, and found by the attack."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.disclosure.attack import Contradictory, attack
from warehouse.disclosure.equations import statements, suspects
from warehouse.disclosure.figures import shown, under
from warehouse.disclosure.policy import declared, policy
from warehouse.disclosure.suppression import CannotBeHidden, primary, secondary

PUBLIC, PARTNERSHIP = policy("public"), policy("partnership")
EXACT = replace(PUBLIC, rounding=1)
#: The annual report prints counts as they are, and suppresses nothing; a reader would call less than 5 small.
AS_PRINTED = replace(PARTNERSHIP, small_month=0)
MARCH = date(2020, 3, 31)
SCHEMA = {
    **dict.fromkeys(("top", "bottom", "divisor", "residents", "scale", "places"), pl.Int64),
    **dict.fromkeys(("bottom_subject", "bottom_measure", "bottom_breakdown", "bottom_value"), pl.String),
    "bottom_end": pl.Date,
}


def counted(measure: str, value: int, text: str = "", by: str = "", end: date = MARCH, **more: Any) -> dict[str, Any]:
    """Return a figure that is a count; `by` names the value of a breakdown, `text` what a paper prints of it."""
    breakdown, _, of = by.partition(":")
    return {
        **dict.fromkeys(SCHEMA),
        "indicator_id": f"{measure}_{by}",
        "area_code": "E09000003",
        "breakdown": breakdown or "all",
        "breakdown_value": of or "all",
        "period_end": end,
        "top": value,
        "divisor": 1,
        "is_divided": False,
        "display": str(value),
        "unit": "count",
        "presents": "level",
        "scale": 1,
        "places": 0,
        "is_protected": True,
        "is_characteristic": False,
        "top_additivity": "flow",
        "bottom_additivity": "flow",
        "top_subject": "PERPETRATOR",
        "top_measure": measure,
        "printed": text or str(value),
        "base_printed": "[z]",
        **more,
    }


def share(measure: str, value: int, of: str, base: int, text: str, base_text: str, **more: Any) -> dict[str, Any]:
    """Return a figure that is a percentage of another count."""
    return {
        **counted(measure, value, text, **more),
        "bottom": base,
        "divisor": None,
        "is_divided": True,
        "display": text,
        "unit": "%",
        "scale": 100,
        "bottom_subject": "PERPETRATOR",
        "bottom_measure": of,
        "bottom_breakdown": "all",
        "bottom_value": "all",
        "bottom_end": MARCH,
        "base_printed": base_text,
    }


def found(rows: Sequence[dict[str, Any]], rule: Any = AS_PRINTED) -> dict[str, Any]:
    """Return what an attack on printed figures finds out: what it is a count of, and its bounds."""
    figures = under(rule, pl.DataFrame(rows, schema_overrides=SCHEMA, infer_schema_length=None))
    seen = figures.with_columns(value_shown="printed", base_shown="base_printed")
    stated = statements(seen, declared())
    leaks = attack(stated, suspects(seen, stated), rule)
    return {
        one["count"].removeprefix("E09000003/PERPETRATOR/"): (round(one["lowest"], 3), round(one["highest"], 3))
        for one in leaks.iter_rows(named=True)
    }


def test_annual_reports_own_group_that_is_not_recorded_is_one_person() -> None:
    rows = [
        counted("referrals", 148),
        *(
            counted("referrals", value, text, by=f"client_group:{group}")
            for group, value, text in (("MALE", 100, ""), ("FEMALE", 13, ""), ("CPV", 34, ""), ("NOT_KNOWN", 1, "[c]"))
        ),
    ]
    assert found(rows)["referrals/client_group/NOT_KNOWN/2020-03-31"] == (1, 1)


def test_annual_reports_own_funnel_gives_away_two_people() -> None:
    rows = [counted("started", 61), counted("completed", 36), counted("left_early", 2, "[c]")]
    assert found([*rows, counted("active", 23, top_additivity="snapshot")])["left_early/all/all/2020-03-31"] == (2, 2)
    assert found([*rows, counted("active", 23, "[c]", top_additivity="snapshot")]) == {}


def test_complement_of_a_split_in_two_is_found() -> None:
    rows = [
        counted("cases", 363),
        share("cases", 360, "cases", 363, "99", "363", by="victim_sex:F"),
        share("cases", 3, "cases", 363, "[c]", "363", by="victim_sex:M"),
    ]
    lowest, highest = found(rows, EXACT)["cases/victim_sex/M/2020-03-31"]
    # 98.5% to 99.5% of 363 are 357.6 to 361.2 of them.
    assert (lowest, highest) == (pytest.approx(1.815), pytest.approx(5.445))


def test_percentage_with_its_base_is_a_count_in_disguise() -> None:
    rows = [counted("repeats", 20, "[c]"), share("repeats", 20, "cases", 50, "40", "50")]
    assert found(rows) == {"repeats/all/all/2020-03-31": (19.75, 20.25)}
    # Where the count is suppressed, so is the percentage.
    assert primary_and_more([counted("repeats", 2), share("repeats", 2, "cases", 50, "4", "50")]) == {
        "repeats_": {"[c]"}
    }


def test_percentage_with_its_count_gives_away_its_base() -> None:
    rows = [
        counted("completed", 36),
        counted("started", 61, "[c]"),
        share("completed", 36, "started", 61, "59", "[c]"),
    ]
    lowest, highest = found(rows)["started/all/all/2020-03-31"]
    assert (lowest, highest) == (pytest.approx(36 / 0.595, abs=0.001), pytest.approx(36 / 0.585, abs=0.001))


def primary_and_more(rows: Sequence[dict[str, Any]], rule: Any = AS_PRINTED) -> dict[str, set[str]]:
    """Return what is shown of each indicator after suppression."""
    figures = under(rule, pl.DataFrame(rows, schema_overrides=SCHEMA, infer_schema_length=None))
    hidden = primary(figures, rule)
    seen = shown(figures, [*hidden, *secondary(figures, hidden, shown(figures.clear(), []), declared(), rule)])
    return {key[0]: set(part["value_shown"]) for key, part in seen.group_by("indicator_id")}


def test_rest_of_a_percentage_is_found_though_no_table_has_it() -> None:
    rows = [share("pre_yes", 51, "pre_answered", 57, "89", "57")]
    assert found(rows, EXACT) == {
        "pre_answered/all/all/2020-03-31 | without E09000003/PERPETRATOR/pre_yes/all/all/2020-03-31": (
            pytest.approx(5.985),
            pytest.approx(6.555),
        )
    }


def test_declared_identity_gives_away_what_no_table_has() -> None:
    rows = [counted("cases", 50, top_subject="MARAC"), counted("cases_with_children", 47, top_subject="MARAC")]
    assert found(rows) == {"E09000003/MARAC/cases_without_children/all/all/2020-03-31 | unprinted": (3, 3)}


def test_identity_that_figures_do_not_obey_is_not_used() -> None:
    supported = {"persons_supported": 90, "women": 55, "children": 45}
    rows = [counted(measure, value, top_subject="REFUGE") for measure, value in supported.items()]
    assert found(rows) == {}


def test_rolling_windows_give_away_a_month_and_a_hidden_window() -> None:
    ends = {date(2018, 3, 31): 0, date(2019, 3, 31): 23, date(2019, 4, 30): 20, date(2020, 3, 31): 0}
    windows = [counted("completed", value, end=end) for end, value in ends.items()]
    # From the nothing on both sides: what April 2018 brought is what the windows of 2019 differ by.
    assert found(windows)["completed/all/all | 2018-04-01 to 2018-05-01"] == (3, 3)
    hidden = counted("completed", 3, "[c]", end=date(2018, 4, 30))
    assert found([*windows, hidden])["completed/all/all/2018-04-30"] == (3, 3)


def test_persons_counted_once_are_no_sums_of_months() -> None:
    ends = {date(2018, 3, 31): 0, date(2019, 3, 31): 23, date(2019, 4, 30): 20, date(2020, 3, 31): 0}
    assert found([counted("completed", value, end=end, top_additivity="distinct") for end, value in ends.items()]) == {}


def test_earlier_release_and_this_one_give_away_together_what_neither_does() -> None:
    groups = {"MALE": (20, ""), "FEMALE": (13, "[c]"), "NOT_KNOWN": (1, "[c]")}
    now = [
        counted("referrals", 34),
        *(counted("referrals", value, text, by=f"client_group:{group}") for group, (value, text) in groups.items()),
    ]
    assert found(now) == {}
    before = counted("referrals", 13, by="client_group:FEMALE")
    assert found([*now, before])["referrals/client_group/NOT_KNOWN/2020-03-31"] == (1, 1)


def test_what_earlier_releases_give_away_cannot_be_hidden_now() -> None:
    groups = {"MALE": 20, "FEMALE": 13, "NOT_KNOWN": 1}
    rows = [counted("referrals", 34), *(counted("referrals", n, by=f"client_group:{g}") for g, n in groups.items())]
    figures = under(AS_PRINTED, pl.DataFrame(rows, schema_overrides=SCHEMA, infer_schema_length=None))
    hidden = primary(figures, AS_PRINTED)
    with pytest.raises(CannotBeHidden, match="NOT_KNOWN"):
        secondary(figures, hidden, shown(figures, hidden), declared(), AS_PRINTED)


def test_figures_that_cannot_all_be_right_are_said_to_be_so() -> None:
    rows = [counted("started", 61), counted("started", 90), counted("left_early", 2, "[c]"), counted("completed", 36)]
    with pytest.raises(Contradictory, match="cannot all be right"):
        found([*rows, counted("active", 23, top_additivity="snapshot")])


def test_rounding_hides_no_more_than_it_does() -> None:
    groups = {"MALE": (100, "100"), "CPV": (34, "35"), "NOT_KNOWN": (1, "[c]")}
    rows = [
        counted("referrals", 135),
        *(counted("referrals", value, text, by=f"client_group:{group}") for group, (value, text) in groups.items()),
    ]
    # 135 stands for 133 to 137, 100 for 98 to 102, 35 for 33 to 37: what is left is 0 to 6, where 1 to 9 is allowed.
    assert found(rows, PUBLIC) == {"referrals/client_group/NOT_KNOWN/2020-03-31": (0, 6)}


def test_both_parts_of_a_split_are_suppressed_and_zero_stays_zero() -> None:
    rows = [
        counted("cases", 90),
        *(counted("cases", value, by=f"victim_sex:{sex}") for sex, value in (("F", 86), ("M", 4))),
        counted("repeats", 0),
    ]
    assert primary_and_more(rows, PUBLIC) == {
        "cases_": {"90"},
        "cases_victim_sex:F": {"[c]"},
        "cases_victim_sex:M": {"[c]"},
        "repeats_": {"0"},
    }


def test_what_all_people_share_is_suppressed_with_the_zeros_that_would_tell_it() -> None:
    rows = [
        counted("cases", 90),
        *(
            counted("cases", value, by=f"victim_age_band:{band}", is_characteristic=True)
            for band, value in (("11-20", 0), ("21-30", 90), ("31-40", 0))
        ),
    ]
    told = primary_and_more(rows, PUBLIC)
    assert told.pop("cases_") == {"90"}
    assert set().union(*told.values()) == {"[c]"}


def test_what_rounds_to_zero_is_low_and_not_zero() -> None:
    rows = [share("repeats", 12, "cases", 5000, "0", "5000"), share("engaged", 0, "cases", 5000, "0", "5000")]
    assert primary_and_more(rows, PUBLIC) == {"repeats_": {"[low]"}, "engaged_": {"0"}}


def test_smallest_count_that_opens_the_bound_is_suppressed_each_time() -> None:
    groups = {"MALE": 100, "FEMALE": 13, "CPV": 34, "NOT_KNOWN": 1}
    rows = [counted("referrals", 148), *(counted("referrals", n, by=f"client_group:{g}") for g, n in groups.items())]
    told = primary_and_more(rows, EXACT)
    assert told == primary_and_more(list(reversed(rows)), EXACT)
    assert {name for name, text in told.items() if "[c]" in text} == {
        "referrals_client_group:NOT_KNOWN",
        "referrals_client_group:FEMALE",
    }


@settings(max_examples=15, deadline=None)
@given(
    parts=st.lists(st.integers(0, 30), min_size=3, max_size=3),
    rule=st.sampled_from([PUBLIC, PARTNERSHIP, EXACT]),
)
def test_no_suppressed_part_of_any_small_table_can_be_told(parts: list[int], rule: Any) -> None:
    rows = [
        counted("referrals", sum(parts)),
        *(counted("referrals", value, by=f"strand:{place}") for place, value in enumerate(parts)),
    ]
    figures = under(rule, pl.DataFrame(rows, schema_overrides=SCHEMA, infer_schema_length=None))
    hidden = primary(figures, rule)
    seen = shown(figures, [*hidden, *secondary(figures, hidden, shown(figures.clear(), []), declared(), rule)])
    whole, *told = seen["value_shown"]
    # Every table of three whole numbers that would be shown so, one by one, without any solver.
    worlds = np.indices((sum(parts) + 8,) * 3)
    possible = agrees(worlds.sum(axis=0), whole, rule)
    for world, text in zip(worlds, told, strict=True):
        possible &= agrees(world, text, rule)
    assert possible[tuple(parts)]
    for world, text in zip(worlds, told, strict=True):
        if text == "[c]":
            assert np.ptp(world[possible]) >= rule.threshold - 2


def agrees(value: Any, text: str, rule: Any) -> Any:
    """Return where a count would be shown as it was."""
    if text == "[c]":
        return np.ones_like(value, dtype=bool)
    return ((value == 0) | (value >= rule.threshold)) & (np.abs(value - int(text)) <= rule.rounding // 2)
