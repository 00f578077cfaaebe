"""Surroundings: the rows of a sheet that are no rows of its table: blank ones, totals, notes, the header again."""

from collections import Counter

import polars as pl

from expectations.fields import Code, Field, Text, normal_text
from expectations.source import Source
from transforms.recognised import Recognised

TOTALS = "rows of totals"
BLANK = "blank"
# The whole cell says it; a refuge may be called Total Care.
TOTAL = r"^((grand|sub|overall)?[ -]?totals?|overall|sum|year to date|ytd)( ?:| ?\*| ?\(.*\))?$"
# The cell begins or ends with it, which says enough where it cannot be read otherwise.
LIKE_A_TOTAL = r"^((grand|sub|overall)?[ -]?totals?|overall|sum|year to date|ytd|cumulative)\b|\btotals?$"


def without_what_is_around(recognised: Recognised, batch: pl.DataFrame) -> tuple[pl.DataFrame, Counter[str]]:
    """Return rows without blank ones and what is no row of a table, and how many of each kind that was.

    Two exports pasted together have the header twice. A note is a sentence alone in its row; a row that was cut off
    after a date or code is none.

    Args:
        recognised: the source, and where its header is.
        batch: rows below the header as text, with `row`.
    """
    places = [name for name in batch.columns if name != "row"]
    headers = [
        {place: header[int(place)].strip() or None for place in places if int(place) < len(header)}
        for header in recognised.header_rows
    ]
    first = stripped(pl.col(places[0]))
    begins_header = first.is_in([header[places[0]] for header in headers if header.get(places[0])])
    begins_total = _begins_total(recognised, int(places[0]))
    odd = rows_where(batch, first.is_null() | begins_header | begins_total | _is_note(first))
    if odd.is_empty():
        return batch, Counter()
    cells = odd.select("row", stripped(pl.exclude("row")))
    filled, alone = pl.coalesce(pl.exclude("row")), pl.sum_horizontal(pl.exclude("row").is_not_null()) == 1
    again = pl.any_horizontal(
        pl.all_horizontal(pl.col(place).eq_missing(pl.lit(title)) for place, title in header.items())
        for header in headers
    )
    around = cells.select(
        "row",
        kind=pl.when(filled.is_null())
        .then(pl.lit(BLANK))
        .when(first.is_null() & normal_text(filled).str.contains(TOTAL) | begins_total)
        .then(pl.lit(TOTALS))
        .when(alone & _is_note(filled))
        .then(pl.lit("notes around the table"))
        .when(again)
        .then(pl.lit("the header again")),
    ).drop_nulls("kind")
    left_out = Counter(around["kind"].to_list())
    del left_out[BLANK]
    return batch.join(around, on="row", how="anti", maintain_order="left"), left_out


def rows_of_totals(source: type[Source], typed: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that call themselves totals, in whatever column, and whose key cannot be read.

    Args:
        source: the declaration.
        typed: the typed rows, with the state of each cell.
        cells: the same rows' text.
    """
    doubtful = typed.filter(pl.any_horizontal(~_is_read(source.read[name]) for name in source.behind(source.key)))
    if doubtful.is_empty():
        return cells.clear()
    says = pl.any_horizontal(
        normal_text(pl.col(f"{name}__text")).str.contains(LIKE_A_TOTAL)
        & (pl.lit(isinstance(field, Text)) | ~_is_read(field))
        for name, field in source.read.items()
    )
    text = cells.select("row", pl.exclude("row").name.suffix("__text"))
    return cells.join(doubtful.join(text, on="row").filter(says), on="row", how="semi", maintain_order="left")


def rows_where(cells: pl.DataFrame, says: pl.Expr) -> pl.DataFrame:
    """Return the rows for which something holds; asked once for each distinct text, of which a long file has few."""
    asked = list(dict.fromkeys(says.meta.root_names()))
    distinct = cells.select(asked).unique()
    ours = distinct.filter(says)
    if len(asked) == 1:
        return cells.filter(cells[asked[0]].is_in(ours[asked[0]].implode(), nulls_equal=True))
    return cells.join(ours, on=asked, how="semi", nulls_equal=True, maintain_order="left")


def stripped(cells: pl.Expr) -> pl.Expr:
    """Return cells without the white space around them; a blank one is null."""
    return cells.str.strip_chars().replace("", None)


def _begins_total(recognised: Recognised, place: int) -> pl.Expr:
    """Return whether the first cell of a row calls it a total, and is no value of its field."""
    text = stripped(pl.col(str(place)))
    field = next((recognised.source.fields[name] for name, there in recognised.columns.items() if there == place), None)
    says = normal_text(text).str.contains(TOTAL if isinstance(field, Text) else LIKE_A_TOTAL)
    if not isinstance(field, Code):
        return says
    code = field.typed(text)
    return says & (code.is_null() | (code == field.unmapped if field.unmapped else False))


def _is_note(first: pl.Expr) -> pl.Expr:
    return first.str.contains(r"^[A-Za-z*\[(]\D*\s")


def _is_read(field: Field) -> pl.Expr:
    """Return whether a cell was read as a value of its field; a name that is in no list was not."""
    return pl.col(field.name).is_not_null() & (pl.col(field.state) != "unmapped")
