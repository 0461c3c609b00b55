"""What the warehouse promises: reads only, stops when told, survives the database, and never repeats its words."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
import structlog
from tests.warehouse.samples import ALL, IDS, POLICY, SHOP, SLEEP, TEXANS, select, size

from segbot.addresses import Address, parse_address
from segbot.errors import (
    AccessDenied,
    BadData,
    ConfigurationError,
    DataMissing,
    GuardRefused,
    QueryCancelled,
    QueryTimedOut,
    SegbotError,
    WarehouseBusy,
    WarehouseUnavailable,
)
from segbot.sql.statement import Statement
from segbot.warehouse.connect import Connector, Limits
from segbot.warehouse.embedded import EmbeddedPostgres, temporary_postgres
from segbot.warehouse.embedded_host import processes_in
from segbot.warehouse.run import Warehouse, _all

Running = Callable[..., int]


async def until(test: Callable[[], bool], seconds: float = 10) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.02)


async def drain(warehouse: Warehouse, statement: Statement, **options: object) -> list[tuple[object, ...]]:
    async with warehouse.stream(statement, **options) as batches:
        return [row async for batch in batches for row in batch]


# --- results --------------------------------------------------------------------------------------


async def test_counts_and_rows(warehouse: Warehouse) -> None:
    """Counts are numbers by name, rows come with their column names, with and without bound values."""
    both = select("SELECT COUNT(*) AS matched, MAX(c.id) AS base FROM customers AS c", "matched", "base")
    assert (await warehouse.count(both))["base"] == 5000
    with pytest.raises(BadData):
        await warehouse.count(select("SELECT c.state FROM customers AS c WHERE c.id = 1", "state"))
    assert await size(warehouse, ALL) == 5000
    assert await size(warehouse, TEXANS) == 2500
    statement = select(
        "SELECT c.id, c.born, c.balance, c.email FROM customers AS c WHERE c.id = ANY(CAST(%(p1)s AS BIGINT[])) ORDER BY c.id",
        "id",
        "born",
        "balance",
        "email",
        p1=[3, 1],
    )
    result = await warehouse.rows(statement)
    assert result.columns == ("id", "born", "balance", "email")
    assert result.rows == (
        (1, date(1990, 1, 2), Decimal("0.25"), "person1@example.com"),
        (3, date(1990, 1, 4), Decimal("0.75"), "person3@example.com"),
    )


async def test_streaming_goes_in_batches(warehouse: Warehouse, running: Running) -> None:
    """A stream gives all rows in order in batches of the asked size, and may be left in the middle."""
    async with warehouse.stream(IDS, batch=1200) as batches:
        sizes = [len(batch) async for batch in batches]
    assert sizes == [1200] * 4 + [200]
    for _ in range(5):
        async with warehouse.stream(IDS, batch=10) as batches:
            async for batch in batches:
                assert batch[0] == (1,)
                break
    assert running() == 0
    assert [row[0] for row in await drain(warehouse, IDS)] == list(range(1, 5001))


async def test_dates_that_python_does_not_have(warehouse: Warehouse) -> None:
    """Infinite and ancient dates come as their text instead of failing the whole result."""
    result = await warehouse.rows(select("SELECT c.a, c.b, c.c FROM odd AS c", "a", "b", "c"))
    assert result.rows == (("infinity", "-infinity", "0044-03-15 BC"),)


# --- nothing but reading --------------------------------------------------------------------------

HOSTILE = [
    "INSERT INTO customers VALUES (-1)",
    "SELECT 1; DELETE FROM customers",
    "COMMIT; DELETE FROM customers; SELECT 1",
    "WITH gone AS (DELETE FROM customers RETURNING id) SELECT COUNT(*) FROM gone",
    "SET TRANSACTION READ WRITE",
    "CREATE TABLE stolen (id int)",
    "COPY customers TO STDOUT",
]


@pytest.mark.parametrize("sql", HOSTILE)
@pytest.mark.parametrize("parameters", [{}, {"p1": 1}])
async def test_the_guard_stands_before_every_way_in(
    warehouse: Warehouse, sql: str, parameters: dict[str, object]
) -> None:
    """A statement outside the policy is refused by count, rows and stream before it reaches the database."""
    statement = Statement(sql, parameters, ("id",))
    ways: list[Callable[[], Awaitable[object]]] = [
        lambda: warehouse.count(statement),
        lambda: warehouse.rows(statement),
        lambda: drain(warehouse, statement),
    ]
    for way in ways:
        with pytest.raises(GuardRefused):
            await way()
    assert await size(warehouse, ALL) == 5000


@pytest.mark.parametrize("sql", HOSTILE)
@pytest.mark.parametrize("way", ["rows", "cursor"])
async def test_behind_the_guard_the_connection_refuses_too(warehouse: Warehouse, sql: str, way: str) -> None:
    """Were the guard fooled, the read-only transaction and the extended protocol still stop the statement."""

    async def run_it() -> None:
        async with warehouse.connector.transaction() as connection:
            if way == "rows":
                await _all(connection, Statement(sql, {}, ("id",)))
                # What was not refused outright must not open the way for a write.
                await _all(connection, Statement("INSERT INTO customers VALUES (-1)", {}, ("id",)))
            else:
                await connection.cursor(name="segbot").execute(sql.encode())

    with pytest.raises(SegbotError):
        await run_it()
    assert await size(warehouse, ALL) == 5000


async def test_a_function_that_writes_is_stopped(warehouse: Warehouse) -> None:
    """A write hidden in a function of the company's own database fails in the read-only transaction."""
    with pytest.raises(GuardRefused):
        await warehouse.rows(select("SELECT c.id FROM writing AS c", "id"))
    assert await size(warehouse, ALL) == 5000


