"""A file is whole when it has stayed the same for a while."""

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
    return Settling(disk.get, settled=2)


def test_file_is_whole_once_after_it_has_stayed_the_same() -> None:
    disk = Disk()
    files = settling(disk)
    files.changed([disk.write(REFUGE, 10)], now=0)
    assert [files.whole(now) for now in (1, 2, 3)] == [[], [REFUGE], []]


def test_file_that_grows_is_waited_for_though_nothing_tells_of_it() -> None:
    disk = Disk()
    files = settling(disk)
    files.changed([disk.write(REFUGE, 10)], now=0)
    disk.write(REFUGE, 20)
    assert [files.whole(now) for now in (2, 3, 4)] == [[], [], [REFUGE]]


def test_file_that_is_written_again_is_whole_again() -> None:
    disk = Disk()
    files = settling(disk)
    files.changed([disk.write(REFUGE, 10)], now=0)
    assert files.whole(2) == [REFUGE]
    files.changed([disk.write(REFUGE, 30)], now=5)
    assert [files.whole(now) for now in (6, 7)] == [[], [REFUGE]]


def test_file_that_is_gone_is_forgotten() -> None:
    disk = Disk()
    files = settling(disk)
    files.changed([disk.write(REFUGE, 10), disk.write(TRAINING, 5)], now=0)
    del disk[REFUGE]
    assert files.whole(2) == [TRAINING]


def test_each_file_is_waited_for_on_its_own() -> None:
    disk = Disk()
    files = settling(disk)
    files.changed([disk.write(TRAINING, 5)], now=0)
    files.changed([disk.write(REFUGE, 10)], now=1)
    assert [files.whole(now) for now in (2, 3)] == [[TRAINING], [REFUGE]]
