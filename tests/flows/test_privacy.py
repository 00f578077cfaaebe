"""A canary: a name planted in a file is found nowhere that we write, print or keep in the warehouse."""

import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from flows.home import Home
from flows.ingesting import checked, ingest, ingest_file
from flows.judging import judge_file
from flows.keys import FILES, WAREHOUSE, KeyMissing
from flows.outcomes import feedback
from flows.refreshing import refresh_and_publish
from tests.flows import people
from tests.flows.people import declare, files_below, rows_of, with_keys
from transforms.pseudonyms import pseudonym
from warehouse.reporting import report

CANARY = "Robin Canary"
HEADER = "Month,Area code,Area name,Concept,Measure,Count,Extract date"
ROW = "2020-03-01,E09000003,Barnet,DA_INCIDENT,incidents,{count},2020-04-06"


def sent(folder: Path, header: str, count: str = "400") -> Path:
    path = folder / "extract.csv"
    path.write_text(f"{HEADER},{header}\n{ROW.format(count=count)},{CANARY}\n", encoding="utf-8")
    return path


def everything_in(database: Path) -> str:
    with duckdb.connect(database, read_only=True) as connection:
        tables = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
        assert tables
        return "\n".join(repr(connection.execute(f'FROM "{table}"').fetchall()) for (table,) in tables)


@pytest.mark.parametrize(
    ("header", "count", "status"),
    [
        ("Victim name", "400", "rejected"),  # looks personal: the file is refused
        ("Keyworker", "400", "accepted"),  # not declared: the column is not read
        ("Keyworker", "lots", "rejected"),  # refused for something else
        ("Remarks", "400", "rejected"),  # free text: the file is refused
        ("Count", "400", "rejected"),  # a column that stands there twice
    ],
)
def test_a_canary_name_is_nowhere(
    header: str,
    count: str,
    status: str,
    tmp_path: Path,
    home: Home,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    outcome = ingest_file(home, sent(tmp_path, header, count))
    assert outcome.status == status, outcome.message
    assert CANARY not in feedback(outcome)
    assert CANARY not in repr(outcome)
    assert CANARY not in json.dumps(outcome.as_dict(), default=str)
    assert CANARY not in everything_in(home.warehouse)
    if status == "accepted":
        assert CANARY not in everything_in(refresh_and_publish(home).database)
    assert CANARY not in caplog.text
    assert CANARY not in "".join(capfd.readouterr())
    beside = [path for path in home.root.rglob("*.txt") if path.is_file()]
    assert all(CANARY not in path.read_text(encoding="utf-8") for path in beside)


def test_great_expectations_keeps_no_cell_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "extract.csv"
    rows = [ROW.format(count="73519"), ROW.format(count="73520"), ROW.format(count=CANARY)]
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    judged = judge_file(path)
    assert judged.suite_result is not None
    kept = json.dumps(judged.suite_result)
    results = [one["result"] for one in judged.suite_result["results"]]
    assert any(one.get("unexpected_index_list") for one in results)
    assert all(found.keys() == {"row"} for one in results for found in one.get("unexpected_index_list", []))
    for value in (CANARY, "73519", "73520", "Barnet", "2020-04-06"):
        assert value not in kept


def test_references_become_pseudonyms_keyed_by_their_supplier(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch)
    keyed = with_keys(home, "HESTIA")
    ingest_file(keyed, people.write(tmp_path / "people.csv", ["Ref  1"]))
    key = keyed.keys.of("HESTIA")
    with keyed.open() as connection:
        found = connection.execute("SELECT person_pseudonym, referral_id FROM fact_referrals").fetchall()
    assert found == [(pseudonym("ref 1", key), pseudonym("case ref 1", key))]


def test_two_spellings_of_one_reference_are_one_case(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch)
    outcome = ingest_file(with_keys(home, "HESTIA"), people.write(tmp_path / "people.csv", ["Ref  1", "ref 1"]))
    assert outcome.status == "rejected"
    assert {one.check for one in outcome.findings} == {"unique_key"}


def test_wrong_cell_of_a_file_about_people_is_told_by_its_row_and_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch)
    (outcome,), _ = checked([people.write(tmp_path / "people.csv", ["1"], service=CANARY)])
    assert 'Column "Service"' in feedback(outcome)
    assert "row 2" in feedback(outcome)
    assert CANARY not in feedback(outcome)


def test_file_about_people_is_not_taken_in_without_its_suppliers_key(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch)
    good = people.write(home.landing / "good.csv", ["1"])
    bad = people.write(home.landing / "bad.csv", ["1"], service="none")
    named = home.landing / "named.csv"
    named.write_text(good.read_text(encoding="utf-8").replace("Drawn on\n", "Drawn on,Victim name\n"), encoding="utf-8")
    before = files_below(home.landing)
    for outcome in ingest(home, [home.landing]):
        assert outcome.status == "failed"
        assert "There is no key for HESTIA" in outcome.message
        assert "`vawg keys new HESTIA`" in outcome.message
        assert "stays where it is" in outcome.message
    assert files_below(home.landing) == before
    assert files_below(home.archive) == files_below(home.quarantine) == {}
    assert rows_of(home, "submission") == []
    assert {path.name for path in (good, bad, named)} == before.keys()
    with_keys(home, "HESTIA")
    assert [one.status for one in ingest(Home(home.root), [good])] == ["accepted"]


