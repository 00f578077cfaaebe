"""Deciding: what a person answers for is kept with name and reason, since the auditor will ask."""


class NotSaid(Exception):
    """It was not said who decides, or why."""


def answered_for(by: str, why: str) -> dict[str, str]:
    """Return the name and the reason of a decision, `decided_by` and `why`, without blanks around them.

    Raises:
        NotSaid: if either is blank.
    """
    if not by.strip() or not why.strip():
        raise NotSaid("Say who decides it (--by) and why (--why): the auditor will ask.")
    return {"decided_by": by.strip(), "why": why.strip()}
