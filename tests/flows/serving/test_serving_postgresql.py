"""Served with Prefect's state in PostgreSQL: files become published figures, and a restart loses nothing."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from flows.home import Home
from tests.flows.serving.resident import Resident, free_port
from tests.flows.serving.test_serving import OFFENCES, police

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def program(name: str) -> str:
    """Return where a program of PostgreSQL is."""
    found = shutil.which(name) or (DEBIAN and shutil.which(name, path=str(DEBIAN[-1])))
    if not found:
        pytest.skip("PostgreSQL is not installed here")
    return str(found)


@pytest.fixture
def database() -> Iterator[str]:
    """Run PostgreSQL with an empty database, and return its address."""
    initdb, postgres, createdb = (program(name) for name in ("initdb", "postgres", "createdb"))
    # The folder of the tests is for the user alone who runs them, and PostgreSQL refuses to be run by root.
    folder, port = Path(mkdtemp(prefix="vawg-postgresql-")), free_port()
    user = "nobody" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    common = {"user": user, "cwd": folder, "stdout": subprocess.DEVNULL}
    subprocess.run([initdb, "--auth=trust", "--username=prefect", "data"], check=True, **common)  # type: ignore[call-overload]
    settings = ["-p", str(port), "-c", "listen_addresses=127.0.0.1", "-c", f"unix_socket_directories={folder}"]
    with subprocess.Popen([postgres, "-D", "data", *settings], stderr=subprocess.DEVNULL, **common) as running:  # type: ignore[call-overload]
        address = ["--host=127.0.0.1", f"--port={port}", "--username=prefect"]
        while subprocess.run([createdb, *address, "prefect"], stderr=subprocess.DEVNULL, check=False).returncode:
            assert running.poll() is None
        yield f"postgresql+asyncpg://prefect@127.0.0.1:{port}/prefect"
        running.terminate()
    shutil.rmtree(folder)


def test_files_become_published_figures_and_a_restart_loses_nothing(database: str, tmp_path: Path) -> None:
    served = Resident(
        Home(tmp_path / "home").prepare(),
        tmp_path / "log.txt",
        {"PREFECT_API_DATABASE_CONNECTION_URL": database},
    )
    served.start()
    police(served.home, "2016-04", 417)
    served.until(lambda: served.ask(OFFENCES % "2016-04-01") == [(417,)])
    served.kill()
    police(served.home, "2016-05", 418)
    served.start()
    served.until(lambda: served.ask(OFFENCES % "2016-05-01") == [(418,)])
    assert served.history() == [("police_2016-04.csv", "accepted"), ("police_2016-05.csv", "accepted")]
    assert served.end() == 0
    assert not (served.home.prefect / "prefect.db").exists()
