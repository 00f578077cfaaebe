"""Exact arithmetic that every machine does alike: shares, draws and months, without clock or chance."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from zlib import crc32

BARNET = "E09000003"


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Share a total out by weight, in whole numbers that add up to it (the method of largest remainders)."""
    shares = [divmod(total * weight, sum(weights)) for weight in weights]
    whole = [quotient for quotient, _ in shares]
    by_remainder = sorted(range(len(shares)), key=lambda position: -shares[position][1])
    for position in by_remainder[: total - sum(whole)]:
        whole[position] += 1
    return whole


def draw(below: int, *key: object) -> int:
    """Return a whole number from 0 to below - 1 that looks drawn by lot and is always the same for a key."""
    return crc32("|".join(map(str, key)).encode()) % below


def months(year: int, count: int) -> list[date]:
    """Return the first days of so many months from April of a year."""
    return [date(year + number // 12, number % 12 + 1, 1) for number in range(3, 3 + count)]


def chosen(wanted: int, of: int, *key: object) -> set[int]:
    """Return which of a number of records carry a mark: exactly as many as wanted, as if drawn by lot."""
    return set(sorted(range(of), key=lambda number: (draw(1_000_003, *key, number), number))[:wanted])


def dealt(counts: Mapping[Any, int], of: int, *key: object) -> list[Any]:
    """Return a value for each record, each value exactly as often as its count says."""
    values = [value for value, count in counts.items() for _ in range(count)]
    if len(values) != of:
        raise ValueError(f"{len(values)} values for {of} records: {counts}")
    order = sorted(range(of), key=lambda number: (draw(1_000_003, *key, number), number))
    return [value for _, value in sorted(zip(order, values, strict=True), key=lambda one: one[0])]
