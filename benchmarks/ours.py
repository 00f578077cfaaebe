"""Ours: the whole way from a file to the published database, and what each step of it takes."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from importlib import import_module
from inspect import isgenerator
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.contestant import compete, tell
from flows import ingesting, judging, receiving
from flows.home import Home
from flows.outcomes import Outcome
from flows.refreshing import refresh_and_publish

END = object()
# Seconds of each step of the last run, without those of the steps inside it.
SPENT: defaultdict[str, float] = defaultdict(float)
# Seconds of finished steps inside each of those that are under way.
INSIDE: list[float] = []

# The functions that are the steps, by the names under which they are called.
STEPS = {
    "flows.receiving.receive": "receive",
    "flows.ingesting.repeat": "look up",
    "flows.judging.grids": "read",
    "flows.judging.rows": "read",
    "transforms.conforming.conform": "conform",
    "flows.judging.judge": "judge",
    "flows.judging.facts": "facts",
    "flows.ingesting.settle": "load",
    "warehouse.publishing.refresh": "refresh",
    "flows.refreshing.publish": "publish",
}


def install(folder: Path) -> None:
    """Make the empty warehouse of a home, which is there long before the first file."""
    with Home(folder).prepare().open():
        pass
    SPENT.clear()


def take_in(home: Home, file: Path) -> Outcome:
    """Take in a file."""
    steps = ingesting.Steps(receiving.receive, ingesting.repeat, judging.judge_file, ingesting.settle)
    (outcome,) = ingesting.ingest(home, [file], take=partial(ingesting.take_in, steps=steps))
    if outcome.status not in ("accepted", "unchanged"):
        raise SystemExit(f"{outcome.file_name}: {outcome.status}. {outcome.message}")
    return outcome


def take_in_and_publish(file: Path, folder: Path) -> Path:
    """Publish the figures of a file."""
    SPENT.clear()
    home = Home(folder)
    take_in(home, file)
    return refresh_and_publish(home).database


def watch() -> None:
    """Put a stopwatch on each step."""
    for place, step in STEPS.items():
        module, _, name = place.rpartition(".")
        setattr(import_module(module), name, stopped(getattr(import_module(module), name), step))


def stopped(function: Callable[..., Any], step: str) -> Callable[..., Any]:
    """Return a function whose time is added to its step's; of a generator, that of each item."""

    @wraps(function)
    def run(*args: Any, **named: Any) -> Any:
        with stopwatch(step):
            found = function(*args, **named)
        return items(found) if isgenerator(found) else found

    def items(generator: Iterator[Any]) -> Iterator[Any]:
        while True:
            with stopwatch(step):
                item = next(generator, END)
            if item is END:
                return
            yield item

    return run


@contextmanager
def stopwatch(step: str) -> Iterator[None]:
    """Add the time that something takes to its step's."""
    started = perf_counter()
    INSIDE.append(0)
    try:
        yield
    finally:
        spent = perf_counter() - started
        SPENT[step] += spent - INSIDE.pop()
        if INSIDE:
            INSIDE[-1] += spent


if __name__ == "__main__":
    watch()
    found = compete(take_in_and_publish, install)
    tell({**found, "steps": {**SPENT, "all else": found["seconds"] - sum(SPENT.values())}})
