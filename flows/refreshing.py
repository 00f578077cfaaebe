"""Refreshing: the figures computed from what is loaded, and published. Plain functions, no Prefect."""

from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import polars as pl

from flows.home import Home
from warehouse.publishing import open_published, publish
from warehouse.refreshing import refresh
from warehouse.reporting import report


@dataclass(frozen=True)
class Publication:
    """A published database and the run that made it."""

    run_id: str
    database: Path
    figures: int
    complete: int


def refresh_and_publish(home: Home) -> Publication:
    """Compute every figure and swap in a new published database.

    Raises:
        AuditFailed: if the new database breaks a rule; the last one stands.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    home.prepare()
    with home.open() as connection:
        run_id, as_of = refresh(connection, version("vawg"))
        publish(connection, home.published, run_id, as_of)
        (size,) = report(connection, "size_of_publication")
    return Publication(run_id, home.published, **size)


def headline(home: Home, area: str) -> pl.DataFrame:
    """Return the published figures of an area, every indicator and month, in order of period."""
    with open_published(home.published) as connection:
        return connection.sql(
            "FROM rolling_12m WHERE area_code = $area ORDER BY period_end, indicator_id", params={"area": area}
        ).pl()
