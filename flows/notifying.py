"""Notifying: late returns, rejected files and restatements held back are told of, each once."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.resources import files

import polars as pl
from filelock import FileLock, Timeout
from jinja2 import Environment, StrictUndefined

from flows.home import Home
from flows.sending import Message, NotSent, Sender
from flows.showing import in_full
from warehouse.opening import insert
from warehouse.reporting import report

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Notice:
    """One thing to be told. It holds nothing of a file, not even the name that its sender gave it.

    Attributes:
        kind: `late` (by two working days), `overdue` (by five), `rejected` or `held` (back from publication).
        notice_id: what it is about; each is told once.
        source: the source; None for a file that was not recognised, and so for title and supplier.
        title: what people call it.
        supplier: who sends it.
        period: the latest return that has not come, as it is written; of a late one, like the next three.
        due_on: by when it was due.
        late_by: by how many working days it is late.
        missing: how many returns are late by two working days or more.
        submission_id: the submission, of a rejected file or a restatement, like the next one.
        received_on: when it came.
    """

    kind: str
    notice_id: str
    source: str | None
    title: str | None
    supplier: str | None
    period: str | None
    due_on: date | None
    late_by: int | None
    missing: int | None
    submission_id: str | None
    received_on: date | None


def notify(home: Home, today: date, sender: Sender) -> list[Notice]:
    """Tell of late returns, rejected files and restatements held back what was not told yet, in one message.

    It is entered in the warehouse once it is sent: who is killed in between tells it twice, and nothing is lost.

    Args:
        home: where everything is kept.
        today: the day on which it is looked at what is late.
        sender: how it is sent.

    Returns:
        What was told.

    Raises:
        NotSent: if it could not be sent; the next call tries again.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    try:
        # Two at once would both tell it. The warehouse is not held while a mail server takes its time.
        with FileLock(home.warehouse.with_name("notify.lock"), timeout=PATIENCE_SECONDS):
            return _notify(home, today, sender)
    except Timeout as error:
        raise NotSent(f"Another process has been sending notices for {PATIENCE_SECONDS} seconds.") from error


def untold(home: Home, today: date) -> list[Notice]:
    """Return what is to be told on a day and was not told yet, without telling it."""
    with home.open() as connection:
        return [Notice(**one) for one in report(connection, "notices_due", today=today.isoformat())]


def _notify(home: Home, today: date, sender: Sender) -> list[Notice]:
    notices = untold(home, today)
    if not notices:
        return []
    sender.send(written(notices))
    sent_at = datetime.now(UTC).replace(tzinfo=None)
    told = [
        {"notice_id": one.notice_id, "kind": one.kind, "source": one.source, "submission_id": one.submission_id}
        for one in notices
    ]
    columns = pl.DataFrame(told, schema_overrides={"source": pl.String, "submission_id": pl.String})
    with home.open() as connection:
        insert(
            connection,
            "notification",
            columns.with_columns(pl.lit(sender.channel).alias("channel"), pl.lit(sent_at).alias("sent_at")),
        )
    return notices


def written(notices: list[Notice]) -> Message:
    """Return notices as a message in plain English."""
    environment = Environment(trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined)
    environment.filters["in_full"] = in_full

    def render(name: str) -> str:
        template = files("flows").joinpath("notices", f"{name}.txt.j2").read_text(encoding="utf-8")
        return environment.from_string(template).render(notices=notices).strip()

    return Message(subject=render("subject"), body=render("body") + "\n")
