"""Ingesting: a received and judged file into the warehouse, or into quarantine. Plain functions, no Prefect."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path, PurePosixPath

import duckdb

from expectations.corrections import Correction, CorrectionsWrong
from expectations.verdicts import Counts
from flows.answering import answer, answer_in_quarantine, answers_to
from flows.home import Home
from flows.judging import Judged, judge_file
from flows.keys import KeyMissing, Keys, KeysWrong
from flows.landing import places
from flows.landing.folder import LocalFile, files_in
from flows.landing.place import Lying, NotThere, StillWritten
from flows.landing.s3 import BucketShut
from flows.outcomes import Outcome, accepted_sentence, outside, restatement_findings, standing_findings
from flows.progress import silent
from flows.receiving import (
    Received,
    complete,
    dispose,
    keep,
    let_go,
    receive,
    refused_unread,
)
from flows.sealing import CannotUnseal
from warehouse import loading
from warehouse.encrypting import WarehouseShut
from warehouse.opening import OUTSIDE, WarehouseBusy
from warehouse.reporting import report
from warehouse.restating import restatement

# No file can be taken in.
STOPPED = (WarehouseBusy, WarehouseShut, KeysWrong, CorrectionsWrong)


class Fault(Exception):
    """A fault of the program, by kind and place: the text of the error is left out, as it may hold a cell."""

    @classmethod
    def behind(cls, error: Exception) -> Fault:
        """Return the fault that an error shows."""
        if isinstance(error, cls):
            return error
        place = traceback.extract_tb(error.__traceback__)[-1]
        return cls(f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}")


def ingest_file(home: Home, path: Path, *, again: bool = False) -> Outcome:
    """Take in one file: receive, judge and load; nothing of a rejected one is loaded.

    Args:
        home: where everything is kept.
        path: the file.
        again: judge it even if the same bytes were accepted before (for a replay).

    Raises:
        WarehouseBusy: if another process holds the warehouse too long.
    """
    return take_in(home, LocalFile(path), again=again)


def ingest(
    home: Home,
    addresses: Iterable[str | Path],
    *,
    tell: Callable[[str], None] = silent,
    take: Callable[[Home, Lying], Outcome] | None = None,
) -> list[Outcome]:
    """Take in files and the files of folders, each for itself: one that fails does not hold up the others.

    Args:
        home: where everything is kept.
        addresses: files and folders: paths, and what begins with `s3://`.
        tell: called with a line of text before each file, for progress.
        take: what takes in one of them, where that is not to be `take_in`.

    Raises:
        NotThere: if there is nothing at an address.
        OSError, BucketShut: if it cannot be seen what there is.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    home.prepare()
    files = places.named(home, addresses)
    outcomes = []
    for number, file in enumerate(files, start=1):
        tell(f"Taking in {file.name} ({number} of {len(files)})")
        outcomes.append((take or take_in)(home, file))
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
        kept_as = kept[name]["kept_as"]
        outcomes.append(take_in(home, places.keeper(home, kept_as).kept(kept_as), Steps(), again=True))
    return outcomes


def checked(
    paths: Iterable[Path],
    *,
    to: Path | None = None,
    area: str = "E09000003",
    ask: str = "",
    corrections: Sequence[Correction] = (),
    tell: Callable[[str], None] = silent,
) -> tuple[list[Outcome], list[Path]]:
    """Judge files as `ingest` would, with nothing loaded or moved; no home is needed.

    Args:
        paths: files and folders.
        to: the folder for the answer to each file; without it nothing is written.
        area: the borough that a return is about, where no column says so.
        ask: whom the senders ask.
        corrections: the known faults of all sources.
        tell: called with a line of text before each file, for progress.

    Returns:
        What would become of each file, and the answers that were written.

    Raises:
        NotThere: if a path does not exist.
        NotOurs: if an answer would take the place of a file that is none.
    """
    files = files_in(paths)
    places = answers_to(files, to) if to else []
    outcomes, written = [], []
    for number, path in enumerate(files):
        tell(f"Judging {path.name}")
        judged = judge_file(path, area, corrections=corrections)
        outcome = Outcome(
            path.name,
            "accepted" if judged.accepted else "rejected",
            "It would be accepted." if judged.accepted else "It would be rejected.",
            source=judged.source.name if judged.source else None,
            counts=judged.counts(),
            out_of_scope=judged.out_of_scope,
            findings=judged.findings,
            read_from=judged.read_from,
        )
        outcomes.append(outcome)
        if to:
            written += answer(path, outcome, judged, places[number], ask=ask)
    return outcomes, written


