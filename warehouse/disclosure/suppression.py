"""Suppression: which counts are hidden, first because they are small and then so that nobody finds those out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import polars as pl

from warehouse.disclosure.attack import attack
from warehouse.disclosure.equations import statements, suspects
from warehouse.disclosure.figures import TABLE, counts, printed, shown
from warehouse.disclosure.policy import Policy

A_YEAR = timedelta(days=366)


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
    whole = _Readers(figures, released, relations, policy)
    chosen: list[str] = []
    while (leaks := whole.find([*hidden, *chosen])).height:
        before = len(chosen)
        for leak in leaks["count"]:
            # Most bounds can be opened among the figures around, which are quickly looked through.
            around = whole.around(leak)
            # What was hidden for another count may hide this one too.
            if around.find([*hidden, *chosen], leak).height and (opens := around.opening(leak, [*hidden, *chosen])):
                chosen.append(opens)
        if len(chosen) == before:
            leak = leaks["count"][0]
            if not (opens := whole.opening(leak, [*hidden, *chosen])):
                raise CannotBeHidden(
                    f"{leak} can be worked out from figures that were released before, whatever is suppressed now. "
                    "Nothing is released; the last release stands. What readers have cannot be taken back: the "
                    'indicator can only be kept from leaving (disclosure = "never" in indicators.toml).'
                )
            chosen.append(opens)
    return chosen


@dataclass(frozen=True)
class _Readers:
    """Those who see figures, and have earlier ones: what they find out, and what it takes that they do not."""

    figures: pl.DataFrame
    released: pl.DataFrame
    relations: dict[str, Any]
    policy: Policy

    def around(self, count: str) -> "_Readers":
        """Return readers of nothing but the same area and service, and the year before and after a count."""
        area, service, *_ = count.split("/")
        day = date.fromisoformat(re.findall(r"\d{4}-\d\d-\d\d", count)[-1])
        own = (
            (pl.col("area_code") == area)
            & ((pl.col("top_subject") == service) | (pl.col("bottom_subject") == service).fill_null(False))
            & pl.col("period_end").is_between(day - A_YEAR, day + A_YEAR)
        )
        return replace(self, figures=self.figures.filter(own), released=self.released.filter(own))

    def see(self, hidden: Sequence[str]) -> pl.DataFrame:
        """Return what they see."""
        return pl.concat([shown(self.figures, hidden), self.released], how="diagonal")

    def find(self, hidden: Sequence[str], only: str = "") -> pl.DataFrame:
        """Return what they find out; `only`: of this count."""
        seen = self.see(hidden)
        stated = statements(seen, self.relations)
        asked = suspects(seen, stated)
        return attack(stated, asked.filter(count=only) if only else asked, self.policy)

    def opening(self, count: str, hidden: Sequence[str]) -> str | None:
        """Return the smallest count that is to be hidden for another; None if none can be."""
        costs = dict(counts(self.figures).filter("is_protected").select("count", "value").iter_rows())
        # What they have as closely already is known whatever is suppressed now.
        known = printed(self.released.filter(pl.col("rounding") <= self.policy.rounding))
        could = {*self._near(count, self.see(hidden))} & costs.keys() - {*known, *hidden}
        in_order = sorted(could, key=lambda one: (costs[one], one))
        # Where none opens it alone, the smallest is hidden, and the next is looked for.
        return next(
            (one for one in in_order if not self.find([*hidden, one], count).height), next(iter(in_order), None)
        )

    def _near(self, count: str, seen: pl.DataFrame) -> set[str]:
        """Return the printed counts in the statements about a count, or else in those that are connected with them."""
        terms = statements(seen, self.relations).terms
        numbers, reached, size = {*printed(seen)}, {count}, 0
        while len(reached) > size:
            size = len(reached)
            about = terms.filter(pl.col("count").is_in(list(reached)))["statement"].unique()
            reached |= {*terms.filter(pl.col("statement").is_in(about.implode()))["count"]}
            if near := reached & numbers - {count}:
                return near
        return set()
