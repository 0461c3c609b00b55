"""Shops on a real Postgres, for what the compiler promises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from tests.support.shop import CATALOG
from tests.support.shop_rows import NOW, World, fill, random_world
from tests.support.trees import SEGMENTS

from segbot.addresses import parse_address
from segbot.model.condition import Condition
from segbot.model.resolve import Moment
from segbot.sql.compile import compile_members
from segbot.sql.guard import Allowed, guard
from segbot.sql.policy import Policy
from segbot.sql.statement import Statement

POLICY = Policy.of(CATALOG)
AT = Moment(NOW, CATALOG.calendar)


@dataclass(frozen=True)
class Shop:
    """One database of odd rows, and the same rows in memory."""

    world: World = field(repr=False)
    connection: psycopg.Connection[Any] = field(repr=False)
    at: Moment = AT

    def run(self, statement: Statement) -> list[tuple[Any, ...]]:
        """The rows of a statement, which the guard must have allowed."""
        verdict = guard(statement.sql, POLICY)
        assert isinstance(verdict, Allowed), (verdict, statement.sql)
        return self.connection.execute(statement.sql, statement.parameters, prepare=True).fetchall()

    def members(self, condition: Condition, base: Condition | None = None) -> set[Any]:
        """The keys of a condition's customers."""
        found = [row[0] for row in self.run(compile_members(condition, CATALOG, self.at, base, SEGMENTS))]
        assert len(found) == len(set(found)), "a customer came twice"
        return set(found)

    def query(self, sql: str) -> set[Any]:
        """The first column of a hand-written query."""
        return {row[0] for row in self.connection.execute(sql)}  # type: ignore[call-overload]


@pytest.fixture(scope="session")
def open_shop(make_database: Callable[..., str]) -> Iterator[Callable[[World], Shop]]:
    """Opens a shop of given rows, in a session whose own time zone is nobody's."""
    opened: list[psycopg.Connection[Any]] = []

    def opening(world: World) -> Shop:
        connection = psycopg.connect(**parse_address(make_database(), "test").arguments, autocommit=True)
        opened.append(connection)
        connection.execute("SET TIME ZONE 'Asia/Kolkata'")
        fill(connection, world)
        return Shop(world, connection)

    yield opening
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def shops(open_shop: Callable[[World], Shop]) -> tuple[Shop, ...]:
    """Three shops of odd rows, and one where every table is empty."""
    return tuple(open_shop(random_world(seed, customers=40 if seed else 0)) for seed in (1, 2, 3, 0))