def take_in(home: Home, file: Lying, steps: Steps | None = None, *, again: bool = False) -> Outcome:
    """Take one file through the steps, and turn what goes wrong with it into an outcome."""
    received, steps = None, steps or Steps()
    try:
        if refused := refused_unread(file):
            return Outcome(file.name, "rejected", "It was not read, and stays where it is.", findings=(refused,))
        received = steps.receive(home, file)
        if not again and (repeated := steps.repeat(home, received)):
            return repeated
        return steps.settle(home, received, steps.judge(received.copy, home.area, home.keys, home.corrections), again)
    except STOPPED:
        raise
    except (KeyMissing, CannotUnseal, BucketShut) as error:
        return Outcome(file.name, "failed", f"{error} The file stays where it is.")
    except StillWritten as changed:
        return Outcome(file.name, "waiting", str(changed))
    except FileNotFoundError:
        return Outcome(file.name, "gone", "It is gone: another run took it in, or its sender took it back.")
    except OUTSIDE as error:
        # A full or read-only disk, a share that is gone, a file that may not be read.
        return Outcome(
            file.name, "failed", f"It could not be taken in, and nothing was changed: {outside(error)}", may_pass=True
        )
    except Exception as error:
        return Outcome(
            file.name,
            "failed",
            f"This is a fault of the program, not of the file, which stays where it is: {Fault.behind(error)}.",
        )
    finally:
        if received is not None:
            # What cannot be removed now is removed a day later; it must not hold up the other files.
            with suppress(OSError):
                dispose(received)


def repeat(home: Home, received: Received) -> Outcome | None:
    """Return the outcome of a file whose very bytes were accepted before; None where they were not."""
    with home.open() as connection:
        of_its_size = loading.accepted_of_size(connection, received.size)
    # The hash of a long file takes a while, and is waited for only where it can matter.
    if not of_its_size or received.sha256 not in of_its_size:
        return None
    with home.open() as connection:
        outcome = _repeated(connection, received)
    return _without_original(home, received, outcome) if outcome else None


def settle(home: Home, received: Received, judged: Judged, again: bool) -> Outcome:
    """Load a judged file, or put it into quarantine, and let go of the original once that is recorded.

    Another process may have accepted the same bytes while they were judged here: then they are a repetition.

    Raises:
        StillWritten: if the original changed while its copy was judged; nothing of it is loaded.
    """
    complete(received)
    with home.open() as connection:
        outcome = None if again else _repeated(connection, received)
        if outcome is None:
            settled = judged.without(loading.erased(connection))
            outcome = (_load if judged.accepted else _quarantine)(connection, home, received, settled)
    return _without_original(home, received, outcome)


def _without_original(home: Home, received: Received, outcome: Outcome) -> Outcome:
    """Let go of the original of a recorded file; where it cannot be removed, its outcome stands and says so."""
    try:
        let_go(home, received)
    except (OSError, BucketShut) as error:
        left = f"The file could not be taken out of landing, which the next run tries again: {outside(error)}"
        return replace(outcome, message=f"{outcome.message} {left}")
    return outcome


@dataclass(frozen=True)
class Steps:
    """The steps of a file, at the seams where something outside can fail."""

    receive: Callable[[Home, Lying], Received] = receive
    repeat: Callable[[Home, Received], Outcome | None] = repeat
    judge: Callable[[Path, str, Keys, Sequence[Correction]], Judged] = judge_file
    settle: Callable[[Home, Received, Judged, bool], Outcome] = settle


