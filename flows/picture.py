"""The headline picture: rolling 12-month domestic abuse incidents and offences, fit for a board paper."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

if TYPE_CHECKING:
    import altair

#: Pixels.
WIDTH, HEIGHT = 1200, 650

#: The chart renderer brings the first of these with it, so that the picture is alike on every machine.
FONT = "Liberation Sans, Arial, sans-serif"
INK, MUTED, RULE = "#1D1D1B", "#4A4A4A", "#DDDDDD"

MEANING = "Each point is the total of the 12 months up to and including that month."
SYNTHETIC = "Synthetic data: Barnet's yearly totals are those of the annual report, the rest is invented."


@dataclass(frozen=True)
class Line:
    """How one indicator is drawn: in its own colour, dash and marker, so that colour alone never tells."""

    name: str
    meaning: str
    colour: str
    dash: tuple[int, int]
    marker: Literal["circle", "square"]
    #: Figures stand above (-1) or below (1) the line, so that two close lines do not overprint each other's.
    side: Literal[-1, 1]


#: Incidents are never fewer than offences, so they are the upper line.
LINES = {
    "DA_INC_R12": Line(
        name="Incidents",
        meaning="Incidents include those that became offences.",
        colour="#005A9C",
        dash=(1, 0),
        marker="circle",
        side=-1,
    ),
    "DA_OFF_R12": Line(
        name="Offences",
        meaning="Offences are crimes that the police flagged as domestic abuse.",
        colour="#B34700",
        dash=(9, 5),
        marker="square",
        side=1,
    ),
}


def draw_headline(rolling: pl.DataFrame, picture: Path, *, area_name: str, synthetic: bool) -> None:
    """Draw the rolling 12-month incidents and offences of one area as a PNG of 1200 by 650 pixels.

    A window without a value leaves a gap; a line without any value is left out.

    Args:
        rolling: Rows of one area with `indicator_id`, `period_end` (date), `numerator` (count), `value` and
            `flags`; only `DA_INC_R12` and `DA_OFF_R12` are used.
        picture: Where the PNG is written.
        area_name: The area as the title names it.
        synthetic: Whether the picture must say that its figures are synthetic.

    Raises:
        ValueError: If no window has a value.
    """
    import altair  # slow to import, and only a picture needs it

    points = _points(rolling)
    drawn = {indicator: line for indicator, line in LINES.items() if indicator in points["indicator_id"]}
    if not drawn:
        raise ValueError("There is nothing to draw: no window of 12 months has a value.")

    names = " and ".join(line.name.lower() for line in drawn.values())
    meanings = " ".join(line.meaning for line in drawn.values())
    title = altair.TitleParams(
        f"Domestic abuse in {area_name}: {names}, rolling 12 months",
        subtitle=[MEANING, meanings, *[SYNTHETIC] * synthetic],
    )
    base = altair.Chart(points).encode(x=_month_axis(points["month"].unique()), y=_count_axis())
    layers = [layer for indicator, line in drawn.items() for layer in _layers(base, indicator, line)]
    layers = [*_break_marker(points), *layers]
    chart = (
        altair.layer(*layers)
        .properties(
            width=WIDTH,
            height=HEIGHT,
            title=title,
            padding={"left": 24, "right": 30, "top": 24, "bottom": 20},
            autosize=altair.AutoSizeParams(type="fit", contains="padding"),
        )
        .configure(font=FONT, background="white")
        .configure_view(stroke=None)
        .configure_title(
            anchor="start",
            frame="bounds",
            offset=24,
            fontSize=26,  # the longest name of a borough fits
            color=INK,
            subtitleFontSize=18,
            subtitleColor=MUTED,
            subtitlePadding=10,
            subtitleLineHeight=25,
        )
        .configure_axis(labelFontSize=18, titleFontSize=18, titleFontWeight="normal", labelColor=INK, titleColor=INK)
    )
    picture.parent.mkdir(parents=True, exist_ok=True)
    chart.save(picture, format="png", scale_factor=1)


def _points(rolling: pl.DataFrame) -> pl.DataFrame:
    """Return a row for every month of every line that has values; a null count breaks the line there.

    Columns: `indicator_id`, `month` (its last day), `count`, `is_broken` where a series break lies in the window,
    `is_last` of its line, `is_year_end` (March), and `is_alone` between two gaps, where a line would not show.
    """
    known = rolling.filter(
        pl.col("indicator_id").is_in(list(LINES)),
        pl.col("numerator").is_not_null(),
        pl.col("value").is_not_null(),
    ).select(
        "indicator_id",
        month=pl.col("period_end").dt.month_end(),
        count=pl.col("numerator").cast(pl.Int64),
        is_broken=pl.col("flags").list.contains("b"),
    )
    month, count = pl.col("month"), pl.col("count")
    spine = (
        known.group_by("indicator_id")
        .agg(month=pl.date_ranges(month.min().dt.month_start(), month.max(), "1mo").first())
        .explode("month")
        .with_columns(month.dt.month_end())
    )
    return (
        spine.join(known, on=["indicator_id", "month"], how="left")
        .sort("indicator_id", "month")
        .with_columns(
            is_last=(month == month.max()).over("indicator_id"),
            is_year_end=month.dt.month() == 3,
            is_alone=(count.shift(1).is_null() & count.shift(-1).is_null()).over("indicator_id"),
        )
    )


def _break_marker(points: pl.DataFrame) -> "list[altair.Chart]":
    """Return a rule at the first window with a series break in it, and what it means; nothing where there is none."""
    import altair

    broken = points.filter(pl.col("is_broken")).select(month=pl.col("month").min()).drop_nulls()
    if broken.is_empty():
        return []
    at = altair.Chart(broken).encode(x="month:T")
    words = at.mark_text(fontSize=16, align="right", dx=-8, y=altair.ExprRef("height - 40"), color=MUTED, lineHeight=20)
    return [
        at.mark_rule(color=MUTED, strokeDash=[2, 4], strokeWidth=2),
        words.encode(text=altair.value(["Series break: from here on", "two ways of recording mix"])),
    ]


def _month_axis(months: pl.Series) -> "altair.X":
    """Return the axis of time, its labels counted back from the last month and as far apart as they need."""
    import altair

    spacing = next((spacing for spacing in (1, 3, 6, 12) if months.len() <= 9 * spacing), 24)
    labelled = months.sort(descending=True).gather_every(spacing).to_list()
    return altair.X(
        "month:T",
        title="12 months to the end of",
        # The padding keeps the first point's figure clear of the other axis.
        scale=altair.Scale(padding=34),
        axis=altair.Axis(values=labelled, format="%b %Y", grid=False, tickSize=8, titlePadding=12, labelFlush=False),
    )


def _count_axis() -> "altair.Y":
    """Return the axis of counts, from nought."""
    import altair

    return altair.Y(
        "count:Q",
        title="Count in 12 months",
        scale=altair.Scale(zero=True, nice=True),
        axis=altair.Axis(
            format=",.0f",
            tickCount=6,
            gridColor=RULE,
            domain=False,
            ticks=False,
            labelPadding=8,
            titlePadding=14,
        ),
    )


def _layers(base: "altair.Chart", indicator: str, line: Line) -> "list[altair.Chart]":
    """Return the marks of one line: stroke, markers, the figures of its years, and its name at the end."""
    import altair

    points = base.encode(color=altair.value(line.colour)).transform_filter(altair.datum.indicator_id == indicator)
    markers = points.transform_filter("datum.is_last || datum.is_year_end || datum.is_alone")
    years = points.transform_filter("datum.is_year_end && !datum.is_last")
    end = points.transform_filter("datum.is_last").transform_calculate(
        label=f"['{line.name}', format(datum.count, ',.0f')]"
    )
    texts = [
        years.mark_text(fontSize=18, dy=20 * line.side).encode(text=altair.Text("count:Q", format=",.0f")),
        end.mark_text(
            fontSize=21,
            fontWeight="bold",
            lineHeight=25,
            align="left",
            dx=14,
            baseline="line-bottom" if line.side < 0 else "line-top",
        ).encode(text="label:N"),
    ]
    # Drawn first and in white, the same texts keep the grid from running through them.
    halos = [text.encode(stroke=altair.value("white"), strokeWidth=altair.value(8)) for text in texts]
    return [
        *halos,
        points.mark_line(strokeWidth=4, strokeDash=list(line.dash)),
        markers.mark_point(shape=line.marker, filled=True, opacity=1, size=140),
        *texts,
    ]
