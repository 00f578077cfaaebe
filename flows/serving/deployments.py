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
from flows.events import FileLanded, FileRejected, SlicesLoaded
from flows.refreshing import QUIET

if TYPE_CHECKING:
    from prefect.deployments.runner import RunnerDeployment

POOL = "vawg"
LONDON = "Europe/London"
#: How often landing is looked at for what no event told of.
SWEEP_EVERY = timedelta(minutes=5)
#: The parameter of `ingest`, from the event: as JSON, since a path can hold anything.
PATHS_OF_EVENT = {
    "__prefect_kind": "json",
    "value": {"__prefect_kind": "jinja", "template": "{{ [event.payload.path] | tojson }}"},
}


def deployments() -> "list[RunnerDeployment]":
    """Return every deployment, with its trigger or schedule, for the work pool."""
    return [
        _deployment(
            pipeline.ingest_files,
            "Takes in a file that has landed.",
            triggers=[
                DeploymentEventTrigger(
                    name="a file landed", expect={FileLanded.NAME}, parameters={"paths": PATHS_OF_EVENT}
                )
            ],
        ),
        _deployment(
            pipeline.refresh_as_loaded,
            "Publishes what has been loaded.",
            triggers=[
                # Fires at the first, and then at most once in this time: a burst of files is one or two refreshes.
                DeploymentEventTrigger(
                    name="slices were loaded", expect={SlicesLoaded.NAME}, within=timedelta(seconds=QUIET)
                )
            ],
        ),
        _deployment(
            pipeline.sweep,
            "Takes in and publishes what no event told of.",
            schedule=Interval(SWEEP_EVERY),
        ),
        _deployment(
            pipeline.notify_people,
            "Tells people of rejected files, and of late returns.",
            triggers=[
                DeploymentEventTrigger(
                    name="a file was rejected", expect={FileRejected.NAME}, within=timedelta(seconds=QUIET)
                )
            ],
        ),
        _deployment(
            pipeline.each_morning,
            "Keeps the calendar: the monthly run on the fifth working day, and what is late.",
            schedule=Cron("30 6 * * 1-5", timezone=LONDON),
        ),
    ]


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
