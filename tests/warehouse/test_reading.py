"""Reading: a dashboard sees each new publication, and no half of one."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import duckdb
import pytest

from warehouse import open_published

FIGURES = 5_000
NUMBER = "SELECT DISTINCT run FROM figure"

Publish = Callable[[int], None]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Return where the published database is, or will be."""
    return tmp_path / "o'clock" / "vawg.duckdb"


@pytest.fixture
def publish(database: Path) -> Publish:
    """Return a function that replaces the published database by one whose figures all carry a number."""
    database.parent.mkdir()

    def publish(number: int) -> None:
        fresh = database.with_suffix(".new")
        with duckdb.connect(fresh) as connection:
            connection.execute("CREATE TABLE run AS SELECT ? AS run", [number])
            connection.execute("CREATE TABLE figure AS SELECT ? AS run FROM range(?)", [number, FIGURES])
        fresh.replace(database)

    return publish


def held_open(database: Path) -> list[str]:
    """Return the files of the folder of publications that this process has open, replaced ones included."""
    found = []
    for handle in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(handle.readlink()))
        except FileNotFoundError:
            continue
    return [name for name in found if name.startswith(str(database.parent))]


def test_each_question_sees_the_latest_publication(database: Path, publish: Publish) -> None:
    publish(1)
    with open_published(database) as published:
        for number in (1, 2, 3):
            publish(number)
            assert published.sql(NUMBER).rows() == [(number,)]


def test_questions_that_belong_together_stay_on_one_publication(database: Path, publish: Publish) -> None:
    publish(1)
    with open_published(database) as published:
        with published.at_once() as connection:
            assert connection.sql("FROM run").fetchall() == [(1,)]
            publish(2)
            assert published.sql("FROM run").rows() == [(2,)]
            publish(3)
            assert published.sql("FROM run").rows() == [(3,)]
            assert connection.sql(NUMBER).fetchall() == [(1,)]
        with published.at_once() as connection:
            assert connection.sql(NUMBER).fetchall() == [(3,)]


def test_answer_that_is_still_being_read_is_not_cut_short(database: Path, publish: Publish) -> None:
    publish(1)
    with open_published(database) as published, published.at_once() as connection:
        answer = connection.execute("FROM figure")
        assert answer.fetchone() == (1,)
        publish(2)
        assert published.sql("FROM run").rows() == [(2,)]
        assert set(answer.fetchall()) == {(1,)}


def test_two_readers_of_one_process_do_not_hold_each_other_in_the_past(database: Path, publish: Publish) -> None:
    publish(1)
    with open_published(database) as one, open_published(str(database)) as other, one.at_once() as connection:
        assert other.sql("FROM run").rows() == [(1,)]
        publish(2)
        assert other.sql("FROM run").rows() == [(2,)]
        assert connection.sql("FROM run").fetchall() == [(1,)]


def test_many_threads_each_see_whole_publications_in_order(database: Path, publish: Publish) -> None:
    publish(0)
    over, together = Event(), Barrier(9)

    def read() -> list[int]:
        seen: list[int] = []
        together.wait()
        while not over.is_set() or not seen:
            with published.at_once() as connection:
                (number,) = connection.sql("FROM run").fetchall()
                assert connection.sql(f"{NUMBER} GROUP BY ALL HAVING count(*) = {FIGURES}").fetchall() == [number]
            seen += [*number, *published.sql(NUMBER)["run"]]
        return seen

    with open_published(database) as published, ThreadPoolExecutor(8) as threads:
        reading = [threads.submit(read) for _ in range(8)]
        together.wait()
        try:
            for number in range(1, 31):
                publish(number)
        finally:
            over.set()
        for seen in (reader.result() for reader in reading):
            assert seen == sorted(seen)
            assert set(seen) <= set(range(31))
        assert published.sql(NUMBER).rows() == [(30,)]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files can only be listed on Linux")
def test_replaced_publications_are_let_go(database: Path, publish: Publish) -> None:
    publish(0)
    with open_published(database) as published:
        for number in range(5):
            publish(number)
            assert published.sql("FROM run").rows() == [(number,)]
        assert held_open(database) == [str(database)]
    assert held_open(database) == []


def test_question_can_have_values_by_place_and_by_name(database: Path, publish: Publish) -> None:
    publish(7)
    with open_published(database) as published:
        assert published.sql("SELECT run + ? AS next FROM run", [1]).to_dicts() == [{"next": 8}]
        assert published.sql("SELECT run + $more AS next FROM run", {"more": 2}).to_dicts() == [{"next": 9}]


@pytest.mark.parametrize("damage", ["DELETE FROM figure", "DROP TABLE figure", "CREATE TABLE mine AS FROM figure"])
def test_reader_cannot_change_what_was_published(damage: str, database: Path, publish: Publish) -> None:
    publish(1)
    with open_published(database) as published:
        with pytest.raises(duckdb.Error, match="read-only"):
            published.sql(damage)
        assert published.sql("SELECT count(*) FROM figure").rows() == [(FIGURES,)]


def test_question_that_is_wrong_leaves_the_next_one_right(database: Path, publish: Publish) -> None:
    publish(1)
    with open_published(database) as published:
        with pytest.raises(duckdb.Error, match="no_such_table"):
            published.sql("FROM no_such_table")
        assert published.sql("FROM run").rows() == [(1,)]


def test_nothing_published_yet_is_said_until_something_is(database: Path, publish: Publish) -> None:
    said = f"Nothing has been published yet: {database} is made by `vawg run` or `vawg refresh`."
    with pytest.raises(FileNotFoundError, match=re.escape(said)), open_published(database):
        pass
    publish(1)
    with open_published(database) as published:
        assert published.sql("FROM run").rows() == [(1,)]
        database.unlink()
        with pytest.raises(FileNotFoundError, match=re.escape(said)):
            published.sql("FROM run")
        publish(2)
        assert published.sql("FROM run").rows() == [(2,)]
