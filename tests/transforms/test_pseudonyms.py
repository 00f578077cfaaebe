"""Pseudonyms: keyed, the same for every spelling of a reference, and never the reference."""

import hashlib
import hmac

import polars as pl
import pytest

from transforms.facts import Facts
from transforms.pseudonyms import pseudonym, pseudonymised, without

KEY, OTHER = bytes(range(32)), bytes(32)


def test_pseudonym_is_the_keyed_hash_of_the_reference_in_lower_case_with_single_spaces() -> None:
    expected = hmac.new(KEY, b"h 12/34", hashlib.sha256).hexdigest()
    assert pseudonym("H 12/34", KEY) == expected[:32]


def test_pseudonym_is_that_of_the_published_vector() -> None:
    # RFC 4231, test case 2.
    assert pseudonym("what do ya want for nothing?", b"Jefe") == "5bdcc146bf60754e6a042426089575c7"


@pytest.mark.parametrize("spelling", [" H-1 a", "h-1  A", "H-1\ta ", "h-1 a"])
def test_every_spelling_of_a_reference_has_the_same_pseudonym(spelling: str) -> None:
    assert pseudonym(spelling, KEY) == pseudonym("h-1 a", KEY)


def test_another_suppliers_key_gives_another_pseudonym() -> None:
    assert pseudonym("H-1", KEY) != pseudonym("H-1", OTHER)


def test_named_columns_alone_become_pseudonyms_and_blank_stays_blank() -> None:
    rows = pl.DataFrame({"row": [2, 3, 4], "who": ["A", None, "A"], "what": ["A", "B", None]})
    a = pseudonym("a", KEY)
    assert pseudonymised(rows, ["who"], KEY).rows() == [(2, a, "A"), (3, None, "B"), (4, a, None)]


def test_column_without_any_reference_stays_blank() -> None:
    rows = pl.DataFrame({"who": [None, None]}, schema={"who": pl.String})
    assert pseudonymised(rows, ["who"], KEY).rows() == [(None,), (None,)]


@pytest.fixture
def brought() -> Facts:
    """Return the facts of a file: two contents, with one person in both."""
    return Facts(
        rows=pl.DataFrame(
            {
                "content_id": ["x", "x", "y", "y"],
                "referral_id": ["r1", "r2", "r3", "r4"],
                "person_pseudonym": ["p1", None, "p1", "p2"],
            }
        ),
        slices=pl.DataFrame({"slice_key": ["a", "b"], "content_id": ["x", "y"], "rows": [2, 2]}),
        coverage=pl.DataFrame(),
    )


def test_rows_of_an_erased_person_are_left_out_and_counted(brought: Facts) -> None:
    kept, gone = without(brought, {"p1", "somebody else"})
    assert gone == 2
    assert kept.rows["referral_id"].to_list() == ["r2", "r4"]
    assert kept.slices.rows() == [("a", "x", 1), ("b", "y", 1)]


def test_row_is_left_out_by_the_reference_of_its_case(brought: Facts) -> None:
    kept, gone = without(brought, {"r2"})
    assert (gone, kept.rows["referral_id"].to_list()) == (1, ["r1", "r3", "r4"])


def test_nothing_is_left_out_where_nobody_was_erased(brought: Facts) -> None:
    assert without(brought, set()) == (brought, 0)
    assert without(brought, {"nobody"}) == (brought, 0)
