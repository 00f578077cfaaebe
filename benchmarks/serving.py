"""`make bench-serving`: from the end of an upload to the published figure, beside the start of an empty flow."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from typing import Annotated, Any, TypeVar

import typer

from benchmarks.showing import Shown, machine, show
from flows.home import Home
from flows.progress import progress
from tests.flows.buckets import Network
from tests.flows.serving.council import BARNET, Council
from tests.flows.serving.resident import Resident

EXTRACT = (
    "Month,Area code,Concept,Measure,Count,Extract date\n{month},{area},DA_INCIDENT,incidents,{value},2026-01-05\n"
)
REFUGE = (
    "Prepared on,2020-05-{day:02}\n\n"
    "Refuge,Quarter,Bed spaces,Women,Men,Trans adults,Children,Referrals,Households unable to be supported\n"
    "Minerva House,2019/20 Q1,18,{women},0,0,3,25,12\n"
)
#: How long a run stays after the last file, with some seconds to end: the next file then starts a run of its own.
OVER = 9
EMPTY = "vawg.benchmark.nothing"
RUN = "SELECT run_id FROM run"

Put = Callable[[str, str], None]
T = TypeVar("T")


@dataclass
class Landing:
    """A landing place that is served.

    Attributes:
        name: what it is called in the table.
        served: the home.
        put: puts a file there, whole, by its name and content.
    """

    name: str
    served: Resident
    put: Put


def main(
    files: Annotated[int, typer.Option(help="Files, one after the other.")] = 10,
    burst: Annotated[int, typer.Option(help="Files at once.")] = 50,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
) -> None:
    """Measure how soon a file's figures are published, in a folder and on S3."""
    single = Shown("Seconds, one file at a time", ["", "median", "95th percentile"])
    many = Shown(f"{burst} files at once", ["", "seconds until all are published", "publications"])
    with TemporaryDirectory(prefix="vawg-serving-") as folder, progress("Starting") as tell:
        for landing in (folder_landing(Path(folder, "folder")), bucket_landing(Path(folder, "bucket"))):
            tell(f"Serving from {landing.name}")
            landing.served.start()
            single.rows += [
                row(f"{landing.name}: to the published figure", one_by_one(landing, files, tell)),
                row(f"{landing.name}: an event to the start of an empty flow", floor(landing.served, files, tell)),
            ]
            tell(f"{burst} files at once, {landing.name}")
            seconds, publications = at_once(landing, burst)
            many.rows.append([landing.name, f"{seconds:.1f}", str(publications)])
            landing.served.end()
    show([single, many], [machine()], markdown=markdown)


def row(name: str, seconds: list[float]) -> list[str]:
    """Return a row of the table."""
    percentiles = quantiles(seconds, n=20, method="inclusive")
    return [name, f"{percentiles[9]:.2f}", f"{percentiles[18]:.2f}"]


def folder_landing(root: Path) -> Landing:
    """Return a home whose files land in its folder."""
    root.mkdir()
    home = Home(root / "home").prepare()

    def put(name: str, body: str) -> None:
        part = root / name
        part.write_text(body, encoding="utf-8")
        part.replace(home.landing / name)

    return Landing("a folder", Resident(home, root / "log.txt"), put)


def bucket_landing(root: Path) -> Landing:
    """Return a home whose files land in a bucket, which tells a queue of them."""
    from moto.server import ThreadedMotoServer

    root.mkdir()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # it tells of every request
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    assert moto._server is not None
    url = "http://{}:{}".format(*moto.get_host_and_port())
    council = Council(url, url, Network(moto._server.app), root)
    return Landing(
        "S3",
        council.served,
        lambda name, body: council.s3.put_object(Bucket="barnet", Key=f"landing/{name}", Body=body),
    )


