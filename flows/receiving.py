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
from typing import BinaryIO
from uuid import uuid4

from filelock import FileLock

from expectations.verdicts import Finding
from flows.home import AT_WORK, Home
from flows.keys import FILES, KeyMissing
from flows.sealing import PRIVATE, SUFFIX, seal, unseal
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
    """A file that was copied in.

    Attributes:
        original: the sender's, or the one in quarantine.
        copy: ours, which nobody else may read.
        written: the original as it was last seen.
        size: of the copy, in bytes.
        at_work: the lock that shows the copy to be in use.
    """

    original: Path
    copy: Path
    written: Written
    size: int
    received_at: datetime
    secured: Future[str]
    at_work: FileLock

    @property
    def name(self) -> str:
        """The file's name as it was sent."""
        return self.original.name.removesuffix(SUFFIX)

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
        stated = re.search(r"[_-]r(\d{1,4})$", Path(self.name).stem, re.IGNORECASE)
        return int(stated[1]) if stated else 1

    @property
    def safe_name(self) -> str:
        """The file's name as it can be kept in any file system, beside its feedback."""
        name = re.sub(r"[^\w.\- ]", "_", self.name)[-120:]
        return f"_{name}" if name.casefold() in ("feedback.txt", "feedback.html") else name

    def arrival(self, kept_as: str) -> Arrival:
        """Return what the audit table keeps of it."""
        return Arrival(
            submission_id=self.submission_id,
            file_name=self.name,
            sha256=self.sha256,
            size_bytes=self.size,
            received_at=self.received_at,
            revision=self.revision,
            is_synthetic=self.name.startswith("synthetic_"),
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
        found += sorted(one for one in path.rglob("*") if one.is_file() and is_table(one))
    return list(dict.fromkeys(found))


def is_table(path: Path) -> bool:
    """Return whether a file of this name is one to take in, if only to be refused."""
    return path.suffix.lower() in TABLES | REFUSED and not path.name.startswith(PASSING)


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
        KeyMissing: if it lies encrypted in the home, and there is no storage key.
        CannotUnseal: if it was encrypted with another one.
    """
    copy = home.incoming / uuid4().hex
    written = _written(path)
    # Dies with the process: what lies there without it was left behind.
    at_work = FileLock(copy.with_suffix(AT_WORK), thread_local=False)
    at_work.acquire()
    try:
        copy.touch(PRIVATE)
        with copy.open("wb") as plain:
            _copy(home, path, plain)
        _look_for_changes(path, written)
    except BaseException:
        _dispose(copy, at_work)
        raise
    background = ThreadPoolExecutor(1)
    secured = background.submit(_secure, copy)
    background.shutdown(wait=False)
    now = datetime.now(UTC).replace(tzinfo=None)
    return Received(path, copy, written, copy.stat().st_size, now, secured, at_work)


def dispose(received: Received) -> None:
    """Remove what is left of our copy."""
    _dispose(received.copy, received.at_work)


def _dispose(copy: Path, at_work: FileLock) -> None:
    try:
        copy.unlink(missing_ok=True)
        Path(at_work.lock_file).unlink(missing_ok=True)
    finally:
        at_work.release()


def _copy(home: Home, path: Path, plain: BinaryIO) -> None:
    """Copy a file; one that lies encrypted in the home is decrypted."""
    if path.suffix == SUFFIX and path.is_relative_to(home.root):
        unseal(path, plain, storage_key(home))
        return
    with path.open("rb") as original:
        shutil.copyfileobj(original, plain, BLOCK)


def storage_key(home: Home) -> bytes:
    """Return the key by which raw files are encrypted.

    Raises:
        KeyMissing: if there is none.
    """
    key = home.keys.at_rest(FILES)
    if key is None:
        raise KeyMissing(
            "The file is encrypted, and no storage key is set. Bring back the key file, or set VAWG_KEY_STORAGE."
        )
    return key


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


def keep(home: Home, received: Received, folder: Path, *, personal: bool) -> str:
    """Move our copy to where it is kept, and return that place as seen from the home.

    Args:
        home: where everything is kept.
        received: the file.
        folder: where it goes.
        personal: whether it is to lie there encrypted, if there is a key for it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / received.safe_name
    key = home.keys.at_rest(FILES) if personal else None
    if key:
        kept = kept.with_name(f"{kept.name}{SUFFIX}")
        seal(received.copy, kept, key)
    else:
        received.copy.replace(kept)
    return kept.relative_to(home.root).as_posix()


def lies_in_clear(home: Home, kept_as: str | None) -> bool:
    """Return whether a raw file is kept and not encrypted."""
    return bool(kept_as) and not str(kept_as).endswith(SUFFIX) and (home.root / str(kept_as)).exists()


def let_go(home: Home, received: Received) -> None:
    """Take the original out of the landing folder; files elsewhere are the sender's and stay."""
    if received.original.resolve().is_relative_to(home.landing.resolve()):
        received.original.unlink(missing_ok=True)
