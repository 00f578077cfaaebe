"""Releasing: the published figures made fit to leave the partnership. Plain functions, no Prefect."""

from importlib.metadata import version
from typing import Any

from flows.home import Home
from warehouse.disclosure import withdrawing
from warehouse.disclosure.policy import policy
from warehouse.disclosure.release import Release, release


def release_figures(home: Home, policy_name: str) -> Release:
    """Make the files that may leave from the figures that stand published, and put them in the home.

    Args:
        home: where everything is kept.
        policy_name: a policy declared in `warehouse/disclosure/policy.toml`.

    Raises:
        NoSuchPolicy: if it is not declared.
        NothingPublished: if nothing has been published yet.
        NothingToRelease: if no published figure may leave.
        CannotBeHidden, GivesAway, Contradictory: if a small count could be found out; the last release stands.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    rule = policy(policy_name)
    with home.prepare().open() as connection:
        return release(connection, home.published, home.releases(rule.name), rule, version("vawg"), home.area)


def releases(home: Home) -> list[dict[str, Any]]:
    """Return every release, the latest first, as `warehouse.disclosure.withdrawing.releases` does."""
    with home.prepare().open() as connection:
        return withdrawing.releases(connection, home.releases)


def withdraw_release(home: Home, release_id: str, *, by: str, why: str) -> str:
    """Take back a release that nobody outside has seen, and say in a sentence what stands now.

    Args:
        home: where everything is kept.
        release_id: the release.
        by: who answers for it that nobody outside has it.
        why: the reason, for the auditor.

    Raises:
        NotSaid: if the name or the reason is blank.
        NotWithdrawn: if there is no such release, or it was withdrawn already.
        NotRemoved: if it is withdrawn now, and its files could not be removed.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    with home.prepare().open() as connection:
        stands = withdrawing.withdraw(connection, home.releases, release_id, by=by, why=why)
    now = f"{stands} stands." if stands else "No release stands in its place; `vawg public` makes one."
    return f"Withdrawn: the files of {release_id} are removed, and no later release reckons with them. {now}"
