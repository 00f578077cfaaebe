"""Judging a file: everything between its bytes and its facts, with nothing loaded."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from secrets import token_bytes
from typing import Any

import polars as pl

from expectations.catalogue import catalogue
from expectations.corrections import Correction, in_force
from expectations.feedback import findings
from expectations.judging import judge
from expectations.people import Reference
from expectations.source import Source
from expectations.verdicts import Counts, FileRejected, Finding
from flows.keys import Keys
from transforms import conforming, recognising
from transforms.correcting import correction_findings
from transforms.facts import Facts, absent, facts, standing
from transforms.marking import Marks, marks
from transforms.pseudonyms import pseudonymised, without
from transforms.reading import grids, rows
from transforms.recognised import Recognised

ERASED = "erased at the person's request"


@dataclass(frozen=True)
class Judged:
    """What was decided about a file.

    Attributes:
        source: the source that it was recognised as, if it was.
        accepted: whether it is loaded.
        findings: what is to be said about it.
        received: rows below the header.
        rejected: rows in scope that are not loaded.
        duplicate: rows that repeat another.
        out_of_scope: reason -> rows.
        facts: what it brings, if it is accepted.
        suite_result: the result of Great Expectations, if it came to that.
        sheet: the sheet that was read, of a workbook.
        encoding: the encoding found, of a text file.
        marks: which cells are found fault with, if it came to that.
        read_from: what was read from where, in a sentence; "" where nothing was.
        standing: which rows each slice stands in, `slice_key, row`, if it is accepted.
        address: where its sender finds a row, if it came to that.
    """

    source: type[Source] | None
    accepted: bool
    findings: tuple[Finding, ...]
    received: int = 0
    rejected: int = 0
    duplicate: int = 0
    out_of_scope: dict[str, int] = field(default_factory=dict)
    facts: Facts | None = None
    suite_result: dict[str, Any] | None = None
    sheet: str | None = None
    encoding: str | None = None
    marks: Marks | None = None
    read_from: str = ""
    standing: pl.DataFrame | None = None
    address: Callable[[int], str] | None = None

    @property
    def may_be_personal(self) -> bool:
        """Whether the file is, or may be, about single people; what was refused before its rows were judged may be."""
        return self.source is None or self.source.record_level or self.suite_result is None

    @property
    def usable(self) -> int:
        """Rows that can be loaded."""
        return self.received - self.rejected - self.duplicate - sum(self.out_of_scope.values())

    def without(self, erased: Collection[str]) -> "Judged":
        """Return the same without the rows of pseudonyms that were erased, which are out of scope from then on."""
        kept, gone = without(self.facts, erased) if self.facts else (None, 0)
        return replace(self, facts=kept, out_of_scope={**self.out_of_scope, ERASED: gone}) if gone else self

    def counts(self, *, unchanged: int = 0) -> Counts:
        """Return what becomes of every row, given how many of the usable ones are held already."""
        return Counts(
            received=self.received,
            loaded=self.usable - unchanged,
            rejected=self.rejected,
            duplicate=self.duplicate,
            unchanged=unchanged,
            out_of_scope=sum(self.out_of_scope.values()),
        )


def judge_file(
    path: Path, area: str = "E09000003", keys: Keys | None = None, corrections: Sequence[Correction] = ()
) -> Judged:
    """Read, recognise, conform and judge a file, and turn its accepted rows into facts.

    Args:
        path: the file.
        area: the borough that a return is about, where no column says so.
        keys: the suppliers' keys; without them references become pseudonyms by a key that is thrown away, which does
            where nothing is loaded.
        corrections: the known faults of all sources.

    Raises:
        KeyMissing: if the file is about single people, and keys are given without its supplier's.
    """
    try:
        recognised = recognising.recognise(grids(path), catalogue().values())
        key = _key(recognised.source, keys)
        conformed = conforming.conform(
            recognised,
            rows(recognised.grid, recognised.header_row, recognised.unread),
            in_force(corrections, recognised.source, date.today()),
        )
    except FileRejected as refused:
        source = catalogue().get(refused.source or "")
        if source:
            _key(source, keys)
        return Judged(source, accepted=False, findings=refused.findings)
    return _judge_rows(recognised, conformed, area, key)


def _key(source: type[Source], keys: Keys | None) -> bytes:
    """Return the key that the references of a source become pseudonyms by."""
    return keys.of(source.supplier.agency_id) if keys and source.record_level else token_bytes()


def _judge_rows(recognised: Recognised, conformed: conforming.Conformed, area: str, key: bytes) -> Judged:
    """Judge the conformed rows of a recognised file."""
    source = recognised.source
    judgement = judge(source, conformed.rows)
    said = findings(
        source,
        judgement,
        cells=conformed.cells,
        headers=recognised.headers,
        sheet=recognised.grid.sheet,
        address=recognised.address,
        above=recognised.above,
    )
    accepted_rows = conformed.rows.filter(~pl.col("row").is_in(list(judgement.rejected)))
    accepted = judgement.accepted and not accepted_rows.is_empty() and not conformed.corrected.stale
    references = [name for name, field in source.read.items() if isinstance(field, Reference)]
    return Judged(
        source=source,
        accepted=accepted,
        findings=(
            *said,
            *recognising.warnings(recognised),
            *conforming.warnings(conformed, recognised.address),
            *correction_findings(source, conformed.corrected, recognised.address),
            *(absent(source, conformed.rows) if accepted else ()),
        ),
        received=conformed.received,
        rejected=len(judgement.rejected) if accepted else len(conformed.rows),
        duplicate=len(conformed.duplicate),
        out_of_scope=conformed.out_of_scope,
        facts=facts(source, pseudonymised(accepted_rows, references, key), area) if accepted else None,
        suite_result=judgement.result,
        sheet=recognised.grid.sheet,
        encoding=recognised.grid.encoding,
        marks=marks(recognised, judgement),
        read_from=recognised.read_from,
        standing=standing(source, accepted_rows, area) if accepted else None,
        address=recognised.address,
    )
