"""Conforming: rows of text to the typed rows of a source; what is none of our business is counted."""

from collections import Counter
from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import islice
from types import NoneType

import polars as pl

from expectations.checks import Row
from expectations.corrections import Correction
from expectations.feedback import Address, by_row, examples
from expectations.fields import ERRORS, Field, Text
from expectations.personal import personal_values
from expectations.source import NormalRow, Source
from expectations.verdicts import FileRejected, Finding, Verdict
from transforms.correcting import Corrected, corrected
from transforms.recognised import Recognised
from transforms.refusing import personal_cell
from transforms.surroundings import TOTALS, rows_of_totals, rows_where, stripped, without_what_is_around

FIGURES = ("number", "decimal")


@dataclass(frozen=True)
class Conformed:
    """The rows of a file as its declaration sees them.

    Attributes:
        rows: rows in scope, each once: `row`, the typed columns and `<field>__state`.
        cells: the same rows' text as it was found.
        received: all rows below the header.
        out_of_scope: reason -> rows that are none of our business.
        duplicate: rows that repeat another in all that is read of it, as the sender numbers them.
        corrected: which known faults were mended in the cells.
    """

    rows: pl.DataFrame
    cells: pl.DataFrame
    received: int
    out_of_scope: dict[str, int]
    duplicate: tuple[int, ...]
    corrected: Corrected


def conform(
    recognised: Recognised, batches: Iterable[pl.DataFrame], corrections: Iterable[Correction] = ()
) -> Conformed:
    """Return the typed rows of a recognised file.

    Args:
        recognised: the source and which column is which field.
        batches: the rows below the header as text, as `transforms.reading.rows` yields them.
        corrections: known faults of this source.

    Raises:
        FileRejected: if a cell beyond the declaration, or of free text, looks like personal data.
    """
    source = recognised.source
    # A batch is let go before the next one is fetched: in a loop both would be in memory.
    parts = list(map(partial(_ours, recognised), batches))
    none = pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(source.read, pl.String)})
    found = corrected(source, pl.concat([none, *(part.cells for part in parts)]), corrections)
    cells = found.cells
    left_out = sum((part.left_out for part in parts), Counter[str]())
    received = len(cells) + left_out.total()
    once = cells.unique(subset=list(source.read), keep="first", maintain_order=True)
    typed = _typed(source, once, {*recognised.columns, *recognised.above})
    if not (totals := rows_of_totals(source, typed, once)).is_empty():
        every = cells.join(totals, on=list(source.read), how="semi", nulls_equal=True)
        left_out[TOTALS] += len(every)
        cells, once, typed = (
            one.join(every, on="row", how="anti", maintain_order="left") for one in (cells, once, typed)
        )
    return Conformed(
        rows=special(source)(typed),
        cells=once,
        received=received,
        out_of_scope=dict(+left_out),
        duplicate=tuple(cells.join(once, on="row", how="anti")["row"].to_list()),
        corrected=found,
    )


def warnings(conformed: Conformed, address: Address = by_row) -> list[Finding]:
    """Return what is to be said of rows that stand in the file twice to the letter.

    Args:
        conformed: the rows.
        address: where the sender finds a row.
    """
    if not conformed.duplicate:
        return []
    return [
        Finding(
            check="file.duplicate_rows",
            verdict=Verdict.WARN,
            sentence="these rows repeat another row to the letter and are not counted again.",
            fix="Nothing needs doing; look into it if the export was not meant to repeat rows.",
            rows=len(conformed.duplicate),
            cells=examples(conformed.cells, conformed.duplicate, None, address),
        )
    ]


@dataclass(frozen=True)
class _Part:
    """What a batch has for us: the cells of our rows, and how many rows were left out for which reason."""

    cells: pl.DataFrame
    left_out: Counter[str]


def _ours(recognised: Recognised, batch: pl.DataFrame) -> _Part:
    """Return the rows of a batch that are our business; the columns are fields, and one that is not there is blank."""
    _refuse_personal(recognised, batch)
    body, around = without_what_is_around(recognised, batch)
    body = _filled_down(recognised, body)
    cells = body.select(
        "row",
        *(
            pl.col(str(recognised.columns[name])).alias(name)
            if name in recognised.columns
            else pl.lit(recognised.above[name][0].text if name in recognised.above else None, pl.String).alias(name)
            for name in recognised.source.read
        ),
    )
    ours, out_of_scope = _in_scope(recognised.source, cells)
    return _Part(ours.select("row", stripped(pl.exclude("row"))), around + out_of_scope)


