"""A recognised file: which source it is, which column is which field, and where in the file each cell is found."""

from dataclasses import dataclass
from dataclasses import field as given

from expectations.fields import normal
from expectations.source import Source
from expectations.verdicts import as_seen
from transforms.above import Stated
from transforms.grid import Grid


@dataclass(frozen=True)
class Recognised:
    """A file whose source and header row are known.

    Attributes:
        header_row: the place of the header's last row in the grid, from 0.
        columns: field name -> position of its column.
        headers: field name -> the header as the file has it.
        unknown: headers that the declaration does not know.
        above: field name -> what stands above the table for a field that has no column.
        top: the place of the header's first row, where it has two.
        names: what each column of the grid may be called, the fullest name first.
        left: how many columns of the grid lie before the table; not 0 only of a table that lies on its side.
        passed_over: the other sheets, which were not read.
    """

    source: type[Source]
    grid: Grid
    header_row: int
    columns: dict[str, int]
    headers: dict[str, str]
    unknown: tuple[str, ...]
    above: dict[str, list[Stated]] = given(default_factory=dict)
    top: int | None = None
    names: tuple[tuple[str, ...], ...] = ()
    left: int = 0
    passed_over: tuple[Grid, ...] = ()

    @property
    def titles(self) -> tuple[str, ...]:
        """The name of each column of the grid as it is shown; "" where it has none."""
        return tuple(names[0] if names else "" for names in self.names)

    def title(self, place: int) -> str | None:
        """Return the name of a column, if it has one."""
        return next(iter(self.names[place]), None) if place < len(self.names) else None

    @property
    def unread(self) -> frozenset[int]:
        """The places of the columns that the declaration knows and does not read, or that lie before the table."""
        known = (place for name, place in self.columns.items() if name not in self.source.read)
        return frozenset((*known, *range(self.left)))

    @property
    def header_rows(self) -> list[list[str]]:
        """The cells of the header, row by row."""
        first = self.header_row if self.top is None else self.top
        return self.grid.peek[first : self.header_row + 1]

    @property
    def notes(self) -> tuple[str, ...]:
        """The text above the header row, one line a row."""
        return tuple(" ".join(filter(None, cells)) for cells in self.grid.peek[: self.header_row] if any(cells))

    @property
    def missing(self) -> list[str]:
        """The fields that must be there and are found neither in a column nor above the table."""
        known = {*self.columns, *self.above}
        return [name for name, field in self.source.fields.items() if field.required and name not in known]

    def address(self, row: int, name: str | None = None) -> str:
        """Return where the sender finds what stands in a row for a field, or the row itself."""
        if name in self.columns:
            return self.grid.address(row, self.columns[name])
        if name in self.above:
            stated = self.above[name][0]
            return (self.grid.upright or self.grid).address(stated.row + 1, stated.column)
        return self.grid.address(row)

    def cell(self, row: int, name: str) -> tuple[int, int]:
        """Return the row and column, from 1, of what stands in a row for a field, as the sender sees them.

        Raises:
            KeyError: if the field stands neither in a column nor above the table.
        """
        if name in self.columns:
            return self.grid.place(row, self.columns[name])
        stated = self.above[name][0]
        return (self.grid.upright or self.grid).place(stated.row + 1, stated.column)

    @property
    def read_from(self) -> str:
        """What was read from where, in a sentence; what goes without saying is left out."""
        sheet = [f'sheet "{self.grid.sheet}"'] if self.grid.sheet is not None else []
        parts = [f"Read: {', '.join([*sheet, f'header in {self._header_place()}'])}"]
        parts += [
            f'"{header}" as "{self.source.fields[name].header}"'
            for name, header in self.headers.items()
            if normal(header) != normal(self.source.fields[name].header)
        ]
        parts += [
            f"{self.source.fields[name].header} {self._shown(name)}from {self.address(0, name)}" for name in self.above
        ]
        if others := ", ".join(f'"{one.sheet}"' for one in self.passed_over):
            parts.append(f"not read: {others}")
        return "; ".join(parts) + "."

    def _header_place(self) -> str:
        if self.grid.upright is not None:
            return self.grid.address(self.header_row + 1)
        if self.top is not None and self.top != self.header_row:
            return f"rows {self.top + 1} and {self.header_row + 1}"
        return f"row {self.header_row + 1}"

    def _shown(self, name: str) -> str:
        """Return the value that stands above the table, where it may be shown."""
        is_personal = self.source.fields[name].personal or self.source.record_level
        return "" if is_personal else f'"{as_seen(self.above[name][0].text)}" '
