"""Bound figures: what each figure of a paper may be of, and of when."""

from dataclasses import dataclass

from transforms.papers.figures import Figure
from transforms.papers.lexicon import Told
from transforms.papers.passage import Span
from transforms.papers.periods import Period


@dataclass(frozen=True)
class Meaning:
    """What a figure may be a figure of.

    Attributes:
        told: the indicator.
        breakdown: what it is divided by, or `all`.
        value: the value of that, or `all`.
        cost: how far the words are that say so; the lower, the surer.
        span: where the value is mentioned; None for the undivided figure.
    """

    told: Told
    breakdown: str
    value: str
    cost: float
    span: Span | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """The indicator, the breakdown and the value."""
        return self.told.indicator_id, self.breakdown, self.value


@dataclass(frozen=True)
class Bound:
    """A figure and what it says.

    Attributes:
        figure: the figure.
        meanings: what it may be of, the likeliest first; empty where the words tell of no indicator.
        period: of when, as far as the paper says.
        is_compared: whether it is there for comparison with another figure, such as last year's.
        main: the figure that it is compared with, or of which it tells the change.
        is_elsewhere: whether it is another area's, such as a national one.
        is_told_again: whether it is a count that the next figure tells again as a percentage.
    """

    figure: Figure
    meanings: tuple[Meaning, ...]
    period: Period
    is_compared: bool = False
    main: "Bound | None" = None
    is_elsewhere: bool = False
    is_told_again: bool = False
