"""Reporting: the questions that people ask of the warehouse, and what was printed of its figures before it was."""

import csv
from functools import cache
from importlib.resources import files
from typing import Any

import duckdb

from warehouse.statements import ask


def report(connection: duckdb.DuckDBPyConnection, name: str, **parameters: str) -> list[dict[str, Any]]:
    """Return the rows of one of the questions in `sql/reports`, as dictionaries.

    Args:
        connection: the warehouse.
        name: the question.
        **parameters: what it asks for.
    """
    return ask(connection, "reports", name, **parameters)


@cache
def printed_figures() -> tuple[dict[str, str], ...]:
    """Return every checked figure of the annual report 2019/20, bound to an indicator, breakdown value and window."""
    return _reference("printed_figure")


@cache
def contradictions() -> tuple[dict[str, str], ...]:
    """Return the contradictions of the annual report 2019/20 that rest on figures."""
    return _reference("contradiction")


@cache
def uncomputed_figures() -> tuple[dict[str, str], ...]:
    """Return what the annual report 2019/20 prints and is not computed here, each with the reason."""
    return _reference("uncomputed_figure")


def _reference(name: str) -> tuple[dict[str, str], ...]:
    text = files("warehouse").joinpath("reference", f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
