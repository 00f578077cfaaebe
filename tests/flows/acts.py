"""Acts: the instants just before a run does something to a file or a database, and after a rename or a commit."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from types import FrameType
from typing import Any

OURS = ("flows.", "warehouse.")
WRITING = os.O_WRONLY | os.O_RDWR
FILE_EVENTS = {"open", "os.rename", "os.remove"}
# What only reads, or stays in memory.
HARMLESS = {"fetchall", "fetchone", "pl", "register", "unregister", "extract_statements", "cursor", "description"}

_listening: list[Callable[[str], None]] = []


@contextmanager
def listening(tell: Callable[[str], None]) -> Iterator[None]:
    """Call `tell` with the name and place of each act; what it raises is raised in the run."""
    _hook()
    _listening.append(tell)
    sys.setprofile(_on_profile)
    try:
        yield
    finally:
        sys.setprofile(None)
        _listening.clear()


@cache
def _hook() -> None:
    """Have Python tell of what it does to files; this cannot be undone."""
    sys.addaudithook(_on_audit)


def _on_audit(event: str, details: tuple[Any, ...]) -> None:
    """Tell of what is done to files, in Python."""
    if _listening and event in FILE_EVENTS and not (event == "open" and not int(details[2] or 0) & WRITING):
        _tell(event)


def _on_profile(frame: FrameType, event: str, called: Any) -> None:
    """Tell of what is asked of DuckDB, of what is forced to the disk, and of what has just been renamed."""
    if event == "return" and frame.f_code.co_name == "replace" and "pathlib" in str(frame.f_globals["__name__"]):
        _tell("done: replace")
    # DuckDB 2 does not show its calls here: with it, kills at random instants alone are within a transaction.
    if event not in ("c_call", "c_return") or not (called is os.fsync or "duckdb" in str(called.__module__)):
        return
    if event == "c_call" and called.__name__ not in HARMLESS:
        _tell(called.__name__)
    elif event == "c_return" and called.__name__ == "commit":
        _tell("done: commit")


def _tell(name: str) -> None:
    """Name the lines of our own code that lead to an act, the outermost first."""
    frame: FrameType | None = sys._getframe()
    places: list[str] = []
    while frame:
        if str(frame.f_globals.get("__name__")).startswith(OURS):
            places.append(f"{frame.f_code.co_filename.rpartition('/')[2]}:{frame.f_lineno}")
        frame = frame.f_back
    if places and _listening:
        _listening[0](f"{name} in {' > '.join(reversed(places))}")
