"""Served as the compose file does: Prefect's server on PostgreSQL, a worker and a watcher beside it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from ruamel.yaml import YAML

from flows.home import Home
from tests.flows.serving.resident import Resident, free_port
from tests.flows.serving.test_serving import OFFENCES, police

COMPOSE = Path(__file__).parents[3] / "deploy" / "compose.yaml"
DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


def program(name: str) -> str:
    """Return where a program of PostgreSQL is."""
    found = shutil.which(name) or (DEBIAN and shutil.which(name, path=str(DEBIAN[-1])))
    if not found:
        pytest.skip("PostgreSQL is not installed here")
    return str(found)


def services(*names: str) -> list[list[str]]:
    """Return the commands of services of the compose file."""
    declared = YAML(typ="safe").load(COMPOSE)["services"]
    return [declared[name]["command"] for name in names]


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


@pytest.fixture
def prefect(database: str, tmp_path: Path) -> Iterator[int]:
    """Run Prefect's server on it as the compose file does, and return its port."""
    port = free_port()
    environment = {
        **os.environ,
        "PREFECT_HOME": str(tmp_path / "prefect"),
        "PREFECT_API_DATABASE_CONNECTION_URL": database,
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(tmp_path / "pages"),
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        yield port
        running.terminate()


def test_worker_and_watcher_beside_a_server_lose_nothing_when_they_are_killed(prefect: int, tmp_path: Path) -> None:
    home = Home(tmp_path / "home").prepare()
    where = {"PREFECT_API_URL": f"http://127.0.0.1:{prefect}/api"}
    worker, watcher = (
        Resident(home, tmp_path / f"{command[0]}.txt", where, command, prefect)
        for command in services("worker", "watcher")
    )
    worker.start()
    watcher.start()
    police(home, "2016-04", 417)
    worker.until(lambda: worker.ask(OFFENCES % "2016-04-01") == [(417,)])
    assert "landed    police_2016-04.csv" in watcher.said
    assert "landed" not in worker.said
    for one in (worker, watcher):
        one.kill()
    police(home, "2016-05", 418)
    for one in (worker, watcher):
        one.start()
    worker.until(lambda: worker.ask(OFFENCES % "2016-05-01") == [(418,)])
    assert worker.history() == [("police_2016-04.csv", "accepted"), ("police_2016-05.csv", "accepted")]
    assert (worker.end(), watcher.end()) == (0, 0)
    assert not (home.prefect / "prefect.db").exists()
