"""What the store promises when its database is away, full of work, or back again."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy import create_engine, text
from tests.store.samples import NOW, TEAM, new_request

from segbot.errors import ConfigurationError, StoreUnavailable
from segbot.store.database import Store
from segbot.store.deliveries import LEASE, Taken
from segbot.store.migrate import migrate
from segbot.testing.stores import throwaway_schema
from segbot.warehouse.embedded import EmbeddedPostgres, temporary_postgres
from segbot.warehouse.embedded_host import processes_in

STRANGER = f"segbot_test_stranger_{secrets.token_hex(4)}"  # roles belong to the server, which others may be testing on


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
        connection.execute(text(f"DROP ROLE IF EXISTS {STRANGER}"))
        connection.execute(text(f"CREATE ROLE {STRANGER} LOGIN PASSWORD 'x'"))
        connection.execute(text(f"GRANT USAGE ON SCHEMA segbot TO {STRANGER}"))
    address = engine.url.set(username=STRANGER, password="x").render_as_string(hide_password=False)
    try:
        async with Store.open(address) as store:
            with pytest.raises(ConfigurationError, match="SEGBOT_STORE_URL may not use"):
                await store.requests.recent(TEAM, "U1")
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP OWNED BY {STRANGER}"))
            connection.execute(text(f"DROP ROLE {STRANGER}"))


async def test_a_process_killed_between_two_steps(store: Store, store_url: str) -> None:
    """A process killed with -9 inside a transaction leaves nothing of it, and what it had taken is found and done again."""
    program = (
        "import asyncio, os, signal, sys\n"
        "from segbot.store.database import Store\n"
        "from tests.store.samples import NOW, new_request\n"
        "async def main():\n"
        "    store = Store.open(sys.argv[1], sys.argv[2])\n"
        "    await store.deliveries.take('c1', 'command', NOW, payload={'text': 'women'})\n"
        "    async with store.transaction() as tx:\n"
        "        await tx.requests.add(new_request(), NOW)\n"
        "        await tx.audit.record('T1', actor='U1', action='asked', object_kind='request', object_id='r')\n"
        "        await tx.deliveries.finish('c1', NOW)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.getcwd()}
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", program, store_url, store.schema], env=environment, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert await store.requests.recent(TEAM, "U1") == ()
    (lost,) = await store.deliveries.unfinished(NOW + LEASE)
    assert lost.payload == {"text": "women"}
    assert await store.deliveries.take("c1", "command", NOW + LEASE) is Taken.AGAIN
    entry = await store.audit.record(TEAM, actor="U1", action="asked", object_kind="request", object_id="r")
    assert entry.seq == 1
    assert await store.audit.verify(TEAM) is None


async def test_a_cancelled_task_leaves_its_transaction_undone(store: Store) -> None:
    """Cancelling a task in the middle of a transaction rolls it back and gives its connection free."""
    started = asyncio.Event()

    async def work() -> None:
        async with store.transaction() as tx:
            await tx.requests.add(new_request(), NOW)
            started.set()
            await asyncio.sleep(60)

    for _ in range(15):  # more often than there are connections
        task = asyncio.create_task(work())
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        started.clear()
    assert await store.requests.recent(TEAM, "U1") == ()
