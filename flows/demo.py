"""The demonstration: the whole way on synthetic extracts, or on real files where a folder of them is named."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.areas import BOROUGHS, METROPOLITAN_BOROUGHS
from flows.home import Home
from flows.progress import progress
from flows.settings import Settings

if TYPE_CHECKING:
    from flows.outcomes import Outcome

DEMO_HOME = Path("vawg-demo")


class RealDataHere(Exception):
    """The home holds real figures, with which invented ones must not be mixed."""


def run_demo(settings: Settings, *, as_json: bool) -> "list[Outcome]":
    """Run the demonstration and show its figures, a picture, and how to ask for more.

    Raises:
        RealDataHere: if synthetic files would be mixed with real ones.
    """
    home = Home(settings.home if "home" in settings.model_fields_set else DEMO_HOME.absolute()).prepare()
    synthetic = settings.real is None
    if synthetic:
        from flows.demonstration import write_demonstration

        _refuse_mixture(home)
        write_demonstration(home.landing, METROPOLITAN_BOROUGHS)
    with progress("Starting") as tell:
        from flows.running import run_flow

        outcomes, _ = run_flow(home, [settings.real] if settings.real else [home.landing], settings.area, tell=tell)
    _show(home, settings.area, outcomes, synthetic=synthetic, as_json=as_json)
    return outcomes


def _refuse_mixture(home: Home) -> None:
    """Refuse to put invented figures beside real ones."""
    from warehouse.reporting import report

    with home.open() as connection:
        if any(one["status"] == "accepted" and not one["is_synthetic"] for one in report(connection, "history")):
            raise RealDataHere(
                f"{home.root} holds real figures, and the demonstration would put invented ones beside them. "
                "Set VAWG_HOME to another folder, or VAWG_REAL to a folder with real files."
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
                "database": home.published,
                "picture": picture,
            }
        )
        return
    show_outcomes(outcomes)
    print()
    label = " (SYNTHETIC: Barnet's yearly totals are the annual report's, the rest is invented)" if synthetic else ""
    show_headline(rows, f"Domestic abuse in {BOROUGHS[area]}, rolling 12 months{label}")
    shown = Path(os.path.relpath(home.published))
    if picture:
        print(f"\nPicture:  {Path(os.path.relpath(picture))}")
    print(f"Database: {shown}")
    print("Ask it, in Python:")
    print(f'  import duckdb; duckdb.connect("{shown.as_posix()}", read_only=True).sql("FROM rolling_12m").show()')
