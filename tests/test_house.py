"""The house: what is shipped and locked beside the code."""

import re
import tomllib
from importlib.resources import files
from pathlib import Path

import duckdb
import pytest

from warehouse.statements import statements

ROOT = Path(__file__).parents[1]
SQL = ROOT / "warehouse" / "sql"
LOCKS = {"requirements.lock": "dev", "benchmarks/requirements.lock": "bench"}
FOLDERS = sorted(path.name for path in SQL.iterdir() if path.is_dir())


def versions(lock: str) -> dict[str, str]:
    """Return the version of each package of a lock."""
    return dict(re.findall(r"^([\w.-]+)(?:\[[\w, -]+\])?==([\w.!+-]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_registry_and_no_path(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    pinned = [line for line in lines if line and not line.startswith(("#", " "))]
    assert len(pinned) > 50
    assert all(re.match(r"^[A-Za-z0-9._-]+(\[[\w, -]+\])?==[\w.!+-]+( ; .+)? \\$", line) for line in pinned)
    assert not [line for line in lines if "://" in line or "/home" in line or line.startswith("-")]


@pytest.mark.parametrize(("lock", "extra"), LOCKS.items())
def test_every_package_of_the_project_is_locked(lock: str, extra: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"][extra]]
    names = {re.split(r"[^\w.-]", one)[0].lower().replace("_", "-") for one in wanted}
    assert names <= set(versions(lock))


def test_lock_of_the_benchmark_agrees_with_that_of_the_project() -> None:
    ours, theirs = (versions(lock) for lock in LOCKS)
    both = ours.keys() & theirs.keys()
    assert len(both) > 50
    assert {name: theirs[name] for name in both} == {name: ours[name] for name in both}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_sql_file_is_read_and_parses(folder: str) -> None:
    read = statements(folder)
    assert [f"{name}.sql" for name in read] == sorted(path.name for path in (SQL / folder).iterdir())
    with duckdb.connect() as connection:
        assert all(connection.extract_statements(script) for script in read.values())


def test_every_sql_folder_is_asked_for() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "warehouse").rglob("*.py"))
    assert set(FOLDERS) == set(re.findall(r'(?:statements\(|sql\(|ask\(connection, )"(\w+)"', code))


def test_every_package_is_in_the_wheel() -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert set(wheel["packages"]) == packages
    for package in packages:
        assert files(package).joinpath("__init__.py").is_file()
