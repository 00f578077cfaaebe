"""Protecting: the published figures as they may leave, and the attack on them that has the last word."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from warehouse.disclosure.attack import attack
from warehouse.disclosure.equations import statements, suspects
from warehouse.disclosure.figures import KEY, shown, under
from warehouse.disclosure.policy import Policy, declared
from warehouse.disclosure.suppression import primary, secondary
from warehouse.statements import ask
from warehouse.statements import statements as sql


class PublishedBefore(Exception):
    """The published database was made by a version that knew nothing of disclosure control."""


class GivesAway(Exception):
    """The attack found something out; nothing is released, the last release stands."""


def candidates(published: Path, rule: Policy) -> pl.DataFrame:
    """Return the published figures that may leave under a policy (`is_offered`), and the others behind them.

    Args:
        published: the published database.
        rule: the policy.

    Raises:
        PublishedBefore: if it does not say how its figures may leave.
    """
    asked = {"never_divided_by": declared()["never_divided_by"], "small_month": rule.small_month}
    with duckdb.connect(published, read_only=True) as connection:
        try:
            return under(rule, connection.sql(sql("public")["candidates"], params=asked).pl())
        except duckdb.BinderException as error:
            raise PublishedBefore(
                f"{published} was made by an earlier version, and does not say how its figures may leave. "
                "Run `vawg refresh`, then this again."
            ) from error


@dataclass(frozen=True)
class Cells:
    """How many cells of a release show what.

    Attributes:
        published: a number.
        primary: they are suppressed for what they are.
        secondary: they are suppressed so that others cannot be worked out.
        unavailable: there is no figure.
    """

    published: int
    primary: int
    secondary: int
    unavailable: int


def protected(offered: pl.DataFrame, released: pl.DataFrame, rule: Policy) -> tuple[pl.DataFrame, Cells]:
    """Return figures as they are shown under a policy, and how many cells are shown and suppressed.

    Args:
        offered: the figures that may leave, as `candidates` returns them.
        released: what readers have already, as `released` returns it.
        rule: the policy.

    Raises:
        CannotBeHidden: if what readers have already gives a small count away, whatever is suppressed now.
    """
    hidden = primary(offered, rule)
    further = secondary(under_attack(offered), hidden, released, declared(), rule)
    at_first, seen = shown(offered, hidden), shown(offered, [*hidden, *further])
    first, every = (figures.filter(value_shown="[c]").height for figures in (at_first, seen))
    unavailable = seen.filter(pl.col("value_shown").is_in(("[x]", "[b]"))).height
    return seen, Cells(seen.height - every - unavailable, first, every - first, unavailable)


def under_attack(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the figures that say something of people whom the policy protects.

    Args:
        figures: as `under` returns them, shown or not.
    """
    return figures.join(
        figures.filter("is_protected").select("area_code", "top_subject").unique(),
        on=("area_code", "top_subject"),
        how="semi",
    )


def released(connection: duckdb.DuckDBPyConnection, figures: pl.DataFrame, rule: Policy) -> pl.DataFrame:
    """Return what readers have from earlier releases and is still true; what was revised since says nothing certain."""
    earlier = pl.DataFrame(
        ask(connection, "public", "earlier", policies=[rule.name, *rule.readers_also_see]), infer_schema_length=None
    )
    if not earlier.height:
        return shown(figures.clear(), [])
    told = earlier.rename({"value_shown": "value_then", "base_shown": "base_then"}).cast(
        {"threshold": pl.Int32, "rounding": pl.Int32}
    )
    joined = under_attack(figures).drop("threshold", "rounding").join(told, on=KEY)
    small = [
        *joined.filter("is_protected", (pl.col("top") > 0) & (pl.col("top") < pl.col("threshold")))["top_count"],
        *joined.filter("is_protected", (pl.col("bottom") > 0) & (pl.col("bottom") < pl.col("threshold")))[
            "bottom_count"
        ],
    ]
    now = shown(joined, small)
    return now.with_columns(
        _still("value"),
        _still("base"),
    ).drop("value_then", "base_then")


def _still(what: str) -> pl.Expr:
    """Return what was shown, where it would be shown so now; what was suppressed then is looked at as it is now."""
    then = pl.col(f"{what}_then")
    is_still = (then == pl.col(f"{what}_shown")) & (then != "[c]")
    return pl.when(is_still).then(then).otherwise(pl.lit("[x]")).alias(f"{what}_shown")


def withstood(seen: pl.DataFrame, earlier: pl.DataFrame, rule: Policy) -> int:
    """Attack finished figures, with everything that their readers have besides; return how many counts were tried.

    Args:
        seen: the figures as they are shown.
        earlier: what readers have already, as `released` returns it.
        rule: the policy.

    Raises:
        GivesAway: if anything is found out.
        Contradictory: if the figures cannot all be right at once.
    """
    everything = pl.concat([under_attack(seen), earlier.select(seen.columns)], how="vertical_relaxed")
    stated = statements(everything, declared())
    tried = suspects(everything, stated)
    found = attack(stated, tried, rule)
    if found.height:
        worst = found.row(0, named=True)
        raise GivesAway(
            f"{found.height} counts could be found out, such as {worst['count']}: between {worst['lowest']:.1f} and"
            f" {worst['highest']:.1f}. Nothing is released; the last release stands."
        )
    return tried.height
