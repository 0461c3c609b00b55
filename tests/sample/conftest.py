"""Shops and stores for samples."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.sample.sample_rig import Pair, connect
from tests.support.shop_rows import fill, random_world


@pytest.fixture(scope="session")
def shop_of_samples(make_database: Callable[..., str]) -> str:
    """A shop of 400 odd customers; never changed, only copied."""
    url = make_database()
    with connect(url) as connection:
        fill(connection, random_world(11, customers=400))
        connection.execute("ANALYZE")
    return url


@pytest.fixture(scope="module")
def pair(make_database: Callable[..., str], shop_of_samples: str) -> Pair:
    """The shop, which nobody may change, and a store of its own."""
    return Pair(shop_of_samples, make_database())


@pytest.fixture
def fresh(make_database: Callable[..., str], shop_of_samples: str) -> Pair:
    """A copy of the shop that a test may change, and an empty store."""
    return Pair(make_database(template=shop_of_samples.rpartition("/")[2].partition("?")[0]), make_database())
