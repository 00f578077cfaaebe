"""Marking: which cells of a sent file each check objects to, as places in its sheet."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from expectations.checks import Check, Row
from expectations.judging import Judgement
from expectations.source import Source
from transforms.recognised import Recognised

# More marks than these help nobody; the finding says how many there are.
MOST = 5_000


@dataclass(frozen=True)
class Mark:
    """Cells of a row that one check objects to.

    Attributes:
        check: the check, by its id.
        row: the row as the sender sees it, from 1.
        places: the places of the columns in the grid, from 0.
    """

    check: str
    row: int
    places: tuple[int, ...]


@dataclass(frozen=True)
class Marks:
    """The marks of a file, and where its table lies.

    Attributes:
        sheet: the sheet; None for a text file.
        encoding: the encoding of a text file.
        separator: what stands between its cells.
        header_row: the header's row as the sender sees it, from 1.
        first_place: the place of the first header in the grid, which leaves out blank columns before the table.
        cells: the marks.
    """

    sheet: str | None
    encoding: str | None
    separator: str
    header_row: int
    first_place: int
    cells: tuple[Mark, ...]


def marks(recognised: Recognised, judgement: Judgement) -> Marks:
    """Return what to mark in a judged file."""
    grid = recognised.grid
    header = grid.peek[recognised.header_row]
    return Marks(
        sheet=grid.sheet,
        encoding=grid.encoding,
        separator=grid.separator,
        header_row=recognised.header_row + 1,
        first_place=next(place for place, cell in enumerate(header) if cell.strip()),
        cells=tuple(_marks(recognised, judgement))[:MOST],
    )


def _marks(recognised: Recognised, judgement: Judgement) -> Iterator[Mark]:
    for check in recognised.source.checks():
        if rows := judgement.broken.get(check.id, ()):
            places = tuple(sorted(recognised.columns[name] for name in _looked_at(recognised, check)))
            yield from (Mark(check.id, row, places or (min(recognised.columns.values()),)) for row in rows[:MOST])


def _looked_at(recognised: Recognised, check: Check) -> list[str]:
    """Return the fields with a column that a check looks at."""
    names = [check.field.name] if check.field else _roots(recognised.source, check)
    return [name for name in dict.fromkeys(names) if name in recognised.columns]


def _roots(source: type[Source], check: Check) -> Iterable[str]:
    """Return the fields that a check rests on, also by way of columns derived from them."""
    for expression in (*check.columns(), check.broken()):
        for name in expression.meta.root_names():
            if name in source.derived:
                yield from source.derived[name].value(Row()).meta.root_names()
            yield name.partition("__")[0]
