"""The data dictionary's entry for a source, from its declaration."""

from inspect import cleandoc

from expectations.fields import Field
from expectations.source import Source


def entry(source: type[Source]) -> str:
    """Return the dictionary page of one source, in Markdown."""
    lines = [
        f"# {source.title} (`{source.name}`)",
        "",
        cleandoc(source.__doc__ or ""),
        "",
        f"- Supplier: {source.supplier.agency_name}",
        f"- Arrives: {source.arrives}",
        f"- Loads: `{source.loads}`",
        f"- One row per: {', '.join(source.key)}",
        f"- A newer file replaces, one by one: {', '.join(source.slices)}",
        f"- The newer of two files: the later {source.fields[source.vintage].header!r}, then the higher revision"
        if source.vintage
        else "- The newer of two files: the higher revision (`_r2` at the end of the file's name)",
        *(f"- Not ours, and counted as out of scope: {scope.because}" for scope in source.scopes),
        "",
        "| Column | Also called | Expected | Required | Meaning |",
        "| --- | --- | --- | --- | --- |",
        *(_line(field) for field in source.fields.values()),
        "",
        "| Check | Where it is not met | What is said |",
        "| --- | --- | --- |",
        *(f"| {check.id} | {check.verdict} | {check.sentence} |" for check in source.checks()),
    ]
    return "\n".join(lines) + "\n"


def _line(field: Field) -> str:
    """Return one row of the table of columns."""
    others = ", ".join(field.headers[1:])
    return f"| {field.header} | {others} | {field.expected} | {'yes' if field.required else 'no'} | {field.says} |"
