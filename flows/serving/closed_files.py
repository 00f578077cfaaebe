"""Closed files: which files of a folder their writers have closed, or moved there, as Linux tells it."""

import ctypes
import os
import struct
import sys
from pathlib import Path

#: What inotify calls a file that was closed after it was open for writing, and one that was moved to where it lies.
CLOSED_AFTER_WRITING, MOVED_TO = 0x8, 0x80
#: Before the name: the watch, what happened, what belongs together, and how long the name is.
HEADER = struct.Struct("iIII")
#: As many bytes as are read at once: those of hundreds of files.
BLOCK = 1 << 16


class ClosedFiles:
    """Tells of the files that lie directly in a folder and that somebody on this machine has closed.

    Of writers elsewhere, such as those of a network share, nothing is told; nor is it where the system has no inotify.
    """

    def __init__(self, folder: Path) -> None:
        """Begin to listen; what was closed before is not told of."""
        self._folder = folder
        self._told = _inotify(folder)

    def since(self) -> list[Path]:
        """Return the files that were closed since it was asked last, at once."""
        found = list[Path]()
        while block := self._read():
            while block:
                _, _, _, length = HEADER.unpack_from(block)
                name, block = block[HEADER.size : HEADER.size + length], block[HEADER.size + length :]
                if name:  # the folder itself has none
                    found.append(self._folder / os.fsdecode(name.rstrip(b"\0")))
        return found

    def close(self) -> None:
        """Listen no more."""
        if self._told is not None:
            os.close(self._told)
            self._told = None

    def _read(self) -> bytes:
        """Return the next of what is told; nothing where there is no more."""
        try:
            return os.read(self._told, BLOCK) if self._told is not None else b""
        except BlockingIOError:
            return b""


def _inotify(folder: Path) -> int | None:
    """Return the file from which it is read what happens in a folder; None where nothing can be told of it."""
    if sys.platform != "linux":
        return None
    system = ctypes.CDLL(None)
    told: int = system.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
    if told < 0:
        return None
    if system.inotify_add_watch(told, os.fsencode(folder), CLOSED_AFTER_WRITING | MOVED_TO) < 0:
        os.close(told)
        return None
    return told
