"""Trouble made to order in a customer database: slow tables, a slow or silent network, and a look at what still runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import psycopg

from segbot.addresses import parse_address


def admin(url: str) -> psycopg.Connection[Any]:
    """A connection of the owner, in which every statement stands for itself."""
    return psycopg.connect(**parse_address(url, "a test").arguments, autocommit=True)


@contextmanager
def slow_customers(owner: str, seconds: float = 30) -> Iterator[None]:
    """Every query that looks at the customers of the demo company takes this long."""
    with admin(owner) as connection:
        connection.execute("ALTER TABLE shop.customers RENAME TO real_customers")
        connection.execute(
            "CREATE VIEW shop.customers AS SELECT c.* FROM shop.real_customers c,"
            f" (SELECT pg_sleep({seconds:f}) OFFSET 0) s".encode()
        )
        connection.execute("GRANT SELECT ON shop.customers TO PUBLIC")
    try:
        yield
    finally:
        with admin(owner) as connection:
            connection.execute("DROP VIEW shop.customers")
            connection.execute("ALTER TABLE shop.real_customers RENAME TO customers")


def working(owner: str) -> int:
    """How many queries of segbot the database is working on, or keeps a transaction open for."""
    with admin(owner) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'segbot' AND state <> 'idle'"
            " AND datname = current_database()"
        ).fetchone()
    assert row is not None
    return int(row[0])


class Network:
    """A TCP door to a server's socket: each piece of data passes after `delay` seconds; closed, nothing passes."""

    def __init__(self, socket: str) -> None:
        self.socket = socket
        self.delay = 0.0
        self.open = asyncio.Event()
        self.open.set()
        self.port = 0
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def serve(self) -> AsyncIterator[Network]:
        """The door, for the length of the block."""
        server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self.socket)
        for source, target in ((reader, back), (there, writer)):
            task = asyncio.create_task(self._pump(source, target))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65536):
                await asyncio.sleep(self.delay)
                await self.open.wait()
                target.write(data)
                await target.drain()
        except ConnectionError:
            return  # one side has gone: so does the other
        finally:
            target.close()
