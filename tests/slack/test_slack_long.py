"""Counts that take long, wait, are stopped or fail: each ends in a clear card, leaves no query behind, and the next works."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo
from pydantic import SecretStr
from slack_site import NOW, Site, with_databases
from sqlalchemy import make_url
from tests.support.trouble import Network, admin, slow_customers, working

from segbot.addresses import parse_address
from segbot.demo import company
from segbot.demo.workspace import Workspace, message_words
from segbot.flows.house import House
from segbot.settings import Settings
from segbot.slack.ids import Action
from segbot.store.migrate import migrate

pytestmark = [pytest.mark.timeout(120), pytest.mark.xdist_group("slack_long")]

Json = dict[str, Any]
ROLE = "long_reader"
INSIDE = re.compile(r"psycopg|sqlalchemy|Traceback|relation \"|permission denied|FATAL|SELECT |shop\.|\bError\b|\.py\b")


@pytest.fixture(scope="module")
def owner(make_database: Callable[..., str]) -> str:
    """A demo company of 800 customers, for its owner, and a role that reads it."""
    url = make_database()
    company.fill(url, 800, seed=9, now=NOW)
    company.create_reader(url, company.SCHEMA, role=ROLE, password="reader")
    return url


@pytest.fixture
def store(make_database: Callable[..., str]) -> str:
    """A store of its own for each test: counts of one are no answer in another."""
    url = make_database()
    migrate(url, "segbot")
    return url


@pytest.fixture
def settings(ws: Workspace, owner: str, store: str, tmp_path: Path) -> Callable[..., Settings]:
    """Settings of a segbot that reads the company as the reader."""
    reader = make_url(owner).set(username=ROLE, password="reader").render_as_string(hide_password=False)

    def make(**more: Any) -> Settings:
        return with_databases(ws, (reader, store), tmp_path, **more)

    return make


async def ask(ws: Workspace, words: str, user: str = "maya", channel: str = "#marketing") -> Json:
    """`/segment words`: the card as it is posted at first."""
    before = {m["ts"] for m in ws.messages(channel)}
    assert await ws.slash(user, channel, f"/segment {words}") == {"ok": True}
    card: Json = await ws.wait_for_message(channel, lambda m: m["ts"] not in before, timeout=20)
    return card


async def card_with(ws: Workspace, card: Json, words: str, channel: str = "#marketing", seconds: float = 20) -> Json:
    """The same card once it says this."""
    found: Json = await ws.wait_for_message(
        channel, lambda m: m["ts"] == card["ts"] and words in message_words(m), timeout=seconds
    )
    return found


async def runs(ws: Workspace, owner: str, number: int = 1, seconds: float = 10) -> None:
    """Wait until so many queries run in the database."""
    deadline = asyncio.get_running_loop().time() + seconds
    while await asyncio.to_thread(working, owner) != number:
        assert asyncio.get_running_loop().time() < deadline, f"{number} queries did not run in time"
        await asyncio.sleep(0.05)


def size_of(card: Json) -> int:
    found = re.match(r"([\d,]+) customers?\b", card["blocks"][0]["text"]["text"])
    assert found, card["blocks"][0]
    return int(found[1].replace(",", ""))


def assert_clear(card: Json, *, reference: bool = True) -> None:
    """Written for a person: nothing of the inside, a reference for the operator where it is a failure."""
    words = message_words(card)
    assert not INSIDE.search(words), words
    assert ("Reference" in words) == reference, words


async def press(ws: Workspace, card: Json, action: str, user: str = "maya", channel: str = "#marketing") -> None:
    assert action in json.dumps(card), message_words(card)
    assert (await ws.click(user, channel, card["ts"], action))["ok"]


# --- waiting and stopping -------------------------------------------------------------------------


async def test_a_long_count_says_how_far_it_is_and_can_be_stopped(
    ws: Workspace, house: House, owner: str, settings: Callable[..., Settings]
) -> None:
    """The card tells how long it has run, what it goes through and when it ends; Stop ends the query in the database, a
    restart leaves the stopped card alone, and it can be counted again."""
    async with Site(ws, settings(), house):
        with slow_customers(owner):
            card = await ask(ws, "women over 31 who bought in the last 90 days")
            running = await card_with(ws, card, "s so far")
            words = message_words(running)
            assert "Counting…" in words
            assert "going through customers and orders" in words
            assert "stopped after 60 s" in words
            await press(ws, running, Action.STOP)
            stopped = await card_with(ws, card, "Stopped")
            await runs(ws, owner, 0, 5)
        assert_clear(stopped, reference=False)
        assert "Bought" in message_words(stopped)
    async with Site(ws, settings(), house) as again:
        await ws.wait_until(lambda: len(again.running) == 0, 10, "the start")
        assert "Stopped" in message_words(await card_with(ws, card, "Stopped"))
        await press(ws, stopped, Action.RETRY, "omar")
        assert size_of(await card_with(ws, card, "Share in thread")) > 0
    assert ws.refused == []


async def test_a_queue_tells_the_place_and_is_fair(
    ws: Workspace, house: House, owner: str, settings: Callable[..., Settings]
) -> None:
    """With one place, others wait and read where they stand; one who waits can stop, and the rest are counted in turn."""
    async with Site(ws, settings(max_queries=1), house):
        with slow_customers(owner, 4):
            first = await ask(ws, "women over 32")
            await runs(ws, owner)
            second = await ask(ws, "women over 33")
            third = await ask(ws, "women over 34", "omar", "#campaigns")
            waits = await card_with(ws, third, "next in line", "#campaigns")  # omar's first goes before maya's second
            assert "Waiting while other counts run" in message_words(waits)
            behind = await card_with(ws, second, "number 2 in line")
            await press(ws, behind, Action.STOP)
            stopped = await card_with(ws, second, "Stopped")
            assert_clear(stopped, reference=False)
            assert size_of(await card_with(ws, first, "Share in thread")) > 0
            assert size_of(await card_with(ws, third, "Share in thread", "#campaigns")) > 0
        await runs(ws, owner, 0)
        await press(ws, stopped, Action.RETRY)
        assert size_of(await card_with(ws, second, "Share in thread")) > 0


async def test_stop_when_it_has_just_finished(
    ws: Workspace, house: House, owner: str, settings: Callable[..., Settings]
) -> None:
    """Stop on a card that was counted meanwhile leaves the number where it is."""
    async with Site(ws, settings(), house) as deps:
        with slow_customers(owner, 1):
            card = await ask(ws, "women over 35")
            counted = await card_with(ws, card, "Share in thread")
        value = next(
            e["value"] for b in card["blocks"] for e in b.get("elements", []) if e.get("action_id") == Action.STOP
        )
        assert value
        request = value.split("|")[1]
        assert not deps.counts.stop(request)
        assert size_of(await card_with(ws, card, "Share in thread")) == size_of(counted)


async def test_two_people_who_ask_the_same_share_one_query(
    ws: Workspace, house: House, owner: str, settings: Callable[..., Settings]
) -> None:
    """Two people ask the same at once, with a window that ends now: one query, the same number on both cards; when one
    stops, the other gets the number all the same."""
    async with Site(ws, settings(), house):
        with slow_customers(owner, 3):
            one = await ask(ws, "women who bought in the last 90 days")
            two = await ask(ws, "women who bought in the last 90 days", "omar", "#campaigns")
            await runs(ws, owner, 1)
            await card_with(ws, two, "s so far", "#campaigns")
            assert working(owner) == 1
            await press(ws, one, Action.STOP)
            stopped = await card_with(ws, one, "Stopped")
            size = size_of(await card_with(ws, two, "Share in thread", "#campaigns"))
        await press(ws, stopped, Action.RETRY)
        assert size_of(await card_with(ws, one, "Share in thread")) == size


async def test_stop_reaches_a_count_of_another_process(
    ws: Workspace, house: House, owner: str, settings: Callable[..., Settings]
) -> None:
    """With two processes a click reaches either: the query ends in the database and the card says so."""
    async with Site(ws, settings(), house), Site(ws, settings(), house):
        with slow_customers(owner):
            card = await ask(ws, "women over 36")
            await runs(ws, owner)
            for _ in range(2):  # one of them reaches the process that does not count
                await ws.click("maya", "#marketing", card["ts"], Action.STOP)
            await runs(ws, owner, 0, 10)
            stopped = await card_with(ws, card, "Stopped")
        await press(ws, stopped, Action.RETRY)
        assert size_of(await card_with(ws, card, "Share in thread")) > 0


async def test_a_restart_in_the_middle_of_the_queue(
    ws: Workspace, house: House, owner: str, settings: Callable[..., Settings]
) -> None:
    """Killed with one count running and two waiting: the next process counts all three, and nothing runs meanwhile."""
    site = Site(ws, settings(max_queries=1), house)
    deps = await site.__aenter__()
    with slow_customers(owner):
        cards = [await ask(ws, f"women over {40 + n}") for n in range(3)]
        await runs(ws, owner)
        await card_with(ws, cards[2], "in line")
        for task in [*deps.running._tasks]:  # as a kill would: nothing is cleaned up or said
            task.cancel()
        await site.__aexit__()
        await runs(ws, owner, 0)
    async with Site(ws, settings(max_queries=1), house):
        for card in cards:
            assert size_of(await card_with(ws, card, "Share in thread")) > 0
    assert len(ws.messages("#marketing")) == 3


# --- too long, too much ---------------------------------------------------------------------------


async def test_a_time_out_says_what_to_narrow(
    ws: Workspace, house: House, owner: str, settings: Callable[..., Settings]
) -> None:
    """Of a count that took too long the costliest condition is named and offered over fewer days; what was narrowed stands
    on the card and can be taken back."""
    async with Site(ws, settings(statement_timeout=1.0), house):
        with slow_customers(owner):
            card = await ask(ws, "women in Texas who bought in the last 2 years")
            late = await card_with(ws, card, "took too long")
            await runs(ws, owner, 0, 5)
        assert_clear(late)
        words = message_words(late)
        assert "The most work is: Bought in the last 2 years" in words
        assert "Bought in the last 90 days" in words
        await press(ws, late, Action.NARROW.at(1), "omar")
        narrowed = await card_with(ws, card, "Share in thread")
        few = size_of(narrowed)
        assert "instead of: Bought in the last 2 years" in message_words(narrowed)
        switch = next(
            b["accessory"]["action_id"] for b in narrowed["blocks"] if "segbot.switch" in json.dumps(b.get("accessory"))
        )
        await press(ws, narrowed, switch)
        whole = await ws.wait_for_message(
            "#marketing",
            lambda m: "Share in thread" in message_words(m) and "instead of" not in message_words(m),
            timeout=20,
        )
        assert size_of(whole) > few
    assert ws.refused == []


async def test_a_lot_of_work_is_asked_about_first(
    ws: Workspace, house: House, owner: str, settings: Callable[..., Settings]
) -> None:
    """What the planner finds too much is not begun: the card says so, names what costs most, and counts when told to."""
    async with Site(ws, settings(cost_limit=1.0), house):
        card = await ask(ws, "women in Texas who bought in the last 2 years")
        large = await card_with(ws, card, "That is a lot to count")
        assert_clear(large)
        assert "The most work is: Bought in the last 2 years" in message_words(large)
        assert "segbot.retry" not in json.dumps(large)
        await press(ws, large, Action.COUNT_ANYWAY)
        counted = await card_with(ws, card, "Share in thread")
        assert size_of(counted) > 0
        await press(ws, counted, Action.PREVIEW)
        await ws.wait_until(lambda: "Only you see this" in json.dumps(ws.modal("maya")), 10, "the preview")
    assert ws.refused == []


async def test_the_same_question_a_moment_later(
    ws: Workspace, house: House, owner: str, settings: Callable[..., Settings]
) -> None:
    """Asked again, in other words of the same meaning, the number of a moment ago answers and says so; Count again asks
    the database."""
    async with Site(ws, settings(), house):
        first = await card_with(ws, await ask(ws, "women in Texas"), "Share in thread")
        assert "the same was counted" not in message_words(first)
        with slow_customers(owner):  # whoever asked the database now would wait
            again = await ask(ws, "females who live in Texas", "omar", "#campaigns")
            kept = await card_with(ws, again, "the same was counted a moment ago", "#campaigns", 5)
        assert size_of(kept) == size_of(first)
        with admin(owner) as connection:
            moved = "UPDATE shop.customers SET state = 'TX' WHERE state = (SELECT max(state) FROM shop.customers)"
            assert connection.execute(moved.encode()).rowcount
        await press(ws, kept, Action.COUNT_AGAIN, "omar", "#campaigns")
        fresh = await ws.wait_for_message(
            "#campaigns",
            lambda m: "Share in thread" in message_words(m) and "the same was counted" not in message_words(m),
            timeout=20,
        )
        assert size_of(fresh) != size_of(first)


# --- failures of the database ---------------------------------------------------------------------


async def test_a_slow_and_then_silent_network(
    ws: Workspace, house: House, owner: str, settings: Callable[..., Settings]
) -> None:
    """Over a slow line it takes longer and is right; when the line goes dead the card says so in a bounded time, and Try
    again counts once it is back."""
    arguments = parse_address(owner, "a test").arguments
    socket = f"{arguments['host']}/.s.PGSQL.{arguments.get('port', 5432)}"
    async with Network(socket).serve() as network:
        url = make_conninfo(
            host="127.0.0.1", port=network.port, dbname=arguments["dbname"], user=ROLE, password="reader",
            sslmode="disable", gssencmode="disable",
        )  # fmt: skip
        slowly = settings(statement_timeout=2.0).model_copy(update={"database_url": SecretStr(url)})
        async with Site(ws, slowly, house):
            network.delay = 0.2
            card = await card_with(ws, await ask(ws, "women over 50"), "Share in thread")
            size = size_of(card)
            network.delay = 0.0
            network.open.clear()
            dead = await card_with(ws, await ask(ws, "women over 51"), "doesn't answer", seconds=40)
            assert_clear(dead)
            network.open.set()
            await press(ws, dead, Action.RETRY)
            assert 0 < size_of(await card_with(ws, dead, "Share in thread")) <= size
        await runs(ws, owner, 0)


async def test_no_connection_is_free(
    ws: Workspace, house: House, owner: str, settings: Callable[..., Settings]
) -> None:
    """Where the role's connections are all taken the card says that it is busy; with one free it counts."""
    given = settings()
    assert given.database_url is not None
    taken = [psycopg.connect(**parse_address(given.database_url.get_secret_value(), "a test").arguments)]
    with admin(owner) as connection:
        mine = "SELECT count(*) FROM pg_stat_activity WHERE usename = %s"
        ((number,),) = connection.execute(
            mine.encode(), [ROLE]
        ).fetchall()  # connections of before may still be closing
        connection.execute(f"ALTER ROLE {ROLE} CONNECTION LIMIT {number}".encode())
    try:
        async with Site(ws, given, house):
            busy = await card_with(ws, await ask(ws, "women over 52"), "Try again")
            assert "Many are counting right now" in message_words(busy)
            assert_clear(busy)
            taken.pop().close()
            with admin(owner) as connection:
                while connection.execute(mine.encode(), [ROLE]).fetchall() == [(number,)]:
                    await asyncio.sleep(0.05)
            await press(ws, busy, Action.RETRY)
            assert size_of(await card_with(ws, busy, "Share in thread")) > 0
    finally:
        for one in taken:
            one.close()
        with admin(owner) as connection:
            connection.execute(f"ALTER ROLE {ROLE} CONNECTION LIMIT -1".encode())


async def test_a_right_taken_away_in_the_middle(
    ws: Workspace, house: House, owner: str, settings: Callable[..., Settings]
) -> None:
    """A revoked right is told with who can mend it; once it is granted again the same card counts."""
    async with Site(ws, settings(), house):
        with admin(owner) as connection:
            connection.execute(f"REVOKE USAGE ON SCHEMA shop FROM {ROLE}".encode())
        try:
            refused = await card_with(ws, await ask(ws, "women over 53"), "may not read")
        finally:
            with admin(owner) as connection:
                connection.execute(f"GRANT USAGE ON SCHEMA shop TO {ROLE}".encode())
        assert_clear(refused)
        assert "segbot grant" in message_words(refused)
        await press(ws, refused, Action.RETRY)
        assert size_of(await card_with(ws, refused, "Share in thread")) > 0
        await runs(ws, owner, 0)
