"""The commands of the quarantine."""

from typing import Annotated

import typer

from flows.cli.ending import end_with, fail, show_answer, warn_of_clear_files
from flows.cli.given import Json, given_home

commands = typer.Typer(no_args_is_help=True, help="Rejected files and rows: list, show, replay.")


@commands.command("list")
def quarantine_list(as_json: Json = False) -> None:
    """List the files of which something was rejected and that have not been taken in since."""
    show_answer(
        "quarantine",
        "Quarantine",
        as_json,
        columns=("submission_id", "file_name", "status", "rejected"),
    )


@commands.command("show")
def quarantine_show(submission_id: str, as_json: Json = False) -> None:
    """Explain why a file or rows of it were rejected."""
    from flows.answering import PAGE, answered_in
    from flows.showing import show_json, show_table
    from warehouse.reporting import report

    home = given_home()
    with home.open() as connection:
        submission = [one for one in report(connection, "history") if one["submission_id"] == submission_id]
        if not submission:
            fail(f"There is no submission {submission_id}; `vawg quarantine list` shows those there are.")
        found = report(connection, "findings", submission_id=submission_id)
    if as_json:
        show_json({"submission": submission[0], "findings": found})
        return
    one = submission[0]
    print(f"{one['file_name']}: {one['status']}. {one['message']}\nKept as {one['kept_as']}")
    if one["kept_as"] and (answer := answered_in(home.quarantine, one["kept_as"]) / PAGE).exists():
        print(f"Answer to its sender: {answer}")
    show_table([{"verdict": finding["verdict"], "what": finding["said"]} for finding in found], "Findings")


@commands.command("replay")
def quarantine_replay(
    submission_ids: Annotated[list[str] | None, typer.Argument(help="Which ones; none for all.")] = None,
    as_json: Json = False,
) -> None:
    """Judge quarantined files again, after a rule or a declaration has changed."""
    from flows.ingesting import replay
    from flows.progress import progress

    home = given_home()
    with progress("Judging again") as tell:
        outcomes = replay(home, submission_ids or [], tell=tell)
    warn_of_clear_files(home, outcomes)
    end_with(outcomes, as_json, "Nothing is in quarantine.")
