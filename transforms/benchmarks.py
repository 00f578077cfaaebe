"""Benchmarks: a row with a column for each published number becomes a row for each of them."""

import polars as pl

from expectations.fields import Number
from expectations.periods import Period
from expectations.source import Source

FACT = ("area_name", "measure_id", "period_start", "period_end", "series", "definition_set", "value", "unit", "url")


def benchmarked(source: type[Source], keyed: pl.DataFrame) -> pl.DataFrame:
    """Return benchmark rows with `slice_key`.

    Args:
        source: the declaration: either its numbers are measures (`Number(measure=...)`), or `measure_id` and `value`
            are columns of its own.
        keyed: typed rows with `slice_key`.
    """
    (period,) = (field for field in source.fields.values() if field.name == "period" or isinstance(field, Period))
    ends = (
        pl.col(period.name).dt.offset_by(f"{period.months}mo").dt.offset_by("-1d")
        if period.months
        else (pl.col(f"{period.name}__end"))
    )
    dated = keyed.with_columns(pl.col(period.name).alias("period_start"), ends.alias("period_end"))
    blank = [pl.lit(None, pl.String).alias(name) for name in FACT if name not in dated.columns]
    numbers = [field for field in source.fields.values() if isinstance(field, Number) and field.measure]
    parts = [
        dated.with_columns(
            measure_id=pl.lit(field.measure), value=pl.col(field.name), unit=pl.lit(field.unit)
        ).with_columns(column for column in blank if column.meta.output_name() not in ("measure_id", "value", "unit"))
        for field in numbers
    ] or [dated.with_columns(blank)]
    retrieved = pl.col("retrieved_on") if "retrieved_on" in dated.columns else pl.lit(None, pl.Date)
    return pl.concat([part.select("slice_key", *FACT, retrieved.alias("retrieved_on")) for part in parts])
