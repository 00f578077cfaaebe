"""Figures as a reader sees them: numbers, or the shorthand in their place."""

from collections.abc import Collection

import polars as pl

from warehouse.disclosure.policy import Policy

#: What a count is of: nothing else tells one unknown count from another.
COUNT = ("area_code", "subject", "measure", "breakdown", "breakdown_value", "period_end")


def with_counts(figures: pl.DataFrame) -> pl.DataFrame:
    """Name the two counts that each figure rests on.

    Args:
        figures: rows of `sql/public/candidates`.

    Returns:
        The figures with `top_count` and `bottom_count`; the second is empty where it is no count.
    """
    bottom = ("area_code", "bottom_subject", "bottom_measure", "bottom_breakdown", "bottom_value", "bottom_end")
    top = ("area_code", "top_subject", "top_measure", "breakdown", "breakdown_value", "period_end")
    return figures.with_columns(named(*top).alias("top_count"), named(*bottom).alias("bottom_count"))


def named(*columns: str) -> pl.Expr:
    """Return the name of a count from the columns that say what it is of."""
    return pl.concat_str(columns, separator="/")


def counts(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the counts that figures rest on, one row each: what they are of, their value, how they are protected.

    Args:
        figures: as `with_counts` returns them.
    """
    of_top = {"subject": "top_subject", "measure": "top_measure", "additivity": "top_additivity"}
    of_bottom = {
        "subject": "bottom_subject",
        "measure": "bottom_measure",
        "breakdown": "bottom_breakdown",
        "breakdown_value": "bottom_value",
        "period_end": "bottom_end",
        "additivity": "bottom_additivity",
    }
    both = [
        figures.select(
            *(pl.col(columns.get(name, name)).alias(name) for name in (*COUNT, "additivity")),
            "is_protected",
            is_characteristic=pl.col("is_characteristic") & (side == "top"),
            count=f"{side}_count",
            value=side,
        )
        for side, columns in (("top", of_top), ("bottom", of_bottom))
    ]
    return (
        pl.concat(both)
        .filter(pl.col("count").is_not_null(), pl.col("value").is_not_null())
        .group_by("count", *COUNT)
        .agg(
            pl.col("value").first(),
            pl.col("additivity").first(),
            pl.col("is_protected").any(),
            pl.col("is_characteristic").any(),
        )
        .sort("count")
    )


def shown(figures: pl.DataFrame, hidden: Collection[str], policy: Policy) -> pl.DataFrame:
    """Return figures with what readers see of them: `value_shown` and `base_shown`, never empty.

    Args:
        figures: as `with_counts` returns them.
        hidden: the counts that are suppressed.
        policy: by which counts are rounded.
    """
    is_hidden = pl.col("top_count").is_in(hidden) | pl.col("bottom_count").is_in(hidden).fill_null(False)
    is_count = (pl.col("unit") == "count") & (pl.col("divisor") == 1)
    is_low = (
        (pl.col("top") > 0) & (pl.col("presents") == "level") & (pl.col("display").cast(pl.Float64, strict=False) == 0)
    )
    return figures.with_columns(
        value_shown=pl.when(pl.col("display").str.starts_with("["))
        .then("display")
        .when(is_hidden)
        .then(pl.lit("[c]"))
        .when(is_low)
        .then(pl.lit("[low]"))
        .when("is_protected", is_count)
        .then(_rounded("top", policy.rounding))
        .otherwise("display"),
        base_shown=pl.when(pl.col("bottom_count").is_in(hidden))
        .then(pl.lit("[c]"))
        .when("is_protected", pl.col("bottom").is_not_null())
        .then(_rounded("bottom", policy.rounding))
        .otherwise(
            pl.coalesce(
                pl.col("bottom").cast(pl.String),
                pl.col("residents").cast(pl.String),
                pl.when("is_divided").then(pl.lit("[x]")).otherwise(pl.lit("[z]")),
            )
        ),
    )


def _rounded(column: str, to: int) -> pl.Expr:
    """Return a count to the nearest multiple of an odd number, as text."""
    return ((pl.col(column) + to // 2) // to * to).cast(pl.String)
