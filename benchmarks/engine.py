"""Twenty conditions at two sizes: our exact SQL beside the best hand-written, DuckDB on the same rows, and the estimate.

Times are CPU times of the one process that answers (smallest of several interleaved rounds), so that neighbours on the
machine matter little; where the system does not tell them, they are wall times. The companies are made once and kept in
a folder of their own (`SEGBOT_BENCH_DIR`); `python -m benchmarks.engine 100000 --rounds 5` takes other sizes and rounds.
Before measuring, the indexes that `segbot doctor` advises are made, and everybody profits from them.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import psycopg
from psycopg import sql
from pydantic import SecretStr

from benchmarks.engine_cases import CASES, NOW, Case
from segbot.catalog.load import load_catalog
from segbot.demo.company import CATALOG, fill, generated
from segbot.flows.desk import open_samples
from segbot.flows.estimate import estimates
from segbot.flows.house import House, open_house
from segbot.flows.sampling import refresh_sample
from segbot.logs import configure_logging
from segbot.model.segment import Counted
from segbot.settings import Settings
from segbot.sql.compile import compile_members
from segbot.sql.dialect import POSTGRES, Postgres
from segbot.sql.duckdb import DUCKDB
from segbot.sql.statement import Statement
from segbot.warehouse.embedded import EmbeddedPostgres, default_data_dir
from segbot.warehouse.indexes import advise

SIZES = (100_000, 1_000_000)
ROUNDS = 5
# What only a benchmark may do without (a crash loses the company, which can be made again); one process per query.
SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "2GB",
    "max_wal_size": "16GB",
    "max_parallel_workers_per_gather": "0",
    # As every cloud sets it for disks that do not turn.
    "random_page_cost": "1.1",
    "effective_cache_size": "12GB",
}
# What DuckDB gets of each table: the columns that the conditions read.
COLUMNS = {
    "customers": "id bigint, gender text, birth_date date, city text, state text, country text,"
    " household_income decimal(12, 2), loyalty_tier text, email_opt_in boolean, is_internal boolean",
    "orders": "id bigint, customer_id bigint, ordered_at timestamptz, status text, channel text, amount decimal(12, 2)",
    "order_lines": "order_id bigint, customer_id bigint, product_id bigint",
    "products": "id bigint, category text",
    "message_events": "customer_id bigint, channel text, kind text, occurred_at timestamptz",
    "web_sessions": "customer_id bigint, started_at timestamptz",
    "web_events": "customer_id bigint, kind text, occurred_at timestamptz",
    "support_tickets": "customer_id bigint, opened_at timestamptz",
}


@dataclass
class Result:
    """The smallest times of one condition at one size, in milliseconds."""

    people: int
    ours: float = math.inf
    duck: float = math.inf
    estimate: float = math.inf
    about: Counted | None = None
    rivals: dict[str, float] = field(default_factory=dict)

    @property
    def best(self) -> tuple[str, float]:
        """The quickest hand-written shape."""
        return min(self.rivals.items(), key=lambda item: item[1])


class Bench:
    """One company on Postgres and in DuckDB."""

    def __init__(self, connection: psycopg.Connection[Any], duck: duckdb.DuckDBPyConnection) -> None:
        self.connection, self.duck = connection, duck
        self.house: House = open_house(load_catalog(CATALOG))
        row = connection.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        self._clock = Path(f"/proc/{row[0]}/schedstat")

    def ours(self, case: Case, dialect: Postgres = POSTGRES) -> Statement:
        """The compiler's statement as a count."""
        house = self.house
        found = compile_members(
            case.condition, house.catalog, house.moment(NOW), house.base, house.segments, dialect=dialect
        )
        return Statement(f"SELECT count(*) FROM ({found.sql}) AS members", found.parameters, ("count",), found.types)

    def measure(self, case: Case, rounds: int) -> Result:
        """Time everything in turns; all must count the same people."""
        mine, other = self.ours(case), self.ours(case, DUCKDB)
        people, _ = self._postgres(mine.sql, mine.parameters)
        result = Result(people, rivals=dict.fromkeys(case.rivals, math.inf))
        for _ in range(rounds):
            result.ours = min(result.ours, self._same(people, case, self._postgres(mine.sql, mine.parameters)))
            for name, query in case.rivals.items():
                # Too slow in the first round to be the best: not asked again.
                if result.rivals[name] < 3 * result.ours or result.rivals[name] == math.inf:
                    took = self._same(people, case, self._postgres(query, None))
                    result.rivals[name] = min(result.rivals[name], took)
            result.duck = min(result.duck, self._same(people, case, self._duck(other)))
        return result

    def _same(self, people: int, case: Case, answer: tuple[int, float]) -> float:
        if answer[0] != people:
            raise AssertionError(f"{case.name}: {answer[0]} people beside {people}")
        return answer[1]

    def _postgres(self, query: str, parameters: dict[str, object] | None) -> tuple[int, float]:
        return self._timed(lambda: self.connection.execute(query.encode(), parameters).fetchone(), self._server_time)

    def _duck(self, statement: Statement) -> tuple[int, float]:
        return self._timed(lambda: self.duck.execute(statement.sql, statement.parameters).fetchone(), time.process_time)

    def _timed(self, run: Callable[[], Any], clock: Callable[[], float]) -> tuple[int, float]:
        started = clock()
        row = run()
        return row[0], (clock() - started) * 1000

    def _server_time(self) -> float:
        try:
            return int(self._clock.read_text().split()[0]) / 1e9
        except (OSError, ValueError):
            return time.perf_counter()


