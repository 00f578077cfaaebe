"""What a folder and a bucket have in common."""

from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

TABLES = {".csv", ".xlsx", ".txt", ".tsv"}
# Taken in only to be refused, for otherwise nobody would be told that they are not read.
REFUSED = {".xls", ".xlsm", ".xlsb", ".ods", ".zip"}
# Written by spreadsheets and browsers beside the real file.
PASSING = ("~$", ".", "_.")


class NotThere(Exception):
    """What was named does not exist."""


class StillWritten(Exception):
    """The file changed while it was read; the next run takes it."""


class Lying(Protocol):
    """A file that lies somewhere."""

    @property
    def name(self) -> str:
        """What its sender called it: one line that can be shown."""

    @property
    def address(self) -> str:
        """Where it lies, as it can be named on the command line."""

    @property
    def size(self) -> int:
        """How long it is, in bytes; 0 where nobody has looked.

        Raises:
            OSError: if it cannot be seen.
        """

    def identity(self) -> str:
        """Return what tells the file from another, or a later one, in its place.

        Raises:
            OSError: if it cannot be seen.
        """

    def fetch(self, copy: BinaryIO) -> None:
        """Write all of it to our copy.

        Raises:
            StillWritten: if another file has taken its place since it was seen.
            OSError: if it cannot be read, or not to its end; what was written by then is not to be used.
            BucketShut: if S3 refuses.
        """

    def let_go(self) -> None:
        """Remove it, if it is there; not one that has taken its place.

        Raises:
            OSError: if it cannot be removed.
            BucketShut: if S3 refuses.
        """


class Landing(Protocol):
    """Where files land; beside it, in `archive` and `quarantine`, is where they are kept."""

    @property
    def address(self) -> str:
        """Where it is."""

    def waiting(self) -> list[Lying]:
        """Return the files that wait to be taken in, in order of name; versions of one, the oldest first.

        Raises:
            NotThere: if there is no such place.
            OSError: if it cannot be reached.
            BucketShut: if S3 refuses.
        """

    def named(self, address: str) -> list[Lying]:
        """Return the file at an address, or the tables below it; raises as `waiting`."""

    def holds(self, lying: Lying) -> bool:
        """Return whether a file lies here, and so is ours to remove; others are their senders'."""

    def kept_as(self, place: PurePosixPath) -> str:
        """Return how the warehouse tells where a file is kept, given its place beside here."""

    def keep(self, file: Path, kept_as: str) -> None:
        """Put a file of ours where it is kept, whole or not at all; it may be gone from where it was.

        Raises:
            OSError: if it cannot be written.
            BucketShut: if S3 refuses.
        """

    def kept(self, kept_as: str) -> Lying:
        """Return a kept file, whether or not it is there."""

    def remove(self, kept_as: str) -> None:
        """Remove a kept file, in every version, if it is there; raises as `keep`."""

    def forget_earlier(self, kept_as: str) -> None:
        """Remove every version of a kept file but the latest; raises as `keep`."""


def shown(text: str) -> str:
    """Return a name that somebody else chose as one line that can be printed."""
    return "".join(one if one.isprintable() else "_" for one in text)


def is_table(name: str) -> bool:
    """Return whether a file of this name is one to take in, if only to be refused."""
    return PurePosixPath(name).suffix.lower() in TABLES | REFUSED and not name.startswith(PASSING)
