"""The commands that defend a figure: what it was, why it changed, and where it comes from."""

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.ending import ALL_ACCEPTED, FAILED, SOME_REJECTED
from flows.cli.given import Json, area_name, given_home, given_settings

PANEL = "Why a figure is what it is"

commands = typer.Typer()
command = partial(commands.command, rich_help_panel=PANEL)


@command()
def diff(
    old: Annotated[str, typer.Argument(help="`now`, a publication (its run), or a day or an instant of the past.")],
    new: Annotated[str, typer.Argument(help="One of these, a submission that is held back, or a file not loaded.")],
    to: Annotated[Path | None, typer.Option(help="Write a page into this folder.")] = None,
    as_json: Json = False,
) -> None:
    """Show what changed between two readings: counts and figures, old and new, why, and the submission behind it."""
    from flows.diffing import compare
    from flows.progress import progress
    from flows.showing import show_json
    from flows.showing_difference import show_difference, write_difference

    with progress("Comparing"):
        compared = compare(given_home(), old, new)
    if as_json:
        show_json(compared.as_dict())
    else:
        show_difference(compared)
    if to:
        page = write_difference(compared, to)
        if not as_json:
            print(f"Open {page}")
    raise typer.Exit(ALL_ACCEPTED if compared.accepted else SOME_REJECTED)


@command()
def accept(
    submission_id: Annotated[str, typer.Argument(help="Which submission; none to list what is held back.")] = "",
    by: Annotated[str, typer.Option(help="Who answers for it.")] = "",
    why: Annotated[str, typer.Option(help="The reason, for the auditor.")] = "",
    as_json: Json = False,
) -> None:
    """Accept a restatement that is held back from publication, by name and reason; `vawg refresh` then publishes it."""
    from flows.restating import accept as accept_submission
    from flows.restating import held_back, show_held_back
    from flows.showing import show_json

    if not submission_id:
        held = held_back(given_home())
        if as_json:
            show_json(held)
        elif held:
            show_held_back(held)
        else:
            print("Nothing is held back.")
        return
    accepted = accept_submission(given_home(), submission_id, by=by, why=why)
    if as_json:
        show_json(accepted)
    else:
        print(f"Accepted by {by}: {accepted['said']}\n`vawg refresh` publishes it.")


@command()
def report(
    as_of: Annotated[
        str, typer.Option("--as-of", help="A day (as known at its end), an instant in UTC, or a publication (its run).")
    ] = "now",
    as_json: Json = False,
) -> None:
    """Show the borough's figures as they were known at any past instant, and its years as published and as restated."""
    from flows.diffing import reading
    from flows.publications import rolled_back
    from flows.reporting import report_as_of, show_report
    from flows.showing import show_json

    settings = given_settings()
    home = given_home(settings)
    with home.open() as connection:
        instant = reading(connection, as_of).at
    shown, back = report_as_of(home, instant), rolled_back(home)
    if as_json:
        show_json({**asdict(shown), "rolled_back": back})
        return
    show_report(shown, area_name(settings))
    if back:
        print(f"Other figures than these are published: {back}")


@command()
def explain(
    indicator: Annotated[str, typer.Argument(help="The indicator, such as DA_OFF_R12; `vawg dictionary` has them.")],
    area: Annotated[str, typer.Argument(help="The area, by its name or code.")],
    period: Annotated[str, typer.Argument(help="The month in which the 12 months end, such as 2020-03.")],
    breakdown: Annotated[str, typer.Option(help="What the figure is divided by, such as victim_sex=F.")] = "",
    recount: Annotated[bool, typer.Option(help="Read the files again, and say which rows of them it is.")] = True,
    to: Annotated[Path | None, typer.Option(help="Write a page into this folder.")] = None,
    as_json: Json = False,
) -> None:
    """Show what a published figure rests on, down to the rows of the files, and count it again from these."""
    from flows.explaining import explain as explain_figure
    from flows.progress import progress
    from flows.showing import show_json
    from flows.showing_explanation import show_explanation, write_explanation

    with progress("Reading the files again"):
        explained = explain_figure(given_home(), indicator, area, period, breakdown, recount=recount)
    if as_json:
        show_json(explained.as_dict())
    else:
        show_explanation(explained)
    if to:
        page = write_explanation(explained, to)
        if not as_json:
            print(f"Open {page}")
    raise typer.Exit(SOME_REJECTED if explained.holds is False else ALL_ACCEPTED)


@command()
def publications(as_json: Json = False) -> None:
    """Show every publication: what was known then, how many figures it changed, which is kept, and which stands."""
    from flows import publications
    from flows.showing import show_json, show_table

    home = given_home()
    found = publications.publications(home)
    if as_json:
        show_json(found)
        return
    show_table([{name: one[name] for name in one if name != "version"} for one in found], "Publications")
    if back := publications.rolled_back(home):
        print(back)


@command()
def rollback(
    run_id: Annotated[
        str | None, typer.Argument(help="The publication (`vawg publications`); the one before that which stands.")
    ] = None,
    by: Annotated[str, typer.Option(help="Who answers for it.")] = "",
    why: Annotated[str, typer.Option(help="The reason, for the auditor.")] = "",
    lift: Annotated[bool, typer.Option("--lift", help="Let the next refresh publish again what is known.")] = False,
) -> None:
    """Put an earlier publication back in its place, until that is lifted."""
    from flows import publications

    if lift:
        publications.lift(given_home(), by=by, why=why)
        print("Lifted: `vawg refresh` publishes what is known.")
    else:
        print(publications.roll_back(given_home(), run_id, by=by, why=why))


@command()
def rebuild(
    run_id: Annotated[str, typer.Argument(help="Which publication; `vawg publications` shows them.")],
    to: Annotated[Path | None, typer.Option(help="The folder to make; that of the run's name here.")] = None,
    as_json: Json = False,
) -> None:
    """Make a past publication again from what was known then, and compare it with what was published."""
    from flows import publications
    from flows.progress import progress
    from flows.showing import show_json

    with progress("Computing the figures of then"):
        rebuilt = publications.rebuild(given_home(), run_id, to or Path(run_id))
    if as_json:
        show_json(rebuilt)
    else:
        print(f"{run_id}, as known on {rebuilt.as_of:%d %B %Y, %H:%M} UTC, is made again in {rebuilt.folder}.")
        print(publications.compared_in_words(rebuilt))
    raise typer.Exit(ALL_ACCEPTED if rebuilt.holds else FAILED)
