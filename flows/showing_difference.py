"""Showing what changed between two readings: on the terminal, and as one self-contained page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console

from flows.diffing import Compared
from flows.pages import write_page
from flows.report import in_words
from flows.showing import show_table
from warehouse.diffing import Difference

#: How many lines of each table the terminal gets, undivided ones first; the page and --json have all.
MOST = 40
PAGE = "difference.html"


@dataclass(frozen=True)
class Windows:
    """The windows of one figure that changed.

    Attributes:
        what: the figure, with the breakdown value where it is divided.
        most: the row of the window that changed the most.
        rows: those of all windows.
    """

    what: str
    most: dict[str, Any]
    rows: Sequence[dict[str, Any]]


def windows_changed(figures: Iterable[dict[str, Any]]) -> list[Windows]:
    """Return the changed figures, the windows of each together, in the order in which they come."""

    def one(row: dict[str, Any]) -> tuple[str, ...]:
        return row["area_code"], row["indicator_id"], row["breakdown"], row["breakdown_value"]

    return [
        Windows(named(rows[0], "indicator_name"), max(rows, key=_size), rows)
        for rows in (list(those) for _, those in groupby(figures, key=one))
    ]


def named(row: dict[str, Any], name: str) -> str:
    """Return what a row counts, with what it is divided by: `Cases heard, victim sex: F`."""
    if row["breakdown"] == "all":
        return str(row[name])
    return f"{row[name]}, {row['breakdown'].replace('_', ' ')}: {in_words(row['breakdown_value'])}"


def change(row: dict[str, Any]) -> str:
    """Return the change of a count in percent, of a percentage in points; a dash where there is none to tell."""
    old, new = row["old"], row["new"]
    if old is None or new is None:
        return "-"
    if row.get("unit") in ("%", "rank"):
        return f"{new - old:+.1f} pp" if row["unit"] == "%" else f"{new - old:+.0f}"
    return f"{100 * (new - old) / old:+.1f}%" if old else "-"


def _size(row: dict[str, Any]) -> float:
    """Return how much a row changed, relative to what it was; what came or went is the most."""
    old, new = row["old"], row["new"]
    return float("inf") if old is None or new is None else float(abs(new - old) / (abs(old) or 1))


def displayed(row: dict[str, Any], which: str) -> str:
    """Return an `old` or `new` value as text: as displayed, or in full where the rules of then are gone."""
    value, shown = row[which], row.get(f"{which}_display")
    if value is None:
        return shown or "-"
    if shown:
        return str(shown)
    return f"{value:,}" if isinstance(value, int) else f"{value:g}"


def why(row: dict[str, Any]) -> str:
    """Return why a row changed, and who accepted that."""
    accepted = f"; accepted by {', '.join(row['accepted_by'])}" if row["accepted_by"] else ""
    return f"{', '.join(row['reasons'])}{accepted}"


def period(row: dict[str, Any]) -> str:
    """Return the month of a count, or its months."""
    first: date = row["month"]
    return f"{first:%b %Y}" if row["months"] == 1 else f"{first:%b %Y} and {row['months'] - 1} more months"


def headline(compared: Difference) -> str:
    """Return in a sentence how much changed."""
    if not compared.counts and not compared.figures:
        return "Nothing changed: no count and no figure."
    counts, figures = len(compared.counts), len(compared.figures)
    return f"Changed: {counts:,} counts of months or quarters, {figures:,} figures of 12 months."


def show_difference(compared: Compared) -> None:
    """Print what changed: the counts by why and file, and each figure with the window that changed the most."""
    console = Console()
    for finding in compared.findings:
        console.print(f"  - {finding.verdict}: {finding}", highlight=False, markup=False, soft_wrap=True)
    found = compared.difference
    if found is None:
        console.print("The file would be rejected, so that nothing would change.")
        return
    console.print(f"From {found.old.label} to {found.new.label}. {headline(found)}", highlight=False, soft_wrap=True)
    for (because, sent), those in groupby(sorted(found.counts, key=_behind), key=_behind):
        rows = sorted(those, key=_is_divided)
        title = f"{because[0].upper()}{because[1:]}: {', '.join(sent) or 'no file'}"
        shown = [row for row in rows if not _is_divided(row)][:MOST] or rows[:MOST]
        show_table([_count_row(row) for row in shown], title)
        _say_more(console, len(rows) - len(shown))
    for because, figures in groupby(sorted(windows_changed(found.figures), key=_why), key=_why):
        every = list(figures)
        lines = [one for one in every if not _is_divided(one.most)][:MOST] or every[:MOST]
        show_table([_figure_row(one) for one in lines], f"Figures of 12 months that changed the most, {because}")
        _say_more(console, len(every) - len(lines))


def _is_divided(row: dict[str, Any]) -> bool:
    return bool(row["breakdown"] != "all")


def _count_row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "period": period(row),
        "area": row["area_name"],
        "count": named(row, "series"),
        "old": displayed(row, "old"),
        "new": displayed(row, "new"),
        "change": change(row),
    }


def _behind(row: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    return why(row), tuple(row["files"] or ())


def _why(one: Windows) -> str:
    return why(one.most)


def _figure_row(one: Windows) -> dict[str, Any]:
    return {
        "figure": one.what,
        "area": one.most["area_name"],
        "windows": len(one.rows),
        "12 months to": f"{one.most['period_end']:%b %Y}",
        "old": displayed(one.most, "old"),
        "new": displayed(one.most, "new"),
        "change": change(one.most),
    }


def _say_more(console: Console, more: int) -> None:
    if more:
        console.print(f"  and {more:,} more, divided or of other areas: see the page (--to FOLDER), or --json.")


def write_difference(compared: Compared, to: Path) -> Path:
    """Write what changed into a folder, as a page."""
    found = compared.difference
    return write_page(
        to / PAGE,
        "difference",
        compared=compared,
        found=found,
        headline=headline(found) if found else "The file would be rejected, so that nothing would change.",
        figures=windows_changed(found.figures) if found else [],
        named=named,
        change=change,
        displayed=displayed,
        why=why,
        period=period,
    )