def test_file_about_people_is_checked_without_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch)
    (outcome,), _ = checked([people.write(tmp_path / "people.csv", ["1"])])
    assert (outcome.status, outcome.counts.loaded) == ("accepted", 1)


def test_references_without_a_key_are_other_pseudonyms_each_time(
    tmp_path: Path, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch)
    file = people.write(tmp_path / "people.csv", ["Robin Canary"])
    first, second = judge_file(file), judge_file(file)
    assert first.facts is not None
    assert second.facts is not None
    assert first.facts.rows["person_pseudonym"].to_list() != second.facts.rows["person_pseudonym"].to_list()
    with pytest.raises(KeyMissing):
        judge_file(file, keys=home.keys)


def test_text_that_must_be_converted_is_copied_to_no_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(monkeypatch)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a copy was made")

    monkeypatch.setattr("transforms.text.NamedTemporaryFile", refuse)
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        text = people.write(tmp_path / "people.csv", ["Zoé", "Robin"]).read_text(encoding="utf-8")
        (tmp_path / f"{encoding}.csv").write_text(text, encoding=encoding)
        assert judge_file(tmp_path / f"{encoding}.csv").counts().loaded == 2


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps its rights elsewhere")
def test_copy_that_is_judged_can_be_read_by_nobody_else(tmp_path: Path, home: Home) -> None:
    from flows.landing.folder import LocalFile
    from flows.receiving import dispose, receive

    received = receive(home, LocalFile(sent(tmp_path, "Remarks")))
    assert received.copy.stat().st_mode & 0o777 == 0o600
    assert home.incoming.stat().st_mode & 0o777 == 0o700
    dispose(received)
    assert list(home.incoming.iterdir()) == []


@dataclass
class Ran:
    """What is left after the commands of `everywhere`: the home, the temporary folder, and all that was printed."""

    home: Home
    temporary: Path
    printed: str


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Run the commands on files with a canary in every place, with every logger at its most talkative."""
    if duckdb.__version__ != "1.5.5":
        pytest.skip("the cryptography is that of 1.5.5")
    root, temporary = tmp_path_factory.mktemp("root") / "home", tmp_path_factory.mktemp("temporary")
    # What the system says of itself keeps the real folder of the user.
    settings = {"VAWG_HOME": str(root), "TMPDIR": str(temporary), "TEMP": str(temporary), "TMP": str(temporary)}
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.everywhere", str(root)],
        env={**os.environ, **settings, "PREFECT_LOGGING_LEVEL": "DEBUG", "COLUMNS": "200"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    return Ran(Home(root), temporary, done.stdout + done.stderr)


def names(content: bytes) -> bool:
    """Return whether a canary stands in bytes, as text of any encoding and case."""
    lowered = content.lower()
    return any("canary".encode(encoding) in lowered for encoding in ("utf-8", "utf-16-le"))


def test_files_with_canaries_came_to_every_end_that_there_is(ran: Ran) -> None:
    with ran.home.open() as connection:
        ends = {one["file_name"]: one["status"] for one in reversed(report(connection, "history"))}
    accepted = ("reference", "undeclared", "around", "cp1252", "utf16", "twice")
    assert {name: ends[f"{name}.csv"] for name in accepted} == dict.fromkeys(accepted, "accepted")
    rejected = ("wrong", "personal", "unknown", "broken")
    assert {name: ends[f"{name}.csv"] for name in rejected} == dict.fromkeys(rejected, "rejected")
    assert "book.xlsx" in ends
    assert list(ran.home.landing.iterdir()) == []
    with ran.home.open() as connection:
        assert connection.execute("SELECT count(*) >= 6 FROM fact_referrals").fetchall() == [(True,)]


def test_no_canary_is_in_any_file_below_the_home_or_in_the_temporary_folder(ran: Ran) -> None:
    below = {**files_below(ran.home.root), **files_below(ran.temporary)}
    kinds = {Path(name).suffix for name in below}
    assert {".duckdb", ".html", ".encrypted", ".db"} <= kinds, kinds
    assert "feedback.txt" in {Path(name).name for name in below}
    assert [name for name, content in below.items() if names(content) or names(name.encode())] == []


def test_no_canary_is_in_any_table(ran: Ran) -> None:
    assert "canary" not in everything_in(ran.home.published).casefold()
    with ran.home.open() as connection:
        tables = [table for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        assert "fact_referrals" in tables
        for table in tables:
            assert "canary" not in repr(connection.execute(f'FROM "{table}"').fetchall()).casefold(), table


def test_no_canary_is_printed_or_logged(ran: Ran) -> None:
    for said in ("reference.csv", "New keys: ", "received", "index.html"):
        assert said in ran.printed
    assert "canary" not in ran.printed.casefold()


def test_no_key_is_anywhere_but_in_its_file(ran: Ran) -> None:
    below = {**files_below(ran.home.root), **files_below(ran.temporary)}
    below.pop("keys.toml")
    drawn = [ran.home.keys.at_rest(use) for use in (WAREHOUSE, FILES)]
    keys = [key for key in (*ran.home.keys.held.values(), *drawn) if key]
    assert len(keys) >= 4
    for key in keys:
        assert not [name for name, content in below.items() if key in content or key.hex().encode() in content.lower()]
        assert key.hex() not in ran.printed.lower()
        assert repr(key)[2:-1] not in ran.printed
