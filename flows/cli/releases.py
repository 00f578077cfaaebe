"""The commands for what leaves the partnership."""

from functools import partial
from typing import Annotated

import typer

from flows.cli.given import Json, given_home

PANEL = "What leaves the partnership"

commands = typer.Typer()
command = partial(commands.command, rich_help_panel=PANEL)


@command()
def public(
    policy: Annotated[str, typer.Option(help="For whom it is: public or partnership.")] = "public",
    as_json: Json = False,
) -> None:
    """Make the files that may leave the partnership, after disclosure control; nobody is sent them."""
    from flows.progress import progress
    from flows.publications import rolled_back
    from flows.releasing import release_figures
    from flows.showing import show_json

    home = given_home()
    with progress("Suppressing, and attacking what is left"):
        released = release_figures(home, policy)
    if as_json:
        show_json(released)
        return
    print(released.said())
    if back := rolled_back(home):
        print(f"These are not the latest figures: {back}")


@command()
def releases(as_json: Json = False) -> None:
    """Show every release, and who withdrew it."""
    from flows.releasing import releases as every_release
    from flows.showing import show_json, show_table

    found = every_release(given_home())
    if as_json:
        show_json(found)
    elif found:
        withdrawn = any(one["withdrawn_at"] for one in found)
        columns = (
            "release_id",
            "policy",
            "released_at",
            "stands",
            *(("withdrawn_at", "decided_by", "why") if withdrawn else ()),
        )
        show_table([{name: one[name] for name in columns} for one in found], "Releases")
    else:
        print("Nothing was released yet; `vawg public` makes a release.")


@command()
def withdraw(
    release_id: Annotated[str, typer.Argument(help="The release; `vawg releases` shows them.")],
    by: Annotated[str, typer.Option(help="Who answers for it that nobody outside has it.")] = "",
    why: Annotated[str, typer.Option(help="The reason, for the auditor.")] = "",
) -> None:
    """Take back a release that nobody outside has seen: its files go, and later ones do not reckon with it."""
    from flows.releasing import withdraw_release

    print(withdraw_release(given_home(), release_id, by=by, why=why))
