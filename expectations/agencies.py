"""The agencies of the code list: who supplies, and who refers."""

from datetime import date

from expectations.codes import code_list
from expectations.source import Agency

AGENCIES: dict[str, Agency] = {
    one["agency_id"]: Agency(one["agency_id"], one["agency_name"], one["agency_type"], date(2010, 1, 1))
    for one in code_list("agency")
}

#: Each agency with the spellings of it that have been met, for a column that says who referred.
REFERRERS: dict[str, tuple[str, ...]] = {
    one["agency_id"]: (one["agency_name"], *filter(None, one["spellings"].split("|"))) for one in code_list("agency")
}

METROPOLITAN_POLICE = AGENCIES["METROPOLITAN_POLICE"]
