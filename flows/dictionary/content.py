"""What the data dictionary tells: gathered from the declarations, the code lists, the indicators and the catalogue."""

import tempfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from expectations.catalogue import catalogue
from expectations.codes import code_list
from expectations.fields import Field
from expectations.source import Source
from flows.dictionary.computing import Words, series
from flows.home import dimensions, measures
from flows.report import PRIORITIES, in_words
from warehouse.opening import indicators, prepare, series_breaks
from warehouse.publishing import publish
from warehouse.reporting import contradictions, printed_figures, report, uncomputed_figures
from warehouse.statements import statements


@dataclass(frozen=True)
class Table:
    """A table of a database, as its comments tell it.

    Attributes:
        anchor: where it stands on the page of tables.
        columns: `column_name`, `data_type` and `column_says` of each column.
    """

    name: str
    anchor: str
    says: str
    columns: tuple[Mapping[str, str], ...]


@dataclass(frozen=True)
class Content:
    """Everything that is told, each thing once.

    Attributes:
        sources: the declarations, by name.
        read_from: the names of the sources that bring each indicator's series.
        indicators: rows of `dim_indicator`, each with how it is `computed`.
        figures: the figures of the annual report, each with `what` it is, `span`, how it is `computed`, the
            `unit` to print behind it and the `priority` of its indicator.
        measures: rows of the code list of measures, each with the `sources` that bring it.
        code_lists: the rows of every other code list, by its name.
        cross_checks: each rule across returns, with what it asks.
        audits: each rule that stops a publication, with what it asks.
        kinds: each kind of column, with what it is and how many columns there are of it.
    """

    sources: Mapping[str, type[Source]]
    read_from: Mapping[str, tuple[str, ...]]
    indicators: tuple[Mapping[str, Any], ...]
    figures: tuple[Mapping[str, Any], ...]
    contradictions: tuple[Mapping[str, str], ...]
    uncomputed: tuple[Mapping[str, str], ...]
    measures: tuple[Mapping[str, Any], ...]
    code_lists: Mapping[str, tuple[Mapping[str, str], ...]]
    series_breaks: tuple[Mapping[str, str], ...]
    published: tuple[Table, ...]
    held: tuple[Table, ...]
    cross_checks: Mapping[str, str]
    audits: Mapping[str, str]
    kinds: tuple[tuple[str, str, int], ...]
    priorities: Mapping[int, str]
    version: str


def gather() -> Content:
    """Return the content of the dictionary; it needs no warehouse."""
    sources = catalogue()
    brought = {name: series(source) for name, source in sources.items()}
    known = measures(sources.values())
    words = Words(_subjects(), {one["measure_id"]: one for one in known})
    declared = {one["indicator_id"]: {**one, "computed": words.computed(one)} for one in indicators()}
    published, held = _databases()
    return Content(
        sources=sources,
        read_from={key: _read_from(one, sources, brought) for key, one in declared.items()},
        indicators=tuple(declared.values()),
        figures=tuple(_figure(one, declared[one["indicator_id"]], words) for one in printed_figures()),
        contradictions=contradictions(),
        uncomputed=uncomputed_figures(),
        measures=tuple(
            {**one, "sources": [name for name, those in brought.items() if one["measure_id"] in {m for _, m in those}]}
            for one in known
        ),
        code_lists={name: code_list(name) for name in _code_lists() if name != "measure"},
        series_breaks=tuple(series_breaks()),
        published=published,
        held=held,
        cross_checks=_asked("cross_checks"),
        audits=_asked("audit"),
        kinds=_kinds(sources),
        priorities=PRIORITIES,
        version=version("vawg"),
    )


def _subjects() -> dict[str, str]:
    """Return the name of every offence and service."""
    offences = {one["offence_id"]: one["offence_name"] for one in code_list("offence")}
    return offences | {one["service_id"]: one["service_name"] for one in code_list("service")}


def _code_lists() -> list[str]:
    """Return the names of the shipped code lists."""
    found = files("expectations.codes").iterdir()
    return sorted(file.name.removesuffix(".csv") for file in found if file.name.endswith(".csv"))


def _read_from(
    indicator: Mapping[str, Any],
    sources: Mapping[str, type[Source]],
    brought: Mapping[str, set[tuple[str, str]]],
) -> tuple[str, ...]:
    """Return the sources that bring what an indicator is computed from."""
    wanted = {(indicator[f"{part}_subject"], indicator[f"{part}_measure"]) for part in ("numerator", "denominator")}
    residents = bool(indicator["population_series"])
    return tuple(
        name
        for name, source in sources.items()
        if wanted & brought[name] or (residents and source.loads == "population")
    )


def _figure(figure: Mapping[str, str], indicator: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return a figure of the annual report with how it is computed."""
    end = date.fromisoformat(figure["period_end"])
    span = f"12 months to {end:%B %Y}"
    if figure["counted_from"]:
        start = date.fromisoformat(figure["counted_from"])
        span = f"{(end - start).days + 1} days from {start.day} {start:%B %Y} to {end.day} {end:%B %Y}"
    value = in_words(figure["breakdown_value"])
    part = "" if figure["breakdown"] == "all" else value
    return {
        **figure,
        "paragraph": figure["paragraph"].replace("/", ", ").replace("T", "table "),
        "what": f"{indicator['name']}{f': {value}' if part else ''}",
        "span": span,
        "computed": words.computed({**indicator, "breakdowns": [figure["breakdown"]]}, span=span, part=part),
        "unit": "%" if indicator["unit"] == "%" else "",
        "priority": indicator["objective"],
        "is_printed": figure["is_printed"] == "true",
        "is_possible": figure["can_be_right"] == "true",
    }


def _databases() -> tuple[tuple[Table, ...], tuple[Table, ...]]:
    """Return the tables of the published database and of the warehouse, from empty ones."""
    with duckdb.connect() as warehouse, tempfile.TemporaryDirectory() as folder:
        prepare(warehouse, dimensions())
        publication = publish(warehouse, Path(folder) / "vawg.duckdb", version("vawg"))
        with duckdb.connect(publication.database, read_only=True) as published:
            return _tables(published, ""), _tables(warehouse, "warehouse.")


def _tables(connection: duckdb.DuckDBPyConnection, prefix: str) -> tuple[Table, ...]:
    grouped = groupby(report(connection, "catalogue"), key=lambda column: (column["table_name"], column["says"]))
    return tuple(Table(name, f"{prefix}{name}", says, tuple(columns)) for (name, says), columns in grouped)


def _asked(folder: str) -> dict[str, str]:
    """Return what each question of a folder of SQL asks: the comment that it begins with."""
    said = {}
    for name, script in statements(folder).items():
        lines = script.splitlines()
        comment = lines[: next(place for place, line in enumerate(lines) if not line.startswith("--"))]
        said[name] = " ".join(line.removeprefix("--").strip() for line in comment)
    return said


def _kinds(sources: Mapping[str, type[Source]]) -> tuple[tuple[str, str, int], ...]:
    """Return each kind of column in use: its name, what its docstring says first and how many there are."""
    fields: list[Field] = [field for source in sources.values() for field in source.fields.values()]
    counted = Counter(map(type, fields))
    told = [(kind.__name__, (kind.__doc__ or "").strip().splitlines()[0], number) for kind, number in counted.items()]
    return tuple(sorted(told))
