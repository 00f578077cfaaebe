"""Checking papers: a draft report, figure by figure, beside what is published."""

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flows.home import Home
from flows.papers.lexicon import lexicon
from flows.report import exact_value
from transforms.papers.about import about
from transforms.papers.binding import bind
from transforms.papers.bound import Bound, Meaning
from transforms.papers.checking import check
from transforms.papers.figures import Figure
from transforms.papers.lexicon import Lexicon
from transforms.papers.passage import Passage
from transforms.papers.periods import Period, twelve_months_to
from transforms.papers.reading import read_paper
from transforms.papers.verdicts import Checked, Key, Known, Printed, Series
from warehouse import open_published
from warehouse.papers import printed

RIGHT, SKIP = "right", "skip"
COLUMNS = (
    "place", "figure", "sentence", "verdict", "says", "published", "indicator_id", "breakdown", "breakdown_value",
    "period_end", "answer",
)  # fmt: skip
#: An indicator that is not published for the borough is read for the police command that names it as a part.
_FIGURES = """
    FROM rolling_12m
    SEMI JOIN (
        SELECT indicator_id, arg_max(area_code, area_code = $area) AS area_code
        FROM rolling_12m
        JOIN dim_area USING (area_code)
        WHERE area_code = $area
            OR area_type = 'command'
            AND contains(dim_area.area_name, (SELECT area_name FROM dim_area WHERE area_code = $area))
        GROUP BY indicator_id
    ) USING (indicator_id, area_code)
"""


class AnswersWrong(Exception):
    """Answers about a paper that cannot be used."""


@dataclass(frozen=True)
class Paper:
    """A paper with what was found of each of its figures.

    Attributes:
        path: the file.
        sha256: its hash.
        about: the 12 months that it is about.
        passages: what it says.
        checked: its figures, in order.
        false_alarms: those that would be wrong, and that somebody answered are right.
        answers: what somebody answered of each figure that is checked.
        skipped: the rows of the answers whose figures are none of ours.
        as_of: what it was checked against: the figures as they were known then, UTC.
    """

    path: Path
    sha256: str
    about: Period
    passages: Sequence[Passage]
    checked: Sequence[Checked]
    false_alarms: Sequence[Checked]
    answers: Mapping[Figure, str]
    skipped: Sequence[Mapping[str, str]]
    as_of: datetime

    @property
    def wrong(self) -> list[Checked]:
        """What has to be put right."""
        return [one for one in self.checked if one.verdict.is_wrong and one not in self.false_alarms]

    @property
    def counts(self) -> dict[str, int]:
        """How many figures have each verdict, the commonest first, and how many alarms were false."""
        counted = Counter(str(one.verdict) for one in self.checked if one not in self.false_alarms)
        return {**dict(counted.most_common()), "false alarms": len(self.false_alarms)}

    def as_dict(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return {
            "paper": self.path.name,
            "about": self.about.end,
            "as_of": self.as_of,
            "counts": self.counts,
            "figures": [{**row_of(one), "is_false_alarm": one in self.false_alarms} for one in self.checked],
        }


def check_paper(home: Home, path: Path, answers: Path | None = None) -> Paper:
    """Return a paper with what is found of each of its figures.

    Args:
        home: whose published figures it is checked against.
        path: a DOCX, PDF, HTML, Markdown or plain text file.
        answers: the table of an earlier check, with what somebody answered in it.

    Raises:
        NotReadable: if the paper cannot be read.
        AnswersWrong: if the answers cannot.
        FileNotFoundError: if there is no paper.
        NothingPublished: if nothing has been published yet.
    """
    passages = read_paper(path)
    series, as_of = published_series(home)
    words = lexicon((key[1], key[2]) for key in series if key[1] != "all")
    spoken_of = about(passages, words, series) or twelve_months_to(max(_ends(series), default=as_of.date()))
    given = _read(answers) if answers else []
    bound, answered, skipped = _answered(bind(passages, words, spoken_of), given, words)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    checked = check(bound, series, _printed_before(home, sha256))
    false_alarms = [one for one in checked if one.verdict.is_wrong and answered.get(one.figure) == RIGHT]
    return Paper(path, sha256, spoken_of, passages, checked, false_alarms, answered, skipped, as_of)


def _printed_before(home: Home, own: str) -> list[Printed]:
    """Return what the register has of other reports than the one with this hash."""
    with home.open() as connection:
        rows = [row for row in printed(connection) if row["indicator_id"] and row["sha256"] != own]
    return [
        Printed(
            row["paper"],
            row["place"],
            row["printed"],
            (row["indicator_id"], row["breakdown"], row["breakdown_value"]),
            row["period_end"],
        )
        for row in rows
    ]


def rows_of(paper: Paper) -> list[Mapping[str, str]]:
    """Return the rows of the table of a paper, with what was answered before; those to be skipped come last."""
    return [*({**row_of(one), "answer": paper.answers.get(one.figure, "")} for one in paper.checked), *paper.skipped]


def row_of(one: Checked) -> dict[str, str]:
    """Return a figure as a row of the table."""
    figure, meaning = one.figure, one.meaning
    return {
        "place": figure.passage.place,
        "figure": figure.text,
        "sentence": sentence_of(figure),
        "verdict": str(one.verdict),
        "says": " ".join(finding.says for finding in one.findings),
        "published": one.published,
        "indicator_id": meaning.told.indicator_id if meaning else "",
        "breakdown": meaning.breakdown if meaning else "",
        "breakdown_value": meaning.value if meaning else "",
        "period_end": str(one.bound.period.end) if meaning else "",
        "answer": "",
    }


def sentence_of(figure: Figure) -> str:
    """Return the sentence in which a figure stands; it never begins as a formula would in a spreadsheet."""
    return figure.passage.said_in(figure.passage.sentence(figure.span)).strip(" •|=+@-")


def published_series(home: Home) -> tuple[Series, datetime]:
    """Return what is published of the borough, and as of when it was known."""
    with open_published(home.published) as published, published.at_once() as connection:
        rows = connection.execute(_FIGURES, {"area": home.area}).pl().iter_rows(named=True)
        series: dict[Key, dict[date, Known]] = defaultdict(dict)
        for row in rows:
            key = (row["indicator_id"], row["breakdown"], row["breakdown_value"])
            known = Known(exact_value(row), row["numerator"], row["denominator"], row["reason"] or "")
            series[key][row["period_end"]] = known
        (as_of,) = connection.execute("SELECT as_of FROM run").fetchall()[0]
    return series, as_of


def _ends(series: Series) -> Iterator[date]:
    return (end for windows in series.values() for end, known in windows.items() if known.exact is not None)


def _read(answers: Path) -> list[dict[str, str]]:
    """Return the rows of a table of figures, as an earlier check wrote it and somebody answered in it."""
    with answers.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines)
        rows = list(table)
    missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
    wrong = sorted({row["answer"] for row in rows if not missing} - {"", RIGHT, SKIP})
    if missing or wrong:
        why = f"the answer {wrong[0]!r} is none" if wrong else f"it lacks {', '.join(missing)}"
        raise AnswersWrong(
            f"{answers.name} cannot be used: {why}. Give the table that `vawg check-report` wrote, with "
            f"`{RIGHT}`, `{SKIP}` or nothing in its last column."
        )
    return rows


