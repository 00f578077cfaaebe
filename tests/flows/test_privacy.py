"""A canary: a name planted in a file is found nowhere that we write, print or keep in the warehouse."""

import json
import logging
from pathlib import Path

import duckdb
import pytest

from flows.home import Home
from flows.ingesting import ingest_file
from flows.judging import judge_file
from flows.outcomes import feedback
from flows.refreshing import refresh_and_publish

CANARY = "Robin Canary"
HEADER = "Month,Area code,Area name,Concept,Measure,Count,Extract date"
ROW = "2020-03-01,E09000003,Barnet,DA_INCIDENT,incidents,{count},2020-04-06"


def sent(folder: Path, header: str, count: str = "400") -> Path:
    path = folder / "extract.csv"
    path.write_text(f"{HEADER},{header}\n{ROW.format(count=count)},{CANARY}\n", encoding="utf-8")
    return path


def everything_in(database: Path) -> str:
    with duckdb.connect(database, read_only=True) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        assert tables
        return "\n".join(repr(connection.execute(f'FROM "{table}"').fetchall()) for (table,) in tables)


@pytest.mark.parametrize(
    ("header", "count", "status"),
    [
        ("Victim name", "400", "rejected"),  # looks personal: the file is refused
        ("Remarks", "400", "accepted"),  # not declared: the column is not read
        ("Remarks", "lots", "rejected"),  # refused for something else
        ("Count", "400", "rejected"),  # a column that stands there twice
    ],
)
def test_a_canary_name_is_nowhere(
    header: str,
    count: str,
    status: str,
    tmp_path: Path,
    home: Home,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    outcome = ingest_file(home, sent(tmp_path, header, count))
    assert outcome.status == status, outcome.message
    assert CANARY not in feedback(outcome)
    assert CANARY not in repr(outcome)
    assert CANARY not in json.dumps(outcome.as_dict(), default=str)
    assert CANARY not in everything_in(home.warehouse)
    if status == "accepted":
        assert CANARY not in everything_in(refresh_and_publish(home).database)
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capfd.readouterr())
    beside = [path for path in home.root.rglob("*.txt") if path.is_file()]
    assert all(CANARY not in path.read_text(encoding="utf-8") for path in beside)


def test_great_expectations_keeps_no_cell_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    rows = [ROW.format(count="73519"), ROW.format(count="73520"), ROW.format(count=CANARY)]
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    judged = judge_file(path)
    assert judged.suite_result is not None
    kept = json.dumps(judged.suite_result)
    results = [one["result"] for one in judged.suite_result["results"]]
    assert any(one.get("unexpected_index_list") for one in results)
    assert all(found.keys() == {"row"} for one in results for found in one.get("unexpected_index_list", []))
    for value in (CANARY, "73519", "73520", "Barnet", "2020-04-06"):
        assert value not in kept
