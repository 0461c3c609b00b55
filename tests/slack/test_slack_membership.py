"""Segments named in other requests: what somebody saved a minute ago, and the ready ones, each with its people of now.

The real app, flows, reader and databases, in a workspace that is as strict as Slack.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_site import NOW, Site, with_databases

from segbot.demo.workspace import Workspace, message_words
from segbot.flows.house import House
from segbot.model.condition import Member
from segbot.model.segment import Segment, State
from segbot.settings import Settings
from segbot.slack.handlers import Deps
from segbot.slack.ids import Action
from segbot.store.migrate import migrate

Json = dict[str, Any]


@pytest.fixture
def settings(ws: Workspace, databases: tuple[str, str], tmp_path: Path) -> Settings:
    """Settings with a store of its own: each test begins without segments."""
    schema = f"s{secrets.token_hex(4)}"
    migrate(databases[1], schema)
    return with_databases(ws, databases, tmp_path, store_schema=schema)


@pytest.fixture
async def deps(ws: Workspace, settings: Settings, house: House) -> AsyncIterator[Deps]:
    async with Site(ws, settings, house) as deps:
        yield deps
    assert ws.refused == []


async def asked(ws: Workspace, words: str, wait: str = "Share in thread") -> Json:
    """A request by Maya, answered with a card that says something."""
    after = max((m["ts"] for m in ws.messages("#marketing")), default="0")
    await ws.slash("maya", "#marketing", f"/segment {words}")
    card: Json = await ws.wait_for_message("#marketing", wait, after=after, timeout=20)
    return card


async def saved(ws: Workspace, words: str, name: str) -> int:
    """A request counted and saved under a name with the form; its size."""
    card = await asked(ws, words)
    await ws.click("maya", "#marketing", card["ts"], Action.SAVE)
    await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 10, "the form")
    assert await ws.submit("maya", {"name": name}) == {"response_action": "close"}
    await ws.wait_for_message("#marketing", name, timeout=10)
    return size(card)


def size(card: Json) -> int:
    """The number of people on a counted card."""
    found = re.search(r"([\d,]+) customers?", card["blocks"][0]["text"]["text"])
    assert found, message_words(card)
    return int(found[1].replace(",", ""))


async def find(ws: Workspace, deps: Deps, name: str) -> Segment:
    segment = await deps.desk.store.segments.by_name(ws.core.config.team_id, name)
    assert segment is not None
    return segment


async def test_a_saved_segment_is_named_in_the_next_request(ws: Workspace, deps: Deps) -> None:
    """By name, misspelt, by number, negated: the numbers add up, and the card says which segment it is."""
    whole = await saved(ws, "women in Texas", "Lone Star ladies")
    both = size(await asked(ws, "in Lone Star ladies and bought shoes"))
    card = await asked(ws, "people in segment Lone Star ladis who never bought shoes")
    assert "the segment &quot;Lone Star ladies" in message_words(card).replace('"', "&quot;")
    assert size(card) + both == whole
    number = (await find(ws, deps, "Lone Star ladies")).number
    assert size(await asked(ws, f"#{number}")) == whole
    everyone = size(await asked(ws, "all customers"))
    assert size(await asked(ws, f"customers not in segment {number}")) == everyone - whole
    await ws.click("maya", "#marketing", card["ts"], Action.PREVIEW)
    await ws.wait_until(lambda: "Only you see this" in json.dumps(ws.modal("maya")), 10, "the preview")
    ws.close("maya")
    await ws.click("maya", "#marketing", card["ts"], Action.SHOW_SQL)
    await ws.wait_until(lambda: "SELECT" in json.dumps(ws.modal("maya")), 10, "the SQL")


async def test_a_segment_follows_its_definition(ws: Workspace, deps: Deps) -> None:
    """A segment that names another means what that one means now: in the trash there is nothing to count, and it says so."""
    inner = await saved(ws, "women in Texas", "Lone Star ladies")
    outer = await saved(ws, "in segment Lone Star ladies and bought shoes", "Texan shoes")
    assert outer == size(await asked(ws, "in segment Texan shoes"))
    texans = await find(ws, deps, "Lone Star ladies")
    everyone = await asked(ws, "people in Texas")
    (request,) = [
        r
        for r in await deps.desk.store.requests.recent(ws.core.config.team_id, ws.user_id("maya"))
        if r.text == "people in Texas"
    ]
    assert request.condition is not None
    store = deps.desk.store.segments
    texans = await store.add_version(texans, request.condition, request="", author="U1", reason="all of them", now=NOW)
    assert size(await asked(ws, "in segment Lone Star ladies")) == size(everyone) > inner
    texans = await store.add_version(
        texans, Member("segment", (await find(ws, deps, "Texan shoes")).id), request="", author="U1", reason="", now=NOW
    )
    circle = await asked(ws, "in segment Texan shoes", "A segment names itself")
    assert "in a circle" in message_words(circle)
    await store.save(replace(texans, state=State.TRASH), NOW)
    gone = await asked(ws, "in segment Texan shoes", "A segment is gone")
    assert "was deleted" in message_words(gone)


async def test_a_ready_segment_and_a_word_with_two_meanings(ws: Workspace, deps: Deps) -> None:
    """Ready segments need no saving; a name that is an ordinary word too is asked about, both meanings counted."""
    assert size(await asked(ws, "at risk customers")) > 0
    await saved(ws, "women in Texas", "Gold members")
    whole, words = size(await asked(ws, "segment Gold members")), size(await asked(ws, "gold tier"))
    card = await asked(ws, "gold members", "Do you mean that, or the words?")

    def both() -> bool:
        now = next(m for m in ws.messages("#marketing") if m["ts"] == card["ts"])
        return all(re.search(rf"\b{n} customers|· {n}\b", json.dumps(now, ensure_ascii=False)) for n in (whole, words))

    await ws.wait_until(both, 10, f"both choices with their sizes, {whole} and {words}")
    history = await asked(ws, "entered At risk in the last 7 days", "was not kept")
    assert "Nobody was counted" in message_words(history)
