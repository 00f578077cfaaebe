"""Knowledge: linear statements over unknown counts, the one language of those who protect and of the attack."""

from dataclasses import dataclass

import polars as pl

TERMS = ("statement", "count", "coefficient")
LIMITS = ("statement", "lowest", "highest")
INFINITE = float("inf")


@dataclass(frozen=True)
class Statements:
    """Linear statements over unknown counts, none of which is below zero.

    Attributes:
        terms: statement, count, coefficient.
        limits: statement, and the lowest and highest value of the sum of its terms.
    """

    terms: pl.DataFrame
    limits: pl.DataFrame


def each(rows: pl.DataFrame, name: str, lowest: pl.Expr, highest: pl.Expr) -> Statements:
    """Return a statement for each row, about its one count.

    Args:
        rows: `count`, and what the limits are made of.
        name: what the statements are called, with a number.
        lowest: the lowest value of the count.
        highest: its highest value.
    """
    told = rows.with_row_index("number").with_columns(statement=pl.format("{} {}", pl.lit(name), "number"))
    return Statements(
        told.select("statement", "count", coefficient=pl.lit(1.0)),
        told.select("statement", lowest=lowest.cast(pl.Float64), highest=highest.cast(pl.Float64)),
    )


def alike(terms: pl.DataFrame, lowest: float, highest: float) -> Statements:
    """Return statements with the same limits.

    Args:
        terms: statement, count, coefficient.
        lowest: the lowest value of each sum.
        highest: its highest value.
    """
    limits = terms.select("statement").unique().with_columns(lowest=pl.lit(lowest), highest=pl.lit(highest))
    return Statements(terms.select(*TERMS), limits.select(*LIMITS))
