"""Recognising: which declared source a file is, told by the names in its header row."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import field as given

from expectations.fields import normal
from expectations.source import Source
from expectations.verdicts import Actor, FileRejected, Finding, Verdict
from transforms.above import Stated, contradictions, stated_above
from transforms.grid import PEEKED_ROWS, Grid

# A column beyond the declaration with such a name would bring personal data in: the file stays outside.
PERSONAL = re.compile(
    r"\b(fore|sur|first|last|middle|full|maiden|client|victim|perpetrator|child|person|patient)(s|'s)?\s?names?\b"
    r"|\bnames? of (the )?(client|victim|perpetrator|child|person|patient)\b|^(initials|street)$"
    r"|^names?$|\b(dob|date of birth|birth date|birthday|address|post\s?code|nhs( number| no)?|e-?mail|phone"
    r"|telephone|mobile|passport|national insurance|ni number)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Recognised:
    """A file whose source and header row are known.

    Attributes:
        columns: field name -> position of its column.
        headers: field name -> the header as the file has it.
        unknown: headers that the declaration does not know.
        above: field name -> what stands above the table for a field that has no column.
    """

    source: type[Source]
    grid: Grid
    header_row: int
    columns: dict[str, int]
    headers: dict[str, str]
    unknown: tuple[str, ...]
    above: dict[str, list[Stated]] = given(default_factory=dict)

    @property
    def unread(self) -> frozenset[int]:
        """The places of the columns that the declaration knows and does not read."""
        return frozenset(place for name, place in self.columns.items() if name not in self.source.read)

    @property
    def notes(self) -> tuple[str, ...]:
        """The text above the header row, one line a row."""
        return tuple(" ".join(filter(None, cells)) for cells in self.grid.peek[: self.header_row] if any(cells))


def recognise(grids: list[Grid], sources: Iterable[type[Source]]) -> Recognised:
    """Return the source whose declared headers fit best, and where its header row lies.

    Raises:
        FileRejected: if no source fits, several sheets do, a required column is missing, a column stands there
            twice, or a column beyond the declaration looks like personal data.
    """
    candidates = [
        _read_header(source, grid, place)
        for source in sources
        for grid in grids
        for place, row in enumerate(grid.peek)
        if any(row)
    ]
    if not candidates:
        raise FileRejected(_finding("file.recognised", "The file holds no table.", "Send the data file itself."))
    best = max(candidates, key=_fit)
    missing = _missing(best)
    if missing and len(best.columns) < len(_required(best.source)) / 2:
        known = "; ".join(sorted(source.title for source in sources))
        raise FileRejected(
            _finding(
                "file.recognised",
                "The headers are not those of any source we know.",
                f"Check that it is the right file, and that its header row was not changed. We know: {known}.",
            )
        )
    refused = [
        *_several(candidates),
        *_personal(best),
        *_twice(best),
        *contradictions(best.source, best.above),
        *_absent(best, missing),
    ]
    if refused:
        raise FileRejected(*refused, source=best.source.name)
    return best


def warnings(recognised: Recognised) -> list[Finding]:
    """Return what is to be said of columns that the declaration does not know, or that have no header."""
    return [*_nameless(recognised), *_unknown(recognised)]


def _nameless(recognised: Recognised) -> Iterator[Finding]:
    """Say which columns hold something but have no header, as the second one below a merged header has none."""
    header, *rows = recognised.grid.peek[recognised.header_row :]
    named = {place for place, cell in enumerate(header) if cell.strip()}
    for place in sorted({place for row in rows for place, cell in enumerate(row) if cell.strip()} - named):
        yield Finding(
            check="file.column_without_header",
            verdict=Verdict.WARN,
            sentence=f"column {place + 1} holds something but has no header, and is not read.",
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


def _read_header(source: type[Source], grid: Grid, place: int) -> Recognised:
    """Return what a row would mean if it were the header row of a source."""
    row = [" ".join(cell.split()) for cell in grid.peek[place]]
    normalised = [normal(cell) for cell in row]
    columns: dict[str, int] = {}
    for name, field in source.fields.items():
        spellings = [normal(header) for header in field.headers]
        found = next((normalised.index(one) for one in spellings if one in normalised), None)
        if found is not None:
            columns[name] = found
    taken = set(columns.values())
    unknown = tuple(cell for position, cell in enumerate(row) if cell and position not in taken)
    return Recognised(
        source=source,
        grid=grid,
        header_row=place,
        columns=columns,
        headers={name: row[position] for name, position in columns.items()},
        unknown=unknown,
        above={name: found for name, found in stated_above(source, grid, place).items() if name not in columns}
        if len(columns) > 1
        else {},
    )


def _required(source: type[Source]) -> list[str]:
    return [name for name, field in source.fields.items() if field.required]


def _missing(recognised: Recognised) -> list[str]:
    known = {*recognised.columns, *recognised.above}
    return [name for name in _required(recognised.source) if name not in known]


def _fit(recognised: Recognised) -> tuple[bool, int, int]:
    """Order candidates: complete first, then by columns found, then the fewest left over."""
    return not _missing(recognised), len(recognised.columns), -len(recognised.unknown)


def _several(candidates: list[Recognised]) -> Iterator[Finding]:
    """Refuse a workbook with several tables: one of them would be read, and the others dropped without a word."""
    sheets = sorted({f'"{one.grid.sheet}"' for one in candidates if not _missing(one)})
    if len(sheets) > 1:
        yield _finding(
            "file.several_tables",
            f"Several sheets hold a table that we could read: {', '.join(sheets)}.",
            "Send one table a file: save each sheet that counts as a file of its own.",
        )


def _personal(recognised: Recognised) -> Iterator[Finding]:
    """Refuse a column beyond the declaration that looks like personal data (R-Y01)."""
    for header in recognised.unknown:
        if PERSONAL.search(normal(header)):
            yield _finding(
                "file.personal_data",
                "the column looks like personal data, which must not be sent. Nothing of the file was read.",
                "Delete the column and send the file again; tell your information governance lead.",
                header=header,
            )


def _twice(recognised: Recognised) -> Iterator[Finding]:
    """Refuse two columns that could be the same field: nobody can say which one is meant."""
    known = {normal(header): name for name, field in recognised.source.fields.items() for header in field.headers}
    for header in recognised.unknown:
        if name := known.get(normal(header)):
            yield _finding(
                f"{name}.column_twice",
                f'two columns could be "{recognised.headers[name]}".',
                "Keep the right one and send the file again.",
                header=header,
            )


def _absent(recognised: Recognised, missing: list[str]) -> Iterator[Finding]:
    """Refuse a table without a column that must be there, or without what must stand above it."""
    title = recognised.source.title
    below = recognised.grid.peek[recognised.header_row + 1 :]
    whole = all(recognised.source.fields[name].above for name in missing)
    if missing and whole and len(recognised.grid.peek) < PEEKED_ROWS and not any(map(any, below)):
        yield _finding(
            "file.has_rows",
            f'The file has the headers of "{title}", but nothing is filled in below them.',
            "Fill it in and send it again.",
        )
    for name in missing:
        field = recognised.source.fields[name]
        if field.above:
            sentence = "it is filled in neither above the table nor in a column of its own."
            fix = f'Fill in the cell beside "{field.header}" above the table: {field.expected}.'
        else:
            sentence = f'the column is missing from what otherwise looks like "{title}".'
            names = f"give it one of these names: {', '.join(field.headers)}."
            fix = f"Add it, or {names if len(field.headers) > 1 else 'give it its name back.'}"
        yield _finding(f"{name}.column", sentence, fix, header=field.header)


def _finding(check: str, sentence: str, fix: str, header: str | None = None) -> Finding:
    """Return a finding that rejects the file."""
    return Finding(check=check, verdict=Verdict.REJECT_FILE, sentence=sentence, fix=fix, header=header)
