"""The encrypted warehouse: it opens with its key and with nothing else, and holds nothing in clear."""

from pathlib import Path

import duckdb
import pytest

from flows.home import dimensions
from warehouse.encrypting import WarehouseShut, attach, connect
from warehouse.opening import open_warehouse, write_anew

KEY, OTHER = b"k" * 32, b"o" * 32
on_the_pinned_line = pytest.mark.skipif(duckdb.__version__ != "1.5.5", reason="the cryptography is that of 1.5.5")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "it's a warehouse.duckdb"


def fill(path: Path, key: bytes | None) -> None:
    with connect(path, key) as connection:
        connection.execute("CREATE TABLE person AS SELECT i, 'Robin Canary ' || i AS who FROM range(1000) AS r(i)")
        connection.execute("COMMENT ON TABLE person IS 'People'")
        connection.execute("CREATE MACRO named(name) AS TABLE SELECT i FROM person WHERE who = name")


def people(path: Path, key: bytes | None) -> list[tuple[int]]:
    with connect(path, key) as connection:
        return connection.execute("SELECT count(*) FROM person").fetchall()


@on_the_pinned_line
def test_encrypted_file_holds_nothing_in_clear_and_opens_with_its_key(path: Path) -> None:
    fill(path, KEY)
    assert people(path, KEY) == [(1000,)]
    content = path.read_bytes()
    assert not any(said in content for said in (b"Canary", b"person", b"People", b"named", KEY.hex().encode()))


@on_the_pinned_line
def test_what_is_not_yet_in_the_file_itself_is_encrypted_too(path: Path) -> None:
    with connect(path, KEY) as connection:
        connection.execute("CREATE TABLE person AS SELECT 'Robin Canary' AS who")
        log = path.with_name(f"{path.name}.wal")
        assert log.stat().st_size > 0
        assert b"Canary" not in log.read_bytes()


@on_the_pinned_line
@pytest.mark.parametrize(
    ("key", "said"),
    [
        (None, "is encrypted, and no storage key is set. Bring back the key file, or set VAWG_KEY_STORAGE"),
        (OTHER, "was encrypted with another storage key than the one that is set. Bring that one back"),
    ],
)
def test_without_its_key_it_is_refused_and_stays_as_it_is(key: bytes | None, said: str, path: Path) -> None:
    fill(path, KEY)
    before = path.read_bytes()
    with pytest.raises(WarehouseShut, match=said), open_warehouse(path, dimensions(), key):
        pass
    assert path.read_bytes() == before
    assert people(path, KEY) == [(1000,)]


@on_the_pinned_line
def test_plain_warehouse_is_refused_once_a_key_is_set(path: Path) -> None:
    fill(path, None)
    with pytest.raises(WarehouseShut, match=r"is not encrypted\. `vawg keys encrypt` encrypts it"):
        connect(path, KEY)
    assert people(path, None) == [(1000,)]


@on_the_pinned_line
def test_key_is_in_no_error_and_in_no_setting(path: Path) -> None:
    with connect(path, KEY) as connection:
        settings = (
            connection.execute("FROM duckdb_settings()").fetchall(),
            connection.execute("FROM duckdb_variables()"),
        )
        assert KEY.hex() not in repr((settings[0], settings[1].fetchall()))
        with pytest.raises(duckdb.Error) as wrong:
            attach(connection, path, "again", KEY)
        assert KEY.hex() not in str(wrong.value)


@on_the_pinned_line
def test_what_does_not_fit_into_memory_is_put_beside_the_warehouse_and_encrypted(path: Path) -> None:
    with connect(path, KEY) as connection:
        question = "SELECT current_setting('temp_directory'), current_setting('temp_file_encryption')"
        assert connection.execute(question).fetchall() == [(f"{path}.tmp", True)]


@pytest.mark.parametrize("new_key", [None, pytest.param(KEY, marks=on_the_pinned_line)])
def test_database_written_anew_has_everything_but_what_was_deleted(new_key: bytes | None, path: Path) -> None:
    fill(path, None)
    with connect(path, None) as connection:
        connection.execute("DELETE FROM person WHERE i = 777")
    assert b"Robin Canary 777" in path.read_bytes()
    write_anew(path, None, new_key)
    assert b"Robin Canary 777" not in path.read_bytes()
    assert {one.suffix for one in path.parent.iterdir()} <= {".duckdb", ".lock"}
    with connect(path, new_key) as connection:
        assert connection.execute("FROM named('Robin Canary 8')").fetchall() == [(8,)]
        assert connection.execute("FROM named('Robin Canary 777')").fetchall() == []
        said = connection.execute("SELECT comment FROM duckdb_tables() WHERE table_name = 'person'").fetchall()
        assert said == [("People",)]


@on_the_pinned_line
def test_warehouse_that_cannot_be_written_anew_stays(path: Path) -> None:
    fill(path, KEY)
    with pytest.raises(WarehouseShut):
        write_anew(path, OTHER, OTHER)
    assert {one.suffix for one in path.parent.iterdir()} <= {".duckdb", ".lock"}
    assert people(path, KEY) == [(1000,)]


def test_other_duckdb_says_that_it_cannot_encrypt(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duckdb, "__version__", "2.0.0")
    with pytest.raises(WarehouseShut, match=r"DuckDB v2\.0\.0 has no cryptography here"):
        connect(path, KEY)
    assert not path.exists()
