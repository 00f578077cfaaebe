"""Records: which measures the records of a source can be counted by."""

from expectations.codes import code_list
from expectations.source import Source


def carried_by_records(source: type[Source]) -> list[tuple[str, str]]:
    """Return the series (service, measure) that a source of records is complete for.

    A measure rests on a column of `fact_referrals`, which the code list of measures names.
    """
    columns = {*(name for name, field in source.fields.items() if field.loaded), *source.derived}
    return [
        (source.service, measure["measure_id"])
        for measure in code_list("measure")
        if measure["counted_from"] and measure["counted_from"] in columns
    ]
