"""The annual report 2019/20, figure by figure: what was printed beside what the data give."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from flows.home import Home
from transforms.papers.rounding import rounded
from warehouse import open_published
from warehouse.reading import Published
from warehouse.reporting import contradictions, printed_figures

PRIORITIES = {1: "Prevent", 2: "Support victims", 3: "Hold perpetrators to account", 4: "Work together"}
#: Checked with the others, and printed nowhere: that a month without a row is zero.
DERIVED = "A15z"
ACRONYMS = {"MARAC", "CPV", "RAP"}
SCALES = {"%": 100, "per 1,000": 1_000, "per 10,000": 10_000}


@dataclass(frozen=True)
class Compared:
    """A printed figure beside the data's.

    Attributes:
        priority: of the strategy, 1 to 4.
        what: the indicator, with the breakdown value where it is one.
        period_end: the last day of what it counts.
        printed: as the paper has it.
        obtained: from the data, rounded half up once to the same places; None where it is not known.
        contradiction: the one that it is a part of, if it is.
    """

    figure_id: str
    paragraph: str
    priority: int
    what: str
    period_end: date
    printed: str
    obtained: str | None
    contradiction: str

    @property
    def agrees(self) -> bool:
        """Whether the data give what was printed."""
        return self.obtained is not None and Fraction(self.obtained) == Fraction(self.printed)


def compared(home: Home) -> list[Compared]:
    """Return every checked figure of the annual report of which the published database knows the indicator."""
    with open_published(home.published) as published:
        return list(_compared(published, home.area))


def _compared(published: Published, area: str) -> Iterator[Compared]:
    known = {
        (row["indicator_id"], row["breakdown_value"], str(row["period_end"])): row
        for row in published.sql("FROM rolling_12m WHERE area_code = ?", [area]).iter_rows(named=True)
    }
    for figure in printed_figures():
        end = date.fromisoformat(figure["period_end"])
        # What is counted over another span than 12 months has the indicator's other words from its last window.
        window = figure["period_end"] if not figure["counted_from"] else str(end.replace(month=3, day=31))
        if figure["figure_id"] == DERIVED:
            continue
        row = known.get((figure["indicator_id"], figure["breakdown_value"], window))
        if row is None:
            continue
        value = _in_span(published, figure, end) if figure["counted_from"] else exact_value(row)
        divided = "" if figure["breakdown"] == "all" else f": {in_words(figure['breakdown_value'])}"
        yield Compared(
            figure_id=figure["figure_id"],
            paragraph=figure["paragraph"],
            priority=row["objective"],
            what=f"{row['indicator_name']}{divided}",
            period_end=end,
            printed=figure["printed"],
            obtained=None if value is None else rounded(value, figure["printed"]),
            contradiction=figure["contradiction"],
        )


def exact_value(row: dict[str, Any]) -> Fraction | None:
    """Return the exact value of a published figure."""
    if row["value"] is None:
        return None
    if row["unit"] == "rank":
        return Fraction(row["rank"])
    numerator, denominator = row["numerator"], row["denominator"]
    if denominator is None:  # a count, or one divided by a number that is not published
        return Fraction(row["value"]).limit_denominator(10_000)
    if row["indicator_id"].endswith("_YOY"):
        return Fraction(100 * (numerator - denominator), denominator)
    return Fraction(numerator * SCALES.get(row["unit"], 1), denominator)


def _in_span(published: Published, figure: dict[str, str], end: date) -> Fraction | None:
    """Return what returns count in a span that is no window of 12 months; per 366 days where that is the indicator."""
    (counted,) = published.sql(
        "SELECT sum(value)::BIGINT FROM fact_return_counts AS fact"
        " JOIN dim_indicator ON service_id = numerator_subject AND measure_id = numerator_measure"
        " WHERE indicator_id = ? AND breakdown = 'all' AND period_start >= ? AND period_end <= ?",
        [figure["indicator_id"], figure["counted_from"], end],
    ).row(0)
    days = (end - date.fromisoformat(figure["counted_from"])).days + 1
    return (
        None
        if counted is None
        else Fraction(counted) * (Fraction(366, days) if figure["indicator_id"].endswith("_ANN") else 1)
    )


def in_words(code: str) -> str:
    """Return the value of a breakdown in words: `mental health`; letters such as F and acronyms stay."""
    return " ".join(word if len(word) == 1 or word in ACRONYMS else word.lower() for word in code.split("_"))


def show_report(figures: list[Compared], console: Console | None = None) -> None:
    """Print the figures by the four priorities of the strategy, and the contradictions that they show."""
    console = console or Console()
    for priority, name in PRIORITIES.items():
        rows = [one for one in figures if one.priority == priority]
        if not rows:
            continue
        table = Table(title=f"Priority {priority}: {name}", title_justify="left", header_style="bold", box=SIMPLE_HEAD)
        table.add_column("Annual report", no_wrap=True)
        table.add_column("Figure", overflow="fold")
        table.add_column("To", no_wrap=True)
        table.add_column("Printed", justify="right")
        table.add_column("Data", justify="right")
        table.add_column("", overflow="fold")
        for one in rows:
            said = one.contradiction if one.agrees else f"[bold red]not {one.printed}[/] {one.contradiction}"
            table.add_row(
                one.paragraph, one.what, f"{one.period_end:%b %Y}", one.printed, one.obtained or "\\[x]", said.strip()
            )
        console.print(table)
    wrong = [one for one in figures if not one.agrees]
    console.print(
        f"{len(figures)} printed figures were looked at; {len(figures) - len(wrong)} are what the data give, "
        f"{len(wrong)} are not.",
        highlight=False,
    )
    console.print("\nWhat the annual report says twice, and not alike:", style="bold")
    for told in contradictions():
        console.print(f"{told['contradiction_id']} ({told['paragraph']}): {told['finding']}", highlight=False)
