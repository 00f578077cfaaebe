"""Let the clock of a Python process be off by as many seconds as a file says (CLOCK), and follow it when it changes.

Every process that is started with this folder on its path imports it by itself; what is forked from it follows too.
"""

import os
import time
from datetime import timedelta
from pathlib import Path
from threading import Thread

import time_machine

CLOCK = Path(os.environ["CLOCK"])
LOOK = 0.2
journeys: list[tuple[str, time_machine.travel]] = []


def follow() -> None:
    """Set the clock, and set it again when the file says something else."""
    while True:
        says = CLOCK.read_text(encoding="utf-8")
        if says and says not in [said for said, _ in journeys]:
            for _, journey in journeys:
                journey.stop()
            journeys[:] = [(says, time_machine.travel(timedelta(seconds=float(says)), tick=True))]
            journeys[0][1].start()
        time.sleep(LOOK)


def start() -> None:
    """Follow in a thread of its own, which a fork does not bring along."""
    Thread(target=follow, daemon=True).start()


start()
os.register_at_fork(after_in_child=start)
