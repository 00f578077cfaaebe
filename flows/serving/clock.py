"""The clock of the machine: when it is set, what Prefect's server has planned by the old time is planned anew."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event

#: How often it is looked at, and by how much it must have been set, in seconds: less is what every machine corrects.
LOOK, SET = 2, 5


def watch_clock(
    replan: Callable[[], None],
    stop: Event,
    *,
    tell: Callable[[str], None],
    clock: Callable[[], float] = time.time,
    ticking: Callable[[], float] = time.monotonic,
) -> None:
    """Plan anew whenever the clock is set, until it is stopped.

    Set back, it leaves the next sweep at the old time, and a trigger takes every event till then for one of a burst.

    Args:
        replan: plans anew by the new time; where it fails it is called again at the next look.
        stop: set when it is to end.
        tell: called with a line of text when the clock was set.
        clock: the time of day, in seconds.
        ticking: a clock that is never set, in seconds.
    """
    ahead, is_owed = clock() - ticking(), False
    while not stop.wait(LOOK):
        now = clock() - ticking()
        if abs(now - ahead) >= SET:
            way = "forth" if now > ahead else "back"
            tell(f"The clock was set {way} by {timedelta(seconds=round(abs(now - ahead)))}: all is planned anew.")
            is_owed = True
        ahead = now
        if is_owed:
            try:
                replan()
                is_owed = False
            except Exception as error:  # such as while Prefect's server is being started again
                tell(f"It could not be planned anew ({type(error).__name__}), and is tried again.")
