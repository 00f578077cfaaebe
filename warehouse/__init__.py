"""The DuckDB star schema: loading slices, windows, indicators and the published database."""

from warehouse.reading import open_published

__all__ = ["open_published"]
