"""Feedback: what a judgement means, in words for the person who must act."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence

import polars as pl

from expectations.checks import FieldCheck, Readable, UniqueKey
from expectations.hints import hint
from expectations.judging import FEW_ROWS_REJECTED, HAS_ROWS, WHOLE_SLICES, Judgement
from expectations.source import Source
from expectations.verdicts import Cell, Finding, Verdict, in_words, listed

EXAMPLES = 5
# So many cells of a row that do not go together are named; of more the row says enough.
COMPARED = 2

# Where the sender finds a row, or what stands in it for a field.
Address = Callable[[int, str | None], str]


def by_row(row: int, _: str | None = None) -> str:
    """Return where a row of a text file is found."""
    return f"row {row}"


def findings(
    source: type[Source],
    judgement: Judgement,
    *,
    cells: pl.DataFrame,
    headers: Mapping[str, str],
    sheet: str | None,
    address: Address = by_row,
    above: Container[str] = (),
) -> list[Finding]:
    """Return what is to be said about a judged file.

    Args:
        source: the declaration.
        judgement: the outcome of judging the file.
        cells: the text as it was found, one column a field, with `row`; only examples are taken from it.
        headers: field -> the header that the file used for it.
        sheet: the sheet of the workbook, if it is one.
        address: where the sender finds a row, or what stands in it for a field.
        above: the fields whose value stands once above the table.
    """
    said = list(_of_the_file(source, judgement, len(cells)))
    for check in source.checks():
        if not (rows := judgement.broken.get(check.id, ())):
            continue
        field = check.field
        # Any cell of a file about people may hold a name, as when a column has slipped: its row says enough.
        may_be_shown = field and not field.personal and not source.record_level
        name = field.name if isinstance(check, FieldCheck) and field else None
        if isinstance(check, FieldCheck | UniqueKey):
            found = examples(cells, rows, name, address, shown=bool(may_be_shown))
        else:
            behind = source.behind(check.looks_at)
            found = _compared(rows, [one for one in source.read if one in behind], headers, sheet, address, above)
        helps = hint(check.field, cells, rows, shown=bool(may_be_shown)) if isinstance(check, Readable) else ""
        said.append(
            Finding(
                check=check.id,
                verdict=check.verdict,
                sentence=check.said(headers),
                fix=f"{check.fix} {helps}".strip(),
                header=headers.get(field.name, field.header) if field else None,
                sheet=sheet,
                # What stands above the table goes for every row, and is found once.
                rows=len(found) if len(found) < min(len(rows), EXAMPLES) else len(rows),
                cells=found,
            )
        )
    # Of a file that is refused as a whole, nobody needs to be told that some rows wait for others.
    if judgement.held_back and judgement.accepted:
        rows = tuple(sorted(judgement.held_back))
        said.append(
            Finding(
                check=WHOLE_SLICES,
                verdict=Verdict.REJECT_ROW,
                sentence=f"other rows of the same {in_words(source.slices)} as a rejected row are held back, "
                "so that a part is not taken for the whole.",
                fix="Send the file again with the rejected rows mended, and they are loaded too; "
                "until then the earlier figures stand.",
                sheet=sheet,
                rows=len(rows),
                cells=examples(cells, rows, None, address),
            )
        )
    return said


def _compared(
    rows: tuple[int, ...],
    names: Sequence[str],
    headers: Mapping[str, str],
    sheet: str | None,
    address: Address,
    above: Container[str],
) -> tuple[Cell, ...]:
    """Return where the first few findings of a rule are: the cells that it compares, or else their rows."""
    compared = [name for name in names if name in headers]
    if not compared and (stated := [name for name in names if name in above]):
        # It goes for every row, and is found once.
        return tuple(Cell(rows[0], None, address(rows[0], name)) for name in stated)
    if sheet is None or not 0 < len(compared) <= COMPARED:
        return tuple(Cell(row, None, address(row, None)) for row in rows[:EXAMPLES])
    cells = "cells" if len(compared) > 1 else "cell"
    places = ([address(row, name).removeprefix("cell ") for name in compared] for row in rows)
    return tuple(
        Cell(row, None, f"{cells} {listed(place)}") for row, place in zip(rows[:EXAMPLES], places, strict=False)
    )


def _of_the_file(source: type[Source], judgement: Judgement, judged_rows: int) -> Iterator[Finding]:
    """Yield the findings about the file as a whole."""
    if HAS_ROWS in judgement.unmet:
        yield Finding(
            check=HAS_ROWS,
            verdict=Verdict.REJECT_FILE,
            sentence=f'The file has the headers of "{source.title}", but no row that we read.',
            fix="Check that the right file was exported, and that it is not empty.",
        )
    elif FEW_ROWS_REJECTED in judgement.unmet and not _of_itself_rejected(source, judgement):
        unusable = len(judgement.rejected - judgement.held_back)
        yield Finding(
            check=FEW_ROWS_REJECTED,
            verdict=Verdict.REJECT_FILE,
            sentence=f"{unusable:,} of {judged_rows:,} rows cannot be used, which is more than "
            f"{source.rejected_limit:.0%}, so the whole file is refused.",
            fix="Mend what is named below and send the file again.",
        )


def _of_itself_rejected(source: type[Source], judgement: Judgement) -> bool:
    """Return whether a single broken check rejects the file, however many rows break it."""
    return any(check.verdict is Verdict.REJECT_FILE and check.id in judgement.broken for check in source.checks())


def examples(
    cells: pl.DataFrame, rows: tuple[int, ...], field: str | None, address: Address = by_row, *, shown: bool = True
) -> tuple[Cell, ...]:
    """Return the first few cells of a finding, each place once.

    Args:
        cells: the text as it was found, one column a field, with `row`.
        rows: the rows of the finding.
        field: the field that it is about; without one only the rows are named.
        address: where the sender finds them.
        shown: whether the text may be shown.
    """
    first = list(rows[:EXAMPLES])
    texts = dict(cells.filter(pl.col("row").is_in(first)).select("row", field).rows()) if field and shown else {}
    found = {address(row, field): row for row in reversed(first)}
    return tuple(Cell(row, texts.get(row), where) for where, row in reversed(found.items()))
