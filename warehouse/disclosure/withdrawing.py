"""Withdrawing: a release that nobody outside has seen is taken back, and later ones need not reckon with it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.deciding import answered_for
from warehouse.disclosure.standing import RELEASE, stand, standing
from warehouse.instants import next_instant
from warehouse.opening import insert, transaction
from warehouse.statements import ask


class NotWithdrawn(Exception):
    """There is no such release in circulation."""


def releases(connection: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Return every release, the latest first, with who withdrew it, when and why, where somebody did."""
    return ask(connection, "public", "releases")


def withdraw(
    connection: duckdb.DuckDBPyConnection, folder_of: Callable[[str], Path], release_id: str, *, by: str, why: str
) -> str | None:
    """Take a release back that nobody outside has seen: its files go, and the one before it stands again.

    Args:
        connection: the warehouse.
        folder_of: gives the folder of the releases under a policy.
        release_id: the release.
        by: who answers for it that nobody outside has it.
        why: the reason, for the auditor.

    Returns:
        The release that stands now under the same policy; None where none does.

    Raises:
        NotSaid: if the name or the reason is blank.
        NotWithdrawn: if there is no such release, or it was withdrawn already.
    """
    row = {"release_id": release_id, "withdrawn_at": next_instant(connection), **answered_for(by, why)}
    left = [one for one in releases(connection) if not one["withdrawn_at"]]
    chosen = next((one for one in left if one["release_id"] == release_id), None)
    if not chosen:
        raise NotWithdrawn(f"No release {release_id} is in circulation: see `vawg releases`.")
    folder = folder_of(chosen["policy"])
    stands = standing(folder)
    earlier = [one["release_id"] for one in left if (folder / one["release_id"] / RELEASE).exists()]
    with transaction(connection):
        insert(connection, "withdrawal", pl.DataFrame([row]))
        if stands and stands["release_id"] == release_id:
            stand(folder, next((one for one in earlier if one != release_id), None))
    # Whoever finds it could pass it on. If the process dies before this, the next release removes it.
    shutil.rmtree(folder / release_id, ignore_errors=True)
    now = standing(folder)
    return str(now["release_id"]) if now else None