async def test_a_session_that_was_tampered_with_is_itself_again(warehouse: Warehouse) -> None:
    """Settings that a statement changed for its session are gone with its transaction."""
    wanted = select(
        "SELECT c.key, c.value FROM settings AS c WHERE c.key = ANY(CAST(%(p1)s AS TEXT[])) ORDER BY c.key",
        "key",
        "value",
        p1=["search_path", "statement_timeout", "transaction_read_only", "lock_timeout"],
    )
    before = (await warehouse.rows(wanted)).rows
    assert dict(before) == {
        "lock_timeout": "3000",
        "search_path": '"pg_catalog", "public", "pg_temp"',
        "statement_timeout": "20000",
        "transaction_read_only": "on",
    }
    for _ in range(3):
        await warehouse.rows(select("SELECT c.id FROM disarming AS c", "id"))
    assert (await warehouse.rows(wanted)).rows == before


# --- stopping -------------------------------------------------------------------------------------


async def test_a_timeout_stops_the_query(warehouse: Warehouse, running: Running) -> None:
    """A query that runs too long is stopped by the database and says so."""
    with pytest.raises(QueryTimedOut):
        await warehouse.count(SLEEP, seconds=0.2)
    assert running() == 0
    assert await size(warehouse, ALL) == 5000


async def test_stop_leaves_nothing_running(warehouse: Warehouse, running: Running) -> None:
    """`cancel` ends the query in the database; its caller is told, and cancelling again finds nothing."""
    count = asyncio.create_task(warehouse.count(SLEEP, query_id="r1"))
    await until(lambda: running("sleepy") == 1)
    assert warehouse.cancel("r1")
    with pytest.raises(QueryCancelled):
        await asyncio.wait_for(count, 5)
    assert running() == 0
    assert not warehouse.cancel("r1")
    assert await size(warehouse, ALL) == 5000


