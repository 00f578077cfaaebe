"""Prefect's transactions on SQLite: one that reads before it writes waits, where Prefect's own would fail."""

import asyncio
from pathlib import Path

import pytest
import sqlalchemy
from prefect.server.database.configurations import AioSqliteConfiguration
from sqlalchemy.exc import OperationalError

from flows.serving.waiting import WaitingSqlite


async def two_at_once(database: AioSqliteConfiguration) -> int:
    """Let one transaction read, another write, and the first then write too; return what both have counted."""
    engine = await database.engine()
    has_read, has_written = asyncio.Event(), asyncio.Event()

    async def count(*, first: bool) -> None:
        if not first:
            await has_read.wait()
        async with await database.session(engine) as session, database.begin_transaction(session):
            counted = await session.scalar(sqlalchemy.text("SELECT n FROM counter"))
            if first:
                has_read.set()
                await asyncio.wait([asyncio.create_task(has_written.wait())], timeout=0.5)
            await session.execute(sqlalchemy.text("UPDATE counter SET n = :n"), {"n": counted + 1})
        has_written.set()

    async with engine.begin() as connection:
        await connection.execute(sqlalchemy.text("CREATE TABLE counter AS SELECT 0 AS n"))
    try:
        await asyncio.gather(count(first=True), count(first=False))
        async with engine.connect() as connection:
            return int(await connection.scalar(sqlalchemy.text("SELECT n FROM counter")))
    finally:
        await engine.dispose()


def test_both_are_done(tmp_path: Path) -> None:
    assert asyncio.run(two_at_once(WaitingSqlite(f"sqlite+aiosqlite:///{tmp_path}/prefect.db"))) == 2


def test_without_it_one_fails(tmp_path: Path) -> None:
    with pytest.raises(OperationalError, match="database is locked"):
        asyncio.run(two_at_once(AioSqliteConfiguration(f"sqlite+aiosqlite:///{tmp_path}/prefect.db")))