def one_by_one(landing: Landing, files: int, tell: Callable[[str], None]) -> list[float]:
    """Put returns of a provider, each after the one before is published and all is quiet, and return the seconds."""
    taken = []
    for number in range(1, files + 2):
        tell(f"File {number} of {files + 1}, {landing.name}")
        women = 1000 + number
        landing.put(f"refuge_{number}.csv", REFUGE.format(day=number, women=women))
        started = time.perf_counter()
        until(Publications(landing.served, f"FROM fact_return_counts WHERE value = {women}"))
        taken.append(time.perf_counter() - started)
        time.sleep(OVER)
    return taken[1:]  # the first publication makes the file


class Publications:
    """What each new publication answers; to look whether there is one takes next to nothing."""

    def __init__(self, served: Resident, question: str) -> None:
        """Ask the publications of a home from now on."""
        self._served, self._question = served, question
        self._seen = 0

    def __call__(self) -> list[tuple[Any, ...]]:
        """Return what a publication that was not asked before answers; nothing where there is none."""
        published = self._served.home.published
        latest = published.stat().st_mtime_ns if published.exists() else 0
        if latest == self._seen:
            return []
        self._seen = latest
        return self._served.ask(self._question)


def floor(served: Resident, times: int, tell: Callable[[str], None]) -> list[float]:
    """Emit an event that starts an empty flow, and return the seconds until it starts."""
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.filters import FlowFilter, FlowFilterName
    from prefect.client.schemas.sorting import FlowRunSort
    from prefect.events import DeploymentEventTrigger, Event, Resource
    from prefect.settings import PREFECT_API_URL, temporary_settings
    from prefect.types.entrypoint import EntrypointType

    from benchmarks.nothing import nothing
    from flows.serving.health import POOL

    taken = []
    empty = FlowFilter(name=FlowFilterName(any_=["nothing"]))
    with temporary_settings({PREFECT_API_URL: served.api}), get_client(sync_client=True) as client:
        deployment: Any = nothing.to_deployment(
            "nothing",
            work_pool_name=POOL,
            entrypoint_type=EntrypointType.MODULE_PATH,
            triggers=[DeploymentEventTrigger(expect={EMPTY})],
        )
        deployment.apply()
        time.sleep(2)  # for the server to take up the trigger
        for number in range(1, times + 1):
            tell(f"Empty flow {number} of {times}")
            event = Event(event=EMPTY, resource=Resource({"prefect.resource.id": EMPTY}))
            before = time.time()
            client.request("POST", "/events", json=[event.model_dump(mode="json")]).raise_for_status()

            def started(since: float = before) -> float:
                runs = client.read_flow_runs(flow_filter=empty, sort=FlowRunSort.EXPECTED_START_TIME_DESC, limit=1)
                return max([0, *(one.start_time.timestamp() - since for one in runs if one.start_time)])

            taken.append(until(started, look=0.1))  # each look is work for the server
            time.sleep(2)
    return taken


def at_once(landing: Landing, files: int) -> tuple[float, int]:
    """Put monthly extracts all at once; return the seconds until all are published, and how many publications."""
    seen = set(landing.served.ask(RUN))
    for number in range(files):
        month = f"{2010 + number // 12}-{number % 12 + 1:02}-01"
        landing.put(f"extract_{number}.csv", EXTRACT.format(month=month, area=BARNET, value=number))
    started = time.perf_counter()
    publications = Publications(landing.served, "SELECT run_id, (SELECT count(*) FROM fact_offences) FROM run")

    def done() -> bool:
        found = publications()
        seen.update((run,) for run, _ in found)
        return any(loaded == files for _, loaded in found)

    until(done)
    return time.perf_counter() - started, len(seen) - 1


def until(happened: Callable[[], T], patience: float = 120, look: float = 0.01) -> T:
    """Wait until something has happened, and return what it is."""
    ends = time.monotonic() + patience
    while not (found := happened()):
        if time.monotonic() > ends:
            raise TimeoutError("It has not happened.")
        time.sleep(look)
    return found


if __name__ == "__main__":
    typer.run(main)
