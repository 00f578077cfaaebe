"""Rounding: half up, once, beside the decimal module."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, getcontext
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from transforms.papers.rounding import cut_off, rounded

getcontext().prec = 60
VALUES = st.fractions(-10_000, 10_000, max_denominator=10_000)


def as_decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


@given(VALUES, st.integers(0, 3))
def test_as_the_decimal_module_rounds(value: Fraction, places: int) -> None:
    like = "0." + "0" * places if places else "0"
    step = Decimal(1).scaleb(-places)
    assert Decimal(rounded(value, like)) == as_decimal(value).quantize(step, ROUND_HALF_UP)
    assert Decimal(cut_off(value, like)) == as_decimal(value).quantize(step, ROUND_DOWN)


def test_places_are_kept() -> None:
    assert rounded(Fraction(4200, 363), "11") == "12"
    assert rounded(Fraction(4200, 363), "11.0") == "11.6"
    assert cut_off(Fraction(4200, 363), "11") == "11"
    assert rounded(Fraction(1, 200), "0.00") == "0.01"
