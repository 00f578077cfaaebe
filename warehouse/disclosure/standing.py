"""Standing: which release is the one to be passed on. `latest.json` names it, and is replaced by one rename."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

LATEST, RELEASE = "latest.json", "release.json"


def standing(releases: Path) -> dict[str, Any] | None:
    """Return what is said of the release that stands under a policy; None where none does.

    Args:
        releases: the folder of the releases under the policy.
    """
    latest = releases / LATEST
    return json.loads(latest.read_text(encoding="utf-8")) if latest.exists() else None


def stand(releases: Path, release_id: str | None) -> None:
    """Let a release be the one that stands, or none.

    Args:
        releases: the folder of the releases under the policy.
        release_id: the release, whose folder has its `release.json`; None for none.
    """
    latest = releases / LATEST
    if release_id is None:
        latest.unlink(missing_ok=True)
        return
    fresh = releases / f"{LATEST}.part"
    shutil.copyfile(releases / release_id / RELEASE, fresh)
    with fresh.open("r+b") as file:
        os.fsync(file.fileno())
    fresh.replace(latest)
