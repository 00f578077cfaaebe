"""The Prefect flows: short shells over the plain functions.

Import this module through `flows.running`, which first tells Prefect where its own state lives.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any, ParamSpec, TypeVar

from prefect import Task, flow, get_run_logger, task
from prefect.artifacts import create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from expectations.calendar import monthly_run
from flows.bursts import ingest_until_quiet, refresh_until_quiet
from flows.events import NotAccepted, Published, Told, emit, overdue_of, told_of
from flows.home import Home
from flows.ingesting import ingest, take_in
from flows.landing import places
from flows.landing.place import Lying
from flows.notifying import notify
from flows.outcomes import Outcome
from flows.progress import silent
from flows.refreshing import headline, publish_what_is_loaded, refresh_and_publish, status
from flows.sending import NotSent, sender
from flows.settings import load_settings
from flows.showing import headline_rows, status_rows
from warehouse.opening import WarehouseBusy
from warehouse.publishing import Publication

P = ParamSpec("P")
R = TypeVar("R")


class NotTakenIn(Exception):
    """A file failed, which Prefect is to show, and to try again where that may help."""

    def __init__(self, outcome: Outcome) -> None:
        """Say what its outcome says."""
        super().__init__(outcome.message)
        self.outcome = outcome


def _may_pass(_task: Any, _run: Any, state: Any) -> bool:
    """Retry what failed outside of us: a network share, or a busy warehouse."""
    error = state.result(raise_on_failure=False)
    return error.outcome.may_pass if isinstance(error, NotTakenIn) else isinstance(error, OSError | WarehouseBusy)


def _patiently(name: str, run_name: str | None = None) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Return the decorator of a task of which nothing is written to Prefect's store."""
    return task(
        name=name,
        task_run_name=run_name,
        cache_policy=NO_CACHE,
        persist_result=False,
        retries=2,
        retry_delay_seconds=[1, 5],
        retry_condition_fn=_may_pass,
    )


@dataclass(frozen=True)
class Given:
    """What a run has from whoever started it in this process: what no parameter of a flow can or may hold.

    Attributes:
        home: where everything is kept; where it is not given, as the settings say.
        tell: called with a line of text at each step, for progress.
    """

    home: Home | None = None
    tell: Callable[[str], None] = silent

    @property
    def the_home(self) -> Home:
        """The home, with its settings read anew for each run."""
        return self.home or Home.of(load_settings())


given = Given()

publish_figures = _patiently("refresh and publish")(refresh_and_publish)
publish_loaded = _patiently("publish what was loaded")(publish_what_is_loaded)


# One task a file: the states of each are events, which Prefect's server works off one after the other.
@_patiently("take in", "take in {name}")
def take_in_or_fail(file: Lying, name: str) -> Outcome:  # noqa: ARG001
    """Take in a file; one that failed fails the task."""
    outcome = take_in(given.the_home, file)
    if outcome.status == "failed":
        raise NotTakenIn(outcome)
    return outcome


def _take_in(_home: Home, file: Lying) -> Outcome:
    """Take in a file as a task, tell what was loaded and rejected, and return what became of it."""
    try:
        outcome = take_in_or_fail(file, file.name)
    except NotTakenIn as failed:
        outcome = failed.outcome
    for told in told_of(outcome):
        _emit(told)
    return outcome


def _leave_verdicts(outcomes: list[Outcome]) -> None:
    """Leave what became of each file as a table, if there were any."""
    if outcomes:
        create_table_artifact(
            key="verdicts",
            description="What became of each file",
            table=[
                {"file": one.file_name, "verdict": one.status, "message": one.message, **vars(one.counts)}
                for one in outcomes
            ],
        )


def _emit(told: Told) -> None:
    """Tell Prefect's server, if it can be reached: what is lost is made good by the sweep."""
    try:
        emit(told)
    except NotAccepted as lost:
        get_run_logger().warning("%s: the next sweep makes up for it", lost)


def _ingest_run_name() -> str:
    """Name an ingest after what it takes in."""
    names = [PurePosixPath(str(path)).name for path in flow_run.parameters["paths"] or ()]
    if not names:
        return "ingest what lies in landing"
    return f"ingest {', '.join(names[:3])}" + (f" and {len(names) - 3} more" if len(names) > 3 else "")


