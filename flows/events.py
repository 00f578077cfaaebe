"""Events: what the pipeline tells Prefect. Each has a name and a payload; no payload holds data, or names a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from flows.notifying import Notice
    from flows.outcomes import Outcome


class NotAccepted(Exception):
    """Prefect's server did not take an event; whoever emits it keeps it and tries again."""


@dataclass(frozen=True)
class FileLanded:
    """A file lies in landing, whole: it is to be taken in.

    Attributes:
        path: where it lies: a path, or `s3://bucket/key`.
    """

    NAME: ClassVar = "vawg.file.landed"
    path: str

    @property
    def about(self) -> str:
        """What the event is about."""
        return "vawg.landing"


@dataclass(frozen=True)
class SlicesLoaded:
    """A file brought new or changed slices: figures are to be refreshed.

    Attributes:
        source: the source of the file.
        submission_id: the submission that brought them.
        slices: how many are new or changed.
        received: how many rows the file had.
        loaded: how many of them were loaded.
    """

    NAME: ClassVar = "vawg.slices.loaded"
    source: str
    submission_id: str
    slices: int
    received: int
    loaded: int

    @property
    def about(self) -> str:
        """What the event is about."""
        return f"vawg.source.{self.source}"


@dataclass(frozen=True)
class FileRejected:
    """A file was rejected, or rows of it: its sender is to be answered.

    Attributes:
        source: what it was recognised as; empty where it was not.
        submission_id: the submission; `vawg quarantine show` explains it.
        received: how many rows the file had.
        rejected: how many of them were rejected.
    """

    NAME: ClassVar = "vawg.file.rejected"
    source: str
    submission_id: str
    received: int
    rejected: int

    @property
    def about(self) -> str:
        """What the event is about."""
        return f"vawg.source.{self.source or 'unknown'}"


@dataclass(frozen=True)
class Published:
    """New figures can be read.

    Attributes:
        run_id: the run that computed them.
        as_of: what was known at this instant (ISO 8601, UTC).
        figures: how many figures there are.
        complete: how many of them have a value.
    """

    NAME: ClassVar = "vawg.published"
    run_id: str
    as_of: str
    figures: int
    complete: int

    @property
    def about(self) -> str:
        """What the event is about."""
        return "vawg.publication"


@dataclass(frozen=True)
class ReturnOverdue:
    """A return is late.

    Attributes:
        source: the source.
        period: the latest period that it is late for, such as "2019/20 Q3".
        due_on: when it was due.
        late_by: by how many working days it is late.
        missing: how many periods it is late for.
    """

    NAME: ClassVar = "vawg.return.overdue"
    source: str
    period: str
    due_on: date
    late_by: int
    missing: int

    @property
    def about(self) -> str:
        """What the event is about."""
        return f"vawg.source.{self.source}"


Told = FileLanded | SlicesLoaded | FileRejected | Published | ReturnOverdue


def told_of(outcome: Outcome) -> Iterator[Told]:
    """Yield what is to be told of a file that was taken in."""
    counts, source, submission = outcome.counts, outcome.source or "", outcome.submission_id or ""
    if outcome.slices:
        yield SlicesLoaded(source, submission, outcome.slices, counts.received, counts.loaded)
    if outcome.submission_id and (outcome.status == "rejected" or counts.rejected):
        yield FileRejected(source, submission, counts.received, counts.rejected)


def overdue_of(notices: Iterable[Notice]) -> Iterator[ReturnOverdue]:
    """Yield what is to be told of the notices of late returns."""
    for one in notices:
        if one.kind == "overdue" and one.source and one.period and one.due_on and one.late_by and one.missing:
            yield ReturnOverdue(one.source, one.period, one.due_on, one.late_by, one.missing)


def emit(told: Told) -> None:
    """Hand an event to Prefect's server, and return once it has accepted it.

    Raises:
        NotAccepted: if the server cannot be reached, or refuses.
    """
    import httpx
    from prefect.client.orchestration import get_client
    from prefect.events import Event, Resource

    event = Event(event=told.NAME, resource=Resource({"prefect.resource.id": told.about}), payload=asdict(told))
    try:
        with get_client(sync_client=True) as client:
            client.request("POST", "/events", json=[event.model_dump(mode="json")]).raise_for_status()
    except httpx.HTTPError as error:
        raise NotAccepted(f"Prefect's server did not take an event ({type(error).__name__})") from None
