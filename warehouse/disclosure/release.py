"""Releasing: the files that may leave the partnership, made whole beside the last ones, attacked, and only then named."""

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from warehouse.disclosure.attack import attack
from warehouse.disclosure.equations import statements, suspects
from warehouse.disclosure.figures import shown, under
from warehouse.disclosure.files import DATABASE, KEY, read_back, write_database, write_files
from warehouse.disclosure.policy import Policy, declared
from warehouse.disclosure.suppression import primary, secondary
from warehouse.instants import next_instant
from warehouse.opening import transaction
from warehouse.statements import ask, run_script
from warehouse.statements import statements as sql

LATEST = "latest.json"


class GivesAway(Exception):
    """The attack found something out; nothing is released, the last release stands."""


@dataclass(frozen=True)
class Release:
    """A set of files that may leave the partnership.

    Attributes:
        folder: where its files are.
        published: how many cells show a number.
        primary: how many are suppressed for what they are.
        secondary: how many are suppressed so that those cannot be worked out.
        unavailable: how many show that there is no figure.
        attacked: how many counts, printed or not, the attack tried to find out.
        is_new: whether it was made now; if not, the last one says the same.
    """

    release_id: str
    run_id: str
    policy: str
    folder: Path
    published: int
    primary: int
    secondary: int
    unavailable: int
    attacked: int
    is_new: bool

    def said(self) -> str:
        """Return the release in words, for who made it."""
        made = "Released" if self.is_new else "Nothing has changed; the last release stands"
        return (
            f"{made}: {self.folder}\n"
            f"{self.published:,} cells are published; {self.primary:,} are suppressed because they are small, and"
            f" {self.secondary:,} so that those cannot be worked out; {self.unavailable:,} are not available.\n"
            f"The attack tried {self.attacked:,} counts that are not shown, and found none of them out.\n"
            "Nobody is sent these files; whoever puts them out answers for it."
        )


