"""Progress: a spinner on the terminal's error stream, which says what is going on while one has to wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape


def silent(_text: str) -> None:
    """Say nothing."""


@contextmanager
def progress(text: str) -> Iterator[Callable[[str], None]]:
    """Show a spinner with a text, and yield the function that changes the text."""
    console = Console(stderr=True)
    with console.status(text) as status:
        yield lambda text: status.update(escape(text))
