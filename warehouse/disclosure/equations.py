"""What a reader knows: everything that published figures say of the counts behind them, as linear statements.

Nothing here knows what was suppressed, or why: statements come from the text that is shown, and from the structure of
the indicators. The true counts are looked at for one question alone, whether a relation between counts really holds.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from warehouse.disclosure.figures import IS_COUNT, counts, printed
from warehouse.disclosure.knowledge import INFINITE, Statements, alike, each
from warehouse.disclosure.structure import structure, windows


def statements(seen: pl.DataFrame, relations: dict[str, Any]) -> Statements:
    """Return everything that the readers of figures know.

    Args:
        seen: figures as `shown` returns them; of earlier releases too.
        relations: `identity` and `overlap` as policy.toml declares them.
    """
    known = counts(seen)
    parts = [*_said(seen), *structure(known, seen, relations), *windows(known)]
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
    yield each(
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
    yield each(fixed, "rate", pl.col("low"), pl.col("high"))
    shares = ratios.filter(pl.col("bottom_count").is_not_null())
    change = pl.when(pl.col("presents") == "change").then(pl.col("scale")).otherwise(0)
    for name, edge, lowest, highest in (
        ("at least", pl.col("number") - pl.col("half"), 0.0, INFINITE),
        ("at most", pl.col("number") + pl.col("half"), -INFINITE, 0.0),
    ):
        statement = pl.format("share of {} {} {}", "row", pl.lit(name), "top_count")
        top = shares.select(statement=statement, count="top_count", coefficient=pl.col("scale").cast(pl.Float64))
        bottom = shares.select(statement=statement, count="bottom_count", coefficient=-(edge + change).cast(pl.Float64))
        yield alike(pl.concat([top, bottom]), lowest, highest)
    not_small = shares.filter(
        "is_protected", pl.col("presents") == "level", (pl.col("number") > 0) | (pl.col("value_shown") == "[low]")
    )
    yield each(
        not_small.select("threshold", count="top_count").unique(), "not small", pl.col("threshold"), pl.lit(INFINITE)
    )
