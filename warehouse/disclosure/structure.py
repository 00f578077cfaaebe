"""Structure: what everybody knows of counts before any is printed."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from warehouse.disclosure.figures import COUNT, TABLE, named
from warehouse.disclosure.knowledge import TERMS, Statements, alike


def structure(known: pl.DataFrame, seen: pl.DataFrame, relations: dict[str, Any]) -> Iterator[Statements]:
    """Yield what everybody knows of counts: parts of a whole, ratios of a part, declared identities and overlaps.

    Args:
        known: counts as `counts` returns them.
        seen: figures as `shown` returns them.
        relations: `identity` and `overlap` as policy.toml declares them.
    """
    yield from _parts(known)
    share = seen.filter(pl.col("unit") == "%", pl.col("presents") == "level", pl.col("bottom_count").is_not_null())
    pairs = share.select(part="top_count", whole="bottom_count", holds=pl.col("top") <= pl.col("bottom"))
    overlaps = [_overlap(known, one["value"], other) for one in relations["overlap"] for other in one["within"]]
    divided = known.filter(pl.col("breakdown") != "all").select(
        part="count",
        whole=named("area_code", "subject", "measure", pl.lit("all"), pl.lit("all"), "period_end"),
        value="value",
    )
    of_whole = divided.join(known.select(whole="count", of="value"), on="whole").select(
        "part", "whole", holds=pl.col("value") <= pl.col("of")
    )
    within = pl.concat([pairs, of_whole, *overlaps]).unique().filter("holds")
    yield _sums(within.select(whole="whole", part="part", rest=pl.format("{} | without {}", "whole", "part")), "rest")
    for identity in relations["identity"]:
        yield from _identity(known, identity)


def _made(known: pl.DataFrame) -> pl.DataFrame:
    """Return the counts by the values of a breakdown, where those make the whole."""
    whole = named("area_code", "subject", "measure", pl.lit("all"), pl.lit("all"), "period_end")
    return (
        known.filter(pl.col("breakdown") != "all")
        .with_columns(whole=whole)
        .join(known.select(whole="count", of="value"), on="whole")
        .filter(pl.col("value").sum().over(TABLE) == pl.col("of"))
    )


def _parts(known: pl.DataFrame) -> Iterator[Statements]:
    """Yield that the values of a breakdown make the whole, where they do."""
    made = _made(known)
    statement = pl.format("parts of {} by {}", "whole", "breakdown")
    parts = made.select(statement=statement, count="count", coefficient=pl.lit(1.0))
    wholes = made.select(statement=statement, count="whole", coefficient=pl.lit(-1.0)).unique()
    yield alike(pl.concat([parts, wholes]), 0.0, 0.0)


def _overlap(known: pl.DataFrame, part: str, whole: str) -> pl.DataFrame:
    """Return the pairs of a value of a breakdown and one that it is within."""
    parts, wholes = (known.filter(breakdown_value=value).select(*TABLE, "count", "value") for value in (part, whole))
    return parts.join(wholes, on=TABLE, suffix="_of").select(
        part="count", whole="count_of", holds=pl.col("value") <= pl.col("value_of")
    )


def _identity(known: pl.DataFrame, identity: dict[str, Any]) -> Iterator[Statements]:
    """Yield a declared identity wherever it holds, or a count of it is printed nowhere and can make it hold."""
    undivided = known.filter(subject=identity["subject"], breakdown="all")
    before = identity.get("year_before", {})
    if not undivided.height:
        return
    terms = [
        *((measure, sign, "period_end") for measure, sign in identity["terms"].items()),
        *((measure, sign, "a_year_before") for measure, sign in before.items()),
    ]
    dated = (
        undivided.select("area_code", "period_end")
        .unique()
        .with_columns(a_year_before=pl.col("period_end").dt.offset_by("-1y").dt.month_end())
    )
    statement = pl.format("{} to {}: {}", "area_code", "period_end", pl.lit(identity["says"]))
    rows = pl.concat(
        [
            dated.select(
                statement=statement,
                count=named(
                    "area_code", pl.lit(identity["subject"]), pl.lit(measure), pl.lit("all"), pl.lit("all"), end
                ),
                coefficient=pl.lit(float(sign)),
            )
            for measure, sign, end in terms
        ]
    ).join(undivided.select("count", "value"), on="count", how="left", maintain_order="left")
    balance = (pl.col("coefficient") * pl.col("value")).sum().over("statement")
    missing = pl.col("coefficient").filter(pl.col("value").is_null())
    # Counts are not below zero: what is missing must be able to make up for the rest.
    fits = (missing.min().over("statement") < 0) & (balance >= 0) | (missing.max().over("statement") > 0) & (
        balance <= 0
    )
    holds = rows.filter(fits.fill_null(False) | (balance == 0)).select(*TERMS)
    names = pl.col("count").is_in(undivided["count"].implode())
    # A count that is printed nowhere is only known to be left of the others.
    rest = pl.when(names).then("count").otherwise(pl.format("{} | unprinted", "count"))
    yield alike(holds.with_columns(count=rest), 0.0, 0.0)


def windows(known: pl.DataFrame) -> Iterator[Statements]:
    """Yield that windows of 12 months are sums of the stretches that they share; snapshots and persons are none.

    Args:
        known: counts as `counts` returns them.
    """
    flows = known.filter(additivity="flow").with_columns(
        start=(pl.col("period_end").dt.offset_by("1d")).dt.offset_by("-1y"), end=pl.col("period_end").dt.offset_by("1d")
    )
    # Every series of a subject is cut at the same days, so that parts make wholes in each stretch.
    days = pl.concat([flows.select("area_code", "subject", day=side) for side in ("start", "end")]).unique()
    stretches = (
        days.sort("day")
        .with_columns(until=pl.col("day").shift(-1).over("area_code", "subject", order_by="day"))
        .drop_nulls()
    )
    within = flows.join(stretches, on=["area_code", "subject"]).filter(
        pl.col("day") >= pl.col("start"), pl.col("until") <= pl.col("end")
    )
    stretch = pl.format("{} | {} to {}", named(*(name for name in COUNT if name != "period_end")), "day", "until")
    statement = pl.format("window of {}", "count")
    sums = within.select(statement=statement, count=stretch, coefficient=pl.lit(1.0))
    totals = flows.select(statement=statement, count="count", coefficient=pl.lit(-1.0))
    yield alike(pl.concat([sums, totals]), 0.0, 0.0)
    series = [name for name in TABLE if name != "period_end"]
    made = _made(known).select(*series, "breakdown_value", "period_end")
    whole_always = known.filter(pl.col("breakdown") != "all").join(
        made, on=[*series, "breakdown_value", "period_end"], how="anti"
    )
    parts = within.join(made.select(series).unique(), on=series).join(whole_always, on=series, how="anti")
    parts = parts.unique([*series, "breakdown_value", "day"]).filter(
        # A value that has no windows yet would be missing from the sum.
        pl.col("breakdown_value").n_unique().over(*series, "day") == pl.col("breakdown_value").n_unique().over(series)
    )
    named_whole = named("area_code", "subject", "measure", pl.lit("all"), pl.lit("all"))
    whole = pl.format("{} | {} to {}", named_whole, "day", "until")
    said = pl.format("parts of {} by {}", whole, "breakdown")
    parts = parts.select(statement=said, count=stretch, coefficient=pl.lit(1.0), whole=whole)
    parts = parts.filter(pl.col("whole").is_in(sums["count"].implode()))
    wholes = parts.select("statement", count="whole", coefficient=pl.lit(-1.0)).unique()
    yield alike(pl.concat([parts.drop("whole"), wholes]), 0.0, 0.0)


def _sums(pairs: pl.DataFrame, name: str) -> Statements:
    """Return that a whole is its part and a rest."""
    statement = pl.format("{} of {} without {}", pl.lit(name), "whole", "part")
    return alike(
        pl.concat(
            [
                pairs.select(statement=statement, count=column, coefficient=pl.lit(sign))
                for column, sign in (("whole", 1.0), ("part", -1.0), ("rest", -1.0))
            ]
        ),
        0.0,
        0.0,
    )
