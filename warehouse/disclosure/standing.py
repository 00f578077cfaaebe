"""Standing: which release is the one to be passed on. `latest.json` names it, and follows the register."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import duckdb

from warehouse.disclosure.files import DATABASE, read_back
from warehouse.opening import transaction
from warehouse.statements import ask, run_script
from warehouse.statements import statements as sql

LATEST, RELEASE = "latest.json", "release.json"


def standing(releases: Path) -> dict[str, Any] | None:
    """Return what is said of the release that stands under a policy; None where none does.

    Args:
        releases: the folder of the releases under the policy.
    """
    latest = releases / LATEST
    return json.loads(latest.read_text(encoding="utf-8")) if latest.exists() else None


def reconcile(connection: duckdb.DuckDBPyConnection, releases: Path, policy: str) -> dict[str, Any] | None:
    """Make the folder of the releases under a policy and the register agree, and return the release that stands.

    What lies there and is not in the register is entered: somebody may have it. What was withdrawn is removed, and what
    was not finished. The latest release that is left stands.

    Args:
        connection: the warehouse.
        releases: the folder.
        policy: the policy.
    """
    known = {one["release_id"]: one for one in ask(connection, "public", "releases") if one["policy"] == policy}
    for folder in sorted(releases.glob("release-*")):
        if folder.name not in known and folder.suffix != ".new" and (folder / RELEASE).exists():
            enter(connection, folder)
            known[folder.name] = {"release_id": folder.name, "withdrawn_at": None}
        elif folder.name not in known or known[folder.name]["withdrawn_at"]:
            shutil.rmtree(folder)
    left = [name for name, one in known.items() if not one["withdrawn_at"] and (releases / name / RELEASE).exists()]
    _stand(releases, max(left, default=None))
    return standing(releases)


def enter(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Enter a release into the register, from its own file."""
    with duckdb.connect(folder / DATABASE, read_only=True) as made:
        release = made.sql("SELECT * EXCLUDE (said) FROM release").pl()
    tables = {"new_release": release, "new_released_figure": read_back(folder / DATABASE)}
    for name, rows in tables.items():
        connection.register(name, rows)
    with transaction(connection):
        run_script(connection, sql("public")["enter"])
    for name in tables:
        connection.unregister(name)


def _stand(releases: Path, release_id: str | None) -> None:
    """Let a release be the one that stands, by one atomic rename; None for none."""
    latest, now = releases / LATEST, standing(releases)
    if release_id is None:
        latest.unlink(missing_ok=True)
    elif now is None or now["release_id"] != release_id:
        fresh = releases / f"{LATEST}.part"
        shutil.copyfile(releases / release_id / RELEASE, fresh)
        with fresh.open("r+b") as file:
            os.fsync(file.fileno())
        fresh.replace(latest)
