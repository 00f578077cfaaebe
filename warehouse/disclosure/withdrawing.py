"""Withdrawing: a release that nobody outside has seen is taken back, and later ones need not reckon with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.deciding import answered_for
from warehouse.disclosure.policy import policies
from warehouse.disclosure.standing import reconcile
from warehouse.instants import next_instant
from warehouse.opening import insert
from warehouse.statements import ask


class NotWithdrawn(Exception):
    """There is no such release in circulation."""


class NotRemoved(Exception):
    """A release is withdrawn, and its files are still there."""


def releases(connection: duckdb.DuckDBPyConnection, folder_of: Callable[[str], Path]) -> list[dict[str, Any]]:
    """Return every release, the latest first: whether it `stands`, and who withdrew it, when and why.

    Args:
        connection: the warehouse.
        folder_of: gives the folder of the releases under a policy.
    """
    stands = {one: reconcile(connection, folder_of(one), one) for one in policies()}
    standing = {named["release_id"] for named in stands.values() if named}
    return [{**one, "stands": one["release_id"] in standing} for one in ask(connection, "public", "releases")]


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
        NotRemoved: if it is withdrawn now, and its files could not be removed.
    """
    row = {"release_id": release_id, "withdrawn_at": next_instant(connection), **answered_for(by, why)}
    known = {one["release_id"]: one for one in releases(connection, folder_of) if not one["withdrawn_at"]}
    if release_id not in known:
        raise NotWithdrawn(f"No release {release_id} is in circulation: see `vawg releases`.")
    policy = known[release_id]["policy"]
    # The register decides. If the process dies here, whoever looks next makes the folder follow.
    insert(connection, "withdrawal", pl.DataFrame([row]))
    try:
        now = reconcile(connection, folder_of(policy), policy)
    except OSError as error:
        left = folder_of(policy) / release_id
        raise NotRemoved(f"{release_id} is withdrawn; delete {left} yourself: {error.strerror or error}.") from error
    return str(now["release_id"]) if now else None
