"""Which place is meant: by the settings, by an address on the command line, or by what the warehouse tells."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from flows.home import Home
from flows.landing.bucket import SCHEME, Bucket
from flows.landing.folder import Folder
from flows.landing.place import Landing, Lying


def landing(home: Home) -> Landing:
    """Return where files land, and beside which they are kept."""
    return Bucket.at(home.bucket, home.kms_key) if home.bucket else Folder(home.landing)


def named(home: Home, addresses: Iterable[str | Path]) -> list[Lying]:
    """Return the files at addresses, and the tables below them, each once.

    Args:
        home: where everything is kept.
        addresses: paths, and what begins with `s3://`.

    Raises:
        NotThere: if there is nothing at one of them.
        OSError: if one cannot be reached.
        BucketShut: if S3 refuses.
    """
    found = [lying for address in addresses for lying in keeper(home, str(address)).named(str(address))]
    return list(dict.fromkeys(found))


def keeper(home: Home, kept_as: str) -> Landing:
    """Return the place where a file is kept, by what the warehouse tells of it; it may have landed elsewhere since."""
    if not kept_as.startswith(SCHEME):
        return Folder(home.landing)
    there, here = Bucket.at(kept_as, home.kms_key), landing(home)
    return here if isinstance(here, Bucket) and here.name == there.name else replace(there, prefix="")
