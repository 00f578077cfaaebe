"""Conforming: rows of text to the typed rows of a source; what is none of our business is counted."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import polars as pl

from expectations.checks import Row
from expectations.feedback import examples
from expectations.fields import normal_text
from expectations.source import Source
from expectations.verdicts import Finding, Verdict
from transforms.recognising import Recognised


@dataclass(frozen=True)
class Conformed:
    """The rows of a file as its declaration sees them.

    Attributes:
        rows: rows in scope, each once: `row`, the typed columns and `<field>__state`.
        cells: the same rows' text as it was found.
        received: all rows below the header.
        out_of_scope: reason -> rows that are none of our business.
        duplicate: rows that repeat another to the letter, as the sender numbers them.
    """

    rows: pl.DataFrame
    cells: pl.DataFrame
    received: int
    out_of_scope: dict[str, int]
    duplicate: tuple[int, ...]


def conform(recognised: Recognised, table: pl.DataFrame) -> Conformed:
    """Return the typed rows of a recognised file.

    Args:
        recognised: the source and which column is which field.
        table: the rows below the header as text.
    """
    source = recognised.source
    body, around = _without_totals_and_notes(table)
    cells = body.select(
        "row",
        *(
            pl.col(str(recognised.columns[name])).alias(name)
            if name in recognised.columns
            else pl.lit(None, pl.String).alias(name)
            for name in source.fields
        ),
    )
    ours, out_of_scope = _in_scope(source, cells)
    once = ours.unique(subset=list(source.fields), keep="first", maintain_order=True)
    return Conformed(
        rows=_special(source)(_typed(source, once)),
        cells=once,
        received=len(table),
        out_of_scope={**around, **out_of_scope},
        duplicate=tuple(ours.join(once, on="row", how="anti")["row"].to_list()),
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


def _without_totals_and_notes(table: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the table without what people put below it, and how many rows of each kind that was.

    A note is a sentence alone in its row; a row that was cut off after a date or code is none.
    """
    first = pl.coalesce(pl.exclude("row"))
    alone = pl.sum_horizontal(pl.exclude("row").is_not_null()) == 1
    kinds = table.select(
        totals=normal_text(first).str.contains(r"^(grand |sub[- ]?)?totals?\b").fill_null(False),
        notes=(alone & first.str.contains(r"^[A-Za-z*\[(]\D*\s")).fill_null(False),
    )
    around = {"rows of totals": int(kinds["totals"].sum()), "notes around the table": int(kinds["notes"].sum())}
    return table.filter(~(kinds["totals"] | kinds["notes"])), {kind: rows for kind, rows in around.items() if rows}


def _in_scope(source: type[Source], cells: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the rows of ours, and how many were left out by each scope, in the order of declaration."""
    left_out = {}
    for scope in source.scopes:
        # Lazy, so that only the columns that the scope asks for are normalised.
        normalised = cells.lazy().with_columns(normal_text(pl.col(name)).fill_null("") for name in source.fields)
        ours = cells.filter(normalised.select(scope.ours(Row()).alias("ours")).collect()["ours"])
        left_out[scope.because] = len(cells) - len(ours)
        cells = ours
    return cells, left_out


def _typed(source: type[Source], cells: pl.DataFrame) -> pl.DataFrame:
    """Return the typed columns and the state of each cell."""
    return cells.select(
        "row", *(field.typed(pl.col(name)).alias(name) for name, field in source.fields.items())
    ).with_columns(
        pl.when(cells[name].is_null())
        .then(pl.lit("blank"))
        .when(pl.col(name).is_null())
        .then(pl.lit("unreadable"))
        .otherwise(pl.lit("value"))
        .alias(field.state)
        for name, field in source.fields.items()
    )


def _special(source: type[Source]) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Return the function of the source's own name beside this module, where its fields do not say it all."""
    if find_spec(f"transforms.{source.name}") is None:
        return lambda rows: rows
    function: Callable[[pl.DataFrame], pl.DataFrame] = getattr(import_module(f"transforms.{source.name}"), source.name)
    return function