async def test_a_cancelled_task_leaves_nothing_running(warehouse: Warehouse, running: Running) -> None:
    """Cancelling the task that waits for a query ends the query in the database."""
    count = asyncio.create_task(warehouse.count(SLEEP))
    await until(lambda: running("sleepy") == 1)
    count.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(count, 5)
    await until(lambda: running() == 0, 1)
    assert await size(warehouse, ALL) == 5000


async def test_stop_while_waiting_for_a_place(warehouse: Warehouse, running: Running) -> None:
    """A query that still waits for its place is stopped without ever having run."""
    others = [asyncio.create_task(warehouse.count(SLEEP, seconds=n, query_id="others")) for n in (15, 16)]
    await until(lambda: running("sleepy") == 2)
    waiting = asyncio.create_task(warehouse.count(SLEEP, seconds=17, query_id="mine"))
    await asyncio.sleep(0.05)
    assert warehouse.cancel("mine")
    with pytest.raises(QueryCancelled):
        await asyncio.wait_for(waiting, 1)
    assert running() == 2
    warehouse.cancel("others")
    assert all(isinstance(o, QueryCancelled) for o in await asyncio.gather(*others, return_exceptions=True))


async def test_a_stream_is_stopped_in_the_middle(warehouse: Warehouse, running: Running) -> None:
    """`cancel` stops a stream between batches and within one."""
    slow = select("SELECT c.id, c.state FROM lazy AS c", "id", "state")

    async def read() -> None:
        async with warehouse.stream(slow, query_id="r1", batch=1500) as batches:
            async for _ in batches:
                asyncio.get_running_loop().call_later(0.3, warehouse.cancel, "r1")

    with pytest.raises(QueryCancelled):
        await read()
    assert running() == 0


async def test_a_stream_is_stopped_while_waiting_for_a_place(warehouse: Warehouse, running: Running) -> None:
    """A stream that still waits for its place is stopped at once, and the place is not lost."""
    others = [asyncio.create_task(warehouse.count(SLEEP, seconds=n, query_id="others")) for n in (15, 16)]
    await until(lambda: running("sleepy") == 2)
    waiting = asyncio.create_task(drain(warehouse, IDS, query_id="mine"))
    await asyncio.sleep(0.05)
    warehouse.cancel("mine")
    with pytest.raises(QueryCancelled):
        await asyncio.wait_for(waiting, 0.5)
    warehouse.cancel("others")
    await asyncio.gather(*others, return_exceptions=True)
    assert await asyncio.gather(*(size(warehouse, ALL, seconds=n) for n in (10, 11))) == [5000, 5000]


async def test_a_killed_process_leaves_nothing_running(shop_url: str, running: Running) -> None:
    """When segbot is killed with -9 in the middle of a query, the database stops working on it within seconds."""
    program = (
        "import asyncio, sys\n"
        "from segbot.warehouse.run import Warehouse\n"
        "from tests.warehouse.samples import POLICY, SLEEP\n"
        "asyncio.run(Warehouse.open(sys.argv[1], POLICY).count(SLEEP))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program, shop_url], env={**os.environ, "PYTHONPATH": os.getcwd()})
    await until(lambda: running("sleepy") == 1, 30)
    process.kill()
    process.wait()
    await until(lambda: running() == 0)


async def test_an_admin_stops_a_query(warehouse: Warehouse, running: Running, shop_url: str) -> None:
    """A query cancelled from outside is told apart from a time-out."""
    count = asyncio.create_task(warehouse.count(SLEEP))
    await until(lambda: running("sleepy") == 1)
    with psycopg.connect(**parse_address(shop_url, "test").arguments) as admin:
        admin.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE application_name = 'segbot'"
            " AND datname = current_database() AND query LIKE '%sleepy%'"
        )
    with pytest.raises(QueryCancelled):
        await count


async def test_closing_ends_what_runs(shop_url: str, running: Running) -> None:
    """Closing the warehouse stops its queries; their callers are told."""
    warehouse = Warehouse.open(shop_url, POLICY)
    count = asyncio.create_task(warehouse.count(SLEEP))
    await until(lambda: running("sleepy") == 1)
    await warehouse.close()
    with pytest.raises(WarehouseUnavailable):
        await count
    assert running() == 0


