"""Rounding as papers are to do it: half up, once, from the exact value."""

from fractions import Fraction
from math import floor


def rounded(exact: Fraction, like: str) -> str:
    """Return a value rounded half up, once, to as many places as another one has."""
    return _text(exact, floor(abs(exact) * 10 ** places(like) + Fraction(1, 2)), places(like))


def cut_off(exact: Fraction, like: str) -> str:
    """Return a value with as many places as another one has, the others left out: what rounding is mistaken for."""
    return _text(exact, floor(abs(exact) * 10 ** places(like)), places(like))


def places(number: str) -> int:
    """Return how many decimal places a number is written with."""
    return len(number.partition(".")[2])


def _text(exact: Fraction, whole: int, size: int) -> str:
    text = str(whole).zfill(size + 1)
    return f"{'-' if exact < 0 else ''}{text[: len(text) - size]}{'.' if size else ''}{text[len(text) - size :]}"
