"""Prefect's own server, in a process that ends with ours and is started again when it dies."""

import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable
from threading import Event, Thread
from urllib.request import urlopen

HOST = "127.0.0.1"
#: How long the server may take until it answers, in seconds.
STARTING = 120
spawned = multiprocessing.get_context("spawn")


class CannotServe(Exception):
    """Prefect's server cannot be started; says why."""


def claim(port: int) -> None:
    """Make sure that a port is free.

    Raises:
        CannotServe: if something answers there already.
    """
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            raise CannotServe(
                f"Port {port} is in use, perhaps by another `vawg serve`. End that one, or name another with --port."
            ) from None


def keep_serving(port: int, stop: Event, *, tell: Callable[[str], None]) -> None:
    """Run Prefect's server until it is stopped; when it dies it is started again.

    Args:
        port: where it listens, on this machine only.
        stop: set when it is to end.
        tell: called with a line of text when it had to be started again.
    """
    while not stop.is_set():
        process = spawned.Process(target=_serve, args=(port,), name="Prefect's server")
        process.start()
        while process.is_alive() and not stop.wait(0.2):
            pass
        if process.is_alive():
            process.terminate()
            process.join(10)
            process.kill()
        elif not stop.wait(1):
            tell(f"Prefect's server ended (exit code {process.exitcode}), and is started again.")


def wait_until_healthy(api: str, stop: Event) -> None:
    """Wait until the server answers.

    Raises:
        CannotServe: if it does not answer in time.
    """
    until = time.monotonic() + STARTING
    while not healthy(api) and not stop.wait(0.1):
        if time.monotonic() > until:
            raise CannotServe(f"Prefect's server at {api} has not answered for {STARTING} seconds.")


def healthy(api: str) -> bool:
    """Return whether Prefect's server answers."""
    try:
        with urlopen(f"{api}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _serve(port: int) -> None:
    """Serve until the process is told to end, or ours is gone."""
    import uvicorn
    from prefect.server.api.server import create_app

    from flows.serving.waiting import let_transactions_wait

    let_transactions_wait()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; ours ends this one in its turn
    Thread(target=_end_with_parent, daemon=True).start()
    uvicorn.run(create_app(final=True), host=HOST, port=port, log_config=None)


def _end_with_parent() -> None:
    """Wait until the process that started this one is gone, however it went, and end."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)