# --- sharing and queueing -------------------------------------------------------------------------


async def test_the_same_query_runs_once(warehouse: Warehouse, running: Running) -> None:
    """Callers of an identical statement share one query; one who stops leaves it to the others."""
    first = asyncio.create_task(warehouse.count(SLEEP, query_id="r1"))
    second = asyncio.create_task(warehouse.count(SLEEP, query_id="r2"))
    await until(lambda: running("sleepy") == 1)
    await asyncio.sleep(0.1)
    assert running() == 1
    warehouse.cancel("r1")
    with pytest.raises(QueryCancelled):
        await first
    assert running() == 1
    assert not second.done()
    warehouse.cancel("r2")
    with pytest.raises(QueryCancelled):
        await second
    assert running() == 0


async def test_other_values_are_another_query(warehouse: Warehouse) -> None:
    """Statements that differ in a value only are not shared."""
    californians = select(TEXANS.sql, p1="CA")
    nobody = select(TEXANS.sql, p1="ca")
    assert await asyncio.gather(*(size(warehouse, s) for s in (TEXANS, californians, nobody))) == [2500, 2500, 0]


async def test_who_joins_a_query_that_is_being_stopped_gets_a_new_one(warehouse: Warehouse) -> None:
    """A caller that comes while the last other one leaves is not stopped along."""
    pause = select("SELECT COUNT(*) FROM lazy AS c WHERE c.id < 2005 AND c.state = CAST(%(p1)s AS TEXT)", p1="")
    first = asyncio.create_task(warehouse.count(pause, query_id="r1"))
    await asyncio.sleep(0.1)
    warehouse.cancel("r1")
    await asyncio.sleep(0)
    assert await size(warehouse, pause) == 2004
    with pytest.raises(QueryCancelled):
        await first


async def test_no_free_place_is_said(warehouse: Warehouse, running: Running) -> None:
    """When all places stay taken, the next query is refused with a sentence after the queue's patience."""
    others = [asyncio.create_task(warehouse.count(SLEEP, seconds=n, query_id="others")) for n in (15, 16)]
    await until(lambda: running("sleepy") == 2)
    with pytest.raises(WarehouseBusy) as caught:
        await warehouse.count(ALL)
    assert "busy" in caught.value.sentence
    warehouse.cancel("others")
    await asyncio.gather(*others, return_exceptions=True)
    assert await size(warehouse, ALL) == 5000


# --- what the database says -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "error"),
    [
        ("SELECT c.id FROM broken AS c", BadData),
        ("SELECT c.id FROM absent AS c", DataMissing),
        ("SELECT c.colour FROM customers AS c", DataMissing),
    ],
)
async def test_its_words_stay_in_the_log(warehouse: Warehouse, sql: str, error: type[SegbotError]) -> None:
    """An error of the database becomes one of ours: none of its words, and in the log none of the data it quotes."""
    statement = select(sql, "id")
    for way in (warehouse.rows(statement), drain(warehouse, statement)):
        with structlog.testing.capture_logs() as logs, pytest.raises(error) as caught:
            await way
        told = f"{caught.value.sentence} {caught.value} {caught.value.args}"
        assert "person1" not in told
        assert "person1" not in str(logs)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__
        assert any(line["event"] == "database error" and line["sqlstate"] for line in logs)
    assert await size(warehouse, ALL) == 5000


async def test_values_that_postgres_cannot_hold(warehouse: Warehouse) -> None:
    """A NUL or half a surrogate pair in a value is bad data, not a crash."""
    for value in ("T\x00X", "T\ud83d"):
        with pytest.raises(BadData):
            await warehouse.count(select(TEXANS.sql, p1=value))


