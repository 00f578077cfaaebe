"""Corrections: known faults in a provider's data, each with what is expected to be found, why and on whose word.

They are kept in one file of TOML that people review, such as

    [[correction]]
    id = "minerva-2019-q3-women"
    source = "refuge"
    where = { refuge = "Minerva House", quarter = "2019/20 Q3" }
    field = "women"
    expects = "51"
    becomes = "15"
    why = "Two digits changed places; the case system says 15."
    who = "Barnet Homes, by e-mail of 3 February 2020"
    since = 2020-02-03
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from expectations.source import Source

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


class CorrectionsWrong(Exception):
    """The file of corrections cannot be used; says everything at once."""


class Correction(BaseModel):
    """A known fault of a provider's data, and what stands there instead.

    Attributes:
        id: its name in findings.
        source: the source that it is about.
        where: field -> value, of the rows that it is about; no other row is looked at.
        field: the field that is wrong in them.
        expects: the faulty text; "" for a blank cell.
        becomes: the right text.
        why: what is wrong, and how that is known.
        who: who said so.
        since: since when it is known.
        until: the last day on which it is applied.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Words
    source: Words
    where: dict[str, Words]
    field: Words
    expects: str
    becomes: str
    why: Words
    who: Words
    since: date
    until: date | None = None


def load_corrections(file: Path, sources: Mapping[str, type[Source]]) -> tuple[Correction, ...]:
    """Return the corrections of a file; none where it is not there.

    Args:
        file: the file.
        sources: the declared sources, by name.

    Raises:
        CorrectionsWrong: listing everything that is wrong.
    """
    if not file.exists():
        return ()
    try:
        given = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorrectionsWrong(f"The corrections in {file} cannot be read: {error}.") from error
    wrong = [f"{name}: only [[correction]] can stand here" for name in given if name != "correction"]
    corrections: list[Correction] = []
    for number, entry in enumerate(_entries(given), start=1):
        try:
            corrections.append(Correction.model_validate(entry))
        except ValidationError as error:
            name = entry.get("id") if isinstance(entry, dict) and entry.get("id") else f"correction {number}"
            wrong += [f"{name}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
    wrong += [f"{one.id}: {said}" for one in corrections for said in _wrong(one, sources)]
    wrong += [f"{name}: stands there {times} times" for name, times in _ids(corrections).items() if times > 1]
    if wrong:
        raise CorrectionsWrong(f"The corrections in {file} are wrong:\n" + "\n".join(f"  - {one}" for one in wrong))
    return tuple(corrections)


def in_force(corrections: Iterable[Correction], source: type[Source], day: date) -> tuple[Correction, ...]:
    """Return the corrections of a source that are applied on a day."""
    return tuple(one for one in corrections if one.source == source.name and (one.until is None or day <= one.until))


def _entries(given: Mapping[str, Any]) -> list[Any]:
    entries = given.get("correction", [])
    return entries if isinstance(entries, list) else [entries]


def _ids(corrections: list[Correction]) -> Counter[str]:
    return Counter(one.id for one in corrections)


def _wrong(correction: Correction, sources: Mapping[str, type[Source]]) -> Iterator[str]:
    """Yield what a correction says that cannot be."""
    source = sources.get(correction.source)
    if source is None:
        yield f"there is no source {correction.source}; there are {', '.join(sources)}"
        return
    for name in (correction.field, *correction.where):
        if name not in source.read:
            yield f"{source.name} has no field {name}; it has {', '.join(source.read)}"
        elif source.read[name].personal:
            yield f"{name} is personal, and what is personal is neither corrected nor written down here"
    if not correction.where:
        yield "where must say which rows it is about"
    if correction.field in correction.where:
        yield f"{correction.field} cannot say which rows it is about, since it is what is corrected"
    if same_text(correction.expects) == same_text(correction.becomes):
        yield "expects and becomes are the same"
    if correction.until is not None and correction.until < correction.since:
        yield "until lies before since"


def same_text(text: str) -> str:
    """Return a text as corrections compare it: white space does not matter."""
    return " ".join(text.split())
