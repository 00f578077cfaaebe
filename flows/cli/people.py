"""The commands that remove what is kept about people."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

import typer

from flows.cli.given import Json, given_home

PANEL = "Rows about people"

commands = typer.Typer()
command = partial(commands.command, rich_help_panel=PANEL)


@command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be removed.")] = False,
    as_json: Json = False,
) -> None:
    """Remove raw files and rows about people that are past their time; the figures made of them stay."""
    from flows.retaining import retain
    from flows.showing import show_json

    removed = retain(given_home(), now=datetime.now(UTC).replace(tzinfo=None), dry_run=dry_run)
    if as_json:
        show_json(removed)
        return
    verb = "to be removed" if dry_run else "removed"
    print(f"Raw files {verb}: {len(removed.raw_files):,}")
    for place in removed.raw_files:
        print(f"  {place}")
    print(f"Rows about people {verb}: {sum(removed.records.values()):,}")
    for source, rows in removed.records.items():
        print(f"  {source}: {rows:,}")


@command()
def erase(
    supplier: Annotated[str, typer.Option(help="Whose reference it is, such as HESTIA.")],
    reference: Annotated[
        str, typer.Option(prompt=True, help="Best left out: then it is asked for, and in no shell's history.")
    ],
    raw: Annotated[bool, typer.Option("--raw", help="Remove the supplier's raw files, too.")] = False,
    in_advance: Annotated[
        bool, typer.Option("--in-advance", help="Keep out somebody of whom nothing is held; there is no way back.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Remove every row of one person, case or household, for good; counts that were published stay."""
    from flows.retaining import erase as erase_person
    from flows.showing import show_json

    now = datetime.now(UTC).replace(tzinfo=None)
    erased = erase_person(given_home(), supplier, reference, now=now, raw=raw, in_advance=in_advance)
    if as_json:
        show_json(erased)
        return
    print(f"Rows removed, in all versions: {erased.rows:,}. Rows with this reference are not loaded again.")
    if erased.raw_files_removed:
        print(f"Raw files of {supplier} removed: {len(erased.raw_files_removed):,}")
    if erased.raw_files_left:
        print(f"These raw files of {supplier} may hold the reference; `--raw` removes them:")
        for place in erased.raw_files_left:
            print(f"  {place}")
