"""Bursts: files that come one upon another are taken in and published by few runs, at once and with none left out."""

import time
from collections.abc import Callable
from typing import Any

from filelock import FileLock, Timeout

from flows.home import Home
from flows.ingesting import take_in
from flows.landing import places
from flows.landing.place import Lying
from flows.outcomes import Outcome
from flows.progress import silent
from flows.refreshing import publish_what_is_loaded
from warehouse.publishing import Publication
from warehouse.reporting import report

#: How long nothing must have come before a burst of files counts as over, in seconds.
QUIET = 5
#: How long a burst is waited for at most before it is published as far as it has come, in seconds.
LONGEST = 120
#: Between two looks into landing, in seconds; what is new must have stayed the same from one to the next.
LOOK = 0.5

Seen = tuple[str, str]


def ingest_until_quiet(
    home: Home,
    *,
    take: Callable[[Home, Lying], Outcome] = take_in,
    publish: Callable[[Home], object] = publish_what_is_loaded,
    tell: Callable[[str], None] = silent,
    pause: Callable[[float], None] = time.sleep,
) -> list[Outcome]:
    """Take in what lies in landing, and what comes to lie there until nothing has come for a while.

    Each file is tried once, and again if it was written to. What was loaded is published at once where no more waits,
    and otherwise when the burst is over: a run that an event starts for it takes half a second to begin. Nothing is
    done where another process is at it, which looks again after the last of them.

    Args:
        home: where everything is kept.
        take: what takes in a file.
        publish: publishes what is loaded, if anything is that is not published.
        tell: called with a line of text before each file.
        pause: waits for so many seconds.

    Raises:
        OSError, BucketShut: if landing cannot be seen.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    home.prepare()
    outcomes: list[Outcome] = []
    tried = set[Seen]()
    while set(_waiting(home)) - tried:
        try:
            with FileLock(home.ingesting, timeout=0):
                before = set(_waiting(home))
                quiet = 0.0
                while quiet < QUIET:
                    waiting = _waiting(home)
                    fresh = [seen for seen in waiting if seen in before and seen not in tried]
                    for seen in fresh:
                        tell(f"Taking in {waiting[seen].name}")
                        outcomes.append(take(home, waiting[seen]))
                    is_first = not tried
                    tried.update(fresh)
                    if is_first and _brought(outcomes) and not set(_waiting(home)) - tried:
                        publish(home)
                    before = set(waiting)
                    quiet = 0 if fresh else quiet + LOOK
                    pause(LOOK)
                if _brought(outcomes):
                    publish(home)
        except Timeout:
            break
    return outcomes


def _brought(outcomes: list[Outcome]) -> bool:
    """Return whether files brought something that figures could rest on."""
    return any(one.slices for one in outcomes)


def _waiting(home: Home) -> dict[Seen, Lying]:
    """Return what lies in landing, by where it lies and what tells it from a later one in its place."""
    waiting = {}
    for lying in places.landing(home).waiting():
        try:
            waiting[lying.address, lying.identity()] = lying
        except FileNotFoundError:
            continue  # taken in or taken back since
    return waiting


def refresh_until_quiet(
    home: Home,
    *,
    publish: Callable[[Home], Publication | None] = publish_what_is_loaded,
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Publish what has been loaded: at once, and again when a burst of files is over; return how many times.

    Nothing is done where everything is published already, or where another process is at it, which looks again after
    the last of them.

    Args:
        home: where everything is kept.
        publish: publishes what is loaded; None where everything is published already.
        pause: waits for so many seconds.

    Raises:
        AuditFailed: if the new database breaks a rule; the last one stands.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    home.prepare()
    times, behind = 0, True
    while behind:
        try:
            with FileLock(home.refreshing, timeout=0):
                while publish(home):
                    times += 1
                    _wait_for_quiet(home, pause)
        except Timeout:
            break
        # What was loaded just now was left to us.
        behind = loaded(home)["behind"]
    return times


def loaded(home: Home) -> dict[str, Any]:
    """Return when something was `loaded_at` last, and whether the published figures are `behind`."""
    with home.open() as connection:
        (row,) = report(connection, "loaded")
    return row


def _wait_for_quiet(home: Home, pause: Callable[[float], None]) -> None:
    """Wait until nothing has been loaded for a while."""
    for _ in range(LONGEST // QUIET):
        before = loaded(home)
        pause(QUIET)
        if loaded(home) == before:
            return
