"""Publications: which there were, and how somebody puts an earlier one back. Plain functions, no Prefect."""

from pathlib import Path
from typing import Any

from flows.home import Home
from warehouse import generations
from warehouse.rebuilding import Rebuilt
from warehouse.rebuilding import rebuild as make_again


def publications(home: Home) -> list[dict[str, Any]]:
    """Return every publication, the latest first, as `warehouse.generations.publications` does."""
    home.prepare()
    with home.open() as connection:
        return generations.publications(connection, home.published)


def rolled_back(home: Home) -> str:
    """Return in a sentence who put an earlier publication back and why; nothing where the latest figures stand."""
    home.prepare()
    with home.open() as connection:
        stands = generations.rolled_back(connection)
    return in_words(stands) if stands else ""


def roll_back(home: Home, run_id: str | None, *, by: str, why: str) -> str:
    """Put an earlier publication in the place of the one that stands, until that is lifted, and say so in a sentence.

    Args:
        home: where everything is kept.
        run_id: which; None for the one before that which stands.
        by: who answers for it.
        why: the reason, for the auditor.

    Raises:
        NotSaid: if the name or the reason is blank.
        NotRolledBack: if the publication is not kept, or stands already.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    with home.open() as connection:
        return in_words(generations.roll_back(connection, home.published, run_id, by=by, why=why))


def lift(home: Home, *, by: str, why: str) -> None:
    """Let the next refresh publish again what is known.

    Raises:
        NotSaid: if the name or the reason is blank.
        NotRolledBack: if nothing is rolled back.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    with home.open() as connection:
        generations.lift(connection, by=by, why=why)


def rebuild(home: Home, run_id: str, folder: Path) -> Rebuilt:
    """Make a past publication again from what was known then, into a new folder, and compare it with what is kept.

    Raises:
        NotRebuilt: if there was no such publication, if other rules than those of now made it, or if the folder is
            there already.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    with home.prepare().open() as connection:
        return make_again(connection, home.published, run_id, folder)


def compared_in_words(rebuilt: Rebuilt) -> str:
    """Return in sentences how a publication that was made again compares with what was published."""
    if rebuilt.misprinted:
        printed = f"{rebuilt.misprinted:,} of its {rebuilt.figures:,} figures are not what was printed."
    else:
        printed = f"All of its {rebuilt.figures:,} figures are as printed."
    if rebuilt.other is None:
        return f"{printed} The publication itself is not kept any more, to be compared byte for byte."
    if rebuilt.other:
        return f"{printed} Not as in the publication that is kept: {', '.join(rebuilt.other)}."
    return f"{printed} All of its {rebuilt.tables} tables are, byte for byte, those of the publication that is kept."


def in_words(back: dict[str, Any]) -> str:
    """Return in a sentence what a row of the table `rollback` says."""
    return (
        f"{back['run_id']} was put back by {back['decided_by']} on {back['rolled_back_at']:%d %B %Y} ({back['why']}). "
        "It stands until `vawg rollback --lift` is given."
    )
