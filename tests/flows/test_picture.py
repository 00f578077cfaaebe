"""The headline picture is a PNG that can be put on a page, whatever the police data hold."""

import struct
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from flows.picture import draw_headline

MONTH_ENDS = pl.date_range(date(2018, 4, 1), date(2020, 9, 1), "1mo", eager=True).dt.month_end().to_list()
OFFENCES = [2500 + 20 * month for month in range(len(MONTH_ENDS))]
INCIDENTS = [4700 + 10 * month for month in range(len(MONTH_ENDS))]
NOTHING = [None] * len(MONTH_ENDS)


def rolling(incidents: Sequence[int | None], offences: Sequence[int | None]) -> pl.DataFrame:
    """Return rolling counts as the published database has them."""
    counts = pl.Series("numerator", [*incidents, *offences], dtype=pl.Int64)
    return pl.DataFrame(
        {
            "indicator_id": ["DA_INC_R12"] * len(incidents) + ["DA_OFF_R12"] * len(offences),
            "period_end": MONTH_ENDS * 2,
            "numerator": counts,
            "value": counts.cast(pl.Float64),
        }
    ).with_columns(flags=pl.lit([], pl.List(pl.String)))


def drawn(frame: pl.DataFrame, picture: Path, *, synthetic: bool = False) -> bytes:
    """Draw and return the picture."""
    draw_headline(frame, picture, area_name="Barnet", synthetic=synthetic)
    return picture.read_bytes()


def test_it_is_a_png_of_1200_by_650_pixels(tmp_path: Path) -> None:
    content = drawn(rolling(INCIDENTS, OFFENCES), tmp_path / "pictures" / "headline.png")
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", content[16:24]) == (1200, 650)


def test_offences_are_drawn_alone_where_the_police_give_no_incidents(tmp_path: Path) -> None:
    frame = rolling(NOTHING, OFFENCES)
    without_incidents = drawn(frame, tmp_path / "null.png")
    only_offences = frame.filter(pl.col("indicator_id") == "DA_OFF_R12")
    assert without_incidents == drawn(only_offences, tmp_path / "absent.png")
    assert struct.unpack(">II", without_incidents[16:24]) == (1200, 650)


def test_a_missing_month_and_a_null_are_the_same_gap_and_not_bridged(tmp_path: Path) -> None:
    frame = rolling(INCIDENTS, OFFENCES)
    unknown = pl.col("period_end").is_between(date(2019, 2, 1), date(2019, 6, 30))
    as_null = frame.with_columns(pl.when(~unknown).then("value").alias("value"))
    gap = drawn(as_null, tmp_path / "null.png")
    assert gap == drawn(frame.filter(~unknown), tmp_path / "absent.png")
    bridged = frame.with_columns(
        pl.when(~unknown).then("numerator").interpolate().over("indicator_id").cast(pl.Int64).alias("numerator")
    )
    assert gap != drawn(bridged, tmp_path / "bridged.png")


def test_synthetic_figures_are_said_to_be_synthetic(tmp_path: Path) -> None:
    frame = rolling(INCIDENTS, OFFENCES)
    real, synthetic = drawn(frame, tmp_path / "real.png"), drawn(frame, tmp_path / "it.png", synthetic=True)
    assert real != synthetic


def test_where_no_window_is_complete_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no window of 12 months has a value"):
        drawn(rolling(NOTHING, NOTHING), tmp_path / "headline.png")


def test_series_break_is_marked(tmp_path: Path) -> None:
    frame = rolling(INCIDENTS, OFFENCES)
    broken = pl.when(pl.col("period_end") >= date(2020, 3, 31)).then(["b"]).otherwise(pl.col("flags"))
    plain, marked = drawn(frame, tmp_path / "plain.png"), drawn(frame.with_columns(flags=broken), tmp_path / "b.png")
    assert plain != marked
