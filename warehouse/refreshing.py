"""Refreshing: monthly measures, then rolling windows and indicators, in one transaction."""

from datetime import UTC, datetime

import duckdb

from warehouse.opening import transaction
from warehouse.statements import statements


def refresh(connection: duckdb.DuckDBPyConnection, version: str) -> tuple[str, datetime]:
    """Compute every figure from what is known now, and enter changed figures in the register.

    Args:
        connection: the warehouse.
        version: version of the program, for the audit.

    Returns:
        The run's id and its instant (UTC): the figures rest on what was known then.
    """
    as_of = datetime.now(UTC).replace(tzinfo=None)
    run_id = as_of.strftime("run-%Y%m%d-%H%M%S-%f")
    with transaction(connection):
        for statement in statements("refresh").values():
            _execute(connection, statement, run_id, as_of)
        connection.execute(
            "INSERT INTO run VALUES (?, ?, ?, ?, ?)",
            [run_id, as_of, datetime.now(UTC).replace(tzinfo=None), version, as_of],
        )
    return run_id, as_of


def _execute(connection: duckdb.DuckDBPyConnection, script: str, run_id: str, as_of: datetime) -> None:
    """Run a script, each of its statements with the parameters that it names."""
    parameters = {"run_id": run_id, "as_of": as_of}
    for statement in connection.extract_statements(script):
        connection.execute(statement, {name: parameters[name] for name in statement.named_parameters})
