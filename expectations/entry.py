"""Entry: how a cell of a column is filled in by hand, for the workbooks that are sent out."""

from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class Entry:
    """What a spreadsheet offers for a cell, and what it lets in.

    Attributes:
        kind: what is typed; a `number` is whole, and a `month` is a date that is the first of its month.
        low: the lowest number or the earliest date.
        high: the highest number; a date is never after today.
        choices: what can be chosen from a list.
        strict: whether anything else is refused as it is typed; it is still said to be unusual where it is not.
    """

    kind: Literal["text", "number", "decimal", "date", "month"] = "text"
    low: int | date | None = None
    high: int | None = None
    choices: tuple[str, ...] = ()
    strict: bool = True
