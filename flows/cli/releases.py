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
    from flows.releasing import release_figures
    from flows.showing import show_json

    with progress("Suppressing, and attacking what is left"):
        released = release_figures(given_home(), policy)
    if as_json:
        show_json(released)
        return
    print(released.said())
