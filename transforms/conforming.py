"""Conforming: rows of text to the typed rows of a source; what is none of our business is counted."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec

import polars as pl

from expectations.checks import Row
from expectations.corrections import Correction
from expectations.feedback import examples
from expectations.fields import Field, normal_text
from expectations.source import NormalRow, Source
from expectations.verdicts import Finding, Verdict
from transforms.correcting import Corrected, corrected
from transforms.recognising import Recognised


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
    """
    source = recognised.source
    # A batch is let go before the next one is fetched: in a loop both would be in memory.
    parts = list(map(partial(_ours, recognised), batches))
    none = pl.DataFrame(schema={"row": pl.Int64, **dict.fromkeys(source.read, pl.String)})
    found = corrected(source, pl.concat([none, *(part.cells for part in parts)]), corrections)
    cells = found.cells
    once = cells.unique(subset=list(source.read), keep="first", maintain_order=True)
    return Conformed(
        rows=special(source)(_typed(source, once)),
        cells=once,
        received=len(cells) + sum(part.left_out.total() for part in parts),
        out_of_scope=dict(sum((part.left_out for part in parts), Counter())),
        duplicate=tuple(cells.join(once, on="row", how="anti")["row"].to_list()),
        corrected=found,
    )


def warnings(conformed: Conformed) -> list[Finding]:
    """Return what is to be said of rows that stand in the file twice to the letter."""
    if not conformed.duplicate:
        return []
    return [
        Finding(
            check="file.duplicate_rows",
            verdict=Verdict.WARN,
            sentence="these rows repeat another row to the letter and are not counted again.",
            fix="Nothing needs doing; look into it if the export was not meant to repeat rows.",
            rows=len(conformed.duplicate),
            cells=examples(conformed.cells, conformed.duplicate, None),
        )
    ]


@dataclass(frozen=True)
class _Part:
    """What a batch has for us: the cells of our rows, and how many rows were left out for which reason."""

    cells: pl.DataFrame
    left_out: Counter[str]


def _ours(recognised: Recognised, batch: pl.DataFrame) -> _Part:
    """Return the rows of a batch that are our business; the columns are fields, and one that is not there is blank."""
    body, around = _without_what_is_around(batch, recognised.grid.peek[recognised.header_row])
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
    return _Part(ours.select("row", _stripped(pl.exclude("row"))), around + out_of_scope)


def _stripped(cells: pl.Expr) -> pl.Expr:
    """Return cells without the white space around them; a blank one is null."""
    return cells.str.strip_chars().replace("", None)


def _without_what_is_around(batch: pl.DataFrame, header: list[str]) -> tuple[pl.DataFrame, Counter[str]]:
    """Return rows without blank ones and what is no row of a table, and how many of each kind that was.

    Two exports pasted together have the header twice. A note is a sentence alone in its row; a row that was cut off
    after a date or code is none.
    """
    places = [name for name in batch.columns if name != "row"]
    titles = {place: header[int(place)].strip() or None for place in places if int(place) < len(header)}
    first = _stripped(pl.col(places[0]))
    odd = _rows_where(batch, first.is_null() | (first == titles[places[0]]) | _is_total(first) | _is_note(first))
    if odd.is_empty():
        return batch, Counter()
    cells = odd.select("row", _stripped(pl.exclude("row")))
    first, alone = pl.coalesce(pl.exclude("row")), pl.sum_horizontal(pl.exclude("row").is_not_null()) == 1
    again = pl.all_horizontal(pl.col(place).eq_missing(pl.lit(title)) for place, title in titles.items())
    around = cells.select(
        "row",
        kind=pl.when(first.is_null())
        .then(pl.lit("blank"))
        .when(_is_total(first))
        .then(pl.lit("rows of totals"))
        .when(alone & _is_note(first))
        .then(pl.lit("notes around the table"))
        .when(again)
        .then(pl.lit("the header again")),
    ).drop_nulls("kind")
    left_out = Counter(around["kind"].to_list())
    del left_out["blank"]
    return batch.join(around, on="row", how="anti", maintain_order="left"), left_out


def _is_total(first: pl.Expr) -> pl.Expr:
    return normal_text(first).str.contains(r"^(grand |sub[- ]?)?totals?\b")


def _is_note(first: pl.Expr) -> pl.Expr:
    return first.str.contains(r"^[A-Za-z*\[(]\D*\s")


def _in_scope(source: type[Source], cells: pl.DataFrame) -> tuple[pl.DataFrame, Counter[str]]:
    """Return the rows of ours, and how many were left out by each scope, in the order of declaration."""
    left_out = Counter[str]()
    for scope in source.scopes:
        ours = _rows_where(cells, scope.ours(NormalRow()))
        left_out[scope.because] = len(cells) - len(ours)
        cells = ours
    return cells, left_out


def _rows_where(cells: pl.DataFrame, says: pl.Expr) -> pl.DataFrame:
    """Return the rows for which something holds; asked once for each distinct text, of which a long file has few."""
    asked = list(dict.fromkeys(says.meta.root_names()))
    distinct = cells.select(asked).unique()
    ours = distinct.filter(says)
    if len(asked) == 1:
        return cells.filter(cells[asked[0]].is_in(ours[asked[0]].implode(), nulls_equal=True))
    return cells.join(ours, on=asked, how="semi", nulls_equal=True, maintain_order="left")


def _typed(source: type[Source], cells: pl.DataFrame) -> pl.DataFrame:
    """Return the typed columns, the state of each cell, and what is derived from them."""
    typed = cells.select(
        "row",
        *(field.typed(pl.col(name)).alias(name) for name, field in source.read.items()),
        *(
            column.alias(beside)
            for name, field in source.read.items()
            for beside, column in field.beside(pl.col(name)).items()
        ),
    )
    return typed.with_columns(
        _state(field, cells[name], typed[name]).alias(field.state) for name, field in source.read.items()
    ).with_columns(derived.value(Row()).alias(name) for name, derived in source.derived.items())


def _state(field: Field, text: pl.Series, typed: pl.Series) -> pl.Series:
    """Return of each cell whether it is blank, a value, unreadable or of one of the field's readings."""
    state = pl.when(pl.col("typed").is_null()).then(pl.lit("unreadable")).otherwise(pl.lit("value"))
    for one in field.readings:
        state = pl.when(one.seen(pl.col("text"))).then(pl.lit(one.state)).otherwise(state)
    both = pl.DataFrame({"text": text, "typed": typed})
    return both.select(pl.when(pl.col("text").is_null()).then(pl.lit("blank")).otherwise(state)).to_series()


def special(source: type[Source]) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Return the function of the source's own name beside this module, where its fields do not say it all."""
    if find_spec(f"transforms.{source.name}") is None:
        return lambda rows: rows
    function: Callable[[pl.DataFrame], pl.DataFrame] = getattr(import_module(f"transforms.{source.name}"), source.name)
    return function
