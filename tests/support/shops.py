"""Shops of odd rows on a real Postgres and in DuckDB, asked in the same way."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

import duckdb
import psycopg
from tests.support.shop import CATALOG, SCHEMA
from tests.support.shop_rows import NOW, Row, World, fill, insert
from tests.support.trees import SEGMENTS

from segbot.addresses import parse_address
from segbot.model.condition import Condition
from segbot.model.resolve import Moment
from segbot.sql.compile import compile_members
from segbot.sql.dialect import POSTGRES, Postgres
from segbot.sql.duckdb import DUCKDB
from segbot.sql.guard import Allowed, guard
from segbot.sql.policy import Policy
from segbot.sql.statement import Statement

POLICY = Policy.of(CATALOG)
AT = Moment(NOW, CATALOG.calendar)
# The session's zone is nobody's: no query may depend on it.
SESSION_ZONE = "Asia/Kolkata"


class Shop(Protocol):
    """One database of odd rows, and the same rows in memory."""

    world: World
    at: Moment
    dialect: Postgres

    def run_all(self, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
        """The rows of each statement."""

    def run(self, statement: Statement) -> list[tuple[Any, ...]]:
        """The rows of a statement."""

    def members(self, condition: Condition, base: Condition | None = None) -> set[Any]:
        """The keys of a condition's customers."""

    def query(self, sql: str) -> set[Any]:
        """The first column of a hand-written query."""

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        """More rows."""

    def changed(self) -> Any:
        """A context that undoes what is done to the rows inside."""


class _Asked:
    """What both engines do alike."""

    world: World
    at: Moment
    dialect: Postgres
    connection: Any

    def run_all(self, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
        raise NotImplementedError

    def run(self, statement: Statement) -> list[tuple[Any, ...]]:
        return self.run_all([statement])[0]

    def members(self, condition: Condition, base: Condition | None = None) -> set[Any]:
        return keys(self.run(self.compiled(condition, base)))

    def compiled(self, condition: Condition, base: Condition | None = None) -> Statement:
        return compile_members(condition, CATALOG, self.at, base, SEGMENTS, self.dialect)

    @contextmanager
    def changed(self) -> Iterator[None]:
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("ROLLBACK")


def keys(rows: Sequence[tuple[Any, ...]]) -> set[Any]:
    """The first column, in which nobody comes twice."""
    found = [row[0] for row in rows]
    assert len(found) == len(set(found)), "a customer came twice"
    return set(found)


@dataclass(frozen=True)
class PostgresShop(_Asked):
    """A shop on Postgres; the guard must allow every statement."""

    world: World = field(repr=False)
    connection: psycopg.Connection[Any] = field(repr=False)
    at: Moment = AT
    dialect: Postgres = POSTGRES

    def run_all(self, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
        """All in one round trip."""
        self.check_all(statements)
        return self.ask_all(statements)

    def check_all(self, statements: Sequence[Statement]) -> None:
        """The guard must allow every statement."""
        for statement in statements:
            verdict = guard(statement.sql, POLICY)
            assert isinstance(verdict, Allowed), (verdict, statement.sql)

    def ask_all(self, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
        """All in one round trip, without the guard, which takes longer than the database."""
        with self.connection.pipeline():
            cursors = [self.connection.execute(one.sql, one.parameters, prepare=True) for one in statements]
        return [cursor.fetchall() for cursor in cursors]

    def query(self, sql: str) -> set[Any]:
        return {row[0] for row in self.connection.execute(sql)}  # type: ignore[call-overload]

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        insert(self.connection, table, rows)


@dataclass(frozen=True)
class DuckShop(_Asked):
    """A shop in DuckDB, in memory."""

    world: World = field(repr=False)
    connection: duckdb.DuckDBPyConnection = field(repr=False)
    at: Moment = AT
    dialect: Postgres = DUCKDB

    def run_all(self, statements: Sequence[Statement]) -> list[list[tuple[Any, ...]]]:
        return [self.connection.execute(one.sql, one.parameters).fetchall() for one in statements]

    def query(self, sql: str) -> set[Any]:
        return {row[0] for row in self.connection.execute(sql).fetchall()}

    def insert(self, table: str, rows: Sequence[Row]) -> None:
        if rows:
            columns = list(rows[0])
            names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
            self.connection.executemany(
                f"INSERT INTO {table} ({names}) VALUES ({marks})",
                [[_stored(row[name]) for name in columns] for row in rows],
            )


def _stored(value: object) -> object:
    return json.dumps(value) if isinstance(value, dict) else value


def postgres_shop(url: str, world: World) -> PostgresShop:
    """A shop in an empty database."""
    connection = psycopg.connect(**parse_address(url, "test").arguments, autocommit=True)
    connection.execute(f"SET TIME ZONE '{SESSION_ZONE}'")
    fill(connection, world)
    return PostgresShop(world, connection)


def duck_shop(world: World) -> DuckShop:
    """A shop in a DuckDB of its own."""
    connection = duckdb.connect(config={"threads": 1})
    connection.execute(f"SET TimeZone = '{SESSION_ZONE}'")
    connection.execute(SCHEMA.replace("jsonb", "json"))
    shop = DuckShop(world, connection)
    for table, rows in world.items():
        shop.insert(table, rows)
    return shop
