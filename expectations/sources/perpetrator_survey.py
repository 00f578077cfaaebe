"""SRC-08: the perpetrator programme's survey."""

from expectations.agencies import AGENCIES
from expectations.checks import NotAbove
from expectations.fields import Code, Count, Day, Kind
from expectations.periods import HalfYear
from expectations.source import Due, Source


class PerpetratorSurvey(Source):
    """Answers before and after the perpetrator programme, one row per question and wave.

    The after wave asks only those who are still there, so the two are not the same people; `paired` are those who
    answered both. A percentage is shown of ten answers or more, with how many those were.
    """

    title = "Perpetrator programme survey"
    supplier = AGENCIES["RISE"]
    service = "PERPETRATOR"
    arrives = Due("half-year", working_day=10)
    loads = "fact_return_counts"
    key = ("half_year", "question", "wave")
    slices = ("half_year",)
    vintage = "prepared_on"

    prepared_on = Day("Prepared on", above=True, required=False, loaded=False, says="When the figures were drawn up.")
    half_year = HalfYear("Half year", "Period", above=True, loaded=False, says="The half-year of the answers.")
    question = Code(
        "Question",
        codes={
            "STRATEGIES": ["Strategies", "Knows strategies to manage behaviour"],
            "IMPACT_ON_CHILDREN": ["Impact on children", "Understands the impact on children"],
        },
        divides="question",
        adds_up=False,
        loaded=False,
        says="What was asked.",
    )
    wave = Code(
        "Wave",
        codes={"pre": ["Pre", "Before"], "post": ["Post", "After"], "paired": ["Paired", "Both"]},
        prefixes=True,
        loaded=False,
        says="Before or after the programme, or those who answered both times.",
    )
    asked = Count("Asked", at_most=10_000, kind=Kind.FLOW, unit="people", required=False, says="People who were asked.")
    answered = Count("Answered", at_most=10_000, kind=Kind.FLOW, unit="people", says="People who answered.")
    yes = Count("Yes", "Agreed", at_most=10_000, kind=Kind.FLOW, unit="people", says="People who said yes.")

    answered_were_asked = NotAbove(
        "answered", "asked", sentence="more people answered than were asked.", fix="Check both columns."
    )
    yes_are_answers = NotAbove(
        "yes", "answered", sentence="more people said yes than answered.", fix="Check both columns."
    )
