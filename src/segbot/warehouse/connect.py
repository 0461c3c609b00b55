"""Connections to the customer database, each used inside one read-only transaction that is always rolled back.

Nothing is left to the role's defaults: every transaction is REPEATABLE READ, READ ONLY, with a pinned search_path and
timeouts set for it alone, so that a pooler in between, or a session that something has tampered with, changes nothing.
A connection that did not come back idle from its rollback is thrown away.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self, TypeAlias, cast

import psycopg
from psycopg import IsolationLevel, sql
from psycopg.adapt import Loader
from psycopg.pq import TransactionStatus
from psycopg.types.datetime import DateLoader, TimestampLoader, TimestamptzLoader
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from segbot.addresses import Address, parse_address
from segbot.errors import BadData, ConfigurationError, WarehouseUnavailable
from segbot.logs import get_logger
from segbot.warehouse.problems import explain, is_lost

_log = get_logger(__name__)

Driver: TypeAlias = psycopg.AsyncConnection[tuple[Any, ...]]

_ROLLBACK_SECONDS = 5

# Lets the server notice that we were killed, instead of finishing a query that nobody waits for. Where it can.
_WATCH = """CASE WHEN CAST(current_setting('server_version_num') AS int) >= 140000 AND version() LIKE '%%linux%%'
    THEN set_config('client_connection_check_interval', '2s', true) END"""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much segbot may take of the customer database. Times in seconds.

    `statement` is the longest a query may run, `lock` the longest it waits for a lock, `idle` the longest a transaction
    may wait for us, `queue` the longest a query waits for one of `queries` places, of which one workspace may have
    `per_team` (all of them where it is None). `opening` is the longest a connection may
    take to be ready, `grace` how much longer than `statement` we wait for an answer before we give up on the network.
    """

    statement: float = 60.0
    lock: float = 3.0
    idle: float = 60.0
    queue: float = 300.0
    queries: int = 4
    per_team: int | None = None
    opening: float = 10.0
    grace: float = 5.0


