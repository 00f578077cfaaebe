"""Releasing: what leaves is whole, opens in every format, gives nobody away, and reckons with what left before."""

import csv
import hashlib
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest

from flows.home import Home
from flows.refreshing import refresh_and_publish
from flows.releasing import release_figures, releases, withdraw_release
from tests.empty import with_warehouse
from warehouse.deciding import NotSaid
from warehouse.disclosure import files, protecting
from warehouse.disclosure.policy import NoSuchPolicy, policy
from warehouse.disclosure.protecting import GivesAway, PublishedBefore
from warehouse.disclosure.release import NothingToRelease, Release
from warehouse.disclosure.standing import LATEST
from warehouse.disclosure.withdrawing import NotRemoved, NotWithdrawn

FUNNEL = {"PERP_STARTED": 61, "PERP_COMPLETED": 36, "PERP_ACTIVE_EOP": 23, "PERP_LEFT_EARLY": 2}
GROUPS = {"ADULT_MALE": 100, "ADULT_FEMALE": 13, "YOUNG_PERSON_CPV": 34, "NOT_KNOWN": 1}
FORMATS = {"release.json", "vawg.csv", "vawg.csv-metadata.json", "vawg.duckdb", "vawg.parquet", "vawg.xlsx"}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home that has published the annual report's perpetrator programme, 12 months to March 2020."""
    home = with_warehouse(Home(tmp_path_factory.mktemp("first") / "home"))
    refresh_and_publish(home)
    publish(home, {**FUNNEL, "PERP_REF": 148}, GROUPS)
    return home


@pytest.fixture(scope="module")
def released(first: Home) -> Release:
    """Return the release of the first home."""
    return release_figures(first, "public")


@pytest.fixture
def home(first: Home, released: Release, tmp_path: Path) -> Home:
    """Return a copy of the first home, which has released nothing."""
    del released  # so that all copies are of the same state
    home = Home(Path(shutil.copytree(first.root, tmp_path / "home")))
    shutil.rmtree(home.releases("public"))
    with home.open() as connection:
        connection.execute("DELETE FROM release")
        connection.execute("DELETE FROM released_figure")
    return home


def publish(home: Home, undivided: Mapping[str, int], groups: Mapping[str, int], run_id: str = "run-1") -> None:
    """Put figures into the published database in the place of those that are there."""
    counts = [(name, "all", "all", value) for name, value in undivided.items()]
    counts += [("PERP_GRP", "client_group", group, value) for group, value in groups.items()]
    with duckdb.connect(home.published) as connection:
        connection.execute("DELETE FROM rolling_12m")
        for indicator, breakdown, value, number in counts:
            connection.execute(
                "INSERT INTO rolling_12m BY NAME SELECT $indicator AS indicator_id, name AS indicator_name,"
                " 'E09000003' AS area_code, 'Barnet' AS area_name, $breakdown AS breakdown, $value AS breakdown_value,"
                " DATE '2020-03-31' AS period_end, $number AS numerator, $number AS value, $number::VARCHAR AS display,"
                " unit, 12 AS months_covered, '[x]' AS prior_display, '[x]' AS change_display, '%' AS change_unit,"
                " ['r'] AS flags, [] AS change_flags, polarity, objective, definition, true AS is_synthetic,"
                " ['one'] AS source_submission, $run AS run_id FROM dim_indicator WHERE indicator_id = $indicator",
                {"indicator": indicator, "breakdown": breakdown, "value": value, "number": number, "run": run_id},
            )


def figures(released: Release) -> dict[str, str]:
    """Return what a release shows, by indicator, or by value of the breakdown."""
    with duckdb.connect(released.folder / "vawg.duckdb", read_only=True) as connection:
        rows = connection.execute("SELECT indicator_id, breakdown_value, value_shown FROM figure").fetchall()
    return {name if of == "all" else of: text for name, of, text in rows}


def test_funnel_of_the_annual_report_leaves_with_its_small_number_protected(released: Release) -> None:
    told = figures(released)
    # 61 started, 36 completed and 23 are engaged: with all three of them, two left early.
    assert (told["PERP_LEFT_EARLY"], told["PERP_ACTIVE_EOP"]) == ("[c]", "[c]")
    assert (told["PERP_STARTED"], told["PERP_COMPLETED"], told["PERP_REF"]) == ("60", "35", "150")
    assert (told["NOT_KNOWN"], told["ADULT_MALE"]) == ("[c]", "100")
    assert released.cells.primary == 2
    assert released.cells.published + released.cells.primary + released.cells.secondary == len(told)


