"""The files of a release: DuckDB first, and from it Parquet, CSV with its schema (CSVW), and a spreadsheet."""

import json
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.disclosure.figures import KEY
from warehouse.disclosure.policy import Policy, declared
from warehouse.disclosure.spreadsheet import write_spreadsheet
from warehouse.statements import run_script
from warehouse.statements import statements as sql

DATABASE, PARQUET, TABLE, SPREADSHEET = "vawg.duckdb", "vawg.parquet", "vawg.csv", "vawg.xlsx"
DATATYPES = {"DATE": "date", "BOOLEAN": "boolean", "INTEGER": "integer"}


def write_database(database: Path, seen: pl.DataFrame, release: dict[str, Any], rule: Policy) -> None:
    """Write the figures of a release, as they are shown, into a new DuckDB file.

    Args:
        database: the file.
        seen: figures as `shown` returns them.
        release: the row of the register.
        rule: the policy that they are protected by.
    """
    meanings = [{"shorthand": f"[{sign}]", "meaning": said} for sign, said in declared()["shorthand"].items()]
    with duckdb.connect(database) as connection:
        for name, rows in (
            ("shown", seen),
            ("meanings", pl.DataFrame(meanings)),
            ("this_release", pl.DataFrame([release])),
        ):
            connection.register(name, rows)
        run_script(connection, sql("public")["tables"], policy=rule.title, said=" ".join(rule.rules()))


def read_back(database: Path) -> pl.DataFrame:
    """Return what the finished file shows: the key of each figure, `value_shown`, `base_shown`."""
    with duckdb.connect(database, read_only=True) as connection:
        figures = connection.sql(f"SELECT {', '.join(KEY)}, value_shown, base_shown FROM figure").pl()
    # Without the apostrophe by which `inert` keeps text from becoming a formula.
    return figures.with_columns(pl.col("breakdown", "breakdown_value").str.replace(r"^'([^\w'])", "$1"))


def write_files(folder: Path, rule: Policy, area: str) -> None:
    """Write what is in the DuckDB file of a folder in the other formats, too.

    Args:
        folder: the folder of the release.
        rule: the policy that its figures are protected by.
        area: whose figures the spreadsheet shows.
    """
    with duckdb.connect(folder / DATABASE, read_only=True) as connection:
        figures = connection.sql("FROM figure").pl()
        columns = connection.execute(
            "SELECT column_name, data_type, comment FROM duckdb_columns() WHERE table_name = 'figure'"
        ).fetchall()
    figures.write_parquet(folder / PARQUET)
    # In text the shorthand stands in the place of the number, which the schema declares as such.
    told = figures.drop("value", "base").rename({"value_shown": "value", "base_shown": "base"})
    told.write_csv(folder / TABLE, line_terminator="\r\n")
    schema = [
        _column(name, "DOUBLE" if name in ("value", "base") else kind, said)
        for name, kind, said in columns
        if name in told.columns
    ]
    described = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": TABLE,
        "dc:title": "Violence against women and girls: rolling 12-month figures",
        "dc:description": " ".join(rule.rules()),
        "notes": [f"[{sign}] {said}" for sign, said in declared()["shorthand"].items()],
        "tableSchema": {"columns": schema, "primaryKey": list(KEY)},
    }
    (folder / f"{TABLE}-metadata.json").write_text(json.dumps(described, indent=2), encoding="utf-8")
    write_spreadsheet(folder / SPREADSHEET, figures.filter(area_code=area), rule)


def _column(name: str, kind: str, said: str) -> dict[str, Any]:
    """Return a column in the words of CSVW; the shorthand is no number, and declared as what is shown for none."""
    column = {"name": name, "titles": name, "dc:description": said, "required": True}
    if kind == "DOUBLE":
        return {
            **column,
            "datatype": "decimal",
            "null": [f"[{sign}]" for sign in declared()["shorthand"]],
            "required": False,
        }
    return {**column, "datatype": DATATYPES.get(kind, "string")}
