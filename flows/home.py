"""The home folder: where all state lies, and how the warehouse in it is opened."""

import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import polars as pl
from filelock import FileLock, Timeout

from expectations.agencies import AGENCIES
from expectations.calendar import returns_owed, working_days
from expectations.catalogue import catalogue
from expectations.codes import code_list
from expectations.corrections import Correction, load_corrections
from expectations.source import Due, Source
from flows.keys import RETIRED, WAREHOUSE, Keys, load_keys
from warehouse.encrypting import WarehouseShut
from warehouse.opening import open_warehouse

if TYPE_CHECKING:
    from flows.settings import Settings

AT_WORK = ".lock"


@dataclass(frozen=True)
class Home:
    """The folders below `VAWG_HOME`, whose they are, and the keys that they are used with.

    Attributes:
        root: the folder.
        keys_file: where the keys are, if not in `keys.toml` there.
        area: the GSS code of the borough that the returns of its own providers are about.
        contact: whom the senders of files ask.
        corrections_file: where the corrections are, if not in `corrections.toml` there.
        bucket: where files land on S3, as `s3://bucket/prefix/`, and beside which they are kept; empty where that is
            here.
        kms_key: the key of AWS KMS by which S3 encrypts what is kept there; empty for a key of S3's own.
    """

    root: Path
    keys_file: Path | None = None
    area: str = "E09000003"
    contact: str = ""
    corrections_file: Path | None = None
    bucket: str = ""
    kms_key: str = ""

    @classmethod
    def of(cls, settings: "Settings") -> "Home":
        """Return the home that the settings name."""
        return cls(
            settings.home,
            settings.keys,
            settings.area,
            settings.contact,
            settings.corrections,
            settings.landing,
            settings.kms_key,
        )

    @property
    def key_file(self) -> Path:
        """Where the keys are that the environment does not give."""
        return self.keys_file or self.root / "keys.toml"

    @cached_property
    def keys(self) -> Keys:
        """The keys, read once.

        Raises:
            KeysWrong: if they cannot be used.
        """
        return load_keys(self.key_file)

    @cached_property
    def corrections(self) -> tuple[Correction, ...]:
        """The known faults in the providers' data, read once.

        Raises:
            CorrectionsWrong: if they cannot be used.
        """
        return load_corrections(self.corrections_file or self.root / "corrections.toml", catalogue())

    @property
    def landing(self) -> Path:
        """The folder where files are put to be taken in, unless they land on S3."""
        return self.root / "landing"

    @property
    def archive(self) -> Path:
        """Where accepted files are kept."""
        return self.root / "archive"

    @property
    def incoming(self) -> Path:
        """Where the private copy of a file lies while it is judged."""
        return self.archive / ".incoming"

    @property
    def quarantine(self) -> Path:
        """Where rejected files are kept, each in a folder with its feedback."""
        return self.root / "quarantine"

    @property
    def warehouse(self) -> Path:
        """The database with all history; restricted."""
        return self.root / "warehouse" / "warehouse.duckdb"

    @property
    def published(self) -> Path:
        """The database that dashboards open."""
        return self.root / "published" / "vawg.duckdb"

    def releases(self, policy: str) -> Path:
        """Return where the releases under a policy of disclosure control lie."""
        return self.root / "published" / policy

    @property
    def ingesting(self) -> Path:
        """The lock of whoever takes in files as they land."""
        return self.root / "archive" / "ingesting.lock"

    @property
    def refreshing(self) -> Path:
        """The lock of whoever refreshes as files are loaded."""
        return self.root / "warehouse" / "refreshing.lock"

    @property
    def prefect(self) -> Path:
        """Where Prefect keeps its own state."""
        return self.root / "prefect"

    def prepare(self) -> "Home":
        """Make the folders where they are not there, and return the home."""
        for folder in (self.incoming, self.quarantine, *(() if self.bucket else (self.landing,))):
            folder.mkdir(parents=True, exist_ok=True)
        with suppress(OSError):  # another's folder; each file in it is private all the same
            self.incoming.chmod(0o700)
        for lock in self.incoming.glob(f"*{AT_WORK}"):
            # A lock that nobody holds is that of a process that was killed.
            with suppress(Timeout, OSError), FileLock(lock, timeout=0):
                lock.with_suffix("").unlink(missing_ok=True)
                lock.unlink()
        a_day_ago = time.time() - 24 * 60 * 60
        for copy in self.incoming.iterdir():
            # Whatever else was left behind; younger ones may be another's, at work, and gone any moment.
            with suppress(OSError):
                if copy.stat().st_mtime < a_day_ago:
                    copy.unlink()
        return self

    @contextmanager
    def open(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the warehouse for writing, with the dimensions of the code lists and declarations.

        Raises:
            WarehouseShut: if it does not open with the storage key.
        """
        with ExitStack() as opened:
            try:
                warehouse = open_warehouse(self.warehouse, dimensions(), self.keys.at_rest(WAREHOUSE))
                connection = opened.enter_context(warehouse)
            except WarehouseShut:
                if RETIRED in self.keys.held:
                    raise WarehouseShut(
                        "The storage key was renewed, and not everything is encrypted by the new one yet: "
                        "`vawg keys encrypt` goes on with that."
                    ) from None
                raise
            yield connection


def measures(sources: Iterable[type[Source]]) -> list[dict[str, str]]:
    """Return the measures of the code list, and those that returns of counts declare as their columns."""
    known = {one["measure_id"]: one for one in code_list("measure")}
    for source in sources:
        for measure in source.counts():
            known.setdefault(measure["measure_id"], measure)
    return list(known.values())


def calendar(sources: Iterable[type[Source]]) -> dict[str, pl.DataFrame]:
    """Return the rows of the tables that the calendar gives: the working days, and the returns that are owed."""
    schema = {"source": pl.String, "month": pl.Date, "months": pl.Int32, "period": pl.String, "due_on": pl.Date}
    rhythms = {source.name: source.arrives for source in sources if isinstance(source.arrives, Due)}
    owed = [{"source": name, **vars(one)} for name, due in rhythms.items() for one in returns_owed(due)]
    return {
        "working_day": pl.DataFrame({"day": working_days()}),
        "owed_return": pl.DataFrame(owed, schema=schema),
    }


def dimensions() -> dict[str, pl.DataFrame]:
    """Return the rows of the tables that the code lists, the declarations and the calendar give."""
    return _dimensions(tuple(catalogue().values()))


@cache
def _dimensions(sources: tuple[type[Source], ...]) -> dict[str, pl.DataFrame]:
    """Return them for some sources; made once, for the warehouse is opened often."""
    agencies = {*AGENCIES.values(), *(source.supplier for source in sources)}
    return {
        "dim_area": pl.DataFrame(code_list("area")),
        "dim_offence": pl.DataFrame(code_list("offence")).drop("called"),
        "dim_measure": pl.DataFrame(measures(sources)),
        "dim_service": pl.DataFrame(code_list("service")).drop("called"),
        "dim_agency": pl.DataFrame(sorted(map(vars, agencies), key=lambda one: str(one["agency_id"]))),
        **calendar(sources),
        "part": pl.DataFrame(
            [
                {"source": source.name, "part": name, "part_name": source.part_names()[name], **vars(part)}
                for source in sources
                for name, part in source.parts.items()
            ],
            schema={
                "source": pl.String,
                "part": pl.String,
                "part_name": pl.String,
                "valid_from": pl.Date,
                "valid_to": pl.Date,
            },
        ),
        "source": pl.DataFrame(
            [
                {
                    "source": source.name,
                    "title": source.title,
                    "supplier_id": source.supplier.agency_id,
                    "loads": source.loads,
                    "arrives": str(source.arrives),
                    "precedence": source.precedence,
                }
                for source in sources
            ]
        ),
    }