def test_every_format_shows_the_same_and_names_its_policy(released: Release) -> None:
    folder = released.folder
    assert {one.name for one in folder.iterdir()} == FORMATS
    with (folder / "vawg.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    parquet = pl.read_parquet(folder / "vawg.parquet")
    with duckdb.connect(folder / "vawg.duckdb", read_only=True) as connection:
        shown = [text for (text,) in connection.execute("SELECT value_shown FROM figure").fetchall()]
        assert connection.execute("SELECT DISTINCT policy FROM figure").fetchall() == [("Public",)]
        ((said,),) = connection.execute("SELECT said FROM release").fetchall()
        signs = dict(connection.execute("FROM shorthand").fetchall())
    assert [row["value"] for row in rows] == parquet["value_shown"].to_list() == shown
    assert "from 1 to 9 are suppressed" in said
    assert "neither zero nor missing" in signs["[c]"]
    assert {row["markers"] for row in rows} == {"[r]"}
    assert "" not in {cell for row in rows for cell in row.values()}
    assert parquet.filter(value_shown="[c]")["value"].null_count() == parquet.filter(value_shown="[c]").height > 0


def test_schema_of_the_csv_describes_it_in_the_words_of_csvw(released: Release) -> None:
    folder = released.folder
    described = json.loads((folder / "vawg.csv-metadata.json").read_text(encoding="utf-8"))
    content = (folder / "vawg.csv").read_bytes()
    columns = described["tableSchema"]["columns"]
    assert described["url"] == "vawg.csv"
    assert content.split(b"\r\n")[0].decode() == ",".join(one["name"] for one in columns)
    value = next(one for one in columns if one["name"] == "value")
    assert value["datatype"] == "decimal"
    assert {"[c]", "[x]", "[z]", "[low]"} <= set(value["null"])


def test_spreadsheet_is_accessible(released: Release) -> None:
    book = openpyxl.load_workbook(released.folder / "vawg.xlsx")
    assert book.sheetnames == ["Cover", "Contents", "Notes", "Priority 3"]
    assert not any(sheet.merged_cells.ranges for sheet in book)
    assert all(len(sheet.tables) == 1 for sheet in book if sheet.title != "Cover")
    sheet = book["Priority 3"]
    (table,) = sheet.tables.values()
    cells = [[cell.value for cell in row] for row in sheet[table.ref]]
    assert cells[0] == ["Figure", "Of whom", "Twelve months to", "Value", "Unit", "Base", "Markers"]
    assert not [row for row in cells if None in row or "" in row]
    assert ["Perpetrator programme, left early", "[c]"] in [[str(row[0]).partition(" [")[0], row[3]] for row in cells]
    above = [str(sheet.cell(row, 1).value) for row in range(1, sheet[table.ref][0][0].row)]
    assert [one for one in above if one.startswith("[c] means confidential")]
    assert [one for one in above if one.startswith("Public policy")]


def test_no_text_can_become_a_formula(home: Home) -> None:
    tricks = [f'{start}HYPERLINK("http://example.org")' for start in ("=", "+", "-", "@", "\t", "\r", "\uff1d")]
    publish(home, {}, dict.fromkeys(tricks, 120))
    folder = release_figures(home, "public").folder
    with (folder / "vawg.csv").open(encoding="utf-8", newline="") as file:
        texts = [cell for row in csv.reader(file) for cell in row]
    assert {f"'{trick}" for trick in tricks} <= set(texts)
    assert not [one for one in texts if one.startswith(("=", "+", "-", "@", "\t", "\r", "\uff1d"))]
    book = openpyxl.load_workbook(folder / "vawg.xlsx")
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_nothing_new_is_released_where_nothing_has_changed(home: Home) -> None:
    first, again = release_figures(home, "public"), release_figures(home, "public")
    assert (first.is_new, again.is_new) == (True, False)
    assert (first.folder, first.cells) == (again.folder, again.cells)
    assert "Nothing has changed" in again.said()


def test_what_was_released_before_is_reckoned_with(home: Home) -> None:
    publish(home, {}, GROUPS, "run-1")
    before = figures(release_figures(home, "partnership"))
    assert before == {"ADULT_MALE": "100", "ADULT_FEMALE": "13", "YOUNG_PERSON_CPV": "34", "NOT_KNOWN": "[c]"}
    publish(home, {"PERP_REF": 148}, GROUPS, "run-2")
    # Readers have the other three, which cannot be taken back: the total would tell of the one.
    assert figures(release_figures(home, "partnership")) == {**before, "PERP_REF": "[c]"}


def test_partnership_sees_what_is_suppressed_for_the_public(home: Home) -> None:
    publish(home, {}, {})
    with duckdb.connect(home.published) as connection:
        # 51 of 57 said yes: six did not, who are few to the public, and not to the partnership.
        connection.execute(
            "INSERT INTO rolling_12m BY NAME SELECT indicator_id, name AS indicator_name, 'E09000003' AS area_code,"
            " 'Barnet' AS area_name, 'question' AS breakdown, 'STRATEGIES' AS breakdown_value,"
            " DATE '2020-03-31' AS period_end, 51 AS numerator, 57 AS denominator, 89.5 AS value, '89' AS display,"
            " unit, 12 AS months_covered, '[x]' AS prior_display, '[x]' AS change_display, 'pp' AS change_unit,"
            " [] AS flags, [] AS change_flags, polarity, objective, definition, true AS is_synthetic,"
            " ['one'] AS source_submission, 'run-2' AS run_id FROM dim_indicator WHERE indicator_id = 'PERP_SURV_PRE'"
        )
    told = [figures(release_figures(home, name)) for name in ("public", "partnership", "public", "partnership")]
    assert told == [{"STRATEGIES": "[c]"}, {"STRATEGIES": "89"}] * 2


def test_what_was_revised_since_says_nothing_of_what_is_now(home: Home) -> None:
    publish(home, {}, {**GROUPS, "ADULT_MALE": 90}, "run-1")
    release_figures(home, "partnership")
    publish(home, {"PERP_REF": 148}, GROUPS, "run-2")
    told = figures(release_figures(home, "partnership"))
    assert told["NOT_KNOWN"] == "[c]"
    assert sorted(name for name, text in told.items() if text == "[c]") == ["ADULT_MALE", "NOT_KNOWN"]


def test_attack_has_the_last_word(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    standing = release_figures(home, "public")
    publish(home, {**FUNNEL, "PERP_REF": 148}, GROUPS, "run-2")
    monkeypatch.setattr(protecting, "secondary", lambda *_: [])
    with pytest.raises(GivesAway, match=r"left_early.*between 0\.0 and 6\.0.*the last release stands"):
        release_figures(home, "public")
    assert named(home) == standing.release_id
    assert folders(home) == {standing.folder.name}


def test_release_that_fails_halfway_leaves_the_last_one(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    standing = release_figures(home, "public")
    publish(home, {"PERP_REF": 150}, {}, "run-2")

    def full(*_: Any) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files, "write_spreadsheet", full)
        with pytest.raises(OSError, match="No space"):
            release_figures(home, "public")
    assert (named(home), folders(home)) == (standing.release_id, {standing.folder.name})
    again = release_figures(home, "public")
    assert folders(home) == {standing.folder.name, again.folder.name}


@pytest.mark.parametrize("is_named", [True, False])
def test_release_of_a_process_that_died_is_known_to_whoever_looks_next(is_named: bool, home: Home) -> None:
    standing = release_figures(home, "public")
    with home.open() as connection:  # it died after its folder had got its name
        connection.execute("DELETE FROM released_figure")
        connection.execute("DELETE FROM release")
    if not is_named:
        (home.releases("public") / LATEST).unlink()
    for unfinished in ("release-20260101-000000-000000", "release-20260101-000000-000001.new"):
        (home.releases("public") / unfinished).mkdir()  # others died before that
    assert [(one["release_id"], one["stands"]) for one in releases(home)] == [(standing.release_id, True)]
    assert (named(home), folders(home)) == (standing.release_id, {standing.folder.name})
    with home.open() as connection:
        assert connection.execute("SELECT count(*) FROM released_figure").fetchall() == [(9,)]
    assert not release_figures(home, "public").is_new


WHO = {"by": "A. Analyst", "why": "It never left."}


def test_what_is_withdrawn_is_not_reckoned_with(home: Home) -> None:
    publish(home, {}, GROUPS, "run-1")
    mistaken = release_figures(home, "partnership")
    said = withdraw_release(home, mistaken.release_id, **WHO)
    assert said.endswith("No release stands in its place; `vawg public` makes one.")
    publish(home, {"PERP_REF": 148}, GROUPS, "run-2")
    told = figures(release_figures(home, "partnership"))
    # Nobody has the other three groups, so that one of these can be suppressed in the place of the total.
    assert told["PERP_REF"] == "148"
    assert sorted(name for name, text in told.items() if text == "[c]") == ["ADULT_FEMALE", "NOT_KNOWN"]


def test_release_before_the_withdrawn_one_stands_again(home: Home) -> None:
    earlier = release_figures(home, "public")
    publish(home, {"PERP_REF": 150}, {}, "run-2")
    mistaken = release_figures(home, "public")
    said = withdraw_release(home, mistaken.release_id, by=" A. Analyst ", why="It never left.")
    assert said.endswith(f"{earlier.release_id} stands.")
    assert (named(home), folders(home)) == (earlier.release_id, {earlier.release_id})
    latest = json.loads((home.releases("public") / LATEST).read_text(encoding="utf-8"))
    hashes = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in earlier.folder.glob("vawg*")}
    assert latest["sha256"] == hashes
    told = [(one["release_id"], one["decided_by"], one["why"]) for one in releases(home)]
    assert told == [(mistaken.release_id, "A. Analyst", "It never left."), (earlier.release_id, None, None)]


def test_earlier_release_can_be_withdrawn_and_the_last_one_stands(home: Home) -> None:
    earlier = release_figures(home, "public")
    publish(home, {"PERP_REF": 150}, {}, "run-2")
    standing = release_figures(home, "public")
    withdraw_release(home, earlier.release_id, **WHO)
    assert (named(home), folders(home)) == (standing.release_id, {standing.release_id})


def test_withdrawal_needs_a_name_a_reason_and_a_release_in_circulation(home: Home) -> None:
    standing = release_figures(home, "public")
    for by, why in (("", "It never left."), ("A. Analyst", " ")):
        with pytest.raises(NotSaid, match="the auditor will ask"):
            withdraw_release(home, standing.release_id, by=by, why=why)
    with pytest.raises(NotWithdrawn, match="vawg releases"):
        withdraw_release(home, "release-20200101-000000-000000", **WHO)
    assert (named(home), folders(home)) == (standing.release_id, {standing.release_id})
    withdraw_release(home, standing.release_id, **WHO)
    with pytest.raises(NotWithdrawn, match="vawg releases"):
        withdraw_release(home, standing.release_id, **WHO)


def test_withdrawal_of_a_process_that_died_is_carried_on_by_whoever_looks_next(home: Home) -> None:
    earlier = release_figures(home, "public")
    publish(home, {"PERP_REF": 150}, {}, "run-2")
    mistaken = release_figures(home, "public")
    with home.open() as connection:  # it died right after the register was written
        connection.execute(
            "INSERT INTO withdrawal VALUES (?, get_current_timestamp(), 'A. Analyst', 'It never left.')",
            [mistaken.release_id],
        )
    assert [(one["release_id"], one["stands"]) for one in releases(home)] == [
        (mistaken.release_id, False),
        (earlier.release_id, True),
    ]
    assert (named(home), folders(home)) == (earlier.release_id, {earlier.release_id})


def test_releases_withdrawn_one_after_another_never_come_back(home: Home) -> None:
    made = []
    for number in (148, 150, 152):
        publish(home, {"PERP_REF": number}, {}, f"run-{number}")
        made.append(release_figures(home, "public").release_id)
    assert withdraw_release(home, made[2], **WHO).endswith(f"{made[1]} stands.")
    assert withdraw_release(home, made[1], **WHO).endswith(f"{made[0]} stands.")
    assert folders(home) == {made[0]}


def test_files_that_cannot_be_removed_are_said_to_be_there(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    mistaken = release_figures(home, "public")

    def held(*_: Any) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr("shutil.rmtree", held)
        with pytest.raises(NotRemoved, match=r"is withdrawn; delete .*release-.* yourself: Permission denied"):
            withdraw_release(home, mistaken.release_id, **WHO)
    assert folders(home) == {mistaken.release_id}
    again = release_figures(home, "public")
    assert again.is_new
    assert (named(home), folders(home)) == (again.release_id, {again.release_id})


def test_what_the_public_has_rounded_can_still_be_suppressed_for_the_partnership(home: Home) -> None:
    publish(home, {"PERP_REF": 148}, {**GROUPS, "ADULT_FEMALE": 12, "YOUNG_PERSON_CPV": 33, "NOT_KNOWN": 3})
    release_figures(home, "public")
    told = figures(release_figures(home, "partnership"))
    assert told["NOT_KNOWN"] == "[c]"
    assert "[c]" not in (told["ADULT_MALE"], told["PERP_REF"])


@pytest.mark.parametrize("is_entered", [True, False])
def test_public_release_that_tells_the_partnership_too_much_is_not_made(is_entered: bool, home: Home) -> None:
    publish(home, {"PERP_REF": 148}, {**GROUPS, "ADULT_FEMALE": 12, "YOUNG_PERSON_CPV": 33, "NOT_KNOWN": 3})
    release_figures(home, "partnership")
    if not is_entered:
        with home.open() as connection:  # its process died before it was
            connection.execute("DELETE FROM released_figure")
            connection.execute("DELETE FROM release")
    with pytest.raises(GivesAway, match="NOT_KNOWN"):
        release_figures(home, "public")
    assert folders(home) == set()


def test_text_that_would_be_a_formula_does_not_escape_the_attack(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    publish(home, {"PERP_REF": 148}, dict(zip(("=A", "=B", "=C", "=D"), (100, 12, 33, 3), strict=True)))
    monkeypatch.setattr(protecting, "secondary", lambda *_: [])
    with pytest.raises(GivesAway):
        release_figures(home, "partnership")


def test_nothing_is_released_where_no_figure_is_known(home: Home) -> None:
    publish(home, {}, {})
    with pytest.raises(NothingToRelease, match="No published figure may leave yet"):
        release_figures(home, "public")
    assert not home.releases("public").exists() or folders(home) == set()


def test_unknown_policy_and_nothing_published_are_said(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").prepare()
    with pytest.raises(FileNotFoundError, match="vawg refresh"):
        release_figures(home, "public")
    with pytest.raises(NoSuchPolicy, match="public, partnership"):
        release_figures(home, "press")


def test_what_is_held_back_inside_is_provisional_outside(home: Home) -> None:
    with duckdb.connect(home.published) as connection:
        connection.execute("UPDATE rolling_12m SET flags = ['r', 'h'] WHERE indicator_id = 'PERP_REF'")
    table = pl.read_parquet(release_figures(home, "public").folder / "vawg.parquet")
    assert table.filter(indicator_id="PERP_REF")["markers"].to_list() == ["[p] [r]"]


def test_publication_of_an_earlier_version_is_to_be_refreshed_first(home: Home) -> None:
    with duckdb.connect(home.published) as connection:
        connection.execute("ALTER TABLE dim_indicator RENAME disclosure TO other")
    with pytest.raises(PublishedBefore, match="vawg refresh"):
        release_figures(home, "public")


def test_nothing_about_people_is_published_between_quarters_or_by_site(home: Home) -> None:
    with duckdb.connect(home.published) as connection:
        connection.execute("UPDATE rolling_12m SET period_end = '2020-02-29' WHERE indicator_id = 'PERP_STARTED'")
        connection.execute("UPDATE rolling_12m SET breakdown = 'site' WHERE indicator_id = 'PERP_REF'")
    told = figures(release_figures(home, "public"))
    assert not {"PERP_STARTED", "PERP_REF"} & set(told)


def test_policies_round_to_odd_numbers_so_that_nothing_lies_halfway() -> None:
    assert all(policy(name).rounding % 2 == 1 for name in ("public", "partnership"))


def named(home: Home) -> str:
    """Return the release that stands."""
    return str(json.loads((home.releases("public") / LATEST).read_text(encoding="utf-8"))["release_id"])


def folders(home: Home) -> set[str]:
    """Return the folders of releases."""
    return {one.name for one in home.releases("public").iterdir() if one.is_dir()}
