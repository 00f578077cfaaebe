"""Settling: when a file that appeared is whole, told from its size and when it was last written to."""

from collections.abc import Callable, Iterable
from pathlib import Path

from flows.receiving import Written

#: How long a file must have stayed the same, in seconds; a longer pause of its sender is found when it is taken in.
SETTLED = 0.5


class Settling:
    """Files that have appeared or changed, until each has stayed the same for a while."""

    def __init__(self, written: Callable[[Path], Written | None], settled: float = SETTLED) -> None:
        """Begin with none.

        Args:
            written: says how large a file is and when it was last written to; None for one that is gone.
            settled: how long each must have stayed the same, in seconds.
        """
        self._written = written
        self._settled = settled
        self._seen: dict[Path, tuple[Written, float]] = {}

    def changed(self, paths: Iterable[Path], now: float) -> None:
        """Take note that files appeared or were written to.

        Args:
            paths: the files.
            now: seconds of a clock that is never set.
        """
        for path in paths:
            if written := self._written(path):
                self._seen[path] = (written, now)

    def whole(self, now: float) -> list[Path]:
        """Return the files that have stayed the same for long enough, each once, in order of path.

        Args:
            now: seconds of the same clock.
        """
        found = []
        for path, (seen, since) in sorted(self._seen.items()):
            written = self._written(path)
            if written is None:
                del self._seen[path]
            elif written != seen:
                self._seen[path] = (written, now)
            elif now - since >= self._settled:
                del self._seen[path]
                found.append(path)
        return found
