"""Showing a checked paper: on the terminal, as a page with every figure marked, and as a table to answer in."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.pages import write_page
from flows.papers.checking import COLUMNS, Paper, rows_of
from transforms.papers.passage import Passage
from transforms.papers.verdicts import Checked, Verdict


@dataclass(frozen=True)
class Piece:
    """A piece of a passage: text, or a figure with what was found of it.

    Attributes:
        text: as it stands.
        kind: `text`, `right`, `wrong`, `false` (an alarm answered to be false), `asked` or `elsewhere`.
        number: of the note that tells why; 0 for none.
    """

    text: str
    kind: str = "text"
    number: int = 0


@dataclass(frozen=True)
class Note:
    """What is said of a figure under its passage.

    Attributes:
        number: of the note, counted through the paper.
        one: the figure.
        kind: as of its piece.
    """

    number: int
    one: Checked
    kind: str


@dataclass(frozen=True)
class Marked:
    """A passage with its figures marked, and the notes to them."""

    passage: Passage
    pieces: Sequence[Piece]
    notes: Sequence[Note]


def kind(paper: Paper, one: Checked) -> str:
    """Return how a figure is marked."""
    if one in paper.false_alarms:
        return "false"
    if one.verdict.is_wrong:
        return "wrong"
    return {Verdict.RIGHT: "right", Verdict.ASKED: "asked"}.get(one.verdict, "elsewhere")


def headline(paper: Paper) -> str:
    """Return in a sentence how a paper stands."""
    asked = sum(one.verdict is Verdict.ASKED for one in paper.checked)
    right = sum(one.verdict is Verdict.RIGHT for one in paper.checked)
    told = [
        f"{len(paper.checked)} figures: {right} right",
        f"{len(paper.wrong)} to be put right",
        f"{asked} to be asked",
    ]
    return f"{', '.join(told)}; false alarms, as answered: {len(paper.false_alarms)}."


def show_paper(paper: Paper) -> None:
    """Print what is to be put right and what is asked, and how many figures are how."""
    console = Console()
    titles = {"wrong": "To be put right", "asked": "To be asked", "false": "False alarms, as answered"}
    for wanted, title in titles.items():
        rows = [one for one in paper.checked if kind(paper, one) == wanted]
        if not rows:
            continue
        table = Table(title=title, title_justify="left", header_style="bold", box=SIMPLE_HEAD)
        table.add_column("where", no_wrap=True)
        table.add_column("figure", no_wrap=True)
        table.add_column("verdict")
        table.add_column("why", overflow="fold")
        for one in rows:
            says = " ".join(finding.says for finding in one.findings)
            table.add_row(escape(one.figure.passage.place), escape(one.figure.text), str(one.verdict), escape(says))
        console.print(table)
    console.print(
        f"{paper.path.name}, about {paper.about}, beside the figures as known at {paper.as_of:%Y-%m-%d %H:%M} UTC. "
        f"{headline(paper)}",
        highlight=False,
    )


def marked(paper: Paper) -> Iterator[Marked]:
    """Yield the passages of a paper with their figures marked; the notes are numbered through."""
    number = 0
    for passage in paper.passages:
        at, pieces, notes = 0, list[Piece](), list[Note]()
        for one in (one for one in paper.checked if one.figure.passage is passage):
            span, how = one.figure.span, kind(paper, one)
            number += how != "right"
            pieces += [
                Piece(passage.text[at : span.start]),
                Piece(passage.said_in(span), how, number * (how != "right")),
            ]
            at = span.end
            if how != "right":
                notes.append(Note(number, one, how))
        yield Marked(passage, [*pieces, Piece(passage.text[at:])], notes)


def write_paper(paper: Paper, to: Path) -> list[Path]:
    """Write a page with every figure marked, and the table to answer in; return both.

    Args:
        paper: the checked paper.
        to: a folder.
    """
    passages = list(marked(paper))
    notes = [note for one in passages for note in one.notes]
    page, table = to / f"{paper.path.stem}.checked.html", to / f"{paper.path.stem}.figures.csv"
    write_page(page, "paper", paper=paper, headline=headline(paper), passages=passages, notes=notes, table=table.name)
    fresh = table.with_name(f"{table.name}.part")  # the answers may lie in the table that it replaces
    with fresh.open("w", encoding="utf-8-sig", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS)
        writer.writeheader()
        writer.writerows(rows_of(paper))
    fresh.replace(table)
    return [page, table]
