"""What streams does not grow: the memory of a segment of a million people is that of one batch."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable

import psycopg
from tests.warehouse.samples import POLICY

from segbot.addresses import parse_address
from segbot.sql.statement import Statement
from segbot.warehouse.run import Warehouse

SOME = "SELECT c.id FROM customers AS c WHERE c.id <= CAST(%(p1)s AS BIGINT)"


async def peak(warehouse: Warehouse, most: int) -> tuple[int, int]:
    """How many rows came, and the most bytes that Python held meanwhile."""
    tracemalloc.start()
    rows = 0
    try:
        async with warehouse.stream(Statement(SOME, {"p1": most}, ("id",), {"p1": "BIGINT"})) as batches:
            async for batch in batches:
                rows += len(batch)
        return rows, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def test_memory_does_not_grow_with_the_segment(make_database: Callable[..., str]) -> None:
    """Forty times the people take no more memory."""
    url = make_database()
    with psycopg.connect(**parse_address(url, "test").arguments) as connection:
        connection.execute("CREATE TABLE customers AS SELECT id FROM generate_series(1, 400000) id")
    async with Warehouse.open(url, POLICY) as warehouse:
        await peak(warehouse, 1000)  # what is imported and connected once
        few, small = await peak(warehouse, 10_000)
        many, large = await peak(warehouse, 400_000)
    assert (few, many) == (10_000, 400_000)
    assert large < small + 500_000, (small, large)
