"""Marking: which cells of a sent file each check objects to, as places in its sheet."""

from collections.abc import Iterator
from dataclasses import dataclass

from expectations.judging import Judgement
from transforms.recognised import Recognised

# More marks than these help nobody; the finding says how many there are.
MOST = 5_000


@dataclass(frozen=True)
class Mark:
    """Cells of a row that one check objects to.

    Attributes:
        check: the check, by its id.
        cells: row and column of each, as the sender sees them, from 1; those of the table before what stands above it.
    """

    check: str
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Marks:
    """The marks of a file, and where its table lies.

    Attributes:
        sheet: the sheet; None for a text file.
        encoding: the encoding of a text file.
        separator: what stands between its cells.
        header_row: the header's row as the sender sees it, from 1.
        marks: what to mark.
    """

    sheet: str | None
    encoding: str | None
    separator: str
    header_row: int
    marks: tuple[Mark, ...]


def marks(recognised: Recognised, judgement: Judgement) -> Marks:
    """Return what to mark in a judged file."""
    grid = recognised.grid
    return Marks(
        sheet=grid.sheet,
        encoding=grid.encoding,
        separator=grid.separator,
        header_row=grid.place(recognised.header_row + 1, recognised.left)[0],
        # What stands above the table goes for every row, and is marked once.
        marks=tuple(dict.fromkeys(_marks(recognised, judgement)))[:MOST],
    )


def _marks(recognised: Recognised, judgement: Judgement) -> Iterator[Mark]:
    for check in recognised.source.checks():
        if rows := judgement.broken.get(check.id, ()):
            looked_at = recognised.source.behind(check.looks_at)
            names = [name for name in looked_at if name in recognised.columns or name in recognised.above] or [
                min(recognised.columns, key=recognised.columns.__getitem__)
            ]
            for row in rows[:MOST]:
                cells = sorted((name in recognised.above, recognised.cell(row, name)) for name in names)
                yield Mark(check.id, tuple(cell for _, cell in cells))
