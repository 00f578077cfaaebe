"""Reporting: the questions that people ask of the warehouse."""

from typing import Any

import duckdb

from warehouse.statements import statements


def report(connection: duckdb.DuckDBPyConnection, name: str, **parameters: str) -> list[dict[str, Any]]:
    """Return the rows of one of the questions in `sql/reports`, as dictionaries.

    Args:
        connection: the warehouse.
        name: the question.
        **parameters: what it asks for.
    """
    asked = connection.execute(statements("reports")[name], parameters)
    columns = [column[0] for column in asked.description or []]
    return [dict(zip(columns, row, strict=True)) for row in asked.fetchall()]