@pytest.fixture
def reader(shop_url: str) -> Iterator[Address]:
    """The address of the shop for a role that may read the customers, on one connection."""
    role = f"segbot_test_{secrets.token_hex(4)}"
    address = parse_address(shop_url, "SEGBOT_DATABASE_URL")
    with psycopg.connect(**address.arguments, autocommit=True) as admin:
        admin.execute(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 1; GRANT SELECT ON customers TO {role}".encode())
        yield Address({**address.arguments, "user": role}, address.setting)
        admin.execute(f"DROP OWNED BY {role}; DROP ROLE {role}".encode())


async def test_a_role_without_rights(reader: Address) -> None:
    """A table that the role may not read is `AccessDenied`."""
    async with Warehouse(Connector(reader, Limits()), POLICY) as warehouse:
        assert await size(warehouse, ALL) == 5000
        with pytest.raises(AccessDenied):
            await warehouse.count(select("SELECT COUNT(*) FROM secret AS c"))


async def test_a_server_that_takes_no_more_connections(reader: Address, shop_url: str) -> None:
    """A role or server at its limit of connections is busy, not unknown, and serves again once one is free."""
    async with Warehouse(Connector(reader, Limits()), POLICY) as warehouse:
        async with await psycopg.AsyncConnection.connect(**reader.arguments):
            with pytest.raises(WarehouseBusy):
                await warehouse.count(ALL)
        await until(lambda: connections(shop_url, reader) == 0)
        assert await size(warehouse, ALL) == 5000


def connections(url: str, role: Address) -> int:
    """How many connections of a role the server still knows."""
    with psycopg.connect(**parse_address(url, "test").arguments) as admin:
        row = admin.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = %s", [role.arguments["user"]]
        ).fetchone()
    return int(row[0]) if row else 0


# --- when the database goes away ------------------------------------------------------------------


async def test_connections_that_went_stale(warehouse: Warehouse, shop_url: str) -> None:
    """After the server dropped all our connections, the next query just works."""
    await asyncio.gather(warehouse.count(ALL), warehouse.count(TEXANS))
    with psycopg.connect(**parse_address(shop_url, "test").arguments) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'segbot'"
            " AND datname = current_database()"
        )
    assert await size(warehouse, ALL) == 5000


async def test_the_database_is_killed_in_the_middle_and_comes_back() -> None:
    """Killing the server fails the query with a sentence; once it is back, the next request works by itself."""
    with temporary_postgres({"shared_buffers": "32MB"}) as server:
        with psycopg.connect(server.conninfo()) as connection:
            connection.execute(SHOP)
            connection.commit()
            connection.execute("CHECKPOINT")  # this server does not care for power cuts otherwise
        async with Warehouse.open(server.url(), POLICY, Limits(queries=2)) as warehouse:
            assert await asyncio.gather(size(warehouse, ALL), size(warehouse, TEXANS)) == [5000, 2500]
            count = asyncio.create_task(warehouse.count(SLEEP))
            await asyncio.sleep(0.3)
            os.kill(postmaster(server.data_dir), signal.SIGKILL)
            for child in processes_in(server.data_dir / "data"):
                os.kill(child, signal.SIGKILL)
            with pytest.raises(WarehouseUnavailable) as caught:
                await count
            assert "can't be reached" in caught.value.sentence
            with pytest.raises(WarehouseUnavailable):
                await warehouse.count(ALL)
            with await asyncio.to_thread(EmbeddedPostgres(server.data_dir).__enter__):
                assert await size(warehouse, ALL) == 5000
                assert await asyncio.gather(size(warehouse, ALL), size(warehouse, TEXANS)) == [5000, 2500]


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


class SlowNetwork:
    """A TCP door to the server that can be frozen, as a cable can be pulled."""

    def __init__(self, socket: str) -> None:
        self.socket = socket
        self.open = asyncio.Event()
        self.open.set()

    async def serve(self) -> asyncio.Server:
        return await asyncio.start_server(self._meet, "127.0.0.1", 0)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self.socket)
        await asyncio.gather(self._pump(reader, back), self._pump(there, writer), return_exceptions=True)

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self.open.wait()
            writer.write(data)
            await writer.drain()
        writer.close()


