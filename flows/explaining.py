"""Explaining: where a published figure comes from, down to the rows of the files, counted again from these."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

import polars as pl

from expectations.periods import end_of
from flows.home import Home
from flows.judging import Judged, judge_file
from flows.landing import places
from flows.receiving import dispose, receive
from flows.sealing import CannotUnseal
from warehouse import explaining
from warehouse.explaining import Explanation, Part


class NotAsked(Exception):
    """It cannot be told which figure is meant."""


@dataclass(frozen=True)
class File:
    """A file behind a figure, read again.

    Attributes:
        submission: a row of `warehouse.explaining.Explanation.submissions`.
        rows: where its rows stand that the slices behind the figure were read from, as ranges: `rows 12 to 15`.
        slices: how many slices of it are behind the figure.
        same: how many of these the file still gives, to the letter, when it is read again.
        trouble: why it could not be read again, in a sentence.
    """

    submission: dict[str, Any]
    rows: str
    slices: int
    same: int
    trouble: str = ""


@dataclass(frozen=True)
class Explained:
    """What a figure rests on, and what the files say when they are read again.

    Attributes:
        recounts: part -> what the rows of the files make of it; no entry where records are counted by rules, or persons
            once, whose slices are compared instead.
        files: the files, by submission.
    """

    explanation: Explanation
    files: list[File]
    recounts: dict[str, int] = field(default_factory=dict)

    @property
    def holds(self) -> bool | None:
        """Whether every file gives what was loaded from it, and the counts make the published numbers; None unread."""
        if not any(file.slices or file.trouble for file in self.files):
            return None
        parts = {part.name: part for part in self.explanation.parts}
        return all(file.same == file.slices for file in self.files) and all(
            total == made(parts[name]) for name, total in self.recounts.items()
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {**asdict(self), "holds": self.holds}


def explain(
    home: Home, indicator_id: str, area: str, period: str, breakdown: str = "", *, recount: bool = True
) -> Explained:
    """Return what a published figure rests on, counted again from the files that are kept.

    Args:
        home: where everything is kept.
        indicator_id: the indicator, such as DA_OFF_R12.
        area: its code, or its name.
        period: the month in which the 12 months end, such as 2020-03.
        breakdown: what it is divided by, such as `victim_sex=F`.
        recount: read the files again; without it nothing is said of their rows.

    Raises:
        NotAsked: if the period or the breakdown cannot be read.
        NothingPublished: if nothing has been published yet.
        NoSuchFigure: if nothing is published of it.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    by, _, value = breakdown.partition("=")
    if breakdown and not value:
        raise NotAsked(f'"{breakdown}" is no breakdown: write it as victim_sex=F.')
    home.prepare()
    with home.open() as connection:
        found = explaining.explain(
            connection, home.published, indicator_id.upper(), area, _period(period), (by or "all", value or "all")
        )
    if not recount:
        return Explained(found, [File(one, "", 0, 0) for one in found.submissions])
    read = {one["submission_id"]: _read_again(home, one) for one in found.submissions}
    files = [_file(one, read[one["submission_id"]], found.parts) for one in found.submissions]
    recounts = {part.name: total for part in found.parts if (total := _recount(part, read)) is not None}
    return Explained(found, files, recounts)


def made(part: Part) -> int:
    """Return the number of a part; of a window that is not complete, what its counts make so far."""
    return part.value if part.value is not None else sum(one["value"] or 0 for one in part.counts)


def _period(period: str) -> date:
    try:
        return end_of(date.fromisoformat(f"{period[:7]}-01"), 1)
    except ValueError:
        raise NotAsked(f'"{period}" is no month: write that in which the 12 months end, such as 2020-03.') from None


def _read_again(home: Home, submission: dict[str, Any]) -> Judged | str:
    """Return what a kept file says today, or why it cannot be read."""
    kept_as = submission["kept_as"]
    if not kept_as:
        return "The file was removed when its time was over; what was loaded from it stays."
    try:
        received = receive(home, places.keeper(home, kept_as).kept(kept_as))
    except (OSError, CannotUnseal) as error:
        said = error.strerror if isinstance(error, OSError) else str(error)
        return f"The file cannot be read ({said or type(error).__name__})."
    try:
        if received.sha256 != submission["sha256"]:
            return "The file that is kept is not the one that was received: its hash is another one."
        return judge_file(received.copy, home.area, home.keys, home.corrections)
    finally:
        dispose(received)


def _file(submission: dict[str, Any], read: Judged | str, parts: list[Part]) -> File:
    """Return what a file says of the slices that were loaded from it."""
    contents = {
        (one["slice_key"], one["content_id"])
        for part in parts
        for one in part.slices
        if one["submission_id"] == submission["submission_id"]
    }
    if isinstance(read, str):
        return File(submission, "", len(contents), 0, read)
    if read.facts is None or read.standing is None or read.address is None:
        return File(submission, "", len(contents), 0, "By today's rules the file would be rejected.")
    given = set(read.facts.slices.select("slice_key", "content_id").rows())
    wanted = read.standing.filter(pl.col("slice_key").is_in([key for key, _ in contents]))
    rows = _ranges(read.address(row) for row in wanted["row"].sort().to_list())
    return File(submission, rows, len(contents), len(contents & given))


def _ranges(addresses: Iterable[str]) -> str:
    """Return addresses of rows as ranges: `row 4, rows 12 to 15`."""
    ranges: list[list[int]] = []
    others: list[str] = []
    for address in dict.fromkeys(addresses):
        kind, _, number = address.partition(" ")
        if kind != "row":
            others.append(address)  # of a table that stands sideways
        elif ranges and ranges[-1][1] == int(number) - 1:
            ranges[-1][1] += 1
        else:
            ranges.append([int(number), int(number)])
    said = [f"row {first}" if first == last else f"rows {first} to {last}" for first, last in ranges]
    return ", ".join([*said, *others])


def _recount(part: Part, read: dict[str, Judged | str]) -> int | None:
    """Return what the rows of the files add up to, where each is a count itself."""
    if part.additivity == "distinct":
        return None
    slices = part.slices
    if part.additivity == "snapshot":  # the last one is the number
        last = max((one["month"] for one in slices), default=None)
        slices = [one for one in slices if one["month"] == last]
    total = 0
    for one in slices:
        judged = read[one["submission_id"]]
        if isinstance(judged, str) or judged.facts is None or judged.source is None:
            return None
        subject = {"fact_offences": "offence_id", "fact_return_counts": "service_id"}.get(judged.source.loads)
        if subject is None:
            return None
        rows = judged.facts.rows.filter(
            (pl.col("content_id") == one["content_id"])
            & (pl.col(subject) == part.subject_id)
            & (pl.col("measure_id") == part.measure_id)
        )
        if "breakdown" in rows.columns:
            by, value = part.divided
            rows = rows.filter((pl.col("breakdown") == by) & (pl.col("breakdown_value") == value))
        total += int(rows["value"].sum())
    return total if slices else None
