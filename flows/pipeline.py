"""The Prefect flows: short shells over the plain functions.

Import this module through `flows.running`, which first tells Prefect where its own state lives.
"""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from prefect import Task, flow, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from flows.home import Home
from flows.ingesting import STOPPED, Fault, Steps, ingest, repeat, settle
from flows.judging import judge_file
from flows.keys import KeyMissing
from flows.outcomes import Outcome
from flows.progress import silent
from flows.receiving import StillWritten, receive
from flows.refreshing import headline, refresh_and_publish, status
from flows.sealing import CannotUnseal
from flows.showing import headline_rows, status_rows
from warehouse.opening import OUTSIDE, WarehouseBusy
from warehouse.publishing import Publication

P = ParamSpec("P")
R = TypeVar("R")


def _outside_failed(_task: Any, _run: Any, state: Any) -> bool:
    """Retry what failed outside of us: a network share, or a busy warehouse."""
    error = state.result(raise_on_failure=False)
    return isinstance(error, OSError | WarehouseBusy)


def _step(name: str, *, touches_outside: bool = True) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Return the decorator that makes a plain function a task; its rows are never written to Prefect's store."""
    return task(
        name=name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=2 if touches_outside else 0,
        retry_delay_seconds=[1, 5],
        retry_condition_fn=_outside_failed,
    )


def _wordless(step: Callable[P, R]) -> Callable[P, R]:
    """Return a step whose unforeseen errors lose their text: Prefect keeps it, and it may hold a cell."""

    @wraps(step)
    def stepped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return step(*args, **kwargs)
        except (*OUTSIDE, *STOPPED, StillWritten, KeyMissing, CannotUnseal):
            raise
        except Exception as error:
            raise Fault.behind(error) from None

    return stepped


STEPS = Steps(
    receive=_step("receive")(_wordless(receive)),
    repeat=_step("look for the same bytes")(_wordless(repeat)),
    judge=_step("judge", touches_outside=False)(_wordless(judge_file)),
    settle=_step("load or quarantine")(_wordless(settle)),
)

publish_figures = _step("refresh and publish")(refresh_and_publish)

# How a flow tells the terminal where it is; a callable cannot be a parameter of a flow.
tell: Callable[[str], None] = silent


def _ingest_run_name() -> str:
    """Name an ingest after what it takes in."""
    names = [Path(path).name for path in flow_run.parameters["paths"]]
    return f"ingest {', '.join(names[:3])}" + (f" and {len(names) - 3} more" if len(names) > 3 else "")


@flow(name="ingest", flow_run_name=_ingest_run_name, persist_result=False, validate_parameters=False)
def ingest_files(
    home: Path,
    paths: list[Path],
    area: str,
    keys_file: Path | None = None,
    contact: str = "",
    corrections_file: Path | None = None,
) -> list[Outcome]:
    """Take in files and the files of folders, and leave a table of the verdicts."""
    outcomes = ingest(Home(home, keys_file, area, contact, corrections_file), paths, tell=tell, steps=STEPS)
    create_table_artifact(
        key="verdicts",
        description="What became of each file",
        table=[
            {"file": one.file_name, "verdict": one.status, "message": one.message, **vars(one.counts)}
            for one in outcomes
        ],
    )
    return outcomes


@flow(name="refresh", flow_run_name="refresh and publish", persist_result=False, validate_parameters=False)
def refresh_figures(home: Path, area: str, keys_file: Path | None = None) -> Publication:
    """Compute every figure, publish, and leave tables of the area's headline figures and of what is late."""
    tell("Computing and publishing the figures")
    publication: Publication = publish_figures(Home(home, keys_file, area))
    create_table_artifact(
        key="headline-figures",
        description="Rolling 12-month figures",
        table=headline_rows(headline(Home(home), area)),
    )
    create_table_artifact(
        key="status", description="What is expected, received and late", table=status_rows(status(Home(home)))
    )
    return publication


@flow(name="run", flow_run_name="take in what has landed and publish", persist_result=False, validate_parameters=False)
def whole_run(
    home: Path,
    paths: list[Path],
    area: str,
    keys_file: Path | None = None,
    contact: str = "",
    corrections_file: Path | None = None,
) -> tuple[list[Outcome], Publication]:
    """Take in files, then refresh and publish."""
    outcomes = ingest_files(home, paths, area, keys_file, contact, corrections_file)
    return outcomes, refresh_figures(home, area, keys_file)
