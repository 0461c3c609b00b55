"""What the migrations promise: up, down and up again, many at once, and a sentence where they can't."""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, text
from tests.store.samples import NOW, new_request

from segbot.errors import ConfigurationError, StoreUnavailable
from segbot.store.database import Store
from segbot.store.migrate import head_revision, migrate
from segbot.store.tables import metadata
from segbot.testing.stores import throwaway_schema

WEAK = f"segbot_test_weak_{secrets.token_hex(4)}"  # roles belong to the server, which others may be testing on


@pytest.fixture
def schema(store_url: str) -> Iterator[str]:
    with throwaway_schema(store_url) as name:
        yield name


def tables_in(url: str, schema: str) -> set[str]:
    with create_engine(url).connect() as connection:
        rows = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = :s"), {"s": schema})
        return set(rows.scalars())


def test_up_down_up(store_url: str, schema: str) -> None:
    """All the way up, down to nothing and up again; each twice, which changes nothing."""
    for _ in range(2):
        assert migrate(store_url, schema) == head_revision()
    assert tables_in(store_url, schema) == {*metadata.tables, "alembic_version"}
    for _ in range(2):
        assert migrate(store_url, schema, "base") is None
    assert tables_in(store_url, schema) == {"alembic_version"}
    assert migrate(store_url, schema) == head_revision()
    assert migrate(store_url, schema, "-1") != head_revision()


def test_the_tables_are_those_of_the_code(store_url: str, schema: str) -> None:
    """After all migrations the database differs in nothing from the tables that the code uses."""
    migrate(store_url, schema)
    with create_engine(store_url).connect() as connection:
        connection.execute(text(f"SET search_path TO {schema}"))
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        differences = [d for d in compare_metadata(context, metadata) if "alembic_version" not in repr(d)]
    assert differences == []


def test_four_processes_start_at_once(store_url: str, schema: str) -> None:
    """Processes that migrate a fresh store at the same moment all succeed."""
    program = "import sys; from segbot.store.migrate import migrate; print(migrate(sys.argv[1], sys.argv[2]))"
    command = [sys.executable, "-c", program, store_url, schema]
    started = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ))
        for _ in range(4)
    ]
    ended = [process.communicate(timeout=90) for process in started]
    assert [(p.returncode, out) for p, (out, _) in zip(started, ended, strict=True)] == [
        (0, f"{head_revision()}\n")
    ] * 4


async def test_a_schema_with_capitals(store_url: str) -> None:
    """A schema name may have capitals and be a word of SQL."""
    engine = create_engine(store_url)
    try:
        await asyncio.to_thread(migrate, store_url, "Table")
        async with Store.open(store_url, "Table") as store:
            await store.check()
            added = await store.requests.add(new_request(), NOW)
            assert await store.requests.get(added.team, added.id) == added
    finally:
        with engine.begin() as connection:
            connection.execute(text('DROP SCHEMA IF EXISTS "Table" CASCADE'))


@pytest.mark.parametrize("schema", ["", "a b", 'a"b', "a;b", "100%s", "x" * 64, "pg_mine"])
def test_names_that_are_no_schema(store_url: str, schema: str) -> None:
    """A name that is no plain schema name is refused before anything is made, with the setting to change."""
    for attempt in (migrate, Store.open):
        with pytest.raises(ConfigurationError, match="SEGBOT_STORE_SCHEMA"):
            attempt(store_url, schema)


async def test_a_store_that_was_never_migrated(store_url: str, schema: str) -> None:
    """Using or checking a store without tables says to run the migration."""
    async with Store.open(store_url, schema) as store:
        with pytest.raises(ConfigurationError, match="segbot migrate"):
            await store.check()
        with pytest.raises(ConfigurationError, match="segbot migrate"):
            await store.requests.recent("T1", "U1")


def test_a_store_of_a_newer_segbot(store_url: str, schema: str) -> None:
    """Tables of an unknown, newer version are left alone, and the sentence says what to use."""
    migrate(store_url, schema)
    with create_engine(store_url).begin() as connection:
        connection.execute(text(f"UPDATE {schema}.alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="newest version of segbot"):
        migrate(store_url, schema)
    assert tables_in(store_url, schema) >= set(metadata.tables)


def test_an_unknown_revision(store_url: str, schema: str) -> None:
    """A revision that does not exist is refused with a sentence."""
    with pytest.raises(ConfigurationError, match="no revision nope"):
        migrate(store_url, schema, "nope")


def test_a_user_without_rights(make_database: Callable[..., str]) -> None:
    """A user who may not create a schema is told so, without the database's own words."""
    url = make_database()
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"DROP ROLE IF EXISTS {WEAK}"))
        connection.execute(text(f"CREATE ROLE {WEAK} LOGIN PASSWORD 'weak'"))
    weak = engine.url.set(username=WEAK, password="weak").render_as_string(hide_password=False)
    try:
        with pytest.raises(ConfigurationError, match="may not create tables"):
            migrate(weak)
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP ROLE {WEAK}"))


@pytest.mark.parametrize(
    ("address", "error", "words"),
    [
        ("nonsense", ConfigurationError, "SEGBOT_STORE_URL"),
        ("mysql://u@h/x", ConfigurationError, "SEGBOT_STORE_URL"),
        ("postgresql://u:secret@host.invalid/x", ConfigurationError, "no host"),
        ("postgresql://u:secret@127.0.0.1:9/x", StoreUnavailable, "nothing was saved"),
    ],
)
async def test_addresses_that_lead_nowhere(address: str, error: type[Exception], words: str) -> None:
    """A wrong address is one sentence, with the setting to change, and never shows the password."""
    for attempt in (lambda: migrate(address), lambda: asyncio.run(_use(address))):
        with pytest.raises((ConfigurationError, StoreUnavailable)) as caught:
            await asyncio.to_thread(attempt)
        assert type(caught.value) is error
        assert words in caught.value.sentence
        assert "secret" not in str(caught.value)


async def _use(address: str) -> None:
    async with Store.open(address) as store:
        await store.check()
