"""The command line on files that land on S3: what it says, and the exit code."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app, main
from tests.flows.buckets import Store, refusing
from tests.flows.demonstrated import vawg_alone
from tests.flows.landing.test_bucket import LANDING, extract


@pytest.fixture(autouse=True)
def _landing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("VAWG_LANDING", LANDING)
    monkeypatch.setenv("COLUMNS", "250")


def vawg(*words: str) -> Result:
    return CliRunner().invoke(app, words)


def test_object_and_prefix_are_named_as_addresses(store: Store) -> None:
    store.put("vawg/landing/one.csv", extract())
    store.put("vawg/landing/two.csv", extract("many"))
    taken = vawg("ingest", f"{LANDING}one.csv")
    assert (taken.exit_code, "accepted one.csv" in taken.stdout) == (0, True)
    taken = vawg("ingest", LANDING, "--json")
    assert (taken.exit_code, [one["file_name"] for one in json.loads(taken.stdout)]) == (3, ["two.csv"])
    (held,) = json.loads(vawg("quarantine", "list", "--json").stdout)
    shown = vawg("quarantine", "show", held["submission_id"]).stdout
    assert "Kept as s3://council/vawg/quarantine/" in shown
    answer = Path(shown.partition("Answer to its sender: ")[2].splitlines()[0])
    assert "two.csv" in answer.read_text(encoding="utf-8")
    assert store.lists("vawg/landing/") == []


@pytest.mark.parametrize(
    ("status", "code", "said"),
    [
        ("403 Forbidden", "AccessDenied", "Give this program the right to it: s3:ListBucketVersions on the bucket."),
        ("503 Slow Down", "SlowDown", "S3 is overloaded, and answered SlowDown 5 times. Try again later."),
    ],
)
def test_store_that_refuses_ends_in_failure_and_a_sentence(
    status: str, code: str, said: str, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store.network.on("GET", "/council", refusing(status, code), times=100)
    monkeypatch.setattr("sys.argv", ["vawg", "ingest", LANDING])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr()
    assert (ended.value.code, "Traceback" in printed.err) == (1, False)
    assert printed.err.strip().endswith(said)


def test_run_takes_what_has_landed_through_prefect_and_publishes_without_a_folder_of_the_user(
    store: Store, tmp_path: Path
) -> None:
    store.put("vawg/landing/one.csv", extract())
    no_folder = tmp_path / "no folder"
    no_folder.touch()
    where = {"VAWG_HOME": str(tmp_path / "home"), "VAWG_LANDING": LANDING}
    # In a process of its own: Prefect reads where its state lies once.
    ran = vawg_alone("run", "--json", folder=tmp_path, HOME=str(no_folder), USERPROFILE=str(no_folder), **where)
    assert ran.returncode == 0, ran.stderr
    assert "Traceback" not in ran.stderr
    said = json.loads(ran.stdout)
    assert [one["kept_as"].startswith("s3://council/vawg/archive/") for one in said["files"]] == [True]
    assert said["headline"][0]["incidents"] == "1200"
    assert store.lists("vawg/landing/") == []
