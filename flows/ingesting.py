"""Ingesting: a received and judged file into the warehouse, or into quarantine. Plain functions, no Prefect."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import duckdb

from expectations.verdicts import Actor, Counts, Finding, Verdict
from flows.home import Home
from flows.judging import Judged, judge_file
from flows.receiving import Received, StillWritten, files_in, keep, let_go, receive
from warehouse import loading

Status = Literal["accepted", "unchanged", "rejected", "waiting", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    Attributes:
        status: `accepted`; `unchanged` where the same bytes were accepted before; `rejected`; `waiting` where
            it is still being written; `failed` where the fault is ours and the file stays where it is.
    """

    file_name: str
    status: Status
    message: str
    source: str | None = None
    submission_id: str | None = None
    counts: Counts = Counts()
    findings: tuple[Finding, ...] = ()
    kept_as: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON-ready data."""
        return {**asdict(self), "findings": [{**asdict(one), "said": str(one)} for one in self.findings]}


def ingest(home: Home, paths: Iterable[Path], *, tell: Callable[[Path], None] = lambda path: None) -> list[Outcome]:
    """Take in files and the files of folders, each for itself: one that fails does not hold up the others.

    Args:
        home: where everything is kept.
        paths: files and folders.
        tell: called with each file before it is taken in, for progress.

    Raises:
        NotThere: if a path does not exist.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    home.prepare()
    return [ingest_file(home, path) for path in _told(files_in(paths), tell)]


def ingest_file(home: Home, path: Path, *, again: bool = False) -> Outcome:
    """Take in one file: receive, judge and load.

    Args:
        home: where everything is kept.
        path: the file.
        again: judge it even if the same bytes were accepted before (for a replay).
    """
    try:
        received = receive(home, path)
    except StillWritten as changed:
        return Outcome(path.name, "waiting", str(changed))
    except OSError as error:
        return Outcome(path.name, "failed", f"{path.name} could not be taken in: {error.strerror or error}.")
    try:
        return take_in(home, received, again=again)
    finally:
        received.copy.unlink(missing_ok=True)


def take_in(home: Home, received: Received, *, again: bool = False) -> Outcome:
    """Judge a received file and put it where it belongs; nothing of a rejected one is loaded."""
    if not again and (repeated := repeat(home, received)):
        return repeated
    return settle(home, received, judge_file(received.copy))


def repeat(home: Home, received: Received) -> Outcome | None:
    """Return the outcome of a file whose very bytes were accepted before; None where they were not."""
    with home.open() as connection:
        earlier = loading.accepted_before(connection, received.sha256)
        if earlier is None:
            return None
        counts = Counts(
            received=earlier["received"],
            rejected=earlier["rejected"],
            duplicate=earlier["duplicate"],
            unchanged=earlier["loaded"] + earlier["unchanged"],
            out_of_scope=earlier["out_of_scope"],
        )
        outcome = Outcome(
            received.original.name,
            "unchanged",
            f"The same file was accepted before, as {earlier['file_name']} ({earlier['submission_id']}).",
            source=earlier["source"],
            submission_id=received.submission_id,
            counts=counts,
            kept_as=earlier["kept_as"],
        )
        record(connection, received, outcome, sheet=None, encoding=None, suite_result=None)
    let_go(home, received)
    return outcome


def settle(home: Home, received: Received, judged: Judged) -> Outcome:
    """Load a judged file, or put it into quarantine, and let go of the original once that is recorded."""
    with home.open() as connection:
        outcome = (_load if judged.accepted else _quarantine)(connection, home, received, judged)
    let_go(home, received)
    return outcome


