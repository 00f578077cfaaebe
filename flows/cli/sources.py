"""The commands about declared sources, and about files that are not loaded."""

import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.ending import NO_TABLES, end_with, fail
from flows.cli.given import Json, Paths, given_home, given_settings

if TYPE_CHECKING:
    from expectations.source import Source

PANEL = "Sources and their files"

commands = typer.Typer()
command = partial(commands.command, rich_help_panel=PANEL)


@command()
def sources(
    name: Annotated[str, typer.Argument(help="Show the dictionary page of this source.")] = "", as_json: Json = False
) -> None:
    """List the declared sources, or show one's page of the data dictionary."""
    from expectations.catalogue import catalogue
    from expectations.dictionary import entry
    from flows.showing import show_json, show_table

    known = catalogue()
    if name:
        page = entry(_declared(name))
        if as_json:
            show_json({"source": name, "page": page})
        else:
            print(page)
        return
    rows = [
        {"source": one.name, "title": one.title, "supplier": one.supplier.agency_name, "arrives": str(one.arrives)}
        for one in known.values()
    ]
    if as_json:
        show_json(rows)
    else:
        show_table(rows, "Sources")


@command()
def template(
    source: Annotated[str, typer.Argument(help="Which source; `vawg sources` lists them.")],
    to: Annotated[Path | None, typer.Option(help="The file to write, or a folder; the source's name here.")] = None,
) -> None:
    """Write the blank workbook of a source, to send out to be filled in."""
    from expectations.template import ASK, write_template

    declared = _declared(source)
    path = to if to and to.suffix == ".xlsx" else (to or Path()) / f"{source}.xlsx"
    if path.exists():
        fail(f"There is a file {path} already, and it is not overwritten. Name another one with --to.")
    path.parent.mkdir(parents=True, exist_ok=True)
    write_template(declared, path, ask=given_settings().contact or ASK)
    print(f"Wrote {path}, for {declared.supplier.agency_name} to fill in. `vawg check` judges what comes back.")


@command()
def check(
    paths: Paths,
    to: Annotated[Path, typer.Option(help="The folder for the answers; this one.")] = Path(),
    as_json: Json = False,
) -> None:
    """Judge files without loading anything, and write what their senders would be answered; none with --json.

    The answer is a page, <name>.feedback.html, and where cells are at fault <name>.checked.xlsx, with them marked.
    """
    from flows.ingesting import checked
    from flows.progress import progress

    settings = given_settings()
    with progress("Judging") as tell:
        outcomes, written = checked(
            paths,
            to=None if as_json else to,
            area=settings.area,
            ask=settings.contact,
            corrections=given_home(settings).corrections,
            tell=tell,
        )
    end_with(outcomes, as_json, NO_TABLES, written)


@command()
def corrections(as_json: Json = False) -> None:
    """List the known faults in providers' data that are mended as files are read."""
    from flows.showing import show_json, show_table

    listed = [one.model_dump() for one in given_home().corrections]
    if as_json:
        show_json(listed)
    else:
        show_table(
            [
                {
                    "id": one["id"],
                    "source": one["source"],
                    "where": ", ".join(f"{name} {value}" for name, value in one["where"].items()),
                    "what": f'{one["field"]}: "{one["expects"]}" becomes "{one["becomes"]}"',
                    "why": one["why"],
                    "who": one["who"],
                    "since": one["since"],
                    "until": one["until"],
                }
                for one in listed
            ],
            "Corrections",
        )


@command()
def dictionary(
    to: Annotated[Path | None, typer.Option(help="The folder; data-dictionary in the home folder.")] = None,
) -> None:
    """Write the data dictionary: a site of static pages, for everybody; it holds no data and needs none."""
    from flows.dictionary import write_dictionary
    from flows.progress import progress

    with progress("Writing the data dictionary"):
        page = write_dictionary(to or given_home().root / "data-dictionary")
    print(f"Open {page}")


@command()
def docs() -> None:
    """Build the Data Docs of Great Expectations from the kept results, for engineers."""
    from expectations.catalogue import catalogue
    from expectations.data_docs import KeptResult, build
    from flows.progress import progress
    from warehouse.reporting import report

    home = given_home()
    with progress("Building Data Docs"):
        with home.open() as connection:
            kept = report(connection, "suite_results")
        results = [
            KeptResult(one["submission_id"], one["source"], one["received_at"], json.loads(one["suite_result"]))
            for one in kept
        ]
        page = build(catalogue().values(), results, home.root / "data-docs")
    print(f"Open {page}")


def _declared(name: str) -> "type[Source]":
    """Return a declared source by its name."""
    from expectations.catalogue import catalogue

    known = catalogue()
    if name not in known:
        fail(f"There is no source {name}. Known are: {', '.join(known)}.")
    return known[name]
