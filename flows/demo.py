"""The demonstration: the whole way on synthetic extracts, or on real files where a folder of them is named."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.areas import BOROUGHS, METROPOLITAN_BOROUGHS
from expectations.catalogue import about_people
from flows.home import Home
from flows.keys import new_keys
from flows.progress import progress
from flows.settings import Settings

if TYPE_CHECKING:
    from flows.outcomes import Outcome
    from flows.report import Compared

# Used where VAWG_HOME is not set; two, because invented and real figures never lie together.
SYNTHETIC_HOME, REAL_HOME = Path("vawg-demo"), Path("vawg-real")


class WouldMix(Exception):
    """Invented and real figures would come to lie in one home."""


def run_demo(settings: Settings, *, as_json: bool) -> "list[Outcome]":
    """Run the demonstration and show its figures, a picture, and how to ask for more.

    Raises:
        WouldMix: if synthetic files would be mixed with real ones.
    """
    synthetic = settings.real is None
    unset = SYNTHETIC_HOME if synthetic else REAL_HOME
    root = settings.home if "home" in settings.model_fields_set else unset.absolute()
    home = Home.of(settings.model_copy(update={"home": root, "landing": ""})).prepare()
    if suppliers := [source.supplier.agency_id for source in about_people()]:
        new_keys(home.key_file, suppliers)
    _refuse_mixture(home, synthetic=synthetic)
    if synthetic:
        from flows.demonstration import write_demonstration

        write_demonstration(home.landing, METROPOLITAN_BOROUGHS)
    with progress("Starting") as tell:
        from flows.running import run_flow

        outcomes, _ = run_flow(home, [settings.real] if settings.real else None, tell=tell)
    _show(home, settings.area, outcomes, synthetic=synthetic, as_json=as_json)
    return outcomes


def _refuse_mixture(home: Home, *, synthetic: bool) -> None:
    """Refuse to put invented figures beside real ones, or real ones beside invented ones."""
    from warehouse.reporting import report

    with home.open() as connection:
        accepted = [one for one in report(connection, "history") if one["status"] == "accepted"]
    if any(one["is_synthetic"] != synthetic for one in accepted):
        held, brought = ("real", "invented") if synthetic else ("invented", "real")
        raise WouldMix(
            f"{home.root} holds {held} figures, and {brought} ones would come to lie beside them. "
            "Set VAWG_HOME to another folder."
        )


def _show(home: Home, area: str, outcomes: "list[Outcome]", *, synthetic: bool, as_json: bool) -> None:
    """Print the headline table and where everything is, and draw the picture."""
    from flows.picture import draw_headline
    from flows.refreshing import headline
    from flows.showing import headline_rows, show_headline, show_json, show_outcomes

    figures = headline(home, area)
    rows = headline_rows(figures)
    picture = home.root / "headline.png" if rows else None
    if picture:
        draw_headline(figures, picture, area_name=BOROUGHS[area], synthetic=synthetic)
    if as_json:
        show_json(
            {
                "synthetic": synthetic,
                "files": [one.as_dict() for one in outcomes],
                "headline": rows,
                "report": _report(home) if synthetic else [],
                "database": home.published,
                "picture": picture,
            }
        )
        return
    show_outcomes(outcomes)
    print()
    label = " (SYNTHETIC: Barnet's yearly totals are the annual report's, the rest is invented)" if synthetic else ""
    show_headline(rows, f"Domestic abuse in {BOROUGHS[area]}, rolling 12 months{label}")
    if synthetic:
        from flows.report import show_report

        show_report(_report(home))
    shown = Path(os.path.relpath(home.published))
    if picture:
        print(f"\nPicture:  {Path(os.path.relpath(picture))}")
    print(f"Database: {shown}")
    print("Ask it, in Python:")
    print(f'  import duckdb; duckdb.connect("{shown.as_posix()}", read_only=True).sql("FROM rolling_12m").show()')


def _report(home: Home) -> "list[Compared]":
    """Return the annual report's figures beside the data's."""
    from flows.report import compared

    return compared(home)
