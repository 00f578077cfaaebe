"""Diffing: what changed between two readings: publications, instants, a file not loaded, a submission held back."""

from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb

from expectations.verdicts import Finding
from flows.home import Home
from flows.ingesting import brought, record
from flows.judging import Judged, judge_file
from flows.landing.folder import LocalFile
from flows.outcomes import Outcome, restatement_findings
from flows.receiving import Received, dispose, receive, refused_unread
from warehouse import loading, restating
from warehouse.diffing import Difference, Reading, difference, published_at
from warehouse.instants import next_instant
from warehouse.restating import on_trial, restatement

ENGLAND = ZoneInfo("Europe/London")
NOW = "now"


class NoSuchReading(Exception):
    """It cannot be told what is to be compared."""


@dataclass(frozen=True)
class Compared:
    """What changed, and what is to be said of a file that was compared without being loaded.

    Attributes:
        findings: what was found in that file, and what of it would be held back.
        accepted: whether it would be accepted; nothing is compared where not.
    """

    difference: Difference | None
    findings: tuple[Finding, ...] = field(default=())
    accepted: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready data, the findings as sentences."""
        said = [str(one) for one in self.findings]
        changed = asdict(self.difference) if self.difference else {"counts": [], "figures": []}
        return {"accepted": self.accepted, "findings": said, **changed}


def compare(home: Home, old: str, new: str) -> Compared:
    """Return what a reading has otherwise than another; whatever is tried for it is undone.

    Args:
        home: where everything is kept.
        old: `now`, a publication by its run, or a day or an instant of the past.
        new: one of these, a submission that is held back, or a file that is not loaded.

    Raises:
        NoSuchReading: if one of them is none of these.
        KeyMissing: if the file is about single people, and its supplier's key is missing.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    home.prepare()
    path = Path(new)
    if path.is_file():
        return _compare_with_file(home, old, path)
    with home.open() as connection:
        before = reading(connection, old)
        held = {one["submission_id"]: one for one in restating.waiting(connection)}
        if new not in held:
            return Compared(difference(connection, home.published, before, reading(connection, new), home.area))
        with on_trial(connection):
            restating.accept_on_trial(connection, new)
            after = Reading(f"now, with {held[new]['file_name']} accepted", datetime.max)
            return Compared(difference(connection, home.published, before, after, home.area))


def _compare_with_file(home: Home, old: str, path: Path) -> Compared:
    """Compare with what would be read if a file were loaded and all of it accepted; nothing of it is loaded."""
    file = LocalFile(path)
    if refused := refused_unread(file):
        return Compared(None, (refused,), accepted=False)
    received = receive(home, file)
    try:
        judged = judge_file(received.copy, home.area, home.keys, home.corrections)
        if not judged.accepted:
            return Compared(None, judged.findings, accepted=False)
        with home.open() as connection:
            before = reading(connection, old)
            return _with_file(connection, home, before, received, judged.without(loading.erased(connection)))
    finally:
        dispose(received)


def _with_file(
    connection: duckdb.DuckDBPyConnection, home: Home, before: Reading, received: Received, judged: Judged
) -> Compared:
    assert judged.source is not None
    name, facts = judged.source.name, brought(judged)
    restated = restatement(connection, received.arrival(""), name, facts)
    outcome = Outcome(received.name, "accepted", "", source=name, counts=judged.counts(), findings=judged.findings)
    with on_trial(connection):
        record(connection, received, outcome, judged, facts, append=loading.enter)
        restating.accept_on_trial(connection, received.submission_id)
        after = Reading(f"now, with {received.name} loaded and accepted", datetime.max)
        found = difference(connection, home.published, before, after, home.area)
    return Compared(found, (*judged.findings, *restatement_findings(restated)))


def reading(connection: duckdb.DuckDBPyConnection, said: str) -> Reading:
    """Return the reading that a text names: `now`, a publication, a day (as known at its end) or an instant.

    Raises:
        NoSuchReading: if it is none of these; a submission or a file is not: only `compare` reads one, as the new side.
    """
    if said == NOW:
        return Reading("now", next_instant(connection))
    if at := published_at(connection, said):
        return Reading(f"publication {said}", at, is_printed=True)
    try:
        return Reading(f"as known at {said}", instant(said))
    except ValueError:
        raise NoSuchReading(
            f'"{said}" is neither "now", nor a publication (such as run-20260701-060000-000000), nor a day or an '
            "instant (2026-07-01, or 2026-07-01T12:00 in UTC). A submission that is held back (`vawg status` shows "
            "those), or a file that is not loaded, can only be the second of what `vawg diff` compares."
        ) from None


def instant(said: str) -> datetime:
    """Return the instant (UTC) that a text names; a day is its end in England.

    Raises:
        ValueError: if it names none.
    """
    if len(said) == len("2026-07-01"):
        after = datetime.combine(date.fromisoformat(said) + timedelta(days=1), time(), ENGLAND)
        return after.astimezone(UTC).replace(tzinfo=None) - timedelta(microseconds=1)
    named = datetime.fromisoformat(said)
    return named.astimezone(UTC).replace(tzinfo=None) if named.tzinfo else named
