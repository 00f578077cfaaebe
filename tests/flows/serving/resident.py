"""`vawg serve` in a process of its own, as a person starts it, and what a person sees of it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import httpx

from flows.home import Home
from warehouse.reporting import report

ROOT = Path(__file__).parents[3]
#: How long is waited for what must happen, in seconds: a machine may be busy.
PATIENCE = 240
SERVE = "from flows.cli import main; main()"


def free_port() -> int:
    """Return a port at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Resident:
    """A home that is served.

    Attributes:
        home: the home.
        log: the file that its log is written to.
        environment: settings beyond the home.
        command: what is typed; a server of Prefect that is not its own is asked for at the same port.
    """

    home: Home
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    command: Sequence[str] = ("serve",)
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        port = ["--port", str(self.port)] if "serve" in self.command else []
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE, *self.command, *port],
                cwd=ROOT,
                env={**os.environ, **self.environment, "VAWG_HOME": str(self.home.root)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        ready = self.said.count("ready")
        self.until(lambda: self.said.count("ready") > ready)

    @property
    def said(self) -> str:
        """All that was logged."""
        return self.log.read_text(encoding="utf-8")

    @property
    def api(self) -> str:
        """Where its Prefect server is."""
        return f"http://127.0.0.1:{self.port}/api"

    def until(self, happened: Callable[[], Any]) -> Any:
        """Wait until something has happened, and return what it is; otherwise fail with the log."""
        until = time.monotonic() + PATIENCE
        while not (found := happened()):
            assert self.process is not None
            assert self.process.poll() is None, f"It ended.\n{self.said}"
            assert time.monotonic() < until, f"It has not happened.\n{self.said}"
            time.sleep(0.1)
        return found

    def ask(self, question: str) -> list[tuple[Any, ...]]:
        """Ask the published database; nothing is known before there is one."""
        if not self.home.published.exists():
            return []
        with duckdb.connect(self.home.published, read_only=True) as connection:
            return connection.execute(question).fetchall()

    def history(self) -> list[tuple[str, str]]:
        """Return every submission: the file's name, and what became of it."""
        with self.home.open() as connection:
            return sorted((one["file_name"], one["status"]) for one in report(connection, "history"))

    def run(self, deployment: str, *, times: int = 1, **parameters: object) -> list[str]:
        """Start runs of a deployment, as a person does in Prefect's pages, and return which."""
        found = self._prefect("GET", f"/deployments/name/{deployment}")["id"]
        asked = {"state": {"type": "SCHEDULED"}, "parameters": parameters}
        return [self._prefect("POST", f"/deployments/{found}/create_flow_run", json=asked)["id"] for _ in range(times)]

    def has_ended(self, run: str) -> str:
        """Return how a run has ended; nothing while it has not."""
        state = self._prefect("GET", f"/flow_runs/{run}")["state"]["type"]
        return "" if state in ("SCHEDULED", "PENDING", "RUNNING") else str(state)

    def coming(self, deployment: str) -> list[datetime]:
        """Return when the next runs of a deployment are due, as Prefect has planned them."""
        asked = {
            "deployments": {"name": {"any_": [deployment]}},
            "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
        }
        found = self._prefect("POST", "/flow_runs/filter", json=asked)
        return [datetime.fromisoformat(one["expected_start_time"]) for one in found]

    def _prefect(self, method: str, path: str, **asked: Any) -> Any:
        return httpx.request(method, f"{self.api}{path}", **asked).raise_for_status().json()

    def end(self) -> int:
        """End it as systemd does, and return its exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """Kill it, and wait until all that it started is gone too."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
        if "PREFECT_API_URL" in self.environment:
            return
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)):
                    return
            time.sleep(0.1)
        raise AssertionError("Prefect's server outlived us.")
