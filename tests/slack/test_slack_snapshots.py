"""Snapshots in threads: frozen numbers, dates and people, with a picture; compared with today; named in later requests."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from slack_site import NOW, Site, with_databases

from segbot.addresses import parse_address
from segbot.demo.workspace import Workspace, message_words
from segbot.flows.house import House
from segbot.flows.housekeeping import tidy
from segbot.flows.snapshots import asks_whether_right
from segbot.settings import Settings
from segbot.slack.handlers import Deps
from segbot.slack.ids import Action
from segbot.store.migrate import migrate

Json = dict[str, Any]


@pytest.fixture
def settings(ws: Workspace, databases: tuple[str, str], tmp_path: Path) -> Settings:
    """A store of its own, so that snapshots are numbered from 1."""
    schema = f"s{secrets.token_hex(4)}"
    migrate(databases[1], schema)
    return with_databases(ws, databases, tmp_path, store_schema=schema)


@pytest.fixture
async def deps(ws: Workspace, settings: Settings, house: House) -> AsyncIterator[Deps]:
    async with Site(ws, settings, house) as deps:
        yield deps


async def asked(ws: Workspace, words: str, wait: str = "Share in thread") -> Json:
    """A request by Maya, answered with a card."""
    after = max((m["ts"] for m in ws.messages("#marketing")), default="0")
    await ws.slash("maya", "#marketing", f"/segment {words}")
    card: Json = await ws.wait_for_message("#marketing", wait, after=after, timeout=20)
    return card


def size(card: Json) -> int:
    """The number of people on a counted card."""
    found = re.search(r"([\d,]+) customers?", card["blocks"][0]["text"]["text"])
    assert found, message_words(card)
    return int(found[1].replace(",", ""))


async def shared(ws: Workspace, card: Json, who: str = "maya", *, picture: bool = True) -> Json:
    """A card's snapshot in its thread, once its picture is there too."""
    before = len(ws.messages("#marketing", card["ts"]))
    await ws.click(who, "#marketing", card["ts"], Action.SHARE)
    shown: Json = await ws.wait_for_message("#marketing", "Shared by", thread_ts=card["ts"], timeout=20)
    if picture:
        await ws.wait_until(lambda: len(ws.messages("#marketing", card["ts"])) > before + 1, 20, "the picture")
    return shown


async def still_right(ws: Workspace, card: Json, words: str = "is this still right?") -> str:
    """What segbot answers to that in the thread."""
    after = max(m["ts"] for m in ws.messages("#marketing", card["ts"]))
    await ws.say("omar", "#marketing", words, thread_ts=card["ts"])
    found = await ws.wait_for_message("#marketing", "Today it is", thread_ts=card["ts"], after=after, timeout=20)
    return message_words(found)


async def test_a_snapshot_has_a_picture_with_words_for_it(ws: Workspace, deps: Deps) -> None:
    """One message with the definition, its dates and size; below it one PNG that says in words what it shows."""
    card = await asked(ws, "women over 30 who bought in the last 90 days")
    shown = await shared(ws, card)
    assert "Snapshot 1" in message_words(shown)
    assert "in the last 90 days" in message_words(shown).lower()
    pictures = [m for m in ws.messages("#marketing", card["ts"]) if m.get("files")]
    assert len(pictures) == 1
    (file,) = pictures[0]["files"]
    stored = ws.core.state.files[file["id"]]
    assert stored.content is not None
    assert stored.content.startswith(b"\x89PNG")
    assert "beside everybody" in stored.alt_txt
    assert "%" in stored.alt_txt
    assert ws.refused == []


async def test_its_people_are_frozen_and_can_be_named(
    ws: Workspace, deps: Deps, databases: tuple[str, str], settings: Settings, house: House
) -> None:
    """The snapshot keeps its people though the data change; the segment itself moves on, and the difference is told."""
    card = await asked(ws, "women in Texas")
    whole = size(card)
    await shared(ws, card)
    everyone = size(await asked(ws, "all customers"))
    try:
        with psycopg.connect(**parse_address(databases[0], "database").arguments, autocommit=True) as owner:
            moved = owner.execute(
                "UPDATE shop.customers SET state = 'FL' WHERE id IN (SELECT id FROM shop.customers"
                " WHERE gender = 'F' AND state = 'TX' AND NOT is_internal ORDER BY id LIMIT 3) RETURNING id"
            ).fetchall()
            came = owner.execute(
                "UPDATE shop.customers SET state = 'TX' WHERE id IN (SELECT id FROM shop.customers"
                " WHERE gender = 'F' AND state = 'CA' AND NOT is_internal ORDER BY id LIMIT 5) RETURNING id"
            ).fetchall()
        assert (len(moved), len(came)) == (3, 5)
        said = await still_right(ws, card)
        assert f"*{whole + 2} customers*" in said
        assert "+5 in, −3 out since" in said
        assert "The definition still means the same" in said
        frozen = await asked(ws, "in snapshot 1")
        assert size(frozen) == whole
        assert size(await asked(ws, "in the snapshot from 20 May")) == whole
        assert size(await asked(ws, "customers not in snapshot 1")) == everyone - whole
        assert size(await asked(ws, "in snapshot 1 but not in Texas")) == 3
        await ws.click("maya", "#marketing", frozen["ts"], Action.PREVIEW)
        await ws.wait_until(lambda: "Only you see this" in json.dumps(ws.modal("maya")), 10, "the preview")
        ws.close("maya")
        await ws.click("maya", "#marketing", frozen["ts"], Action.SHOW_SQL)
        await ws.wait_until(lambda: "SELECT" in json.dumps(ws.modal("maya")), 10, "the SQL")
        ws.close("maya")
        async with Site(ws, settings, house):  # another process knows it too
            assert size(await asked(ws, "in snapshot 1 and in Texas")) == whole - 3
    finally:
        with psycopg.connect(**parse_address(databases[0], "database").arguments, autocommit=True) as owner:
            owner.execute("UPDATE shop.customers SET state = 'TX' WHERE id = ANY(%s)", [[row[0] for row in moved]])
            owner.execute("UPDATE shop.customers SET state = 'CA' WHERE id = ANY(%s)", [[row[0] for row in came]])