def _answered(
    bound: Iterable[Bound], rows: list[dict[str, str]], words: Lexicon
) -> tuple[list[Bound], dict[Figure, str], list[dict[str, str]]]:
    """Return figures bound as somebody answered, without those to be skipped; their answers; and what is skipped."""
    waiting: dict[tuple[str, str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        waiting[row["place"], row["figure"], row["sentence"]].append(row)
    kept, answers, skipped = [], {}, []
    for one in bound:
        asked = waiting.get((one.figure.passage.place, one.figure.text, sentence_of(one.figure)), [])
        answer = asked.pop(0) if asked else dict.fromkeys(COLUMNS, "")
        if answer["answer"] == SKIP:
            skipped.append(answer)
            continue
        kept.append(_as_answered(one, answer, words) if answer["indicator_id"] else one)
        answers[one.figure] = answer["answer"]
    return kept, answers, skipped


def _as_answered(one: Bound, row: dict[str, str], words: Lexicon) -> Bound:
    """Return a figure as a row of the answers binds it."""
    told = next((told for told in words.indicators if told.indicator_id == row["indicator_id"]), None)
    if told is None:
        raise AnswersWrong(
            f"There is no indicator {row['indicator_id']} (figure {row['figure']}, {row['place']}). "
            "`vawg dictionary` has those that there are."
        )
    try:
        end = date.fromisoformat(row["period_end"])
    except ValueError:
        raise AnswersWrong(
            f"{row['period_end']!r} is no day (figure {row['figure']}, {row['place']}). "
            "Give the last day of the 12 months, such as 2020-03-31."
        ) from None
    meaning = Meaning(told, row["breakdown"] or "all", row["breakdown_value"] or "all", cost=0.0)
    period = one.period if one.period.end == end else twelve_months_to(end)
    return replace(one, meanings=(meaning,), period=period, is_elsewhere=False)
