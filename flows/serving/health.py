"""Health: whether the pipeline is served, asked of Prefect's server."""

import json
from urllib.error import HTTPError
from urllib.request import urlopen

#: The work pool of every deployment.
POOL = "vawg"


def ails(api: str) -> str:
    """Return what is wrong, in a sentence; nothing where Prefect's server answers and a worker asks it for work.

    Args:
        api: the address of Prefect's server, such as `http://127.0.0.1:4200/api`.
    """
    try:
        with urlopen(f"{api}/work_pools/{POOL}", timeout=5) as answer:
            ready = json.load(answer)["status"] == "READY"
    except HTTPError as error:
        error.close()
        if error.code != 404:
            return f"Prefect's server at {api} answers with an error ({error.code})."
        return f"Prefect's server at {api} knows of no work pool `{POOL}`: `vawg serve` makes it."
    except OSError as error:
        return f"Prefect's server at {api} does not answer ({error})."
    return "" if ready else "No worker has asked Prefect's server for work of late: start `vawg serve` again."
