"""Parsing a workbook in a process of its own: one that takes too much memory ends that process and nothing else."""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    import fastexcel

MEMORY = 4 << 30
UNREADABLE = 3


class TooLarge(Exception):
    """The workbook takes more memory than is let to it."""


class NotAWorkbook(Exception):
    """The workbook cannot be opened."""


class Sheet(NamedTuple):
    """A parsed sheet: its cells as text, how many blank columns lie before them, and whether it is hidden."""

    name: str
    body: pl.DataFrame
    first_column: int
    hidden: bool


def sheets(path: Path) -> list[Sheet]:
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
    return [Sheet(*one) for one in pickle.loads(parsed.stdout)]


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
        loaded = [book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string") for name in book.sheet_names]
    except fastexcel.FastExcelError:
        sys.exit(UNREADABLE)
    # Plain tuples: a class of this file would be one of `__main__` for who reads them.
    parsed = [(one.name, one.to_polars(), _first_column(one), one.visible != "visible") for one in loaded]
    pickle.dump(parsed, sys.stdout.buffer)


def _first_column(sheet: "fastexcel.ExcelSheet") -> int:
    """Return how many blank columns lie before the first one that holds anything: those are left out."""
    columns = sheet.available_columns()
    return columns[0].absolute_index if columns else 0


if __name__ == "__main__":
    _parse(sys.argv[1])
