"""Verdicts: what is said of the figures of a paper."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from transforms.papers.bound import Bound, Meaning
from transforms.papers.figures import Figure

Key = tuple[str, str, str]


class Verdict(StrEnum):
    """What is said of a figure."""

    RIGHT = "right"
    CUT_OFF = "cut off, not rounded"
    OTHER_PERIOD = "right for another period"
    CARRIED_OVER = "carried over from last year"
    UNLIKE_COUNTS = "does not match its counts"
    UNLIKE_WHOLE = "parts do not make the whole"
    NOT_TWELVE_MONTHS = "not twelve months"
    TWO_PERIODS = "two periods for one table"
    NOT_AS_SAID = "not as the words say"
    WRONG = "not what the data give"
    NOT_KNOWN = "nobody can reproduce it"
    ASKED = "please say what it is"
    ELSEWHERE = "of another area"

    @property
    def is_wrong(self) -> bool:
        """Whether it has to be put right before the paper is printed."""
        return self not in (Verdict.RIGHT, Verdict.ASKED, Verdict.ELSEWHERE)


@dataclass(frozen=True)
class Known:
    """What is published of one window.

    Attributes:
        exact: the value; None where it is not known.
        numerator: what it is made of, with the denominator of a share.
        denominator: None for a count.
        reason: why it is not known.
    """

    exact: Fraction | None
    numerator: int | None = None
    denominator: int | None = None
    reason: str = ""

    def __str__(self) -> str:
        """Return how the value comes about: `42 of 363 is 11.57`."""
        if self.exact is None:
            return self.reason
        if self.denominator is None or self.numerator is None:
            return f"{float(self.exact):,.10g}"
        return f"{self.numerator:,} of {self.denominator:,} is {float(self.exact):.2f}"


Series = Mapping[Key, Mapping[date, Known]]


@dataclass(frozen=True)
class Printed:
    """A figure that an earlier report prints.

    Attributes:
        paper: the report.
        place: where in it.
        text: as it is printed, with its unit.
        key: of what it is.
        end: the last day of what it is printed for.
    """

    paper: str
    place: str
    text: str
    key: Key
    end: date


@dataclass(frozen=True)
class Finding:
    """Something that is said of a figure.

    Attributes:
        verdict: of what kind.
        says: in a sentence.
    """

    verdict: Verdict
    says: str


@dataclass(frozen=True)
class Checked:
    """A figure and what was found of it.

    Attributes:
        bound: the figure, with what it says.
        meaning: what it is taken to be of; None where that has to be asked.
        findings: what is said of it, the gravest first; never empty.
        published: what the data give, rounded as it is printed; empty where there is nothing.
    """

    bound: Bound
    meaning: Meaning | None
    findings: tuple[Finding, ...]
    published: str = ""

    @property
    def verdict(self) -> Verdict:
        """The gravest of what is said of it."""
        return self.findings[0].verdict

    @property
    def figure(self) -> Figure:
        """The figure."""
        return self.bound.figure

    def found(self, finding: Finding) -> "Checked":
        """Return it with another finding; a right figure keeps nothing but that."""
        kept = tuple(one for one in self.findings if one.verdict.is_wrong)
        return replace(self, findings=(*kept, finding) if kept or finding.verdict.is_wrong else self.findings)

    def with_more(self, says: str) -> "Checked":
        """Return it with a sentence more, where it is not right and there is one."""
        if not says or not self.verdict.is_wrong:
            return self
        first, *others = self.findings
        return replace(self, findings=(Finding(first.verdict, f"{first.says} {says}"), *others))


def name_of(meaning: Meaning) -> str:
    """Return what a figure is of, in words."""
    value = meaning.value.replace("_", " ")
    return (
        meaning.told.name
        if meaning.breakdown == "all"
        else f"{meaning.told.name} ({value if len(value) < 3 else value.lower()})"
    )
