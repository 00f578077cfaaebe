"""Reporting: the questions that people ask of the warehouse."""

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
