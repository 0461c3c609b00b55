"""Five thousand random trees against plain Python and the algebra of sets, on every run."""

from __future__ import annotations

import os

import pytest
from tests.sql.conftest import DuckShop, PostgresShop
from tests.support.many import batches, check_batch

TREES = int(os.environ.get("SEGBOT_MANY", "5000"))
PARTS = 10


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("part", range(PARTS))
def test_many_trees(shops: tuple[PostgresShop, ...], ducks: tuple[DuckShop, ...], part: int) -> None:
    """No tree differs between Postgres, DuckDB and plain Python, and not, and, or, counts and ladders agree.

    `python -m tests.support.many --trees 200000` goes on for longer, over fresh rows.
    """
    which = part % 3
    batches(TREES // PARTS, part, lambda trees: check_batch(shops[which], ducks[which], trees))
