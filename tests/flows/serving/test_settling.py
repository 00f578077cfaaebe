"""A file is whole when it has stayed the same for a while, a shorter one where its writer has closed it."""

from pathlib import Path

from flows.serving.settling import Settling

REFUGE, TRAINING = Path("refuge.csv"), Path("training.csv")


class Disk(dict[Path, str]):
    """Files that are there only in thought."""

    def write(self, path: Path, size: int) -> Path:
        """Let a file have a size."""
        self[path] = str(size)
        return path


def settling(disk: Disk) -> Settling:
    return Settling(disk.get, settled=3, closed=1)


def test_file_is_whole_once_after_it_has_stayed_the_same() -> None:
    disk = Disk()
    files = settling(disk)
    files.changed([disk.write(REFUGE, 10)], now=0)
    assert [files.whole(now) for now in (1, 2, 3, 4)] == [[], [], [REFUGE], []]


def test_file_that_grows_is_waited_for_though_nothing_tells_of_it() -> None:
    disk = Disk()
    files = settling(disk)
    files.changed([disk.write(REFUGE, 10)], now=0)
    disk.write(REFUGE, 20)
    assert [files.whole(now) for now in (3, 4, 5, 6)] == [[], [], [], [REFUGE]]


def test_file_that_is_written_again_is_whole_again() -> None:
    disk = Disk()
    files = settling(disk)
    files.changed([disk.write(REFUGE, 10)], now=0)
    assert files.whole(3) == [REFUGE]
    files.changed([disk.write(REFUGE, 30)], now=5)
    assert [files.whole(now) for now in (7, 8)] == [[], [REFUGE]]


def test_closed_file_is_waited_for_less_long() -> None:
    disk = Disk()
    files = settling(disk)
    files.changed([disk.write(REFUGE, 10), disk.write(TRAINING, 5)], now=0)
    files.closed([REFUGE], now=0)
    assert [files.whole(now) for now in (1, 2, 3)] == [[REFUGE], [], [TRAINING]]


def test_file_of_which_it_is_first_told_that_it_was_closed_is_waited_for_as_one() -> None:
    disk = Disk()
    files = settling(disk)
    files.closed([disk.write(REFUGE, 10)], now=0)
    files.changed([REFUGE], now=1)
    assert files.whole(1) == [REFUGE]


def test_closed_file_that_is_opened_and_written_again_is_waited_for_as_one_that_is_open() -> None:
    disk = Disk()
    files = settling(disk)
    files.closed([disk.write(REFUGE, 10)], now=0)
    disk.write(REFUGE, 20)
    assert [files.whole(now) for now in (1, 2, 3, 4)] == [[], [], [], [REFUGE]]
    files.closed([disk.write(TRAINING, 5)], now=4)
    files.changed([disk.write(TRAINING, 10)], now=4)
    assert [files.whole(now) for now in (5, 6, 7)] == [[], [], [TRAINING]]


def test_file_that_is_gone_is_forgotten() -> None:
    disk = Disk()
    files = settling(disk)
    files.changed([disk.write(REFUGE, 10), disk.write(TRAINING, 5)], now=0)
    del disk[REFUGE]
    assert files.whole(3) == [TRAINING]


def test_each_file_is_waited_for_on_its_own() -> None:
    disk = Disk()
    files = settling(disk)
    files.changed([disk.write(TRAINING, 5)], now=0)
    files.changed([disk.write(REFUGE, 10)], now=1)
    assert [files.whole(now) for now in (3, 4)] == [[TRAINING], [REFUGE]]
