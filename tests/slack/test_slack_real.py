"""The whole of segbot in Slack: the real app, flows, reader and two real databases, over both transports."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from slack_bench import free_port
from slack_site import Site, with_databases

from segbot.demo.workspace import Workspace, message_words
from segbot.flows.house import House
from segbot.slack.handlers import Deps
from segbot.slack.ids import Action

LONG = "women over 30 in California who bought twice in the last 90 days but never opened an email"


def sentence(card: dict[str, Any]) -> str:
    """The person's own words as the card quotes them."""
    quotes = [e for b in card["blocks"] for e in b.get("elements", []) if e["type"] == "rich_text_quote"]
    return "".join(part["text"] for part in quotes[0]["elements"])


def mrkdwn(node: Any) -> Iterator[str]:
    """Every text that Slack reads as mrkdwn."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        node = list(node.values())
    if isinstance(node, list):
        for child in node:
            yield from mrkdwn(child)


@pytest.fixture(params=["socket", "http"])
async def deps(
    request: pytest.FixtureRequest, ws: Workspace, databases: tuple[str, str], house: House, tmp_path: Path
) -> AsyncIterator[Deps]:
    """segbot served over either transport."""
    settings = with_databases(ws, databases, tmp_path, http_port=free_port())
    async with Site(ws, settings, house, request.param) as deps:
        yield deps


async def test_the_main_job(ws: Workspace, deps: Deps) -> None:
    """Two people at once: ask, look, save, share, each with true numbers and nothing that Slack would refuse."""
    await asyncio.gather(
        ws.slash("maya", "#marketing", f"/segment {LONG}"),
        ws.slash("omar", "#campaigns", "/segment women in Texas or Florida"),
    )
    card = await ws.wait_for_message("#marketing", "Share in thread", timeout=20)
    other = await ws.wait_for_message("#campaigns", "Share in thread", timeout=20)
    words = message_words(card)
    assert LONG in sentence(card)
    for part in ("Gender is female", "State is California", "Never opened an email", "Exact, as of Wed 20 May 2026"):
        assert part in words
    await ws.click("maya", "#marketing", card["ts"], Action.SHOW_SQL)
    await ws.wait_until(lambda: "SELECT" in json.dumps(ws.modal("maya")), 10, "the SQL")
    ws.close("maya")
    await ws.click("omar", "#campaigns", other["ts"], Action.PREVIEW)
    await ws.wait_until(lambda: "Only you see this" in json.dumps(ws.modal("omar")), 10, "the preview")
    addresses = re.findall(r"[^\s\"]+@[^\s\"]+", json.dumps(ws.modal("omar")["blocks"]))
    assert all("***" in address for address in addresses), addresses
    ws.close("omar")

    await ws.click("omar", "#campaigns", other["ts"], Action.SAVE)
    await ws.wait_until(lambda: (ws.modal("omar") or {}).get("submit"), 10, "the form")
    assert (await ws.submit("omar", {"name": "Texans", "tags": ", ".join("abcdefghijklm")}))["errors"]["tags"]
    name = f"Southern women {secrets.token_hex(3)}"
    form = {"name": name, "tags": "south"}
    assert await ws.submit("omar", form) == {"response_action": "close"}
    await ws.wait_for_message("#campaigns", name, timeout=10)
    await ws.click("maya", "#marketing", card["ts"], Action.SAVE)
    await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 10, "the form")
    taken = await ws.submit("maya", {"name": name.upper()})
    assert "name already" in json.dumps(taken)
    ws.close("maya")

    for _ in range(2):
        await ws.click("priya", "#marketing", card["ts"], Action.SHARE)
    await ws.wait_for_message("#marketing", "Shared by", thread_ts=card["ts"], timeout=10)
    await ws.wait_for_message("#marketing", "Already shared", user="priya", timeout=10)
    replies = [m for m in ws.messages("#marketing", card["ts"]) if "Shared by" in message_words(m)]
    assert len(replies) == 1
    assert [m["ts"] for m in ws.messages("#marketing")] == [card["ts"]]
    assert ws.refused == []


async def test_an_assumption_is_switched_and_counted_anew(ws: Workspace, deps: Deps) -> None:
    """The other meaning of "twice" gives another number on the same card."""
    await ws.slash("maya", "#marketing", "/segment bought twice in the last 90 days")
    card = await ws.wait_for_message("#marketing", "Share in thread", timeout=20)
    before = card["blocks"][0]["text"]["text"]
    await ws.click("omar", "#marketing", card["ts"], Action.SWITCH.at(0))
    after = await ws.wait_for_message(
        "#marketing",
        lambda m: "Share in thread" in message_words(m) and m["blocks"][0]["text"]["text"] != before,
        timeout=20,
    )
    assert after["ts"] == card["ts"]
    assert ws.refused == []


BAD = (
    "🧦🧦🧦",
    "'; DROP TABLE customers; --",
    "SELECT * FROM customers",
    "<!channel> women",
    "<script>alert(1)</script>",
    "Wie viele Frauen wohnen in Köln?",
    "カリフォルニアの女性",
    "asdf qwer zxcv",
    "{{ 7 * 7 }} %s %(x)s \\x00",
    "x" * 4000,
    "women " * 660,
    "((((((((((((((((((((women))))))))))))))))))))",
    "not not not not not not women",
)


@pytest.mark.parametrize("words", BAD, ids=lambda words: words[:24])
async def test_bad_input_gets_a_clear_answer(
    ws: Workspace, house: House, databases: Any, tmp_path: Path, words: str
) -> None:
    """No exception, nobody is called, and something to go on with."""
    async with Site(ws, with_databases(ws, databases, tmp_path), house, "socket") as deps:
        assert await ws.slash("maya", "#marketing", f"/segment {words}") == {"ok": True}
        await ws.wait_until(lambda: len(deps.running) == 0, 30, "the answer")
    answers = ws.messages("#marketing", user="maya")
    assert len(answers) == 1
    assert "Reference" not in message_words(answers[0]), "a reference means that something failed"
    assert "<!" not in answers[0]["text"]
    for text in mrkdwn(answers[0]["blocks"]):
        assert "<!" not in text
    assert ws.refused == []


async def anchored(deps: Deps, ws: Workspace, card: dict[str, Any]) -> None:
    """Wait until segbot knows where a card stands."""
    async with asyncio.timeout(10):
        while not await deps.desk.store.requests.at_message(
            ws.core.config.team_id, ws.channel_id("#marketing"), card["ts"]
        ):
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("step", ["anchor", "count"])
async def test_a_restart_in_the_middle_loses_nothing(
    ws: Workspace, house: House, databases: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Killed while counting: the next process finishes the card by itself. Killed before segbot knew where its card
    stands, which nobody can tell it afterwards: the card's own buttons go on with it."""
    settings = with_databases(ws, databases, tmp_path)
    reached, never = asyncio.Event(), asyncio.Event()

    async def hang(*given: object, **more: object) -> None:
        reached.set()
        await never.wait()

    site = Site(ws, settings, house, "socket")
    with monkeypatch.context() as patch:
        patch.setattr(f"segbot.flows.ask.{step}", hang)
        deps = await site.__aenter__()
        await ws.slash("maya", "#marketing", "/segment women in Texas")
        card = await ws.wait_for_message("#marketing", "Counting…")
        await asyncio.wait_for(reached.wait(), 10)
        if step == "count":  # it counts before its card is posted and its place noted
            await anchored(deps, ws, card)
        for task in [*deps.running._tasks]:  # as a kill would: nothing is cleaned up or said
            task.cancel()
        await site.__aexit__()
    async with Site(ws, settings, house, "socket"):
        if step == "anchor":
            await ws.click("maya", "#marketing", card["ts"], Action.STOP)
            await ws.wait_for_message("#marketing", "Try again")
            await ws.click("omar", "#marketing", card["ts"], Action.RETRY)
        await ws.wait_for_message("#marketing", "Share in thread", timeout=20)
        await ws.click("omar", "#marketing", card["ts"], Action.SHARE)
        await ws.wait_for_message("#marketing", "Shared by", thread_ts=card["ts"], timeout=20)
    assert len(ws.messages("#marketing")) == 1