def add_estimates(server: EmbeddedPostgres, customers: int, bench: Bench, results: list[Result], rounds: int) -> None:
    """The first number of each condition, from a sample of 20,000: wall times, since this is what a person waits for."""
    store = f"store_{customers}"
    if not server.has_database(store):
        server.create_database(store)
    settings = Settings(
        _env_file=None,
        database_url=SecretStr(server.url(f"company_{customers}")),
        store_url=SecretStr(server.url(store)),
        statement_timeout=300,
    )
    asyncio.run(_estimate(settings, bench.house, results, rounds))


async def _estimate(settings: Settings, house: House, results: list[Result], rounds: int) -> None:
    async with open_samples(settings, house) as samples:
        assert samples is not None
        note = await samples.note()
        if note is None or note.plan != samples.plan.digest:
            await refresh_sample(settings, house, samples, NOW)
        for _ in range(rounds):
            for case, result in zip(CASES, results, strict=True):
                started = time.perf_counter()
                (result.about,) = await estimates(samples, house, [case.condition])
                result.estimate = min(result.estimate, (time.perf_counter() - started) * 1000)


@contextmanager
def company(server: EmbeddedPostgres, folder: Path, customers: int) -> Iterator[Bench]:
    """A company of that size, made if it is not there yet, on both engines."""
    name = f"company_{customers}"
    if not server.has_database(name):
        server.create_database(name)
    if generated(server.url(name)) is None:
        print(f"making a company of {customers:,}", flush=True)
        fill(server.url(name), customers, now=NOW)
    with psycopg.connect(server.conninfo(name), autocommit=True) as connection:
        _index(server.url(name), connection)
        for setting, value in (("search_path", "shop"), ("timezone", "UTC")):
            connection.execute("SELECT set_config(%s, %s, false)", [setting, value])
        duck = duckdb.connect(str(folder / f"{name}.duckdb"), config={"threads": 1})
        duck.execute("SET TimeZone = 'UTC'")
        _copy(connection, duck)
        yield Bench(connection, duck)
        duck.close()


def _index(url: str, connection: psycopg.Connection[Any]) -> None:
    advice = [found.remedy for found in advise(url, load_catalog(CATALOG)) if found.code == "index"]
    for statement in advice:
        print(f"index: {statement}", flush=True)
        connection.execute(statement.encode())
    if advice:
        connection.execute("VACUUM (ANALYZE)")


