"""Refreshing: the figures computed from what is loaded, and published. Plain functions, no Prefect."""

from datetime import date
from importlib.metadata import version
from typing import Any

import polars as pl

from flows.home import Home
from warehouse import open_published
from warehouse.publishing import Publication, publish
from warehouse.reporting import report


def refresh_and_publish(home: Home, today: date | None = None) -> Publication:
    """Compute every figure and swap in a new published database.

    Args:
        home: where everything is kept.
        today: the day on which it is looked at what is late; by the clock.

    Raises:
        AuditFailed: if the new database breaks a rule; the last one stands.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    home.prepare()
    with home.open() as connection:
        return publish(connection, home.published, version("vawg"), today or date.today())


def publish_what_is_loaded(home: Home) -> Publication | None:
    """Compute and publish where the published figures are behind what is loaded; otherwise do and return nothing.

    Args:
        home: where everything is kept.

    Raises:
        AuditFailed, WarehouseBusy: as `refresh_and_publish`.
    """
    home.prepare()
    with home.open() as connection:
        (row,) = report(connection, "loaded")
        return publish(connection, home.published, version("vawg"), date.today()) if row["behind"] else None


def headline(home: Home, area: str) -> pl.DataFrame:
    """Return the published figures of an area, every indicator and month, in order of period."""
    with open_published(home.published) as published:
        return published.sql(
            "FROM rolling_12m WHERE area_code = $area ORDER BY period_end, indicator_id", {"area": area}
        )


def disagreements(home: Home, area: str) -> list[dict[str, object]]:
    """Return what does not agree between the returns of an area, in sentences, the latest first."""
    with open_published(home.published) as published:
        found = published.sql(
            "SELECT period_end, rule, said FROM cross_check WHERE area_code = $area"
            " ORDER BY period_end DESC, rule, said",
            {"area": area},
        )
    return list(found.iter_rows(named=True))


def status(home: Home) -> list[dict[str, Any]]:
    """Return what is expected, received and late, as it is published: rows of `status`."""
    with open_published(home.published) as published:
        return published.sql("FROM status ORDER BY late_by DESC, due_on NULLS LAST, source, part").to_dicts()