@flow(name="ingest", flow_run_name=_ingest_run_name, persist_result=False, validate_parameters=False)
def ingest_files(paths: list[str] | None = None) -> list[Outcome]:
    """Take in files and the files of folders, leave a table of the verdicts, and tell what was loaded and rejected.

    Args:
        paths: which; none of them for everything that lies in landing.
    """
    home = given.the_home
    outcomes = ingest(home, paths or [places.landing(home).address], tell=given.tell, take=_take_in)
    _leave_verdicts(outcomes)
    return outcomes


@flow(name="ingest-as-landed", flow_run_name="take in what has landed", persist_result=False)
def ingest_as_landed() -> list[Outcome]:
    """Take in what lies in landing and publish it, at once and until a burst of files is over."""
    outcomes = ingest_until_quiet(given.the_home, take=_take_in, publish=_publish_if_it_can_be, tell=given.tell)
    _leave_verdicts(outcomes)
    return outcomes


@flow(name="refresh", flow_run_name="refresh and publish", persist_result=False, validate_parameters=False)
def refresh_figures(today: date | None = None) -> Publication:
    """Compute every figure, publish, leave tables of the headline figures and of what is late, and tell of it."""
    home = given.the_home
    given.tell("Computing and publishing the figures")
    publication: Publication = publish_figures(home, today)
    _tell_of(home, publication)
    return publication


@flow(name="refresh-as-loaded", flow_run_name="publish what was loaded", persist_result=False)
def refresh_as_loaded() -> int:
    """Publish what has been loaded, at once and again when a burst of files is over; return how many times."""
    return refresh_until_quiet(given.the_home, publish=_publish_loaded)


def _publish_loaded(home: Home) -> Publication | None:
    """Publish as a task: a flow in a flow is asked of Prefect's server seven times before it begins."""
    publication: Publication | None = publish_loaded(home)
    if publication:
        given.tell("Published the figures")
        _tell_of(home, publication)
    return publication


def _publish_if_it_can_be(home: Home) -> None:
    """Publish what has been loaded; where that fails it is left to the run that the event of it starts."""
    try:
        _publish_loaded(home)
    except Exception as failed:
        get_run_logger().warning("%s It is left to the run that the event of what was loaded starts.", failed)


def _tell_of(home: Home, publication: Publication) -> None:
    """Leave tables of the headline figures and of what is late, and tell that new figures can be read."""
    create_table_artifact(
        key="headline-figures",
        description="Rolling 12-month figures",
        table=headline_rows(headline(home, home.area)),
    )
    create_table_artifact(
        key="status", description="What is expected, received and late", table=status_rows(status(home))
    )
    _emit(Published(publication.run_id, publication.as_of.isoformat(), publication.figures, publication.complete))


@flow(name="sweep", flow_run_name="look for what was missed", persist_result=False)
def sweep() -> None:
    """Take in what lies in landing, and publish what is loaded and not published: events can be lost."""
    ingest_as_landed()
    refresh_as_loaded()


@flow(name="notify", flow_run_name="tell what is late or rejected", persist_result=False)
def notify_people(today: date | None = None, after: float = 0) -> int:
    """Tell people what is late and what was rejected, each once; return how many notices were sent.

    Args:
        today: the day on which it is looked at what is late; by the clock.
        after: how long it is waited for more to tell, in seconds.
    """
    time.sleep(after)
    try:
        notices = notify(given.the_home, today or date.today(), sender(load_settings()))
    except NotSent as failed:
        get_run_logger().warning("%s It is tried again the next morning.", failed)
        return 0
    for told in overdue_of(notices):
        _emit(told)
    return len(notices)


@flow(name="morning", flow_run_name="what the calendar asks for", persist_result=False)
def each_morning(today: date | None = None) -> None:
    """Make the month's figures on the day for it, and on every other publish what is late by now; then tell people.

    Args:
        today: as if it were this day; by the clock.
    """
    day = today or date.today()
    if monthly_run(day) == day:
        given.tell("The month's figures are made today")
        ingest_files()
    refresh_figures(day)
    notify_people(day)


@flow(name="run", flow_run_name="take in what has landed and publish", persist_result=False, validate_parameters=False)
def whole_run(paths: list[str] | None = None) -> tuple[list[Outcome], Publication]:
    """Take in files, then refresh and publish.

    Args:
        paths: which; none of them for everything that lies in landing.
    """
    return ingest_files(paths), refresh_figures()
