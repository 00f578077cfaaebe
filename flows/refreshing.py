"""Refreshing: the figures computed from what is loaded, and published. Plain functions, no Prefect."""

import time
from collections.abc import Callable
from datetime import date
from importlib.metadata import version
from typing import Any

import polars as pl
from filelock import FileLock, Timeout

from flows.home import Home
from warehouse import open_published
from warehouse.publishing import Publication, publish
from warehouse.reporting import report

#: How long nothing must have been loaded before a burst of files counts as over, in seconds.
QUIET = 5
#: How long a burst is waited for at most before it is published as far as it has come, in seconds.
LONGEST = 120


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


def refresh_until_quiet(
    home: Home,
    *,
    refresh: Callable[[Home], object] = refresh_and_publish,
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Publish what has been loaded: at once, and again when a burst of files is over; return how many times.

    Nothing is done where everything is published already, or where another process is at it, which looks again after
    the last of them.

    Args:
        home: where everything is kept.
        refresh: what computes and publishes.
        pause: waits for so many seconds.

    Raises:
        AuditFailed: if the new database breaks a rule; the last one stands.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    times = 0
    while loaded(home)["behind"]:
        try:
            with FileLock(home.refreshing, timeout=0):
                while loaded(home)["behind"]:
                    refresh(home)
                    times += 1
                    _wait_for_quiet(home, pause)
        except Timeout:
            break
    return times


def loaded(home: Home) -> dict[str, Any]:
    """Return when something was `loaded_at` last, and whether the published figures are `behind`."""
    home.prepare()
    with home.open() as connection:
        (row,) = report(connection, "loaded")
    return row


def _wait_for_quiet(home: Home, pause: Callable[[float], None]) -> None:
    """Wait until nothing has been loaded for a while."""
    for _ in range(LONGEST // QUIET):
        before = loaded(home)
        pause(QUIET)
        if loaded(home) == before:
            return


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
