"""Releasing: the files that may leave the partnership, made beside the last ones, attacked, and only then named."""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from warehouse.disclosure.figures import KEY
from warehouse.disclosure.files import DATABASE, read_back, write_database, write_files
from warehouse.disclosure.policy import Policy, also_seen_by, declared, policies, policy
from warehouse.disclosure.protecting import Cells, candidates, protected, released, withstood
from warehouse.disclosure.standing import RELEASE, enter, reconcile
from warehouse.instants import next_instant
from warehouse.reading import NothingPublished


class NothingToRelease(Exception):
    """No published figure may leave."""


@dataclass(frozen=True)
class Release:
    """A set of files that may leave the partnership.

    Attributes:
        folder: where its files are.
        cells: how many cells show what.
        attacked: how many counts, printed or not, the attack tried to find out.
        is_new: whether it was made now; if not, the last one says the same.
    """

    release_id: str
    run_id: str
    policy: str
    folder: Path
    cells: Cells
    attacked: int
    is_new: bool

    def said(self) -> str:
        """Return the release in words, for who made it."""
        made = "Released" if self.is_new else "Nothing has changed; the last release stands"
        return (
            f"{made}: {self.folder}\n"
            f"{self.cells.published:,} cells are published; {self.cells.primary:,} are suppressed for what they are,"
            f" and {self.cells.secondary:,} so that those cannot be worked out;"
            f" {self.cells.unavailable:,} are not available.\n"
            f"The attack tried {self.attacked:,} counts that are not shown: none is bounded more closely than"
            f" from 1 to {policy(self.policy).threshold - 1}.\n"
            "Nobody is sent these files; whoever puts them out answers for it."
        )


def release(
    connection: duckdb.DuckDBPyConnection, published: Path, releases: Path, rule: Policy, version: str, area: str
) -> Release:
    """Make the published figures fit to leave, and put them beside the earlier releases.

    Args:
        connection: the warehouse, whose register knows what was released before.
        published: the published database.
        releases: the folder of the releases under this policy, beside those of the others and named after it.
        rule: the policy.
        version: version of the program, for the register.
        area: whose figures the spreadsheet shows.

    Raises:
        NothingPublished: if nothing has been published yet.
        NothingToRelease: if no published figure may leave.
        PublishedBefore: if what is published does not say how it may leave.
        CannotBeHidden: if earlier releases give a small count away, whatever is suppressed now.
        GivesAway: if the attack on the finished files finds something out.
        Contradictory: if the figures cannot all be right at once.
    """
    if not published.exists():
        raise NothingPublished(published)
    releases.mkdir(parents=True, exist_ok=True)
    stands = {name: reconcile(connection, releases.with_name(name), name) for name in policies()}[rule.name]
    figures = candidates(published, rule)
    if figures.filter("is_offered").is_empty():
        raise NothingToRelease("No published figure may leave yet: none of those that may is known for 12 months.")
    run_id = str(figures["run_id"].first())
    rules = hashlib.sha256(json.dumps([declared(), version], sort_keys=True).encode()).hexdigest()[:16]
    if stands and (stands["run_id"], stands["rules"]) == (run_id, rules):
        return _made(stands, releases / stands["release_id"], is_new=False)
    now = next_instant(connection)
    release_id = now.strftime("release-%Y%m%d-%H%M%S-%f")
    row = {
        "release_id": release_id,
        "policy": rule.name,
        "threshold": rule.threshold,
        "rounding": rule.rounding,
        "rules": rules,
        "run_id": run_id,
        "released_at": now,
    }
    earlier = released(connection, figures, rule)
    seen, cells = protected(figures.filter("is_offered"), earlier, rule)
    fresh, folder = releases / f"{release_id}.new", releases / release_id
    try:
        fresh.mkdir()
        write_database(fresh / DATABASE, seen, row, rule)
        # What is attacked is what the finished file says, not what we think we wrote.
        finished = figures.join(read_back(fresh / DATABASE), on=KEY)
        attacked = withstood(finished, earlier, rule)
        for other in also_seen_by(rule):
            withstood(finished, released(connection, figures, other), other)
        write_files(fresh, rule, area)
        named = {"release_id": release_id, "run_id": run_id, "policy": rule.name, "rules": rules, "attacked": attacked}
        named |= {"cells": asdict(cells), "sha256": _hashes(fresh)}
        (fresh / RELEASE).write_text(json.dumps(named, indent=2), encoding="utf-8")
        _sync(fresh)
        fresh.rename(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    # The folder has its name: the register follows it, and `latest.json` the register, whenever the process dies.
    enter(connection, folder)
    reconcile(connection, releases, rule.name)
    return _made(named, folder, is_new=True)


def _made(named: dict[str, Any], folder: Path, *, is_new: bool) -> Release:
    """Return a release as `latest.json` names it."""
    told = {name: named[name] for name in ("release_id", "run_id", "policy", "attacked")}
    return Release(**told, folder=folder, cells=Cells(**named["cells"]), is_new=is_new)


def _hashes(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of a folder."""
    return {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(folder.iterdir())}


def _sync(folder: Path) -> None:
    """Have the files of a folder on the disk before anything names it."""
    for one in folder.iterdir():
        with one.open("r+b") as file:
            os.fsync(file.fileno())
