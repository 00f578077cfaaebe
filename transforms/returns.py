"""Returns of counts: a row with a column for each measure becomes a fact row for each measure and breakdown value."""

import polars as pl

from expectations.fields import Code
from expectations.source import Source

MISSING = ("blank", "absent", "not_known", "unreadable")
UNDIVIDED = ("all", "all")
FACT = {
    "slice_key": pl.String,
    "service_id": pl.String,
    "supplier_id": pl.String,
    "area_code": pl.String,
    "measure_id": pl.String,
    "period_start": pl.Date,
    "period_end": pl.Date,
    "breakdown": pl.String,
    "breakdown_value": pl.String,
    "value": pl.Int64,
}
SERIES = ["slice_key", "service_id", "supplier_id", "area_code", "measure_id", "period_start", "period_end"]


def counted(source: type[Source], keyed: pl.DataFrame, slices: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the fact rows of a return, and the series that each slice is complete for.

    A cell that is not filled in brings no fact, and its measure is not covered; a withheld one brings an empty value.

    Args:
        source: the declaration: either its counts are measures (`Count(kind=...)`), or `measure_id` and `value` are
            columns of its own.
        keyed: typed rows with `slice_key`, `service_id`, `supplier_id` and `area_code`.
        slices: the slices of the file, with those that have no row.
    """
    dated = keyed.with_columns(
        pl.col(str(source.dated_by)).alias("period_start"), period_end(source, keyed).alias("period_end")
    )
    cells = pl.concat([pl.DataFrame(schema={**FACT, "given": pl.Boolean}), *_cells(source, dated)])
    given = cells.filter("given").drop("given")
    summed = given.group_by(*SERIES, "breakdown", "breakdown_value", maintain_order=True).agg(_sum("value"))
    missing = cells.filter(~pl.col("given")).select("slice_key", "measure_id").unique()
    # A return that counts a part of its period only is kept, and makes no period complete.
    whole = summed.filter(pl.col("period_end") == _last_day(source, pl.col("period_start")))
    coverage = whole.select("slice_key", pl.col("service_id").alias("subject_id"), "measure_id").unique(
        maintain_order=True
    )
    if source.stated and not source.measures:
        # A list of events that states its period is complete for every kind of event.
        kinds = list(source.fields["measure_id"].codes) if isinstance(source.fields["measure_id"], Code) else []
        coverage = slices.select("slice_key", pl.lit(source.service).alias("subject_id")).join(
            pl.DataFrame({"measure_id": kinds}), how="cross"
        )
    coverage = coverage.join(missing, on=["slice_key", "measure_id"], how="anti", maintain_order="left")
    if source.stated and source.measures:
        coverage = pl.concat([coverage, _nothing_counted(slices, coverage)])
    return pl.concat([summed, _totals(source, summed)]).select(list(FACT)), coverage


def _nothing_counted(slices: pl.DataFrame, coverage: pl.DataFrame) -> pl.DataFrame:
    """Return the series of stated months without a row: those that every other month of the file is complete for."""
    with_rows = slices.filter(pl.col("rows") > 0)
    always = coverage.group_by("subject_id", "measure_id", maintain_order=True).len().filter(len=len(with_rows))
    return (
        slices.filter(pl.col("rows") == 0)
        .select("slice_key")
        .join(always.select("subject_id", "measure_id"), how="cross")
    )


def period_end(source: type[Source], rows: pl.DataFrame) -> pl.Expr:
    """Return the last day that a row counts: the end of its period, unless the declaration derives another one."""
    ends = _last_day(source, pl.col(str(source.dated_by)))
    return pl.coalesce("period_end", ends) if "period_end" in rows.columns else ends


def _last_day(source: type[Source], start: pl.Expr) -> pl.Expr:
    """Return the last day of the period that begins on a day."""
    return start.dt.offset_by(f"{source.months}mo").dt.offset_by("-1d")


def _cells(source: type[Source], dated: pl.DataFrame) -> list[pl.DataFrame]:
    """Return every count of every row, and whether it was given."""
    codes = [field for field in source.fields.values() if isinstance(field, Code)]
    divides = next((field for field in codes if field.divides), None)
    prefix = next((field for field in codes if field.prefixes), None)
    if not source.measures:
        own = {"breakdown": UNDIVIDED[0], "breakdown_value": UNDIVIDED[1]}
        if divides:
            dated = dated.with_columns(
                pl.lit(divides.divides).alias("breakdown"), pl.col(divides.name).alias("breakdown_value")
            )
        absent = [pl.lit(value).alias(name) for name, value in own.items() if name not in dated.columns]
        given = ~pl.col(source.fields["value"].state).is_in(MISSING)
        return [dated.with_columns(*absent, given=given).select(*FACT, "given")]
    cells = []
    for name, field in source.measures.items():
        breakdown, value = field.of or UNDIVIDED
        state = pl.col(field.state)
        measure = field.measure or name
        cells.append(
            dated.with_columns(
                measure_id=pl.format("{}_{}", prefix.name, pl.lit(measure)) if prefix else pl.lit(measure),
                breakdown=pl.lit(divides.divides if divides and not field.of else breakdown),
                breakdown_value=pl.col(divides.name) if divides and not field.of else pl.lit(value),
                value=pl.col(name),
                # A part that is not given is not known, though the whole is; it must not pass for zero.
                given=pl.lit(bool(field.of)) | ~state.is_in(MISSING),
            ).select(*FACT, "given")
        )
    for name in source.derived_measures:
        cells.append(
            dated.with_columns(
                measure_id=pl.lit(name),
                breakdown=pl.lit(divides.divides if divides else UNDIVIDED[0]),
                breakdown_value=pl.col(divides.name) if divides else pl.lit(UNDIVIDED[1]),
                value=pl.col(name).cast(pl.Int64),
                given=pl.col(name).is_not_null(),
            ).select(*FACT, "given")
        )
    return cells


def _totals(source: type[Source], rows: pl.DataFrame) -> pl.DataFrame:
    """Return the undivided figure of each series that has only parts, where they add up to it."""
    adding = {
        field.divides for field in source.fields.values() if isinstance(field, Code) and field.divides and field.adds_up
    } | {field.of[0] for field in source.measures.values() if field.of}
    undivided = rows.filter(pl.col("breakdown") == UNDIVIDED[0]).select(SERIES)
    divided = rows.filter(pl.col("breakdown").is_in(sorted(adding))).join(undivided, on=SERIES, how="anti")
    # Where a measure is divided in several ways, any of them makes the whole.
    first = divided.group_by(SERIES, maintain_order=True).agg(pl.col("breakdown").first().alias("by"))
    return (
        divided.join(first, on=SERIES)
        .filter(pl.col("breakdown") == pl.col("by"))
        .group_by(SERIES, maintain_order=True)
        .agg(_sum("value"))
        .with_columns(breakdown=pl.lit(UNDIVIDED[0]), breakdown_value=pl.lit(UNDIVIDED[1]))
        .select(list(FACT))
    )


def _sum(name: str) -> pl.Expr:
    """Return a sum that is empty where one of its terms is: a withheld figure is not zero."""
    return pl.when(pl.col(name).is_not_null().all()).then(pl.col(name).sum())
