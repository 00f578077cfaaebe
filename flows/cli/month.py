"""The commands of the month's work: files in, figures out."""

from functools import partial
from typing import Annotated

import typer

from flows.cli.ending import (
    NO_TABLES,
    end_with,
    exit_code,
    show_answer,
    show_published,
    tell_notices,
    warn_of_clear_files,
)
from flows.cli.given import Addresses, Json, Today, area_name, given_day, given_home, given_settings

PANEL = "The month's work"

commands = typer.Typer()
command = partial(commands.command, rich_help_panel=PANEL)


@command()
def demo(as_json: Json = False) -> None:
    """Show the whole way on synthetic police extracts (or on the files of the folder VAWG_REAL)."""
    from flows.demo import run_demo

    raise typer.Exit(exit_code(run_demo(given_settings(), as_json=as_json)))


@command()
def run(as_json: Json = False) -> None:
    """Take in everything that lies in landing, refresh and publish, as a Prefect flow."""
    from flows.landing import places
    from flows.progress import progress
    from flows.refreshing import disagreements, headline
    from flows.restating import held_back, show_held_back
    from flows.running import run_flow
    from flows.showing import headline_rows, show_disagreements, show_headline, show_json, show_outcomes

    settings = given_settings()
    home = given_home(settings)
    landing = places.landing(home.prepare()).address
    with progress("Starting") as tell:
        outcomes, publication = run_flow(home, tell=tell)
    warn_of_clear_files(home, outcomes)
    rows, disagree = headline_rows(headline(home, settings.area)), disagreements(home, settings.area)
    held = held_back(home)
    if as_json:
        files, notices = [one.as_dict() for one in outcomes], tell_notices(home, settings, as_json=True)
        told = {"files": files, "published": publication, "headline": rows, "disagreements": disagree}
        show_json({**told, "held_back": held, "notices": notices})
    else:
        if not outcomes:
            print(f"There was nothing in {landing}.")
        show_outcomes(outcomes)
        show_headline(rows, f"Rolling 12 months, {area_name(settings)}")
        show_disagreements(disagree)
        show_held_back(held)
        show_published(publication)
        tell_notices(home, settings, as_json=False)
    raise typer.Exit(exit_code(outcomes))


@command()
def ingest(addresses: Addresses, as_json: Json = False) -> None:
    """Take in files; `vawg refresh` then computes and publishes the figures."""
    from flows import ingesting
    from flows.progress import progress

    home = given_home()
    with progress("Starting") as tell:
        outcomes = ingesting.ingest(home, addresses, tell=tell)
    warn_of_clear_files(home, outcomes)
    end_with(outcomes, as_json, NO_TABLES)


@command()
def refresh(as_json: Json = False) -> None:
    """Compute the figures from what is loaded, and publish them."""
    from flows.progress import progress
    from flows.refreshing import disagreements, headline, refresh_and_publish
    from flows.restating import held_back, show_held_back
    from flows.showing import headline_rows, show_disagreements, show_headline, show_json

    settings = given_settings()
    home = given_home(settings)
    with progress("Computing and publishing the figures"):
        publication = refresh_and_publish(home)
    rows, disagree = headline_rows(headline(home, settings.area)), disagreements(home, settings.area)
    held = held_back(home)
    if as_json:
        show_json({"published": publication, "headline": rows, "disagreements": disagree, "held_back": held})
        return
    show_headline(rows, f"Rolling 12 months, {area_name(settings)}")
    show_disagreements(disagree)
    show_held_back(held)
    show_published(publication)


@command()
def status(today: Today = None, as_json: Json = False) -> None:
    """Show what is expected, received and late, and what that means for the next run."""
    from expectations.calendar import monthly_run
    from flows.publications import rolled_back
    from flows.restating import held_back, show_held_back
    from flows.showing import show_json, show_status
    from warehouse.reporting import report

    day, home = given_day(today), given_home()
    with home.open() as connection:
        rows = report(connection, "status", today=day.isoformat())
    if as_json:
        show_json(rows)
    else:
        show_status(rows, day, monthly_run(day))
        show_held_back(held_back(home))
        if back := rolled_back(home):
            print(f"Not the latest figures are published: {back}")


@command()
def notify(
    today: Today = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would be told.")] = False,
    as_json: Json = False,
) -> None:
    """Tell of late returns, rejected files and restatements held back, each once, as is set: printed, e-mail, chat."""
    from flows.notifying import notify, untold, written
    from flows.sending import sender, show
    from flows.showing import show_json

    settings = given_settings()
    if dry_run:
        notices = untold(given_home(settings), given_day(today))
        if notices and not as_json:
            show(written(notices))
    else:
        notices = notify(given_home(settings), given_day(today), sender(settings, silent=as_json))
    if as_json:
        show_json(notices)
    elif not notices:
        print("There is nothing to tell that was not told before.")


@command()
def history(as_json: Json = False) -> None:
    """Show every file that was received and what became of it."""
    show_answer(
        "history",
        "Submissions",
        as_json,
        columns=("received_at", "file_name", "status", "received", "loaded", "rejected"),
    )
