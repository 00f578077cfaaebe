"""Parsing a workbook in a process of its own: one that takes too much memory ends that process and nothing else."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import polars as pl

MEMORY = 4 << 30
UNREADABLE = 3


class TooLarge(Exception):
    """The workbook takes more memory than is let to it."""


class NotAWorkbook(Exception):
    """The workbook cannot be opened."""


def sheets(path: Path) -> dict[str, pl.DataFrame]:
    """Return the sheets of a workbook as text without headers; blank rows are kept, so that row numbers hold.

    Raises:
        TooLarge: if it takes more than MEMORY; where the system cannot limit a process, nothing is limited.
        NotAWorkbook: if it cannot be opened.
    """
    # Each thread reserves memory; the parser needs one.
    env = {**os.environ, "POLARS_MAX_THREADS": "1", "RUST_BACKTRACE": "0"}
    parsed = subprocess.run([sys.executable, "-I", __file__, str(path)], env=env, capture_output=True, check=False)
    if parsed.returncode == UNREADABLE:
        raise NotAWorkbook
    if parsed.returncode:
        raise TooLarge
    # Written by the process above, from this very file.
    return pickle.loads(parsed.stdout)  # type: ignore[no-any-return]


def _parse(path: str) -> None:
    """Write the sheets of a workbook to the output, below the limit of memory."""
    try:
        import resource
    except ImportError:  # Windows
        pass
    else:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    import fastexcel

    try:
        book = fastexcel.read_excel(path)
        loaded = {
            name: book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string") for name in book.sheet_names
        }
    except fastexcel.FastExcelError:
        sys.exit(UNREADABLE)
    pickle.dump({name: sheet.to_polars() for name, sheet in loaded.items()}, sys.stdout.buffer)


if __name__ == "__main__":
    _parse(sys.argv[1])
