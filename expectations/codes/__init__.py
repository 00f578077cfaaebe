"""The field's code lists, one CSV each: what may stand in a coded column and in a dimension of the warehouse."""

import csv
from functools import cache
from importlib.resources import files


@cache
def code_list(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one code list (`area`, `offence`, `measure`, `service`), in file order."""
    text = files(__name__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
