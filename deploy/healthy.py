"""Whether the pipeline is served: exit code 0 where Prefect's server answers and a worker asks it for work."""

import json
import os
import sys
from urllib.request import urlopen


def healthy(api: str) -> bool:
    """Return whether a worker is online; Prefect says so of its work pool.

    Args:
        api: the address of Prefect's server, such as `http://127.0.0.1:4200/api`.
    """
    try:
        with urlopen(f"{api}/work_pools/vawg", timeout=5) as answer:
            return bool(json.load(answer)["status"] == "READY")
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(not healthy(os.environ.get("PREFECT_API_URL", "http://127.0.0.1:4200/api")))
