"""Receiving: which files there are, and a private copy of each that cannot change while it is judged."""

import hashlib
import os
import re
import shutil
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from expectations.verdicts import Finding
from flows.home import Home
from transforms.reading import LARGEST_FILE, too_large
from warehouse.loading import Arrival

TABLES = {".csv", ".xlsx", ".txt", ".tsv"}
# Taken in only to be refused, for otherwise nobody would be told that they are not read.
REFUSED = {".xls", ".xlsm", ".xlsb", ".ods", ".zip"}
BLOCK = 1 << 20
# Written by spreadsheets and browsers beside the real file.
PASSING = ("~$", ".", "_.")


class NotThere(Exception):
    """A path that was named does not exist."""


class StillWritten(Exception):
    """The file changed while it was read; the next run takes it."""


@dataclass(frozen=True)
class Written:
    """How large a file is, in bytes, and when it was last written to, in nanoseconds."""

    size: int
    at: int


@dataclass(frozen=True)
class Received:
    """A file that was copied in: `copy` is ours, `original` is the sender's, last seen as `written`."""

    original: Path
    copy: Path
    written: Written
    received_at: datetime
    secured: Future[str]

    @property
    def sha256(self) -> str:
        """The hash of our copy, which is secured on disk by then; waits for both."""
        return self.secured.result()

    @property
    def submission_id(self) -> str:
        """When it was received, and the start of its hash."""
        return f"{self.received_at:%Y%m%d-%H%M%S-%f}-{self.sha256[:8]}"

    @property
    def revision(self) -> int:
        """The revision at the end of the file's name (`_r2`); 1 where none is."""
        stated = re.search(r"[_-]r(\d{1,4})$", self.original.stem, re.IGNORECASE)
        return int(stated[1]) if stated else 1

    @property
    def safe_name(self) -> str:
        """The file's name as it can be kept in any file system, beside its feedback."""
        name = re.sub(r"[^\w.\- ]", "_", self.original.name)[-120:]
        return f"_{name}" if name.casefold() == "feedback.txt" else name

    def arrival(self, kept_as: str) -> Arrival:
        """Return what the audit table keeps of it."""
        return Arrival(
            submission_id=self.submission_id,
            file_name=self.original.name,
            sha256=self.sha256,
            size_bytes=self.written.size,
            received_at=self.received_at,
            revision=self.revision,
            is_synthetic=self.original.name.startswith("synthetic_"),
            kept_as=kept_as,
        )


def files_in(paths: Iterable[Path]) -> list[Path]:
    """Return the files named, and the tables in the folders named, in order of path.

    Tables are CSV, XLSX, TXT and TSV, and those of other kinds, whose senders are to be told.

    Raises:
        NotThere: if one of the paths does not exist.
    """
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise NotThere(f"There is no file or folder {path}.")
        if path.is_file():
            found.append(path)
            continue
        found += sorted(
            one
            for one in path.rglob("*")
            if one.is_file() and one.suffix.lower() in TABLES | REFUSED and not one.name.startswith(PASSING)
        )
    return list(dict.fromkeys(found))


def refused_unread(path: Path) -> Finding | None:
    """Return the finding that a file is too large to be copied in, if it is."""
    with suppress(OSError):  # a share that is gone is said, and tried again, when the file is received
        size = path.stat().st_size
        if size > LARGEST_FILE:
            return too_large(size)
    return None


def receive(home: Home, path: Path) -> Received:
    """Copy a file in; it is hashed and secured on disk in the background, while it is judged.

    Raises:
        StillWritten: if the file changed meanwhile.
        OSError: if it cannot be read, or the home is full or read-only.
    """
    copy = home.incoming / uuid4().hex
    written = _written(path)
    try:
        with path.open("rb") as original, copy.open("wb") as private:
            shutil.copyfileobj(original, private, BLOCK)
        _look_for_changes(path, written)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    background = ThreadPoolExecutor(1)
    secured = background.submit(_secure, copy)
    background.shutdown(wait=False)
    return Received(path, copy, written, datetime.now(UTC).replace(tzinfo=None), secured)


def complete(received: Received) -> None:
    """Look whether the original is still what was copied in.

    Raises:
        StillWritten: if it has changed: what was judged was a part of it.
    """
    _look_for_changes(received.original, received.written)


def _written(path: Path) -> Written:
    found = path.stat()
    return Written(found.st_size, found.st_mtime_ns)


def _look_for_changes(path: Path, written: Written) -> None:
    if _written(path) != written:
        raise StillWritten(f"{path.name} is still being written; the next run takes it.")


def _secure(copy: Path) -> str:
    """Return the hash of a copy once it would survive a loss of power."""
    with copy.open("r+b") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return found


def keep(home: Home, received: Received, folder: Path) -> str:
    """Move our copy to where it is kept, and return that place as seen from the home."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / received.safe_name
    received.copy.replace(kept)
    return kept.relative_to(home.root).as_posix()


def let_go(home: Home, received: Received) -> None:
    """Take the original out of the landing folder; files elsewhere are the sender's and stay."""
    if received.original.resolve().is_relative_to(home.landing.resolve()):
        received.original.unlink(missing_ok=True)
