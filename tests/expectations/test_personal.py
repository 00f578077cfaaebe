"""Personal data is known by its header or by its cells, and figures are not taken for it."""

import polars as pl
import pytest

from expectations.personal import is_personal, personal_values


@pytest.mark.parametrize(
    "header",
    [
        "Name",
        "Surname",
        "Forename(s)",
        "First Name",
        "Client",
        "Victim name",
        "Victim's name",
        "victim_surname",
        "Name of child",
        "Initials",
        "DOB",
        "D.O.B.",
        "Date of Birth",
        "Victim DOB",
        "Birth date",
        "Addr",
        "Home address",
        "Post code",
        "Postcode",
        "NHS No.",
        "NHS number",
        "National Insurance Number",
        "Tel",
        "Tel. No.",
        "Mobile",
        "Mobile phone",
        "Contact number",
        "E-mail",
        "Email address",
        "Notes",
        "Case notes",
        "Comments",
        "Details of incident",
        "Narrative",
        "Case summary",
        "Description",
        "Remarks",
        "Free text",
        "Free-text",
    ],
)
def test_header_of_a_personal_column_is_known(header: str) -> None:
    assert is_personal(header)


@pytest.mark.parametrize(
    "header",
    [
        "Area name",
        "Ward name",
        "Name of service",
        "Practice",
        "Victims",
        "Clients",
        "Victim age",
        "Children",
        "Partner agency",
        "Telephone calls",
        "Emails sent",
        "Mobile clinics",
        "Crime type description",
        "Crime Subtype",
        "Refresh Date",
        "Borough_SNT",
        "FY_FYIndex",
        "Population",
        "Renamed",
        "Key stage",
        "Addressed needs",
    ],
)
def test_header_of_figures_is_not_taken_for_a_personal_one(header: str) -> None:
    assert not is_personal(header)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("robin@example.org", "an e-mail address"),
        ("Ask Robin <r.doe@mail.example.co.uk>.", "an e-mail address"),
        ("N12 8QY", "a postcode"),
        ("ec1a 1bb", "a postcode"),
        ("12 Acacia Avenue, NW46TA", "a postcode"),
        ("943 476 5919", "an NHS number"),
        ("9434765919", "an NHS number"),
        ("020 7946 0123", "a telephone number"),
        ("(020) 7946 0123", "a telephone number"),
        ("+44 7700 900123", "a telephone number"),
        ("+44 (0)7700 900123", "a telephone number"),
        ("07700900123", "a telephone number"),
        ("7700900123", "a telephone number"),
        ("call 0113 496 0123 after six", "a telephone number"),
    ],
)
def test_cell_that_leads_to_a_person_is_known(cell: str, kind: str) -> None:
    assert personal_values(pl.DataFrame({"0": ["Barnet", None, cell]})) == {"0": kind}


@pytest.mark.parametrize(
    "cell",
    [
        "Barnet",
        "Golders Green & Childs Hill",
        "E09000003",
        "E05013628",
        "E83001",
        "1,234,567",
        "395869",
        "9434765918",
        "0123456789012345",
        "2020-03-01 00:00:00",
        "01-04-2019 30-06-2019",
        "01/04/2019 to 30/06/2019",
        "0.123456789012",
        "2019/20 Q1",
        "H1 2019/20",
        "Q1 1st",
        "A1",
        "SO18",
        "@home",
        "5 @ 3",
        "#REF!",
        "CRIS 2401234/19",
    ],
)
def test_cell_of_figures_codes_and_dates_is_not_taken_for_a_person(cell: str) -> None:
    assert personal_values(pl.DataFrame({"0": [cell]})) == {}


def test_numbers_are_not_looked_at() -> None:
    assert personal_values(pl.DataFrame({"0": [9434765919]})) == {}
