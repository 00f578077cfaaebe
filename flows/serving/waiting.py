"""Prefect's SQLite database, whose transactions wait for each other."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from prefect.server.database import dependencies
from prefect.server.database.configurations import AioSqliteConfiguration
from prefect.settings import PREFECT_API_DATABASE_CONNECTION_URL
from sqlalchemy.ext.asyncio import AsyncSession, AsyncSessionTransaction


class WaitingSqlite(AioSqliteConfiguration):
    """SQLite of which each transaction takes the right to write as it begins.

    One that first reads and then writes fails where another has written meanwhile, and Prefect tries it again two
    seconds later. That happened to nearly every run that an event started, since the trigger's own transaction ends
    just then.
    """

    @asynccontextmanager
    async def begin_transaction(
        self,
        session: AsyncSession,
        with_for_update: bool = False,  # noqa: ARG002
    ) -> AsyncGenerator[AsyncSessionTransaction, None]:
        """Begin a transaction that waits until the one before it has ended."""
        async with super().begin_transaction(session, with_for_update=True) as transaction:
            yield transaction


def let_transactions_wait() -> None:
    """Let the server of this process have its transactions wait, where its database is SQLite."""
    url = PREFECT_API_DATABASE_CONNECTION_URL.value()
    if url.startswith("sqlite"):
        dependencies.MODELS_DEPENDENCIES["database_config"] = WaitingSqlite(connection_url=url)
