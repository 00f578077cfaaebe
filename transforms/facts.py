"""Facts: accepted typed rows to fact rows in slices, each slice named by its content."""

import hashlib
from dataclasses import dataclass
from typing import Any

import polars as pl

from expectations.areas import BOROUGHS
from expectations.checks import Row
from expectations.people import NOT_KNOWN, may_be_unknown
from expectations.source import Coverage, Source
from expectations.verdicts import Finding, Verdict
from transforms.benchmarks import benchmarked
from transforms.records import carried_by_records
from transforms.returns import counted

SERIES = {"subject_id": pl.String, "measure_id": pl.String}
SAID_OF_ALL = ("service_id", "supplier_id", "area_code")
SLICES = {
    "slice_key": pl.String,
    "area_code": pl.String,
    "month": pl.Date,
    "months": pl.Int64,
    "part": pl.String,
    "vintage": pl.Date,
    "rows": pl.Int64,
}


@dataclass(frozen=True)
class Facts:
    """What a file brings to the warehouse.

    Attributes:
        rows: fact rows with `content_id`, columns named as in the fact.
        slices: one row a slice: `slice_key, area_code, month, months, part, content_id, vintage, rows, answers,
            answers_known`; `months` is how many months it spans from `month` on.
        coverage: the series that each content is complete for: `content_id, subject_id, measure_id`.
    """

    rows: pl.DataFrame
    slices: pl.DataFrame
    coverage: pl.DataFrame


def facts(source: type[Source], accepted: pl.DataFrame, area: str = "NOT_APPLICABLE") -> Facts:
    """Return the facts of a file's accepted rows.

    Args:
        source: the declaration.
        accepted: typed rows that were not rejected.
        area: the area that a return without a column for it is about.
    """
    keyed = _keyed(source, accepted, area)
    rows, coverage = _brought(source, keyed)
    slices = _slices(source, keyed)
    slices = slices.join(_contents(source, rows, coverage, slices), on="slice_key", maintain_order="left")
    slices = slices.join(_answers(source, keyed), on="slice_key", how="left", maintain_order="left").with_columns(
        pl.col("answers", "answers_known").fill_null(0)
    )
    named = slices.select("slice_key", "content_id")
    return Facts(
        rows=named.join(rows, on="slice_key").drop("slice_key"),
        slices=slices,
        coverage=named.join(coverage, on="slice_key").drop("slice_key"),
    )


def standing(source: type[Source], accepted: pl.DataFrame, area: str = "NOT_APPLICABLE") -> pl.DataFrame:
    """Return in which rows of the file each slice stands: `slice_key, row`; the arguments are those of `facts`."""
    return _keyed(source, accepted, area).select("slice_key", "row")


def _keyed(source: type[Source], accepted: pl.DataFrame, area: str) -> pl.DataFrame:
    """Return the rows with what every slice is told by, and with what the source says of all of them."""
    said_of_all = {"service_id": source.service, "supplier_id": source.supplier.agency_id, "area_code": area}
    constants = [pl.lit(value).alias(name) for name, value in said_of_all.items() if name not in accepted.columns]
    return accepted.with_columns(constants).with_columns(
        pl.concat_str([pl.col(name).cast(pl.String) for name in source.slices], separator="/").alias("slice_key"),
        (pl.col(source.vintage) if source.vintage else pl.lit(None, pl.Date)).alias("vintage"),
    )


