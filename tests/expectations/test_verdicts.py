"""Counts that add up, and findings that can be forwarded."""

from itertools import product

import pytest

from expectations.verdicts import Cell, Counts, Finding, Verdict, worst_first


def test_rows_that_add_up_are_counts() -> None:
    for loaded, rejected, duplicate, unchanged, out_of_scope in product((0, 1, 7), repeat=5):
        received = loaded + rejected + duplicate + unchanged + out_of_scope
        assert Counts(received, loaded, rejected, duplicate, unchanged, out_of_scope).received == received


@pytest.mark.parametrize("what", ["received", "loaded", "rejected", "duplicate", "unchanged", "out_of_scope"])
def test_a_row_lost_or_counted_twice_is_an_error(what: str) -> None:
    right = {"received": 5, "loaded": 1, "rejected": 1, "duplicate": 1, "unchanged": 1, "out_of_scope": 1}
    with pytest.raises(ValueError, match="accounted for"):
        Counts(**{**right, what: right[what] + 1})


def test_a_finding_says_where_what_and_what_to_do() -> None:
    found = Finding(
        "value.readable",
        Verdict.REJECT_ROW,
        "the value cannot be used.",
        "Expected a whole number.",
        header="Count of Women",
        sheet="Return",
        rows=1_234,
        cells=(Cell(7, "<5"), Cell(9, None)),
    )
    assert str(found) == (
        'Sheet "Return", Column "Count of Women": the value cannot be used. '
        'Found in row 7: "<5", row 9 and 1,232 more. Expected a whole number.'
    )


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ("2091-11-02 00:00:00", '"02/11/2091"'),
        ("2091-11-02", '"2091-11-02"'),
        ("2091-11-02 09:30:00", '"2091-11-02 09:30:00"'),
        ("Oct\n2019", '"Oct 2019"'),
    ],
)
def test_a_date_of_a_workbook_is_shown_as_people_write_it(found: str, said: str) -> None:
    assert str(Cell(4, found, "cell D4")) == f"cell D4: {said}"


def test_what_stops_the_file_comes_first_and_each_kind_in_its_order() -> None:
    verdicts = [Verdict.WARN, Verdict.REJECT_ROW, Verdict.REJECT_FILE, Verdict.WARN, Verdict.REJECT_ROW]
    findings = [Finding(str(place), one, "it is wrong.", "Mend it.") for place, one in enumerate(verdicts)]
    assert [one.check for one in worst_first(findings)] == ["2", "1", "4", "0", "3"]
