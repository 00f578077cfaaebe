"""Feedback: what a judgement means, in words for the person who must act."""

from collections.abc import Iterator, Mapping

import polars as pl

from expectations.checks import FieldCheck
from expectations.judging import FEW_ROWS_REJECTED, HAS_ROWS, WHOLE_SLICES, Judgement
from expectations.source import Source
from expectations.verdicts import Cell, Finding, Verdict, in_words

EXAMPLES = 5


def findings(
    source: type[Source],
    judgement: Judgement,
    *,
    cells: pl.DataFrame,
    headers: Mapping[str, str],
    sheet: str | None,
) -> list[Finding]:
    """Return what is to be said about a judged file.

    Args:
        source: the declaration.
        judgement: the outcome of judging the file.
        cells: the text as it was found, one column a field, with `row`; only examples are taken from it.
        headers: field -> the header that the file used for it.
        sheet: the sheet of the workbook, if it is one.
    """
    said = list(_of_the_file(source, judgement, len(cells)))
    for check in source.checks():
        if not (rows := judgement.broken.get(check.id, ())):
            continue
        field = check.field
        # Any cell of a file about people may hold a name, as when a column has slipped: its row says enough.
        may_be_shown = field and not field.personal and not source.record_level
        shown = field.name if isinstance(check, FieldCheck) and field and may_be_shown else None
        said.append(
            Finding(
                check=check.id,
                verdict=check.verdict,
                sentence=check.sentence,
                fix=check.fix,
                header=headers.get(field.name, field.header) if field else None,
                sheet=sheet,
                rows=len(rows),
                cells=examples(cells, rows, shown),
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
                cells=examples(cells, rows, None),
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


def examples(cells: pl.DataFrame, rows: tuple[int, ...], field: str | None) -> tuple[Cell, ...]:
    """Return the first few cells of a finding; without a field only their rows are named."""
    if field is None:
        return tuple(Cell(row, None) for row in rows[:EXAMPLES])
    found = cells.filter(pl.col("row").is_in(list(rows[:EXAMPLES]))).select("row", field).rows()
    return tuple(Cell(row, text) for row, text in found)
