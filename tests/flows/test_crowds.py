"""Many at once: ten processes take in files and one publishes, while twenty dashboards read."""

import csv
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path

import duckdb

from expectations.areas import METROPOLITAN_BOROUGHS
from flows.home import Home
from flows.ingesting import ingest
from flows.refreshing import refresh_and_publish
from warehouse import open_published

SENDERS, READERS, THREADS = 10, 4, 5
#: How often each sender restates its figures; `make soak` keeps the crowd up for a minute or more.
ROUNDS = 8 if "SOAK" in os.environ else 1
#: Between two looks of a dashboard, in seconds: twenty that never pause would leave the senders no time.
PAUSE = 0.3
AREAS = [*METROPOLITAN_BOROUGHS]
HEADERS = ("Month", "Area code", "Concept", "Measure", "Count", "Extract date")
MONTHS = [date(2020 + number // 12, number % 12 + 1, 1) for number in range(3, 15)]
RUNS = "SELECT run_id FROM run UNION SELECT DISTINCT run_id FROM rolling_12m"
TOTAL = "SELECT coalesce(sum(numerator), 0)::BIGINT FROM rolling_12m WHERE indicator_id = 'DA_INC_R12'"
BEHIND = "SELECT coalesce(sum(value), 0)::BIGINT FROM fact_offences"

Publication = tuple[str, int]


def write(path: Path, area: str, incidents: int, drawn_on: date) -> Path:
    """Write an extract of an area with the same count in each of twelve months."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as lines:
        rows = [(month, area, "DA_INCIDENT", "incidents", incidents, drawn_on) for month in MONTHS]
        csv.writer(lines).writerows([HEADERS, *rows])
    return path


def figure(area: int, turn: int) -> int:
    """Return the monthly count of an area in a round: the total tells what is loaded, and nothing is held back."""
    return 400 + (1 << area) + turn


def publication(connection: duckdb.DuckDBPyConnection) -> Publication:
    """Return the run and the total that one connection sees, and make sure that they are of one publication."""
    ((run,),) = connection.execute(RUNS).fetchall()
    ((total,),) = connection.execute(TOTAL).fetchall()
    assert connection.execute(BEHIND).fetchall() == [(total,)]
    return run, total


# What runs in processes of their own.


def send(root: Path, folder: Path, together: Barrier, tell: Connection) -> None:
    """Take in a folder of the landing folder, and tell what became of its files."""
    together.wait()
    tell.send([(outcome.file_name, outcome.status) for outcome in ingest(Home(root), [folder])])


def publish(root: Path, together: Barrier, sent: Event, tell: Connection) -> None:
    """Publish until everything is sent, and once more; tell what was published."""
    published: list[Publication] = []
    together.wait()
    over = False
    while not over or len(published) < 3:
        over = sent.is_set()
        refresh_and_publish(Home(root))
        with duckdb.connect(Home(root).published, read_only=True) as connection:
            published.append(publication(connection))
    tell.send(published)


def read(root: Path, over: Event, tell: Connection) -> None:
    """Read as several dashboards do, and tell what each of them saw, in order."""

    def look_on() -> list[Publication]:
        seen: list[Publication] = []
        ended = False
        while not ended:
            ended = over.wait(PAUSE)
            with published.at_once() as connection:
                seen.append(publication(connection))
            assert published.sql(f"{RUNS} LIMIT 1")["run_id"].len() == 1
        return seen

    with open_published(Home(root).published) as published, ThreadPoolExecutor(THREADS) as threads:
        reading = [threads.submit(look_on) for _ in range(THREADS)]
        tell.send([reader.result() for reader in reading])


def read_plainly(root: Path, over: Event, tell: Connection) -> None:
    """Read as a dashboard that opens the file anew for each look, and tell what it saw."""
    seen: list[Publication] = []
    ended = False
    while not ended:
        ended = over.wait(PAUSE)
        with duckdb.connect(Home(root).published, read_only=True) as connection:
            seen.append(publication(connection))
    tell.send([seen])


class Crowd:
    """Processes at work on one home, and what they tell in the end."""

    def __init__(self, warm: ForkServerContext) -> None:
        self.warm = warm

    def join(self, work: Callable[..., None], *given: object) -> tuple[BaseProcess, Connection]:
        """Start a process."""
        ear, mouth = self.warm.Pipe(duplex=False)
        process = self.warm.Process(target=work, args=(*given, mouth), daemon=True)
        process.start()
        mouth.close()
        return process, ear


def test_crowd_of_senders_and_readers_loses_nothing_and_sees_no_half_publication(
    home: Home, tmp_path: Path, warm: ForkServerContext
) -> None:
    write(tmp_path / "first.csv", AREAS[15], figure(15, 0), date(2026, 1, 5))
    assert [outcome.status for outcome in ingest(home, [tmp_path / "first.csv"])] == ["accepted"]
    refresh_and_publish(home)
    with duckdb.connect(home.published, read_only=True) as connection:
        first = publication(connection)
    folders = [home.landing / f"sender-{number}" for number in range(SENDERS)]
    for turn in range(ROUNDS):
        for number, folder in enumerate(folders):
            drawn_on = date(2026, 2, 1 + turn)
            write(folder / f"own-{turn}.csv", AREAS[number], figure(number, turn), drawn_on)
            # Two senders have the same bytes.
            pair = SENDERS + number // 2
            write(folder / f"shared-{turn}.csv", AREAS[pair], figure(pair, turn), drawn_on)

    crowd = Crowd(warm)
    together, sent, over = warm.Barrier(SENDERS + 1), warm.Event(), warm.Event()
    readers = [crowd.join(read, home.root, over) for _ in range(READERS)]
    readers += [crowd.join(read_plainly, home.root, over)]
    publisher = crowd.join(publish, home.root, together, sent)
    senders = [crowd.join(send, home.root, folder, together) for folder in folders]
    outcomes = [outcome for _, ear in senders for outcome in ear.recv()]
    sent.set()
    published = [first, *publisher[1].recv()]
    over.set()
    seen = [reader for _, ear in readers for reader in ear.recv()]
    for process, _ in (*readers, publisher, *senders):
        process.join()
        assert process.exitcode == 0

    assert len(outcomes) == 2 * SENDERS * ROUNDS
    assert sum(status == "accepted" for _, status in outcomes) == (SENDERS + SENDERS // 2) * ROUNDS
    assert sum(status == "unchanged" for _, status in outcomes) == SENDERS // 2 * ROUNDS
    assert not [path for path in home.landing.rglob("*") if path.is_file()]
    assert list(home.incoming.iterdir()) == []
    with home.open() as connection:
        once = "SELECT count(*), count(DISTINCT sha256) FROM submission WHERE status = 'accepted'"
        assert set(*connection.execute(once).fetchall()) == {(SENDERS + SENDERS // 2) * ROUNDS + 1}
    current = sum(figure(area, ROUNDS - 1) for area in range(SENDERS + SENDERS // 2))
    assert published[-1][1] == 12 * (current + figure(15, 0))

    assert len(published) >= 4
    assert len(seen) == READERS * THREADS + 1
    order = [*dict.fromkeys(published)]
    for looks in seen:
        places = [order.index(one) for one in looks]
        assert places == sorted(places)
        assert places[-1] == len(order) - 1
