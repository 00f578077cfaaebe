"""The data dictionary: one static site from the declarations, the indicators and the comments of the catalogue."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from inspect import cleandoc
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FunctionLoader, StrictUndefined

from expectations.catalogue import catalogue
from expectations.codes import code_list
from expectations.fields import Code
from expectations.source import Source
from flows.home import dimensions
from warehouse.opening import indicators, prepare
from warehouse.reporting import contradictions, printed_figures
from warehouse.statements import run_script, statements

LISTS = ("agency", "area", "measure", "offence", "service", "sex", "ethnic_group")


@dataclass(frozen=True)
class Entry:
    """What the search finds: a title, the text that it is found by, and where it is."""

    title: str
    kind: str
    text: str
    place: str


def write_dictionary(folder: Path) -> Path:
    """Write the site into a folder, which is made where it is missing, and return its first page."""
    pages = dict(_pages())
    for name, page in pages.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page, encoding="utf-8")
    return folder / "index.html"


def _pages() -> Iterator[tuple[str, str]]:
    """Yield every page by its name."""
    environment = Environment(
        loader=FunctionLoader(lambda name: files("flows").joinpath("dictionary_pages", name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sources, tables = catalogue(), _tables()
    counted = list(indicators())
    figures = [{**one, "indicator": one["indicator_id"]} for one in printed_figures()]
    lists = {name: code_list(name) for name in LISTS}
    # "<" is written as an escape: a text must not end the script that it stands in.
    found = json.dumps([vars(one) for one in _entries(sources, counted, tables)]).replace("<", "\\u003c")
    everything: dict[str, dict[str, Any]] = {
        "index.html": {"sources": sources, "indicators": counted, "tables": tables, "entries": found},
        "indicators.html": {"indicators": counted, "figures": figures},
        "tables.html": {"tables": tables},
        "codes.html": {"lists": lists},
        "report.html": {"figures": figures, "contradictions": contradictions()},
    }
    for name, given in everything.items():
        yield name, environment.get_template(name).render(up="", **given)
    for name, source in sources.items():
        page = environment.get_template("source.html").render(
            up="../",
            source=source,
            says=cleandoc(source.__doc__ or ""),
            codes={field.name: field.codes for field in source.fields.values() if isinstance(field, Code)},
            checks=list(source.checks()),
            rests=[one for one in counted if one["numerator_subject"] == source.service],
        )
        yield f"sources/{name}.html", page


def _tables() -> dict[str, dict[str, Any]]:
    """Return every published table and the warehouse's own, with what the catalogue says of them."""
    with duckdb.connect() as connection:
        prepare(connection, dimensions())
        connection.execute("ATTACH ':memory:' AS published")
        run_script(connection, statements("refresh")["0_schema"])
        told = connection.execute("SELECT table_name, comment FROM duckdb_tables() ORDER BY table_name").fetchall()
        columns = connection.execute(
            "SELECT table_name, column_name, data_type, comment FROM duckdb_columns() WHERE NOT internal"
            " ORDER BY table_name, column_index"
        ).fetchall()
    return {
        name: {
            "comment": comment or "",
            "columns": [(column, kind, said or "") for table, column, kind, said in columns if table == name],
        }
        for name, comment in told
    }


def _entries(
    sources: dict[str, type[Source]], counted: list[dict[str, Any]], tables: dict[str, dict[str, Any]]
) -> Iterator[Entry]:
    """Yield everything that can be searched for."""
    for name, source in sources.items():
        yield Entry(source.title, "source", cleandoc(source.__doc__ or ""), f"sources/{name}.html")
        for field in source.fields.values():
            text = f"{field.says} {' '.join(field.headers)}"
            yield Entry(f"{field.header} ({source.title})", "column", text, f"sources/{name}.html#{field.name}")
    for one in counted:
        place = f"indicators.html#{one['indicator_id']}"
        yield Entry(f"{one['name']} ({one['indicator_id']})", "indicator", one["definition"], place)
    for name, table in tables.items():
        words = " ".join(f"{column} {said}" for column, _, said in table["columns"])
        yield Entry(name, "table", f"{table['comment']} {words}", f"tables.html#{name}")
    for one in code_list("measure"):
        yield Entry(f"{one['measure_name']} ({one['measure_id']})", "measure", one["definition"], "codes.html#measure")
    for figure in printed_figures():
        text = f"{figure['indicator_id']} {figure['note']}"
        yield Entry(f"Figure {figure['figure_id']}, paragraph {figure['paragraph']}", "printed figure", text,
                    f"report.html#{figure['figure_id']}")  # fmt: skip
