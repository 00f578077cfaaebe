"""Disclosure control: the attack on everything about the borough's people at once.

Run by itself: `python -m benchmarks.disclosure`. What is timed are the figures of the demonstration, and ten years of
quarters that each have the counts of its year to March 2020, small ones too. Everything is synthetic.
"""

from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import polars as pl

from benchmarks.contestant import tell
from expectations.areas import METROPOLITAN_BOROUGHS
from expectations.catalogue import about_people
from flows.demonstration import write_demonstration
from flows.home import Home
from flows.ingesting import ingest
from flows.keys import new_keys
from flows.refreshing import refresh_and_publish
from flows.releasing import release_figures
from warehouse.disclosure.attack import attack
from warehouse.disclosure.equations import statements, suspects
from warehouse.disclosure.figures import shown, under
from warehouse.disclosure.policy import declared, policy
from warehouse.disclosure.protecting import candidates, under_attack
from warehouse.disclosure.suppression import primary, secondary

RULE = policy("public")
MARCH = date(2020, 3, 31)


def published(folder: Path) -> Home:
    """Return a home that has published the demonstration's figures."""
    home = Home(folder / "home").prepare()
    new_keys(home.key_file, [source.supplier.agency_id for source in about_people()])
    write_demonstration(home.landing, METROPOLITAN_BOROUGHS)
    ingest(home, [home.landing])
    refresh_and_publish(home)
    return home


def seconds(figures: pl.DataFrame, rounds: int = 3) -> dict[str, float]:
    """Return how long it takes to protect figures, and to attack them once they are, with how many counts are tried."""
    started = perf_counter()
    hidden = primary(figures, RULE)
    hidden += secondary(figures, hidden, shown(figures.clear(), []), declared(), RULE)
    protecting, took = perf_counter() - started, []
    for _ in range(rounds):
        started = perf_counter()
        seen = shown(figures, hidden)
        stated = statements(seen, declared())
        tried = suspects(seen, stated)
        attack(stated, tried, RULE)
        took.append(perf_counter() - started)
    return {"figures": figures.height, "tried": tried.height, "protect": protecting, "attack": median(took)}


def ten_years(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the figures of the year to March 2020, once for each of forty quarters."""
    last = figures.filter(period_end=MARCH).filter(pl.col("top").is_not_null(), pl.col("presents") == "level")
    quarters = [
        last.with_columns(
            *(pl.col(name).dt.offset_by(f"{-3 * back}mo").dt.month_end() for name in ("period_end", "bottom_end")),
            display=pl.when(pl.col("unit") == "count").then(pl.col("top").cast(pl.String)).otherwise("display"),
        )
        for back in range(40)
    ]
    return under(RULE, pl.concat(quarters))


if __name__ == "__main__":
    with TemporaryDirectory(prefix="vawg-benchmark-") as folder:
        home = published(Path(folder))
        offered = under_attack(candidates(home.published, RULE).filter("is_offered"))
        started = perf_counter()
        release_figures(home, RULE.name)
        whole = perf_counter() - started
        tell({"demonstration": seconds(offered), "ten years": seconds(ten_years(offered)), "release": whole})
