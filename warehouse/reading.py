"""Reading: the published database as a dashboard opens it, always at the latest publication."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import duckdb

if TYPE_CHECKING:
    import polars as pl


class NothingPublished(FileNotFoundError):
    """Nothing has been published yet."""

    def __init__(self, path: Path) -> None:
        """Say so, and what publishes."""
        super().__init__(f"Nothing has been published yet: {path} is made by `vawg run` or `vawg refresh`.")


class Published:
    """The published database; each question is answered from the latest publication, in any thread."""

    def __init__(self, path: Path) -> None:
        """Open the latest publication."""
        self._path = path.absolute()
        self._lock = Lock()
        self._stamp, self._latest = self._open()

    def sql(self, query: str, params: Sequence[object] | Mapping[str, object] | None = None) -> "pl.DataFrame":
        """Return the answer to one question; `params` are the values of its `?` (in order) or `$name` (by name)."""
        with self.at_once() as connection:
            return connection.sql(query, params=params).pl()

    @contextmanager
    def at_once(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open a read-only connection that stays on one publication, for questions that belong together."""
        with self._cursor() as connection:
            connection.execute("USE published")
            yield connection

    def close(self) -> None:
        """Let go of the file."""
        self._latest.close()

    def _cursor(self) -> duckdb.DuckDBPyConnection:
        """Return a connection to the publication that stands there now."""
        with self._lock:
            if self._stamp != _stamp(self._path):
                # Not closed: questions in progress hold on to the old one, and it goes with the last of them.
                self._stamp, self._latest = self._open()
            return self._latest.cursor()

    def _open(self) -> tuple[tuple[int, int, int], duckdb.DuckDBPyConnection]:
        """Return the stamp of the file and a connection to it."""
        stamp = _stamp(self._path)
        # Attached to a database of its own: by its path alone DuckDB would give the old file as long as it is open.
        connection = duckdb.connect(":memory:")
        connection.execute(f"ATTACH '{str(self._path).replace(chr(39), chr(39) * 2)}' AS published (READ_ONLY)")
        return stamp, connection


@contextmanager
def open_published(path: Path | str) -> Iterator[Published]:
    """Open the published database to read, now and after each new publication.

    Raises:
        NothingPublished: if nothing has been published yet.
    """
    published = Published(Path(path))
    try:
        yield published
    finally:
        published.close()


def _stamp(path: Path) -> tuple[int, int, int]:
    """Return what tells one publication from the next."""
    try:
        found = path.stat()
    except FileNotFoundError:
        raise NothingPublished(path) from None
    return found.st_ino, found.st_mtime_ns, found.st_size
