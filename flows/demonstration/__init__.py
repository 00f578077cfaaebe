"""Synthetic files of every source, from which the pipeline reproduces the annual report's figures.

Totals are those of the annual report 2019/20, except where a comment says that they are chosen, derived or invented.
How they fall on months and people is invented. Neither clock nor chance is asked, and the arithmetic is exact: every
machine writes the same bytes.
"""

import csv
from collections.abc import Mapping
from itertools import chain
from pathlib import Path

from flows.demonstration.people import people_files
from flows.demonstration.police import police_files
from flows.demonstration.returns import return_files


def write_demonstration(folder: Path, area_codes: Mapping[str, str]) -> list[Path]:
    """Write what the police and every provider would send, the same bytes each time.

    Args:
        folder: where the files are written; it is made if it is missing.
        area_codes: name of each Metropolitan Police borough by its GSS code.

    Returns:
        The paths of the files, in the order in which they are written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, rows in chain(police_files(area_codes), people_files(), return_files()):
        paths.append(folder / f"synthetic_{name}.csv")
        with paths[-1].open("w", encoding="utf-8", newline="") as lines:
            csv.writer(lines).writerows(rows)
    return paths
