"""How figures are computed: which series each source brings, and what an indicator makes of them, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import polars as pl

from expectations.source import Source
from expectations.verdicts import in_words
from transforms.conforming import special
from transforms.records import carried_by_records

OVER = {
    "flow": "Added over the {}.",
    "snapshot": "As it stands at the end of the {}.",
    "distinct": "Each counted once in the {}.",
}
PEOPLE = {"all": "Residents", "F": "Women", "M": "Men"}


def series(source: type[Source]) -> set[tuple[str, str]]:
    """Return the series (subject, measure) that a source can bring; none for one of reference figures."""
    if source.loads == "fact_offences":
        codes = [getattr(source.fields[name], "codes", {}) for name in ("offence_id", "measure_id")]
        pairs = pl.DataFrame(list(product(*codes)), schema=["offence_id", "measure_id"], orient="row")
        return set(special(source)(pairs).rows())
    if source.loads == "fact_referrals":
        return set(carried_by_records(source))
    return {(source.service, measure["measure_id"]) for measure in source.counts()}


@dataclass(frozen=True)
class Words:
    """The names by which series are told.

    Attributes:
        subjects: name of each offence and service.
        measures: row of the code list of each measure.
    """

    subjects: Mapping[str, str]
    measures: Mapping[str, Mapping[str, str]]

    def computed(self, indicator: Mapping[str, Any], *, span: str = "12 months", part: str = "") -> str:
        """Return how an indicator is computed.

        Args:
            indicator: its row of `dim_indicator`.
            span: what it is computed over, such as `12 months to March 2020`.
            part: the one value of its breakdown that is asked for, in words.
        """
        breakdown = in_words([one for one in indicator["breakdowns"] if one != "all"] or [""])
        only = part or in_words(indicator["only_values"] or [""])
        which = f"{breakdown}: {only}" if only else f"each {breakdown}" if breakdown else ""
        also = ", and all together" if breakdown and not only and "all" in indicator["breakdowns"] else ""
        subjects = [indicator["numerator_subject"], indicator["denominator_subject"] or indicator["numerator_subject"]]
        top = self._series(subjects[0], indicator["numerator_measure"], f"{which}{also}")
        bottom = self._divisor(indicator, subjects, breakdown, which)
        times = (
            f" \N{MULTIPLICATION SIGN} {indicator['scale']:,}"
            if indicator["scale"] != 1 and indicator["presents"] == "level"
            else ""
        )
        formula = f"{top}{bottom and f' ÷ {bottom}'}{times}"
        told = {"change": f"Percentage change on the year before of {formula}", "rank": f"Rank by {formula}"}
        over = self._over(indicator, span)
        least = indicator["least_base"]
        empty = f" Empty where the divisor is below {least}." if least else ""
        return f"{told.get(indicator['presents'], formula)}. {over}{empty}"

    def _series(self, subject: str, measure: str, which: str = "", *, named: bool = True) -> str:
        """Return a series by name; the subject is said once where numerator and denominator share it."""
        said = self.measures[measure]["measure_name"]
        return f"{f'{self.subjects[subject]}: ' if named else ''}{said}{f' ({which})' if which else ''}"

    def _divisor(self, indicator: Mapping[str, Any], subjects: list[str], breakdown: str, which: str) -> str:
        """Return what is divided by; "" where nothing is."""
        if indicator["population_series"]:
            ages = "of all ages" if indicator["population_ages"] == "all" else f"aged {indicator['population_ages']}"
            people = PEOPLE[indicator["population_sex"]]
            return f"{people} {ages} ({indicator['population_series']}, the latest mid-year by then)"
        if indicator["denominator_days"]:
            return "number of days"
        if indicator["denominator_subject"]:
            of = {"same": which, "known": f"{breakdown} known"}.get(indicator["denominator_breakdown"], "")
            measure, named = indicator["denominator_measure"], subjects[0] != subjects[1]
            return self._series(subjects[1], measure, of, named=named)
        constant = indicator["denominator_constant"]
        return str(constant) if constant != 1 else ""

    def _over(self, indicator: Mapping[str, Any], span: str) -> str:
        """Return how the months make the span; for each of the two series where they differ."""
        counted = [indicator["numerator_measure"], indicator["denominator_measure"] or indicator["numerator_measure"]]
        ways = dict.fromkeys(self.measures[measure]["additivity"] for measure in counted)
        return " ".join(OVER[way].format(span) for way in ways)
