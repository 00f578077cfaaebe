"""What the pipeline tells Prefect's server."""

from expectations.verdicts import Counts
from flows.events import FileRejected, SlicesLoaded, Told, told_of
from flows.outcomes import Outcome, Status


def told(status: Status, slices: int = 0, rejected: int = 0, submission: str | None = "s1") -> list[Told]:
    """Return what is told of a file of ten rows."""
    counts = Counts(received=10, loaded=slices, rejected=rejected, unchanged=10 - slices - rejected)
    return list(told_of(Outcome("a.csv", status, "", "refuge", submission, counts, slices)))


def test_new_slices_are_told_of() -> None:
    assert told("accepted", slices=4) == [SlicesLoaded("refuge", "s1", 4, 10, 4)]


def test_file_that_changes_nothing_is_not_told_of() -> None:
    assert told("accepted") == told("unchanged") == told("waiting") == told("failed", submission=None) == []


def test_rejected_file_is_told_of_and_so_are_rejected_rows() -> None:
    assert told("rejected", rejected=10) == [FileRejected("refuge", "s1", 10, 10)]
    assert told("accepted", slices=4, rejected=2) == [
        SlicesLoaded("refuge", "s1", 4, 10, 4),
        FileRejected("refuge", "s1", 10, 2),
    ]
