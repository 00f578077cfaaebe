"""The worker: runs each flow in a process forked from one that has imported everything and used nothing."""

import gc
import multiprocessing
import time
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING
from uuid import UUID

import anyio
from anyio.abc import TaskStatus
from prefect.context import SettingsContext, SyncClientContext, get_settings_context
from prefect.engine import handle_engine_signals
from prefect.flow_engine import run_flow
from prefect.flows import load_flow_from_entrypoint
from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, get_current_settings
from prefect.workers.process import ProcessJobConfiguration, ProcessWorker, ProcessWorkerResult

if TYPE_CHECKING:
    from prefect.client.schemas.objects import FlowRun

PRELOADED = ["flows.pipeline", "flows.serving.worker", "great_expectations.expectations"]
forked = multiprocessing.get_context("forkserver")
forked.set_forkserver_preload(PRELOADED)
at_work: set[BaseProcess] = set()
# Without a heartbeat no flow waits up to a second for its thread to end. Worked out before the processes are forked.
SETTINGS = SettingsContext(
    profile=get_settings_context().profile,
    settings=get_current_settings().copy_with_update({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}),
)


class WarmWorker(ProcessWorker):
    """Runs flows of a work pool of processes, without the seconds that their imports take."""

    @classmethod
    def __dispatch_key__(cls) -> str:
        """Return a name of its own: the worker that Prefect brings keeps its."""
        return "warm process"

    async def run(
        self,
        flow_run: "FlowRun",
        configuration: ProcessJobConfiguration,  # noqa: ARG002
        task_status: TaskStatus[int] | None = None,
    ) -> ProcessWorkerResult:
        """Run a flow in a forked process; its exit code says whether it could be run."""
        process = forked.Process(target=execute, args=(flow_run.id,), name=flow_run.name)
        await anyio.to_thread.run_sync(process.start)
        assert process.pid is not None
        if task_status:
            task_status.started(process.pid)
        at_work.add(process)
        await anyio.to_thread.run_sync(process.join, abandon_on_cancel=True)
        at_work.discard(process)
        return ProcessWorkerResult(status_code=process.exitcode or 0, identifier=str(process.pid))


def execute(flow_run_id: UUID) -> None:
    """Run a flow as its deployment says; its end is told to Prefect's server by its engine."""
    from flows import pipeline
    from flows.serving.log import say

    gc.freeze()  # what was imported before the fork is not looked through again
    pipeline.given = pipeline.Given(tell=say)
    # One client for everything: each new one first reads every certificate that it could need.
    with handle_engine_signals(flow_run_id), SETTINGS, SyncClientContext.get_or_create() as prefect:
        flow_run = prefect.client.read_flow_run(flow_run_id)
        assert flow_run.deployment_id is not None
        entrypoint = prefect.client.read_deployment(flow_run.deployment_id).entrypoint
        assert entrypoint is not None
        run_flow(load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False), flow_run=flow_run)


def finish(seconds: float) -> None:
    """Wait for the runs that are at work; those that take longer are killed, which loses nothing.

    Args:
        seconds: how long, for all of them together.
    """
    until = time.monotonic() + seconds
    for process in at_work:
        process.join(max(0, until - time.monotonic()))
        process.kill()


def warm_up() -> None:
    """Wait until the process is ready from which the others are forked."""
    process = forked.Process(target=_nothing)
    process.start()
    process.join()


def _nothing() -> None:
    """Do nothing."""
