"""Receiving: a private copy of a file, which cannot change while it is judged, and where it is kept afterwards."""

import hashlib
import os
import re
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from uuid import uuid4

from filelock import FileLock

from expectations.verdicts import Finding
from flows.home import AT_WORK, Home
from flows.keys import FILES, KeyMissing
from flows.landing import places
from flows.landing.bucket import SCHEME
from flows.landing.place import Landing, Lying, StillWritten
from flows.sealing import PRIVATE, SUFFIX, is_sealed, seal, unseal
from transforms.reading import LARGEST_FILE, too_large
from warehouse.loading import Arrival


@dataclass(frozen=True)
class Received:
    """A file that was copied in.

    Attributes:
        original: the sender's, or the one in quarantine.
        copy: ours, which nobody else may read.
        identity: what told the original from another in its place, when it was copied.
        size: of the copy, in bytes.
        at_work: the lock that shows the copy to be in use.
    """

    original: Lying
    copy: Path
    identity: str
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
        return f"_{name}" if name.casefold() in ("feedback.txt", "feedback.html", ".", "..") else name

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


def refused_unread(original: Lying) -> Finding | None:
    """Return the finding that a file is too large to be copied in, if it is."""
    with suppress(OSError):  # a share that is gone is said, and tried again, when the file is received
        size = original.size
        if size > LARGEST_FILE:
            return too_large(size)
    return None


def receive(home: Home, original: Lying, *, key: bytes | None = None) -> Received:
    """Copy a file in; it is hashed and secured on disk in the background, while it is judged.

    Args:
        home: where everything is kept.
        original: the file.
        key: what one that was kept encrypted is decrypted by, if not by the storage key.

    Raises:
        StillWritten: if the file changed meanwhile.
        OSError: if it cannot be read, or the home is full or read-only.
        BucketShut: if it lies on S3, which refuses.
        KeyMissing: if it was kept encrypted, and there is no storage key.
        CannotUnseal: if it was encrypted with another one.
    """
    copy = home.incoming / uuid4().hex
    identity = original.identity()
    # Dies with the process: what lies there without it was left behind.
    at_work = FileLock(copy.with_suffix(AT_WORK), thread_local=False)
    at_work.acquire()
    try:
        copy.touch(PRIVATE)
        with copy.open("wb") as plain:
            original.fetch(plain)
        _look_for_changes(original, identity)
        if original.name.endswith(SUFFIX) and is_sealed(copy):
            _unseal(copy, key or storage_key(home))
    except BaseException:
        _dispose(copy, at_work)
        raise
    background = ThreadPoolExecutor(1)
    secured = background.submit(_secure, copy)
    background.shutdown(wait=False)
    now = datetime.now(UTC).replace(tzinfo=None)
    return Received(original, copy, identity, copy.stat().st_size, now, secured, at_work)


def dispose(received: Received) -> None:
    """Remove what is left of our copy."""
    _dispose(received.copy, received.at_work)


def _dispose(copy: Path, at_work: FileLock) -> None:
    try:
        copy.unlink(missing_ok=True)
        Path(at_work.lock_file).unlink(missing_ok=True)
    finally:
        at_work.release()


def _unseal(copy: Path, key: bytes) -> None:
    """Decrypt our copy of a file that was kept encrypted."""
    sealed = copy.replace(copy.with_suffix(SUFFIX))
    try:
        copy.touch(PRIVATE)
        with copy.open("wb") as plain:
            unseal(sealed, plain, key)
    finally:
        sealed.unlink()


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
    _look_for_changes(received.original, received.identity)


def _look_for_changes(original: Lying, identity: str) -> None:
    if original.identity() != identity:
        raise StillWritten(f"{original.name} is still being written; the next run takes it.")


def _secure(copy: Path) -> str:
    """Return the hash of a copy once it would survive a loss of power."""
    with copy.open("r+b") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return found


def keep(home: Home, received: Received, folder: PurePosixPath, *, personal: bool) -> str:
    """Put our copy where it is kept, and return how the warehouse tells of that place.

    Args:
        home: where everything is kept.
        received: the file.
        folder: where it goes, as seen from the home.
        personal: whether it is to lie there encrypted, if there is a key for it.
    """
    place = places.landing(home)
    key = home.keys.at_rest(FILES) if personal else None
    if not key:
        kept_as = place.kept_as(folder / received.safe_name)
        place.keep(received.copy, kept_as)
        return kept_as
    kept_as = place.kept_as(folder / f"{received.safe_name}{SUFFIX}")
    keep_sealed(place, received.copy, kept_as, key)
    return kept_as


def keep_sealed(place: Landing, copy: Path, kept_as: str, key: bytes) -> None:
    """Put a file where it is kept, encrypted; the plain copy stays."""
    sealed = copy.with_suffix(SUFFIX)
    try:
        seal(copy, sealed, key)
        place.keep(sealed, kept_as)
    finally:
        sealed.unlink(missing_ok=True)


def lies_in_clear(home: Home, kept_as: str | None) -> bool:
    """Return whether a raw file is kept and not encrypted by us."""
    if not kept_as or kept_as.endswith(SUFFIX):
        return False
    return kept_as.startswith(SCHEME) or (home.root / kept_as).exists()


def let_go(home: Home, received: Received) -> None:
    """Take the original out of the landing place; files elsewhere are the sender's and stay."""
    if places.landing(home).holds(received.original):
        received.original.let_go()
