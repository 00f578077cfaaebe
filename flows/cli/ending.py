"""How commands end: what they print last, and their exit codes."""

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from flows.cli.given import given_home

if TYPE_CHECKING:
    from flows.home import Home
    from flows.notifying import Notice
    from flows.outcomes import Outcome
    from flows.settings import Settings
    from warehouse.publishing import Publication

ALL_ACCEPTED, FAILED, SOME_REJECTED = 0, 1, 3
NO_TABLES = "There was no CSV, XLSX, TXT or TSV file in it."


def end_with(outcomes: "list[Outcome]", as_json: bool, nothing: str, written: Sequence[Path] = ()) -> NoReturn:
    """Print what became of files, and end with the exit code that says how it went."""
    from flows.showing import show_json, show_outcomes

    if as_json:
        show_json([one.as_dict() for one in outcomes])
    elif outcomes:
        show_outcomes(outcomes)
    else:
        print(nothing)
    for path in written:
        print(f"Wrote {path}")
    raise typer.Exit(exit_code(outcomes))


def exit_code(outcomes: "list[Outcome]") -> int:
    """Return the exit code that says how it went."""
    if any(one.status == "failed" for one in outcomes):
        return FAILED
    partly = any(one.status in ("rejected", "waiting") or one.counts.rejected for one in outcomes)
    return SOME_REJECTED if partly else ALL_ACCEPTED


def fail(message: str) -> NoReturn:
    """Say what is wrong on the error stream, and end with the exit code for failure."""
    print(f"Error: {message}", file=sys.stderr)
    sys.exit(FAILED)


def show_answer(question: str, title: str, as_json: bool, columns: tuple[str, ...]) -> None:
    """Ask the warehouse a question and print the answer."""
    from flows.showing import show_json, show_table
    from warehouse.reporting import report

    with given_home().open() as connection:
        rows = report(connection, question)
    if as_json:
        show_json(rows)
    else:
        show_table([{name: row[name] for name in columns} for row in rows], title)


def show_published(publication: "Publication") -> None:
    """Say what is published, and where an earlier publication was put back, who did so."""
    from flows.publications import in_words

    print(f"Published: {publication.database} ({publication.complete:,} of {publication.figures:,} figures complete)")
    if publication.rolled_back:
        print(f"These are not the latest figures: {in_words(publication.rolled_back)}")


def warn_of_clear_files(home: "Home", outcomes: "list[Outcome]") -> None:
    """Say once a run that raw files about people lie in clear."""
    from expectations.catalogue import about_people
    from flows.receiving import lies_in_clear

    known = {source.name for source in about_people()}
    if any(one.source in known and lies_in_clear(home, one.kept_as) for one in outcomes):
        print(
            "Warning: no storage key is set, so files about single people are kept without encryption of ours. "
            "`vawg keys new` makes a key, `vawg keys encrypt` then encrypts what is there.",
            file=sys.stderr,
        )


def tell_notices(home: "Home", settings: "Settings", *, as_json: bool) -> "list[Notice]":
    """Tell at the end of a run what is to be told; a mail server that fails does not fail the run."""
    from flows.notifying import notify
    from flows.sending import NotSent, sender
    from warehouse.opening import WarehouseBusy

    try:
        return notify(home, date.today(), sender(settings, silent=as_json))
    except (NotSent, WarehouseBusy) as error:
        print(f"Warning: {error}", file=sys.stderr)
        return []
