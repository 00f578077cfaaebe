"""A flow that does nothing: what it takes until it starts is what Prefect takes."""

from prefect import flow


@flow
def nothing() -> None:
    """Do nothing."""
