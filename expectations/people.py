"""Fields of records about people: references become pseudonyms, ages bands, and answers yes, no or not known."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from expectations.checks import Check, OddCell
from expectations.entry import Entry
from expectations.fields import DAY_STYLES, Code, Field, Reading, Text, normal_text, spelt
from expectations.verdicts import Verdict

NOT_KNOWN = "NOT_KNOWN"
UNKNOWN_WORDS = (
    r"n/?k|n/?a|not (known|recorded|stated|disclosed|applicable)|unknown|unrecorded|prefer not to say|declined"
)


class Reference(Text):
    """A reference of a case, person or household; it is loaded as a keyed pseudonym alone, and never echoed."""

    def __init__(self, *headers: str, **field: Any) -> None:
        """Make it personal: it is never echoed."""
        super().__init__(*headers, **{**field, "personal": True})
        self.matches = None

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return "a reference of your case system: no name, no date of birth"

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the reference in lower case and with single spaces, so that one person is one reference."""
        return text.str.replace_all(r"\s+", " ").str.to_lowercase()


class Flag(Field):
    """An answer: yes, no, or not known."""

    YES = r"y|yes|true|1|1\.0|x|✓|✔|☑|tick(ed)?"
    NO = r"n|no|false|0|0\.0|✗|✘|☐"
    readings = (Reading("not_known", spelt(UNKNOWN_WORDS)),)

    def __init__(self, *headers: str, **field: Any) -> None:
        """A blank is not known, unless the declaration asks for an answer."""
        super().__init__(*headers, **{"required": False, **field})

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return "Yes, No or Not known"

    @property
    def entry(self) -> Entry:
        """See `Field.entry`."""
        return Entry(choices=("Yes", "No", "Not known"))

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return true, false or null."""
        return pl.when(spelt(self.YES)(text)).then(True).when(spelt(self.NO)(text)).then(False)


BANDS = {"0-10": (0, 10), "11-20": (11, 20), "21-30": (21, 30), "31-40": (31, 40), "41-50": (41, 50), "51-60": (51, 60)}
OLDEST = "61+"
OLDEST_AGE = 110


BORN = Reading(
    "date", lambda text: pl.any_horizontal(text.str.to_date(one, strict=False).is_not_null() for one in DAY_STYLES)
)


class AgeBand(Field):
    """An age in years, which becomes a band of ten, or the band itself; not known where it is blank.

    Args:
        at_least: the youngest that can be, in years.
        at_most: the oldest.
    """

    readings = (BORN,)

    def __init__(self, *headers: str, at_least: int = 0, at_most: int = OLDEST_AGE, **field: Any) -> None:
        """Keep the range."""
        super().__init__(*headers, **{"required": False, **field})
        self.at_least = at_least
        self.at_most = at_most

    @property
    def expected(self) -> str:
        """See `Field.expected`."""
        return f"an age in years, {self.at_least} to {self.at_most}, a band such as 31-40 or {OLDEST}, or Not known"

    @property
    def entry(self) -> Entry:
        """See `Field.entry`."""
        return Entry(choices=(*self._bands(), "Not known"), strict=False)

    def _bands(self) -> list[str]:
        """Return the bands with an age in the range."""
        bands = {**BANDS, OLDEST: (61, OLDEST_AGE)}
        return [name for name, (low, high) in bands.items() if low <= self.at_most and high >= self.at_least]

    def typed(self, text: pl.Expr) -> pl.Expr:
        """Return the band; an age or band out of the range is not read."""
        years = _years(text)
        band = pl.lit(OLDEST)
        for name, (low, high) in BANDS.items():
            band = pl.when(years.is_between(low, high)).then(pl.lit(name)).otherwise(band)
        aged = pl.when(years.is_between(self.at_least, self.at_most)).then(band)
        spelt_so = {one: one for one in self._bands()} | {"61 and over": OLDEST, "over 60": OLDEST}
        written = (
            normal_text(text)
            .str.replace(r"\s*(-|\x{2013}|to)\s*", "-")
            .replace_strict(spelt_so, default=None, return_dtype=pl.String)
        )
        return (
            pl.when(text.is_null() | spelt(UNKNOWN_WORDS)(text))
            .then(pl.lit(NOT_KNOWN))
            .otherwise(pl.coalesce(aged, written))
        )

    def checks(self, verdict: Verdict) -> Iterator[Check]:
        """Add that no date of birth stands there: none may be sent (R-Y01)."""
        yield from super().checks(verdict)
        yield OddCell(
            self,
            Verdict.REJECT_FILE,
            BORN.state,
            "a date stands where an age is due, and a date of birth must not be sent.",
            "Replace it by the age in years; if it is a date of birth, tell your information governance lead.",
        )

    def beside(self, text: pl.Expr) -> dict[str, pl.Expr]:
        """Return the age in years, where it is one: rules may need it, and it is never loaded."""
        return {f"{self.name}__years": _years(text)}


def may_be_unknown(field: Field) -> bool:
    """Return whether a field asks for an answer about a person that may be not known."""
    return isinstance(field, Flag | AgeBand) or (isinstance(field, Code) and NOT_KNOWN in field.codes)


def _years(text: pl.Expr) -> pl.Expr:
    """Return an age that is written in years."""
    plain = normal_text(text).str.replace(r"\.0+$", "")
    return pl.when(plain.str.contains(r"^\d{1,3}$")).then(plain).cast(pl.Int64, strict=False)