def _brought(source: type[Source], keyed: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the fact rows and the coverage, each with `slice_key`."""
    loaded = [name for name, field in source.fields.items() if field.loaded]
    derived = [name for name in source.derived if not name.startswith("_")]
    if source.loads == "fact_return_counts":
        return counted(source, keyed, _slices(source, keyed))
    if source.loads == "fact_referrals":
        rows = keyed.select(list(dict.fromkeys(["slice_key", *SAID_OF_ALL, *loaded, *derived])))
        return rows, _for_each(_slices(source, keyed), carried_by_records(source))
    if source.loads == "benchmark":
        return benchmarked(source, keyed), _for_each(_slices(source, keyed), [])
    series = carried(source.covers, keyed) if source.covers else []
    return keyed.select("slice_key", *loaded, *derived), _for_each(_slices(source, keyed), series)


def _for_each(slices: pl.DataFrame, series: list[tuple[str, str]]) -> pl.DataFrame:
    """Return the series as the coverage of every slice."""
    return slices.select("slice_key").join(pl.DataFrame(series, schema=SERIES, orient="row"), how="cross")


def _slices(source: type[Source], keyed: pl.DataFrame) -> pl.DataFrame:
    """Return the slices of a file; a month of the period that the file states is one even if it has no row."""
    months = source.months or 1
    slices = keyed.group_by("slice_key", maintain_order=True).agg(
        pl.col("area_code").first(),
        (pl.col(source.dated_by) if source.dated_by else pl.lit(None, pl.Date)).first().alias("month"),
        pl.lit(months, pl.Int64).first().alias("months"),
        (pl.col(source.part) if source.part else pl.lit("")).first().alias("part"),
        pl.col("vintage").max(),
        pl.len().cast(pl.Int64).alias("rows"),
    )
    if source.stated is None or source.slices != (source.dated_by,):
        return slices
    return pl.concat([slices, _without_rows(source.stated.name, keyed).join(slices, on="slice_key", how="anti")])


def _without_rows(stated: str, keyed: pl.DataFrame) -> pl.DataFrame:
    """Return a slice for every month of the period that a file states."""
    known = keyed.filter(pl.col(stated).is_not_null())
    if known.is_empty():
        return pl.DataFrame(schema=SLICES)
    # A month that the period ends in the middle of is not whole.
    first, last = known[stated].dt.month_start().min(), known[f"{stated}__end"].dt.offset_by("1d").min()
    months = pl.date_range(pl.lit(first), pl.lit(last), "1mo", closed="left", eager=False)
    return (
        pl.select(months.alias("month"))
        .filter(pl.col("month").dt.offset_by("1mo") <= last)
        .select(
            pl.col("month").cast(pl.String).alias("slice_key"),
            pl.lit(keyed["area_code"][0]).alias("area_code"),
            "month",
            pl.lit(1, pl.Int64).alias("months"),
            pl.lit("").alias("part"),
            pl.lit(keyed["vintage"].max(), pl.Date).alias("vintage"),
            pl.lit(0, pl.Int64).alias("rows"),
        )
    )


def _answers(source: type[Source], keyed: pl.DataFrame) -> pl.DataFrame:
    """Return how many answers about people the rows of each slice could give, and how many of them are known."""
    asked = [
        name for name, field in source.read.items() if source.record_level and field.loaded and may_be_unknown(field)
    ]
    known = [pl.col(name).is_not_null() & (pl.col(name).cast(pl.String) != NOT_KNOWN) for name in asked]
    return keyed.group_by("slice_key").agg(
        (pl.len() * len(asked)).cast(pl.Int64).alias("answers"),
        pl.sum_horizontal(pl.lit(0, pl.Int64), *known).sum().cast(pl.Int64).alias("answers_known"),
    )


def _contents(source: type[Source], rows: pl.DataFrame, coverage: pl.DataFrame, slices: pl.DataFrame) -> pl.DataFrame:
    """Return the name of each slice's content: the same rows of the same slice have the same name, for ever."""
    values = [pl.col(name).cast(pl.String).fill_null("") for name in rows.columns if name != "slice_key"]
    texts = (
        rows.select("slice_key", pl.concat_str(values, separator="\x1f").alias("text"))
        .group_by("slice_key")
        .agg(pl.col("text").sort().str.join("\x1e").alias("content"))
    )
    series = coverage.group_by("slice_key").agg(pl.struct("subject_id", "measure_id").alias("series"))
    said = slices.select("slice_key").join(texts, on="slice_key", how="left").join(series, on="slice_key", how="left")
    return said.select(
        "slice_key",
        pl.struct(pl.all())
        .map_elements(lambda one: _content_id(source.name, one), return_dtype=pl.String)
        .alias("content_id"),
    )


def _content_id(source: str, one: dict[str, Any]) -> str:
    """Return the hash of a slice's key, series and rows."""
    series = sorted((each["subject_id"], each["measure_id"]) for each in one["series"] or [])
    said = "\x1d".join([source, one["slice_key"], repr(series), one["content"] or ""])
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def carried(covers: Coverage, rows: pl.DataFrame) -> list[tuple[str, str]]:
    """Return the series (subject, measure) that a file is complete for: those it always carries, and those seen."""
    seen = rows.select(covers.subject, covers.measure).unique().rows()
    return sorted({*covers.always, *seen})


def absent(source: type[Source], rows: pl.DataFrame) -> list[Finding]:
    """Return a warning that names the areas and months that the file should hold and does not.

    A file that has a month has it for every area, and has every month between its first and its last.
    """
    if source.covers is None or rows.is_empty():
        return []
    shown = rows.filter(source.covers.shown_by(Row())).select("area_code", "month").unique()
    areas = pl.DataFrame({"area_code": sorted({*source.covers.areas, *shown["area_code"].to_list()})})
    months = shown.select(pl.date_range(pl.col("month").min(), pl.col("month").max(), "1mo"))
    missing = areas.join(months, how="cross").join(shown, on=["area_code", "month"], how="anti")
    if missing.is_empty():
        return []
    named = ", ".join(
        f"{BOROUGHS.get(area, area)} {month:%b %Y}" for area, month in missing.sort("month", "area_code").head(5).rows()
    )
    more = f" and {len(missing) - 5:,} more" if len(missing) > 5 else ""
    return [
        Finding(
            check="file.complete",
            verdict=Verdict.WARN,
            sentence=f"The file has no figures for {named}{more}. They are not read as zero.",
            fix="Send a complete file; until then the earlier figures stand, and where there are none the 12-month "
            "figures stay empty.",
        )
    ]
