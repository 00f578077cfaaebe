"""What the fields of the police dashboard do not say."""

import polars as pl


def police_dashboard(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the typed rows with incidents counted as incidents.

    Older issues list "Domestic Abuse Incidents" under the measure of offences, but an incident is no offence.
    """
    incident = (pl.col("offence_id") == "DA_INCIDENT") & (pl.col("measure_id") == "offences")
    return rows.with_columns(
        pl.when(incident).then(pl.lit("incidents")).otherwise(pl.col("measure_id")).alias("measure_id")
    )
