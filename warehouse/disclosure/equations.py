"""What a reader knows: everything that published figures say of the counts behind them, as linear statements.

Nothing here knows what was suppressed, or why: statements come from the text that is shown, and from the structure of
the indicators. The true counts are looked at for one question alone, whether a relation between counts really holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl

from warehouse.disclosure.figures import COUNT, IS_COUNT, counts, named, printed

TERMS = {"statement": pl.String, "count": pl.String, "coefficient": pl.Float64}
LIMITS = {"statement": pl.String, "lowest": pl.Float64, "highest": pl.Float64}
TABLE = ("area_code", "subject", "measure", "breakdown", "period_end")
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


def statements(seen: pl.DataFrame, relations: dict[str, Any]) -> Statements:
    """Return everything that the readers of figures know.

    Args:
        seen: figures as `shown` returns them; of earlier releases too.
        relations: `identity` and `overlap` as policy.toml declares them.
    """
    known = counts(seen)
    parts = [*_said(seen), *_structure(known, seen, relations), *_windows(known)]
    terms = pl.concat([part.terms for part in parts]).group_by("statement", "count").agg(pl.col("coefficient").sum())
    return Statements(terms.sort("statement", "count"), pl.concat([part.limits for part in parts]))


def suspects(seen: pl.DataFrame, stated: Statements) -> pl.DataFrame:
    """Return the counts that nobody may find out: `count`, and whether it `is_suppressed` in a table.

    Those that are not are printed nowhere: what is left of a whole, and the parts that windows share.

    Args:
        seen: figures as `shown` returns them.
        stated: what is known of them.
    """
    own = seen.filter("is_protected")
    hidden = [own.filter(value_shown="[c]")["top_count"], own.filter(base_shown="[c]")["bottom_count"].drop_nulls()]
    # A percentage does not make a count public that a table suppresses; it may give it away.
    elsewhere = printed(seen, as_counts=True).implode()
    suppressed = pl.DataFrame({"count": pl.concat(hidden)}).filter(~pl.col("count").is_in(elsewhere))
    unprinted = stated.terms.filter(pl.col("count").str.contains("|", literal=True)).select("count")
    return (
        pl.concat(
            [
                suppressed.with_columns(is_suppressed=pl.lit(True)),
                unprinted.with_columns(is_suppressed=pl.lit(False)),
            ]
        )
        .unique()
        .sort("count")
    )


def _said(seen: pl.DataFrame) -> Iterator[Statements]:
    """Yield what the printed numbers say: a count within its rounding, a ratio within the rounding of its display."""
    number = pl.col("value_shown").replace("[low]", "0").cast(pl.Float64, strict=False)
    read = seen.with_row_index("row").with_columns(
        number=number, base=pl.col("base_shown").cast(pl.Float64, strict=False), half=0.5 * 10.0 ** -pl.col("places")
    )
    rule = ("is_protected", "threshold", "rounding")
    numbers = pl.concat(
        [
            read.filter(IS_COUNT, pl.col("number").is_not_null()).select(*rule, count="top_count", n="number"),
            read.filter(pl.col("bottom_count").is_not_null(), pl.col("base").is_not_null()).select(
                *rule, count="bottom_count", n="base"
            ),
        ]
    )
    rounding = pl.when("is_protected").then(pl.col("rounding") // 2).otherwise(0)
    # Who knows the policy knows that a number that is shown is zero, or not a small one.
    least = pl.when(pl.col("is_protected") & (pl.col("n") > 0)).then("threshold").otherwise(0)
    yield _each(
        numbers.unique(),
        "printed",
        pl.max_horizontal(pl.col("n") - rounding, least),
        pl.when(pl.col("is_protected") & (pl.col("n") == 0)).then(0).otherwise(pl.col("n") + rounding),
    )
    ratios = read.filter(pl.col("number").is_not_null(), pl.col("presents") != "rank", ~IS_COUNT)
    factor = pl.col("divisor") / pl.col("scale")
    fixed = ratios.filter(pl.col("divisor").is_not_null()).select(
        "is_protected",
        count="top_count",
        low=(pl.col("number") - pl.col("half")) * factor,
        high=(pl.col("number") + pl.col("half")) * factor,
    )
    yield _each(fixed, "rate", pl.col("low"), pl.col("high"))
    shares = ratios.filter(pl.col("bottom_count").is_not_null())
    change = pl.when(pl.col("presents") == "change").then(pl.col("scale")).otherwise(0)
    for name, edge, lowest, highest in (
        ("at least", pl.col("number") - pl.col("half"), 0.0, INFINITE),
        ("at most", pl.col("number") + pl.col("half"), -INFINITE, 0.0),
    ):
        statement = pl.format("share of {} {} {}", "row", pl.lit(name), "top_count")
        top = shares.select(statement=statement, count="top_count", coefficient=pl.col("scale").cast(pl.Float64))
        bottom = shares.select(statement=statement, count="bottom_count", coefficient=-(edge + change).cast(pl.Float64))
        yield _all(pl.concat([top, bottom]), lowest, highest)
    not_small = shares.filter(
        "is_protected", pl.col("presents") == "level", (pl.col("number") > 0) | (pl.col("value_shown") == "[low]")
    )
    yield _each(
        not_small.select("threshold", count="top_count").unique(), "not small", pl.col("threshold"), pl.lit(INFINITE)
    )


def _structure(known: pl.DataFrame, seen: pl.DataFrame, relations: dict[str, Any]) -> Iterator[Statements]:
    """Yield what the structure says: parts of a whole, ratios of a part, and the declared identities and overlaps."""
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


def _parts(known: pl.DataFrame) -> Iterator[Statements]:
    """Yield that the values of a breakdown make the whole, where they do."""
    whole = named("area_code", "subject", "measure", pl.lit("all"), pl.lit("all"), "period_end")
    made = (
        known.filter(pl.col("breakdown") != "all")
        .with_columns(whole=whole)
        .join(known.select(whole="count", of="value"), on="whole")
        .filter(pl.col("value").sum().over(TABLE) == pl.col("of"))
    )
    statement = pl.format("parts of {} by {}", "whole", "breakdown")
    parts = made.select(statement=statement, count="count", coefficient=pl.lit(1.0))
    wholes = made.select(statement=statement, count="whole", coefficient=pl.lit(-1.0)).unique()
    yield _all(pl.concat([parts, wholes]), 0.0, 0.0)


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
    is_whole = pl.col("value").is_not_null().all().over("statement")
    holds = rows.filter(~is_whole | (balance == 0)).select(*TERMS)
    names = pl.col("count").is_in(undivided["count"].implode())
    # A count that is printed nowhere is only known to be left of the others.
    rest = pl.when(names).then("count").otherwise(pl.format("{} | unprinted", "count"))
    yield _all(holds.with_columns(count=rest), 0.0, 0.0)


def _windows(known: pl.DataFrame) -> Iterator[Statements]:
    """Yield that windows of 12 months are the sums of the stretches that they share (not of snapshots and persons)."""
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
    whole = flows.select(statement=statement, count="count", coefficient=pl.lit(-1.0))
    yield _all(pl.concat([sums, whole]), 0.0, 0.0)


def _sums(pairs: pl.DataFrame, name: str) -> Statements:
    """Return that a whole is its part and a rest."""
    statement = pl.format("{} of {} without {}", pl.lit(name), "whole", "part")
    return _all(
        pl.concat(
            [
                pairs.select(statement=statement, count=column, coefficient=pl.lit(sign))
                for column, sign in (("whole", 1.0), ("part", -1.0), ("rest", -1.0))
            ]
        ),
        0.0,
        0.0,
    )


def _each(rows: pl.DataFrame, name: str, lowest: pl.Expr, highest: pl.Expr) -> Statements:
    """Return a statement for each row, about its one count."""
    told = rows.with_row_index("number").with_columns(statement=pl.format("{} {}", pl.lit(name), "number"))
    return Statements(
        told.select("statement", "count", coefficient=pl.lit(1.0)),
        told.select("statement", lowest=lowest.cast(pl.Float64), highest=highest.cast(pl.Float64)),
    )


def _all(terms: pl.DataFrame, lowest: float, highest: float) -> Statements:
    """Return statements with the same limits."""
    limits = terms.select("statement").unique().with_columns(lowest=pl.lit(lowest), highest=pl.lit(highest))
    return Statements(terms.select(*TERMS), limits.select(*LIMITS))
