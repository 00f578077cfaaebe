"""Rounding, against the decimal module."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal, localcontext

import duckdb
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from warehouse.statements import statements


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database that knows the macro."""
    with duckdb.connect() as connection:
        connection.execute(statements("views")["00_half_up"])
        yield connection


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numerator=st.integers(0, 10**9),
    denominator=st.integers(1, 10**9),
    scale=st.sampled_from([1, 100, 1000]),
    places=st.integers(0, 3),
)
@example(numerator=1, denominator=2, scale=1, places=0)
@example(numerator=1, denominator=200, scale=100, places=0)
@example(numerator=995, denominator=1000, scale=1, places=2)
@example(numerator=9_999_999, denominator=10_000_000, scale=100, places=1)
@example(numerator=0, denominator=7, scale=100, places=2)
def test_half_up_is_that_of_the_decimal_module(
    numerator: int, denominator: int, scale: int, places: int, connection: duckdb.DuckDBPyConnection
) -> None:
    found = connection.execute("SELECT half_up(?, ?, ?, ?)", [numerator, denominator, scale, places]).fetchone()
    with localcontext(prec=60):
        exact = Decimal(numerator) * scale / Decimal(denominator)
        expected = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert found == (f"{expected:f}",)
