"""Recognising: which declared source a file is, told by the names in its header row."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace

from expectations.feedback import EXAMPLES
from expectations.fields import normal
from expectations.source import Source
from expectations.verdicts import Actor, Cell, FileRejected, Finding, Verdict
from transforms.above import Stated, stated_above
from transforms.grid import Grid
from transforms.headers import Header, headers
from transforms.recognised import Recognised
from transforms.refusing import hidden_people, hidden_tables, no_table, refusals, unknown_headers
from transforms.sideways import holds_periods, period, turned


def recognise(grids: list[Grid], sources: Iterable[type[Source]]) -> Recognised:
    """Return the source whose declared headers fit best, and where its header row lies.

    Args:
        grids: the sheets of a workbook, or the one grid of a text file.
        sources: the declared sources.

    Raises:
        FileRejected: if no source fits, several sheets do or a hidden one does, a required column is missing, a column
            stands there twice, or a column beyond the declaration looks like personal data.
    """
    sources = list(sources)
    shown = [grid for grid in grids if not grid.hidden]
    candidates = list(_candidates(shown, sources))
    if not any(not one.missing for one in candidates):
        candidates += _on_their_side(shown, sources)
    best = max(candidates, key=_fit, default=None)
    if best is not None and best.missing and len(best.columns) < _required(best.source) / 2:
        best = None
    hidden = [grid for grid in grids if grid.hidden]
    refused = [*hidden_tables(best, _candidates(hidden, sources)), *hidden_people(hidden)]
    if best is None:
        is_blank = not any(any(row) for grid in grids for row in grid.peek)
        raise FileRejected(*(refused or [no_table() if is_blank else unknown_headers(sources)]))
    if refused := [*refused, *refusals(best, candidates)]:
        raise FileRejected(*refused, source=best.source.name)
    return replace(best, passed_over=tuple(grid for grid in grids if grid.sheet != best.grid.sheet))


def warnings(recognised: Recognised) -> list[Finding]:
    """Return what is to be said of how the table lies, of hidden sheets, and of columns that are not read."""
    return [
        *_lies(recognised),
        *_hidden(recognised),
        *_hidden_rows(recognised),
        *_nameless(recognised),
        *_unknown(recognised),
    ]


def _lies(recognised: Recognised) -> Iterator[Finding]:
    """Say that a table lies on its side."""
    if recognised.grid.upright is not None:
        yield Finding(
            check="file.sideways",
            verdict=Verdict.WARN,
            sentence="The table lies on its side: periods across and measures down. It was read so.",
            fix="Nothing needs doing, if it was meant so.",
        )


def _hidden(recognised: Recognised) -> Iterator[Finding]:
    """Say which hidden sheets were not read."""
    for grid in recognised.passed_over:
        if grid.hidden:
            yield Finding(
                check="file.hidden_sheet",
                verdict=Verdict.WARN,
                sentence="the sheet is hidden, and was not read.",
                fix="Nothing needs doing if it holds lists for the table; delete it if it was not meant to be sent.",
                sheet=grid.sheet,
            )


def _hidden_rows(recognised: Recognised) -> Iterator[Finding]:
    """Say that rows which the sender may not see were read, as those that a filter leaves out."""
    upright = recognised.grid.upright or recognised.grid
    rows = [row for row in upright.hidden_rows if upright is not recognised.grid or row > recognised.header_row + 1]
    if rows:
        yield Finding(
            check="file.hidden_rows",
            verdict=Verdict.WARN,
            sentence="rows that are hidden, as by a filter, were read like all others.",
            fix="Show them and look whether they belong in the table; delete those that do not.",
            sheet=recognised.grid.sheet,
            rows=len(rows),
            cells=tuple(Cell(row, None) for row in rows[:EXAMPLES]),
        )


def _nameless(recognised: Recognised) -> Iterator[Finding]:
    """Say which columns hold something but have no header, as the second one below a merged header has none."""
    filled = {place for row in _below(recognised) for place, cell in enumerate(row) if cell.strip()}
    named = {*recognised.columns.values(), *(place for place, title in enumerate(recognised.titles) if title)}
    for place in sorted(filled - named - set(range(recognised.left))):
        yield Finding(
            check="file.column_without_header",
            verdict=Verdict.WARN,
            sentence=f"{recognised.grid.column_name(place)} holds something but has no header, and is not read.",
            fix="Nothing needs doing if it holds notes or row numbers; if its header is merged with the one beside it, "
            "give each column a header of its own and send the file again.",
            sheet=recognised.grid.sheet,
        )


def _unknown(recognised: Recognised) -> Iterator[Finding]:
    """Say which columns the declaration does not know."""
    for header in recognised.unknown:
        yield Finding(
            check="file.unknown_column",
            verdict=Verdict.WARN,
            sentence="we do not know this column, and it is not read.",
            fix="Nothing needs doing, unless it replaces a column that we know by another name: then tell us.",
            actor=Actor.US,
            header=header,
            sheet=recognised.grid.sheet,
        )


def _candidates(grids: Iterable[Grid], sources: list[type[Source]]) -> Iterator[Recognised]:
    """Yield what every row, or two rows, of every sheet would mean as the header of each source."""
    spelt = {source: _spellings(source) for source in sources}
    known = {source: {one for spellings in spelt[source].values() for one in spellings} for source in sources}
    for grid in grids:
        for header in headers(grid):
            yield from (_read(source, spelt[source], header) for source in sources if known[source] & header.known_as)


def _on_their_side(grids: Iterable[Grid], sources: list[type[Source]]) -> Iterator[Recognised]:
    """Yield the same for every sheet turned upright, where months stand across it."""
    for recognised in _candidates(filter(None, map(turned, grids)), sources):
        if (upright := _with_periods(recognised)) is not None:
            yield upright


def _with_periods(lying: Recognised) -> Recognised | None:
    """Return a table that lay on its side with the column of its periods; None where it has none.

    The first cell above the measures, from which the periods go across, may be blank or say anything.
    """
    grid, field = lying.grid, period(lying.source)
    fields, columns = lying.source.fields, dict(lying.columns)
    measures = [place for name, place in columns.items() if not fields[name].above]
    if field is None or grid.upright is None or not measures:
        return None
    if field.name not in columns and lying.missing == [field.name]:
        free = set(range(min(measures))) - set(columns.values())
        found = [place for place in sorted(free) if holds_periods(field, grid, lying.header_row, place)]
        if len(found) == 1:
            columns[field.name] = found[0]
    if field.name not in columns or not holds_periods(field, grid, lying.header_row, columns[field.name]):
        return None
    # What stands above the periods goes for all of them.
    left = min(columns[field.name], *measures)
    columns = {name: place for name, place in columns.items() if place >= left}
    filled = {place for row in _below(lying) for place, cell in enumerate(row) if cell.strip()}
    others = filled - {*columns.values(), *range(left)}
    return replace(
        lying,
        columns=columns,
        headers={name: lying.title(place) or field.header for name, place in columns.items()},
        # A name without anything beside it is a note.
        unknown=tuple(title for place, title in enumerate(lying.titles) if title and place in others),
        above=_stated(lying.source, grid.upright, left, columns),
        left=left,
    )


def _below(recognised: Recognised) -> list[list[str]]:
    """Return the first rows below the header; of a table that lay on its side, all of them."""
    grid = recognised.grid
    if grid.upright is not None and grid.body is not None:
        return [list(row) for row in grid.body.slice(recognised.header_row + 1).iter_rows()]
    return grid.peek[recognised.header_row + 1 :]


def _read(source: type[Source], spelt: dict[str, tuple[str, ...]], header: Header) -> Recognised:
    """Return what a header would mean if it were that of a source whose fields are spelt so."""
    columns = _columns(spelt, header)
    taken = {place for place, _ in columns.values()}
    return Recognised(
        source=source,
        grid=header.grid,
        header_row=header.row,
        columns={name: place for name, (place, _) in columns.items()},
        headers={name: header.names[place][which] for name, (place, which) in columns.items()},
        unknown=tuple(names[0] for place, names in enumerate(header.names) if names and place not in taken),
        above=_stated(source, header.grid, header.top, columns) if len(columns) > 1 else {},
        top=header.top,
        names=header.names,
    )


def _stated(source: type[Source], grid: Grid, top: int, columns: Container[str]) -> dict[str, list[Stated]]:
    """Return what stands above a table for the fields that have no column in it."""
    return {name: found for name, found in stated_above(source, grid, top).items() if name not in columns}


def _columns(spelt: dict[str, tuple[str, ...]], header: Header) -> dict[str, tuple[int, int]]:
    """Return for each field that has a column its place, and which of the column's names it is known by.

    The fullest name of a column is tried first: "Female" alone may be that of several groups.
    """
    found: dict[str, tuple[int, int]] = {}
    for which in (0, 1):
        used = {place for place, _ in found.values()}
        # The first of several columns of one name; that there are more is said later.
        places = {
            names[which]: place
            for place, names in reversed(list(enumerate(header.normalised)))
            if which < len(names) and place not in used
        }
        for name, spellings in spelt.items():
            if name not in found and (known_by := next((one for one in spellings if one in places), None)):
                found[name] = places[known_by], which
    return found


def _spellings(source: type[Source]) -> dict[str, tuple[str, ...]]:
    """Return the headers of each field as they are compared."""
    return {name: tuple(map(normal, field.headers)) for name, field in source.fields.items()}


def _required(source: type[Source]) -> int:
    return sum(field.required for field in source.fields.values())


def _fit(recognised: Recognised) -> tuple[bool, int, int]:
    """Order candidates: complete first, then by columns found, then the fewest left over."""
    return not recognised.missing, len(recognised.columns), -len(recognised.unknown)
