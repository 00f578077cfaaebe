"""Outcomes: what became of a file, and how it is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from expectations.verdicts import Actor, Counts, Finding, Verdict
from flows.judging import Judged
from warehouse.loading import Slices

Status = Literal["accepted", "unchanged", "rejected", "waiting", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What became of one file.

    Attributes:
        status: `accepted`; `unchanged` where the same bytes were accepted before; `rejected`; `waiting` where
            it is still being written; `failed` where the fault is ours and the file stays where it is.
        out_of_scope: why rows are none of our business -> how many.
    """

    file_name: str
    status: Status
    message: str
    source: str | None = None
    submission_id: str | None = None
    counts: Counts = field(default_factory=Counts)
    out_of_scope: dict[str, int] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    kept_as: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the outcome as JSON-ready data."""
        return {**asdict(self), "findings": [{**asdict(one), "said": str(one)} for one in self.findings]}


def feedback(outcome: Outcome) -> str:
    """Return what can be forwarded to the sender unedited."""
    lines = [f"{outcome.file_name}: {outcome.status}. {outcome.message}", ""]
    lines += [f"- {one.verdict.capitalize()}: {one}" for one in outcome.findings if one.actor is Actor.SUPPLIER]
    return "\n".join(lines) + "\n"


def accepted_sentence(standing: Slices, judged: Judged) -> str:
    """Return what an accepted file changed, in a sentence."""
    slices = standing.changed + standing.unchanged
    if not standing.changed:
        return "Accepted; everything in it was held already."
    partly = f" {judged.rejected:,} rows were rejected." if judged.rejected else ""
    return f"Accepted; {standing.changed:,} of {slices:,} slices are new or changed.{partly}"


def standing_findings(standing: Slices, series_lost: list[str]) -> Iterator[Finding]:
    """Yield what is to be said of how a file stands to what is loaded: older, a rival, or without a series."""
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
    if series_lost:
        yield Finding(
            check="file.series_lost",
            verdict=Verdict.WARN,
            sentence=f"The file takes the place of figures that had {', '.join(series_lost)}, which it does not have. "
            "They are not known from it, and not read as zero.",
            fix="If the publisher dropped them nothing can be done; otherwise send the complete file.",
            actor=Actor.US,
        )
