"""How papers call things: put together from what the indicators, the code lists and the sources declare."""

from collections.abc import Iterable
from typing import Any

from expectations.catalogue import catalogue
from expectations.codes import code_list
from expectations.fields import Code
from transforms.papers.lexicon import Lexicon, Told
from warehouse.opening import indicators

#: Codes that papers do not name.
UNNAMED = {"all", "OTHER", "NOT_KNOWN", "UNKNOWN", "UNMAPPED", "NOT_APPLICABLE"}


def lexicon(divided: Iterable[tuple[str, str]]) -> Lexicon:
    """Return how papers call what is counted, of whom, and what it is divided by.

    Args:
        divided: every breakdown and value that is published.
    """
    named = {one["service_id"]: one["called"] for one in code_list("service")}
    named |= {one["offence_id"]: one["called"] for one in code_list("offence")}
    values: dict[str, dict[str, tuple[str, ...]]] = {}
    for breakdown, value in divided:
        if value not in UNNAMED:
            values.setdefault(breakdown, {})[value] = _called(breakdown, value)
    return Lexicon(
        tuple(_told(one) for one in indicators()),
        {subject: tuple(filter(None, names.split("|"))) for subject, names in named.items()},
        values,
    )


def _told(one: dict[str, Any]) -> Told:
    """Return an indicator as papers tell of it."""
    measure = one["denominator_measure"]
    return Told(
        indicator_id=one["indicator_id"],
        name=one["name"],
        subject=one["numerator_subject"],
        measure=one["numerator_measure"],
        base=f"{one['denominator_subject']}.{measure}" if measure else "",
        unit=one["unit"],
        presents=one["presents"],
        breakdowns=tuple(one["breakdowns"]),
        said=tuple(one["said"]),
    )


def _called(breakdown: str, value: str) -> tuple[str, ...]:
    """Return the names of a value of a breakdown: its code in words, and the spellings that its sources read."""
    names = {value.replace("_", " ").removesuffix("S")}
    for source in catalogue().values():
        for field in source.fields.values():
            if isinstance(field, Code) and breakdown in (field.divides, field.name, field.name.removesuffix("_id")):
                names |= {*field.codes.get(value, ())}
    return tuple(sorted(name for name in names if len(name) > 2))
