"""A home with a storage key: warehouse and raw files lie encrypted, and everything works as without one."""

import os
import signal
from collections.abc import Callable
from io import BytesIO
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from shutil import copytree, rmtree

import duckdb
import pytest
from typer.testing import CliRunner

from expectations import sources
from flows.cli import app
from flows.encrypting import encrypt
from flows.home import Home
from flows.ingesting import ingest, ingest_file, replay
from flows.keys import RETIRED, STORAGE, WAREHOUSE, KeyMissing, renew_storage_key
from flows.receiving import storage_key
from flows.refreshing import refresh_and_publish
from flows.sealing import CannotUnseal, seal, unseal
from tests.flows import people
from tests.flows.acts import listening
from tests.flows.people import declare, files_below, rows_of, with_keys
from warehouse import open_published
from warehouse.encrypting import WarehouseShut
from warehouse.opening import open_warehouse, write_anew

pytestmark = pytest.mark.skipif(duckdb.__version__ != "1.5.5", reason="the cryptography is that of 1.5.5")

POLICE = "Month,Area code,Concept,Measure,Count,Extract date"
CANARY = "Robin Canary"


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    declare(monkeypatch)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home with a storage key and the supplier's."""
    return with_keys(Home(tmp_path / "home"))


def police(path: Path, count: object = 100) -> Path:
    """Write an extract of twelve months."""
    months = [f"{2020 + number // 12}-{number % 12 + 1:02}-01" for number in range(3, 15)]
    rows = [f"{month},E09000003,DA_INCIDENT,incidents,{count},2026-01-05" for month in months]
    path.write_text("\n".join([POLICE, *rows, ""]), encoding="utf-8")
    return path


def incidents(home: Home) -> list[float]:
    with open_published(home.published) as published:
        question = "SELECT value FROM rolling_12m WHERE indicator_id = 'DA_INC_R12' AND value IS NOT NULL"
        return [value for (value,) in published.sql(question).rows()]


def test_figures_are_those_of_a_plain_warehouse_and_dashboards_need_no_key(home: Home, tmp_path: Path) -> None:
    assert ingest_file(home, police(tmp_path / "police.csv")).status == "accepted"
    assert refresh_and_publish(home).database == home.published
    assert incidents(home) == [1200]
    with duckdb.connect(home.published, read_only=True) as dashboard:
        ((comment,),) = dashboard.execute(
            "SELECT comment FROM duckdb_columns() WHERE table_name = 'fact_offences' AND column_name = 'value'"
        ).fetchall()
    assert comment == "The count."
    with pytest.raises(duckdb.Error, match="without a key"):
        duckdb.connect(home.warehouse)


def test_files_about_people_are_kept_encrypted_and_police_files_plain(home: Home, tmp_path: Path) -> None:
    accepted = people.write(tmp_path / "accepted.csv", [CANARY])
    rejected = people.write(tmp_path / "rejected.csv", [CANARY], service="no such service")
    unknown = tmp_path / "unknown.csv"
    unknown.write_text(f"Name,Address\n{CANARY},12 Acacia Avenue\n", encoding="utf-8")
    refused = tmp_path / "refused.csv"
    refused.write_text(f"{POLICE},Victim name\n2020-03-01,E09000003,DA_INCIDENT,incidents,1,2020-04-06,{CANARY}\n")
    outcomes = ingest(home, [accepted, rejected, unknown, refused, police(tmp_path / "police.csv")])
    assert [one.status for one in outcomes] == ["accepted", "rejected", "rejected", "rejected", "accepted"]
    kept = [str(one.kept_as) for one in outcomes]
    assert [place.endswith(".csv.encrypted") for place in kept] == [True, True, True, True, False]
    assert outcomes[0].file_name == "accepted.csv"
    assert (home.root / kept[4]).read_bytes() == (tmp_path / "police.csv").read_bytes()
    for place, content in files_below(home.root).items():
        assert CANARY.encode() not in content, place
    assert list(home.incoming.iterdir()) == []


