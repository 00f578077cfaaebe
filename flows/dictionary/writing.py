"""Writing the dictionary: every page from its template, into a folder of its own."""

import re
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from expectations.dictionary import about, coded, column_checks, facts, reason, rules
from expectations.fields import Field
from expectations.source import Source
from flows.dictionary.content import Content, gather
from flows.dictionary.searching import entries
from flows.report import in_words

# By this a page is known to be one that we wrote.
GENERATOR = "vawg dictionary"
STYLE = "style.css"
PAGES = ("index", "indicators", "measures", "codes", "rules", "tables", "report")


class FolderTaken(Exception):
    """The folder holds pages that no dictionary wrote."""


def write_dictionary(folder: Path) -> Path:
    """Write the data dictionary into a folder, in place of an earlier one.

    Args:
        folder: where the pages go; made where it is not there. Other files in it are left as they are.

    Returns:
        The page to open.

    Raises:
        FolderTaken: if a page of somebody else stands there; nothing is written then.
    """
    earlier = [*folder.glob("*.html"), *folder.glob("sources/*.html")]
    if others := [page.name for page in earlier if GENERATOR not in page.read_text("utf-8", errors="replace")]:
        raise FolderTaken(
            f"{folder} holds pages that are not of a data dictionary: {', '.join(others[:3])}. "
            "Nothing was written. Name another folder with --to."
        )
    pages = _pages(gather())
    for page in earlier:
        page.unlink()
    for name, text in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder / "index.html"


def _pages(content: Content) -> dict[str, str]:
    """Return every file of the site by its path below the folder."""
    environment = Environment(
        loader=PackageLoader(__package__, "pages"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"marked": marked, "words": in_words, "sentence": sentence}
    environment.globals |= {"content": content, "generator": GENERATOR, "style": STYLE}
    environment.globals |= {"coded": coded, "rules": rules, "reason": reason}
    found = [{name: text for name, text in asdict(entry).items() if text} for entry in entries(content)]

    def page(template: str, **said: Any) -> str:
        return environment.get_template(f"{template}.html.j2").render(said)

    return {
        STYLE: files(__package__).joinpath("pages", STYLE).read_text("utf-8"),
        **{f"{name}.html": page(name, root="", entries=found) for name in PAGES},
        **{
            f"sources/{source.name}.html": page("source", root="../", **_told(source, content))
            for source in content.sources.values()
        },
    }


def _told(source: type[Source], content: Content) -> dict[str, Any]:
    """Return what the page of a source tells."""
    return {
        "source": source,
        "about": about(source),
        "facts": facts(source),
        "column_checks": column_checks(source),
        "goes_to": {name: _goes_to(source, field, content) for name, field in source.fields.items()},
        "indicators": [one for one in content.indicators if source.name in content.read_from[one["indicator_id"]]],
    }


def _goes_to(source: type[Source], field: Field, content: Content) -> list[tuple[str, str]]:
    """Return what becomes of a column, each as a name and its place in the dictionary: measures, or a column."""
    if field.name in source.measures:
        measure = source.measures[field.name].measure or field.name
        prefixes = [f"{code}_" for column in coded(source) if column.prefixes for code in column.codes] or [""]
        return [(f"{prefix}{measure}", f"measures.html#{prefix}{measure}") for prefix in prefixes]
    loaded = next(table for table in content.held if table.name == source.loads)
    name = f"{loaded.name}.{field.name}"
    is_column = field.loaded and field.name in {column["column_name"] for column in loaded.columns}
    return [(name, f"tables.html#warehouse.{name}")] if is_column else []


def marked(text: str) -> Markup:
    """Return text as a page has it: what stands in `backticks` as code, and in *asterisks* stressed."""
    coded_text = re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text)))
    return Markup(re.sub(r"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])", r"<em>\1</em>", coded_text))


def sentence(text: str) -> str:
    """Return text with a capital letter and a full stop."""
    text = text.strip()
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '?', '!')) or not text else '.'}"
