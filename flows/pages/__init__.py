"""Pages for people: each is one file that needs no other, no network and no JavaScript."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined


def write_page(path: Path, template: str, **told: Any) -> Path:
    """Write a page, and the folder that it lies in; return where it is.

    Args:
        path: where to.
        template: `difference`, `explanation` or `paper`.
        told: what it tells.
    """
    environment = Environment(
        loader=PackageLoader("flows", "pages"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(environment.get_template(f"{template}.html.j2").render(told), encoding="utf-8")
    return path
