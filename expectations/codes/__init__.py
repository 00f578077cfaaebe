"""The field's code lists, one CSV each: what may stand in a coded column and in a dimension of the warehouse."""

import csv
from functools import cache
from importlib.resources import files


@cache
def code_list(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one code list (`area`, `measure`, `agency`, `sex` and so on), in file order."""
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def spellings(name: str) -> dict[str, tuple[str, ...]]:
    """Return a code list as a coded column reads it: code -> its name, and the other spellings that have been met."""
    return {one["code"]: (one["name"], *filter(None, one["spellings"].split("|"))) for one in code_list(name)}


SEXES = spellings("sex")
ETHNIC_GROUPS = spellings("ethnic_group")
