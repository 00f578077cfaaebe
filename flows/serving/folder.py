"""Watching a folder: an event for each file that lies in it, once it is whole."""

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from watchfiles import Change, watch

from flows.events import FileLanded, NotAccepted, Told
from flows.receiving import Written, files_in, is_table
from flows.serving.settling import Settling

#: How often a file is looked at that may still be written to, and a share that tells nothing of itself, in ms.
LOOK = 200


def watch_folder(
    folder: Path,
    emit: Callable[[Told], None],
    stop: Event,
    *,
    tell: Callable[[str], None],
    polling: bool = False,
    started: Callable[[], None] = lambda: None,
) -> None:
    """Tell of every file that lies in a folder, and of each that comes to lie there, until it is stopped.

    A file is told of until the event is accepted, then once for each time it is written to.

    Args:
        folder: the folder; those in it are watched too.
        emit: hands an event over.
        stop: set when it is to end.
        tell: called with a line of text where something is wrong.
        polling: look at the folder again and again, as a network share tells nothing of itself.
        started: called once files that come are noticed.
    """
    settling, waiting = Settling(_written), set[Path]()
    first = True
    for changes in watch(
        folder,
        watch_filter=lambda change, path: change is not Change.deleted and is_table(Path(path)),
        stop_event=stop,
        step=LOOK // 4,
        debounce=LOOK,
        rust_timeout=LOOK,
        yield_on_timeout=True,
        force_polling=polling,
        poll_delay_ms=LOOK,
    ):
        now = time.monotonic()
        if first:  # what lay there before it was watched
            settling.changed(files_in([folder]), now)
            started()
            first = False
        settling.changed((Path(path) for _, path in changes), now)
        waiting.update(settling.whole(now))
        for path in sorted(waiting):
            try:
                emit(FileLanded(str(path)))
            except NotAccepted as lost:
                tell(f"{lost}; it is told again.")
                break
            tell(f"landed    {path.name}")
            waiting.discard(path)


def _written(path: Path) -> Written | None:
    """Return how large a file is and when it was last written to; None where it is gone, or cannot be seen."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Written(found.st_size, found.st_mtime_ns)
