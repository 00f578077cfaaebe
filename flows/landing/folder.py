"""A folder as a landing place."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from typing import BinaryIO

from flows.landing.place import Lying, NotThere, is_table

BLOCK = 1 << 20


@dataclass(frozen=True)
class LocalFile:
    """A file of this machine, or of a share."""

    path: Path

    @property
    def name(self) -> str:
        """Its name."""
        return self.path.name

    @property
    def address(self) -> str:
        """Its path."""
        return str(self.path)

    @property
    def size(self) -> int:
        """How long it is, in bytes."""
        return self.path.stat().st_size

    def identity(self) -> str:
        """Return how long it is, and when it was last written to."""
        found = self.path.stat()
        return f"{found.st_size} bytes at {found.st_mtime_ns}"

    def fetch(self, copy: BinaryIO) -> None:
        """Copy it."""
        with self.path.open("rb") as original:
            copyfileobj(original, copy, BLOCK)

    def let_go(self) -> None:
        """Remove it, if it is there."""
        self.path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Folder:
    """The landing folder of a home.

    Attributes:
        folder: where files are put; the home is around it.
    """

    folder: Path

    @property
    def address(self) -> str:
        """Its path."""
        return str(self.folder)

    def waiting(self) -> list[Lying]:
        """Return the tables in it, in order of path."""
        return self.named(self.address)

    def named(self, address: str) -> list[Lying]:
        """Return the file at a path, or the tables in the folder there, in order of path."""
        return [LocalFile(path) for path in files_in([Path(address)])]

    def holds(self, lying: Lying) -> bool:
        """Return whether a file lies in it, whichever way its path goes."""
        return isinstance(lying, LocalFile) and lying.path.resolve().is_relative_to(self.folder.resolve())

    def kept_as(self, place: PurePosixPath) -> str:
        """Return a place as seen from the home."""
        return str(place)

    def keep(self, file: Path, kept_as: str) -> None:
        """Move a file there."""
        kept = self._path(kept_as)
        kept.parent.mkdir(parents=True, exist_ok=True)
        file.replace(kept)

    def kept(self, kept_as: str) -> LocalFile:
        """Return a kept file."""
        return LocalFile(self._path(kept_as))

    def remove(self, kept_as: str) -> None:
        """Remove a kept file, and its folder where nothing else lies in it."""
        kept = self._path(kept_as)
        kept.unlink(missing_ok=True)
        with suppress(OSError):  # the same bytes lie there under another name, or it is gone
            kept.parent.rmdir()

    def forget_earlier(self, kept_as: str) -> None:
        """Do nothing: a folder keeps one version."""

    def _path(self, kept_as: str) -> Path:
        return self.folder.parent / kept_as


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
        found += sorted(one for one in path.rglob("*") if one.is_file() and is_table(one.name))
    return list(dict.fromkeys(found))
