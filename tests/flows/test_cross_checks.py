"""Rules across returns fire on what is loaded: files that do not agree are taken in, and it is said."""

import json
from collections.abc import Sequence

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.home import Home
from flows.ingesting import ingest
from flows.keys import new_keys
from flows.refreshing import refresh_and_publish
from warehouse import open_published

QUARTERS = [
    "2018/19 Q1",
    "2018/19 Q2",
    "2018/19 Q3",
    "2018/19 Q4",
    "2019/20 Q1",
    "2019/20 Q2",
    "2019/20 Q3",
    "2019/20 Q4",
]
MARAC = "Case reference,Meeting date,Outcome of screening,Children in household"
RETURN = (
    "MARAC Name,Meeting date,Cases discussed,Police,IDVA,Children's Social Care,Primary Care Service,"
    "Secondary Care/ Acute trust,Education,Housing,Mental Health,Probation,Voluntary Sector,Substance Abuse,"
    "Adult Social Care,MASH,Other"
)


@pytest.fixture
def keyed(home: Home) -> Home:
    """Return a home with the keys of the suppliers of records."""
    new_keys(home.key_file, ["HESTIA", "SOLACE", "RISE"])
    return Home(home.root).prepare()


def said(home: Home, **files: Sequence[str]) -> set[tuple[str, str]]:
    """Take in files, publish, and return what the rules say of them."""
    for name, lines in files.items():
        (home.landing / f"{name}.csv").write_text("\n".join([*lines, ""]), encoding="utf-8")
    outcomes = ingest(home, [home.landing])
    assert {one.status for one in outcomes} == {"accepted"}, [str(one.findings) for one in outcomes]
    with open_published(refresh_and_publish(home).database) as published:
        return {(rule, text) for rule, text in published.sql("SELECT rule, said FROM cross_check").rows()}


def table(home: Home, query: str) -> list[tuple[object, ...]]:
    with open_published(home.published) as published:
        return published.sql(query).rows()


def test_the_case_list_is_read_and_the_return_that_differs_is_reported_and_never_added(keyed: Home) -> None:
    cases = [f"A{number},10/04/2019,Heard,0" for number in range(3)]
    found = said(keyed, cases=[MARAC, *cases], marac=[RETURN, "Barnet,10/04/2019,4,4" + ",0" * 13])
    assert found == {
        (
            "sources_agree",
            "Cases heard (Multi-agency risk assessment conference), 1 April 2019 to 30 April 2019: "
            '"MARAC case list" has 3, and "MARAC return to SafeLives" has 4.',
        )
    }
    where = "subject_id = 'MARAC' AND measure_id = 'cases'"
    assert table(keyed, f"SELECT value, source FROM monthly_measure WHERE {where} AND breakdown = 'all'") == [
        (3, "marac_cases")
    ]
    assert sorted(table(keyed, f"SELECT source, is_read FROM source_of_truth WHERE {where}")) == [
        ("marac_cases", True),
        ("marac_return", False),
    ]


def test_the_return_is_read_where_there_is_no_list(keyed: Home) -> None:
    assert said(keyed, marac=[RETURN, "Barnet,10/04/2019,4,4" + ",0" * 13]) == set()
    assert table(
        keyed, "SELECT value, source FROM monthly_measure WHERE measure_id = 'cases' AND breakdown = 'all'"
    ) == [(4, "marac_return")]


def test_breakdown_that_does_not_make_its_whole_is_reported(keyed: Home) -> None:
    header = "Quarter,Measure,Breakdown,Value,Count"
    rows = [
        "Referrals,All,all,148",
        *(f"Referrals,Source of referral,{name},{n}" for name, n in (("Police", 100), ("Self", 47))),
    ]
    found = said(keyed, idva=[header, *(f"2019/20 Q1,{row}" for row in rows)])
    assert found == {
        (
            "breakdowns_make_the_whole",
            "Referrals (Independent domestic violence advocacy) by referrer: the parts make 147, and the whole is 148.",
        )
    }


def test_part_above_its_whole_over_twelve_months_is_reported(keyed: Home) -> None:
    months = [f"2019-{month:02}-10" for month in range(4, 13)] + [f"2020-{month:02}-10" for month in range(1, 4)]
    header = "Referral reference,Referral date,Client group,Assessed,Started,Completed"
    referrals = [f"R{n},{day},Adult male,{day},{day}," for n, day in enumerate(months)]
    # Referred in the year before, and assessed in this one.
    before = ["B1,2019-03-01,Adult male,2019-05-01,,"]
    found = said(keyed, programme=["Period,March 2019 to March 2020", header, *before, *referrals])
    assert (
        "parts_are_within_the_whole",
        "Perpetrator programme assessed (13) is more than Perpetrator programme referrals (12), which contains it.",
    ) in found


def test_figure_that_is_exactly_the_one_of_the_year_before_is_reported(keyed: Home) -> None:
    rows = [f"{quarter},20,15" for quarter in QUARTERS]
    found = said(keyed, sanctuary=["Quarter,Homes assessed,Homes secured", *rows])
    assert found == {
        (
            "carried_over",
            "Homes secured by the Sanctuary scheme is 60, exactly as in the year before: "
            "it may have been carried over.",
        )
    }


def test_quarter_that_is_missing_between_two_is_reported_and_not_read_as_zero(keyed: Home) -> None:
    rows = [f"{quarter},20,{10 + n}" for n, quarter in enumerate(QUARTERS) if quarter != "2019/20 Q2"]
    found = said(keyed, sanctuary=["Quarter,Homes assessed,Homes secured", *rows])
    missing = "Sanctuary scheme has sent nothing for July 2019 to September 2019, though something for later."
    assert found == {("no_period_is_missing", missing)}
    march = "indicator_id = 'SANCT_HOMES' AND period_end = '2020-03-31'"
    assert table(keyed, f"SELECT display, reason FROM rolling_12m WHERE {march}") == [
        ("[x]", "Only 9 of the 12 months are covered.")
    ]


def test_persons_are_not_added_up_over_returns(keyed: Home) -> None:
    header = "Quarter,Measure,Breakdown,Value,Count"
    rows = [f"{quarter},New service users,All,all,100" for quarter in QUARTERS[:4]]
    said(keyed, idva=[header, *rows])
    march = "indicator_id = 'IDVA_NEW' AND period_end = '2019-03-31'"
    assert table(keyed, f"SELECT display, reason FROM rolling_12m WHERE {march}") == [
        ("[x]", "Persons cannot be added up over several returns; their records are needed to count them again.")
    ]


def test_what_does_not_agree_is_printed_after_the_figures(keyed: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["Quarter,Homes assessed,Homes secured", *(f"{quarter},20,15" for quarter in QUARTERS)]
    (keyed.landing / "sanctuary.csv").write_text("\n".join(lines), encoding="utf-8")
    ingest(keyed, [keyed.landing])
    monkeypatch.setenv("VAWG_HOME", str(keyed.root))
    sentence = (
        "Homes secured by the Sanctuary scheme is 60, exactly as in the year before: it may have been carried over."
    )
    monkeypatch.setenv("COLUMNS", "200")
    shown = CliRunner().invoke(app, ["refresh"]).stdout
    assert f"What does not agree between the returns:\n  - Mar 2020: {sentence}\n" in shown
    told = json.loads(CliRunner().invoke(app, ["refresh", "--json"]).stdout)
    assert told["disagreements"] == [{"period_end": "2020-03-31", "rule": "carried_over", "said": sentence}]
