"""Feedback: what a judgement means, in words for the person who must act."""

from collections.abc import Callable, Iterator, Mapping

import polars as pl

from expectations.checks import FieldCheck, Readable
from expectations.hints import hint
from expectations.judging import FEW_ROWS_REJECTED, HAS_ROWS, WHOLE_SLICES, Judgement
from expectations.source import Source
from expectations.verdicts import Cell, Finding, Verdict, in_words

EXAMPLES = 5

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
) -> list[Finding]:
    """Return what is to be said about a judged file.

    Args:
        source: the declaration.
        judgement: the outcome of judging the file.
        cells: the text as it was found, one column a field, with `row`; only examples are taken from it.
        headers: field -> the header that the file used for it.
        sheet: the sheet of the workbook, if it is one.
        address: where the sender finds a row, or what stands in it for a field.
    """
    said = list(_of_the_file(source, judgement, len(cells)))
    for check in source.checks():
        if not (rows := judgement.broken.get(check.id, ())):
            continue
        field = check.field
        # Any cell of a file about people may hold a name, as when a column has slipped: its row says enough.
        may_be_shown = field and not field.personal and not source.record_level
        name = field.name if isinstance(check, FieldCheck) and field else None
        found = examples(cells, rows, name, address, shown=bool(may_be_shown))
        helps = hint(check.field, cells, rows, shown=bool(may_be_shown)) if isinstance(check, Readable) else ""
        said.append(
            Finding(
                check=check.id,
                verdict=check.verdict,
                sentence=check.sentence,
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
            fix="Mend the rows named below and send the file again.",
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
