"""Every kind of check finds the same rows by its Polars mask, by Great Expectations and by eye."""

import gc
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from inspect import isabstract

import pandas as pd
import polars as pl
import pytest

from expectations.checks import Check, InRange, Matches, NotAbove, Present, Readable, Rule, UniqueKey
from expectations.fields import Count, Day, Text
from expectations.judging import validate
from expectations.verdicts import Verdict


class Return:
    """Fields as a declaration has them."""

    count = Count("Count")
    day = Day("Day")
    year = Text("Year")


COUNT, DAY, YEAR = Return.count, Return.day, Return.year
JANUARY, MARCH, MAY = date(2024, 1, 1), date(2024, 3, 1), date(2024, 5, 1)


@dataclass(frozen=True)
class Case:
    """A check, a frame, and the places of the rows that break it."""

    check: Check
    columns: dict[str, list[object]]
    broken: list[int]
    schema: dict[str, type[pl.DataType]] = field(default_factory=dict)

    @property
    def frame(self) -> pl.DataFrame:
        """The columns with row numbers that are not those of the frame."""
        rows = pl.DataFrame(self.columns, schema_overrides=self.schema)
        return rows.with_row_index("row", offset=11).with_columns(self.check.columns())


STATES: list[object] = ["value", "blank", "unreadable", None, "blank", "unreadable"]
ROW = Verdict.REJECT_ROW

CASES = [
    Case(Readable(COUNT, ROW), {"count__state": STATES}, [2, 5]),
    Case(Present(COUNT, ROW), {"count__state": STATES}, [1, 4]),
    Case(InRange(COUNT, ROW, 1, 9), {"count": [0, 1, None, 9, 10, -3]}, [0, 4, 5]),
    Case(InRange(COUNT, ROW, 1, None), {"count": [0, 1, None, 99]}, [0]),
    Case(InRange(COUNT, ROW, 1, 9), {"count": [None, None]}, [], {"count": pl.Int64}),
    Case(InRange(DAY, ROW, MARCH, MARCH), {"day": [JANUARY, MARCH, None, MAY]}, [0, 3]),
    Case(InRange(DAY, ROW, MARCH, None), {"day": [date(21, 8, 1), date(2999, 1, 1), None]}, [0]),
    Case(Matches(YEAR, ROW, r"fy\d\d|cy\d\d"), {"year": ["fy23", None, "xfy23", "cy23x", "cy23", ""]}, [2, 3, 5]),
    Case(
        NotAbove("day", "drawn", sentence="", fix=""),
        {"day": [MARCH, MARCH, MAY, None, MAY, None], "drawn": [MARCH, MAY, MARCH, MARCH, None, None]},
        [2],
    ),
    Case(
        NotAbove("part", "whole", sentence="", fix=""),
        {"part": [1, 2, 3, None, 3], "whole": [1, 1, 4, 0, None]},
        [1],
    ),
    Case(
        UniqueKey(["area", "day"], Verdict.REJECT_FILE, {"area": "Area", "day": "Day"}),
        {
            "area": ["a", "a", "a", "b", None, None, "c", "c", "a"],
            "day": [MARCH, MAY, MARCH, MARCH, MARCH, MARCH, None, None, MARCH],
        },
        [0, 2, 8],
    ),
    Case(
        Rule(lambda row: row.part <= row.whole.max().over("area"), sentence="", fix="", verdict=ROW),
        {"area": ["a", "a", "b", "b", "b"], "part": [5, None, 2, 3, None], "whole": [None, 4, 2, None, None]},
        [0, 3],
    ),
    Case(
        Rule(lambda row: row.part > 0, sentence="", fix="", verdict=ROW),
        {"part": [None, None]},
        [],
        {"part": pl.Int64},
    ),
]


def kinds(of: type[Check] = Check) -> Iterator[type[Check]]:
    for kind in of.__subclasses__():
        if hasattr(kind, "kind") and not isabstract(kind):
            yield kind
        yield from kinds(kind)


def test_every_kind_of_check_has_a_case() -> None:
    ours = {kind for kind in kinds() if kind.__module__.startswith("expectations.")}
    assert ours == {type(case.check) for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.check.kind)
def test_polars_and_great_expectations_find_the_rows_that_a_reader_finds(case: Case) -> None:
    import great_expectations as gx

    expected = [11 + place for place in case.broken]
    assert case.frame.filter(case.check.broken())["row"].to_list() == expected

    result = validate(gx.ExpectationSuite(name="one", expectations=[case.check.expectation()]), case.frame)
    (one,) = result["results"]
    assert not one["exception_info"].get("raised_exception")
    assert one["success"] == (not expected)
    # Of an expectation that is met no more is asked than that.
    assert sorted(found["row"] for found in one["result"].get("unexpected_index_list", [])) == expected
    assert one["result"].get("unexpected_count", 0) == len(expected)


def test_a_result_holds_row_numbers_and_no_value_of_a_cell() -> None:
    import great_expectations as gx

    matches = Matches(YEAR, ROW, r"fy\d\d")
    frame = pl.DataFrame({"row": [7, 8], "year": ["Canary Robin", "fy23"]})
    result = validate(gx.ExpectationSuite(name="one", expectations=[matches.expectation()]), frame)
    assert result["results"][0]["result"]["unexpected_index_list"] == [{"row": 7}]
    assert "Canary" not in repr(result)
    assert "fy23" not in repr(result)


def test_great_expectations_finds_the_same_where_it_works_out_each_configuration_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import great_expectations as gx

    frame = pl.DataFrame({"row": [1, 2, 3], "count": [0, 5, None], "year": ["fy23", "no", None]})
    checks = [InRange(COUNT, ROW, 1, 9), InRange(COUNT, Verdict.WARN, 0, 4), Matches(YEAR, ROW, r"fy\d\d")]

    def results() -> list[tuple[object, object, object]]:
        suite = gx.ExpectationSuite(name="three", expectations=[check.expectation() for check in checks])
        found = validate(suite, frame)["results"]
        return [(one["success"], one["expectation_config"], one["result"]) for one in found]

    once = results()
    monkeypatch.setattr("expectations.judging._configured_once", nullcontext)
    assert [success for success, *_ in once] == [False, False, False]
    assert results() == once


def test_nothing_of_a_frame_stays_in_memory_once_it_is_judged() -> None:
    import great_expectations as gx

    frame = pl.DataFrame({"row": [1, 2], "only_here": ["Robin", None]})
    validate(gx.ExpectationSuite(name="once", expectations=[]), frame)
    gc.collect()
    frames = [one for one in gc.get_objects() if isinstance(one, pd.DataFrame)]
    assert not any("only_here" in one.columns for one in frames)
