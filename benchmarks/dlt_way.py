"""dlt into DuckDB: Arrow batches, which it loads fastest, and the figures in SQL on top."""

import os
from collections.abc import Iterator
from pathlib import Path

os.environ |= {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}

import dlt
import duckdb
import pyarrow as pa
from pyarrow import csv

from benchmarks.contestant import FIGURES_SQL, compete, tell

ONCE = """
    CREATE TABLE domestic_abuse AS
    SELECT DISTINCT
        area_code,
        month_year::DATE AS month,
        CASE lower(crime_subtype) WHEN 'domestic abuse' THEN 'DA_OFFENCE' ELSE 'DA_VWI' END AS subject_id,
        CASE measure WHEN 'Offences' THEN 'offences' ELSE 'positive_outcomes' END AS measure_id,
        "count" AS value
    FROM police.police
    WHERE area_type = 'Borough' AND crime_type = 'Domestic Abuse' AND area_code LIKE 'E09%'
"""


def police(file: Path) -> Iterator[pa.Table]:
    """Yield the file as it is: dlt loads, and SQL chooses. Its own read_csv_duckdb takes twice as long."""
    batches = csv.open_csv(
        file,
        read_options=csv.ReadOptions(block_size=1 << 25),
        convert_options=csv.ConvertOptions(timestamp_parsers=["%d/%m/%Y"]),
    )
    for batch in batches:
        yield pa.Table.from_batches([batch])


def load_and_compute(file: Path, folder: Path) -> Path:
    """Make a database with the rows of a file, and the figures."""
    database = folder / "dlt.duckdb"
    pipeline = dlt.pipeline(
        "benchmark",
        pipelines_dir=str(folder / "state"),
        destination=dlt.destinations.duckdb(str(database)),
        dataset_name="police",
    )
    pipeline.run(dlt.resource(police(file), name="police")).raise_on_failed_jobs()
    with duckdb.connect(database) as connection:
        connection.execute(ONCE)
        connection.execute(FIGURES_SQL)
    return database


if __name__ == "__main__":
    tell(compete(load_and_compute))