def _repeated(connection: duckdb.DuckDBPyConnection, received: Received) -> Outcome | None:
    """Record and return the repetition of a file whose very bytes were accepted before; None where they were not."""
    earlier = loading.accepted_before(connection, received.sha256, received.revision)
    if earlier is None:
        return None
    outcome = Outcome(
        received.name,
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
    record(connection, received, outcome)
    return outcome


def _load(connection: duckdb.DuckDBPyConnection, home: Home, received: Received, judged: Judged) -> Outcome:
    """Append an accepted file's facts."""
    assert judged.source is not None
    assert judged.facts is not None
    standing = loading.compare(connection, judged.source.name, received.revision, judged.facts.slices)
    lost = loading.series_lost(connection, judged.source.name, judged.facts.slices, judged.facts.coverage)
    facts = brought(judged)
    restated = restatement(connection, received.arrival(""), judged.source.name, facts) if standing.changed else None
    outcome = Outcome(
        received.name,
        "accepted",
        accepted_sentence(standing, judged),
        source=judged.source.name,
        submission_id=received.submission_id,
        counts=judged.counts(unchanged=standing.rows_unchanged),
        slices=standing.changed,
        out_of_scope=judged.out_of_scope,
        findings=(
            *judged.findings,
            *standing_findings(standing, lost),
            *(restatement_findings(restated, received.submission_id) if restated else ()),
        ),
        read_from=judged.read_from,
    )
    if outcome.counts.rejected:
        folder = home.quarantine / received.sha256[:16]
        answer_in_quarantine(folder, outcome, judged, sent=received.copy, ask=home.contact)
    kept_in = PurePosixPath("archive", judged.source.name, received.sha256[:16])
    outcome = replace(outcome, kept_as=keep(home, received, kept_in, personal=judged.may_be_personal))
    record(connection, received, outcome, judged, replace(facts, held=restated.held if restated else []))
    return outcome


def brought(judged: Judged) -> loading.NewFacts:
    """Return the facts of an accepted file as the warehouse takes them."""
    assert judged.source is not None
    assert judged.facts is not None
    return loading.NewFacts(judged.source.loads, judged.facts.rows, judged.facts.slices, judged.facts.coverage)


def _quarantine(connection: duckdb.DuckDBPyConnection, home: Home, received: Received, judged: Judged) -> Outcome:
    """Keep a rejected file with its feedback; what was accepted before stands."""
    # Named by its content: what a process that is killed here leaves behind, the next run takes over.
    folder = PurePosixPath("quarantine", received.sha256[:16])
    outcome = Outcome(
        received.name,
        "rejected",
        "Nothing of the file was loaded, and nothing that was loaded before is lost.",
        source=judged.source.name if judged.source else None,
        submission_id=received.submission_id,
        counts=judged.counts(),
        out_of_scope=judged.out_of_scope,
        findings=judged.findings,
        read_from=judged.read_from,
    )
    answer_in_quarantine(home.root / folder, outcome, judged, sent=received.copy, ask=home.contact)
    outcome = replace(outcome, kept_as=keep(home, received, folder, personal=judged.may_be_personal))
    record(connection, received, outcome, judged)
    return outcome


def record(
    connection: duckdb.DuckDBPyConnection,
    received: Received,
    outcome: Outcome,
    judged: Judged | None = None,
    facts: loading.NewFacts | None = None,
    append: Callable[..., None] = loading.append,
) -> None:
    """Enter a file and what was found in it, with its facts where it brings any; `append` does it."""
    suite_result = judged.suite_result if judged else None
    append(
        connection,
        received.arrival(outcome.kept_as or ""),
        {
            **asdict(outcome.counts),
            "source": outcome.source,
            "status": outcome.status,
            "message": outcome.message,
            "vintage": facts.slices["vintage"].max() if facts else None,
            "sheet": judged.sheet if judged else None,
            "encoding": judged.encoding if judged else None,
            "suite_result": json.dumps(suite_result) if suite_result else None,
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
        facts,
    )