def test_encrypted_file_in_quarantine_is_judged_again(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "__path__", sources.__path__[:1])  # before the source was declared
    first = ingest_file(home, people.write(tmp_path / "synthetic_people_r2.csv", ["A", "B"]))
    assert first.status == "rejected"
    declare(monkeypatch)
    (again,) = replay(home, [str(first.submission_id)])
    assert (again.status, again.file_name, again.counts.loaded) == ("accepted", "synthetic_people_r2.csv", 2)
    with home.open() as connection:
        told = connection.execute(
            "SELECT file_name, sha256, size_bytes, revision, is_synthetic FROM submission ORDER BY received_at"
        ).fetchall()
    assert told[0] == told[1]
    assert told[0][2:] == ((tmp_path / "synthetic_people_r2.csv").stat().st_size, 2, True)
    # The same file again is known by its bytes, though it is kept encrypted.
    assert ingest_file(home, tmp_path / "synthetic_people_r2.csv").status == "unchanged"
    assert list(home.incoming.iterdir()) == []


def test_replay_with_another_storage_key_fails_with_a_clear_word(home: Home, tmp_path: Path) -> None:
    rejected = ingest_file(home, people.write(tmp_path / "people.csv", ["A"], service="no such service"))
    kept = home.root / str(rejected.kept_as)
    other = with_keys(Home(tmp_path / "other"))
    moved = other.quarantine / kept.name
    moved.write_bytes(kept.read_bytes())
    outcome = ingest_file(other, moved, again=True)
    assert outcome.status == "failed"
    assert "was encrypted with another storage key" in outcome.message
    assert list(other.incoming.iterdir()) == []


def test_home_with_a_lost_or_another_key_is_refused_before_anything_is_taken_in(home: Home, tmp_path: Path) -> None:
    ingest_file(home, police(tmp_path / "police.csv"))
    landed = people.write(home.landing / "people.csv", ["A"])
    home.key_file.unlink()
    before = files_below(home.root)
    with pytest.raises(WarehouseShut, match="no storage key is set"):
        ingest(Home(home.root), [landed])
    with_keys(home)
    with pytest.raises(WarehouseShut, match="encrypted with another storage key"):
        ingest(Home(home.root), [landed])
    home.key_file.unlink()
    home.key_file.with_name("keys.toml.lock").unlink(missing_ok=True)
    (home.warehouse.parent / "warehouse.lock").unlink(missing_ok=True)
    before.pop("warehouse/warehouse.lock", None)
    before.pop("keys.toml.lock", None)
    assert files_below(home.root) == before


def test_plain_home_is_refused_with_a_key_until_it_is_encrypted(tmp_path: Path) -> None:
    plain = with_keys(Home(tmp_path / "plain"), "HESTIA")
    about_people = ingest_file(plain, people.write(tmp_path / "people.csv", [CANARY]))
    rejected = ingest_file(plain, people.write(tmp_path / "rejected.csv", [CANARY], service="no such service"))
    counts = ingest_file(plain, police(tmp_path / "police.csv"))
    refresh_and_publish(plain)
    before = rows_of(plain, "fact_referrals")
    keyed = with_keys(plain, "HESTIA", STORAGE)
    with pytest.raises(WarehouseShut, match="`vawg keys encrypt` encrypts it"), keyed.open():
        pass
    done = encrypt(keyed)
    assert done.warehouse
    assert set(done.raw_files) == {about_people.kept_as, rejected.kept_as}
    assert rows_of(keyed, "fact_referrals") == before
    assert (keyed.root / str(counts.kept_as)).exists()
    assert not any(CANARY.encode() in content for content in files_below(keyed.root).values())
    with pytest.raises(duckdb.Error, match="without a key"):
        duckdb.connect(keyed.warehouse)
    # Nothing is lost: what was taken in is known, what was rejected can be judged again, and figures are published.
    assert ingest_file(keyed, tmp_path / "people.csv").status == "unchanged"
    assert [one.status for one in replay(keyed, [])] == ["rejected"]
    assert ingest_file(keyed, police(tmp_path / "police.csv", 90)).status == "accepted"
    refresh_and_publish(keyed)
    assert encrypt(keyed) == type(done)(False, ())