def record(connection: duckdb.DuckDBPyConnection, received: Received, outcome: Outcome, **facts: Any) -> None:
    """Enter a file and what was found in it, with its facts where it brings any."""
    audit = {name: facts.pop(name) for name in ("sheet", "encoding", "suite_result")}
    slices = facts.get("slices")
    loading.append(
        connection,
        received.arrival(outcome.kept_as or ""),
        {
            **audit,
            **asdict(outcome.counts),
            "source": outcome.source,
            "status": outcome.status,
            "message": outcome.message,
            "vintage": None if slices is None else slices["vintage"].max(),
            "suite_result": json.dumps(audit["suite_result"]) if audit["suite_result"] else None,
        },
        [
            {
                "check_id": one.check,
                "verdict": str(one.verdict),
                "actor": str(one.actor),
                "header": one.header,
                "sheet": one.sheet,
                "broken_rows": one.rows,
                "said": str(one),
            }
            for one in outcome.findings
        ],
        **facts,
    )


def _load(connection: duckdb.DuckDBPyConnection, home: Home, received: Received, judged: Judged) -> Outcome:
    """Append an accepted file's facts."""
    assert judged.source is not None and judged.facts is not None
    standing = loading.compare(connection, judged.source.name, received.revision, judged.facts.slices)
    outcome = Outcome(
        received.original.name,
        "accepted",
        _accepted(standing, judged),
        source=judged.source.name,
        submission_id=received.submission_id,
        counts=judged.counts(unchanged=standing.rows_unchanged),
        findings=(*judged.findings, *_standing_findings(standing)),
        kept_as=keep(home, received, home.archive / judged.source.name / received.sha256[:16]),
    )
    record(
        connection,
        received,
        outcome,
        sheet=judged.sheet,
        encoding=judged.encoding,
        suite_result=judged.suite_result,
        loads=judged.source.loads,
        rows=judged.facts.rows,
        slices=judged.facts.slices,
        coverage=judged.facts.coverage,
    )
    return outcome


def _quarantine(connection: duckdb.DuckDBPyConnection, home: Home, received: Received, judged: Judged) -> Outcome:
    """Keep a rejected file with its feedback; what was accepted before stands."""
    folder = home.quarantine / received.submission_id
    outcome = Outcome(
        received.original.name,
        "rejected",
        "Nothing of the file was loaded, and nothing that was loaded before is lost.",
        source=judged.source.name if judged.source else None,
        submission_id=received.submission_id,
        counts=judged.counts(),
        findings=judged.findings,
        kept_as=keep(home, received, folder),
    )
    (folder / "feedback.txt").write_text(feedback(outcome), encoding="utf-8")
    record(
        connection,
        received,
        outcome,
        sheet=judged.sheet,
        encoding=judged.encoding,
        suite_result=judged.suite_result,
    )
    return outcome


def feedback(outcome: Outcome) -> str:
    """Return what can be forwarded to the sender unedited."""
    lines = [f"{outcome.file_name}: {outcome.status}. {outcome.message}", ""]
    lines += [f"- {one.verdict.capitalize()}: {one}" for one in outcome.findings if one.actor is Actor.SUPPLIER]
    return "\n".join(lines) + "\n"


def _accepted(standing: loading.Slices, judged: Judged) -> str:
    """Return what an accepted file changed, in a sentence."""
    slices = standing.changed + standing.unchanged
    if not standing.changed:
        return "Accepted; everything in it was held already."
    partly = f" {judged.rejected:,} rows were rejected." if judged.rejected else ""
    return f"Accepted; {standing.changed:,} of {slices:,} slices are new or changed.{partly}"


def _standing_findings(standing: loading.Slices) -> Iterator[Finding]:
    """Yield what is to be said of a file that is not newer than what is loaded."""
    if standing.older:
        yield Finding(
            check="file.older",
            verdict=Verdict.WARN,
            sentence=f"{standing.older:,} slices are older than what is loaded; they are kept as history and the "
            "current figures do not change.",
            fix="Nothing needs doing, unless this file was meant to correct them: then raise its refresh date.",
        )
    if standing.rivals:
        yield Finding(
            check="file.rival",
            verdict=Verdict.WARN,
            sentence=f"{standing.rivals:,} slices differ from another file of the same refresh date and revision, "
            "and nothing says which is right.",
            fix="Send the right one again with a revision at the end of its name, such as _r2.",
        )


def _told(files: list[Path], tell: Callable[[Path], None]) -> Iterator[Path]:
    """Yield files, telling of each before it is taken."""
    for path in files:
        tell(path)
        yield path
