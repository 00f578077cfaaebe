"""SRC-12: training and awareness events."""

from expectations.agencies import AGENCIES
from expectations.fields import Code, Count, Day, Kind, Text, month_of
from expectations.periods import StatedPeriod
from expectations.source import Due, Source


class Training(Source):
    """Training courses and awareness events, one row per event, course and kind of agency.

    An event counts in the month of its date, so in the financial year of its date. An attendance is a person at an
    event; the same person at two events is two.
    """

    title = "Training and events"
    supplier = AGENCIES["BARNET_COUNCIL"]
    service = "TRAINING"
    arrives = Due("quarter", working_day=10)
    loads = "fact_return_counts"
    key = ("held_on", "measure_id", "course", "agency_type")
    slices = ("month",)
    vintage = "prepared_on"

    period = StatedPeriod("Period", "Period covered", says="The months that the list is complete for.")
    prepared_on = Day("Prepared on", above=True, required=False, loaded=False, says="When the list was drawn up.")
    held_on = Day("Event date", "Date", loaded=False, says="When the event was held.")
    month = month_of("held_on")
    measure_id = Code(
        "Activity",
        codes={
            "training_attendances": ["Training", "Course"],
            "awareness_participants": ["Awareness event", "Event"],
        },
        says="Training, or an event to raise awareness.",
    )
    course = Code(
        "Course",
        "Course title",
        codes={
            "MARAC": ["MARAC", "MARAC training"],
            "ONLINE": ["Online", "Online domestic abuse training", "E-learning"],
            "AWARENESS_EVENT": ["Awareness event", "Conference"],
            "OTHER": ["Other"],
        },
        divides="course",
        loaded=False,
        says="The course.",
    )
    form = Code(
        "Format",
        codes={"CLASSROOM": ["Classroom", "Face to face"], "ONLINE": ["Online", "Virtual"], "BLENDED": ["Blended"]},
        required=False,
        loaded=False,
        says="How it was held.",
    )
    value = Count(
        "Attendances",
        "Participants",
        "Number attended",
        at_most=10_000,
        kind=Kind.FLOW,
        unit="attendances",
        says="People who were there.",
    )
    agency_type = Text(
        "Agency type", "Agency", required=False, loaded=False, says="What kind of agency they came from."
    )
