"""Arriving: returns taken in as if on another day, for what is late and what is not."""

from datetime import datetime
from pathlib import Path

from flows.home import Home
from flows.ingesting import ingest_file
from flows.outcomes import Outcome

POLICE = "Month,Area code,Concept,Measure,Count,Extract date"
ONE_STOP_SHOP = "Month,Sessions,Attendances,Victims,Female victims,Male victims,Onward referrals to IDVA"
REFUGES = "Quarter,Refuge,Bed spaces,Households in,Women,Men,Trans adults,Children,Referrals,Turned away"
TRAINING = "Event date,Activity,Course,Format,Attendances,Agency type"


def arrive(home: Home, name: str, text: str, on: str) -> Outcome:
    """Take in a file as if it had come at noon of a day, or at an instant (UTC)."""
    folder = home.root / "sent" / on.replace(":", "")
    folder.mkdir(parents=True, exist_ok=True)
    path: Path = folder / name
    path.write_text(text, encoding="utf-8")
    outcome = ingest_file(home, path)
    at = datetime.fromisoformat(on if "T" in on else f"{on}T12:00")
    with home.open() as connection:
        for table, column in (("submission", "received_at"), ("slice", "loaded_at")):
            connection.execute(
                f"UPDATE {table} SET {column} = $at WHERE submission_id = $id",
                {"at": at, "id": outcome.submission_id},
            )
    return outcome


def police(*months: str, count: object = 100) -> str:
    """Return an extract of some months, such as 2020-05."""
    return "\n".join([POLICE, *(f"{month}-01,E09000003,DA_INCIDENT,incidents,{count},2020-12-01" for month in months)])


def one_stop_shop(*months: str, attendances: int = 40) -> str:
    """Return a return of some months, such as May 2020."""
    return "\n".join([ONE_STOP_SHOP, *(f"{month},4,{attendances},35,33,2,9" for month in months)])


def refuges(quarter: str, *names: str, women: int = 4) -> str:
    """Return a return of some refuges."""
    return "\n".join([REFUGES, *(f"{quarter},{name},6,4,{women},0,0,3,10,2" for name in names)])


def training(period: str, *days: str) -> str:
    """Return a return of a stated quarter, with an event on each of some days."""
    return "\n".join([f"Period,{period}", TRAINING, *(f"{day},Training,MARAC,Classroom,20,Health" for day in days)])
