"""`vawg serve`: everything on one machine, in one command, until it is stopped."""

import asyncio
import os
import signal
from collections.abc import Callable, Coroutine
from contextlib import suppress
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from flows.events import emit
from flows.home import Home
from flows.landing import places
from flows.progress import silent
from flows.running import point_prefect_at
from flows.serving.clock import watch_clock
from flows.serving.folder import watch_folder
from flows.serving.health import POOL
from flows.serving.log import say
from flows.serving.queue import watch_queue
from flows.serving.server import HOST, CannotServe, claim, keep_serving, wait_until_healthy

if TYPE_CHECKING:
    from flows.settings import Settings

#: How often the worker asks for runs, in seconds, and how many it runs at once.
ASK, AT_ONCE = 0.25, 4
#: How long what is at work may take to end when all is ended, in seconds.
GRACE = 30
#: How long after it broke off what watches landing is started again, in seconds.
AGAIN = 5


def serve(settings: "Settings", port: int, *, watching: bool = True) -> None:
    """Run Prefect's server, the worker and the watchers until the process is told to end.

    Where PREFECT_API_URL names a server, that one is used, and none is started.

    Args:
        settings: the settings.
        port: where Prefect's server and its pages are to be found on this machine.
        watching: watch landing too; otherwise that is left to `only_watch` in a process of its own.

    Raises:
        CannotServe: if another process serves this home, or Prefect's server cannot be started.
    """
    home = Home.of(settings).prepare()
    stop = Event()
    try:
        with FileLock(home.root / "serving.lock", timeout=0):
            _serve(home, settings, port, stop, watching=watching)
    except Timeout:
        raise CannotServe(f"Another process serves {home.root}. End that one, or set VAWG_HOME.") from None


def watch(home: Home, settings: "Settings", stop: Event) -> None:
    """Start what watches landing, in a thread that ends when `stop` is set, and wait until it notices what comes.

    A bucket without a queue is left to the sweep.
    """
    noticing = Event()
    if not home.bucket:
        watcher = partial(watch_folder, home.landing, emit, stop, tell=say, polling=settings.poll, started=noticing.set)
    elif settings.queue:
        watcher = partial(watch_queue, settings.queue, places.landing(home).address, emit, stop, tell=say)
        noticing.set()
    else:
        say("No queue tells of what lands in the bucket (VAWG_QUEUE): the sweep looks for it.")
        return
    Thread(target=_keep_watching, args=(watcher, stop), daemon=True).start()
    noticing.wait()


def only_watch(settings: "Settings") -> None:
    """Watch landing until the process is told to end; somebody else's worker takes in what comes.

    Raises:
        CannotServe: if it is not said where Prefect's server is, or that does not answer.
    """
    api = os.environ.get("PREFECT_API_URL")
    if not api:
        raise CannotServe("PREFECT_API_URL must say where Prefect's server is; `vawg serve` brings its own.")
    home, stop = Home.of(settings).prepare(), Event()
    point_prefect_at(home)
    wait_until_healthy(api, stop)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    watch(home, settings, stop)
    say(f"ready     {api.removesuffix('/api')}")
    stop.wait()


def _keep_watching(watcher: Callable[[], None], stop: Event) -> None:
    """Watch landing until it is stopped; what broke off is started again, and the sweep takes what came meanwhile."""
    while not stop.is_set():
        try:
            watcher()
        except Exception as error:
            say(f"What watches landing broke off ({type(error).__name__}: {error}), and starts again in {AGAIN} s.")
            stop.wait(AGAIN)


def _serve(home: Home, settings: "Settings", port: int, stop: Event, *, watching: bool) -> None:
    own = not os.environ.get("PREFECT_API_URL")
    api = f"http://{HOST}:{port}/api" if own else os.environ["PREFECT_API_URL"]
    os.environ |= {
        "PREFECT_API_URL": api,
        "PREFECT_WORKER_QUERY_SECONDS": str(ASK),
        "PREFECT_LOGGING_HANDLERS_CONSOLE_CLASS": "flows.serving.log.Briefly",
    }
    point_prefect_at(home)
    unneeded = Event()
    server = Thread(target=keep_serving, args=(port, unneeded), kwargs={"tell": say}, daemon=True)
    if own:
        claim(port)
        server.start()
    say(f"Starting (Prefect's server, the worker{' and the watcher' if watching else ''}: 10 to 20 seconds)")
    # Imported while the server starts, and after the environment is set that Prefect reads once.
    from flows.serving.deployments import deploy, sweep_now
    from flows.serving.worker import WarmWorker, finish, warm_up

    warm_up()
    wait_until_healthy(api, stop)
    deploy()
    if watching:
        watch(home, settings, stop)
    sweep_now()  # takes in what landed while nobody watched

    def replan() -> None:
        deploy()
        sweep_now()

    Thread(target=watch_clock, args=(replan, stop), kwargs={"tell": say}, daemon=True).start()
    say(f"ready     {api.removesuffix('/api')}")
    asyncio.run(_work(WarmWorker(POOL, limit=AT_ONCE).start(printer=silent)))
    say("Ending: what is at work ends first, and what lies in landing waits for the next start.")
    stop.set()
    finish(GRACE)  # which needs Prefect's server
    unneeded.set()
    if own:
        server.join()


async def _work(work: Coroutine[Any, Any, None]) -> None:
    """Run the worker until the process is told to end."""
    working = asyncio.ensure_future(work)
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, working.cancel)
    with suppress(asyncio.CancelledError):
        await working
