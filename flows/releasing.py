"""Releasing: the published figures made fit to leave the partnership. Plain functions, no Prefect."""

from importlib.metadata import version

from flows.home import Home
from warehouse.disclosure.policy import policy
from warehouse.disclosure.release import Release, release


def release_figures(home: Home, policy_name: str) -> Release:
    """Make the files that may leave from the figures that stand published, and put them in the home.

    Args:
        home: where everything is kept.
        policy_name: a policy declared in `warehouse/disclosure/policy.toml`.

    Raises:
        NoSuchPolicy: if it is not declared.
        FileNotFoundError: if nothing has been published yet.
        CannotBeHidden, GivesAway, Contradictory: if a small count could be found out; the last release stands.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    rule = policy(policy_name)
    with home.prepare().open() as connection:
        return release(connection, home.published, home.releases(rule.name), rule, version("vawg"), home.area)
