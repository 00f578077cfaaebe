"""Pure functions on Polars frames: reading bytes, conforming rows, turning typed rows into facts."""
