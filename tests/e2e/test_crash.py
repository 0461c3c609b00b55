"""Killed at any moment and started again, delivered twice or late: nothing is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
import pytest_asyncio
from e2e_rig import Databases, Json, Stack, action_ids, is_counting, is_settled, run_sql, size_on
from test_failures import slow_customers, working

from segbot.demo import company
from segbot.demo.run import workspace_config
from segbot.demo.workspace import Workspace, message_words
from segbot.slack.ids import Action

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.xdist_group("e2e_slack"), pytest.mark.timeout(90)]


class Process:
    """`segbot serve` as an operator runs it, in a process of its own."""

    def __init__(self, ws: Workspace, databases: Databases, folder: Path) -> None:
        self.ws = ws
        self._environment = {
            **os.environ,
            "SEGBOT_DATABASE_URL": databases.customers,
            "SEGBOT_STORE_URL": databases.store,
            "SEGBOT_CATALOG": str(company.CATALOG),
            "SEGBOT_DATA_DIR": str(folder),
            "SEGBOT_SLACK_API_URL": ws.api_url,
            "SEGBOT_SLACK_BOT_TOKEN": ws.bot_token,
            "SEGBOT_SLACK_APP_TOKEN": ws.app_token,
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "segbot", "serve", env=self._environment, stderr=asyncio.subprocess.DEVNULL
        )
        await self.ws.wait_until(lambda: self.ws.connections == 1, 30, "the bot to connect")

    async def end(self, number: signal.Signals) -> int:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(number)
        code = await asyncio.wait_for(self._process.wait(), 30)
        await self.ws.wait_until(lambda: self.ws.connections == 0, 10, "its connection to be gone")
        return code


@pytest_asyncio.fixture(loop_scope="module")
async def ws() -> AsyncIterator[Workspace]:
    async with Workspace(replace(workspace_config(), rate_limits=False, retry_delays=(0.0, 0.2))) as workspace:
        yield workspace


@asynccontextmanager
async def serving(ws: Workspace, databases: Databases, folder: Path) -> AsyncIterator[Process]:
    process = Process(ws, databases, folder)
    await process.start()
    try:
        yield process
    finally:
        await process.end(signal.SIGKILL)


async def card(ws: Workspace, words: str) -> Json:
    await ws.slash("maya", "#marketing", f"/segment {words}")
    found: Json = await ws.wait_for_message(
        "#marketing", lambda m: m["text"].casefold().startswith(words) and is_settled(m), timeout=10
    )
    return found


async def settled(ws: Workspace, ts: str, words: str) -> Json:
    def look() -> Json | None:
        found = next(m for m in ws.messages("#marketing") if m["ts"] == ts)
        return found if words in message_words(found) and is_settled(found) else None

    found: Json = await ws.wait_until(look, 20, f"{words!r} on the card")
    return found


async def test_an_interrupted_count_is_finished_and_old_buttons_work(
    ws: Workspace, databases: Databases, tmp_path: Path
) -> None:
    """Killed while counting: the next process finishes the count on the same card; every button of older cards works."""
    async with serving(ws, databases, tmp_path) as bot:
        old = await card(ws, "women in texas who bought twice")
        question = await card(ws, "customers from washington")
        with slow_customers(databases.owner):
            await ws.slash("maya", "#marketing", "/segment women over 33")
            counting = await ws.wait_for_message("#marketing", is_counting)
            await ws.wait_until(lambda: working(databases.owner) == 1, 5, "the query to run")
            await bot.end(signal.SIGKILL)
            # The database notices by itself that nobody waits any more.
            await ws.wait_until(lambda: working(databases.owner) == 0, 15, "the query to end")
        await bot.start()
        assert size_on(await settled(ws, counting["ts"], "Share in thread")) > 0
        posted = len(ws.messages("#marketing"))

        await ws.click("priya", "#marketing", old["ts"], Action.PREVIEW)
        await ws.wait_until(lambda: "contact data is masked" in str(ws.modal("priya")), 10, "the preview")
        ws.close("priya")
        await ws.click("priya", "#marketing", old["ts"], Action.SHARE)
        await ws.wait_for_message("#marketing", "Shared by", thread_ts=old["ts"])
        chip = next(a for a in action_ids(old) if a.startswith(Action.SWITCH))
        await ws.click("maya", "#marketing", old["ts"], chip)
        switched = await settled(ws, old["ts"], "exactly 2")
        assert size_on(switched) < size_on(old)
        choice = next(a for a in action_ids(question) if a.startswith(Action.CHOOSE))
        await ws.click("omar", "#marketing", question["ts"], choice)
        assert size_on(await settled(ws, question["ts"], "Share in thread")) > 0
        await ws.click("maya", "#marketing", old["ts"], Action.SAVE)
        await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 10, "the form")
        assert (await ws.submit("maya", {"name": "After the crash"}))["response_action"] == "close"
        await settled(ws, old["ts"], "Saved as")
        assert len(ws.messages("#marketing")) == posted
        assert ws.refused == []


async def test_killed_before_the_card_is_posted(ws: Workspace, databases: Databases, tmp_path: Path) -> None:
    """Nothing stands in the channel; asking again is answered once."""
    async with serving(ws, databases, tmp_path) as bot:
        ws.faults.slow("chat.postMessage", 3)
        assert await ws.slash("maya", "#marketing", "/segment women over 34") == {"ok": True}
        await ws.wait_until(lambda: _requests(databases, "women over 34") == 1, 5, "the request to be kept")
        await bot.end(signal.SIGKILL)
        ws.faults.clear()
        await bot.start()
        await card(ws, "women over 34")
        await ws.wait_until(lambda: _requests(databases, "women over 34") == 2, 5, "the second request")


async def test_killed_before_the_place_of_the_card_is_noted(
    ws: Workspace, databases: Databases, tmp_path: Path
) -> None:
    """A card that says "Counting…" for ever has a button that leads on."""
    async with serving(ws, databases, tmp_path) as bot:
        with slow_customers(databases.owner), psycopg.connect(databases.store.replace("+psycopg", "")) as blocker:
            ws.faults.slow("chat.postMessage", 1)
            await ws.slash("maya", "#marketing", "/segment women over 35")
            await ws.wait_until(lambda: _requests(databases, "women over 35") == 1, 5, "the request to be kept")
            blocker.execute("LOCK TABLE segbot.requests IN SHARE ROW EXCLUSIVE MODE")
            counting = await ws.wait_for_message("#marketing", is_counting)
            await bot.end(signal.SIGKILL)
        await bot.start()
        await ws.click("maya", "#marketing", counting["ts"], Action.STOP)
        stopped = await settled(ws, counting["ts"], "Stopped")
        assert Action.RETRY in action_ids(stopped)
        await ws.click("maya", "#marketing", counting["ts"], Action.RETRY)
        assert size_on(await settled(ws, counting["ts"], "Share in thread")) > 0


async def test_a_polite_end_finishes_what_is_under_way(ws: Workspace, databases: Databases, tmp_path: Path) -> None:
    """SIGTERM in the middle of a count: the card gets its number before the process goes."""
    async with serving(ws, databases, tmp_path) as bot:
        with slow_customers(databases.owner, seconds=2):
            await ws.slash("maya", "#marketing", "/segment women over 36")
            counting = await ws.wait_for_message("#marketing", is_counting)
            await ws.wait_until(lambda: working(databases.owner) == 1, 5, "the query to run")
            assert await bot.end(signal.SIGTERM) == 0
        assert size_on(await settled(ws, counting["ts"], "Share in thread")) > 0


async def test_what_comes_twice_happens_once(stack: Stack) -> None:
    """A command, a mention, a click, a form and a share delivered twice: one card, one segment, one reply."""
    ws, faults = stack.ws, stack.ws.faults
    faults.duplicate("slash_commands")
    first = await stack.ask("bought twice in the last 80 days", channel="#partner-success", user="alex")
    faults.duplicate("events_api")
    asked = await ws.say("maya", "#marketing", "@segbot women over 37")
    await ws.wait_for_message("#marketing", "Share in thread", thread_ts=asked["ts"])
    faults.duplicate("interactive")
    chip = next(a for a in action_ids(first) if a.startswith(Action.SWITCH))
    await ws.click("alex", "#partner-success", first["ts"], chip)
    await stack.again("#partner-success", first["ts"], "exactly 2")
    faults.duplicate("interactive")
    await ws.click("alex", "#partner-success", first["ts"], Action.SHARE)
    await ws.wait_for_message("#partner-success", "Shared by", thread_ts=first["ts"])
    await ws.click("alex", "#partner-success", first["ts"], Action.SAVE)
    await ws.wait_until(lambda: (ws.modal("alex") or {}).get("submit"), 5, "the form")
    faults.duplicate("interactive")
    await ws.submit("alex", {"name": "Once"})
    await stack.again("#partner-success", first["ts"], "Saved as")
    await asyncio.wait_for(_idle(stack), 10)
    assert len(ws.messages("#partner-success")) == 1
    card_share_picture = ws.messages("#partner-success", thread_ts=first["ts"])
    assert len(card_share_picture) == 3
    assert len(ws.messages("#marketing", thread_ts=asked["ts"])) == 2
    assert run_sql(stack.databases.store, "SELECT count(*) FROM segments WHERE name = 'Once'") == [(1,)]
    for words, times in (("bought twice in the last 80 days", 1), ("women over 37", 1)):
        assert _requests(stack.databases, words) == times


async def test_what_comes_late_is_answered_or_explained(stack: Stack) -> None:
    """A late command is answered; a window that can no longer open is explained, and nothing was changed."""
    stack.ws.faults.delay(2.0, "slash_commands")
    first = await stack.ask("women over 38", channel="#campaigns")
    assert size_on(first) > 0
    stack.ws.faults.delay(3.5, "interactive")
    await stack.ws.click("maya", "#campaigns", first["ts"], Action.SAVE)
    told = await stack.ws.wait_for_message(
        "#campaigns", "press the button once more", user="maya", after=first["ts"], timeout=10
    )
    assert told["ephemeral"]
    assert stack.ws.modal("maya") is None


async def _idle(stack: Stack) -> None:
    while len(stack.bot.deps.running):
        await asyncio.sleep(0.01)


def _requests(databases: Databases, words: str) -> int:
    ((found,),) = run_sql(databases.store, "SELECT count(*) FROM requests WHERE text ILIKE %s", [f"%{words}%"])
    return int(found)