class Connector:
    """Opens read-only transactions on the customer database, over a pool of as many connections as queries at once.

    `schemas` is the search path, in order. Nothing is connected before it is needed.
    """

    def __init__(self, address: Address, limits: Limits, schemas: tuple[str, ...] = ("public",)) -> None:
        self.address = address
        self.limits = limits
        # The temporary schema comes last, or a temporary table could stand in for a real one.
        self._search_path = ", ".join(sql.Identifier(name).as_string() for name in ("pg_catalog", *schemas, "pg_temp"))
        self._engine: AsyncEngine = create_async_engine(
            "postgresql+psycopg://",
            # Never prepared: each run is planned for its own values, and a pooler in between need not remember anything.
            connect_args={**address.arguments, "application_name": "segbot", "prepare_threshold": None},
            pool_size=limits.queries,
            max_overflow=0,
            pool_timeout=limits.opening,
            pool_recycle=1800,
        )

    @classmethod
    def at(
        cls,
        url: str,
        limits: Limits,
        schemas: tuple[str, ...] = ("public",),
        *,
        setting: str = "SEGBOT_DATABASE_URL",
    ) -> Self:
        """A connector for an address. Raises `ConfigurationError` when it can't be read."""
        return cls(parse_address(url, setting), limits, schemas)

    async def close(self) -> None:
        """Close the idle connections."""
        await self._engine.dispose()

    @asynccontextmanager
    async def transaction(self, seconds: float | None = None, *, idle: float | None = None) -> AsyncIterator[Driver]:
        """A driver connection inside a read-only transaction whose statements may run so many seconds each.

        Rolled back at the end, whatever happened; driver errors come out as errors of segbot.
        """
        pooled, driver = await self._opened(seconds or self.limits.statement, idle or self.limits.idle)
        try:
            yield driver
        except psycopg.Error as error:
            raise explain(error, self.address) from None
        except UnicodeEncodeError:
            raise BadData("a value holds half a surrogate pair") from None
        finally:
            await asyncio.shield(_give_back(pooled, driver))

    async def _opened(self, seconds: float, idle: float) -> tuple[AsyncConnection, Driver]:
        """A connection with its transaction begun. Connections that went stale in the pool are replaced by new ones."""
        while True:
            try:
                async with asyncio.timeout(self.limits.opening):
                    pooled = await self._engine.connect()
            except DBAPIError as error:
                if isinstance(error.orig, psycopg.Error):
                    raise explain(error.orig, self.address) from None
                raise
            except TimeoutError:
                raise WarehouseUnavailable(f"no connection within {self.limits.opening} s") from None
            raw = await pooled.get_raw_connection()
            driver = cast(Driver, raw.driver_connection)
            was_used = raw.info.setdefault("used", False)
            raw.info["used"] = True
            try:
                async with asyncio.timeout(self.limits.opening):
                    await self._begin(driver, seconds, idle)
            except (psycopg.Error, TimeoutError) as error:
                await asyncio.shield(_throw_away(pooled))
                if was_used and (isinstance(error, TimeoutError) or is_lost(error)):
                    _log.info("replacing a stale connection", error=type(error).__name__)
                    continue
                if isinstance(error, psycopg.Error):
                    raise explain(error, self.address) from None
                raise WarehouseUnavailable(f"no answer within {self.limits.opening} s") from None
            except BaseException:
                await asyncio.shield(_throw_away(pooled))
                raise
            return pooled, driver

    async def _begin(self, driver: Driver, seconds: float, idle: float) -> None:
        if not driver.read_only:
            await driver.set_read_only(True)
            await driver.set_isolation_level(IsolationLevel.REPEATABLE_READ)
            for name, loader in _TOLERANT.items():
                driver.adapters.register_loader(name, loader)
        settings = {
            "search_path": self._search_path,
            "statement_timeout": f"{max(1, round(seconds * 1000))}ms",
            "lock_timeout": f"{max(1, round(self.limits.lock * 1000))}ms",
            "idle_in_transaction_session_timeout": f"{max(1, round(idle * 1000))}ms",
            "timezone": "UTC",
            "row_security": "on",
        }
        calls = ", ".join("set_config(%s, %s, true)" for _ in settings)
        words = [word for pair in settings.items() for word in pair]
        cursor = await driver.execute(
            f"SELECT current_setting('transaction_read_only'), {_WATCH}, {calls}".encode(), words
        )
        row = await cursor.fetchone()
        if row is None or row[0] != "on":
            raise ConfigurationError(
                f"The {self.address} does not keep transactions read-only, so segbot does not use it. "
                "A proxy in between may be the reason; connect segbot to the database itself."
            )


async def _give_back(pooled: AsyncConnection, driver: Driver) -> None:
    """End the transaction and put the connection into the pool, or throw it away when anything about it is in doubt."""
    try:
        async with asyncio.timeout(_ROLLBACK_SECONDS):
            if not driver.closed:
                await driver.rollback()
    except (psycopg.Error, TimeoutError) as error:
        _log.info("discarding a connection", error=type(error).__name__)
    if driver.closed or driver.info.transaction_status is not TransactionStatus.IDLE:
        await _throw_away(pooled)
    else:
        await pooled.close()


async def _throw_away(pooled: AsyncConnection) -> None:
    await pooled.invalidate()
    await pooled.close()


# --- odd dates ------------------------------------------------------------------------------------
# Postgres has dates that Python has not (infinity, 44 BC). They come as their text instead of failing a whole preview.


def _tolerant(loader: type[Loader]) -> type[Loader]:
    class Tolerant(loader):  # type: ignore[misc, valid-type]
        """Falls back to the text as the server sent it."""

        def load(self, data: Any) -> Any:
            try:
                return super().load(data)
            except psycopg.DataError:
                return bytes(data).decode()

    return Tolerant


_TOLERANT: dict[str, type[Loader]] = {
    "date": _tolerant(DateLoader),
    "timestamp": _tolerant(TimestampLoader),
    "timestamptz": _tolerant(TimestamptzLoader),
}
