"""Served: files come to lie in a folder, and their figures are published, with nobody touching anything."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from filelock import FileLock

from flows.home import Home
from tests.empty import with_warehouse
from tests.flows.serving.resident import PATIENCE, Resident

BARNET = "E09000003"
SATURDAY = 5
POLICE = "Month,Area code,Concept,Measure,Count,Extract date"
REFUGE = "Refuge,Quarter,Bed spaces,Women,Men,Trans adults,Children,Referrals,Households unable to be supported"
OFFENCES = f"SELECT value::INT FROM fact_offences WHERE area_code = '{BARNET}' AND month = DATE '%s'"
RUN = "SELECT run_id FROM run"


def drop(home: Home, name: str, *lines: str) -> str:
    """Let a file appear in the landing folder, as a copy of it does: empty, then growing."""
    with (home.landing / name).open("w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)
    return name


def police(home: Home, month: str, incidents: int) -> str:
    """Drop an extract of one month of Barnet."""
    line = f"{month}-01,{BARNET},DA_INCIDENT,incidents,{incidents},2026-01-05"
    return drop(home, f"police_{month}.csv", POLICE, line)


def refuge(home: Home, quarter: str) -> str:
    """Drop a return of both refuges."""
    houses = ("Minerva House", "Hannah House and Arlene House")
    lines = [f"{house},2019/20 {quarter},18,5,0,0,3,25,12" for house in houses]
    return drop(home, f"refuge_{quarter}.csv", "Prepared on,2020-04-20", "", REFUGE, *lines)


def sanctuary(home: Home, year: str, quarter: int) -> str:
    """Drop a return of the Sanctuary scheme of one quarter, with as many homes as its number."""
    name = f"sanctuary_{year.replace('/', '-')}_{quarter}.csv"
    return drop(home, name, "Quarter,Homes assessed,Homes secured", f"{year} Q{quarter},9,{quarter}")


def child(served: Resident, of: str) -> int:
    """Return the process that was started with some words in its command."""
    assert served.process is not None
    threads = Path(f"/proc/{served.process.pid}/task").glob("*/children")
    children = [pid for thread in threads for pid in thread.read_text(encoding="utf-8").split()]
    (found,) = [one for one in children if of in Path(f"/proc/{one}/cmdline").read_text(encoding="utf-8")]
    return int(found)


@contextmanager
def disk_of_its_own(folder: Path) -> Iterator[None]:
    """Let a folder be a small disk, where that is permitted."""
    folder.mkdir(parents=True)
    mount = shutil.which("mount")
    done = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=400m", "tmpfs", folder], check=False, stderr=subprocess.DEVNULL
    )
    yield
    if done and not done.returncode:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Resident]:
    """Serve an empty home."""
    root = tmp_path_factory.mktemp("served")
    home = Home(root / "home")
    with disk_of_its_own(home.root):
        resident = Resident(with_warehouse(home), root / "log.txt")
        resident.start()
        yield resident
        resident.end()


def test_file_in_the_folder_becomes_a_published_figure(served: Resident) -> None:
    police(served.home, "2016-04", 417)
    served.until(lambda: served.ask(OFFENCES % "2016-04-01") == [(417,)])
    assert not list(served.home.landing.iterdir())


def test_burst_of_fifty_files_of_three_sources_is_taken_in_whole_and_published_a_few_times(served: Resident) -> None:
    before, publications = len(served.history()), set(served.ask(RUN))
    names = [
        *(police(served.home, f"20{year}-{month:02}", year + month) for year in (15, 17, 18) for month in range(1, 13)),
        *(refuge(served.home, f"Q{quarter}") for quarter in (1, 2, 3, 4)),
        *(sanctuary(served.home, f"20{year}/{year + 1}", quarter) for year in (17, 18) for quarter in (1, 2, 3, 4)),
        *(sanctuary(served.home, "2019/20", quarter) for quarter in (1, 2)),
    ]

    def is_over() -> bool:
        publications.update(served.ask(RUN))
        return (
            not list(served.home.landing.iterdir())
            and served.ask(OFFENCES % "2018-12-01") == [(30,)]
            and served.ask("SELECT sum(value)::INT FROM fact_return_counts WHERE measure_id = 'homes_secured'")
            == [(23,)]
        )

    served.until(is_over)
    told = served.history()
    assert len(names) == 50
    assert [status for name, status in told if name in names] == ["accepted"] * 50
    assert len(told) == before + 50
    assert [served.ask(OFFENCES % f"20{year}-06-01") for year in (15, 17, 18)] == [[(21,)], [(23,)], [(24,)]]
    # The last one may have come after it was asked which there are.
    assert 2 <= len(publications | set(served.ask(RUN))) <= 6


def test_calendar_is_kept_each_morning_and_makes_the_months_figures_on_the_fifth_working_day(served: Resident) -> None:
    coming = served.coming("morning")
    assert coming
    assert {f"{at.astimezone(ZoneInfo('Europe/London')):%H:%M}" for at in coming} == {"06:30"}
    assert all(at.weekday() < SATURDAY for at in coming)
    made = []
    for day in ("2020-07-06", "2020-07-07"):  # the fourth and the fifth working day of July 2020
        (run,) = served.run("morning/morning", today=day)
        assert served.until(partial(served.has_ended, run)) == "COMPLETED"
        made.append("figures are made today" in served.said)
    assert made == [False, True]
    # 10 working days of April, 19 of May, 22 of June and 4 of July; the quarter before did not come either.
    late = "2019/20 Q4 was due by 16 April 2020 and is 55 working days late. 2 returns in all have not come."
    assert served.said.count(f"- Sanctuary scheme, from Barnet Homes: {late}") == 1


def test_rejected_file_is_told_of(served: Resident) -> None:
    drop(served.home, "wrong.csv", POLICE, f"2016-05-01,{BARNET},DA_INCIDENT,incidents,many,2026-01-05")
    served.until(lambda: "1 file rejected" in served.said)


def test_file_for_which_the_disk_has_no_room_is_taken_in_once_there_is(served: Resident, tmp_path: Path) -> None:
    if not served.home.root.is_mount():
        pytest.skip("No disk of its own can be made here")
    outside = police(Home(tmp_path).prepare(), "2016-06", 55)
    # A hard place: what lands has room, and nothing else has.
    filler = served.home.root / "filler"
    with pytest.raises(OSError, match="No space left"):
        filler.write_bytes(bytes(400 << 20))
    os.truncate(filler, filler.stat().st_size - 4096)
    landed = Path(shutil.copy(tmp_path / "landing" / outside, served.home.landing))
    served.until(lambda: "disk is full" in served.said)
    assert landed.exists()
    assert "Traceback" not in served.said
    filler.unlink()
    # The sweep that comes by itself every five minutes is not waited for.
    with FileLock(served.home.ingesting, timeout=PATIENCE):
        served.run("sweep/sweep")
    served.until(lambda: served.ask(OFFENCES % "2016-06-01") == [(55,)])
    assert [told for name, told in served.history() if name == landed.name] == ["accepted"]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="it looks for the server's process in /proc")
def test_prefects_server_that_dies_is_started_again(served: Resident) -> None:
    os.kill(child(served, "spawn_main"), signal.SIGKILL)
    police(served.home, "2019-01", 33)
    served.until(lambda: served.ask(OFFENCES % "2019-01-01") == [(33,)])
    assert "is started again" in served.said


def test_killed_in_the_middle_it_carries_on_when_it_is_started_again(served: Resident) -> None:
    names = [police(served.home, f"2020-{month:02}", 40 + month) for month in range(1, 11)]
    served.until(lambda: served.said.count("Taking in police_2020"))
    served.kill()
    served.start()
    served.until(lambda: not list(served.home.landing.iterdir()))
    served.until(lambda: served.ask(OFFENCES % "2020-10-01") == [(50,)])
    told = [one for one in served.history() if one[0] in names and one[1] == "accepted"]
    assert told == sorted((name, "accepted") for name in names)


def test_second_one_for_the_same_home_is_refused(served: Resident, tmp_path: Path) -> None:
    second = Resident(served.home, tmp_path / "log.txt")
    with pytest.raises(AssertionError, match="Another process serves"):
        second.start()


def test_it_ends_cleanly_when_it_is_told_to(served: Resident) -> None:
    assert served.end() == 0
    assert served.said.rstrip().splitlines()[-1].endswith("waits for the next start.")
    with pytest.raises(ProcessLookupError):
        os.kill(served.process.pid if served.process else 0, signal.SIG_DFL)
