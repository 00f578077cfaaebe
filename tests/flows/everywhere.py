"""A canary in every place of a file, taken in by the commands; run as a process of its own by test_privacy."""

import sys
from contextlib import suppress
from pathlib import Path

import xlsxwriter

from expectations import sources
from expectations.fields import Code, Field, Unread
from expectations.source import Source
from tests.flows.people import DECLARED, HEADER

CANARY = "Robin Canary"
ROW = "case {who},{who},IDVA,Hestia,Unknown,E09000003,2024-0{month}-01,2024-05-02"
PLAUSIBLE = ("2024-01-01", "1", "Y", "Q1 2024/25", "2024/25", "January 2024", "34", "plain text")


def plausible(field: Field) -> str:
    """Return what could stand in a cell of a field; a canary wherever the field does not say what it wants."""
    import polars as pl

    if isinstance(field, Code):
        return next(spellings[0] for spellings in field.codes.values())
    if field.personal or isinstance(field, Unread):
        return CANARY
    typed = pl.DataFrame({"text": PLAUSIBLE}).select("text", value=field.typed(pl.col("text"))).drop_nulls("value")
    return str(typed["text"][0])


def declared_file(source: type[Source]) -> str:
    """Return a file of a source with one row, and a column that nobody declared."""
    cells = {field.header: plausible(field) for field in source.fields.values()}
    return f"{','.join(cells)},Keyworker\n{','.join(cells.values())},{CANARY}\n"


def plant(folder: Path, about_people: list[type[Source]]) -> None:
    """Write files with a canary in every place that there is."""
    row = ROW.format(who=f"{CANARY} 1", month=1)
    texts = {
        "reference.csv": f"{HEADER}\n{row}\n",
        "undeclared.csv": f"{HEADER},Keyworker\n{row.replace('-01-01', '-02-01')},{CANARY}\n",
        "around.csv": f"Prepared by {CANARY}\n\n{HEADER}\n{row.replace('-01-01', '-03-01')}\nNote: ask {CANARY}\n",
        "wrong.csv": f"{HEADER}\n{row.replace('IDVA', CANARY)}\n",
        "personal.csv": f"{HEADER},Victim name\n{row},{CANARY}\n",
        "unknown.csv": f"Name,Address\n{CANARY},12 Acacia Avenue\n",
        "broken.csv": f'{HEADER}\n{row}\n"{CANARY}\n',
        "twice.csv": f"{HEADER}\n{row}\n{row}\n",
        **{f"declared_{source.name}.csv": declared_file(source) for source in about_people},
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    accented = f"{HEADER},Keyworker\n{row.replace('-01-01', '-04-01')},{CANARY} née Sérénade\n"
    (folder / "cp1252.csv").write_text(accented, encoding="cp1252")
    (folder / "utf16.csv").write_text(accented.replace("-04-01", "-05-01"), encoding="utf-16")
    with xlsxwriter.Workbook(folder / "book.xlsx") as book:
        book.set_properties({"author": CANARY, "title": CANARY, "company": CANARY, "comments": CANARY})
        sheet = book.add_worksheet("Referrals")
        sheet.write(0, 0, f"Prepared by {CANARY}")
        sheet.write_row(2, 0, HEADER.split(","))
        sheet.write_row(3, 0, row.replace("-01-01", "-06-01").split(","))
        sheet.write_comment(3, 0, CANARY, {"author": CANARY})
        sheet.write(3, 12, CANARY)
        sheet.write(5, 0, f"Note: ask {CANARY}")


def main(commands: list[list[str]], landing: Path) -> None:
    """Plant canaries, and run commands one after another."""
    sources.__path__ = [*sources.__path__, str(DECLARED)]
    from expectations.catalogue import about_people
    from flows import cli

    landing.mkdir(parents=True, exist_ok=True)
    plant(landing, about_people())
    for command in commands:
        sys.argv = ["vawg", *command]
        with suppress(SystemExit):
            cli.main()


if __name__ == "__main__":
    root = Path(sys.argv[1])
    main(
        [
            ["keys", "new"],
            ["check", str(root / "landing"), "--json"],
            ["run", "--json"],
            ["ingest", str(root / "quarantine"), "--json"],
            ["quarantine", "list"],
            ["quarantine", "list", "--json"],
            ["quarantine", "replay", "--json"],
            ["history", "--json"],
            ["status", "--json"],
            ["keys", "list"],
            ["docs"],
            ["retention", "--dry-run"],
        ],
        root / "landing",
    )
