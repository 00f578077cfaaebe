"""The log of the resident process: a line with the time, for a person to read."""

import logging
import time
from datetime import datetime

#: How long the same trouble of Prefect is not said again, in seconds.
ENOUGH = 60


def say(text: str) -> None:
    """Print a line with the time of day, at once."""
    print(f"{datetime.now():%H:%M:%S} {text}", flush=True)


class Briefly(logging.Handler):
    """Says what Prefect logs in a line without a traceback, and the same again only after a while.

    It stands in for the handler `console` of Prefect's own logging.
    """

    def __init__(self, **_console: object) -> None:
        """Listen to warnings and errors; how a console would show them does not matter."""
        super().__init__(logging.WARNING)
        self._said: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Say what is wrong: the error itself, where there is one."""
        error = record.exc_info and record.exc_info[1]
        text = f"{type(error).__name__}: {error}" if error else record.getMessage()
        (line, *_) = text.splitlines() or [""]
        now = time.monotonic()
        if now - self._said.get(line, -ENOUGH) >= ENOUGH:
            self._said[line] = now
            say(f"Prefect   {line}")
