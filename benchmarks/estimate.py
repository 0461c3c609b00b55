"""The first number of the everyday requests: how long an estimate takes, and how far it is from the exact count.

`python -m benchmarks.estimate 200000 20000` makes a company of 200,000 in a temporary Postgres and samples 20,000 of them.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import yaml
from pydantic import SecretStr

from segbot.catalog.load import load_catalog
from segbot.demo import company
from segbot.flows.desk import open_samples, open_warehouse
from segbot.flows.estimate import estimable, estimates
from segbot.flows.house import House, open_house
from segbot.flows.sampling import refresh_sample
from segbot.flows.sizing import sizes
from segbot.logs import configure_logging
from segbot.settings import Settings
from segbot.warehouse.embedded import temporary_postgres

REQUESTS = Path(__file__).parent.parent / "tests" / "everyday" / "requests.yaml"
NOW = datetime(2026, 11, 21, 15, 30, tzinfo=UTC)
CUSTOMERS, SAMPLE, ROUNDS = 200_000, 20_000, 3


def main(customers: int = CUSTOMERS, sampled: int = SAMPLE) -> None:
    """Print how long the sample took, then the times and errors of the estimates, and the exact counts beside them."""
    configure_logging("warning", "console")
    house = open_house(load_catalog(company.CATALOG))
    with temporary_postgres() as server:
        for name in ("customers", "store"):
            server.create_database(name)
        started = time.perf_counter()
        company.fill(server.url("customers"), customers, now=NOW)
        print(f"company of {customers:,} made in {time.perf_counter() - started:.0f} s", flush=True)
        settings = Settings(
            _env_file=None,
            database_url=SecretStr(server.url("customers")),
            store_url=SecretStr(server.url("store")),
            sample_customers=sampled,
            statement_timeout=300,
        )
        asyncio.run(_measure(settings, house))


async def _measure(settings: Settings, house: House) -> None:
    texts = [case["request"] for case in yaml.safe_load(REQUESTS.read_text(encoding="utf-8"))]
    trees = [tree for text in texts if (tree := house.read(text, NOW).condition) is not None]
    async with open_samples(settings, house) as samples, open_warehouse(settings, house) as warehouse:
        assert samples is not None
        note = await refresh_sample(settings, house, samples, NOW)
        assert note is not None
        print(
            f"sample of {note.sampled:,} of {note.base:,}: {note.rows:,} rows, {note.bytes / 1e6:.0f} MB"
            f" in {note.seconds:.1f} s",
            flush=True,
        )
        took, bests, exact_took, errors, inside, small, none = [], [], [], [], 0, 0, 0
        for tree in trees:
            best = float("inf")
            for _ in range(ROUNDS):
                started = time.perf_counter()
                (found,) = await estimates(samples, house, [tree])
                best = min(best, time.perf_counter() - started)
                if found is not None:
                    took.append((time.perf_counter() - started) * 1000)
            if found is None:
                none += 1
                continue
            bests.append(best * 1000)
            started = time.perf_counter()
            (truth,) = await sizes(house, warehouse, [tree], house.moment(NOW))
            exact_took.append((time.perf_counter() - started) * 1000)
            inside += (found.low or 0) <= truth.value <= (found.high or 0)
            if found.low is None:
                small += 1
            elif truth.value:
                errors.append(abs(found.value - truth.value) / truth.value)
        counted = len(trees) - none
        print(
            f"{len(trees)} everyday requests: {counted} with an estimate, {sum(map(estimable, trees))} estimable in kind"
        )
        _row("estimate", took)
        _row("  best", bests)
        _row("exact", exact_took)
        print(
            f"  error of the {len(errors)} that are no mere bound: median {statistics.median(errors):.1%},"
            f" p95 {_p95(errors):.1%}; {small} say 'fewer than about n'"
        )
        print(f"  the exact count lies in the interval for {inside} of {counted} ({inside / counted:.1%})")


def _row(name: str, times: list[float]) -> None:
    print(
        f"  {name:9} p50 {statistics.median(times):7.1f} ms   p95 {_p95(times):7.1f} ms   worst {max(times):7.1f} ms",
        flush=True,
    )


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


if __name__ == "__main__":
    main(*(int(size) for size in sys.argv[1:]))
