"""What holds after a process was killed, wherever it was, and that the next run carries on."""

import csv
import os
import shutil
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from hashlib import sha256
from itertools import count
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

import pytest

from flows.home import Home
from flows.ingesting import Steps, ingest, take_in
from flows.judging import Judged, judge_file
from flows.landing.folder import LocalFile
from flows.refreshing import refresh_and_publish
from tests.empty import with_warehouse
from tests.flows.acts import listening
from warehouse import open_published

HEADERS = ("Month", "Area code", "Concept", "Measure", "Count", "Extract date")
MONTHS = [date(2020 + number // 12, number % 12 + 1, 1) for number in range(3, 15)]
VALUE = "SELECT value FROM rolling_12m WHERE indicator_id = 'DA_INC_R12' AND value IS NOT NULL"
RUNS = "SELECT run_id FROM run UNION SELECT DISTINCT run_id FROM rolling_12m"

#: What is sent: the count of each month of a restatement, an older extract, and the same bytes again.
COUNTS = {"a_restated.csv": 98, "b_older.csv": 80, "c_again.csv": 98}
VERDICTS = {**dict.fromkeys(COUNTS, "held"), "d_broken.csv": "rejected"}

#: What has been published in the homes that runs start from; in the first everything has been taken in since.
STARTS: dict[str, list[float]] = {"taken in": [1200], "published": [1200], "new": []}

#: Before or after these acts the next run meets another state: a rename, a removal, a commit that is done.
LASTS = ("os.", "done: ")

#: How many runs are killed at random; `make soak` kills thousands, at other instants each time.
SOAKING = "SOAK" in os.environ
KILLS = int(os.environ.get("SOAK", "8"))
SEED = int(os.environ.get("SOAK_SEED", "20261123"))

Judgements = dict[str, Judged]


@contextmanager
def showing(circumstances: str) -> Iterator[None]:
    """Say under which circumstances something was not as it should be."""
    try:
        yield
    except AssertionError as error:
        error.add_note(circumstances)
        raise


def digest(path: Path) -> str:
    """Return the hash of a file."""
    return sha256(path.read_bytes()).hexdigest()


def write(path: Path, incidents: object, drawn_on: str) -> Path:
    """Write an extract with the same count in each of twelve months."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        rows = [(month, "E09000003", "DA_INCIDENT", "incidents", incidents, drawn_on) for month in MONTHS]
        csv.writer(lines).writerows([HEADERS, *rows])
    return path


@dataclass(frozen=True)
class Found:
    """What a home holds, for its readers and for its operator.

    Attributes:
        figures: the published value of the one complete window.
        behind: the sum of the published facts.
        runs: the runs that the published tables name.
        facts: every fact row, history included.
        slices: how many slices there are, history included.
        submissions: name, hash, status and hash of the kept file of each.
        landed: name -> hash of what still lies in the landing folder.
        strays: files that are kept and that no submission tells of.
    """

    figures: list[float]
    behind: int
    runs: int
    facts: list[tuple[object, ...]]
    slices: int
    submissions: list[tuple[str, str, str, str]]
    landed: dict[str, str]
    strays: list[str]

    @property
    def accepted(self) -> list[str]:
        """The hashes of what was accepted."""
        return sorted(one for _, one, status, _ in self.submissions if status == "accepted")


def look(home: Home) -> Found:
    """Open everything as the next run and a reader would."""
    figures, behind, runs = [], 0, 1
    if home.published.exists():
        with open_published(home.published) as published, published.at_once() as reader:
            figures = [value for (value,) in reader.execute(VALUE).fetchall()]
            ((behind,),) = reader.execute("SELECT coalesce(sum(value), 0)::BIGINT FROM fact_offences").fetchall()
            runs = len(reader.execute(RUNS).fetchall())
    with home.open() as warehouse:
        facts = warehouse.execute("SELECT content_id, month, value FROM fact_offences ORDER BY ALL").fetchall()
        ((slices,),) = warehouse.execute("SELECT count(*) FROM slice").fetchall()
        recorded = warehouse.execute("SELECT file_name, sha256, status, kept_as FROM submission").fetchall()
    kept = {home.root / place for *_, place in recorded}
    lying = [path for folder in (home.archive, home.quarantine) for path in folder.rglob("*") if path.is_file()]
    # The answer to a rejected file lies beside it.
    answers = {"feedback.txt", "feedback.html", "d_broken.checked.xlsx"}
    told = {*kept, *(path.with_name(name) for path in kept for name in answers)}
    return Found(
        figures=figures,
        behind=behind,
        runs=runs,
        facts=facts,
        slices=slices,
        submissions=[(name, one, status, digest(home.root / place)) for name, one, status, place in recorded],
        landed={path.name: digest(path) for path in home.landing.iterdir()},
        strays=[path.name for path in lying if path not in told and path.parent != home.incoming],
    )


# What runs in a process of its own, forked from one that has imported everything and used nothing: the threads of
# DuckDB and Polars would not survive the fork.


def take_in_landed(root: Path, judged: Judgements) -> None:
    """Take in what has landed; what the files are judged to be is known, as judging leaves nothing."""
    home = Home(root)
    ingest(home, [home.landing], take=partial(take_in, steps=Steps(judge=lambda copy, *_: judged[digest(copy)])))


def run(root: Path, judged: Judgements) -> None:
    """Take in what has landed, and publish."""
    take_in_landed(root, judged)
    refresh_and_publish(Home(root))


def look_and_run(root: Path, judged: Judgements, tell: Connection) -> None:
    """Tell what there is, run, and tell what there is then."""
    tell.send(look(Home(root)))
    run(root, judged)
    tell.send(look(Home(root)))


def run_and_list(root: Path, judged: Judgements, tell: Connection) -> None:
    """Run, and tell each act, once."""
    acts: dict[str, None] = {}
    with listening(lambda act: acts.update({act: None})):
        run(root, judged)
    tell.send(list(acts))


def run_and_die(root: Path, judged: Judgements, last: str) -> None:
    """Run until an act, and die of it."""

    def die(act: str) -> None:
        if act == last:
            os.kill(os.getpid(), signal.SIGKILL)

    with listening(die):
        run(root, judged)


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with what is sent: a restatement, an older extract, the same bytes again, and a broken one."""
    folder = tmp_path_factory.mktemp("sent")
    restated = write(folder / "a_restated.csv", 98, "2026-02-05")
    write(folder / "b_older.csv", 80, "2025-12-05")
    shutil.copy(restated, folder / "c_again.csv")
    write(folder / "d_broken.csv", "many", "2026-02-05")
    return folder


@pytest.fixture(scope="module")
def homes(sent: Path, runner: "Runner", tmp_path_factory: pytest.TempPathFactory) -> dict[str, Home]:
    """Return homes into which it has landed: those that have published 1,200, and one that has never run."""
    # Its tables are in the file of its warehouse, and not in the log, which every opening reads again.
    published = with_warehouse(Home(tmp_path_factory.mktemp("homes") / "published"))
    ingest(published, [write(sent.parent / f"{sent.name}.csv", 100, "2026-01-05")])
    refresh_and_publish(published)
    new = Home(published.root.with_name("new")).prepare()
    for home in (published, new):
        shutil.copytree(sent, home.landing, dirs_exist_ok=True)
    taken_in = copy_of(published, published.root.with_name("taken in"))
    runner.start(take_in_landed, taken_in).join()
    return dict(zip(STARTS, (taken_in, published, new), strict=True))


@pytest.fixture(scope="module")
def judged(sent: Path) -> Judgements:
    """Return what each file is judged to be, by hash."""
    return {digest(path): judge_file(path) for path in sent.iterdir()}


@dataclass(frozen=True)
class Runner:
    """Starts runs on homes, each in a process that can be killed."""

    warm: ForkServerContext
    judged: Judgements

    def start(self, work: Callable[..., None], home: Home, *given: object) -> BaseProcess:
        """Start a process on a home."""
        process = self.warm.Process(target=work, args=(home.root, self.judged, *given))
        process.start()
        return process

    def telling(self, work: Callable[..., None], home: Home) -> tuple[BaseProcess, Connection]:
        """Start a process that tells something."""
        ear, mouth = self.warm.Pipe(duplex=False)
        process = self.start(work, home, mouth)
        mouth.close()
        return process, ear

    def told(self, work: Callable[..., None], home: Home) -> Any:
        """Return the last of what a process tells that nobody disturbs."""
        process, ear = self.telling(work, home)
        answer = None
        with suppress(EOFError):
            while True:
                answer = ear.recv()
        process.join()
        assert process.exitcode == 0
        return answer


@pytest.fixture(scope="module")
def runner(warm: ForkServerContext, judged: Judgements) -> Runner:
    """Return what starts runs."""
    return Runner(warm, judged)


@pytest.fixture(scope="module")
def undisturbed(homes: dict[str, Home], runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Found]:
    """Return what each home holds after a run that nobody disturbs."""
    place = tmp_path_factory.mktemp("undisturbed")
    return {name: runner.told(look_and_run, copy_of(home, place / name)) for name, home in homes.items()}


def chosen(acts: Iterable[str]) -> list[str]:
    """Return the acts that are tried: each that lasts, every eighth of the others, and in the soak every one."""
    return [act for number, act in enumerate(acts) if SOAKING or act.startswith(LASTS) or not number % 8]


def copy_of(home: Home, place: Path) -> Home:
    """Return a copy of a home."""
    return Home(shutil.copytree(home.root, place))


def look_for_damage(found: Found, sent: Path) -> None:
    """Look for a figure that is not whole, and for a file or row that is lost or doubled."""
    assert found.runs == 1
    assert found.figures in ([], [1200], [1176])
    assert found.behind == sum(found.figures)
    assert len(set(found.accepted)) == len(found.accepted)
    counts = {digest(sent / name): count for name, count in COUNTS.items()}
    expected = sorted((month, counts.get(one, 100)) for one in found.accepted for month in MONTHS)
    assert sorted((month, count) for _, month, count in found.facts) == expected
    assert found.slices == len(expected)
    recorded = {(name, one) for name, one, *_ in found.submissions}
    for path in sent.iterdir():
        assert found.landed.get(path.name) == digest(path) or (path.name, digest(path)) in recorded
    assert all(one == kept for _, one, _, kept in found.submissions)


def look_for_leftovers(found: Found, home: Home, undisturbed: Found) -> None:
    """Compare a home after the last run with one that nobody disturbed."""
    assert (found.figures, found.facts, found.slices) == (undisturbed.figures, undisturbed.facts, undisturbed.slices)
    assert found.figures == [1176]
    assert found.accepted == undisturbed.accepted
    verdicts = {(name, "rejected" if status == "rejected" else "held") for name, _, status, _ in found.submissions}
    assert {*VERDICTS.items()} <= verdicts
    assert (found.landed, found.strays) == ({}, [])
    beside = {path.relative_to(home.published.parent).as_posix() for path in home.published.parent.rglob("*.*")}
    assert beside == {home.published.name, *(f"generations/{run}.duckdb" for run in runs_of(home))}
    for copy in home.incoming.iterdir():
        os.utime(copy, (0, 0))
    assert list(home.prepare().incoming.iterdir()) == []


def runs_of(home: Home) -> list[str]:
    """Return every publication."""
    with home.open() as connection:
        return [run for (run,) in connection.sql("SELECT run_id FROM run").fetchall()]


def state_of(found: Found, home: Home) -> tuple[object, ...]:
    """Return what the next run will meet, so that it need not meet the same twice."""
    beside = sorted(path.relative_to(home.published.parent).parts[0] for path in home.published.parent.rglob("*"))
    statuses = sorted(status for *_, status, _ in found.submissions)
    return (*found.figures, *beside, *statuses, *sorted(found.landed), *found.strays, any(home.incoming.iterdir()))


def test_process_killed_at_any_step_leaves_whole_figures_and_the_next_run_carries_on(
    homes: dict[str, Home], sent: Path, undisturbed: dict[str, Found], runner: Runner, tmp_path: Path
) -> None:
    steps: dict[str, str] = {}
    for name, start in homes.items():
        acts = runner.told(run_and_list, copy_of(start, tmp_path / name))
        steps = {**dict.fromkeys(acts, name), **steps}
    states = set()
    met = set()
    for number, act in enumerate(chosen(steps)):
        name = steps[act]
        home = copy_of(homes[name], tmp_path / str(number))
        process = runner.start(run_and_die, home, act)
        process.join()
        assert process.exitcode == -signal.SIGKILL, act
        found = look(home)
        with showing(act):
            look_for_damage(found, sent)
            if SOAKING or state_of(found, home) not in states:
                after = runner.told(look_and_run, home)
                look_for_damage(after, sent)
                look_for_leftovers(after, home, undisturbed[name])
        states.add(state_of(found, home))
        met.add((*found.figures, len(found.submissions), len(found.landed)))
        shutil.rmtree(home.root)
    # Nothing done, one file recorded that still lies there, all let go of and not published, published.
    assert {(1200, 1, 4), (1200, 2, 4), (1200, 5, 0), (1176, 5, 0)} <= met


def test_processes_killed_at_random_leave_whole_figures_and_the_next_run_carries_on(
    homes: dict[str, Home], sent: Path, undisturbed: dict[str, Found], runner: Runner, tmp_path: Path
) -> None:
    process, ear = runner.telling(look_and_run, copy_of(homes["published"], tmp_path / "timed"))
    ear.recv()
    began = perf_counter()
    ear.recv()
    whole = perf_counter() - began
    process.join()
    random, killed = Random(SEED), 0
    for number in count():
        name = random.choice([*homes])
        home = copy_of(homes[name], tmp_path / f"home-{number}")
        figures = STARTS[name]
        over = False
        while not over:
            process, ear = runner.telling(look_and_run, home)
            found = ear.recv()
            with showing(f"seed {SEED}, home {number}, {killed} processes killed"):
                look_for_damage(found, sent)
                assert found.figures in (figures, [1176])
            figures = found.figures
            process.join(random.uniform(0, whole))
            process.kill()
            process.join()
            over = process.exitcode == 0
            killed += not over
        look_for_leftovers(ear.recv(), home, undisturbed[name])
        shutil.rmtree(home.root)
        if killed >= KILLS:
            return


def test_figure_that_was_seen_before_a_kill_is_called_revised_when_it_changes(
    homes: dict[str, Home], runner: Runner, tmp_path: Path
) -> None:
    acts = runner.told(run_and_list, copy_of(homes["new"], tmp_path / "listed"))
    *_, renamed = (act for act in acts if act.startswith("done: replace"))
    home = copy_of(homes["new"], tmp_path / "home")
    runner.start(run_and_die, home, renamed).join()
    assert look(home).figures == [1176]
    ingest(home, [write(tmp_path / "later.csv", 96, "2026-03-05")])
    refresh_and_publish(home)
    with open_published(home.published) as published:
        assert published.sql(VALUE.replace("SELECT value", "SELECT value, flags")).rows() == [(1152, ["p", "r"])]


def test_error_at_any_step_of_a_file_leaves_it_whole_or_out_and_the_next_run_takes_it(
    homes: dict[str, Home], judged: Judgements, tmp_path: Path
) -> None:
    steps = Steps(judge=lambda copy, *_: judged[digest(copy)])
    acts: dict[str, None] = {}
    listed = copy_of(homes["published"], tmp_path / "listed")
    with listening(lambda act: acts.update({act: None})):
        take_in(listed, LocalFile(listed.landing / "a_restated.csv"), steps)
    for number, last in enumerate(chosen(acts)):
        home = copy_of(homes["published"], tmp_path / str(number))
        path = home.landing / "a_restated.csv"

        def fail(act: str, last: str = last) -> None:
            if act == last:
                raise OSError(28, "No space left on device")

        with showing(last):
            with listening(fail):
                outcome = take_in(home, LocalFile(path), steps)
            held = look(home)
            assert len(held.facts) == held.slices == 12 * len(held.accepted)
            # Nothing is called accepted that is not loaded, and nothing that failed is gone from landing.
            assert len(held.accepted) == 2 if outcome.status == "accepted" else path.exists()
            if path.exists():
                assert take_in(home, LocalFile(path), steps).status in ("accepted", "unchanged")
            held = look(home)
            assert (len(held.facts), held.slices, len(held.accepted)) == (24, 24, 2)
            assert (path.exists(), held.strays) == (False, [])
        shutil.rmtree(home.root)
