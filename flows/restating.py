"""Restating: what is held back from publication, and how somebody accepts it. Plain functions, no Prefect."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rich.console import Console

from flows.home import Home
from flows.outcomes import RULES, how_to_accept, restated_in_words
from warehouse import restating


def held_back(home: Home) -> list[dict[str, Any]]:
    """Return the submissions of which something is held back, the latest first, each with why in words (`said`)."""
    home.prepare()
    with home.open() as connection:
        return [{**one, "said": held_in_words(one)} for one in restating.waiting(connection)]


def accept(home: Home, submission_id: str, *, by: str, why: str) -> dict[str, Any]:
    """Record that somebody accepts what is held back of a submission; the next publication reads it.

    Returns:
        What was held back, as in `held_back`.

    Raises:
        NotSaid: if the name or the reason is blank.
        NothingHeld: if nothing of the submission is held back.
        WarehouseBusy: if another process holds the warehouse too long.
    """
    with home.open() as connection:
        accepted = restating.accept(connection, submission_id, by=by, why=why)
    return {**accepted, "said": held_in_words(accepted)}


def held_in_words(one: Mapping[str, Any]) -> str:
    """Return what is held back of a submission, and why, in a sentence or two.

    Args:
        one: a row of `warehouse.restating.waiting`.
    """
    parts = f"{one['slices']:,} {'part' if one['slices'] == 1 else 'parts'}"
    span = _span(one["first_month"], one["last_month"])
    because = "; ".join(RULES[rule] for rule in one["rules"])
    if one["window_end"]:
        example = restated_in_words(
            area_name=one["area_name"],
            series=one["series"],
            last_month=one["window_end"],
            was=one["window_was"],
            would_be=one["window_would_be"],
        )
    else:
        was, would_be = (
            f"{number:,}" if number is not None else "not known" for number in (one["was"], one["would_be"])
        )
        example = f"{one['area_name']}, {one['series']}, {one['month']:%b %Y}: {was} -> {would_be}"
    return f"{one['title']}: {parts} of {span}, because {because}. {example}."


def _span(first: date, last: date) -> str:
    return f"{first:%b %Y}" if first == last else f"{first:%b %Y} to {last:%b %Y}"


def show_held_back(held: Sequence[Mapping[str, Any]]) -> None:
    """Print what is held back, and the command that accepts it; nothing where nothing is."""
    if not held:
        return
    console = Console()
    console.print("Held back from publication; what was published before stands:", style="bold")
    for one in held:
        console.print(f"  - {one['said']}", highlight=False, markup=False, soft_wrap=True)
        console.print(f"    If it is right: {how_to_accept(one['submission_id'])}", highlight=False, soft_wrap=True)
