"""Shops on a real Postgres and in DuckDB, for what the compiler promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from tests.support.shop_rows import World, random_world
from tests.support.shops import AT, POLICY, DuckShop, PostgresShop, Shop, duck_shop, postgres_shop

__all__ = ["AT", "POLICY", "DuckShop", "PostgresShop", "Shop"]

SEEDS = (1, 2, 3, 0)


def world_of(seed: int) -> World:
    """A shop of odd rows; seed 0 is one where every table is empty."""
    return random_world(seed, customers=40 if seed else 0)


@pytest.fixture(scope="session")
def open_shop(make_database: Callable[..., str]) -> Iterator[Callable[[World], PostgresShop]]:
    """Opens a shop of given rows, in a session whose own time zone is nobody's."""
    opened: list[PostgresShop] = []

    def opening(world: World) -> PostgresShop:
        opened.append(postgres_shop(make_database(), world))
        return opened[-1]

    yield opening
    for shop in opened:
        shop.connection.close()


@pytest.fixture(scope="session")
def shops(open_shop: Callable[[World], PostgresShop]) -> tuple[PostgresShop, ...]:
    """Three shops of odd rows, and one where every table is empty."""
    return tuple(open_shop(world_of(seed)) for seed in SEEDS)


@pytest.fixture(scope="session")
def ducks() -> tuple[DuckShop, ...]:
    """The same shops in DuckDB."""
    return tuple(duck_shop(world_of(seed)) for seed in SEEDS)


@pytest.fixture(scope="session")
def engines(shops: tuple[PostgresShop, ...], ducks: tuple[DuckShop, ...]) -> tuple[Shop, ...]:
    """The three shops of odd rows on Postgres, then in DuckDB."""
    return (*shops[:3], *ducks[:3])
