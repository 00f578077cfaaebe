"""What the tests share. Nothing is written to the user's home, and nothing is reported to anybody."""

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

STATE = TemporaryDirectory(prefix="vawg-tests-")
os.environ |= {
    "PREFECT_HOME": STATE.name,
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "GX_ANALYTICS_ENABLED": "false",
}
for name in [name for name in os.environ if name.startswith("VAWG_")]:
    del os.environ[name]

import duckdb  # noqa: E402
import polars as pl  # noqa: E402
import pytest  # noqa: E402

from expectations.catalogue import catalogue  # noqa: E402
from flows.home import Home  # noqa: E402
from tests import one_thread  # noqa: E402
from tests.empty import empty_warehouse, with_warehouse  # noqa: E402
from transforms.facts import facts  # noqa: E402
from warehouse import loading  # noqa: E402
from warehouse.restating import restatement  # noqa: E402

BARNET = "E09000003"
SERIES = {
    "inc": ("DA_INCIDENT", "incidents"),
    "off": ("DA_OFFENCE", "offences"),
    "vwi": ("DA_VWI", "offences"),
    "sd": ("DA_VWI", "sanction_detections"),
    "off_po": ("DA_OFFENCE", "positive_outcomes"),
    "vwi_po": ("DA_VWI", "positive_outcomes"),
}


def pytest_collection_finish() -> None:
    """Let the collector of garbage no longer look through all that was imported: that takes a twentieth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return an empty home."""
    return with_warehouse(Home(tmp_path / "home"))


@pytest.fixture(scope="session")
def warm() -> ForkServerContext:
    """Return what starts processes quickly: each is forked from one that has imported everything and used nothing."""
    context = get_context("forkserver")
    imported = ["pytest", "flows.ingesting", "flows.refreshing", "great_expectations.expectations"]
    context.set_forkserver_preload([one_thread.__name__, *imported])
    return context


@pytest.fixture
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open an empty warehouse in memory."""
    with empty_warehouse() as connection:
        yield connection


@pytest.fixture(scope="session")
def load() -> Callable[..., str]:
    """Return a function that loads months of an area as an accepted file of a police source would.

    `counts` gives the monthly counts of each series of `SERIES` from `first` on. A zero becomes no row, as in the
    police file; None leaves the whole month out of the file. What restates is held back only `within_limits`.
    """
    numbers = count()

    def load(
        connection: duckdb.DuckDBPyConnection,
        counts: Mapping[str, Sequence[int | None]],
        *,
        area: str | Sequence[str] = BARNET,
        first: str = "2020-04",
        vintage: str = "2026-01-05",
        source: str = "police_extract",
        revision: int = 1,
        synthetic: bool = False,
        received_at: datetime | None = None,
        within_limits: bool = False,
    ) -> str:
        declared = catalogue()[source]
        start = date.fromisoformat(f"{first}-01")
        rows = [
            {
                "area_code": one,
                "month": date(start.year + (start.month - 1 + place) // 12, (start.month - 1 + place) % 12 + 1, 1),
                "offence_id": SERIES[series][0],
                "measure_id": SERIES[series][1],
                "value": value,
                str(declared.vintage): date.fromisoformat(vintage),
            }
            for one in ([area] if isinstance(area, str) else area)
            for series, values in counts.items()
            for place, value in enumerate(values)
            if value
        ]
        brought = facts(declared, pl.DataFrame(rows).with_row_index("row"))
        name = f"file-{next(numbers)}"
        standing = loading.compare(connection, source, revision, brought.slices)
        new = loading.NewFacts(declared.loads, brought.rows, brought.slices, brought.coverage)
        arrival = loading.Arrival(name, f"{name}.csv", name, 1, received_at or datetime.now(), revision, synthetic, "")
        if within_limits:
            new = replace(new, held=restatement(connection, arrival, source, new).held)
        loading.append(
            connection,
            arrival,
            {
                **dict.fromkeys(("rejected", "duplicate", "out_of_scope"), 0),
                "received": len(rows),
                "loaded": standing.rows_loaded,
                "unchanged": standing.rows_unchanged,
                "source": source,
                "status": "accepted",
                "message": "",
                "vintage": date.fromisoformat(vintage),
            },
            [],
            new,
        )
        return name

    return load


@pytest.fixture(scope="session")
def load_residents() -> Callable[..., str]:
    """Return a function that loads residents, as (area, mid-year) -> residents."""
    numbers = count()

    def load_residents(
        connection: duckdb.DuckDBPyConnection,
        residents: Mapping[tuple[str, int], int],
        *,
        series: str = "ONS mid-year estimates",
        revision: int = 1,
        within_limits: bool = False,
    ) -> str:
        declared = catalogue()["population"]
        rows = [
            {"area_code": area, "mid_year": year, "residents": value, "series": series}
            for (area, year), value in residents.items()
        ]
        frame = pl.DataFrame(rows).with_columns(
            released_on=pl.lit(None, pl.Date), sex=pl.lit("all"), ages=pl.lit("all")
        )
        brought = facts(declared, frame.with_row_index("row"))
        name = f"residents-{next(numbers)}"
        new = loading.NewFacts(declared.loads, brought.rows, brought.slices, brought.coverage)
        arrival = loading.Arrival(name, f"{name}.csv", name, 1, datetime.now(), revision, False, "")
        if within_limits:
            new = replace(new, held=restatement(connection, arrival, "population", new).held)
        loading.append(
            connection,
            arrival,
            {
                **dict.fromkeys(("rejected", "duplicate", "out_of_scope", "unchanged"), 0),
                "received": len(rows),
                "loaded": len(rows),
                "source": "population",
                "status": "accepted",
                "message": "",
            },
            [],
            new,
        )
        return name

    return load_residents


@pytest.fixture(scope="session")
def figures() -> Callable[..., dict[str, dict[str, Any]]]:
    """Return a function that reads an indicator of an area by month, such as 2021-03, as of an instant."""

    def figures(
        connection: duckdb.DuckDBPyConnection,
        indicator: str,
        area: str = BARNET,
        at: datetime | None = None,
    ) -> dict[str, dict[str, Any]]:
        instant = at or datetime.now(UTC).replace(tzinfo=None) + timedelta(days=1)
        rows = connection.sql(
            "FROM rolling_12m_as_of($at::TIMESTAMP) WHERE indicator_id = $indicator AND area_code = $area"
            " ORDER BY period_end",
            params={"at": instant, "indicator": indicator, "area": area},
        )
        return {f"{row['period_end']:%Y-%m}": row for row in rows.pl().iter_rows(named=True)}

    return figures
