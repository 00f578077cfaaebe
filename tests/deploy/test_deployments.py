"""What `prefect deploy` makes of deploy/prefect.yaml is what `vawg serve` makes by itself."""

import importlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect import Flow
from prefect.events import DeploymentEventTrigger
from ruamel.yaml import YAML

from flows.serving.deployments import deployments
from flows.serving.health import POOL

PREFECT_YAML = Path(__file__).parents[2] / "deploy" / "prefect.yaml"
WRITTEN: dict[str, dict[str, Any]] = {one["name"]: one for one in YAML(typ="safe").load(PREFECT_YAML)["deployments"]}
SERVED = {one.name: one for one in deployments()}


def when(schedule: Any) -> dict[str, Any]:
    """Return what a schedule says, without the instant from which it counts and what it leaves out."""
    said = {name: getattr(schedule, name, None) for name in ("interval", "cron", "timezone")}
    return {name: value for name, value in said.items() if value and (name, value) != ("timezone", "UTC")}


def test_both_have_the_same_deployments() -> None:
    assert list(WRITTEN) == list(SERVED)


def test_nothing_is_pulled() -> None:
    assert YAML(typ="safe").load(PREFECT_YAML)["pull"] == []


@pytest.mark.parametrize("name", SERVED)
def test_deployment_is_that_of_vawg_serve(name: str) -> None:
    written, served = WRITTEN[name], SERVED[name]
    assert written["entrypoint"] == served.entrypoint
    assert written["description"] == served.description
    assert written["work_pool"] == {"name": served.work_pool_name} == {"name": POOL}
    assert written.get("parameters", {}) == served.parameters
    assert written.get("tags", []) == served.tags


@pytest.mark.parametrize("name", SERVED)
def test_it_is_started_by_the_same_events(name: str) -> None:
    triggers = [DeploymentEventTrigger(**one) for one in WRITTEN[name].get("triggers", ())]
    for one in triggers:
        one.parameters = one.parameters or {}
    assert triggers == SERVED[name].triggers


@pytest.mark.parametrize("name", SERVED)
def test_it_is_started_at_the_same_times(name: str) -> None:
    schedules = [dict(one) for one in WRITTEN[name].get("schedules", ())]
    for one in schedules:
        if "interval" in one:
            one["interval"] = timedelta(seconds=one["interval"])
    assert schedules == [when(one.schedule) for one in SERVED[name].schedules or ()]


@pytest.mark.parametrize("name", WRITTEN)
def test_its_flow_is_there_and_called_as_it_is(name: str) -> None:
    module, _, function = WRITTEN[name]["entrypoint"].rpartition(".")
    flow = getattr(importlib.import_module(module), function)
    assert isinstance(flow, Flow)
    assert flow.name == name
