"""What all tests share: one Postgres for the session, and databases in it that go away."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from typing import Protocol

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url

from segbot.addresses import parse_address
from segbot.warehouse.embedded import temporary_postgres


class Server(Protocol):
    """A Postgres to test on."""

    def url(self, database: str = ...) -> str: ...

    def create_database(self, name: str, template: str | None = None) -> None: ...

    def drop_database(self, name: str) -> None: ...


class _External:
    """The Postgres at SEGBOT_TEST_POSTGRES_URL, whose user may create databases."""

    def __init__(self, url: str) -> None:
        self._url = make_url(url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")
        self._conninfo = make_conninfo(**parse_address(url, "SEGBOT_TEST_POSTGRES_URL").arguments)

    def url(self, database: str = "postgres") -> str:
        return self._url.set(database=database).render_as_string(hide_password=False)

    def create_database(self, name: str, template: str | None = None) -> None:
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        self._run(statement)

    def drop_database(self, name: str) -> None:
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composable) -> None:
        with psycopg.connect(self._conninfo, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A running Postgres for the session: the one at SEGBOT_TEST_POSTGRES_URL, or an embedded one of our own."""
    if url := os.environ.get("SEGBOT_TEST_POSTGRES_URL"):
        yield _External(url)
        return
    with temporary_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def make_database(postgres: Server) -> Iterator[Callable[..., str]]:
    """Makes a database (a copy of `template` if given) that lasts for the session, and gives its address."""
    made: list[str] = []

    def make(template: str | None = None) -> str:
        name = f"test_{secrets.token_hex(6)}"
        postgres.create_database(name, template)
        made.append(name)
        return postgres.url(name)

    yield make
    for name in made:
        postgres.drop_database(name)