def _filled_down(recognised: Recognised, body: pl.DataFrame) -> pl.DataFrame:
    """Return rows in which the value of cells merged down a column stands in each of them.

    A merged figure is left where it is: it may be of all those rows together.
    """
    down = [one for one in recognised.grid.merged if one.left == one.right and one.top > recognised.header_row]
    for name, place in recognised.columns.items():
        ranges = [one for one in down if one.left == place]
        if not ranges or recognised.source.fields[name].entry.kind in FIGURES:
            continue
        last: int = max(body["row"].to_list(), default=0)
        below = ((row, one.top + 1) for one in ranges for row in range(one.top + 2, min(one.bottom + 1, last) + 1))
        # Ranges do not overlap, so that there are no more such rows than rows.
        first = dict(islice(below, len(body)))
        text = dict(body.select("row", str(place)).rows())
        filled = [text.get(first.get(row, row)) for row in text]
        body = body.with_columns(pl.Series(str(place), filled, pl.String))
    return body


def _refuse_personal(recognised: Recognised, batch: pl.DataFrame) -> None:
    """Refuse rows with personal data in a column that was not asked for, or in free text (R-Y01).

    Raises:
        FileRejected: if a cell looks like it; the cell is not repeated.
    """
    asked_for = {str(place): recognised.source.fields[name] for name, place in recognised.columns.items()}
    places = [place for place in batch.columns if type(asked_for.get(place)) in (NoneType, Text) and place != "row"]
    found = [
        personal_cell(recognised.grid, int(place), kind, recognised.title(int(place)))
        for place, kind in personal_values(batch.select(places)).items()
    ]
    if found:
        raise FileRejected(*found, source=recognised.source.name)


def _in_scope(source: type[Source], cells: pl.DataFrame) -> tuple[pl.DataFrame, Counter[str]]:
    """Return the rows of ours, and how many were left out by each scope, in the order of declaration."""
    left_out = Counter[str]()
    for scope in source.scopes:
        ours = rows_where(cells, scope.ours(NormalRow()))
        left_out[scope.because] = len(cells) - len(ours)
        cells = ours
    return cells, left_out


def _typed(source: type[Source], cells: pl.DataFrame, given: Container[str]) -> pl.DataFrame:
    """Return the typed columns, the state of each cell, and what is derived from them.

    Args:
        source: the declaration.
        cells: the text.
        given: the fields that stand in the file at all.
    """
    # What a spreadsheet shows for a broken formula is no text.
    text = {name: pl.when(~pl.col(name).str.contains(ERRORS)).then(pl.col(name)) for name in source.read}
    typed = cells.select(
        "row",
        *(field.typed(text[name]).alias(name) for name, field in source.read.items()),
        *(
            column.alias(beside)
            for name, field in source.read.items()
            for beside, column in field.beside(text[name]).items()
        ),
    )
    return typed.with_columns(
        _state(field, cells[name], typed[name], "blank" if name in given else "absent").alias(field.state)
        for name, field in source.read.items()
    ).with_columns(derived.value(Row()).alias(name) for name, derived in source.derived.items())


def _state(field: Field, text: pl.Series, typed: pl.Series, empty: str) -> pl.Series:
    """Return of each cell whether it is empty, and in which way, a value, unreadable or of one of the readings."""
    state = pl.when(pl.col("typed").is_null()).then(pl.lit("unreadable")).otherwise(pl.lit("value"))
    for one in field.readings:
        state = pl.when(one.seen(pl.col("text"))).then(pl.lit(one.state)).otherwise(state)
    both = pl.DataFrame({"text": text, "typed": typed})
    return both.select(pl.when(pl.col("text").is_null()).then(pl.lit(empty)).otherwise(state)).to_series()


def special(source: type[Source]) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Return the function of the source's own name beside this module, where its fields do not say it all."""
    if find_spec(f"transforms.{source.name}") is None:
        return lambda rows: rows
    function: Callable[[pl.DataFrame], pl.DataFrame] = getattr(import_module(f"transforms.{source.name}"), source.name)
    return function
