"""Refusing: why a recognised table is not read; each reason is a question that only its sender can answer."""

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from expectations.fields import Field, normal
from expectations.personal import is_personal
from expectations.source import Source
from expectations.verdicts import Finding, Verdict
from transforms.above import contradictions
from transforms.grid import PEEKED_ROWS
from transforms.recognised import Recognised

# "Womens supported" is close to "Women supported"; "Women" is not close to "Men", nor "Victim age" to "Victim sex".
CLOSE = 0.82


def refusals(best: Recognised, candidates: Iterable[Recognised]) -> list[Finding]:
    """Return every reason not to read the table that fits best.

    Args:
        best: the table.
        candidates: what else in the file might be one.
    """
    return [
        *_several(candidates),
        *_personal(best),
        *(_side_by_side(best) or _twice(best)),
        *contradictions(best.source, best.above),
        *_absent(best),
    ]


def hidden_tables(best: Recognised | None, hidden: Iterable[Recognised]) -> Iterator[Finding]:
    """Refuse a workbook with a table on a hidden sheet: which one holds, or whether it was to be sent, nobody can say.

    Args:
        best: the table that is shown, if there is one.
        hidden: what might be a table on a hidden sheet.
    """
    sheets = {
        one.grid.sheet
        for one in hidden
        if not one.missing or (best and one.source is best.source and 2 * len(one.columns) >= len(best.columns) > 2)
    }
    for sheet in sorted(filter(None, sheets)):
        yield Finding(
            check="file.hidden_table",
            verdict=Verdict.REJECT_FILE,
            sentence="the sheet is hidden, and holds a table. It may not be meant to be sent.",
            fix="Delete it, or show it if it is the table that counts, and send the file again.",
            sheet=sheet,
        )


def no_table() -> Finding:
    """Return the finding that nothing stands in the file."""
    return _finding("file.recognised", "The file holds no table.", "Send the data file itself.")


def unknown_headers(sources: Iterable[type[Source]]) -> Finding:
    """Return the finding that no source has such headers."""
    known = "; ".join(sorted(source.title for source in sources))
    return _finding(
        "file.recognised",
        "The headers are not those of any source we know.",
        f"Check that it is the right file, and that its header row was not changed. We know: {known}.",
    )


def _several(candidates: Iterable[Recognised]) -> Iterator[Finding]:
    """Refuse a workbook with several tables: one of them would be read, and the others dropped without a word."""
    sheets = sorted({f'"{one.grid.sheet}"' for one in candidates if not one.missing})
    if len(sheets) > 1:
        yield _finding(
            "file.several_tables",
            f"Several sheets hold a table that we could read: {', '.join(sheets)}.",
            "Send one table a file: save each sheet that counts as a file of its own.",
        )


def _personal(recognised: Recognised) -> Iterator[Finding]:
    """Refuse a column beyond the declaration that looks like personal data (R-Y01)."""
    for header in recognised.unknown:
        if is_personal(header):
            yield _finding(
                "file.personal_data",
                "the column looks like personal data, which must not be sent. Nothing of the file was read.",
                "Delete the column and send the file again; tell your information governance lead.",
                header=header,
            )


def _again(recognised: Recognised) -> dict[int, str]:
    """Return the columns that could be a field which another column is already, by their place."""
    known = {normal(header): name for name, field in recognised.source.fields.items() for header in field.headers}
    taken = {*recognised.columns.values(), *range(recognised.left)}
    return {
        place: known[normal(name)]
        for place, names in enumerate(recognised.names)
        for name in names
        if place not in taken and normal(name) in known
    }


def _side_by_side(recognised: Recognised) -> list[Finding]:
    """Refuse two tables beside each other, in one question."""
    again, columns = _again(recognised), recognised.columns
    if len(again) < 2 or 2 * len(again) < len(columns) or min(again) < max(columns[name] for name in again.values()):
        return []
    first, second = sorted(columns[name] for name in again.values()), sorted(again)
    tables = ", and ".join(recognised.grid.columns_between(one[0], one[-1]) for one in (first, second))
    return [
        _finding(
            "file.tables_side_by_side",
            f"Two tables stand side by side: {tables}. Which one holds?",
            "Send one table a file: leave the one that holds, or send each as a file of its own.",
        )
    ]


def _twice(recognised: Recognised) -> Iterator[Finding]:
    """Refuse two columns that could be the same field: nobody can say which one is meant."""
    for place, name in _again(recognised).items():
        yield _finding(
            f"{name}.column_twice",
            f'two columns could be "{recognised.headers[name]}".',
            "Keep the right one and send the file again.",
            header=recognised.titles[place],
        )


def _absent(recognised: Recognised) -> Iterator[Finding]:
    """Refuse a table without a column that must be there, or without what must stand above it."""
    title = recognised.source.title
    below = recognised.grid.peek[recognised.header_row + 1 :]
    if recognised.missing and len(recognised.grid.peek) < PEEKED_ROWS and not any(map(any, below)):
        yield _finding(
            "file.has_rows",
            f'The file has the headers of "{title}", but nothing is filled in below them.',
            "Fill it in and send it again.",
        )
    for name in recognised.missing:
        field = recognised.source.fields[name]
        if field.above:
            sentence = "it is filled in neither above the table nor in a column of its own."
            fix = f'Fill in the cell beside "{field.header}" above the table: {field.expected}.'
        else:
            sentence = f'the column is missing from what otherwise looks like "{title}".'
            names = f"give it one of these names: {', '.join(field.headers)}."
            fix = f"Add it, or {names if len(field.headers) > 1 else 'give it its name back.'}"
        if near := _near(field, recognised.unknown):
            fix += f' Column "{near}" may be it.'
        yield _finding(f"{name}.column", sentence, fix, header=field.header)


def _near(field: Field, unknown: Iterable[str]) -> str | None:
    """Return the unknown header that is closest to those of a field, if one is close."""
    spelt = {normal(header): header for header in unknown}
    near = (get_close_matches(normal(header), spelt, n=1, cutoff=CLOSE) for header in field.headers)
    return next((spelt[found[0]] for found in near if found), None)


def _finding(check: str, sentence: str, fix: str, header: str | None = None) -> Finding:
    """Return a finding that rejects the file."""
    return Finding(check=check, verdict=Verdict.REJECT_FILE, sentence=sentence, fix=fix, header=header)
