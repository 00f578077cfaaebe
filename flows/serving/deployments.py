"""Deployments: which flows run by themselves, and what starts each: an event, or the clock."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.deployments import run_deployment
from prefect.events import DeploymentEventTrigger
from prefect.exceptions import ObjectNotFound
from prefect.schedules import Cron, Interval
from prefect.types.entrypoint import EntrypointType

from flows import pipeline
from flows.bursts import QUIET
from flows.events import FileLanded, FileRejected, SlicesLoaded, Told
from flows.serving.health import POOL

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

LONDON = "Europe/London"
#: How often landing is looked at for what no event told of.
SWEEP_EVERY = timedelta(minutes=5)


def deployments() -> "list[RunnerDeployment]":
    """Return every deployment, with its trigger or schedule, for the work pool."""
    return [
        _deployment(
            pipeline.ingest_as_landed,
            "Takes in what has landed.",
            triggers=[_on(FileLanded)],
        ),
        _deployment(
            pipeline.refresh_as_loaded,
            "Publishes what has been loaded.",
            triggers=[_on(SlicesLoaded)],
        ),
        _deployment(
            pipeline.sweep,
            "Takes in and publishes what no event told of.",
            schedule=Interval(SWEEP_EVERY),
        ),
        _deployment(
            pipeline.notify_people,
            "Tells people of rejected files, and of late returns.",
            triggers=[_on(FileRejected, after=QUIET)],
        ),
        _deployment(
            pipeline.each_morning,
            "Keeps the calendar: the monthly run on the fifth working day, and what is late.",
            schedule=Cron("30 6 * * 1-5", timezone=LONDON),
        ),
    ]


def _on(told: type[Told], **parameters: object) -> DeploymentEventTrigger:
    """Return the trigger that starts a run at the first event of its kind, and then at most one in a while.

    The run that it starts stays as long, and works off what the other events told of.
    """
    return DeploymentEventTrigger(
        name=f"on {told.NAME}", expect={told.NAME}, within=timedelta(seconds=QUIET), parameters=parameters
    )


def _deployment(flow: Any, description: str, **starts: Any) -> "RunnerDeployment":
    """Return a deployment, named as its flow."""
    deployment: RunnerDeployment = flow.to_deployment(
        flow.name, description=description, work_pool_name=POOL, entrypoint_type=EntrypointType.MODULE_PATH, **starts
    )
    return deployment


def deploy() -> None:
    """Make the work pool and every deployment on Prefect's server, or bring them up to date."""
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(POOL)
        except ObjectNotFound:
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    for deployment in deployments():
        deployment.apply()


def sweep_now() -> None:
    """Let the worker sweep as soon as it starts."""
    run_deployment("sweep/sweep", timeout=0)
