"""Of a file that its writer has closed, or moved to where it lies, it is told; not of one that is written to."""

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from flows.serving.closed_files import ClosedFiles

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells of it")


@pytest.fixture
def landing(tmp_path: Path) -> Path:
    folder = tmp_path / "landing"
    folder.mkdir()
    return folder


@pytest.fixture
def closed(landing: Path) -> Iterator[ClosedFiles]:
    with closing(ClosedFiles(landing)) as files:
        yield files


def test_nothing_is_told_where_nothing_happens(closed: ClosedFiles) -> None:
    assert closed.since() == []


def test_file_is_told_of_once_its_writer_closes_it(landing: Path, closed: ClosedFiles) -> None:
    with (landing / "refuge.csv").open("w") as file:
        file.write("Refuge")
        file.flush()
        assert closed.since() == []
    assert closed.since() == [landing / "refuge.csv"]
    assert closed.since() == []


def test_file_that_is_moved_there_is_told_of(tmp_path: Path, landing: Path, closed: ClosedFiles) -> None:
    (tmp_path / "return of Février.csv").touch()
    (tmp_path / "return of Février.csv").rename(landing / "return of Février.csv")
    assert closed.since() == [landing / "return of Février.csv"]


def test_file_that_is_only_read_is_not_told_of(landing: Path) -> None:
    (landing / "refuge.csv").write_text("Refuge", encoding="utf-8")
    with closing(ClosedFiles(landing)) as closed:
        (landing / "refuge.csv").read_bytes()
        assert closed.since() == []


def test_many_files_are_told_of_in_their_order(landing: Path, closed: ClosedFiles) -> None:
    paths = [landing / f"{number:03}{'x' * 200}.csv" for number in range(500)]
    for path in paths:
        path.touch()
    assert closed.since() == paths


def test_nothing_is_told_of_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with closing(ClosedFiles(tmp_path / "nowhere")) as closed:
        assert closed.since() == []
