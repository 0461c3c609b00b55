"""Laws and the plain-Python reading on very many random trees: batches of trees, each batch one round trip.

`python -m tests.support.many --trees 200000` is the long mode: it takes fresh rows every two thousand trees, prints how
far it is, and stops at the first difference with the condition and the rows' seed. The test suite runs 5,000 trees.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence

import hypothesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.support.evaluate import Evaluator
from tests.support.shop import CATALOG
from tests.support.shop_rows import random_world
from tests.support.shops import AT, DuckShop, PostgresShop, duck_shop, keys, postgres_shop
from tests.support.trees import SEGMENTS, TREES

from segbot.model.codec import dump
from segbot.model.condition import AllOf, AnyOf, Condition, Not, canonical
from segbot.sql.compile import compile_ladder, steps_of
from segbot.warehouse.embedded import temporary_postgres

BATCH = 20
_FRESH = 2_000


def batches(trees: int, seed: int, check: Callable[[Sequence[Condition]], None]) -> None:
    """Draw so many random trees and check them batch by batch; the same seed draws the same trees."""

    @hypothesis.seed(seed)
    @settings(
        max_examples=max(trees // BATCH, 1),
        deadline=None,
        database=None,
        phases=[Phase.generate],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(TREES, min_size=BATCH, max_size=BATCH))
    def drawn(some: list[Condition]) -> None:
        check(some)

    drawn()


def check_batch(shop: PostgresShop, duck: DuckShop, trees: Sequence[Condition]) -> None:
    """Each tree means in SQL what it means in plain Python, on both engines, and the algebra of sets holds.

    Raises AssertionError naming the one tree, as JSON.
    """
    evaluator = Evaluator(shop.world, CATALOG, AT, segments=SEGMENTS)
    everyone = evaluator.base
    statements, laws = [], []
    ladders = []
    for tree, other in zip(trees, (*trees[1:], trees[0]), strict=True):
        ladder, paths = compile_ladder(tree, CATALOG, AT, segments=SEGMENTS)
        ladders.append((ladder, paths))
        statements += [shop.compiled(tree), ladder]
        laws += [
            shop.compiled(Not(tree)),
            shop.compiled(canonical(AllOf((tree, other)))),
            shop.compiled(AnyOf((other, tree))),
        ]
    # The guard is asked about every tree and ladder, and about the laws' own statements of every third tree.
    shop.check_all([law for index, law in enumerate(laws) if index // 3 % 3 == 0])
    answers, said = shop.run_all(statements), shop.ask_all(laws)
    found = [keys(rows) for rows in answers[::2]]
    for i, tree in enumerate(trees):
        inside, after = found[i], found[(i + 1) % len(trees)]
        rungs, (negated, both, either) = answers[2 * i + 1], said[3 * i : 3 * (i + 1)]
        where = dump(tree)
        assert inside == evaluator.of(tree), where
        assert keys(negated) == everyone - inside, where
        assert keys(both) == inside & after, where
        assert keys(either) == inside | after, where
        assert rungs[0][:2] == (len(everyone), len(inside)), where
        left = [rung.remaining for rung in steps_of(rungs[0], *ladders[i]) if rung.remaining is not None]
        assert left == sorted(left, reverse=True), where
        assert not left or left[-1] == len(inside), where
        if i % 4 == 0:
            assert duck.members(tree) == inside, where


def main() -> None:
    """The long mode."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--trees", type=int, default=200_000)
    arguments.add_argument("--seed", type=int, default=0, help="0: another one every time")
    options = arguments.parse_args()
    seed = options.seed or random.SystemRandom().randrange(1, 10**9)
    started, done = time.monotonic(), 0
    with temporary_postgres() as server:
        while done < options.trees:
            fresh = seed + done
            world = random_world(fresh, customers=random.Random(fresh).choice((1, 5, 40, 40, 60)))
            name = f"shop_{done}"
            server.create_database(name)
            shop, duck = postgres_shop(server.url(name), world), duck_shop(world)
            how_many = min(_FRESH, options.trees - done)
            try:
                batches(how_many, fresh, lambda trees, a=shop, b=duck: check_batch(a, b, trees))  # type: ignore[misc]
            except AssertionError as difference:
                print(f"rows of seed {fresh}: {difference}")
                sys.exit(1)
            finally:
                shop.connection.close()
                duck.connection.close()
                server.drop_database(name)
            done += how_many
            print(f"{done:,} trees without a difference, {time.monotonic() - started:.0f} s (seed {seed})", flush=True)


if __name__ == "__main__":
    main()
