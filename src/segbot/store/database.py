"""The way into the store: one pool, the nouns as attributes, and a transaction when several must change together.

store = Store.open(url, schema="segbot")
request = await store.requests.add(new, now)              # a transaction of its own
async with store.transaction() as tx:                     # all or nothing
    segment = await tx.segments.add(new_segment, now)
    await tx.audit.record(...)
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Self, cast

import psycopg
from psycopg import errors as pg
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from segbot.addresses import Address, check_schema, explain_refusal, parse_address
from segbot.errors import ConfigurationError, StoreUnavailable
from segbot.store.audit import Audit
from segbot.store.counts import Counts
from segbot.store.deliveries import Deliveries
from segbot.store.dictionary import Dictionary
from segbot.store.drafts import Drafts
from segbot.store.feedback import Feedback
from segbot.store.messages import Messages
from segbot.store.migrate import head_revision
from segbot.store.preferences import Preferences
from segbot.store.requests import Requests
from segbot.store.segments import Segments
from segbot.store.shelf import Shelf
from segbot.store.snapshots import Snapshots
from segbot.store.work import Work

_STATEMENT_SECONDS = 20
_LOCK_SECONDS = 10


class Nouns:
    """Everything the store keeps, one attribute per noun, all doing their work through the same `Work`."""

    def __init__(self, work: Work) -> None:
        self.requests = Requests(work)
        self.segments = Segments(work)
        self.shelf = Shelf(work)
        self.counts = Counts(work)
        self.deliveries = Deliveries(work)
        self.messages = Messages(work)
        self.audit = Audit(work)
        self.dictionary = Dictionary(work)
        self.feedback = Feedback(work)
        self.drafts = Drafts(work)
        self.preferences = Preferences(work)
        self.snapshots = Snapshots(work)


class Transaction(Nouns):
    """Several changes that happen together or not at all. `connection` is for those who enqueue work within it."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(_InTransaction(connection))
        self.connection = connection


class Store(Nouns):
    """segbot's own database. Every method of its nouns is a transaction of its own; `transaction()` joins several.

    Raises `StoreUnavailable` when the database can't be reached, is too slow or out of connections, and
    `ConfigurationError` when it is not set up.
    """

    def __init__(self, engine: AsyncEngine, address: Address, schema: str) -> None:
        self._engine = engine
        self.address = address
        self.schema = schema
        super().__init__(self)

    @classmethod
    def open(
        cls,
        url: str,
        schema: str = "segbot",
        *,
        pool_size: int = 10,
        patience: float = 10.0,
        setting: str = "SEGBOT_STORE_URL",
    ) -> Self:
        """A store at a Postgres address. Connects when first used; raises `ConfigurationError` for an unreadable address.

        `patience` is how many seconds a call waits for one of the `pool_size` connections.
        """
        address = parse_address(url, setting)
        check_schema(schema, "SEGBOT_STORE_SCHEMA")
        engine = create_async_engine(
            "postgresql+psycopg://",
            # No server-side prepared statements: a pooler in front of the store may not know them.
            connect_args={**address.arguments, "application_name": "segbot store", "prepare_threshold": None},
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=patience,
            pool_pre_ping=True,
            pool_recycle=1800,
            hide_parameters=True,
            execution_options={"schema_translate_map": {None: schema}},
        )
        event.listen(engine.sync_engine, "connect", _prepare_session)
        return cls(engine, address, schema)

    async def close(self) -> None:
        """Close every connection of the pool."""
        await self._engine.dispose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        """A connection inside a transaction that commits at the end of the block."""
        with self._explained():
            async with self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction over all nouns: committed at the end of the block, rolled back when it raises."""
        async with self.connection() as connection:
            yield Transaction(connection)

    async def check(self) -> None:
        """Raise `ConfigurationError` or `StoreUnavailable` unless the store answers and its tables are those of this version."""
        async with self.connection() as connection:
            found = await connection.execute(
                text("SELECT to_regclass(quote_ident(:schema) || '.alembic_version') IS NOT NULL"),
                {"schema": self.schema},
            )
            revision = None
            if found.scalar_one():
                table = f"{self._quoted(connection)}.alembic_version"
                revision = (await connection.execute(text(f"SELECT version_num FROM {table}"))).scalar()  # noqa: S608
        if revision != head_revision():
            raise ConfigurationError(
                f'The tables of segbot in schema "{self.schema}" of the {self.address} are not those of this version. '
                "Run `segbot migrate`."
            )

    def _quoted(self, connection: AsyncConnection) -> str:
        return str(connection.dialect.identifier_preparer.quote_identifier(self.schema))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except PoolTimeout as error:
            raise StoreUnavailable(f"no free connection to the {self.address} in time") from error
        except DBAPIError as error:
            raise self._explain(error) from error

    def _explain(self, error: DBAPIError) -> Exception:
        match error.orig:
            case pg.UndefinedTable() | pg.InvalidSchemaName() | pg.UndefinedColumn():
                return ConfigurationError(
                    f'The tables of segbot are missing in schema "{self.schema}" of the {self.address}, or of another '
                    "version. Run `segbot migrate`."
                )
            case pg.InsufficientPrivilege():
                return ConfigurationError(
                    f'The user of {self.address.setting} may not use segbot\'s tables in schema "{self.schema}". '
                    "Use the user that ran `segbot migrate`, or grant it the tables."
                )
            case psycopg.OperationalError() | psycopg.InterfaceError() | pg.ReadOnlySqlTransaction() as orig:
                refusal = explain_refusal(self.address, orig) if orig.sqlstate is None else None
                return refusal or StoreUnavailable(f"{type(orig).__name__}: {orig}")
            case _:
                return error


class _InTransaction:
    """Work inside a transaction that somebody else ends."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[AsyncConnection]:
        yield self._connection


def _prepare_session(connection: Any, record: object) -> None:
    """Bound what one statement of ours may take, so that a stuck one is an error and not a hanging bot."""
    driver = cast(psycopg.Connection[Any], connection)
    cursor = driver.cursor()
    cursor.execute(
        f"SET statement_timeout = '{_STATEMENT_SECONDS}s'; SET lock_timeout = '{_LOCK_SECONDS}s';"
        " SET idle_in_transaction_session_timeout = '60s'; SET timezone = 'UTC'"
    )
    cursor.close()
    driver.commit()
