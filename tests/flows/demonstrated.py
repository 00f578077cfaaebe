"""The demonstration, made once by the command that the README gives, for all tests that look at its figures."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

from flows.home import Home

#: DuckDB takes a program without a file for a person at a prompt, and draws a bar for a question that takes seconds.
VAWG = "import __main__; __main__.__file__ = 'vawg'; from flows.cli import main; main()"


def vawg_alone(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own, with nothing of this one's settings."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "VAWG", "XDG"))}
    return subprocess.run(
        [sys.executable, "-c", VAWG, *words],
        cwd=folder,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@dataclass(frozen=True)
class Demonstrated:
    """What `vawg demo --json` has left and said.

    Attributes:
        user: the home folder of the user who ran it.
        work: the folder in which it was run.
        shown: what it printed.
    """

    user: Path
    work: Path
    shown: dict[str, Any]

    def copied_to(self, place: Path) -> Home:
        """Return a copy of its home, for tests that open the warehouse or write to it."""
        made = self.work / "vawg-demo"
        return Home(Path(shutil.copytree(made, place, ignore=shutil.ignore_patterns("prefect"), dirs_exist_ok=True)))


def demonstrated(folder: Path) -> Demonstrated:
    """Run the demonstration in a folder, unless another process of these tests has done it or is at it."""
    user, work, said = folder / "user", folder / "work", folder / "said.json"
    for one in (user, work):
        one.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        if not said.exists():
            done = vawg_alone("demo", "--json", folder=work, HOME=str(user), USERPROFILE=str(user))
            assert done.returncode == 0, done.stderr
            said.write_text(done.stdout, encoding="utf-8")
    return Demonstrated(user, work, json.loads(said.read_text(encoding="utf-8")))
