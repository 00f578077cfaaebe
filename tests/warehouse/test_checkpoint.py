"""The log goes into the warehouse's file behind a copy of both: a process that dies on the way loses nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from flows.home import Home
from warehouse import opening

ROWS = "SELECT count(*), sum(number) FROM many"
HELD = [(50_000, 1_249_975_000)]


@pytest.fixture
def written(home: Home) -> Home:
    """Return a home whose warehouse has a long log."""
    with home.open() as connection:
        connection.execute("CREATE TABLE many AS SELECT range AS number FROM range(50_000)")
    return home


def log_of(home: Home) -> Path:
    return home.warehouse.with_name("warehouse.duckdb.wal")


def held_by(home: Home) -> list[tuple[Any, ...]]:
    with home.open() as connection:
        return connection.execute(ROWS).fetchall()


def test_a_long_log_is_written_into_the_file_at_the_next_opening(
    written: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "LONGEST_LOG", 1_000)
    assert log_of(written).stat().st_size > 1_000
    assert held_by(written) == HELD
    assert not log_of(written).exists() or log_of(written).stat().st_size < 1_000
    assert {path.suffix for path in written.warehouse.parent.iterdir()} <= {".duckdb", ".lock", ".wal"}
    assert held_by(written) == HELD


def test_a_file_that_was_torn_by_a_killed_checkpoint_is_put_back(written: Home) -> None:
    safe, safe_log = opening._copies(written.warehouse)
    shutil.copyfile(written.warehouse, safe)
    shutil.copyfile(log_of(written), safe_log)
    with written.warehouse.open("r+b") as torn:
        torn.seek(4096)
        torn.write(b"torn" * 20_000)
    log_of(written).write_bytes(b"half")
    with pytest.raises(duckdb.Error):
        duckdb.connect(written.warehouse)
    assert held_by(written) == HELD


def test_every_step_of_a_checkpoint_may_be_the_last_one(written: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(BaseException):
        pass

    steps = {opening: ("_copy_whole", "_forget"), shutil: ("copyfile",), Path: ("replace", "unlink")}
    for owner, names in steps.items():
        for name in names:
            for after in (False, True):
                with monkeypatch.context() as patched:
                    patched.setattr(opening, "LONGEST_LOG", 1_000)
                    patched.setattr(owner, name, dying(getattr(owner, name), Killed, after=after))
                    with pytest.raises(Killed):
                        held_by(written)
                assert held_by(written) == HELD, (name, after)
                with written.open() as connection:
                    connection.execute("CREATE OR REPLACE TABLE many AS SELECT range AS number FROM range(50_000)")


def dying(step: Callable[..., Any], killed: type[BaseException], *, after: bool) -> Callable[..., Any]:
    """Return a step that dies before or after it has done its work."""

    def dies(*arguments: Any, **named: Any) -> Any:
        if after:
            step(*arguments, **named)
        raise killed

    return dies
