"""Showing where a figure comes from, as a tree for the terminal."""

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.tree import Tree

from flows.explaining import Explained, File, added
from warehouse.explaining import Part


def show_explanation(explained: Explained) -> None:
    """Print a figure, what it is made of, and the files behind it."""
    found = explained.explanation
    figure = found.figure
    divided = f", {figure['breakdown_value']}" if figure["breakdown"] != "all" else ""
    tree = Tree(
        f"[bold]{escape(figure['indicator_name'])}[/bold], {figure['area_name']}{divided}, 12 months to"
        f" {figure['period_end']:%B %Y}: [bold]{escape(figure['display'])}[/bold] {escape(figure['unit'])}"
    )
    tree.add(escape(figure["definition"]))
    tree.add(f"published by {found.run['run_id']}; known at {found.run['as_of']:%Y-%m-%d %H:%M} UTC")
    if figure["reason"]:
        tree.add(escape(figure["reason"]))
    for part in found.parts:
        _add_part(tree, part, explained)
    files = tree.add("files") if explained.files else tree
    for file in explained.files:
        _add_file(files, file)
    if any(file.rows or file.trouble for file in explained.files):
        tree.add(
            "[green]Read again, every file gives what was loaded from it.[/green]"
            if explained.holds
            else "[red]Not all of it can be counted again from the files: see above.[/red]"
        )
    Console(highlight=False).print(tree)


def _add_part(tree: Tree, part: Part, explained: Explained) -> None:
    value = f"{part.value:,}" if part.value is not None else "not known"
    counted = f": {part.subject_id}, {part.measure_id}" if part.subject_id else " (a fixed number)"
    branch = tree.add(f"{part.name} [bold]{value}[/bold]{escape(counted)}")
    for source, counts in _by_source(part.counts).items():
        branch.add(escape(f"{source}: " + "; ".join(_count(one) for one in counts)))
    if part.name in explained.recounts:
        total = explained.recounts[part.name]
        same = total == added(part)
        branch.add(f"counted again from the files: {total:,}" + ("" if same else f" [red](not {added(part):,})[/red]"))


def _by_source(counts: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    grouped: dict[str, list[dict[str, Any]]] = {}
    for one in counts:
        grouped.setdefault(one["title"] or one["source"], []).append(one)
    return grouped


def _count(one: dict[str, Any]) -> str:
    span = f"{one['month']:%b %Y}" + (f" ({one['months']} months)" if one["months"] > 1 else "")
    return f"{span} {one['value']:,}" if one["value"] is not None else f"{span} not given"


def _add_file(tree: Tree, file: File) -> None:
    sent = file.submission
    branch = tree.add(escape(f"{sent['file_name']}, received {sent['received_at']:%Y-%m-%d %H:%M} UTC"))
    branch.add(escape(f"{sent['submission_id']}, SHA-256 {sent['sha256']}"))
    if file.rows:
        branch.add(escape(file.rows + (f" of the sheet {sent['sheet']}" if sent["sheet"] else "")))
    if file.trouble:
        branch.add(f"[red]{escape(file.trouble)}[/red]")
    elif file.rows:
        branch.add(f"{file.same:,} of its {file.slices:,} parts behind this figure read again the same")
