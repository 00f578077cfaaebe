"""Outcomes: what became of a file, and how it is said."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal

from expectations.verdicts import Actor, Counts, Finding, Verdict, in_words, worst_first
from flows.judging import Judged
from warehouse.loading import Slices
from warehouse.restating import Restatement

#: Why a part is held back, by the rule.
RULES = {
    "restated": "published figures change beyond the limit",
    "shrunk": "counts fall to less than half of what was published",
    "lost": "published figures are no longer known from it",
    "closed year": "they restate a year whose annual report is agreed",
    "vanished": "areas or months that the file before had are missing",
}
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)

Status = Literal["accepted", "unchanged", "rejected", "waiting", "gone", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    Attributes:
        status: `accepted`; `unchanged` where the same bytes were accepted before; `rejected`; `waiting` where
            it is still being written; `gone` where another run took it in meanwhile; `failed` where the fault is ours
            and the file stays where it is.
        may_pass: whether it failed for something outside, which may be over when it is tried again.
        slices: how many of its slices are new or changed.
        out_of_scope: why rows are none of our business -> how many.
        read_from: what was read from where, in a sentence.
    """

    file_name: str
    status: Status
    message: str
    source: str | None = None
    submission_id: str | None = None
    counts: Counts = field(default_factory=Counts)
    slices: int = 0
    may_pass: bool = False
    out_of_scope: dict[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    kept_as: str | None = None
    read_from: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON-ready data."""
        return {**asdict(self), "findings": [{**asdict(one), "said": str(one)} for one in self.findings]}


def feedback(outcome: Outcome) -> str:
    """Return what can be forwarded to the sender unedited."""
    told = worst_first(one for one in outcome.findings if one.actor is Actor.SUPPLIER)
    lines = [f"{outcome.file_name}: {outcome.status}. {outcome.message}", ""]
    lines += [f"- {one.verdict.capitalize()}: {one}" for one in told]
    if outcome.status == "rejected" and not told:
        lines.append("- It was held back for a reason on our side. You need do nothing.")
    return "\n".join(lines) + "\n"


def outside(error: Exception) -> str:
    """Return what failed outside of the program, such as a full disk, and what to do about it."""
    if any(os.strerror(number) in str(error) for number in DISK_FULL):
        return "the disk with the home folder is full. Make room there, and run the command again."
    if not isinstance(error, OSError):
        return f"{str(error).splitlines()[0].removesuffix('.')}."
    said = f"{error.strerror or error}: {error.filename}" if error.filename else f"{error.strerror or error}"
    if error.errno in NOT_ALLOWED:
        return f"{said}. Close the program that has it open, or ask for the right to it."
    return f"{said}."


def accepted_sentence(standing: Slices, judged: Judged) -> str:
    """Return what an accepted file changed, in a sentence."""
    slices = standing.changed + standing.unchanged
    if not standing.changed:
        return "Accepted; everything in it was held already."
    partly = f" Rows rejected: {judged.rejected:,}." if judged.rejected else ""
    a_part = in_words(judged.source.slices) if judged.source else ""
    return f"Accepted; new or changed: {standing.changed:,} of {slices:,} parts (a part is one {a_part}).{partly}"


def standing_findings(standing: Slices, series_lost: list[str]) -> Iterator[Finding]:
    """Yield what is to be said of how a file stands to what is loaded: older, a rival, or without a series."""
    if standing.older:
        yield Finding(
            check="file.older",
            verdict=Verdict.WARN,
            sentence=f"Parts older than what is loaded: {standing.older:,}. They are kept as history, and the "
            "current figures do not change.",
            fix="Nothing needs doing, unless this file was meant to correct them: then give it a later refresh date.",
        )
    if standing.rivals:
        yield Finding(
            check="file.rival",
            verdict=Verdict.WARN,
            sentence=f"Parts that differ from another file of the same refresh date and revision: {standing.rivals:,}; "
            "and nothing says which is right.",
            fix="Send the right one again with a revision at the end of its name, such as _r2.",
        )
    if series_lost:
        yield Finding(
            check="file.series_lost",
            verdict=Verdict.WARN,
            sentence=f"The file takes the place of figures that had {', '.join(series_lost)}, which it does not have. "
            "They are not known from it, and not read as zero.",
            fix="If the publisher dropped them nothing can be done; otherwise send the complete file.",
            actor=Actor.US,
        )


def restatement_findings(restated: Restatement, submission_id: str = "") -> Iterator[Finding]:
    """Yield what is to be said of published figures that a file changes beyond the limits.

    Args:
        restated: what it changes.
        submission_id: the submission; none of a file that is not loaded.
    """
    moved = [restated_in_words(**one) for one in restated.told]
    examples = "; ".join(moved[:1]) + (f"; and {len(moved) - 1:,} more" if len(moved) > 1 else "")
    if restated.held:
        parts = len({one["slice_key"] for one in restated.held})
        because = " and ".join(sorted({RULES[one["rule"]] for one in restated.held}))
        said = f"See `vawg diff now {submission_id}`; if it is right: {how_to_accept(submission_id)}."
        yield Finding(
            check="file.held_back",
            verdict=Verdict.WARN,
            sentence=f"Parts that {'are' if submission_id else 'would be'} loaded and not published yet: {parts:,}, "
            f"because {because}{f' ({examples})' if examples else ''}. What was published before stands.",
            fix=said if submission_id else "Once it is taken in, `vawg accept` has it published, if it is right.",
            actor=Actor.US,
        )
    elif moved:
        yield Finding(
            check="file.restates",
            verdict=Verdict.WARN,
            sentence=f"Published figures of 12 months change: {examples}.",
            fix="The next publication shows them as revised; tell those who have printed them.",
            actor=Actor.US,
        )


def restated_in_words(
    *, area_name: str, series: str, last_month: date, was: int, would_be: int | None, **_: Any
) -> str:
    """Return how much a count of 12 months changes: `Barnet, ..., 12 months to Feb 2023: 722 -> 700 (-3.0%)`."""
    change = f" ({100 * (would_be - was) / was:+.1f}%)" if was and would_be is not None else ""
    becomes = "not known" if would_be is None else f"{would_be:,}"
    return f"{area_name}, {series}, 12 months to {last_month:%b %Y}: {was:,} -> {becomes}{change}"


def how_to_accept(submission_id: str) -> str:
    """Return the command that accepts what is held back of a submission."""
    return f'`vawg accept {submission_id} --by NAME --why "REASON"`'
