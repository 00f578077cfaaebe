"""Watching a folder: an event for each file that lies in it, once it is whole."""

import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from threading import Event

from watchfiles import watch

from flows.events import FileLanded, NotAccepted, Told
from flows.landing.folder import LocalFile
from flows.landing.place import is_table
from flows.serving.closed_files import ClosedFiles
from flows.serving.settling import Settling

#: How often a file is looked at that may still be written to, and a share that tells nothing of itself, in ms.
LOOK, LOOK_AT_SHARE = 50, 200


def watch_folder(
    folder: Path,
    emit: Callable[[Told], None],
    stop: Event,
    *,
    tell: Callable[[str], None],
    polling: bool = False,
    started: Callable[[], None] = lambda: None,
) -> None:
    """Tell of every file that comes to lie in a folder, until it is stopped; a sweep takes what lay there before.

    A file is told of until the event is accepted, then once for each time it is written to.

    Args:
        folder: the folder; those in it are watched too.
        emit: hands an event over.
        stop: set when it is to end.
        tell: called with a line of text where something is wrong.
        polling: look at the folder again and again, as a network share tells nothing of itself.
        started: called, again and again, while files that come are noticed.
    """
    folder = folder.absolute()
    settling, waiting = Settling(_identity), set[Path]()
    with closing(ClosedFiles(folder)) as closed:
        for changes in watch(
            folder,
            watch_filter=None,  # a file that is none of ours must not keep the others waiting
            stop_event=stop,
            step=LOOK // 2,
            debounce=LOOK,
            rust_timeout=LOOK,
            yield_on_timeout=True,
            force_polling=polling,
            poll_delay_ms=LOOK_AT_SHARE,
        ):
            started()
            now = time.monotonic()
            settling.changed(_tables(Path(path) for _, path in changes), now)
            settling.closed(_tables(closed.since()), now)
            waiting.update(settling.whole(now))
            for path in sorted(waiting):
                try:
                    emit(FileLanded(str(path)))
                except NotAccepted as lost:
                    tell(f"{lost}; it is told again.")
                    break
                tell(f"landed    {path.name}")
                waiting.discard(path)


def _tables(paths: Iterable[Path]) -> list[Path]:
    """Return those that are to be taken in."""
    return [path for path in paths if is_table(path.name)]


def _identity(path: Path) -> str | None:
    """Return what tells a file from what it was before it was written to; None where it is gone, or cannot be seen."""
    try:
        return LocalFile(path).identity()
    except OSError:
        return None
