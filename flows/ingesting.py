"""Ingesting: a received and judged file into the warehouse, or into quarantine. Plain functions, no Prefect."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import duckdb

from expectations.verdicts import Actor, Counts, Finding, Verdict
from flows.home import Home
from flows.judging import Judged, judge_file
from flows.progress import silent
from flows.receiving import NotThere, Received, StillWritten, files_in, keep, let_go, receive
from warehouse import loading
from warehouse.opening import WarehouseBusy
from warehouse.reporting import report

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
    counts: Counts = field(default_factory=Counts)
    findings: tuple[Finding, ...] = ()
    kept_as: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON-ready data."""
        return {**asdict(self), "findings": [{**asdict(one), "said": str(one)} for one in self.findings]}


def ingest_file(home: Home, path: Path, *, again: bool = False) -> Outcome:
    """Take in one file: receive, judge and load; nothing of a rejected one is loaded.

    Args:
        home: where everything is kept.
        path: the file.
        again: judge it even if the same bytes were accepted before (for a replay).

    Raises:
        WarehouseBusy: if another process holds the warehouse too long.
    """
    return take_in(home, path, Steps(), again=again)


def ingest(
    home: Home, paths: Iterable[Path], *, tell: Callable[[str], None] = silent, steps: Steps | None = None
) -> list[Outcome]:
    """Take in files and the files of folders, each for itself: one that fails does not hold up the others.

    Args:
        home: where everything is kept.
        paths: files and folders.
        tell: called with a line of text before each file, for progress.
        steps: the steps to take, where they are to be watched by Prefect.

    Raises:
        NotThere: if a path does not exist.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    home.prepare()
    files = files_in(paths)
    outcomes = []
    for number, path in enumerate(files, start=1):
        tell(f"Taking in {path.name} ({number} of {len(files)})")
        outcomes.append(take_in(home, path, steps or Steps()))
    return outcomes


def replay(home: Home, submission_ids: Iterable[str], *, tell: Callable[[str], None] = silent) -> list[Outcome]:
    """Judge quarantined files again.

    Args:
        home: where everything is kept.
        submission_ids: which ones; none of them for all.
        tell: called with a line of text before each file, for progress.

    Raises:
        NotThere: if one of them is not in quarantine, or its file is gone.
    """
    home.prepare()
    with home.open() as connection:
        kept = {one["submission_id"]: one for one in report(connection, "quarantine")}
    wanted = list(submission_ids) or list(kept)
    if unknown := [name for name in wanted if name not in kept]:
        raise NotThere(f"Not in quarantine: {', '.join(unknown)}. `vawg quarantine list` shows what is.")
    outcomes = []
    for name in wanted:
        tell(f"Judging {kept[name]['file_name']} again")
        outcomes.append(ingest_file(home, home.root / kept[name]["kept_as"], again=True))
    return outcomes


def checked(paths: Iterable[Path], *, tell: Callable[[str], None] = silent) -> list[Outcome]:
    """Judge files as `ingest` would, with nothing loaded, moved or written.

    Raises:
        NotThere: if a path does not exist.
    """
    outcomes = []
    for path in files_in(paths):
        tell(f"Judging {path.name}")
        judged = judge_file(path)
        outcomes.append(
            Outcome(
                path.name,
                "accepted" if judged.accepted else "rejected",
                "It would be accepted." if judged.accepted else "It would be rejected.",
                source=judged.source.name if judged.source else None,
                counts=judged.counts(),
                findings=judged.findings,
            )
        )
    return outcomes


def take_in(home: Home, path: Path, steps: Steps, *, again: bool = False) -> Outcome:
    """Take one file through the steps, and turn what goes wrong with it into an outcome."""
    try:
        received = steps.receive(home, path)
    except StillWritten as changed:
        return Outcome(path.name, "waiting", str(changed))
    except OSError as error:
        return Outcome(path.name, "failed", f"{path.name} could not be taken in: {error.strerror or error}.")
    try:
        if not again and (repeated := steps.repeat(home, received)):
            return repeated
        return steps.settle(home, received, steps.judge(received.copy))
    except WarehouseBusy:
        raise
    except Exception as error:
        # The text of the error is left out: it may hold what stood in a cell.
        place = traceback.extract_tb(error.__traceback__)[-1]
        return Outcome(
            path.name,
            "failed",
            f"This is a fault of the program, not of the file, which stays where it is: {type(error).__name__} "
            f"in {Path(place.filename).name}, line {place.lineno}.",
        )
    finally:
        received.copy.unlink(missing_ok=True)


def repeat(home: Home, received: Received) -> Outcome | None:
    """Return the outcome of a file whose very bytes were accepted before; None where they were not."""
    with home.open() as connection:
        earlier = loading.accepted_before(connection, received.sha256)
        if earlier is None:
            return None
        outcome = Outcome(
            received.original.name,
            "unchanged",
            f"The same file was accepted before, as {earlier['file_name']} ({earlier['submission_id']}).",
            source=earlier["source"],
            submission_id=received.submission_id,
            counts=Counts(
                received=earlier["received"],
                rejected=earlier["rejected"],
                duplicate=earlier["duplicate"],
                unchanged=earlier["loaded"] + earlier["unchanged"],
                out_of_scope=earlier["out_of_scope"],
            ),
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


@dataclass(frozen=True)
class Steps:
    """The steps of a file, at the seams where something outside can fail; Prefect wraps each as a task."""

    receive: Callable[[Home, Path], Received] = receive
    repeat: Callable[[Home, Received], Outcome | None] = repeat
    judge: Callable[[Path], Judged] = judge_file
    settle: Callable[[Home, Received, Judged], Outcome] = settle


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
    assert judged.source is not None
    assert judged.facts is not None
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
