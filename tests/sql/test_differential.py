"""The database and a plain-Python reading of the same condition over the same rows name the same people."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.sql.conftest import AT, PostgresShop
from tests.support.evaluate import Evaluator
from tests.support.shop import CATALOG
from tests.support.trees import LEAVES, SEGMENTS, TREES

from segbot.model.condition import Condition
from segbot.sql.compile import compile_count, compile_ladder, compile_sizes, condition_lines, steps_of

HOW_MANY = int(os.environ.get("SEGBOT_TREES", "300"))
often = settings(
    max_examples=HOW_MANY,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@often
@given(which=st.integers(0, 3), node=LEAVES)
def test_every_leaf_means_the_same(shops: tuple[PostgresShop, ...], which: int, node: Condition) -> None:
    """A single condition is the same set in SQL as in plain Python."""
    shop = shops[which]
    assert shop.members(node) == Evaluator(shop.world, CATALOG, AT, segments=SEGMENTS).of(node)


@often
@given(which=st.integers(0, 3), tree=TREES, base=st.none() | LEAVES)
def test_every_tree_means_the_same(
    shops: tuple[PostgresShop, ...], which: int, tree: Condition, base: Condition | None
) -> None:
    """A tree is the same set in SQL as in plain Python, inside any base."""
    shop = shops[which]
    assert shop.members(tree, base) == Evaluator(shop.world, CATALOG, AT, base, SEGMENTS).of(tree)


@settings(often, max_examples=max(HOW_MANY // 3, 1))
@given(which=st.integers(0, 3), tree=TREES, base=st.none() | LEAVES)
def test_numbers_agree_with_members(
    shops: tuple[PostgresShop, ...], which: int, tree: Condition, base: Condition | None
) -> None:
    """The count, the ladder and the sizes of choices are the sizes of the sets they speak of."""
    shop = shops[which]
    evaluator = Evaluator(shop.world, CATALOG, AT, base, SEGMENTS)
    members = evaluator.of(tree)
    everyone = len(evaluator.base)
    assert shop.run(compile_count(tree, CATALOG, AT, base, SEGMENTS)) == [(len(members), everyone)]
    statement, paths = compile_ladder(tree, CATALOG, AT, base, SEGMENTS)
    (row,) = shop.run(statement)
    assert row[:2] == (everyone, len(members))
    lines = dict(condition_lines(tree))
    left = set(evaluator.base)
    for step in steps_of(row, statement, paths):
        alone = evaluator.of(lines[step.path])
        assert step.alone == len(alone)
        if len(step.path) == 1 and step.remaining is not None:
            left &= alone
            assert step.remaining == len(left)
    assert shop.run(compile_sizes([tree, tree], CATALOG, AT, base, SEGMENTS)) == [
        (everyone, len(members), len(members))
    ]