def release(
    connection: duckdb.DuckDBPyConnection, published: Path, releases: Path, rule: Policy, version: str, area: str
) -> Release:
    """Make the published figures fit to leave, and put them beside the earlier releases.

    Args:
        connection: the warehouse, whose register knows what was released before.
        published: the published database.
        releases: the folder of the releases under this policy; `latest.json` in it names the one that stands.
        rule: the policy.
        version: version of the program, for the register.
        area: whose figures the spreadsheet shows.

    Raises:
        FileNotFoundError: if nothing has been published yet.
        CannotBeHidden: if earlier releases give a small count away, whatever is suppressed now.
        GivesAway: if the attack on the finished files finds something out.
        Contradictory: if the figures cannot all be right at once.
    """
    if not published.exists():
        raise FileNotFoundError(f"Nothing has been published yet: {published} is made by `vawg run` or `vawg refresh`.")
    releases.mkdir(parents=True, exist_ok=True)
    for left_behind in releases.glob("*.new"):
        shutil.rmtree(left_behind)
    standing = _standing(connection, releases)
    candidates = _candidates(published, rule)
    run_id = str(candidates["run_id"][0]) if candidates.height else ""
    rules = hashlib.sha256(json.dumps([declared(), version], sort_keys=True, default=str).encode()).hexdigest()[:16]
    if standing and (standing["run_id"], standing["rules"]) == (run_id, rules):
        return Release(**{**standing["told"], "folder": releases / standing["release_id"], "is_new": False})
    now = next_instant(connection)
    row = {
        "release_id": now.strftime("release-%Y%m%d-%H%M%S-%f"),
        "policy": rule.name,
        "threshold": rule.threshold,
        "rounding": rule.rounding,
        "rules": rules,
        "run_id": run_id,
        "released_at": now,
    }
    seen, told = _protected(connection, candidates, rule)
    fresh, folder = releases / f"{row['release_id']}.new", releases / row["release_id"]
    try:
        fresh.mkdir()
        write_database(fresh / DATABASE, seen, row, rule)
        told["attacked"] = _withstands(connection, fresh / DATABASE, candidates, rule)
        write_files(fresh, rule, area)
        made = Release(release_id=row["release_id"], run_id=run_id, policy=rule.name, folder=folder, is_new=True, **told)
        _sync(fresh)
        fresh.rename(folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    with transaction(connection):
        # Together with the name, so that whatever readers may have is what the next release reckons with.
        _enter(connection, folder)
        _name(releases, made, rules)
    return made


def _candidates(published: Path, rule: Policy) -> pl.DataFrame:
    """Return the published figures that may leave under a policy, and those behind them."""
    asked = {"never_divided_by": declared()["never_divided_by"], "small_month": rule.small_month}
    with duckdb.connect(published, read_only=True) as connection:
        return under(rule, connection.sql(sql("public")["candidates"], params=asked).pl())


def _protected(
    connection: duckdb.DuckDBPyConnection, candidates: pl.DataFrame, rule: Policy
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the figures as they are shown, and how many cells are."""
    offered = candidates.filter("is_offered")
    hidden = primary(offered, rule)
    further = secondary(under_attack(offered), hidden, _released(connection, candidates, rule), declared(), rule)
    seen = shown(offered, [*hidden, *further])
    cells = pl.concat([shown(offered, hidden)["value_shown"], seen["value_shown"]]).to_frame("cell").with_columns(
        all=pl.int_range(pl.len()) >= offered.height
    )
    suppressed = cells.filter(cell="[c]").group_by("all").len()
    first = suppressed.filter(~pl.col("all"))["len"].sum()
    none = seen.filter(pl.col("value_shown").is_in(("[x]", "[b]"))).height
    every = suppressed.filter("all")["len"].sum()
    numbers = {"primary": first, "secondary": every - first, "unavailable": none}
    return seen, {"published": seen.height - every - none, **numbers}


def under_attack(figures: pl.DataFrame) -> pl.DataFrame:
    """Return the figures that say something of people whom the policy protects.

    Args:
        figures: as `under` returns them, shown or not.
    """
    return figures.join(figures.filter("is_protected").select("area_code", "top_subject").unique(), on=("area_code", "top_subject"), how="semi")


def _released(connection: duckdb.DuckDBPyConnection, candidates: pl.DataFrame, rule: Policy) -> pl.DataFrame:
    """Return what readers have from earlier releases and is still true; what was revised since says nothing certain."""
    earlier = pl.DataFrame(
        ask(connection, "public", "earlier", policies=[rule.name, *rule.readers_also_see]), infer_schema_length=None
    )
    if not earlier.height:
        return shown(candidates.clear(), [])
    told = earlier.rename({"value_shown": "value_then", "base_shown": "base_then"}).cast({"threshold": pl.Int32, "rounding": pl.Int32})
    joined = under_attack(candidates).drop("threshold", "rounding").join(told, on=KEY)
    small = [
        *joined.filter("is_protected", (pl.col("top") > 0) & (pl.col("top") < pl.col("threshold")))["top_count"],
        *joined.filter("is_protected", (pl.col("bottom") > 0) & (pl.col("bottom") < pl.col("threshold")))["bottom_count"],
    ]
    now = shown(joined, small)
    return now.with_columns(
        _still("value"),
        _still("base"),
    ).drop("value_then", "base_then")


def _still(what: str) -> pl.Expr:
    """Return what was shown, where it would be shown so now; a suppressed number stays one."""
    then = pl.col(f"{what}_then")
    return pl.when((then == pl.col(f"{what}_shown")) | (then == "[c]")).then(then).otherwise(pl.lit("[x]")).alias(f"{what}_shown")


def _withstands(connection: duckdb.DuckDBPyConnection, database: Path, candidates: pl.DataFrame, rule: Policy) -> int:
    """Attack the finished file, with everything that its readers have besides; return how many counts were tried."""
    seen = candidates.join(read_back(database), on=KEY)
    released = _released(connection, candidates, rule)
    everything = pl.concat([under_attack(seen), released.select(seen.columns)], how="vertical_relaxed")
    stated = statements(everything, declared())
    tried = suspects(everything, stated)
    found = attack(stated, tried, rule)
    if found.height:
        worst = found.row(0, named=True)
        raise GivesAway(
            f"{found.height} counts could be found out, such as {worst['count']}: between {worst['lowest']:.1f} and"
            f" {worst['highest']:.1f}. Nothing is released; the last release stands."
        )
    return tried.height


def _standing(connection: duckdb.DuckDBPyConnection, releases: Path) -> dict[str, Any] | None:
    """Return the release that stands, entered into the register if its process died before that."""
    latest = releases / LATEST
    if not latest.exists():
        return None
    named: dict[str, Any] = json.loads(latest.read_text(encoding="utf-8"))
    folder = releases / named["release_id"]
    if not ask(connection, "public", "standing", release_id=named["release_id"]):
        with transaction(connection):
            _enter(connection, folder)
    return named if folder.is_dir() else None


def _enter(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Enter a release into the register, from its own file."""
    with duckdb.connect(folder / DATABASE, read_only=True) as made:
        tables = {"new_release": made.sql("FROM release").pl(), "new_released_figure": made.sql("FROM figure").pl()}
    for name, rows in tables.items():
        connection.register(name, rows)
    run_script(connection, sql("public")["enter"])
    for name in tables:
        connection.unregister(name)


def _name(releases: Path, made: Release, rules: str) -> None:
    """Name the release that stands, with the hashes of its files, by one atomic rename."""
    told = {name: value for name, value in asdict(made).items() if name not in ("folder", "is_new")}
    hashes = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in sorted(made.folder.iterdir())}
    named = {"release_id": made.release_id, "run_id": made.run_id, "rules": rules, "told": told, "sha256": hashes}
    fresh = releases / f"{LATEST}.part"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(named, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(releases / LATEST)


def _sync(folder: Path) -> None:
    """Have the files of a folder on the disk before anything names it."""
    for one in folder.iterdir():
        with one.open("r+b") as file:
            os.fsync(file.fileno())
