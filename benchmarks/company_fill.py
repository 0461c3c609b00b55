"""How long the demo company takes to make, and how that grows with its size.

`python -m benchmarks.company_fill 20000 200000` makes each size once in a temporary Postgres and prints a table.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

import psycopg

from segbot.demo.company import fill
from segbot.warehouse.embedded import EmbeddedPostgres, temporary_postgres

SIZES = (20_000, 200_000)
# Any moment: a fixed one gives the same rows in every run.
NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)

MEASURE = """
SELECT sum(greatest(reltuples, 0))::bigint, pg_size_pretty(sum(pg_total_relation_size(oid)))
FROM pg_class WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r'
"""


def measure(server: EmbeddedPostgres, customers: int) -> tuple[float, int, str]:
    """Seconds to make a company of this size, its rows, and its size on disk with indexes."""
    server.create_database("company")
    try:
        started = time.perf_counter()
        fill(server.url("company"), customers, now=NOW)
        seconds = time.perf_counter() - started
        with psycopg.connect(server.conninfo("company")) as connection:
            row = connection.execute(MEASURE).fetchone()
        assert row is not None
        return seconds, row[0], row[1]
    finally:
        server.drop_database("company")


def main(sizes: tuple[int, ...] = SIZES) -> None:
    """Print one line for each size."""
    print(f"{'customers':>10} {'rows':>12} {'seconds':>8} {'us/row':>7} {'on disk':>9}")
    with temporary_postgres() as server:
        for customers in sizes:
            seconds, rows, disk = measure(server, customers)
            print(f"{customers:>10,} {rows:>12,} {seconds:>8.1f} {seconds / rows * 1e6:>7.1f} {disk:>9}", flush=True)


if __name__ == "__main__":
    main(tuple(int(size) for size in sys.argv[1:]) or SIZES)