async def test_two_processes_answer_each_delivery_once(
    ws: Workspace, house: House, databases: tuple[str, str], tmp_path: Path
) -> None:
    """Two segbots share the work; a delivery that reaches both is answered by one."""
    settings = with_databases(ws, databases, tmp_path)
    async with Site(ws, settings, house, "socket") as one, Site(ws, settings, house, "socket") as two:
        for words in ("women in Texas", "men in Texas", "women in Florida", "men in Florida"):
            ws.faults.duplicate("slash_commands")
            await ws.slash("maya", "#marketing", f"/segment {words}")
        await ws.wait_until(lambda: len(one.running) + len(two.running) == 0, 30, "all answers")
        await asyncio.sleep(0.3)
        await ws.wait_until(lambda: len(one.running) + len(two.running) == 0, 30, "all answers")
        for message in ws.messages("#marketing"):
            await asyncio.gather(
                *(ws.click(who, "#marketing", message["ts"], Action.SHARE) for who in ("maya", "omar", "priya"))
            )
        await ws.wait_until(lambda: len(one.running) + len(two.running) == 0, 30, "all answers")
    cards = ws.messages("#marketing")
    assert len(cards) == 4
    for card in cards:
        shared = [m for m in ws.messages("#marketing", card["ts"]) if "Shared by" in message_words(m)]
        assert len(shared) == 1


