"""A customer database whose views do what no statement may: sleep, write, quote an address in an error."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator

import psycopg
import pytest
from psycopg.rows import scalar_row
from tests.warehouse.samples import POLICY, SHOP

from segbot.addresses import parse_address
from segbot.warehouse.connect import Limits
from segbot.warehouse.run import Warehouse


@pytest.fixture(scope="session")
def shop_url(make_database: Callable[..., str]) -> str:
    """The address of a small customer database."""
    url = make_database()
    with psycopg.connect(**parse_address(url, "test").arguments) as connection:
        connection.execute(SHOP)
    return url


@pytest.fixture
async def warehouse(shop_url: str) -> AsyncIterator[Warehouse]:
    """The warehouse at that database, with two places and short patience."""
    async with Warehouse.open(shop_url, POLICY, Limits(statement=20, queries=2, queue=1)) as opened:
        yield opened


@pytest.fixture
def running(shop_url: str) -> Iterator[Callable[..., int]]:
    """Counts what segbot runs in the database at this moment, as the server sees it; only statements with these words."""
    with psycopg.connect(**parse_address(shop_url, "test").arguments, autocommit=True) as admin:

        def count(words: str = "") -> int:
            cursor = admin.cursor(row_factory=scalar_row)
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'segbot'"
                " AND datname = current_database() AND state <> 'idle' AND query LIKE %s",
                [f"%{words}%"],
            )
            return int(cursor.fetchone() or 0)

        yield count
