"""A source with a row for each person, for the tests of what is done with such sources."""

from expectations.areas import BOROUGHS
from expectations.fields import Code, Day, Month
from expectations.people import Reference
from expectations.source import Agency, Source

HESTIA = Agency("HESTIA", "Hestia", "provider")


class ReferralsForTests(Source):
    """Referrals, one row each."""

    title = "Referrals, for tests"
    supplier = HESTIA
    service = "IDVA"
    arrives = "monthly"
    loads = "fact_referrals"
    key = ("referral_id", "month")
    slices = ("area_code", "month")
    vintage = "drawn_on"
    records_kept_months = 36

    referral_id = Reference("Referral reference")
    person_pseudonym = Reference("Person reference", required=False)
    service_id = Code("Service", codes={"IDVA": ["IDVA"]})
    supplier_id = Code("Supplier", codes={"HESTIA": ["Hestia"]})
    referrer_id = Code("Referrer", codes={"UNKNOWN": ["Unknown"]})
    area_code = Code("Area code", codes={code: [code] for code in BOROUGHS})
    month = Month("Month")
    drawn_on = Day("Drawn on", loaded=False)
