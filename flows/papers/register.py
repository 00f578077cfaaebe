"""The register: what was printed where, and what the data give of it now."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.home import Home
from flows.papers.checking import Paper, check_paper, published_series, sentence_of
from flows.report import in_words
from transforms.papers.checking import value_of
from transforms.papers.rounding import rounded
from transforms.papers.verdicts import Checked
from warehouse import papers
from warehouse.opening import indicators

AS_PRINTED, MOVED, NEVER, UNKNOWN = "as printed", "moved since", "never so", "not known"


class NotEntered(Exception):
    """A report cannot be entered in the register; says why."""


def enter_paper(home: Home, path: Path, name: str, *, by: str, answers: Path | None = None) -> Paper:
    """Enter a report that was printed in the register, with what was found of each of its figures; return that.

    Args:
        home: whose warehouse has the register.
        path: the report as it was printed.
        name: what it is called, such as `Annual report 2019/20`.
        by: who enters it.
        answers: the table of an earlier check, with what somebody answered in it.

    Raises:
        NotEntered: if the name of the report or of the person is blank.
        AlreadyEntered: if a report of this name is there.
        NotReadable: if it cannot be read.
    """
    if not name.strip() or not by.strip():
        raise NotEntered("Say what the report is called (--called) and who enters it (--by).")
    paper = check_paper(home, path, answers)
    if not paper.checked:
        raise NotEntered(f"No figure was found in {path.name}, so that there is nothing to enter.")
    entered = {
        "paper": name.strip(),
        "file_name": path.name,
        "sha256": paper.sha256,
        "as_of": paper.as_of,
        "entered_by": by.strip(),
    }
    with home.open() as connection:
        papers.enter(connection, entered, [_row(one, home.area) for one in paper.checked])
    return paper


def _row(one: Checked, area: str) -> dict[str, Any]:
    """Return a figure as a row of the register."""
    meaning = one.meaning
    return {
        "place": one.figure.passage.place,
        "sentence": sentence_of(one.figure),
        "printed": one.figure.text,
        "verdict": str(one.verdict),
        "published": one.published,
        "area_code": area,
        "indicator_id": meaning.told.indicator_id if meaning else None,
        "breakdown": meaning.breakdown if meaning else None,
        "breakdown_value": meaning.value if meaning else None,
        "period_end": one.bound.period.end if meaning else None,
        "change": one.figure.change,
    }


def printed_now(home: Home, name: str = "") -> list[dict[str, Any]]:
    """Return the figures of the reports in the register that are bound, each with what the data give `now`.

    `state` says whether that is as printed, has moved since, or never was so.

    Args:
        home: whose register.
        name: one report; every one if empty.
    """
    with home.open() as connection:
        rows = [row for row in papers.printed(connection, name) if row["indicator_id"]]
    series, _ = published_series(home) if rows else ({}, None)
    names = {one["indicator_id"]: one["name"] for one in indicators()}
    found = []
    for row in rows:
        number = re.sub(r"[^\d.]", "", row["printed"].partition(" per ")[0])
        windows = series.get((row["indicator_id"], row["breakdown"], row["breakdown_value"]), {})
        exact = value_of(windows, row["period_end"], row["change"])
        now = "" if exact is None else rounded(exact, number)
        divided = "" if row["breakdown"] == "all" else f": {in_words(row['breakdown_value'])}"
        figure = f"{names.get(row['indicator_id'], row['indicator_id'])}{divided}"
        found.append({**row, "figure": figure, "now": now, "state": _state(number, row["published"], now)})
    return found


def _state(number: str, published: str, now: str) -> str:
    """Return how a printed figure stands beside what was published when it was entered, and what is now."""
    if not now:
        return UNKNOWN
    if now == number:
        return AS_PRINTED
    return MOVED if published == number else NEVER


def show_printed(rows: Sequence[dict[str, Any]]) -> None:
    """Print the printed figures that the data do not give now, and how many they do."""
    console = Console()
    unlike = [row for row in rows if row["state"] in (MOVED, NEVER)]
    if unlike:
        table = Table(title="Printed, and not what the data give", title_justify="left", box=SIMPLE_HEAD)
        for name in ("report", "where", "figure", "12 months to", "printed", "published then", "now", ""):
            table.add_column(name, overflow="fold")
        for row in unlike:
            shown = (
                row["paper"], row["place"], row["figure"], f"{row['period_end']:%b %Y}", row["printed"],
                row["published"], row["now"], row["state"],
            )  # fmt: skip
            table.add_row(*map(escape, shown))
        console.print(table)
    states = {state: sum(row["state"] == state for row in rows) for state in (AS_PRINTED, MOVED, NEVER, UNKNOWN)}
    counted = ", ".join(f"{count} {state}" for state, count in states.items() if count)
    console.print(
        f"{len(rows)} printed figures: {counted}." if rows else "No printed figure of an indicator is in the register.",
        highlight=False,
    )
