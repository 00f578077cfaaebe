"""Marking: which cells of a sent file each check objects to, as places that its sender sees."""

from collections.abc import Iterator
from dataclasses import dataclass

from expectations.checks import Check, Row
from expectations.judging import Judgement
from expectations.source import Source
from transforms.recognised import Recognised

# More marks than these help nobody; the finding says how many there are.
MOST = 5_000


@dataclass(frozen=True)
class Mark:
    """Cells that one check objects to together.

    Attributes:
        check: the check, by its id.
        cells: the row and column of each cell in its sheet, from 1.
    """

    check: str
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Marks:
    """The marks of a file.

    Attributes:
        sheet: the sheet; None for a text file.
        encoding: the encoding of a text file.
        separator: what stands between its cells.
        header_row: the row of its header, from 1.
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
    header_row, _ = grid.place(recognised.header_row + 1, 0)
    found = {check.id: list(_marks(recognised, judgement, check)) for check in recognised.source.checks()}
    all_of_them = [mark for those in found.values() for mark in dict.fromkeys(those)]
    return Marks(grid.sheet, grid.encoding, grid.separator, header_row, tuple(all_of_them[:MOST]))


def _marks(recognised: Recognised, judgement: Judgement, check: Check) -> Iterator[Mark]:
    names = [check.field.name] if check.field else list(dict.fromkeys(_roots(recognised.source, check)))
    for row in judgement.broken.get(check.id, ())[:MOST]:
        cells = tuple(place for name in names if (place := _place(recognised, row, name)))
        # A rule about the whole table is shown at the beginning of its row.
        yield Mark(check.id, cells or (recognised.grid.place(row, min(recognised.columns.values())),))


def _place(recognised: Recognised, row: int, name: str) -> tuple[int, int] | None:
    """Return where the sender finds the cell of a field; None where the file has none."""
    if name in recognised.columns:
        return recognised.grid.place(row, recognised.columns[name])
    if name in recognised.above:
        stated = recognised.above[name][0]
        return (recognised.grid.upright or recognised.grid).place(stated.row + 1, stated.column)
    return None


def _roots(source: type[Source], check: Check) -> Iterator[str]:
    """Yield the fields that a check rests on, also by way of columns derived from them."""
    for expression in (*check.columns(), check.broken()):
        for name in expression.meta.root_names():
            if name in source.derived:
                yield from source.derived[name].value(Row()).meta.root_names()
            yield name.partition("__")[0]