def _copy(connection: psycopg.Connection[Any], duck: duckdb.DuckDBPyConnection) -> None:
    duck.execute("CREATE SCHEMA IF NOT EXISTS shop")
    for table, columns in COLUMNS.items():
        row = duck.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [table]).fetchone()
        if row is not None and row[0]:
            continue
        names = [column.split()[0] for column in columns.split(", ") if " " in column]
        query = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT (FORMAT csv)").format(
            sql.SQL(", ").join(map(sql.Identifier, names)), sql.Identifier("shop", table)
        )
        with tempfile.NamedTemporaryFile(suffix=".csv") as file:
            with connection.cursor() as cursor, cursor.copy(query) as rows:
                for block in rows:
                    file.write(block)
            file.flush()
            duck.execute("BEGIN")
            duck.execute(f"CREATE TABLE shop.{table} ({columns})")
            duck.execute(f"COPY shop.{table} FROM '{file.name}' (FORMAT csv, HEADER false)")
            duck.execute("COMMIT")


def main(sizes: tuple[int, ...] = SIZES, rounds: int = ROUNDS, only: str = "") -> None:
    """Print one table of all conditions and sizes."""
    folder = Path(os.environ.get("SEGBOT_BENCH_DIR", default_data_dir().parent / "bench"))
    cases = [case for case in CASES if only in case.name]
    configure_logging("warning", "console")
    found: dict[int, list[Result]] = {}
    with EmbeddedPostgres(folder, settings=SETTINGS) as server:
        for customers in sizes:
            with company(server, folder, customers) as bench:
                found[customers] = [bench.measure(case, rounds) for case in cases]
                if not only:
                    add_estimates(server, customers, bench, found[customers], rounds)
                total = _rows(bench.connection)
                print(f"\n{customers:,} customers, {total:,} rows in all; milliseconds, smallest of {rounds} rounds")
                _table(cases, found[customers], found[min(sizes)] if customers != min(sizes) else None)


def _rows(connection: psycopg.Connection[Any]) -> int:
    row = connection.execute(
        "SELECT sum(greatest(reltuples, 0))::bigint FROM pg_class"
        " WHERE relnamespace = 'shop'::regnamespace AND relkind = 'r'"
    ).fetchone()
    assert row is not None
    return int(row[0])


def _error(result: Result) -> str:
    if result.about is None or not result.people:
        return "-"
    return f"{(result.about.value / result.people - 1) * 100:+.1f} %"


def _table(cases: list[Case], results: list[Result], smaller: list[Result] | None) -> None:
    print(
        f"{'condition':68} {'people':>9} {'ours':>8} {'best by hand':>12} {'ours/best':>9}  {'(shape)':19} {'DuckDB':>8}"
        f" {'estimate':>8} {'off by':>7}" + (f" {'growth':>7}" if smaller else "")
    )
    ratios = []
    for index, (case, result) in enumerate(zip(cases, results, strict=True)):
        shape, best = result.best
        ratios.append(result.ours / best)
        growth = f" {result.ours / smaller[index].ours:>6.1f}x" if smaller else ""
        print(
            f"{case.name:68} {result.people:>9,} {result.ours:>8.1f} {best:>12.1f} {ratios[-1]:>9.2f}  {shape:19}"
            f" {result.duck:>8.1f} {result.estimate:>8.1f} {_error(result):>7}{growth}"
        )
    inside = [r.about for r in results if r.about is not None]
    if inside:
        hit = sum((r.about.low or 0) <= r.people <= (r.about.high or r.people) for r in results if r.about is not None)
        print(f"the truth lies in the interval of {hit} of {len(inside)} estimates")
    within = sum(ratio <= 1.15 for ratio in ratios)
    print(f"within 1.15 of the best: {within} of {len(ratios)}; worst {max(ratios):.2f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", default="", help="conditions whose name contains this")
    given = parser.parse_args()
    main(tuple(given.sizes), given.rounds, given.only)
