"""Refreshing: the figures computed from what is loaded, and published. Plain functions, no Prefect."""

from importlib.metadata import version

import polars as pl

from flows.home import Home
from warehouse import open_published
from warehouse.publishing import Publication, publish


def refresh_and_publish(home: Home) -> Publication:
    """Compute every figure and swap in a new published database.

    Raises:
        AuditFailed: if the new database breaks a rule; the last one stands.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    home.prepare()
    with home.open() as connection:
        return publish(connection, home.published, version("vawg"))


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
