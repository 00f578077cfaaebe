"""The attack: what a reader with a solver can find out of the counts that are not shown."""

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from warehouse.disclosure.knowledge import Statements
from warehouse.disclosure.policy import Policy

#: More than a borough can count; it keeps every bound finite.
MOST = 1e6
NOTHING = 1e-6
FOUND = {"count": pl.String, "is_suppressed": pl.Boolean, "lowest": pl.Float64, "highest": pl.Float64}


class Contradictory(Exception):
    """The figures cannot all be right at once, so that nothing can be said of what they give away."""


def attack(stated: Statements, suspects: pl.DataFrame, policy: Policy) -> pl.DataFrame:
    """Return the counts that can be found out, with the bounds that a linear programme proves.

    A suppressed count is found out where its bounds are closer than the policy allows; any other where it is proved to
    be one of the small numbers that the policy suppresses.

    Args:
        stated: what readers know.
        suspects: `count`, `is_suppressed`.
        policy: how close bounds may be.

    Returns:
        `count`, `is_suppressed`, `lowest`, `highest`, the closest first.

    Raises:
        Contradictory: if no counts satisfy all statements.
    """
    known = stated.terms.filter(pl.col("count").is_in(suspects["count"].implode()))
    free = suspects.join(known, on="count", how="anti")
    found = [_found(one, policy) for one in _islands(stated, suspects)]
    assert free.height + known["count"].n_unique() == suspects.height
    return pl.concat([pl.DataFrame(schema=FOUND), *found]).sort(pl.col("highest") - pl.col("lowest"), "count")


class _Island:
    """Counts that no statement connects with others, and what is known of them as rows of a matrix."""

    def __init__(self, terms: pl.DataFrame, limits: pl.DataFrame, suspects: pl.DataFrame) -> None:
        names = terms["count"].unique().sort()
        rows = terms["statement"].unique().sort()
        matrix = csr_array(
            (
                terms["coefficient"].to_numpy(),
                (rows.search_sorted(terms["statement"]).to_numpy(), names.search_sorted(terms["count"]).to_numpy()),
            ),
            shape=(len(rows), len(names)),
        )
        bounds = limits.sort("statement")
        self.rows = LinearConstraint(matrix, bounds["lowest"].to_numpy(), bounds["highest"].to_numpy())
        self.suspects = suspects
        self.places = names.search_sorted(suspects["count"]).to_numpy()
        self.size = len(names)

    def world(self, objective: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the suspects' counts in that possible world in which an objective over them is least."""
        whole = np.zeros(self.size)
        whole[self.places] = objective
        solved = milp(whole, constraints=self.rows, bounds=Bounds(0, MOST))
        if solved.x is None:
            raise Contradictory(
                f"The figures about {self.suspects['count'][0]} cannot all be right at once ({solved.message}), so that"
                " it cannot be tried what they give away."
            )
        return np.asarray(solved.x[self.places])


def _islands(stated: Statements, suspects: pl.DataFrame) -> list[_Island]:
    """Return the islands that have a suspect on them."""
    terms = stated.terms
    names, rows = terms["count"].unique().sort(), terms["statement"].unique().sort()
    ends = (
        rows.search_sorted(terms["statement"]).to_numpy(),
        names.search_sorted(terms["count"]).to_numpy() + len(rows),
    )
    size = len(rows) + len(names)
    _, island = connected_components(csr_array((np.ones(terms.height), ends), shape=(size, size)), directed=False)
    of_count = pl.DataFrame({"count": names, "island": island[len(rows) :]})
    asked = suspects.join(of_count, on="count")
    placed = terms.join(of_count, on="count").filter(pl.col("island").is_in(asked["island"].unique().implode()))
    limits = stated.limits.join(placed.select("statement", "island").unique(), on="statement")
    by_island = {key[0]: part for key, part in limits.partition_by("island", as_dict=True).items()}
    each = {key[0]: part for key, part in asked.partition_by("island", as_dict=True).items()}
    return [
        _Island(part, by_island[key[0]], each[key[0]].drop("island").sort("count"))
        for key, part in sorted(placed.partition_by("island", as_dict=True).items())
    ]


def _found(island: _Island, policy: Policy) -> pl.DataFrame:
    """Return the suspects of an island that can be found out."""
    suppressed = island.suspects["is_suppressed"].to_numpy()
    number = len(suppressed)
    # Two worlds that agree with everything published, far enough apart, prove that a count cannot be told.
    lowest, highest = np.full(number, np.inf), np.full(number, -np.inf)

    def look(objective: NDArray[np.float64]) -> None:
        world = island.world(objective)
        np.minimum(lowest, world, out=lowest)
        np.maximum(highest, world, out=highest)

    def still() -> NDArray[np.bool_]:
        wide = highest - lowest >= policy.width - NOTHING
        unproved = (lowest <= NOTHING) | (highest >= policy.threshold - NOTHING)
        return ~np.where(suppressed, wide, unproved)

    # All that are left at once, as long as that clears any; then each for itself.
    left, before = still(), number + 1
    while 0 < left.sum() < before:
        before = left.sum()
        for sign in (1.0, -1.0):
            look(sign * left.astype(np.float64))
        left = still()
    for one in np.flatnonzero(left):
        for sign in (1.0, -1.0):
            if still()[one]:
                look(sign * np.eye(1, number, int(one))[0])
    found = np.flatnonzero(still())
    return island.suspects[found].with_columns(lowest=pl.Series(lowest[found]), highest=pl.Series(highest[found]))
