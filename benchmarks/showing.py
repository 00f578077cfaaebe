"""How the benchmark is shown: tables for a terminal or in Markdown, and the machine that it ran on."""

import os
import platform
from dataclasses import dataclass, field
from importlib.metadata import distributions, version
from pathlib import Path

import rich
from rich import box
from rich.markup import escape
from rich.table import Table

PACKAGES = ("duckdb", "polars", "pandas", "pyarrow", "great-expectations", "dlt", "prefect")
MEMORY = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@dataclass
class Shown:
    """A table: its rows are text, numbers stand to the right."""

    title: str
    columns: list[str]
    rows: list[list[str]] = field(default_factory=list)


def show(tables: list[Shown], remarks: list[str], *, markdown: bool) -> None:
    """Print tables and remarks."""
    for table in tables:
        _print_markdown(table) if markdown else _print_table(table)
    for remark in remarks:
        print(f"{remark}\n")


def machine() -> str:
    """Return what the benchmark ran on, in a sentence."""
    installed = {each.name for each in distributions()}
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES if name in installed)
    return (
        f"Machine: {_processor()}, {os.cpu_count()} cores, {MEMORY / 1e9:.0f} GB of memory, {_system()}; "
        f"Python {platform.python_version()}; {versions}."
    )


def _print_table(table: Shown) -> None:
    """Print a table for a terminal."""
    rich.print(f"[bold]{escape(table.title)}[/bold]")
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for place, column in enumerate(table.columns):
        shown.add_column(escape(column), justify="right" if place else "left", no_wrap=not place)
    for row in table.rows:
        shown.add_row(*map(escape, row))
    rich.print(shown)


def _print_markdown(table: Shown) -> None:
    """Print a table in Markdown."""
    ruler = ["---", *["--:"] * (len(table.columns) - 1)]
    lines = [f"| {' | '.join(row)} |" for row in (table.columns, ruler, *table.rows)]
    print(f"**{table.title}**\n", *lines, "", sep="\n")


def _processor() -> str:
    """Return the processor's name."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def _system() -> str:
    """Return the operating system's name and version."""
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.platform()
