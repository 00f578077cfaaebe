"""Verdicts: what is decided about a file or a row, and how it is said to the person who must act."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    """The three outcomes of a check that was not met."""

    REJECT_FILE = "reject the file"
    REJECT_ROW = "reject the row"
    WARN = "warn"


class Actor(StrEnum):
    """Who must act on a finding."""

    SUPPLIER = "supplier"
    US = "us"


def in_words(names: Sequence[str]) -> str:
    """Return the names of fields as words: `area code and month`."""
    return listed([name.replace("_", " ") for name in names])


def listed(words: Sequence[str]) -> str:
    """Return words one after another: `one, two and three`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


# How a workbook's date comes out of it; the sender sees no time of day, and the day first.
DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d) 00:00:00")


def as_seen(text: str) -> str:
    """Return what stands in a cell on one line, a date as people write it."""
    return DATE.sub(r"\3/\2/\1", " ".join(text.split()))


@dataclass(frozen=True)
class Cell:
    """Where something was found, and the text (None where it must not be echoed).

    Attributes:
        row: the row.
        found: the text.
        address: the place as the sender sees it, such as `cell D12`, where the row is not all that is known of it.
    """

    row: int
    found: str | None
    address: str | None = None

    def __str__(self) -> str:
        """Return for example `row 12: "abc"`, or `cell D12: "abc"` of a workbook."""
        where = self.address or f"row {self.row}"
        if self.found is None:
            return where
        found = as_seen(self.found)
        return f'{where}: "{found if len(found) <= 60 else found[:57] + "..."}"'


@dataclass(frozen=True)
class Finding:
    """One thing to be said about a file, in plain English."""

    check: str
    verdict: Verdict
    sentence: str
    fix: str
    actor: Actor = Actor.SUPPLIER
    header: str | None = None
    sheet: str | None = None
    rows: int = 0
    cells: tuple[Cell, ...] = field(default=())

    def __str__(self) -> str:
        """Return the finding as one paragraph that can be forwarded unedited."""
        sheet = f'Sheet "{self.sheet}"' if self.sheet else ""
        column = f'Column "{self.header}"' if self.header else ""
        where = f"{', '.join(filter(None, (sheet, column)))}: " if sheet or column else ""
        examples = f" Found in {', '.join(map(str, self.cells))}." if self.cells else ""
        if self.rows > len(self.cells) > 0:
            examples = examples[:-1] + f" and {self.rows - len(self.cells):,} more."
        sentence = self.sentence if where else self.sentence[0].upper() + self.sentence[1:]
        return f"{where}{sentence}{examples} {self.fix}"


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings by what follows from them: what stops the file, then rows, then what is to be looked at."""
    return sorted(findings, key=lambda one: list(Verdict).index(one.verdict))


@dataclass(frozen=True)
class Counts:
    """What became of every row that was received.

    Raises:
        ValueError: if the rows do not add up: received = loaded + rejected + duplicate + unchanged + out of scope.
    """

    received: int = 0
    loaded: int = 0
    rejected: int = 0
    duplicate: int = 0
    unchanged: int = 0
    out_of_scope: int = 0

    def __post_init__(self) -> None:
        """Hold the invariant: no row is lost or counted twice."""
        accounted = self.loaded + self.rejected + self.duplicate + self.unchanged + self.out_of_scope
        if self.received != accounted:
            raise ValueError(f"{self.received} rows were received but {accounted} are accounted for: {self}")


class FileRejected(Exception):
    """The whole file is refused; the findings say why.

    Args:
        *findings: everything that is wrong.
        source: the name of the source that the file looks like, where it looks like one.
    """

    def __init__(self, *findings: Finding, source: str | None = None) -> None:
        """Keep the findings, and say them."""
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings
        self.source = source
