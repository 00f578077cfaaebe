"""Headers: the rows of a grid that may be its header, one row or two on top of each other, and what they call a column.

Of a merged range only the first cell holds its value: "Victims" over "Female" and "Male" stands once.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from expectations.fields import normal
from transforms.grid import Grid


@dataclass(frozen=True)
class Header:
    """What may be the header of a table.

    Attributes:
        top: the place of its first row, from 0.
        row: the place of its last row.
        names: what each column may be called, the fullest name first: "Victims Female", or "Female" alone.
    """

    grid: Grid
    top: int
    row: int
    names: tuple[tuple[str, ...], ...]

    @cached_property
    def normalised(self) -> tuple[tuple[str, ...], ...]:
        """The names as they are compared."""
        return tuple(tuple(map(normal, names)) for names in self.names)

    @cached_property
    def known_as(self) -> frozenset[str]:
        """All names of all columns, as they are compared."""
        return frozenset(name for names in self.normalised for name in names)


def headers(grid: Grid) -> Iterator[Header]:
    """Yield what may be the header of a grid: every row alone first, then every two rows that follow each other."""
    rows = [[" ".join(cell.split()) for cell in row] for row in grid.peek]
    for place, row in enumerate(rows):
        if any(row):
            yield Header(grid, place, place, tuple((cell,) if cell else () for cell in row))
    for place in range(1, len(rows)):
        if any(rows[place - 1]) and any(rows[place]):
            yield Header(grid, place - 1, place, tuple(_joined(grid, rows, place)))


def _joined(grid: Grid, rows: list[list[str]], place: int) -> Iterator[tuple[str, ...]]:
    """Yield what each column may be called by a row and the one above it."""
    upper, lower = rows[place - 1], rows[place]
    extent = {one.left: one.right for one in grid.merged if one.top <= place - 1 <= one.bottom}
    group, end = "", -1
    for column in range(max(len(upper), len(lower))):
        own = upper[column] if column < len(upper) else ""
        below = lower[column] if column < len(lower) else ""
        if own:
            # Without merged cells a name over several columns ends where the next one begins.
            group, end = (own, extent.get(column, len(lower))) if below else ("", -1)
        over = own or (group if column <= end else "")
        if below and over and over != below:
            yield f"{over} {below}", below
        elif below or own:
            yield (below or own,)
        else:
            yield ()