async def test_dates_that_move_are_told(ws: Workspace, settings: Settings, house: House) -> None:
    """Ten days later the last 90 days are others: both stretches are named, and what it would be with the dates of then."""
    async with Site(ws, settings, house) as deps:
        card = await asked(ws, "women who bought in the last 90 days")
        await shared(ws, card)
        object.__setattr__(deps.desk, "clock", lambda: NOW + timedelta(days=10))
        said = await still_right(ws, card, "still true?")
        assert "19 Feb 2026" in said
        assert "1 Mar 2026" in said
        assert re.search(r"With the dates of then it would be [\d,]+ customers today", said)
        assert f"had *{size(card)} customers*" in said


async def test_the_button_asks_the_same_for_anybody(ws: Workspace, deps: Deps) -> None:
    """Two people press at once: each is answered, and a delivery that comes twice is answered once."""
    card = await asked(ws, "men in Florida")
    shown = await shared(ws, card)
    ws.faults.duplicate("interactive")
    await asyncio.gather(*(ws.click(who, "#marketing", shown["ts"], Action.STILL_RIGHT) for who in ("omar", "priya")))

    def answers() -> list[Json]:
        return [m for m in ws.messages("#marketing", card["ts"]) if "Today it is" in message_words(m)]

    await ws.wait_until(lambda: len(answers()) >= 2, 15, "two answers")
    await ws.wait_until(lambda: len(deps.running) == 0, 15, "the end")
    assert len(answers()) == 2
    assert all("The very same people" in message_words(m) for m in answers())


async def test_ordinary_talk_is_left_alone(ws: Workspace, deps: Deps) -> None:
    """Only the question itself is heard, and only where a snapshot stands."""
    card = await asked(ws, "men in Florida")
    await ws.say("omar", "#marketing", "is this still right?", thread_ts=card["ts"])
    await shared(ws, card)
    for words in ("is this still on?", "that's right", "right?", "I changed my mind", "what changed in the office"):
        await ws.say("omar", "#marketing", words, thread_ts=card["ts"])
    await asyncio.sleep(0.5)
    await ws.wait_until(lambda: len(deps.running) == 0, 15, "the end")
    assert not [m for m in ws.messages("#marketing", card["ts"]) if "Today it is" in message_words(m)]


@pytest.mark.parametrize(
    ("words", "is_asked"),
    [
        ("is this still right?", True),
        ("Is that still correct", True),
        ("still true?", True),
        ("are these numbers still valid?", True),
        ("does this still hold?", True),
        ("is snapshot 3 still right?", True),
        ("has it changed since?", True),
        ("what changed since?", True),
        ("what's different now?", True),
        ("is this right for the campaign?", False),
        ("only Texas", False),
        ("right", False),
        ("", False),
        ("still", False),
    ],
)
def test_the_question_in_words(words: str, is_asked: bool) -> None:
    """What counts as asking whether a snapshot still holds."""
    assert asks_whether_right(words) is is_asked


async def test_without_the_right_to_upload_there_is_no_picture(
    databases: tuple[str, str], house: House, tmp_path: Path
) -> None:
    """An app that was installed before the scope was asked for shares as ever, without a picture."""
    from segbot.demo.workspace import WorkspaceConfig

    config = WorkspaceConfig()
    config = replace(config, app=replace(config.app, scopes=config.app.scopes - {"files:write", "users:read"}))
    async with Workspace(config) as ws, Site(ws, with_databases(ws, databases, tmp_path), house) as deps:
        card = await asked(ws, "women over 30")
        await shared(ws, card, picture=False)
        await ws.wait_until(lambda: len(deps.running) == 0, 15, "the end")
        said = [message_words(m) for m in ws.messages("#marketing", card["ts"])]
        assert len([one for one in said if "Shared by" in one]) == 1
        assert not any("Reference" in one for one in said)


async def test_people_are_forgotten_in_time(ws: Workspace, settings: Settings, house: House) -> None:
    """After the days of the setting nobody is kept: the number still compares, and naming the snapshot says why it can't."""
    async with Site(ws, settings, house) as deps:
        card = await asked(ws, "men in Florida")
        await shared(ws, card)
        named = await asked(ws, "in snapshot 1")
        object.__setattr__(deps.desk, "clock", lambda: NOW + timedelta(days=settings.snapshot_days + 1))
        await tidy(deps.desk)
        said = await still_right(ws, card)
        assert "can't be told" in said
        await ws.click("maya", "#marketing", named["ts"], Action.SHARE)
        trail = await deps.desk.store.audit.entries(ws.core.config.team_id)
        assert [e.actor for e in trail if e.action == "forgot the people"] == ["segbot"]
        again = await asked(ws, "in snapshot 1 and over 30", "")
        assert "1" in message_words(again)


async def test_nobody_is_an_answer_too(ws: Workspace, deps: Deps) -> None:
    """A snapshot of nobody is kept, compared and named like any other; it has no picture."""
    card = await asked(ws, "women over 119 in Texas")
    assert size(card) == 0
    await shared(ws, card, picture=False)
    assert "The very same people" in await still_right(ws, card)
    assert size(await asked(ws, "in snapshot 1")) == 0