def test_encrypting_needs_a_key(tmp_path: Path) -> None:
    plain = with_keys(Home(tmp_path / "plain"), "HESTIA")
    with pytest.raises(KeyMissing, match="`vawg keys new` makes one"):
        encrypt(plain)


def test_encrypting_that_was_interrupted_is_finished_the_next_time(tmp_path: Path) -> None:
    plain = with_keys(Home(tmp_path / "plain"), "HESTIA")
    outcome = ingest_file(plain, people.write(tmp_path / "people.csv", [CANARY]))
    keyed = with_keys(plain, STORAGE)
    encrypt(keyed)
    left_behind = keyed.root / str(outcome.kept_as)
    left_behind.write_bytes((tmp_path / "people.csv").read_bytes())
    encrypt(keyed)
    assert not left_behind.exists()


def test_everything_is_encrypted_anew_when_the_storage_key_is_renewed(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAWG_HOME", str(home.root))
    about_people = ingest_file(home, people.write(tmp_path / "people.csv", [CANARY]))
    ingest_file(home, people.write(tmp_path / "rejected.csv", [CANARY], service="no such service"))
    before = rows_of(home, "fact_referrals")
    said = CliRunner().invoke(app, ["keys", "renew"])
    assert said.exit_code == 0
    assert "Warehouse: encrypted. Raw files: 2." in said.stdout
    renewed = Home(home.root)
    assert set(renewed.keys.held) == set(home.keys.held)
    with pytest.raises(WarehouseShut, match="another storage key"), home.open():
        pass
    kept = renewed.root / str(about_people.kept_as)
    with pytest.raises(CannotUnseal):
        unseal(kept, BytesIO(), storage_key(home))
    opened = BytesIO()
    unseal(kept, opened, storage_key(renewed))
    assert opened.getvalue() == (tmp_path / "people.csv").read_bytes()
    assert rows_of(renewed, "fact_referrals") == before
    assert [one.status for one in replay(renewed, [])] == ["rejected"]
    assert ingest_file(renewed, tmp_path / "people.csv").status == "unchanged"


def test_raw_file_that_is_damaged_does_not_keep_the_storage_key_from_being_renewed(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAWG_HOME", str(home.root))
    whole, damaged = (ingest_file(home, people.write(tmp_path / f"{name}.csv", [name])).kept_as for name in "ab")
    place = home.root / str(damaged)
    place.write_bytes(place.read_bytes()[:-1])
    said = CliRunner().invoke(app, ["keys", "renew"])
    assert (said.exit_code, "Raw files: 1." in said.stdout) == (0, True)
    assert f"left as they are: {damaged}" in said.stderr
    assert RETIRED not in Home(home.root).keys.held
    unseal(home.root / str(whole), BytesIO(), storage_key(Home(home.root)))


def test_renewal_that_was_interrupted_is_said_and_carried_on(home: Home, tmp_path: Path) -> None:
    for name in "ab":
        ingest_file(home, people.write(tmp_path / f"{name}.csv", [name]))
    renew_storage_key(home.key_file)
    renewing = Home(home.root)
    with pytest.raises(WarehouseShut, match="`vawg keys encrypt` goes on with that"), renewing.open():
        pass
    # It got as far as the warehouse and the first file.
    old, new = (renewing.keys.at_rest(WAREHOUSE, name) for name in (RETIRED, STORAGE))
    write_anew(home.warehouse, old, new)
    first, second = sorted(path for path in home.archive.rglob("*.encrypted"))
    plain = tmp_path / "plain"
    with plain.open("wb") as file:
        unseal(first, file, storage_key(home))
    seal(plain, first, storage_key(renewing))
    assert encrypt(renewing).raw_files == (second.relative_to(home.root).as_posix(),)
    assert RETIRED not in Home(home.root).keys.held
    for path in (first, second):
        unseal(path, BytesIO(), storage_key(Home(home.root)))


def test_raw_files_that_lie_in_clear_are_warned_of_once_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_HOME", str(tmp_path / "plain"))
    plain = with_keys(Home(tmp_path / "plain"), "HESTIA")
    for name in "ab":
        people.write(tmp_path / f"{name}.csv", [name])
    result = CliRunner().invoke(app, ["ingest", str(tmp_path / "a.csv"), str(tmp_path / "b.csv")])
    assert result.stderr.count("Warning: no storage key is set") == 1
    with_keys(plain, STORAGE)
    assert CliRunner().invoke(app, ["keys", "encrypt"]).exit_code == 0
    people.write(tmp_path / "c.csv", ["c"])
    assert "Warning" not in CliRunner().invoke(app, ["ingest", str(tmp_path / "c.csv")]).stderr


# What runs in a process of its own; see test_crashes.


def take_in(root: Path) -> None:
    """Take in what has landed, and publish."""
    home = Home(root)
    ingest(home, [home.landing])
    refresh_and_publish(home)


def take_in_and_list(root: Path, tell: Connection) -> None:
    """Take in, and tell each act, once."""
    acts: dict[str, None] = {}
    with listening(lambda act: acts.update({act: None})):
        take_in(root)
    tell.send(list(acts))


def take_in_and_die(root: Path, last: str) -> None:
    """Take in until an act, and die of it."""

    def die(act: str) -> None:
        if act == last:
            os.kill(os.getpid(), signal.SIGKILL)

    with listening(die):
        take_in(root)


def test_process_killed_while_it_writes_leaves_an_encrypted_warehouse_that_opens(
    home: Home, warm: ForkServerContext, tmp_path: Path
) -> None:
    police(home.landing / "police.csv")

    def run(work: Callable[..., None], place: str, *given: object) -> Home:
        copied = Home(copytree(home.root, tmp_path / place))
        process = warm.Process(target=work, args=(copied.root, *given))
        process.start()
        process.join()
        return copied

    ear, mouth = warm.Pipe(duplex=False)
    run(take_in_and_list, "listed", mouth)
    # Before and after each commit to the warehouse: as it is made, as the file is loaded, and as it is published.
    writing = [act for act in ear.recv() if act.startswith(("commit", "done: commit"))]
    assert len(writing) >= 6
    for number, act in enumerate(writing):
        killed = run(take_in_and_die, str(number), act)
        left = files_below(killed.warehouse.parent)
        assert not any(b"E09000003" in content or b"DA_INCIDENT" in content for content in left.values()), act
        if left.get("warehouse.duckdb"):
            with pytest.raises(duckdb.Error, match="without a key"):
                duckdb.connect(killed.warehouse)
        take_in(killed.root)
        assert incidents(killed) == [1200], act
        assert len(rows_of(killed, "fact_offences")) == 12, act
        rmtree(killed.root)


def test_copy_that_a_killed_process_left_behind_is_removed_by_the_next_run(
    home: Home, warm: ForkServerContext, tmp_path: Path
) -> None:
    police(home.landing / "police.csv")
    ear, mouth = warm.Pipe(duplex=False)
    process = warm.Process(target=take_in_and_list, args=(copytree(home.root, tmp_path / "listed"), mouth))
    process.start()
    received, *_ = [act for act in ear.recv() if act.startswith("execute")]
    process.join()
    process = warm.Process(target=take_in_and_die, args=(home.root, received))
    process.start()
    process.join()
    assert any(path.suffix == "" for path in home.incoming.iterdir())
    assert list(Home(home.root).prepare().incoming.iterdir()) == []
    with open_warehouse(home.warehouse, {}, home.keys.at_rest("warehouse")):
        pass
