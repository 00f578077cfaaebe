"""Showing: outcomes and figures as tables for the terminal."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Literal

import polars as pl
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from expectations.verdicts import worst_first

if TYPE_CHECKING:
    from flows.outcomes import Outcome

#: What is shown of an indicator of which nothing is held.
UNKNOWN: Mapping[str, Any] = {
    "value": None, "display": "[x]", "change": None, "prior_value": None, "rank": None, "flags": ()
}  # fmt: skip
STYLES = {
    "accepted": "green",
    "unchanged": "cyan",
    "rejected": "red",
    "waiting": "yellow",
    "gone": "yellow",
    "failed": "red",
}


#: Columns of words and names that stay whole where the terminal is narrow.
SHORT = ("status", "policy", "submission_id", "run_id", "release_id")
#: How wide a column is at the least in which names fold.
FOLDED = 8


def show_table(rows: Sequence[Mapping[str, Any]], title: str) -> None:
    """Print rows as a table, one column a key."""
    console = Console()
    if not rows:
        console.print(f"{title}: none.")
        return
    if console.width < _least_width(rows):
        _show_records(console, rows, title)
        return
    table = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD)
    for name, value in rows[0].items():
        justify: Literal["right", "left"] = "right" if _is_number(value) else "left"
        table.add_column(name.replace("_", " "), justify=justify, no_wrap=_is_short(name, value), overflow="fold")
    for row in rows:
        table.add_row(*(_text(value) for value in row.values()))
    console.print(table)


def _least_width(rows: Sequence[Mapping[str, Any]]) -> int:
    """Return how many letters wide a terminal must be for a table in which nothing is cut off or folded to letters."""
    width = 1
    for name, value in rows[0].items():
        longest = max(len(_text(row[name])) for row in rows)
        width += 3 + max(len(name.split("_")[0]), longest if _is_short(name, value) else min(longest, FOLDED))
    return width


def _show_records(console: Console, rows: Sequence[Mapping[str, Any]], title: str) -> None:
    """Print rows one below the other, for a terminal that is too narrow for a table of them."""
    console.print(title, style="bold")
    for row in rows:
        console.print()
        for name, value in row.items():
            console.print(f"{name.replace('_', ' ')}: {_text(value)}", highlight=False, soft_wrap=True)


def show_headline(rows: Sequence[Mapping[str, str]], title: str) -> None:
    """Print headline rows with a column for each window."""
    if not rows:
        Console().print(f"{title}: no 12 months of police figures are complete yet.", highlight=False)
        return
    table = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD)
    names = list(rows[0])
    table.add_column(names[0], overflow="fold")
    for row in rows:
        table.add_column(row[names[0]], justify="right")
    for name in names[1:]:
        table.add_row(name, *(_text(row[name]) for row in rows))
    Console().print(table)


def show_disagreements(found: Sequence[Mapping[str, Any]], most: int = 8) -> None:
    """Print what does not agree between returns: the latest, and how many more there are."""
    if not found:
        return
    console = Console()
    console.print("What does not agree between the returns:", style="bold")
    for one in found[:most]:
        console.print(f"  - {one['period_end']:%b %Y}: {one['said']}", highlight=False, markup=False, soft_wrap=True)
    if len(found) > most:
        console.print(f"  and {len(found) - most} more, in the table cross_check of the database.", highlight=False)


def show_status(rows: Sequence[Mapping[str, Any]], today: date, run_day: date) -> None:
    """Print what is expected, received and late, and of each source that is not in what that means.

    Args:
        rows: rows of `status`.
        today: the day that they are of.
        run_day: the day on which the month's figures are made next.
    """
    shown = [
        {
            "return": row["title"],
            "status": f"{row['state']} by {row['late_by']}" if row["late_by"] else row["state"],
            "held to": _held_to(row),
            "received": row["received_at"].date() if row["received_at"] else None,
            "next": row["awaited_period"],
            "due": row["due_on"],
        }
        for row in rows
    ]
    show_table(shown, f"Returns on {today:%A} {in_full(today)} (late by working days)")
    console = Console()
    for row in rows:
        if row["state"] not in ("in", "nothing yet") or row["last_verdict"] == "rejected":
            said = f"  - {row['title']}: {row['next_run']}"
            console.print(said, highlight=False, markup=False, soft_wrap=True)
    made = "today" if run_day == today else f"on {run_day:%A} {in_full(run_day)}"
    console.print(f"The month's figures are made {made}, its fifth working day.", highlight=False)


def _held_to(row: Mapping[str, Any]) -> str | None:
    """Return the latest month that is held, and its revision where it has come again."""
    month = f"{row['latest_month']:%b %Y}" if row["latest_month"] else None
    return f"{month}, revision {row['revision']}" if month and (row["revision"] or 1) > 1 else month


def status_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return what is expected, received and late as text, with all there is to it, for a wide table.

    Args:
        rows: rows of `status`.
    """
    return [
        {
            "return": row["title"],
            "state": row["state"],
            "latest": f"{row['latest_month']:%b %Y}" if row["latest_month"] else "-",
            "received": f"{row['received_at']:%Y-%m-%d}" if row["received_at"] else "-",
            "revision": str(row["revision"] or "-"),
            "last file": row["last_verdict"] or "-",
            "next": row["awaited_period"] or "-",
            "due": f"{row['due_on']}" if row["due_on"] else "-",
            "working days late": str(row["late_by"] or "-"),
            "next run": row["next_run"],
        }
        for row in rows
    ]


