"""Refreshing: monthly measures, then rolling windows and indicators, in one transaction."""

from datetime import UTC, datetime

import duckdb

from warehouse.opening import transaction
from warehouse.statements import run_script, statements


def refresh(connection: duckdb.DuckDBPyConnection, version: str) -> tuple[str, datetime]:
    """Compute every figure from what is known now.

    Args:
        connection: the warehouse.
        version: version of the program, for the audit.

    Returns:
        The run's id and its instant (UTC): the figures rest on what was known then.
    """
    as_of = datetime.now(UTC).replace(tzinfo=None)
    run_id = as_of.strftime("run-%Y%m%d-%H%M%S-%f")
    with transaction(connection):
        for script in statements("refresh").values():
            run_script(connection, script, run_id=run_id, as_of=as_of)
        connection.execute(
            "INSERT INTO run VALUES (?, ?, ?, ?, ?)",
            [run_id, as_of, datetime.now(UTC).replace(tzinfo=None), version, as_of],
        )
    return run_id, as_of
