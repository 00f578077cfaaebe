"""Above the table: values that stand once, beside their label, and go for every row."""

from collections.abc import Iterator
from dataclasses import dataclass

from expectations.fields import Field, normal
from expectations.source import Source
from expectations.verdicts import Finding, Verdict
from transforms.grid import Grid


@dataclass(frozen=True)
class Stated:
    """A value that was found above the table.

    Attributes:
        text: the value as it stands there.
        row: its row, from 0.
        column: its column, from 0.
    """

    text: str
    row: int
    column: int


def stated_above(source: type[Source], grid: Grid, header_row: int) -> dict[str, list[Stated]]:
    """Return what stands above a header row for the fields that may stand there, every place of it.

    A label is one of the field's headers, with or without a colon; its value stands in the same cell after the colon,
    in the next cell to the right that is filled in, or else in the cell below.
    """
    rows = grid.peek[:header_row]
    fields = {name: field for name, field in source.fields.items() if field.above}
    labels = {normal(header) for field in fields.values() for header in field.headers}
    found = {name: list(_values(field, rows, labels)) for name, field in fields.items()}
    return {name: values for name, values in found.items() if values}


def _values(field: Field, rows: list[list[str]], all_labels: set[str]) -> Iterator[Stated]:
    """Yield the values beside each label of a field; a label below one that is not filled in is no value."""
    labels = {normal(header) for header in field.headers}
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            label, colon, rest = cell.partition(":")
            if normal(label) not in labels:
                continue
            if colon and rest.strip():
                yield Stated(rest.strip(), place, column)
                continue
            beside = next((there for there in range(column + 1, len(row)) if row[there].strip()), None)
            if beside is not None:
                yield Stated(row[beside].strip(), place, beside)
            elif place + 1 < len(rows) and column < len(rows[place + 1]) and rows[place + 1][column].strip():
                below = rows[place + 1][column].strip()
                if normal(below.partition(":")[0]) not in all_labels:
                    yield Stated(below, place + 1, column)


def contradictions(source: type[Source], above: dict[str, list[Stated]]) -> Iterator[Finding]:
    """Yield a question for each field that is given two different values above the table."""
    for name, values in above.items():
        texts = list(dict.fromkeys(one.text for one in values))
        if len({normal(text) for text in texts}) > 1:
            field = source.fields[name]
            shown = " and ".join(f'"{text}"' for text in texts) if not field.personal else "two values"
            yield Finding(
                check=f"{name}.stated_twice",
                verdict=Verdict.REJECT_FILE,
                sentence=f"above the table stand {shown}, and only one of them can hold.",
                fix="Leave the right one and send the file again.",
                header=field.header,
            )
