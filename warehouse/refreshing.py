"""Refreshing: monthly measures, then rolling windows and indicators, into the database that is to be published."""

from datetime import date, datetime

import duckdb

from warehouse.statements import run_script, statements


def refresh(connection: duckdb.DuckDBPyConnection, run_id: str, as_of: datetime, today: date) -> None:
    """Compute every figure as it is known at an instant.

    Args:
        connection: the warehouse, to which the new database is attached as `published`.
        run_id: the run that computes them.
        as_of: the instant (UTC).
        today: the day on which it is looked at what is late.
    """
    for script in statements("refresh").values():
        run_script(connection, script, run_id=run_id, as_of=as_of, today=today)
    for rule, question in statements("cross_checks").items():
        asked = question.rstrip().removesuffix(";")
        connection.execute(
            f"INSERT INTO published.cross_check BY NAME SELECT '{rule}' AS rule, * FROM ({asked}) AS found ORDER BY ALL"
        )
