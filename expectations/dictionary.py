"""What the data dictionary says of a source, from its declaration: for its page of the site, and in Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import cleandoc

from expectations.checks import Check, FieldCheck, Rule
from expectations.codes import code_list
from expectations.fields import Code, Field
from expectations.source import Source
from expectations.verdicts import Verdict

AS_EXPECTED = "Give what the column expects."


@dataclass(frozen=True)
class ColumnCheck:
    """A check that several columns share: what is said, what to do and what follows is alike in all of them."""

    sentence: str
    fix: str
    verdict: Verdict
    fields: tuple[Field, ...]


def about(source: type[Source]) -> list[str]:
    """Return what the source is, in paragraphs."""
    return [" ".join(paragraph.split()) for paragraph in cleandoc(source.__doc__ or "").split("\n\n")]


def facts(source: type[Source]) -> list[tuple[str, str]]:
    """Return what holds for the source as a whole, each with its label."""
    return [*_whence(source), *_what_follows(source), *_how_long(source)]


def column_checks(source: type[Source]) -> list[ColumnCheck]:
    """Return the checks of single columns, those that are alike together, in order of reporting."""
    alike: dict[tuple[str, str, Verdict], list[Field]] = {}
    for check in source.checks():
        if isinstance(check, FieldCheck):
            field = source.fields[check.field.name]
            fix = AS_EXPECTED if field.expected in check.fix else check.fix
            alike.setdefault((check.sentence, fix, check.verdict), []).append(field)
    return [ColumnCheck(*said, tuple(fields)) for said, fields in alike.items()]


def rules(source: type[Source]) -> list[Check]:
    """Return the checks across columns or rows, in order of reporting."""
    return [check for check in source.checks() if not isinstance(check, FieldCheck)]


def reason(check: Check) -> str:
    """Return why a rule is there, where its declaration says so."""
    return " ".join(cleandoc(check.holds.__doc__ or "").split()) if isinstance(check, Rule) else ""


def coded(source: type[Source]) -> list[Code]:
    """Return the columns that have a code list."""
    return [field for field in source.read.values() if isinstance(field, Code)]


def entry(source: type[Source]) -> str:
    """Return the dictionary page of one source, in Markdown."""
    lines = [
        f"# {source.title} (`{source.name}`)",
        "",
        "\n\n".join(about(source)),
        "",
        *(f"- {label}: {said}" for label, said in facts(source)),
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


def _whence(source: type[Source]) -> Iterator[tuple[str, str]]:
    """Yield where the source comes from and where it goes."""
    yield "Name", f"`{source.name}`"
    yield "Supplier", source.supplier.agency_name
    services = {one["service_id"]: one["service_name"] for one in code_list("service")}
    if source.service in services:
        yield "Service", services[source.service]
    yield "Arrives", str(source.arrives)
    yield "Loads", f"`{source.loads}`"
    yield "One row per", _called(source, source.key)


def _what_follows(source: type[Source]) -> Iterator[tuple[str, str]]:
    """Yield what a file replaces, what it is complete for and when it is refused."""
    yield "A newer file replaces", f"each {_called(source, source.slices)} that it holds, and nothing else"
    later = f'the later "{source.fields[source.vintage].header}", then ' if source.vintage else ""
    yield "The newer of two files", f"{later}the higher revision (`_r2` at the end of the file's name)"
    if source.stated:
        yield "A month without a row", f'is zero where it lies in the "{source.stated.header}" of the file'
    if source.covers:
        shown = f"is zero in each {_called(source, source.slices)} that is complete"
        yield "A row that is not there", f"{shown}; one is not when {source.covers.because}"
    if source.parts:
        parts = (
            f"`{name}`, since {part.valid_from.day} {part.valid_from:%B %Y}" for name, part in source.parts.items()
        )
        yield "The whole is known once these are there", "; ".join(parts)
    for scope in source.scopes:
        yield "Not ours, and counted as out of scope", scope.because
    yield "A whole file is refused", f"when more than {source.rejected_limit:.0%} of its rows cannot be used"
    yield "Where two sources have the same figure", f"the lowest precedence is read; this one has {source.precedence}"


def _how_long(source: type[Source]) -> Iterator[tuple[str, str]]:
    """Yield how long what came is kept."""
    yield "Its raw file is kept", f"for {source.raw_kept_days} days after a later file was accepted"
    if source.record_level:
        kept = source.records_kept_months
        yield "Its rows are kept", f"for {kept} months after their month" if kept else "as long as the warehouse is"


def _called(source: type[Source], names: tuple[str, ...]) -> str:
    """Return columns by their headers; one that follows from others has its name in words."""
    called = [source.fields[name].header if name in source.fields else name.replace("_", " ") for name in names]
    return " and ".join(filter(None, [", ".join(called[:-1]), called[-1]]))
