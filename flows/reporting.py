"""Reporting: the figures of a borough as they were known at any past instant, beside what was published of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import polars as pl

from flows.home import Home
from flows.showing import headline_rows, show_headline, show_table
from warehouse.reporting import report


@dataclass(frozen=True)
class Report:
    """The figures of a borough as they were known at an instant.

    Attributes:
        as_of: the instant (UTC).
        headline: the police figures of each March and of the latest month, as text.
        years: each figure of these windows that had been published: `figure`, `period_end`, as it was first published
            (and when), and as it was known at the instant.
    """

    as_of: datetime
    headline: list[dict[str, str]]
    years: list[dict[str, Any]]


def report_as_of(home: Home, instant: datetime) -> Report:
    """Return the figures of the home's borough as they were known at an instant (UTC), held-back restatements left out.

    Raises:
        WarehouseBusy: if another process holds the warehouse too long.
    """
    home.prepare()
    at = instant.isoformat()
    with home.open() as connection:
        figures = pl.DataFrame(report(connection, "figures", instant=at, area=home.area), infer_schema_length=None)
        printed = report(connection, "as_restated", instant=at, area=home.area)
    if figures.is_empty():
        return Report(instant, [], [])
    latest = max(row["period_end"] for row in printed) if printed else None
    years = [_year(row) for row in printed if _is_year(row["period_end"], latest)]
    return Report(instant, headline_rows(figures), years)


def _is_year(end: date, latest: date | None) -> bool:
    """Return whether a window ends with a March, with the latest month, or with that month of a year before."""
    return end.month == 3 or (latest is not None and end.month == latest.month)


def _year(row: dict[str, Any]) -> dict[str, Any]:
    as_published, as_restated = (_rounded(row[name], row["places"]) for name in ("as_published", "as_restated"))
    return {
        "figure": row["indicator_name"],
        "indicator_id": row["indicator_id"],
        "period_end": row["period_end"],
        "as_published": as_published,
        "published_at": row["published_at"],
        "as_restated": row["display"] if as_restated is None else as_restated,
        "unit": row["unit"],
        "flags": row["flags"],
    }


def _rounded(value: float | None, places: int) -> str | None:
    """Return a value rounded half up, once; None for none."""
    if value is None:
        return None
    return str(Decimal(str(value)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def show_report(shown: Report, area_name: str) -> None:
    """Print the headline figures, and each year's as published beside as restated, where the two differ."""
    known = f"as known at {shown.as_of:%Y-%m-%d %H:%M} UTC"
    show_headline(shown.headline, f"Rolling 12 months, {area_name}, {known}")
    show_table(_changed(shown.years), f"Years that were restated since they were first published, {known}")


def _changed(years: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "figure": one["figure"],
            "12 months to": f"{one['period_end']:%b %Y}",
            "as published": one["as_published"],
            "published": one["published_at"].date(),
            "as restated": one["as_restated"],
            "flags": " ".join(f"[{flag}]" for flag in one["flags"]),
        }
        for one in years
        if one["as_published"] != one["as_restated"]
    ]
