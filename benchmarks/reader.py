"""How long the reader takes for the everyday requests, and how that compares with compiling and guarding the same trees."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import yaml

from segbot.catalog.load import load_catalog
from segbot.demo.company import CATALOG
from segbot.flows.house import open_house
from segbot.flows.sizing import members
from segbot.sql.guard import guard

REQUESTS = Path(__file__).parent.parent / "tests" / "everyday" / "requests.yaml"
ROUNDS = 9
NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)


def main() -> None:
    """Print one line a step: median, 95th percentile and worst of the per-request bests, in milliseconds."""
    texts = [case["request"] for case in yaml.safe_load(REQUESTS.read_text(encoding="utf-8"))]
    started = time.perf_counter()
    catalog = load_catalog(CATALOG)
    loaded = time.perf_counter()
    house = open_house(catalog)
    print(
        f"catalog loaded in {(loaded - started) * 1000:.0f} ms, its words compiled in {(time.perf_counter() - loaded) * 1000:.0f} ms"
    )
    at = house.moment(NOW)
    trees = [tree for text in texts if (tree := house.read(text, NOW).condition) is not None]
    # Verdicts are kept by text; a space more at the end makes each text a new one.
    spaces = (" " * n for n in itertools.count(1))
    statements = [members(house, tree, at).sql for tree in trees]
    print(f"{len(texts)} everyday requests, best of {ROUNDS} rounds each")
    _row("read", [_best(lambda text=text: house.read(text, NOW)) for text in texts])
    _row("compile", [_best(lambda tree=tree: members(house, tree, at)) for tree in trees])
    _row("guard", [_best(lambda sql=sql: guard(sql + next(spaces), house.policy)) for sql in statements])
    long = " ".join(texts)[:2000]
    _row("read 2,000 characters", [_best(lambda: house.read(long, NOW))])


def _best(run: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        run()
        times.append((time.perf_counter() - started) * 1000)
    return min(times)


def _row(name: str, times: list[float]) -> None:
    times = sorted(times)
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    print(f"  {name:24} p50 {statistics.median(times):7.2f} ms   p95 {p95:7.2f} ms   worst {times[-1]:7.2f} ms")
