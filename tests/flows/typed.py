"""The command line as a person types it: what it answers, and its exit code."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from flows import cli


@dataclass
class Answer:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Vawg = Callable[..., Answer]


def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Vawg:
    """Return a function that types a command, and fails where it ends with a traceback."""

    def vawg(*words: object) -> Answer:
        monkeypatch.setattr(sys, "argv", ["vawg", *map(str, words)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return Answer(int(ended.value.code or 0), printed.out, printed.err)

    return vawg
