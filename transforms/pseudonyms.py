"""Pseudonyms: references to people and cases become keyed hashes; the reference itself goes no further."""

import hmac
from collections.abc import Collection, Iterable
from dataclasses import replace

import polars as pl

from transforms.facts import Facts

LENGTH = 32
COLUMNS = ("referral_id", "person_pseudonym", "household_pseudonym")


def pseudonym(reference: str, key: bytes) -> str:
    """Return the pseudonym of a reference: HMAC-SHA256 of it in lower case and with single spaces, 32 hex digits."""
    normalised = " ".join(reference.split()).casefold()
    return hmac.digest(key, normalised.encode(), "sha256").hex()[:LENGTH]


def pseudonymised(rows: pl.DataFrame, fields: Iterable[str], key: bytes) -> pl.DataFrame:
    """Return rows whose references are pseudonyms; what was blank stays blank.

    Args:
        rows: typed rows.
        fields: the columns with references.
        key: the supplier's key: under another one the same person has another pseudonym.
    """
    return rows.with_columns(_replaced(rows[name], key) for name in fields)


def without(facts: Facts, erased: Collection[str]) -> tuple[Facts, int]:
    """Return facts without the rows of erased pseudonyms, and how many those were.

    The content keeps its name, which is that of the rows as they were sent: the same file again is the same content.
    """
    columns = [pl.col(name).is_in(list(erased)) for name in COLUMNS if name in facts.rows.columns]
    if not erased or not columns:
        return facts, 0
    gone = facts.rows.filter(pl.any_horizontal(columns))
    if gone.is_empty():
        return facts, 0
    fewer = gone.group_by("content_id").agg(pl.len().alias("gone"))
    slices = (
        facts.slices.join(fewer, on="content_id", how="left", maintain_order="left")
        .with_columns(rows=pl.col("rows") - pl.col("gone").fill_null(0))
        .drop("gone")
    )
    kept = facts.rows.filter(~pl.any_horizontal(column.fill_null(value=False) for column in columns))
    return replace(facts, rows=kept, slices=slices), len(gone)


def _replaced(references: pl.Series, key: bytes) -> pl.Series:
    """Return a column of references as pseudonyms, each hashed once."""
    distinct = references.drop_nulls().unique()
    known = pl.Series([pseudonym(one, key) for one in distinct], dtype=pl.String)
    return references.replace_strict(distinct, known, default=None, return_dtype=pl.String)
