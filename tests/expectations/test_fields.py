"""How each kind of field reads the text of a cell: None where it cannot be read."""

from datetime import date

import polars as pl
import pytest

from expectations.fields import Code, Count, Day, Field, Kind, Month, Text, normal, normal_text
from expectations.people import Reference


class Return:
    """Fields as a declaration has them."""

    text = Text("Remark", pattern_says="a remark")
    code = Code("Area", codes={"E1": ["Barnet", "LB Barnet"], "E2": ["Brent"]})
    count = Count("Count")
    day = Day("Date")
    month = Month("Month")


def read(field: Field, text: str | None) -> object:
    return pl.DataFrame({"text": [text]}, schema={"text": pl.String}).select(field.typed(pl.col("text"))).item()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("0", 0),
        ("12", 12),
        ("012", 12),
        ("12.0", 12),
        ("12.00", 12),
        ("1,234", 1234),
        ("1,234,567.0", 1234567),
        ("-3", -3),  # read, so that the range can say it is impossible
        ("2.5", None),
        ("12,34", None),
        ("1.234,0", None),
        ("<5", None),
        ("*", None),
        ("n/a", None),
        ("1e3", None),
        ("5 offences", None),
        ("£5", None),
        ("99999999999999999999", None),
        (None, None),
    ],
)
def test_a_count_is_a_whole_number_or_nothing(text: str | None, count: int | None) -> None:
    assert read(Return.count, text) == count


DATES = [
    ("2021-08-01", date(2021, 8, 1)),
    ("01/08/2021", date(2021, 8, 1)),
    ("1/8/2021", date(2021, 8, 1)),
    ("01.08.2021", date(2021, 8, 1)),
    ("01-08-2021", date(2021, 8, 1)),
    ("01.08.21", date(2021, 8, 1)),
    ("01/08/21", date(2021, 8, 1)),
    ("2021-08-01 00:00:00", date(2021, 8, 1)),
    ("01-08-21", None),  # the first or the twenty-first?
    ("21-08-01", None),
    ("01/08/0021", None),
    ("0021-08-01", None),
    ("01/08/202", None),
    ("31/02/2021", None),
    ("00/08/2021", None),
    ("2021-13-01", None),
    ("08/31/2021", None),
    ("44409", None),
    ("Aug-21", None),
    ("August 2021", None),
    ("", None),
    (None, None),
]


@pytest.mark.parametrize(("text", "day"), DATES)
def test_a_date_is_read_day_first_and_never_as_the_year_21(text: str | None, day: date | None) -> None:
    assert read(Return.day, text) == day
    assert read(Return.month, text) == day


@pytest.mark.parametrize("text", ["08/01/2021", "2021-01-08", "08.01.21", "31/08/2021"])
def test_a_month_is_its_first_day_so_that_month_first_dates_are_refused(text: str) -> None:
    assert read(Return.day, text) is not None
    assert read(Return.month, text) is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Barnet", "E1"),
        ("BARNET", "E1"),
        ("lb_barnet", "E1"),
        ("LB  Barnet", "E1"),
        ("Brent\xa0", "E2"),
        ("E1", None),  # a code is no spelling of itself unless it is declared
        ("Barnett", None),
        (None, None),
    ],
)
def test_a_code_is_known_by_every_declared_spelling(text: str | None, code: str | None) -> None:
    assert read(Return.code, text) == code


def test_text_is_left_as_it_is() -> None:
    assert read(Return.text, "Hackney; Café") == "Hackney; Café"


@pytest.mark.parametrize("text", ["Area code", " AREA_Code ", "area\xa0 code", "Area\n code"])
def test_headers_and_codes_are_compared_alike(text: str) -> None:
    assert normal(text) == "area code"
    assert pl.select(normal_text(pl.lit(text))).item() == "area code"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (Return.text, "a remark"),
        (Text("Remark"), "text"),
        (Return.code, "one of Barnet, Brent"),
        (Code("Area", codes={str(n): [f"A{n}"] for n in range(8)}), "one of A0, A1, A2, A3, A4, A5 and 2 more"),
        (Code("Area", codes={"E1": ["Barnet", "LB Barnet"]}), "Barnet"),
        (Code("Whom", codes={"A": ["Adult"], "Y": ["Young, at home"]}), "one of Adult; Young, at home"),
        (Code("Area", codes={"E1": ["E1"]}, codes_say="the code of a borough"), "the code of a borough"),
        (Count("Count"), "a whole number, 0 to 100,000,000"),
        (Count("Year", at_least=1981, at_most=2060), "a whole number, 1981 to 2060"),
        (Count("Sum", at_most=150), "a whole number, 0 to 150"),
        (Return.day, "a date such as 31/01/2024 or 2024-01-31, from 01/01/2010 to today"),
        (Return.month, "the first day of a month such as 01/01/2024 or 2024-01-01, from 01/01/2010 to today"),
    ],
)
def test_what_is_expected_can_be_said(field: Field, expected: str) -> None:
    assert field.expected == expected


@pytest.mark.parametrize(
    ("field", "fix"),
    [
        (Text("MARAC", says="The MARAC that met."), "Fill in the MARAC that met."),
        (
            Text("MARAC", says="The MARAC.", pattern_says="its name, such as Barnet"),
            "Fill in its name, such as Barnet.",
        ),
        (
            Reference("Case", says="Your reference."),
            "Fill in a reference of your case system: no name, no date of birth.",
        ),
        (Count("Year", at_most=150), "Fill in a whole number, 0 to 150."),
        (
            Count("Women", at_most=150, kind=Kind.FLOW),
            "Fill in a whole number, 0 to 150. Type 0 if there was none; otherwise type: not known.",
        ),
    ],
)
def test_what_to_do_about_a_blank_can_be_said(field: Field, fix: str) -> None:
    assert field.if_blank == fix


def test_small_letters_of_a_code_are_read_as_capitals() -> None:
    assert read(Text("Code", capitals=True), "e83001") == "E83001"
    assert read(Text("Remark"), "e83001") == "e83001"
