"""What people write instead: pandas, Great Expectations on the raw columns, and to_sql into DuckDB."""

import os
from pathlib import Path

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import pandas as pd
from great_expectations import expectations as gxe
from sqlalchemy import create_engine

from benchmarks.contestant import compete, tell

KEY = ["Area code", "Month_Year", "Crime Subtype", "Measure"]
INDICATORS = {
    ("Domestic Abuse", "Offences"): "DA_OFF_R12",
    ("Domestic Abuse", "Positive Outcomes"): "DA_PO_R12",
    ("Domestic Abuse violence with injury", "Offences"): "DA_VWI_R12",
    ("Domestic Abuse violence with injury", "Positive Outcomes"): "DA_VWI_PO_R12",
}


def read(file: Path) -> pd.DataFrame:
    """Return the domestic abuse rows of boroughs, each once."""
    rows = pd.read_csv(file)
    rows = rows[(rows["Area Type"] == "Borough") & (rows["Crime Type"] == "Domestic Abuse") & rows["Area code"].notna()]
    rows = rows.drop_duplicates()
    for name in ("Month_Year", "Refresh Date"):
        rows[name] = pd.to_datetime(rows[name], format="%d/%m/%Y")
    rows["Crime Subtype"] = rows["Crime Subtype"].str.replace("Violence with Injury", "violence with injury")
    return rows


def expectations() -> gx.ExpectationSuite:
    """Return what is expected of the rows, much as ours expects it."""
    first, today = pd.Timestamp(2010, 1, 1), pd.Timestamp.now()
    filled = ["Month_Year", "Area code", "Crime Type", "Crime Subtype", "Measure", "Count", "Refresh Date"]
    return gx.ExpectationSuite(
        name="police",
        expectations=[
            gxe.ExpectTableRowCountToBeBetween(min_value=1),
            *(gxe.ExpectColumnValuesToNotBeNull(column=name) for name in filled),
            gxe.ExpectColumnValuesToBeBetween(column="Month_Year", min_value=first, max_value=today),
            gxe.ExpectColumnValuesToBeBetween(column="Refresh Date", min_value=first, max_value=today),
            gxe.ExpectColumnValuesToBeBetween(column="Count", min_value=0),
            gxe.ExpectColumnValuesToMatchRegex(column="Area code", regex=r"^E09\d{6}$"),
            gxe.ExpectColumnValuesToMatchRegex(column="Financial Year", regex=r"^fy\d\d-\d\d$"),
            gxe.ExpectColumnValuesToBeInSet(column="Crime Subtype", value_set=[subtype for subtype, _ in INDICATORS]),
            gxe.ExpectColumnValuesToBeInSet(column="Measure", value_set=[measure for _, measure in INDICATORS]),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="Refresh Date", column_B="Month_Year", or_equal=True),
            gxe.ExpectCompoundColumnsToBeUnique(column_list=KEY),
        ],
    )


def check(rows: pd.DataFrame) -> None:
    """Stop where the rows are not as expected."""
    batch = (
        gx.get_context(mode="ephemeral")
        .data_sources.add_pandas("police")
        .add_dataframe_asset("rows")
        .add_batch_definition_whole_dataframe("whole")
        .get_batch(batch_parameters={"dataframe": rows})
    )
    outcome = batch.validate(expectations())
    if not outcome.success:
        raise SystemExit(f"The rows are not as expected: {outcome}")


def rolling(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the figures of every area, month and indicator."""
    months = pd.date_range(rows["Month_Year"].min(), rows["Month_Year"].max(), freq="MS")
    areas = rows["Area code"].unique()
    monthly = {
        indicator: rows[(rows["Crime Subtype"] == subtype) & (rows["Measure"] == measure)]
        .pivot(index="Month_Year", columns="Area code", values="Count")
        .reindex(index=months, columns=areas)
        for (subtype, measure), indicator in INDICATORS.items()
    }
    # A month that has domestic abuse offences has every series; what has no row is zero.
    missing = monthly["DA_OFF_R12"].isna()
    parts = {name: counts.fillna(0).mask(missing).rolling(12).sum() for name, counts in monthly.items()}
    parts["DA_VWI_POR_R12"] = 100 * parts["DA_VWI_PO_R12"] / parts["DA_VWI_R12"]
    figures = pd.concat(parts, names=["indicator_id"])
    prior = figures.groupby("indicator_id").shift(12)
    long = pd.DataFrame({"value": figures.stack(), "prior_value": prior.stack()})
    long["change"] = 100 * (long["value"] - long["prior_value"]) / long["prior_value"]
    long = long.rename_axis(["indicator_id", "period_end", "area_code"]).reset_index()
    long["period_end"] += pd.offsets.MonthEnd()
    return long


def read_check_and_write(file: Path, folder: Path) -> Path:
    """Make a database with the rows of a file, and the figures."""
    rows = read(file)
    check(rows)
    database = folder / "pandas.duckdb"
    engine = create_engine(f"duckdb:///{database}")
    with engine.begin() as connection:
        rows.to_sql("police", connection, index=False)
        rolling(rows).to_sql("rolling_12m", connection, index=False)
    engine.dispose()
    return database


if __name__ == "__main__":
    tell(compete(read_check_and_write))
