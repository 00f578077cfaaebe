"""Facts: accepted typed rows to fact rows in slices, each slice named by its content."""

import hashlib
from dataclasses import dataclass

import polars as pl

from expectations.areas import BOROUGHS
from expectations.checks import Row
from expectations.source import Coverage, Source
from expectations.verdicts import Finding, Verdict


@dataclass(frozen=True)
class Facts:
    """What a file brings to the warehouse.

    Attributes:
        rows: fact rows with `content_id`, columns named as in the fact.
        slices: one row a slice: `slice_key, area_code, month, content_id, vintage, rows`.
        coverage: the series that each content is complete for: `content_id, subject_id, measure_id`.
    """

    rows: pl.DataFrame
    slices: pl.DataFrame
    coverage: pl.DataFrame


def facts(source: type[Source], accepted: pl.DataFrame) -> Facts:
    """Return the facts of a file's accepted rows.

    Args:
        source: the declaration.
        accepted: typed rows that were not rejected.
    """
    loaded = [name for name, field in source.fields.items() if field.loaded]
    series = carried(source.covers, accepted) if source.covers else []
    text = pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in loaded], separator="\x1f")
    slice_key = pl.concat_str([pl.col(name).cast(pl.String) for name in source.slices], separator="/")
    vintage = pl.col(source.vintage) if source.vintage else pl.lit(None, pl.Date)
    area = pl.col("area_code") if "area_code" in source.fields else pl.lit("NOT_APPLICABLE")
    keyed = accepted.with_columns(slice_key.alias("slice_key"), text.alias("text"), vintage.alias("vintage"))
    slices = (
        keyed.group_by("slice_key", maintain_order=True)
        .agg(
            area.first().alias("area_code"),
            (pl.col("month") if "month" in source.slices else pl.lit(None, pl.Date)).first().alias("month"),
            pl.col("vintage").max(),
            pl.len().alias("rows"),
            pl.col("text").sort().str.join("\x1e").alias("content"),
        )
        .with_columns(
            pl.struct("slice_key", "content")
            .map_elements(lambda one: _content_id(source.name, series, one), return_dtype=pl.String)
            .alias("content_id")
        )
        .drop("content")
    )
    return Facts(
        rows=keyed.join(slices.select("slice_key", "content_id"), on="slice_key").select("content_id", *loaded),
        slices=slices,
        coverage=slices.select("content_id").join(
            pl.DataFrame(series, schema={"subject_id": pl.String, "measure_id": pl.String}, orient="row"), how="cross"
        ),
    )


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


def _content_id(source: str, series: list[tuple[str, str]], one: dict[str, str]) -> str:
    """Return the name of a slice's content: the same rows of the same slice have the same name, for ever."""
    said = "\x1d".join([source, one["slice_key"], repr(series), one["content"]])
    return hashlib.sha256(said.encode()).hexdigest()[:32]
