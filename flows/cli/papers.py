"""The commands for reports: a draft is checked, a printed one is registered."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from flows.cli.ending import ALL_ACCEPTED, SOME_REJECTED
from flows.cli.given import Json, given_home

PANEL = "Reports"

commands = typer.Typer()
command = partial(commands.command, rich_help_panel=PANEL)


@command()
def check_report(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A draft: DOCX, PDF, HTML, Markdown or plain text.")],
    to: Annotated[Path, typer.Option(help="The folder for the page and the table; this one.")] = Path(),
    answers: Annotated[
        Path | None, typer.Option(help="The table of an earlier check, with your answers in it.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Find every figure of a draft report, and say of each whether the data and the rest of the draft bear it out.

    Writes <name>.checked.html, with every figure marked, and <name>.figures.csv to answer in; neither with --json.
    """
    from flows.papers.checking import check_paper
    from flows.papers.showing import show_paper, write_paper
    from flows.progress import progress
    from flows.showing import show_json

    with progress("Reading"):
        paper = check_paper(given_home(), path, answers)
    if as_json:
        show_json(paper.as_dict())
    else:
        show_paper(paper)
        for written in write_paper(paper, to):
            print(f"Wrote {written}")
    raise typer.Exit(SOME_REJECTED if paper.wrong else ALL_ACCEPTED)


@command()
def enter_report(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A report as it was printed.")],
    called: Annotated[str, typer.Option(help="What it is called, such as 'Annual report 2019/20'.")] = "",
    by: Annotated[str, typer.Option(help="Who enters it.")] = "",
    answers: Annotated[Path | None, typer.Option(help="The table of its check, with your answers in it.")] = None,
) -> None:
    """Enter a report that was printed in the register: each figure, where it stands, and what was published then."""
    from flows.papers.register import enter_paper
    from flows.progress import progress

    with progress("Reading"):
        paper = enter_paper(given_home(), path, called, by=by, answers=answers)
    print(f"Entered: {called}, {len(paper.checked)} figures. `vawg printed` shows which of them have moved since.")


@command()
def printed(
    called: Annotated[str, typer.Argument(help="One report of the register; every one if left out.")] = "",
    as_json: Json = False,
) -> None:
    """Show the printed figures of the register that the data do not give now."""
    from flows.papers.register import printed_now, show_printed
    from flows.showing import show_json

    rows = printed_now(given_home(), called)
    if as_json:
        show_json(rows)
    else:
        show_printed(rows)
