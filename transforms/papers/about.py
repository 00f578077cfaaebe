"""About: which 12 months a paper is about, where its figures name none of their own."""

from collections.abc import Sequence

from transforms.papers.binding import bind
from transforms.papers.checking import check
from transforms.papers.lexicon import Lexicon
from transforms.papers.passage import Passage
from transforms.papers.periods import Period, spoken_of
from transforms.papers.verdicts import Series, Verdict


def about(passages: Sequence[Passage], lexicon: Lexicon, series: Series) -> Period | None:
    """Return the 12 months that a paper names often, and for which most of its figures are right; None for none.

    Args:
        passages: the paper.
        lexicon: how papers call things.
        series: what is published.
    """
    likely = spoken_of(one.text for one in passages)
    if len(likely) < 2:
        return next(iter(likely), None)

    def right(period: Period) -> int:
        return sum(one.verdict is Verdict.RIGHT for one in check(bind(passages, lexicon, period), series))

    return max(likely, key=right)
