"""The data dictionary: one static site from the declarations, the indicators and the comments of the catalogue."""

from flows.dictionary.writing import FolderTaken, write_dictionary

__all__ = ["FolderTaken", "write_dictionary"]