async def test_a_network_that_goes_silent() -> None:
    """When nothing comes back any more, the caller is told within a bounded time, and the next query opens a new connection."""
    with temporary_postgres({"shared_buffers": "32MB"}) as server:
        with psycopg.connect(server.conninfo()) as connection:
            connection.execute(SHOP)
        network = SlowNetwork(f"{server._socket()}/.s.PGSQL.5432")
        async with await network.serve() as door:
            host, port = door.sockets[0].getsockname()[:2]
            url = f"postgresql://postgres@{host}:{port}/postgres"
            limits = Limits(statement=0.5, grace=0.5, opening=2)
            async with Warehouse.open(url, POLICY, limits) as warehouse:
                assert await size(warehouse, ALL) == 5000
                count = asyncio.create_task(warehouse.count(SLEEP, seconds=1))
                await asyncio.sleep(0.3)
                network.open.clear()
                with pytest.raises(WarehouseUnavailable):
                    await asyncio.wait_for(count, 20)
                with pytest.raises(WarehouseUnavailable):
                    await asyncio.wait_for(warehouse.count(ALL), 20)
                network.open.set()
                assert await size(warehouse, ALL) == 5000


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "error", "words"),
    [
        ("", ConfigurationError, "not the address"),
        ("sqlite:///x.db", ConfigurationError, "not the address"),
        ("postgresql://u:s3cret@h/x?nonsense=1", ConfigurationError, "not the address"),
        ("postgresql://u:s3cret@h:port/x", ConfigurationError, "not the address"),
        ("postgresql://u:s3cret@no-such-host.invalid/x", ConfigurationError, "no host"),
        ("host=127.0.0.1 port=9 user=u password=s3cret dbname=x", WarehouseUnavailable, "can't be reached"),
    ],
)
async def test_addresses_that_lead_nowhere(url: str, error: type[SegbotError], words: str) -> None:
    """A wrong address is one sentence that says which setting to change, without the password."""

    async def use() -> None:
        async with Warehouse.open(url, POLICY) as warehouse:
            await warehouse.check()

    with pytest.raises(error) as caught:
        await use()
    assert words in caught.value.sentence
    assert "s3cret" not in f"{caught.value} {caught.value.args}"
    assert error is WarehouseUnavailable or "SEGBOT_DATABASE_URL" in caught.value.sentence


async def test_a_database_or_user_that_does_not_exist(shop_url: str) -> None:
    """An unknown database or user is a sentence with the setting to change."""
    for name in ("dbname", "user"):
        address = parse_address(shop_url, "SEGBOT_DATABASE_URL")
        address.arguments[name] = "nobody_knows"
        async with Warehouse(Connector(address, Limits()), POLICY) as warehouse:
            with pytest.raises(ConfigurationError, match=r"does not know that.*Check SEGBOT_DATABASE_URL\."):
                await warehouse.check()


@pytest.mark.parametrize("form", ["sqlalchemy", "postgres", "postgresql", "libpq"])
async def test_every_form_of_an_address(shop_url: str, form: str) -> None:
    """Addresses in SQLAlchemy's, Heroku's and libpq's forms all lead to the same database."""
    arguments = parse_address(shop_url, "test").arguments
    host, port, user, name = (arguments[key] for key in ("host", "port", "user", "dbname"))
    url = {
        "sqlalchemy": shop_url,
        "postgres": f"postgres://{user}@/{name}?host={host}&port={port}",
        "postgresql": f"postgresql://{user}@/{name}?host={host}&port={port}",
        "libpq": f"host='{host}' port={port} user={user} dbname={name}",
    }[form]
    async with Warehouse.open(url, POLICY) as warehouse:
        assert await size(warehouse, ALL) == 5000
