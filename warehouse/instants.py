"""Instants: when something is known from, which a clock that is set back must not confuse."""

from datetime import UTC, datetime, timedelta

import duckdb

from warehouse.statements import ask


def next_instant(connection: duckdb.DuckDBPyConnection) -> datetime:
    """Return now (UTC); where the clock was set back, the instant just after the last that the warehouse knows of.

    So what is loaded after something else is known after it, and a publication sees all that was loaded before.

    Args:
        connection: the warehouse.
    """
    now = datetime.now(UTC).replace(tzinfo=None)
    ((last,),) = [tuple(row.values()) for row in ask(connection, "load", "last_instant")]
    return max(now, last + timedelta(microseconds=1)) if last else now
