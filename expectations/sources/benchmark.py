"""SRC-15: figures that others publish, to compare with."""

from expectations.agencies import AGENCIES
from expectations.fields import Day, Number, Text
from expectations.periods import Span
from expectations.source import Source


class Benchmark(Source):
    """Published figures of other areas, one row per area, measure and period, each with its set of definitions.

    Figures of different sets of definitions are never compared: an incident of the Office for National Statistics
    excludes recorded crimes, and one of the police includes them.
    """

    title = "Benchmarks"
    supplier = AGENCIES["BARNET_COUNCIL"]
    arrives = "when one is published"
    loads = "benchmark"
    key = ("series", "area_name", "measure_id", "period")
    slices = ("series", "area_name", "measure_id", "period")

    area_name = Text("Area", says="The area, as the publisher names it.")
    measure_id = Text(
        "Measure",
        matches=r"[a-z][a-z0-9_]*",
        pattern_says="a code in lower case, such as repeat_cases_pct",
        example="repeat_cases_pct",
    )
    period = Span("Period", loaded=False, says="The period of the figure.")
    series = Text("Series", "Source", says="The publisher's name of the series.")
    definition_set = Text("Definition set", says="Whose definitions; figures of different sets are not compared.")
    value = Number("Value", says="The published figure.")
    unit = Text("Unit", required=False, says="Its unit.")
    url = Text("URL", required=False, says="Where it was published.")
    retrieved_on = Day("Retrieved on", required=False, says="When it was read there.")