def in_full(day: date) -> str:
    """Return a day as it is written out, such as 7 July 2020."""
    return f"{day.day} {day:%B %Y}"


def show_outcomes(outcomes: Iterable["Outcome"], console: Console | None = None) -> None:
    """Print what became of each file, its rows and what was found in it."""
    console = console or Console()
    for one in outcomes:
        console.print(
            f"[{STYLES[one.status]}]{one.status}[/] [bold]{escape(one.file_name)}[/] {escape(one.message)}",
            highlight=False,
            soft_wrap=True,
        )
        if one.read_from:
            console.print(f"  {one.read_from}", highlight=False, markup=False, soft_wrap=True)
        if one.counts.received:
            parts = ", ".join(
                f"{value:,} {name.replace('_', ' ')}" for name, value in vars(one.counts).items() if name != "received"
            )
            console.print(f"  {_rows(one.counts.received)} received = {parts}", highlight=False, soft_wrap=True)
        for because, rows in one.out_of_scope.items():
            console.print(f"  - out of scope: {_rows(rows)} ({because})", highlight=False, markup=False, soft_wrap=True)
        for finding in worst_first(one.findings):
            console.print(f"  - {finding.verdict}: {finding}", highlight=False, markup=False, soft_wrap=True)


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number:,} rows"


def show_json(value: Any) -> None:
    """Print a value as JSON; paths, dates and the like as text."""

    def plain(other: Any) -> Any:
        return asdict(other) if is_dataclass(other) and not isinstance(other, type) else str(other)

    print(json.dumps(value, default=plain, indent=2, ensure_ascii=False))


def headline_rows(figures: pl.DataFrame) -> list[dict[str, str]]:
    """Return the police headline figures of one area: each March, as the annual report has them, and the latest month.

    Args:
        figures: rows of `rolling_12m` of one area.
    """
    known = figures.filter(pl.col("value").is_not_null(), pl.col("indicator_id").str.starts_with("DA_"))
    if known.is_empty():
        return []
    latest = known["period_end"].max()
    ends = known.filter((pl.col("period_end").dt.month() == 3) | (pl.col("period_end") == latest))
    return [_headline(end, figures.filter(pl.col("period_end") == end)) for end in ends["period_end"].unique().sort()]


def _headline(end: date, figures: pl.DataFrame) -> dict[str, str]:
    """Return the headline figures of one window, as text."""
    of = defaultdict(lambda: UNKNOWN, {row["indicator_id"]: row for row in figures.iter_rows(named=True)})

    def known(indicator: str, text: str) -> str:
        return text if of[indicator]["value"] is not None else "[x]"

    violence, detected = of["DA_VWI_R12"], of["DA_VWI_SDR_R12"]
    rate, offence_rate = of["DA_INC_RATE_R12"], of["DA_OFF_RATE_R12"]
    change = "" if violence["change"] is None else f" ({violence['change_display']}%)"
    prior = "" if detected["prior_value"] is None else f" (from {narrative(detected['prior_value'])}%)"
    return {
        "12 months to": f"{end:%b %Y}",
        "incidents": of["DA_INC_R12"]["display"],
        "offences": of["DA_OFF_R12"]["display"],
        "became offences": known("DA_CONV_R12", f"{of['DA_CONV_R12']['display']}%"),
        "violence with injury": violence["display"] + change,
        "detection rate": known("DA_VWI_SDR_R12", f"{detected['display']}%{prior}"),
        "incidents per 1,000 (rank)": rate["display"] + _rank(rate),
        "offences per 1,000 (rank)": offence_rate["display"] + _rank(offence_rate),
        "flags": " ".join(f"[{flag}]" for flag in of["DA_OFF_R12"]["flags"]),
    }


def narrative(value: float) -> str:
    """Return a percentage as a sentence has it: no decimal place, rounded half up."""
    return str(Decimal(str(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _rank(figure: Mapping[str, Any]) -> str:
    return "" if figure["rank"] is None else f" ({figure['rank']} of {figure['rank_of']})"


def _is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_short(name: str, value: Any) -> bool:
    """Return whether a column stays whole: numbers, dates and words of state; names fold."""
    return _is_number(value) or isinstance(value, bool | date) or name in SHORT


def _text(value: Any) -> str:
    """Return a cell as text; markup characters are shown as they are."""
    if value is None:
        return "-"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return escape(str(value))
