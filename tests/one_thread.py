"""One thread for DuckDB where tests run in several processes at once: more of them would wait for each other."""

import os
from functools import wraps
from typing import Any

import duckdb

SEVERAL = os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1") != "1"


def let_connections_have_one_thread() -> None:
    """Let every connection that this process makes from now on have one thread."""
    connect = duckdb.connect

    @wraps(connect)
    def with_one_thread(*given: Any, **named: Any) -> duckdb.DuckDBPyConnection:
        connection = connect(*given, **named)
        connection.execute("SET threads = 1")
        return connection

    duckdb.connect = with_one_thread


if SEVERAL:
    let_connections_have_one_thread()
