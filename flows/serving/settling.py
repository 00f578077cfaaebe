"""Settling: when a file that appeared is whole, which is told by its staying the same for a while."""

from collections.abc import Callable, Iterable
from pathlib import Path

#: How long a file must have stayed the same, in seconds; a longer pause of its sender is found when it is taken in.
SETTLED = 0.5
#: The same of one that its writer has closed: there are those who open it once more.
SETTLED_CLOSED = 0.2


class Settling:
    """Files that have appeared or changed, until each has stayed the same for a while."""

    def __init__(
        self, identity: Callable[[Path], str | None], settled: float = SETTLED, closed: float = SETTLED_CLOSED
    ) -> None:
        """Begin with none.

        Args:
            identity: tells a file from what it was before it was written to; None for one that is gone.
            settled: how long each must have stayed the same, in seconds.
            closed: how long one that its writer has closed.
        """
        self._identity = identity
        self._settled, self._closed = settled, closed
        # What each was, since when, and how long it must stay so.
        self._seen: dict[Path, tuple[str, float, float]] = {}

    def changed(self, paths: Iterable[Path], now: float) -> None:
        """Take note that files appeared or were written to.

        Args:
            paths: the files.
            now: seconds of a clock that is never set.
        """
        for path in paths:
            identity = self._identity(path)
            # That a file was written to may be told after it is told that it was closed.
            if identity and identity != self._seen.get(path, ("",))[0]:
                self._seen[path] = (identity, now, self._settled)

    def closed(self, paths: Iterable[Path], now: float) -> None:
        """Take note that their writers have closed files; one that is written to again has then to be closed again.

        Args:
            paths: the files.
            now: seconds of the same clock.
        """
        for path in paths:
            if identity := self._identity(path):
                self._seen[path] = (identity, now, self._closed)

    def whole(self, now: float) -> list[Path]:
        """Return the files that have stayed the same for long enough, each once, in order of path.

        Args:
            now: seconds of the same clock.
        """
        found = []
        for path, (seen, since, settled) in sorted(self._seen.items()):
            identity = self._identity(path)
            if identity is None:
                del self._seen[path]
            elif identity != seen:
                self._seen[path] = (identity, now, self._settled)
            elif now - since >= settled:
                del self._seen[path]
                found.append(path)
        return found
