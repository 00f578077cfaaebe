"""What can be searched for: an entry for everything that the dictionary tells, and where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass

from expectations.dictionary import about, coded, rules
from expectations.source import Source
from flows.dictionary.content import Content
from flows.report import in_words


@dataclass(frozen=True)
class Entry:
    """Something that can be found.

    Attributes:
        kind: what kind of thing it is.
        name: what it is called.
        says: what is told of it, in a sentence or two.
        where: the page and place, from the first page.
        more: other words that lead to it.
    """

    kind: str
    name: str
    says: str
    where: str
    more: str = ""


def entries(content: Content) -> Iterator[Entry]:
    """Yield everything that can be found, in the order in which equally good ones are shown."""
    for source in content.sources.values():
        page = f"sources/{source.name}.html"
        yield Entry("Source", source.title, about(source)[0], page, f"{source.name} {source.supplier.agency_name}")
    for one in content.indicators:
        key = one["indicator_id"]
        more = f"{one['computed']} {one['definition_source']} {' '.join(one['breakdowns'])}"
        yield Entry("Indicator", f"{one['name']} ({key})", one["definition"], f"indicators.html#{key}", more)
    for one in content.measures:
        key = one["measure_id"]
        yield Entry("Measure", one["measure_name"], one["definition"], f"measures.html#{key}", f"{key} {one['unit']}")
    for source in content.sources.values():
        yield from _of_source(source)
    for rule, says in content.cross_checks.items():
        yield Entry("Rule across returns", in_words(rule), says, f"rules.html#{rule}", rule)
    for rule, says in content.audits.items():
        yield Entry("Rule before publication", in_words(rule), says, f"rules.html#{rule}", rule)
    for table in (*content.published, *content.held):
        where = f"tables.html#{table.anchor}"
        kind = "published" if table in content.published else "warehouse"
        yield Entry("Table", f"{table.name} ({kind})", table.says, where)
        for column in table.columns:
            name = column["column_name"]
            yield Entry("Column of a table", f"{table.name}.{name} ({kind})", column["column_says"], f"{where}.{name}")
    for name, rows in content.code_lists.items():
        where = f"codes.html#{name}"
        yield Entry("Code list", in_words(name), f"{len(rows)} codes.", where)
        for row in rows:
            code, called, *rest = row.values()
            yield Entry("Code", called, f"{code}, in the code list {in_words(name)}", f"{where}.{code}", " ".join(rest))
    for one in content.series_breaks:
        where = f"codes.html#{one['break_id']}"
        yield Entry("Series break", f"{one['subject_id']}, {one['month'][:7]}", one["reason"], where)
    yield from _of_report(content)


def _of_source(source: type[Source]) -> Iterator[Entry]:
    """Yield what stands on the page of a source."""
    page = f"sources/{source.name}.html"
    for field in source.fields.values():
        name = f"{field.header} ({source.title})"
        more = f"{field.name} {' '.join(field.headers)} {field.expected}"
        yield Entry("Column of a source", name, field.says, f"{page}#column-{field.name}", more)
    for field in coded(source):
        spelt = ", ".join(spellings[0] for spellings in list(field.codes.values())[:8])
        more = " ".join(f"{code} {' '.join(spellings)}" for code, spellings in field.codes.items())
        yield Entry(
            "Code list of a column", f"{field.header} ({source.title})", spelt, f"{page}#codes-{field.name}", more
        )
    for check in rules(source):
        sentence = f"{check.sentence[0].upper()}{check.sentence[1:]}"
        yield Entry("Rule", sentence, f"{source.title}. {check.fix}", f"{page}#rule-{check.id}", check.id)


def _of_report(content: Content) -> Iterator[Entry]:
    """Yield what is told of the annual report."""
    for one in content.figures:
        kind = "Figure of the annual report" if one["is_printed"] else "Figure that follows from the annual report"
        right = "can be right" if one["is_possible"] else f"cannot be right: {one['note']}"
        says = f"{one['printed']}{one['unit']}, paragraph {one['paragraph']}, {one['span']}: {right}"
        name = f"{one['what']}: {one['printed']}{one['unit']}"
        yield Entry(kind, name, says, f"report.html#{one['figure_id']}", f"{one['figure_id']} {one['indicator_id']}")
    for one in content.contradictions:
        key = one["contradiction_id"]
        name = f"{key}, paragraph {one['paragraph']}"
        yield Entry("Contradiction in the annual report", name, one["finding"], f"report.html#{key}")
