"""Settling: when a file that appeared is whole, which is told by its staying the same for a while."""

from collections.abc import Callable, Iterable
from pathlib import Path

#: How long a file must have stayed the same, in seconds; a longer pause of its sender is found when it is taken in.
SETTLED = 0.5


class Settling:
    """Files that have appeared or changed, until each has stayed the same for a while."""

    def __init__(self, identity: Callable[[Path], str | None], settled: float = SETTLED) -> None:
        """Begin with none.

        Args:
            identity: tells a file from what it was before it was written to; None for one that is gone.
            settled: how long each must have stayed the same, in seconds.
        """
        self._identity = identity
        self._settled = settled
        self._seen: dict[Path, tuple[str, float]] = {}

    def changed(self, paths: Iterable[Path], now: float) -> None:
        """Take note that files appeared or were written to.

        Args:
            paths: the files.
            now: seconds of a clock that is never set.
        """
        for path in paths:
            if identity := self._identity(path):
                self._seen[path] = (identity, now)

    def whole(self, now: float) -> list[Path]:
        """Return the files that have stayed the same for long enough, each once, in order of path.

        Args:
            now: seconds of the same clock.
        """
        found = []
        for path, (seen, since) in sorted(self._seen.items()):
            identity = self._identity(path)
            if identity is None:
                del self._seen[path]
            elif identity != seen:
                self._seen[path] = (identity, now)
            elif now - since >= self._settled:
                del self._seen[path]
                found.append(path)
        return found
