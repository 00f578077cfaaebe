"""Watching goes on though what watches breaks off, and says what it needs."""

from pathlib import Path
from threading import Event

import pytest

from flows.serving import serve
from flows.serving.server import CannotServe
from flows.settings import load_settings


def test_what_breaks_off_is_started_again(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(serve, "AGAIN", 0)
    stop = Event()
    times: list[int] = []

    def watcher() -> None:
        times.append(len(times))
        if len(times) < 3:
            raise OSError("inotify watch limit reached")
        stop.set()

    serve._keep_watching(watcher, stop)
    assert times == [0, 1, 2]
    assert capsys.readouterr().out.count("What watches landing broke off (OSError: inotify watch limit reached)") == 2


def test_watching_alone_needs_to_know_where_prefects_server_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PREFECT_API_URL", "")
    with pytest.raises(CannotServe, match="PREFECT_API_URL must say"):
        serve.only_watch(load_settings())
