"""The feedback page: what became of a file, as one self-contained page for the person who sent it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby

from jinja2 import Environment

from expectations.source import Source
from expectations.verdicts import Actor, Counts, Finding, Verdict

ASK = "the person to whom you send your returns"
# By this a page is known to be one that we wrote.
GENERATOR = "vawg feedback"
OF_THE_FILE = "The file as a whole"
HEADINGS = {
    Verdict.REJECT_FILE: "What stops the file",
    Verdict.REJECT_ROW: "Rows that {cannot} be taken in",
    Verdict.WARN: "Please look at this",
}


@dataclass(frozen=True)
class Answer:
    """What there is to say about a file.

    Attributes:
        file_name: the file, as its sender calls it.
        source: what it was recognised as, if it was.
        accepted: whether it is taken in, at least in part.
        is_trial: whether it was only checked, and nothing would have been loaded in any case.
        marked: the name of the copy in which the cells are marked, if there is one.
        ask: whom to ask.
        read_from: what was read from where, in a sentence.
    """

    file_name: str
    source: type[Source] | None
    accepted: bool
    counts: Counts
    findings: tuple[Finding, ...]
    out_of_scope: Mapping[str, int]
    is_trial: bool = False
    marked: str | None = None
    ask: str = ""
    read_from: str = ""

    @property
    def told(self) -> list[Finding]:
        """The findings that the sender can do something about."""
        return [one for one in self.findings if one.actor is Actor.SUPPLIER]

    @property
    def refused_by_us(self) -> bool:
        """Whether the file is refused for nothing that its sender did."""
        return not self.accepted and not any(one.verdict is not Verdict.WARN for one in self.told)


@dataclass(frozen=True)
class Group:
    """The findings of one verdict in one column."""

    where: str
    findings: Sequence[Finding]


def feedback_page(answer: Answer) -> str:
    """Return the page; it needs no other file, no network and no JavaScript."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True)
    template = environment.from_string(files(__package__).joinpath("feedback_page.html.j2").read_text("utf-8"))
    return template.render(
        answer=answer,
        state=_state(answer),
        headline=headline(answer),
        summary=_summary(answer),
        steps=steps(answer),
        sections=_sections(answer),
        table=_table(answer),
        ask=answer.ask or ASK,
        generator=GENERATOR,
        advice=_advice,
    )


def headline(answer: Answer) -> str:
    """Return the verdict in a sentence."""
    would = "would be" if answer.is_trial else "was"
    if answer.refused_by_us:
        return f"The file {would} held back, for a reason on our side."
    if not answer.accepted:
        return f"The file {'would not be' if answer.is_trial else 'was not'} accepted."
    if answer.counts.rejected:
        return f"A part of the file {would} accepted."
    return f"The file {would} accepted."


def steps(answer: Answer) -> list[str]:
    """Return what the sender does next, in order."""
    if answer.refused_by_us:
        return ["You need do nothing. We look into it, and take the file in again or come back to you."]
    mend = [one for one in answer.told if one.verdict is not Verdict.WARN]
    look = [one for one in answer.told if one.verdict is Verdict.WARN]
    if not mend:
        looked = "Look at what is listed below. If it is as it should be, you need do nothing; if not, correct it"
        again = "send the file" if answer.is_trial else "send the whole file again, with _r2 at the end of its name"
        if look:
            return [f"{looked} and {again}."]
        return ["Send it." if answer.is_trial else "You need do nothing."]
    where = f" The cells are marked in {answer.marked}." if answer.marked else ""
    how = "check it again, and send it." if answer.is_trial else "send the whole file again, not only the rows mended."
    name = "" if answer.is_trial else " If you have sent this period before, put _r2 at the end of its name, then _r3."
    # What stands in the way of reading is said first, and nothing else is known then.
    more = "" if answer.counts.received else " Its rows were not looked at yet, so that more may be found in them."
    return [
        f"In your own file, mend what is listed below.{where}{more}",
        *([f'Look at what is listed under "{HEADINGS[Verdict.WARN]}"; it does not stop the file.'] if look else []),
        f"Save it and {how}{name}",
    ]


def _state(answer: Answer) -> str:
    """Return the word by which the page is coloured; the headline says the same."""
    if not answer.accepted:
        return "refused"
    return "partly" if answer.counts.rejected or answer.told else "accepted"


def _summary(answer: Answer) -> str:
    """Return what became of the rows, in a sentence or two."""
    counts = answer.counts
    taken = counts.loaded + counts.unchanged
    if not counts.received:
        return "Nothing of it was read as rows of a table."
    if not answer.accepted:
        stands = "" if answer.is_trial else " What you sent earlier stands as it is."
        return f"We read {rows(counts.received)}, and none of them {_were(answer)} taken in.{stands}"
    rest = f" {rows(counts.rejected).capitalize()} {_were(answer, counts.rejected)} not." if counts.rejected else ""
    return f"We read {rows(counts.received)}. {rows(taken).capitalize()} {_were(answer, taken)} taken in.{rest}"


def rows(number: int) -> str:
    """Return a number of rows in words."""
    return "1 row" if number == 1 else f"{number:,} rows"


def _were(answer: Answer, number: int = 2) -> str:
    return "would be" if answer.is_trial else "was" if number == 1 else "were"


def _sections(answer: Answer) -> list[tuple[str, list[Group]]]:
    """Return the findings under the heading of their verdict, the ones of a column together, in order of finding."""
    sections = []
    for verdict, heading in HEADINGS.items():
        found = [one for one in answer.told if one.verdict is verdict]
        places = list(dict.fromkeys(_where(one) for one in found))
        ordered = sorted(found, key=lambda one: places.index(_where(one)))
        groups = [Group(where, list(those)) for where, those in groupby(ordered, key=_where)]
        if groups:
            sections.append((heading.format(cannot="cannot" if answer.is_trial else "could not"), groups))
    return sections


def _where(finding: Finding) -> str:
    """Return the place of a finding in words."""
    sheet = f'sheet "{finding.sheet}"' if finding.sheet else ""
    column = f'column "{finding.header}"' if finding.header else ""
    where = ", ".join(filter(None, (column, sheet)))
    return f"{where[0].upper()}{where[1:]}" if where else OF_THE_FILE


def _advice(finding: Finding) -> tuple[str, str]:
    """Return what a finding asks for, and under which word."""
    expected = finding.fix.removeprefix("Expected ")
    if expected == finding.fix:
        return "What to do", finding.fix
    return "What is expected", f"{expected[0].upper()}{expected[1:]}"


def _table(answer: Answer) -> list[tuple[str, int, str]]:
    """Return what became of every row: what, how many and why."""
    counts = answer.counts
    kinds = [
        ("Taken in" if not answer.is_trial else "Would be taken in", counts.loaded, ""),
        ("Taken in earlier, unchanged", counts.unchanged, ""),
        ("Not taken in", counts.rejected, "for the reasons above"),
        ("Repeated to the letter", counts.duplicate, "counted once"),
        *(("Not looked at", number, because) for because, number in answer.out_of_scope.items()),
    ]
    return [kind for kind in kinds if kind[1]]
