"""The catalogue is the data dictionary, in the warehouse and in the published database."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from flows.home import Home
from flows.refreshing import refresh_and_publish
from warehouse import open_published
from warehouse.statements import statements

MEMBERS = {
    "dim_period": ("financial_year", {"Unknown", "Not applicable"}),
    "dim_agency": ("agency_id", {"UNKNOWN", "NOT_APPLICABLE"}),
    "dim_area": ("area_code", {"UNKNOWN", "NOT_APPLICABLE"}),
    "dim_offence": ("offence_id", {"UNKNOWN", "NOT_APPLICABLE"}),
    "dim_service": ("service_id", {"UNKNOWN", "NOT_APPLICABLE"}),
    "dim_measure": ("measure_id", {"UNKNOWN", "NOT_APPLICABLE"}),
    "dim_indicator": ("indicator_id", {"UNKNOWN", "NOT_APPLICABLE"}),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home in which nothing was taken in, published all the same."""
    home = Home(tmp_path_factory.mktemp("home"))
    refresh_and_publish(home)
    return home


@pytest.fixture(params=["warehouse", "published"])
def database(request: pytest.FixtureRequest, home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open each of the two databases."""
    if request.param == "warehouse":
        with home.open() as connection:
            yield connection
    else:
        with open_published(home.published) as published, published.at_once() as connection:
            yield connection


def test_every_table_and_column_is_described(database: duckdb.DuckDBPyConnection) -> None:
    assert database.sql("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL").fetchall() == []
    undescribed = "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal"
    assert database.sql(undescribed).fetchall() == []


@pytest.mark.parametrize("dimension", MEMBERS)
def test_every_dimension_has_unknown_and_not_applicable(dimension: str, database: duckdb.DuckDBPyConnection) -> None:
    column, members = MEMBERS[dimension]
    found = {name for (name,) in database.execute(f"SELECT {column} FROM {dimension}").fetchall()}
    assert members <= found


def test_no_dimension_is_forgotten_here(database: duckdb.DuckDBPyConnection) -> None:
    found = database.sql("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'dim_%'").fetchall()
    assert {name for (name,) in found} == MEMBERS.keys()


def test_published_database_has_no_person_key(home: Home) -> None:
    with open_published(home.published) as published:
        columns = set(published.sql("SELECT column_name FROM duckdb_columns()")["column_name"])
    assert not {name for name in columns if "pseudonym" in name or name in {"referral_id", "content_id"}}
    with home.open() as connection:
        held = {name for (name,) in connection.sql("SELECT column_name FROM duckdb_columns()").fetchall()}
    assert {"person_pseudonym", "household_pseudonym", "referral_id"} <= held


def test_spine_has_every_month_once(home: Home) -> None:
    with open_published(home.published) as published:
        rows = published.sql("SELECT month, month_key, month_end FROM dim_period WHERE month_key > 0").rows()
    assert len(rows) == 30 * 12
    assert all(month.day == 1 and key == month.year * 100 + month.month for month, key, _ in rows)
    assert all((end.year, end.month) == (month.year, month.month) for month, _, end in rows)


@pytest.mark.parametrize(
    ("month", "year", "quarter"),
    [
        ("2019-04-01", "2019/20", "2019/20 Q1"),
        ("2020-01-01", "2019/20", "2019/20 Q4"),
        ("2020-03-01", "2019/20", "2019/20 Q4"),
        ("2020-12-01", "2020/21", "2020/21 Q3"),
        ("2099-12-01", None, None),
    ],
)
def test_financial_year_runs_from_april(month: str, year: str | None, quarter: str | None, home: Home) -> None:
    with open_published(home.published) as published:
        found = published.sql("SELECT financial_year, financial_quarter FROM dim_period WHERE month = ?", [month])
    assert found.rows() == ([] if year is None else [(year, quarter)])


def test_no_statement_creates_a_foreign_key() -> None:
    assert not any("REFERENCES" in script.upper() for script in statements("schema").values())


def test_opening_again_doubles_nothing(home: Home) -> None:
    counted = "SELECT (SELECT count(*) FROM dim_area), (SELECT count(*) FROM dim_period), (SELECT count(*) FROM source)"
    with home.open() as connection:
        before = connection.execute(counted).fetchone()
    with home.open() as connection:
        assert connection.execute(counted).fetchone() == before


def test_nothing_published_yet_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="Nothing has been published yet"), open_published(tmp_path / "no"):
        pass