async def test_a_database_that_is_away_says_so_and_comes_back(
    ws: Workspace, house: House, databases: tuple[str, str], tmp_path: Path
) -> None:
    """Without the customer database the card says what is wrong without its address; afterwards Try again counts."""
    away = SecretStr("postgresql://nobody:secret@127.0.0.1:9/none")
    settings = with_databases(ws, databases, tmp_path)
    async with Site(ws, settings.model_copy(update={"database_url": away}), house, "socket"):
        await ws.slash("maya", "#marketing", "/segment women over 44 in Nevada")
        card = await ws.wait_for_message("#marketing", "Try again", timeout=30)
        assert "women over 44 in Nevada" in sentence(card)
        assert "127.0.0.1" not in json.dumps(card)
        assert "secret" not in json.dumps(card)
    async with Site(ws, settings, house, "socket"):
        await ws.click("maya", "#marketing", card["ts"], Action.RETRY)
        await ws.wait_for_message("#marketing", "Share in thread", timeout=20)


async def test_fifty_people_at_once_are_heard_within_a_second(
    ws: Workspace, house: House, databases: tuple[str, str], tmp_path: Path
) -> None:
    """Acknowledgements don't wait for databases: 50 commands at once, each acknowledged quickly, none lost or doubled."""
    async with Site(ws, with_databases(ws, databases, tmp_path), house, "socket") as deps:
        people = ("maya", "priya", "omar", "alex")
        took: list[float] = []

        async def ask(number: int) -> None:
            started = time.perf_counter()
            answer = await ws.slash(people[number % 4], f"@{people[number % 4]}", f"/segment women over {20 + number}")
            took.append(time.perf_counter() - started)
            assert answer == {"ok": True}

        await asyncio.gather(*(ask(number) for number in range(50)))
        await ws.wait_until(lambda: len(deps.running) == 0, 60, "all answers")
    cards = [message for who in people for message in ws.messages(f"@{who}") if message.get("bot_id")]
    assert len(cards) == 50
    assert all("Show SQL" in message_words(card) for card in cards)
    assert max(took) < 3.0
    assert sorted(took)[25] < 1.5
