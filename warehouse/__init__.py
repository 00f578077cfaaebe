"""The DuckDB star schema: loading slices, windows, indicators and the published database."""
