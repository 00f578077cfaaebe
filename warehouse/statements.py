"""The SQL of this room, read from the folders beside this module."""

from functools import cache
from importlib.resources import files


@cache
def statements(folder: str) -> dict[str, str]:
    """Return the SQL files of a folder by name (without `.sql`), in order of name."""
    found = files("warehouse").joinpath("sql", folder).iterdir()
    return {
        file.name.removesuffix(".sql"): file.read_text(encoding="utf-8")
        for file in sorted(found, key=lambda file: file.name)
        if file.name.endswith(".sql")
    }
