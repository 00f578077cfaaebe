"""What commands are given: options, the settings, the home."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from flows.home import Home
    from flows.settings import Settings


def _path(said: str) -> Path:
    if not said.strip():
        raise typer.BadParameter("a path is empty; this folder is written as a dot")
    return Path(said)


def _addresses(said: list[str]) -> list[str]:
    for one in said:
        _path(one)
    return said


Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of tables.")]
Paths = Annotated[
    list[Path],
    typer.Argument(parser=_path, metavar="PATHS", help="Files, and folders with files (CSV, XLSX, TXT, TSV)."),
]
Addresses = Annotated[
    list[str],
    typer.Argument(
        callback=_addresses, help="Files, and folders with files (CSV, XLSX, TXT, TSV): paths, or s3://bucket/key."
    ),
]
Today = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As if it were this day; by the clock if left out.")
]


def given_settings() -> "Settings":
    """Return the settings, from the environment, `.env` and `vawg.toml`."""
    from flows.settings import load_settings

    return load_settings()


def given_home(settings: "Settings | None" = None) -> "Home":
    """Return the home that the settings name."""
    from flows.home import Home

    return Home.of(settings or given_settings())


def given_day(today: datetime | None) -> date:
    """Return the day that was given, or today.

    Raises:
        BadParameter: if it is not in the calendar.
    """
    from expectations.calendar import YEARS

    if today and today.year not in YEARS:
        raise typer.BadParameter(f"working days are known from {YEARS.start} to {YEARS.stop - 1}", param_hint="--today")
    return today.date() if today else date.today()


def area_name(settings: "Settings") -> str:
    """Return the name of the borough whose figures are shown."""
    from expectations.areas import BOROUGHS

    return BOROUGHS[settings.area]
