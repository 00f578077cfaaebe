"""The log of the resident process: a line with the time, for a person to read."""

from datetime import datetime


def say(text: str) -> None:
    """Print a line with the time of day, at once."""
    print(f"{datetime.now():%H:%M:%S} {text}", flush=True)
