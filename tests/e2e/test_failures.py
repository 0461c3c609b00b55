"""When something is down, everybody is told what happened in words of their own, and a click goes on when it is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import pytest_asyncio
from e2e_rig import CUSTOMERS, INSIDE, SEED, Databases, Json, Stack, action_ids, is_counting, open_stack, size_on

from segbot.demo import company
from segbot.demo.workspace import message_words
from segbot.flows.house import House
from segbot.slack.ids import Action
from segbot.store.migrate import migrate
from segbot.warehouse.embedded import EmbeddedPostgres, temporary_postgres

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("e2e_failures"),
    pytest.mark.timeout(90),
]

STATEMENT_SECONDS = 1.0


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stack(databases: Databases, house: House, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """A bot whose queries may take one second."""
    folder = tmp_path_factory.mktemp("data")
    async with open_stack(databases, house, folder, statement_timeout=STATEMENT_SECONDS) as opened:
        yield opened


@pytest.fixture(scope="module")
def other_server() -> Iterator[EmbeddedPostgres]:
    """A server of our own to stop and start, with a company and a store on it."""
    with temporary_postgres() as server:
        server.create_database("customers")
        server.create_database("store")
        company.fill(server.url("customers"), CUSTOMERS, seed=SEED, now=datetime.now(UTC))
        migrate(server.url("store"), "segbot")
        yield server


@contextmanager
def slow_customers(owner: str, seconds: float = 30) -> Iterator[None]:
    """Every query that looks at customers takes this long."""
    with psycopg.connect(_libpq(owner), autocommit=True) as connection:
        connection.execute("ALTER TABLE shop.customers RENAME TO real_customers")
        connection.execute(
            "CREATE VIEW shop.customers AS"
            f" SELECT c.* FROM shop.real_customers c, (SELECT pg_sleep({seconds}) OFFSET 0) s"
        )
        connection.execute("GRANT SELECT ON shop.customers TO PUBLIC")
    try:
        yield
    finally:
        with psycopg.connect(_libpq(owner), autocommit=True) as connection:
            connection.execute("DROP VIEW shop.customers")
            connection.execute("ALTER TABLE shop.real_customers RENAME TO customers")


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def working(owner: str) -> int:
    """How many queries of the bot the database is working on."""
    with psycopg.connect(_libpq(owner), autocommit=True) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'segbot' AND state <> 'idle'"
            " AND datname = current_database()"
        ).fetchone()
    assert row is not None
    return int(row[0])


def assert_clear(message: Json) -> None:
    """Written for a person: nothing of the inside, a reference for the operator, and what was understood."""
    words = message_words(message)
    assert not INSIDE.search(words), words
    assert "Reference" in words
    assert "Gender is female" in words


async def retry(stack: Stack, card: Json) -> Json:
    """Press Try again."""
    assert Action.RETRY in action_ids(card)
    assert (await stack.ws.click("maya", "#marketing", card["ts"], Action.RETRY))["ok"]
    return await stack.again("#marketing", card["ts"], "Share in thread")


async def test_a_query_that_takes_too_long_is_stopped(stack: Stack) -> None:
    """It says so, nothing goes on in the database, and it can be tried again."""
    with slow_customers(stack.databases.owner):
        card = await stack.ask("women over 21")
        assert "took too long" in message_words(card)
        assert_clear(card)
        assert working(stack.databases.owner) == 0
    assert size_on(await retry(stack, card)) > 0


async def test_stop_ends_the_query_in_the_database(databases: Databases, house: House, tmp_path: Path) -> None:
    """The Stop button stops the work itself, not only the waiting for it."""
    async with open_stack(databases, house, tmp_path) as stack:
        with slow_customers(databases.owner):
            await stack.ws.slash("maya", "#marketing", "/segment women over 22")
            card = await stack.ws.wait_for_message("#marketing", is_counting)
            await stack.ws.wait_until(lambda: working(databases.owner) == 1, 5, "the query to run")
            await stack.ws.click("maya", "#marketing", card["ts"], Action.STOP)
            stopped = await stack.again("#marketing", card["ts"], "Stopped")
            await stack.ws.wait_until(lambda: working(databases.owner) == 0, 5, "the query to end")
        assert size_on(await retry(stack, stopped)) > 0


async def test_a_right_taken_away(stack: Stack) -> None:
    """A table that segbot may no longer read is told as that, with who can mend it."""
    stack.databases.as_owner(f"REVOKE USAGE ON SCHEMA shop FROM {company.READER}")
    try:
        card = await stack.ask("women over 23")
        assert "may not read" in message_words(card)
        assert "segbot grant" in message_words(card)
        assert_clear(card)
    finally:
        stack.databases.as_owner(f"GRANT USAGE ON SCHEMA shop TO {company.READER}")
    assert size_on(await retry(stack, card)) > 0


@pytest.mark.parametrize(
    ("table", "words"), [("customers", "women over 24"), ("orders", "women who bought in the last 90 days")]
)
async def test_a_table_that_has_gone(stack: Stack, table: str, words: str) -> None:
    """A table of the catalog that is not there any more is told as a change of the database."""
    stack.databases.as_owner(f"ALTER TABLE shop.{table} RENAME TO gone")
    try:
        card = await stack.ask(words)
        assert "database has changed" in message_words(card)
        assert_clear(card)
    finally:
        stack.databases.as_owner(f"ALTER TABLE shop.gone RENAME TO {table}")
    assert size_on(await retry(stack, card)) > 0


async def test_the_customer_database_is_away(
    databases: Databases, other_server: EmbeddedPostgres, house: House, tmp_path: Path
) -> None:
    """Stopped before a count and in the middle of one: the card says so, and Try again counts once it is back."""
    owner = other_server.url("customers")
    async with open_stack(Databases(owner, databases.store, owner), house, tmp_path) as stack:
        first = await stack.ask("women over 25")
        assert size_on(first) > 0
        with slow_customers(owner):
            await stack.ws.slash("maya", "#marketing", "/segment women over 26")
            counting = await stack.ws.wait_for_message("#marketing", is_counting)
            await stack.ws.wait_until(lambda: working(owner) == 1, 5, "the query to run")
            await asyncio.to_thread(other_server.stop)
            middle = await stack.again("#marketing", counting["ts"], "doesn't answer")
            assert_clear(middle)
            before = await stack.ask("women over 27")
            assert "doesn't answer" in message_words(before)
            assert_clear(before)
            # Buttons of cards that stand already say the same in their windows.
            await stack.ws.click("priya", "#marketing", first["ts"], Action.PREVIEW)
            await stack.ws.wait_until(lambda: "answer" in str(stack.ws.modal("priya")), 8, "the notice")
            assert not INSIDE.search(_words_of_view(stack.ws.modal("priya")))
            stack.ws.close("priya")
            await asyncio.to_thread(other_server.start)
        assert size_on(await retry(stack, middle)) > 0
        assert size_on(await retry(stack, before)) > 0
        assert working(owner) == 0
        assert stack.ws.refused == []


async def test_the_store_is_away(
    databases: Databases, other_server: EmbeddedPostgres, house: House, tmp_path: Path
) -> None:
    """Without its own store segbot says that nothing was saved; old cards work again when it is back."""
    with_other = Databases(databases.customers, other_server.url("store"), databases.owner)
    async with open_stack(with_other, house, tmp_path) as stack:
        card = await stack.ask("women over 28")
        await asyncio.to_thread(other_server.stop)
        refused = await stack.ask("women over 29")
        words = message_words(refused)
        assert refused["ephemeral"]
        assert "memory doesn't answer" in words
        assert not INSIDE.search(words)
        assert any(a.startswith(Action.TRY) for a in action_ids(refused))
        await stack.ws.click("maya", "#marketing", card["ts"], Action.SHARE)
        told = await stack.ws.wait_for_message(
            "#marketing", "memory doesn't answer", user="maya", after=refused["ts"], timeout=10
        )
        assert not INSIDE.search(message_words(told))
        # Help needs no database.
        assert await stack.ws.slash("omar", "#marketing", "/segment") == {"ok": True}
        await stack.ws.wait_for_message("#marketing", "Type who you are looking for", user="omar")
        await asyncio.to_thread(other_server.start)
        again = next(a for a in action_ids(refused) if a.startswith(Action.TRY))
        await stack.ws.click("maya", "#marketing", refused["ts"], again)
        await stack.ws.wait_for_message(
            "#marketing", lambda m: "omen over 29" in m["text"] and "Share in" in message_words(m)
        )
        await stack.ws.click("maya", "#marketing", card["ts"], Action.SHARE)
        await stack.ws.wait_for_message("#marketing", "Shared by", thread_ts=card["ts"])


def _words_of_view(view: Any) -> str:
    return message_words({"blocks": (view or {}).get("blocks", [])})
