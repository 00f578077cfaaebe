"""Personal data: columns and cells that look like it, beyond what a source declares (R-Y01).

A return holds counts, or records by reference. Who a person is, where they live and how they are reached is needed for
no figure, and what nobody asked for nobody may hold: such a file stays outside. What is looked for, and why:

- names, initials and aliases say who it is, and so does a column that is called "Client" alone;
- a date of birth, address or postcode singles a person out beside an age band and a referral date;
- NHS, passport and National Insurance numbers, e-mail addresses and telephone numbers lead to one person;
- free text holds all of these sooner or later.

Columns that a source declares are not looked at, but for free text.
"""

import re

import polars as pl

from expectations.fields import normal

PERSON = (
    r"(clients?|victims?|survivors?|perpetrators?|offenders?|suspects?|child(ren)?|persons?|patients?|service users?"
    r"|mothers?|fathers?|parents?|partners?|tenants?|residents?|contacts?)"
)
NUMBER = r"(no|nos|num|number|numbers)"
HEADERS = re.compile(
    "|".join(
        (
            # Names
            rf"^names?$|\bnames? of (the |your )?{PERSON}\b|\b{PERSON} s? ?names?\b|\b{PERSON} ?(fore|sur)names?\b",
            r"\b(fore|sur|first|last|middle|full|maiden|given|family|known by|preferred|christian) ?names?\b",
            r"^initials$|\binitials of\b|\b(alias|aliases|aka|nickname)\b",
            r"^(the )?(client|victim|survivor|perpetrator|offender|suspect|child|patient|service user)$",
            # Birth
            r"\b(dob|date of birth|birth ?dates?|birth ?days?|born|(place|year|month) of birth)\b",
            # Where they live
            r"\b(addr|address|addresses|post ?codes?|postal code|zip code|uprn)\b",
            r"^street( name)?$|\bhouse (no|number|name)\b",
            # Numbers that lead to one person
            rf"\b(nhs( {NUMBER})?|passport|national insurance|ni {NUMBER}|nino|driving licen[cs]e)\b",
            # How they are reached
            rf"\b(tel|telephone|phone|mobile|landline|fax)( (phone|home|work|{NUMBER}|\d))*$",
            rf"\be ?mails?( address(es)?)?( \d)?$|\bcontact ({NUMBER}|details?)\b",
            # Free text
            r"\b(notes?|comments?|narratives?|remarks?|free ?text|case (summary|summaries|history)|observations?)\b",
            r"^(?!.*\b(offence|crime|measure|code|area|service|course|indicator|category|type)\b)"
            r".*\b(details?|descriptions?)\b",
        )
    )
)
# In a cell, each as it is said; every pattern is of a cell without dates, which have as many digits as a telephone.
DATES = re.compile(r"\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b")
EMAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[a-z]{2,}", re.IGNORECASE)
POSTCODE = re.compile(
    r"\b(?:[BEGLMNSW]|[A-PR-UWYZ][A-HK-Y])\d[\dA-HJKPSTUW]? ?\d[ABD-HJLNP-UW-Z]{2}\b|\bGIR ?0AA\b", re.IGNORECASE
)
TELEPHONE = re.compile(r"(?<![\d.])(?:(?:\+|00)44[ ()]*0?|\(?0)([1-35789][\d ()-]{7,13}\d)(?![\d.])")
MOBILE_WITHOUT_ITS_ZERO = re.compile(r"7[1-9]\d{8}")
NHS_NUMBER = re.compile(r"(?<!\d)([34679]\d{2})[ -]?(\d{3})[ -]?(\d{4})(?!\d)")
# Most cells hold none of these, and a long column is asked this alone.
MAYBE = r"@|\d[a-zA-Z]{2}\b|\d(?:[ ()-]*\d){8}"


def is_personal(header: str) -> bool:
    """Return whether a header looks like that of a column of personal data; "D.O.B." is DOB, and "E-mail" e mail."""
    plain = re.sub(r"[^\w\s]", " ", re.sub(r"[.'\u2019]", "", normal(header)))
    return HEADERS.search(" ".join(plain.split())) is not None


def personal_values(frame: pl.DataFrame) -> dict[str, str]:
    """Return the columns of text in which a cell looks like personal data, and what it looks like, in words.

    Args:
        frame: the columns to look through.
    """
    found = {name: _kind(frame[name]) for name, kind in frame.schema.items() if kind == pl.String}
    return {name: kind for name, kind in found.items() if kind}


def _kind(column: pl.Series) -> str | None:
    """Return what the first telling cell of a column looks like."""
    distinct = column.unique()
    return next(filter(None, map(_looks_like, distinct.filter(distinct.str.contains(MAYBE)).to_list())), None)


def _looks_like(cell: str) -> str | None:
    text = DATES.sub(" ", cell)
    if EMAIL.search(text):
        return "an e-mail address"
    if POSTCODE.search(text):
        return "a postcode"
    if any(_is_nhs_number("".join(digits)) for digits in NHS_NUMBER.findall(text)):
        return "an NHS number"
    numbers = (re.sub(r"\D", "", number) for number in TELEPHONE.findall(text))
    if MOBILE_WITHOUT_ITS_ZERO.fullmatch(text.strip()) or any(len(number) in (9, 10) for number in numbers):
        return "a telephone number"
    return None


def _is_nhs_number(digits: str) -> bool:
    """Return whether the last of ten digits is the check digit of the others."""
    return sum(weight * int(digit) for weight, digit in zip(range(10, 0, -1), digits, strict=True)) % 11 == 0
