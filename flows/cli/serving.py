"""The commands that stay, and the one that asks whether they do."""

import os
from functools import partial
from typing import Annotated

import typer

from flows.cli.ending import ALL_ACCEPTED, FAILED
from flows.cli.given import given_settings

PANEL = "All the time"

commands = typer.Typer()
command = partial(commands.command, rich_help_panel=PANEL)


@command()
def serve(
    port: Annotated[
        int, typer.Option(min=1, max=65535, help="Where Prefect's server and its pages are, on this machine.")
    ] = 4200,
    watching: Annotated[
        bool, typer.Option("--watch/--no-watch", help="Watch landing too, or leave that to `vawg watch`.")
    ] = True,
) -> None:
    """Stay and take in files as they land, publish, and keep the calendar, until it is ended (Ctrl-C)."""
    from flows.serving.serve import serve as stay

    stay(given_settings(), port, watching=watching)


@command()
def watch() -> None:
    """Only watch landing, and tell Prefect's server (PREFECT_API_URL) of what comes, for a worker of your own."""
    from flows.serving.serve import only_watch

    only_watch(given_settings())


@command()
def health(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where Prefect's server is, on this machine.")] = 4200,
) -> None:
    """Say whether the pipeline is served; PREFECT_API_URL says where, if it is set. Exit code 1 where it is not."""
    from flows.serving.health import ails

    wrong = ails(os.environ.get("PREFECT_API_URL") or f"http://127.0.0.1:{port}/api")
    print(wrong or "Prefect's server answers, and a worker asks it for work.")
    raise typer.Exit(FAILED if wrong else ALL_ACCEPTED)
