"""The SQL of this room, read from the folders beside this module."""

from functools import cache
from importlib.resources import files
from typing import Any

import duckdb


@cache
def statements(folder: str) -> dict[str, str]:
    """Return the SQL files of a folder by name (without `.sql`), in order of name."""
    found = files("warehouse").joinpath("sql", folder).iterdir()
    return {
        file.name.removesuffix(".sql"): file.read_text(encoding="utf-8")
        for file in sorted(found, key=lambda file: file.name)
        if file.name.endswith(".sql")
    }


def run_script(connection: duckdb.DuckDBPyConnection, script: str, **parameters: object) -> None:
    """Run the statements of a script, each with those of the parameters that it names."""
    for statement in connection.extract_statements(script):
        connection.execute(statement, {name: parameters[name] for name in statement.named_parameters})


def ask(connection: duckdb.DuckDBPyConnection, folder: str, name: str, **parameters: object) -> list[dict[str, Any]]:
    """Return the rows that a question of a folder is answered with, as dictionaries."""
    asked = connection.execute(statements(folder)[name], parameters)
    columns = [column[0] for column in asked.description or []]
    # Fetched whole: DuckDB 2 does nothing else on a connection with an unfinished result.
    return [dict(zip(columns, row, strict=True)) for row in asked.fetchall()]
