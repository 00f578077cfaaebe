"""What an operator installs names what there is: settings, packages, rights."""

import json
import re
import tomllib
from collections.abc import Iterator
from configparser import RawConfigParser
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from ruamel.yaml import YAML

from flows.keys import PREFIX
from flows.serving.health import ails
from flows.serving.serve import GRACE
from flows.settings import Settings

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
FILES = [path for path in (*DEPLOY.glob("[!.]*"), *(DEPLOY / "aws").glob("*.tf*")) if path.is_file()]


@pytest.fixture
def prefect() -> Iterator[dict[str, Any]]:
    """Answer as Prefect's server does of its work pools: by name, what each is."""
    pools: dict[str, Any] = {}

    class Server(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            pool = pools.get(self.path.removeprefix("/api/work_pools/"))
            self.send_response(200 if pool else 404)
            self.end_headers()
            self.wfile.write(json.dumps(pool or {"detail": "Not found"}).encode())

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Server) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        pools["api"] = f"http://127.0.0.1:{server.server_port}/api"
        yield pools
        server.shutdown()


def test_served_is_healthy_only_while_a_worker_asks_for_work(prefect: dict[str, Any]) -> None:
    assert "knows of no work pool" in ails(prefect["api"])
    prefect["vawg"] = {"status": "NOT_READY"}
    assert "No worker" in ails(prefect["api"])
    prefect["vawg"] = {"status": "READY"}
    assert ails(prefect["api"]) == ""


def test_without_a_server_it_is_not_healthy() -> None:
    assert "does not answer" in ails("http://127.0.0.1:1/api")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists(path: Path) -> None:
    named = set(re.findall(r"\bVAWG_([A-Z0-9_]+)", path.read_text(encoding="utf-8")))
    keys = {name for name in named if f"VAWG_{name}".startswith(PREFIX)}
    assert {name.lower() for name in named - keys} <= set(Settings.model_fields)


def test_image_has_every_package() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    copied = re.findall(r"^COPY (\w+) \1$", (DEPLOY / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    let_in = re.findall(r"^!(\w+)$", (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8"), re.MULTILINE)
    assert set(wheel["packages"]) == set(copied)
    assert set(wheel["packages"]) <= set(let_in)


def test_prefect_is_reached_from_the_machine_alone() -> None:
    services = YAML(typ="safe").load(DEPLOY / "compose.yaml")["services"]
    ports = [port for service in services.values() for port in service.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_service_is_given_the_time_that_its_runs_are_given_to_end() -> None:
    unit = RawConfigParser(strict=False, allow_no_value=True)
    unit.read(DEPLOY / "vawg.service", encoding="utf-8")
    assert unit["Service"]["ExecStart"].endswith("/vawg serve")
    assert unit.getint("Service", "TimeoutStopSec") > GRACE


def test_worker_on_aws_has_the_rights_that_are_documented_and_no_others() -> None:
    page = (ROOT / "docs" / "landing.md").read_text(encoding="utf-8")
    (policy,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    statements = [one["Action"] for one in json.loads(policy)["Statement"]]
    documented = {action for one in statements for action in ([one] if isinstance(one, str) else one)}
    documented |= set(re.findall(r"`(kms:\w+)`", page))
    terraform = (DEPLOY / "aws" / "worker.tf").read_text(encoding="utf-8")
    (_, worker) = terraform.split('data "aws_iam_policy_document" "worker"')
    given = set(re.findall(r'"((?:s3|kms|sqs):\w+)"', worker))
    assert given == documented | {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}
