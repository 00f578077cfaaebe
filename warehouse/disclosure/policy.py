"""Policies of disclosure control, as policy.toml declares them."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


class NoSuchPolicy(Exception):
    """No policy of this name is declared."""


@dataclass(frozen=True)
class Policy:
    """How figures are protected for one kind of reader.

    Attributes:
        name: as in policy.toml, and of the folder that is published.
        threshold: numbers from 1 to one less are suppressed.
        rounding: counts are shown to the nearest multiple of it; an odd number, so that nothing lies halfway.
        small_month: a series with fewer a month, on average, is shown at quarter ends alone.
        readers_also_see: the policies whose releases the same readers have.
        source: where the threshold and the rounding come from.
    """

    name: str
    title: str
    threshold: int
    rounding: int
    small_month: int
    readers_also_see: list[str]
    source: str

    @property
    def width(self) -> int:
        """How far apart the bounds of a suppressed count must at least stay: as far as 1 and the largest small one."""
        return self.threshold - 2

    def rules(self) -> list[str]:
        """Return what the policy does, in sentences for the readers of a table."""
        rounded = "not rounded" if self.rounding == 1 else f"rounded to the nearest {self.rounding}"
        return [
            f"{self.title} policy: counts of people from 1 to {self.threshold - 1} are suppressed.",
            "As many others are suppressed as it takes that none of those can be worked out.",
            f"Other counts of people are {rounded}; percentages are of the exact counts.",
            f"Series with fewer than {self.small_month} a month are shown at quarter ends alone.",
        ]


@cache
def declared() -> dict[str, Any]:
    """Return everything that policy.toml declares."""
    return tomllib.loads(files("warehouse").joinpath("disclosure", "policy.toml").read_text(encoding="utf-8"))


def policies() -> list[str]:
    """Return the names of the declared policies."""
    return list(declared()["policy"])


def also_seen_by(rule: Policy) -> list[Policy]:
    """Return the policies whose readers also have what is released under this one."""
    return [other for other in map(policy, policies()) if rule.name in other.readers_also_see]


def policy(name: str) -> Policy:
    """Return a declared policy.

    Raises:
        NoSuchPolicy: if there is none of this name.
    """
    known = declared()["policy"]
    if name not in known:
        raise NoSuchPolicy(f"There is no policy {name}. Declared are: {', '.join(known)}.")
    return Policy(name=name, **known[name])
