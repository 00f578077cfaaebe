"""Figures as a reader sees them: numbers, or the shorthand in their place."""

from collections.abc import Collection

import polars as pl

from warehouse.disclosure.policy import Policy

#: What tells one figure from another.
KEY = ("indicator_id", "area_code", "breakdown", "breakdown_value", "period_end")
#: What a count is of: nothing else tells one unknown count from another.
COUNT = ("area_code", "subject", "measure", "breakdown", "breakdown_value", "period_end")

#: The counts of one table of a breakdown.
TABLE = ("area_code", "subject", "measure", "breakdown", "period_end")
#: What stands in the place of a number; not [low], which is one.
SIGNS = ("[c]", "[x]", "[z]", "[b]")
IS_COUNT = (pl.col("unit") == "count") & (pl.col("divisor") == 1)


def under(policy: Policy, figures: pl.DataFrame) -> pl.DataFrame:
    """Name the two counts that each figure rests on, and say how it is protected.

    Args:
        policy: the policy.
        figures: rows of `sql/public/candidates`.

    Returns:
        The figures with `top_count` and `bottom_count`, of which the second is empty where it is no count, and with the
        `threshold` and `rounding` of the policy.
    """
    bottom = ("area_code", "bottom_subject", "bottom_measure", "bottom_breakdown", "bottom_value", "bottom_end")
    top = ("area_code", "top_subject", "top_measure", "breakdown", "breakdown_value", "period_end")
    return figures.with_columns(
        named(*top).alias("top_count"),
        named(*bottom).alias("bottom_count"),
        threshold=pl.lit(policy.threshold),
        rounding=pl.lit(policy.rounding),
    )


def named(*columns: str | pl.Expr) -> pl.Expr:
    """Return the name of a count from the columns that say what it is of."""
    return pl.concat_str(columns, separator="/")


def counts(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the counts that figures rest on, one row each: what they are of, their value, how they are protected.

    Args:
        figures: as `under` returns them.
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


def shown(figures: pl.DataFrame, hidden: Collection[str]) -> pl.DataFrame:
    """Return figures with what readers see of them: `value_shown` and `base_shown`, never empty.

    Args:
        figures: as `under` returns them.
        hidden: the counts that are suppressed.
    """
    is_hidden = pl.col("top_count").is_in(hidden) | pl.col("bottom_count").is_in(hidden).fill_null(False)
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
        .when("is_protected", IS_COUNT)
        .then(_rounded("top"))
        .otherwise("display"),
        base_shown=pl.when(pl.col("bottom_count").is_in(hidden))
        .then(pl.lit("[c]"))
        .when("is_protected", pl.col("bottom").is_not_null())
        .then(_rounded("bottom"))
        .otherwise(
            pl.coalesce(
                pl.col("bottom").cast(pl.String),
                pl.col("residents").cast(pl.String),
                pl.when("is_divided").then(pl.lit("[x]")).otherwise(pl.lit("[z]")),
            )
        ),
    )


def _rounded(column: str) -> pl.Expr:
    """Return a count to the nearest multiple of an odd number, as text."""
    to = pl.col("rounding")
    return ((pl.col(column) + to // 2) // to * to).cast(pl.String)


def printed(seen: pl.DataFrame, *, as_counts: bool = False) -> pl.Series:
    """Return the counts of people of which a number is printed.

    Args:
        seen: figures as `shown` returns them.
        as_counts: only those that are printed themselves, not in a percentage or rate alone.
    """
    own = seen.filter("is_protected")
    values = own.filter(~pl.col("value_shown").is_in(SIGNS), IS_COUNT if as_counts else True)["top_count"]
    bases = own.filter(~pl.col("base_shown").is_in(SIGNS))["bottom_count"].drop_nulls()
    return pl.concat([values, bases]).unique()
