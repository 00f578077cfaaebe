"""The clock: what is planned is planned anew when it is set, and not when it only ticks."""

from collections.abc import Iterator
from threading import Event

import pytest

from flows.serving import clock
from flows.serving.clock import watch_clock


def readings(*seconds: float) -> Iterator[float]:
    yield from seconds


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        ([100, 102, 104, 106], []),
        ([100, 102.4, 103.8, 106.1], []),  # as machines correct it
        ([100, 102, 3704, 3706], ["The clock was set forth by 1:00:00: all is planned anew."]),
        ([100, -7098, -7096, -7094], ["The clock was set back by 2:00:00: all is planned anew."]),
    ],
)
def test_it_is_planned_anew_once_the_clock_is_set(
    shown: list[float], said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "LOOK", 0)
    stop, told, planned = Event(), list[str](), list[int]()
    times = readings(*shown)

    def look() -> float:
        if (seen := next(times, None)) is None:
            stop.set()
            return shown[-1]
        return seen

    ticks = readings(100, 102, 104, 106, 106)
    watch_clock(lambda: planned.append(1), stop, tell=told.append, clock=look, ticking=lambda: next(ticks))
    assert told == said
    assert len(planned) == len(said)
