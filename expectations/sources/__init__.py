"""The declarations, one file a source. A file put here is found; nothing is listed."""
