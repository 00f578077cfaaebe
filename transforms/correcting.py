"""Correcting: known faults of a provider's data are mended in the text of its cells, before anything is read of it."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from expectations.corrections import Correction, same_text
from expectations.feedback import Address, by_row, examples
from expectations.fields import Field, normal_text
from expectations.source import Source
from expectations.verdicts import Actor, Finding, Verdict


@dataclass(frozen=True)
class Corrected:
    """Cells with the corrections that concern them.

    Attributes:
        cells: the cells, corrected.
        applied: each correction that was applied, with its rows.
        stale: each one that found something else than it expects, with those rows; nothing of it is applied.
    """

    cells: pl.DataFrame
    applied: tuple[tuple[Correction, tuple[int, ...]], ...] = ()
    stale: tuple[tuple[Correction, tuple[int, ...]], ...] = ()


def corrected(source: type[Source], cells: pl.DataFrame, corrections: Iterable[Correction]) -> Corrected:
    """Return the cells of a file with its known faults mended.

    Args:
        source: the declaration.
        cells: `row`, and the stripped text of each field.
        corrections: those of this source; one whose rows are not in the file is not applied, and no error.
    """
    applied, stale = [], []
    for one in corrections:
        concerned = cells.filter(*(_is(source.read[name], value) for name, value in one.where.items()))
        if concerned.is_empty():
            continue
        as_expected = _same_text(one.field) == same_text(one.expects)
        others = tuple(concerned.filter(~as_expected)["row"].to_list())
        if others:
            stale.append((one, others))
            continue
        rows = concerned["row"].to_list()
        becomes = pl.lit(one.becomes.strip() or None, pl.String)
        cells = cells.with_columns(
            pl.when(pl.col("row").is_in(rows)).then(becomes).otherwise(pl.col(one.field)).alias(one.field)
        )
        applied.append((one, tuple(rows)))
    return Corrected(cells, tuple(applied), tuple(stale))


def correction_findings(source: type[Source], found: Corrected, address: Address = by_row) -> list[Finding]:
    """Return what is to be said to us of corrections: those applied, and those that must be removed.

    Args:
        source: the declaration.
        found: what became of the corrections.
        address: where the sender finds a cell.
    """
    said = []
    for one, rows in found.applied:
        since = f"{one.since:%d/%m/%Y}"
        said.append(
            Finding(
                check=f"correction.{one.id}",
                verdict=Verdict.WARN,
                sentence=f'the correction {one.id} was applied: "{one.expects}" was read as "{one.becomes}". {one.why}',
                fix=f"Said by {one.who}, known since {since}; remove the correction once the provider has mended it.",
                actor=Actor.US,
                header=source.read[one.field].header,
                rows=len(rows),
                cells=examples(found.cells, rows, one.field, address, shown=False),
            )
        )
    for one, rows in found.stale:
        said.append(
            Finding(
                check=f"correction.{one.id}",
                verdict=Verdict.REJECT_FILE,
                sentence=f'the correction {one.id} expects "{one.expects}", and something else stands there; the '
                "provider seems to have mended it.",
                fix="Look at the file, remove or change the correction, and replay the file.",
                actor=Actor.US,
                header=source.read[one.field].header,
                rows=len(rows),
                # Any cell of a file about people may hold a name.
                cells=examples(found.cells, rows, one.field, address, shown=not source.record_level),
            )
        )
    return said


def _is(field: Field, value: str) -> pl.Expr:
    """Return the mask of cells that say a value, in these words or as another way of writing the same."""
    wanted = pl.DataFrame({field.name: [value]}, schema={field.name: pl.String})
    typed = wanted.select(field.typed(pl.col(field.name))).to_series()[0]
    words = wanted.select(normal_text(pl.col(field.name))).to_series()[0]
    same = normal_text(pl.col(field.name)).eq(words)
    return same if typed is None else same | field.typed(pl.col(field.name)).eq(typed)


def _same_text(name: str) -> pl.Expr:
    """Return a column of text as corrections compare it; a blank cell as ""."""
    return pl.col(name).fill_null("").str.replace_all(r"\s+", " ").str.strip_chars()
