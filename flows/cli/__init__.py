"""The command line. Nothing heavy is imported until a command needs it, so that `--help` is quick."""

import typer

from flows.cli import defending, keys, month, papers, people, quarantine, releases, serving, sources
from flows.cli.ending import fail

INTERRUPTED = 130  # what Typer makes of Ctrl+C

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Violence Against Women and Girls data pipeline: files in, rolling 12-month figures out.\n\n"
    "State lies under VAWG_HOME (default: vawg-home). Exit codes: 0 all accepted, 3 something was rejected and the "
    "rest went through, 1 failure, 2 wrong usage.",
)
for room in (month, serving, defending, papers, releases, sources, people):
    app.add_typer(room.commands)
app.add_typer(quarantine.commands, name="quarantine", rich_help_panel=sources.PANEL)
app.add_typer(keys.commands, name="keys", rich_help_panel=people.PANEL)


def main() -> None:
    """Run the command line; what we have words for is said without a traceback."""
    try:
        app()
    except SystemExit as ended:
        if ended.code == INTERRUPTED:
            fail("Stopped. Whatever was half done is undone; run the command again to carry on.")
        raise
    except Exception as error:
        if type(error).__module__.partition(".")[0] in {"expectations", "transforms", "warehouse", "flows"}:
            fail(str(error))
        if isinstance(error, OSError) or type(error).__name__ in ("IOException", "TransactionException"):
            from flows.outcomes import outside

            said = outside(error)
            fail(said[0].upper() + said[1:])
        raise
