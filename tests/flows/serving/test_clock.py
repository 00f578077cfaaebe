"""The clock: what is planned is planned anew when it is set, and not when it only ticks."""

from collections.abc import Callable, Iterator
from itertools import count
from threading import Event

import pytest

from flows.serving import clock
from flows.serving.clock import watch_clock

Show = Callable[[list[float], Callable[[], None]], list[str]]


def readings(*seconds: float) -> Iterator[float]:
    yield from seconds


@pytest.fixture
def show(monkeypatch: pytest.MonkeyPatch) -> Show:
    """Return a function that shows times of day, 2 seconds apart, and returns what was told."""
    monkeypatch.setattr(clock, "LOOK", 0)

    def show(shown: list[float], replan: Callable[[], None]) -> list[str]:
        stop, told = Event(), list[str]()
        times, ticks = readings(*shown), count(100, 2)

        def look() -> float:
            if (seen := next(times, None)) is None:
                stop.set()
                return shown[-1]
            return seen

        watch_clock(replan, stop, tell=told.append, clock=look, ticking=lambda: next(ticks))
        return told

    return show


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ([100, 102, 104, 106], []),
        ([100, 102.4, 103.8, 106.1], []),  # as machines correct it
        ([100, 102, 3704, 3706], ["The clock was set forth by 1:00:00: all is planned anew."]),
        ([100, -7098, -7096, -7094], ["The clock was set back by 2:00:00: all is planned anew."]),
    ],
)
def test_it_is_planned_anew_once_the_clock_is_set(shown: list[float], said: list[str], show: Show) -> None:
    planned = list[int]()
    assert show(shown, lambda: planned.append(1)) == said
    assert len(planned) == len(said)


def test_what_could_not_be_planned_anew_is_tried_again(show: Show) -> None:
    answers = iter([ConnectionError("refused"), ConnectionError("refused"), None])

    def replan() -> None:
        if error := next(answers):
            raise error

    told = show([100, 3702, 3704, 3706, 3708], replan)
    assert told[0] == "The clock was set forth by 1:00:00: all is planned anew."
    assert told[1:] == ["It could not be planned anew (ConnectionError), and is tried again."] * 2
    assert next(answers, "planned") == "planned"
