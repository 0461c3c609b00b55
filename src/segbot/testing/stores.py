"""Throw-away stores: a schema of its own in a given database, migrated, and gone afterwards."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import DropSchema

from segbot.addresses import parse_address
from segbot.store.database import Store
from segbot.store.migrate import migrate


@contextmanager
def throwaway_schema(url: str) -> Iterator[str]:
    """The name of a schema that nothing uses yet; dropped with all that is in it at the end of the block."""
    schema = f"segbot_test_{secrets.token_hex(6)}"
    try:
        yield schema
    finally:
        engine = _engine(url)
        with engine.begin() as connection:
            connection.execute(DropSchema(schema, cascade=True, if_exists=True))


@asynccontextmanager
async def throwaway_store(url: str, *, pool_size: int = 10) -> AsyncIterator[Store]:
    """A migrated, empty store in a schema of its own of the database at `url`."""
    with throwaway_schema(url) as schema:
        await asyncio.to_thread(migrate, url, schema)
        async with Store.open(url, schema, pool_size=pool_size) as store:
            yield store


def _engine(url: str) -> Engine:
    address = parse_address(url, "the address of the test database")
    return create_engine("postgresql+psycopg://", connect_args=address.arguments, poolclass=NullPool)
