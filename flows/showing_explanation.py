"""Showing where a figure comes from: as a tree for the terminal, and as one self-contained page."""

from itertools import groupby
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from flows.explaining import Explained, File, made
from flows.pages import write_page
from flows.report import in_words
from warehouse.explaining import Explanation, Part

HOLDS = "Read again, every file gives what was loaded from it."
DIFFERS = "Not all of it can be counted again from the files: see {}."
UNREAD = "The files were not read again."

#: How a figure is shown with its unit, where that is not simply behind it.
SHOWN = {"count": "{}", "%": "{}%", "rank": "rank {}"}


def headline(explanation: Explanation) -> str:
    """Return the figure and what it is of, in a line."""
    figure = explanation.figure
    divided = f", {in_words(figure['breakdown_value'])}" if figure["breakdown"] != "all" else ""
    whole = f"{figure['indicator_name']}{divided}, {figure['area_name']}, 12 months to {figure['period_end']:%B %Y}"
    return f"{whole}: {SHOWN.get(figure['unit'], '{} {}').format(figure['display'], figure['unit'])}"


def worked_out(explanation: Explanation) -> str:
    """Return the sum by which a ratio or a change comes from its two numbers; nothing where there is none to show."""
    figure = explanation.figure
    top, bottom = figure["numerator"], figure["denominator"]
    if figure["value"] is None or not bottom or figure["presents"] == "rank":
        return ""
    above = f"({top:,} - {bottom:,})" if figure["presents"] == "change" else f"{top:,}"
    times = f" × {figure['scale']:,}" if figure["scale"] != 1 else ""
    return f"{above} ÷ {bottom:,}{times} = {figure['value']:,.4f}, shown as {figure['display']}"


def show_explanation(explained: Explained) -> None:
    """Print a figure, what it is made of, and the files behind it."""
    found = explained.explanation
    figure = found.figure
    tree = Tree(f"[bold]{escape(headline(found))}[/bold]")
    tree.add(escape(figure["definition"]))
    tree.add(f"published by {found.run['run_id']}; known at {found.run['as_of']:%Y-%m-%d %H:%M} UTC")
    if said := figure["reason"] or worked_out(found):
        tree.add(escape(said))
    for part in found.parts:
        _add_part(tree, part, explained)
    files = tree.add("files") if explained.files else tree
    for file in explained.files:
        _add_file(files, file)
    if explained.holds is not None:
        tree.add(f"[green]{HOLDS}[/green]" if explained.holds else f"[red]{DIFFERS.format('above')}[/red]")
    Console(highlight=False).print(tree)


def write_explanation(explained: Explained, to: Path) -> Path:
    """Write where a figure comes from into a folder, as a page named after the figure."""
    found = explained.explanation
    figure = found.figure
    divided = f"-{figure['breakdown_value']}" if figure["breakdown"] != "all" else ""
    verdict = {None: ("unread", UNREAD), True: ("right", HOLDS), False: ("wrong", DIFFERS.format("below"))}[
        explained.holds
    ]
    return write_page(
        to / f"{figure['indicator_id']}-{figure['area_code']}-{figure['period_end']:%Y-%m}{divided}.html",
        "explanation",
        headline=headline(found),
        verdict=verdict,
        figure=figure,
        run=found.run,
        worked_out=worked_out(found),
        parts=[
            {
                "title": _title(part).capitalize(),
                "counted": _counted(part),
                "recount": _recount(part, explained),
                "sources": _by_source(part.counts),
                "most": max((one["value"] or 0 for one in part.counts), default=0),
            }
            for part in found.parts
        ],
        files=explained.files,
        period=_period,
        number=_number,
        read_again=_read_again,
    )


def _title(part: Part) -> str:
    """Return what a part of a figure is, and the number."""
    return f"{part.name} {'not known' if part.value is None else _number(part.value)}"


def _counted(part: Part) -> str:
    """Return what a part counts, in words and as the published database calls it."""
    by, value = part.divided
    divided = f", {in_words(value)}" if by != "all" else ""
    return f"{part.said}{divided} ({part.subject_id}, {part.measure_id})" if part.counts else part.said


def _recount(part: Part, explained: Explained) -> str:
    """Return what a part comes to when it is counted again; nothing where it is not."""
    if part.name not in explained.recounts:
        return ""
    total = explained.recounts[part.name]
    return f"counted again from the files: {total:,}" + ("" if total == made(part) else f", not {made(part):,}")


def _by_source(counts: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return counts by the title of the source that each is read from, sorted."""

    def source(one: dict[str, Any]) -> str:
        return str(one["title"] or one["source"])

    return [(title, list(those)) for title, those in groupby(sorted(counts, key=source), key=source)]


def _number(value: int | None) -> str:
    return "not given" if value is None else f"{value:,}"


def _period(one: dict[str, Any]) -> str:
    return f"{one['month']:%b %Y}" + (f" ({one['months']} months)" if one["months"] > 1 else "")


def _read_again(file: File) -> str:
    return f"{file.same:,} of its {file.slices:,} parts behind this figure read again the same"


def _add_part(tree: Tree, part: Part, explained: Explained) -> None:
    branch = tree.add(escape(f"{_title(part)}: {_counted(part)}"))
    for source, counts in _by_source(part.counts):
        branch.add(escape(f"{source}: " + "; ".join(f"{_period(one)} {_number(one['value'])}" for one in counts)))
    if said := _recount(part, explained):
        branch.add(said if explained.recounts[part.name] == made(part) else f"[red]{said}[/red]")


def _add_file(tree: Tree, file: File) -> None:
    sent = file.submission
    branch = tree.add(escape(f"{sent['file_name']}, received {sent['received_at']:%Y-%m-%d %H:%M} UTC"))
    branch.add(escape(f"{sent['submission_id']}, SHA-256 {sent['sha256']}"))
    if file.rows:
        branch.add(escape(file.rows + (f" of the sheet {sent['sheet']}" if sent["sheet"] else "")))
    if file.trouble:
        branch.add(f"[red]{escape(file.trouble)}[/red]")
    elif file.rows:
        branch.add(_read_again(file))
