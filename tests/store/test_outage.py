"""What the store promises when its database is away, full of work, or back again."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import create_engine, text
from tests.store.samples import NOW, TEAM, new_request

from segbot.errors import ConfigurationError, StoreUnavailable
from segbot.store.database import Store
from segbot.store.migrate import migrate
from segbot.testing.stores import throwaway_schema
from segbot.warehouse.embedded import EmbeddedPostgres, temporary_postgres
from segbot.warehouse.embedded_host import processes_in


async def test_the_database_is_killed_and_comes_back() -> None:
    """While the database is down everything is `StoreUnavailable`; what was written before is there after, by itself."""
    with temporary_postgres({"shared_buffers": "32MB", "synchronous_commit": "on"}) as server:
        await asyncio.to_thread(migrate, server.url())
        with psycopg.connect(server.conninfo(), autocommit=True) as admin:
            admin.execute("CHECKPOINT")
        async with Store.open(server.url()) as store:
            kept = await store.requests.add(new_request(), NOW)
            for process in processes_in(server.data_dir / "data"):
                os.kill(process, signal.SIGKILL)
            for _ in range(2):
                with pytest.raises(StoreUnavailable) as caught:
                    await store.requests.add(new_request(), NOW)
            assert "nothing was saved" in caught.value.sentence
            with await asyncio.to_thread(EmbeddedPostgres(server.data_dir).__enter__):
                assert await store.requests.get(TEAM, kept.id) == kept


async def test_connections_that_the_server_dropped(store: Store, store_url: str) -> None:
    """After the server closed idle connections the next call just works."""
    await asyncio.gather(*(store.requests.recent(TEAM, "U1") for _ in range(5)))
    with create_engine(store_url).connect() as admin:
        admin.execute(
            text(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE application_name = 'segbot store' AND datname = current_database()"
            )
        )
    assert await asyncio.gather(*(store.requests.recent(TEAM, "U1") for _ in range(5))) == [()] * 5


async def test_a_connection_lost_in_a_transaction_undoes_it(store: Store, store_url: str) -> None:
    """When the connection breaks in the middle, the work is told as not saved, and is not."""

    async def broken() -> None:
        async with store.transaction() as tx:
            await tx.requests.add(new_request(), NOW)
            pid = (await tx.connection.execute(text("SELECT pg_backend_pid()"))).scalar_one()
            with create_engine(store_url).connect() as admin:
                admin.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
            await tx.requests.add(new_request(), NOW)

    with pytest.raises(StoreUnavailable):
        await broken()
    assert await store.requests.recent(TEAM, "U1") == ()


async def test_no_free_connection_is_said(store_url: str) -> None:
    """When all connections stay in use, the next caller is told after the pool's patience, and later ones get through."""
    with throwaway_schema(store_url) as schema:
        await asyncio.to_thread(migrate, store_url, schema)
        async with Store.open(store_url, schema, pool_size=1, patience=0.2) as store:
            async with store.transaction():
                with pytest.raises(StoreUnavailable):
                    await store.requests.recent(TEAM, "U1")
            assert await store.requests.recent(TEAM, "U1") == ()


async def test_a_user_without_rights_on_the_tables(make_database: Callable[..., str]) -> None:
    """A user who may not use the tables is told which setting to change, without the database's words."""
    url = make_database()
    migrate(url)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP ROLE IF EXISTS segbot_test_stranger"))
        connection.execute(text("CREATE ROLE segbot_test_stranger LOGIN PASSWORD 'x'"))
        connection.execute(text("GRANT USAGE ON SCHEMA segbot TO segbot_test_stranger"))
    address = engine.url.set(username="segbot_test_stranger", password="x").render_as_string(hide_password=False)
    try:
        async with Store.open(address) as store:
            with pytest.raises(ConfigurationError, match="SEGBOT_STORE_URL may not use"):
                await store.requests.recent(TEAM, "U1")
    finally:
        with engine.begin() as connection:
            connection.execute(text("DROP OWNED BY segbot_test_stranger"))
            connection.execute(text("DROP ROLE segbot_test_stranger"))
