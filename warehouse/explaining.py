"""Explaining: from a published figure to the counts, the slices and the files that it rests on."""

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from warehouse.publishing import attached
from warehouse.reading import NothingPublished
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
        said: the same in words.
        additivity: how its counts make the number: flow, snapshot or distinct; empty where none do.
        value: the number, as it was published.
        divided: the breakdown and its value; `all` and `all` where it is not divided.
        counts: the counts of its months or quarters: `month, months, value, source, title, submissions`.
        slices: what these were read from: `source, slice_key, month, part, content_id, rows, submission_id,
            is_removed`.
    """

    name: str
    subject_id: str
    measure_id: str
    said: str
    value: int | None
    additivity: str = ""
    divided: tuple[str, str] = ("all", "all")
    counts: list[dict[str, Any]] = field(default_factory=list)
    slices: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Explanation:
    """What a published figure rests on.

    Attributes:
        figure: its row of `rolling_12m`, and the series that it is made of.
        run: the publication, a row of `run`.
        parts: its numerator, and its denominator where there is one.
        submissions: the files: `submission_id, source, file_name, sha256, received_at, vintage, revision, sheet,
            kept_as`.
    """

    figure: dict[str, Any]
    run: dict[str, Any]
    parts: list[Part]
    submissions: list[dict[str, Any]]


def explain(
    connection: duckdb.DuckDBPyConnection,
    published: Path,
    indicator_id: str,
    area: str,
    period_end: date,
    breakdown: tuple[str, str] = ("all", "all"),
) -> Explanation:
    """Return what a published figure rests on, as it was known when it was published.

    Args:
        connection: the warehouse.
        published: the published database.
        indicator_id: the indicator.
        area: the code of the area, or its name.
        period_end: the last day of its 12 months.
        breakdown: what it is divided by, and the value.

    Raises:
        NothingPublished: if nothing has been published yet.
        NoSuchFigure: if nothing is published of it.
    """
    if not published.exists():
        raise NothingPublished(published)
    by, value = breakdown
    with attached(connection, published, "READ_ONLY"):
        areas = ask(connection, "explain", "area", area=area)
        if not areas:
            raise NoSuchFigure(f'"{area}" is no area: write its name, or its code, as in the table dim_area.')
        asked = {"indicator_id": indicator_id, "period_end": period_end, **areas[0]}
        found = ask(connection, "explain", "figure", breakdown=by, breakdown_value=value, **asked)
        if not found:
            divided = [
                f"{one['breakdown']}={one['breakdown_value']}" for one in ask(connection, "explain", "divided", **asked)
            ]
            raise NoSuchFigure(
                f"Nothing is published of {indicator_id} for {area}, the 12 months to {period_end:%d %B %Y}"
                + (f", {by} {value}" if by != "all" else "")
                + (
                    f". There is, with --breakdown: {', '.join(divided)}."
                    if divided
                    else ". `vawg dictionary` has every indicator."
                )
            )
        (run,) = ask(connection, "explain", "run")
        parts = _parts(connection, found[0], run["as_of"])
    wanted = sorted({one["submission_id"] for part in parts for one in part.slices})
    return Explanation(found[0], run, parts, ask(connection, "explain", "submissions", submissions=wanted))


def _parts(connection: duckdb.DuckDBPyConnection, figure: dict[str, Any], as_of: datetime) -> list[Part]:
    """Return the numerator and the denominator of a figure."""
    top = (figure["numerator_subject"], figure["numerator_measure"])
    bottom = (figure["denominator_subject"], figure["denominator_measure"])
    if figure["population_series"]:
        bottom = RESIDENTS
    divided = (figure["breakdown"], figure["breakdown_value"])
    divided_below = (figure["denominator_breakdown"], figure["denominator_breakdown_value"])
    parts = [_part(connection, figure, as_of, "numerator", top, divided)]
    if figure["presents"] == "change":
        before = {**figure, "period_end": figure["period_end_before"]}
        parts.append(_part(connection, before, as_of, "denominator", top, divided))
    elif bottom[0]:
        parts.append(_part(connection, figure, as_of, "denominator", bottom, divided_below))
    elif figure["denominator"] not in (None, 1):
        parts.append(Part("denominator", "", "", "A fixed number", figure["denominator"]))
    return parts


def _part(
    connection: duckdb.DuckDBPyConnection,
    figure: dict[str, Any],
    as_of: datetime,
    name: str,
    series: tuple[str, str],
    divided: tuple[str, str],
) -> Part:
    """Return a part of a figure that counts something."""
    subject, measure = series
    window = {
        "area_code": figure["area_code"],
        "subject_id": subject,
        "measure_id": measure,
        "period_end": figure["period_end"],
    }
    residents = {
        "mid_year": figure["population_mid_year"],
        "series": figure["population_series"],
        "sex": figure["population_sex"],
        "ages": figure["population_ages"],
    }
    if series == RESIDENTS:
        said, additivity = f"Residents, {figure['population_series']}, mid-{figure['population_mid_year']}", ""
        counts: list[dict[str, Any]] = []
    else:
        (told,) = ask(connection, "explain", "series", subject_id=subject, measure_id=measure)
        said, additivity = told["said"], told["additivity"]
        by, value = divided
        counts = ask(connection, "explain", "counts", breakdown=by, breakdown_value=value, **window)
    slices = ask(connection, "explain", "slices", as_of=as_of, **window, **residents)
    return Part(name, subject, measure, said, figure[name], additivity, divided, counts, slices)
