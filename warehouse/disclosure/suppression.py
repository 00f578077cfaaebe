"""Suppression: which counts are hidden, first because they are small and then so that nobody finds those out."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from warehouse.disclosure.attack import attack
from warehouse.disclosure.equations import statements, suspects
from warehouse.disclosure.figures import TABLE, counts, printed, shown
from warehouse.disclosure.policy import Policy


class CannotBeHidden(Exception):
    """A small count can be found out whatever is suppressed now."""


def primary(figures: pl.DataFrame, policy: Policy) -> list[str]:
    """Return the counts that are hidden for what they are themselves.

    Small ones; both parts of a split in two where one of them is hidden; and every value of a characteristic that all
    people share, with the zeros that would tell so.

    Args:
        figures: as `under` returns them.
        policy: below what a count is small.
    """
    all_counts = counts(figures).filter("is_protected")
    divided = (pl.col("breakdown") != "all").fill_null(False)
    everybody = (
        pl.col("is_characteristic") & ((pl.col("value") > 0).sum().over(TABLE) == 1) & (pl.len().over(TABLE) > 1)
    )
    hidden = all_counts.with_columns(
        is_hidden=pl.col("value").is_between(1, policy.threshold - 1) | (divided & everybody)
    )
    split = divided & (pl.len().over(TABLE) == 2) & pl.col("is_hidden").any().over(TABLE)
    return hidden.filter(pl.col("is_hidden") | split)["count"].to_list()


def secondary(
    figures: pl.DataFrame, hidden: Sequence[str], released: pl.DataFrame, relations: dict[str, Any], policy: Policy
) -> list[str]:
    """Return the further counts that are hidden so that the attack finds nothing; the same ones each time.

    Again and again the closest bound is opened by the smallest connected count that opens it.

    Args:
        figures: as `under` returns them.
        hidden: the counts that `primary` hides.
        released: figures that readers have already from earlier releases, as `shown` returns them.
        relations: as policy.toml declares them.
        policy: how close bounds may be.

    Raises:
        CannotBeHidden: if nothing that could still be hidden opens a bound.
    """
    chosen: list[str] = []
    costs = dict(counts(figures).filter("is_protected").select("count", "value").iter_rows())
    told = set(printed(released))

    def found(extra: Sequence[str], only: str | None = None) -> pl.DataFrame:
        seen = pl.concat([shown(figures, [*hidden, *chosen, *extra]), released], how="diagonal")
        stated = statements(seen, relations)
        asked = suspects(seen, stated)
        return attack(stated, asked.filter(count=only) if only else asked, policy)

    while (leaks := found([])).height:
        for leak in leaks["count"]:
            if not found([], leak).height:
                continue  # what was hidden for another one hides it too
            near = _near(leak, pl.concat([shown(figures, [*hidden, *chosen]), released], how="diagonal"), relations)
            could = sorted((costs[one], one) for one in near if one in costs and one not in told)
            if not could:
                raise CannotBeHidden(
                    f"{leak} can be worked out from figures that were released before, whatever is suppressed now. "
                    "Nothing is released; the last release stands."
                )
            opening = (one for _, one in could if not found([one], leak).height)
            chosen.append(next(opening, could[0][1]))
    return chosen


def _near(count: str, seen: pl.DataFrame, relations: dict[str, Any]) -> list[str]:
    """Return the printed counts in the statements about a count, or else in those that are connected with them."""
    terms = statements(seen, relations).terms
    numbers, reached, size = set(printed(seen)), {count}, 0
    while len(reached) > size:
        size = len(reached)
        about = terms.filter(pl.col("count").is_in(list(reached)))["statement"].unique()
        reached |= set(terms.filter(pl.col("statement").is_in(about.implode()))["count"])
        if near := reached & numbers - {count}:
            return sorted(near)
    return []
