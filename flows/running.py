"""Running a flow on Prefect's embedded server: nothing is started by hand, nothing is written to the user's home."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flows.home import Home
from flows.progress import silent

if TYPE_CHECKING:
    from flows.outcomes import Outcome
    from warehouse.publishing import Publication


def point_prefect_at(home: Home) -> None:
    """Set, before Prefect is imported, where its state lives and that nothing is reported to anybody."""
    home.prefect.mkdir(parents=True, exist_ok=True)
    os.environ.update(
        PREFECT_HOME=str(home.prefect),
        PREFECT_SERVER_ANALYTICS_ENABLED="false",
        DO_NOT_TRACK="1",
        GX_ANALYTICS_ENABLED="false",
    )
    # The terminal shows our own progress; warnings of Prefect still come through.
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "WARNING")
    # What goes wrong in a run is said once and in our words, not in tracebacks.
    os.environ.setdefault("PREFECT_LOGGING_LOGGERS_PREFECT_FLOW_RUNS_LEVEL", "CRITICAL")
    os.environ.setdefault("PREFECT_LOGGING_LOGGERS_PREFECT_TASK_RUNS_LEVEL", "CRITICAL")
    # Its pages are written out before they are shown, and beside its own code it may not write everywhere.
    os.environ.setdefault("PREFECT_SERVER_UI_STATIC_DIRECTORY", str(home.prefect / "pages"))
    os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")


def run_flow(
    home: Home, paths: list[str | Path] | None = None, *, tell: Callable[[str], None] = silent
) -> tuple[list["Outcome"], "Publication"]:
    """Take in files, refresh and publish, as a Prefect flow.

    Args:
        home: where everything is kept.
        paths: files and folders to take in; none for everything that lies in landing.
        tell: called with a line of text at each step, for progress.
    """
    point_prefect_at(home)
    tell("Starting Prefect's embedded server (10 to 20 seconds)")
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    from flows import pipeline

    pipeline.given = pipeline.Given(home, tell)
    # Without this each flow waits up to a second for its heartbeat thread to end.
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        return pipeline.whole_run([str(path) for path in paths] if paths else None)
