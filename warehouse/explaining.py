"""Explaining: from a published figure to the counts, the slices and the files that it rests on."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from warehouse.statements import ask

RESIDENTS = ("POPULATION", "residents")


class NoSuchFigure(Exception):
    """Nothing is published of that indicator, area and period; says what is."""


@dataclass(frozen=True)
class Part:
    """The numerator or the denominator of a figure.

    Attributes:
        name: which of them.
        subject_id, measure_id: what it counts and how; empty where it is a fixed number.
        value: the number, as it was published.
        counts: the counts of its months or quarters: `month, months, value, source, title, submissions`.
        slices: what these were read from: `source, slice_key, month, part, content_id, rows, submission_id, is_removed`.
    """

    name: str
    subject_id: str
    measure_id: str
    value: int | None
    counts: list[dict[str, Any]] = field(default_factory=list)
    slices: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Explanation:
    """What a published figure rests on.

    Attributes:
        figure: its row of `rolling_12m`, and the series that it is made of.
        run: the publication, a row of `run`.
        parts: its numerator, and its denominator where there is one.
        submissions: the files: `submission_id, source, file_name, sha256, received_at, vintage, revision, sheet, kept_as`.
    """

    figure: dict[str, Any]
    run: dict[str, Any]
    parts: list[Part]
    submissions: list[dict[str, Any]]
