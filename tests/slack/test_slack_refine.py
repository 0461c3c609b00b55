"""Refining in a card's thread, as people would: the real app, reader and databases, several people, and ordinary talk."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from slack_site import Site, with_databases

from segbot.demo.workspace import Workspace, message_words
from segbot.flows.house import House
from segbot.slack.handlers import Deps
from segbot.slack.ids import Action


@pytest.fixture
async def deps(ws: Workspace, databases: tuple[str, str], house: House, tmp_path: Path) -> AsyncIterator[Deps]:
    async with Site(ws, with_databases(ws, databases, tmp_path), house) as deps:
        yield deps
        await ws.wait_until(
            lambda: len(deps.running) == 0, 20, "every count is done: the store outlives this workspace"
        )


async def asked(ws: Workspace, words: str = "women in California") -> dict[str, Any]:
    """A counted card in #marketing."""
    await ws.slash("maya", "#marketing", f"/segment {words}")
    return await ws.wait_for_message("#marketing", "Share in thread", timeout=20)


async def said(ws: Workspace, who: str, card: dict[str, Any], words: str, answer: str) -> dict[str, Any]:
    """What segbot answers in the thread to a reply of somebody."""
    await ws.say(who, "#marketing", words, thread_ts=card["ts"])

    def fits(message: dict[str, Any]) -> bool:
        return answer in message_words(message) and message["ts"] != card["ts"] and bool(message.get("bot_id"))

    return await ws.wait_for_message("#marketing", fits, thread_ts=card["ts"], timeout=20)


def now_on(ws: Workspace, card: dict[str, Any]) -> str:
    (root,) = (m for m in ws.messages("#marketing") if m["ts"] == card["ts"])
    return message_words(root)


async def counted(ws: Workspace, card: dict[str, Any], words: str) -> str:
    """The words of the card once it says `words` and is counted."""
    await ws.wait_until(
        lambda: words in now_on(ws, card) and "Share in thread" in now_on(ws, card), 20, f"{words} on the card"
    )
    return now_on(ws, card)


async def test_narrow_replace_drop_undo_redo(ws: Workspace, deps: Deps) -> None:
    """Each reply changes one card, says what changed and how many came and went; undo and redo walk both ways."""
    card = await asked(ws)
    first = card["blocks"][0]["text"]["text"]
    await said(ws, "omar", card, "only over 40", "Added: age is over 40")
    text = await counted(ws, card, "Age is over 40")
    assert all(part in text for part in ("Gender is female", "State is California", "“only over 40”"))
    await said(ws, "maya", card, "Texas instead", "State: California → Texas")
    await counted(ws, card, "State is Texas")
    await said(ws, "omar", card, "undo", "Undone. State: Texas → California")
    await said(ws, "omar", card, "undo", "Undone. Dropped: age is over 40")
    await ws.wait_until(lambda: "Age is over 40" not in now_on(ws, card), 20, "the first tree")
    await counted(ws, card, first)
    await said(ws, "maya", card, "redo", "Once more. Added: age is over 40")
    await counted(ws, card, "Age is over 40")
    await said(ws, "maya", card, "undo", "Undone")
    assert [m["ts"] for m in ws.messages("#marketing")] == [card["ts"]], "one card"
    assert ws.refused == []


async def test_the_numbers_of_a_change_add_up(ws: Workspace, deps: Deps) -> None:
    """Before, plus who came in, minus who went out, is after."""
    card = await asked(ws)
    before = int(card["blocks"][0]["text"]["text"].split()[0].replace(",", ""))
    answer = await said(ws, "omar", card, "make it Texas", "State: California → Texas")
    found = re.search(r"Now \*([\d,]+) customers\* \(\+([\d,]+) in, −([\d,]+) out\)", message_words(answer))
    assert found is not None
    now, came, went = (int(number.replace(",", "")) for number in found.groups())
    assert before + came - went == now
    assert went == before, "nobody lives in both"


async def test_undo_by_its_button_only_while_it_is_the_last(ws: Workspace, deps: Deps) -> None:
    """The button below a change takes that change back; after a later one it says so instead of undoing something else."""
    card = await asked(ws)
    receipt = await said(ws, "omar", card, "only over 40", "Added: age is over 40")
    await counted(ws, card, "Age is over 40")
    await said(ws, "maya", card, "only with children", "children")
    await ws.click("omar", "#marketing", receipt["ts"], Action.UNDO)
    await ws.wait_for_message("#marketing", "changed again after", thread_ts=card["ts"], user="omar", timeout=10)
    assert "Age is over 40" in now_on(ws, card)
    await said(ws, "maya", card, "undo", "Undone")
    await ws.wait_until(lambda: "children" not in now_on(ws, card).split("“only")[0], 20, "one step back")
    await ws.click("omar", "#marketing", receipt["ts"], Action.UNDO)
    await ws.wait_until(lambda: "Age is over 40" not in now_on(ws, card), 20, "the first tree")
    assert ws.refused == []


async def test_what_if_changes_nothing_until_somebody_means_it(ws: Workspace, deps: Deps) -> None:
    """A what-if is counted and told; its button makes it so."""
    card = await asked(ws)
    wondered = await said(ws, "omar", card, "what if we add men?", "That would be")
    assert "Gender is female" in now_on(ws, card)
    await ws.click("maya", "#marketing", wondered["ts"], Action.APPLY)
    await ws.wait_for_message("#marketing", "Now *", thread_ts=card["ts"], timeout=20)
    assert "“what if we add men?”" in await counted(ws, card, "what if we add men")
    assert ws.refused == []


async def test_why_so_few(ws: Workspace, deps: Deps) -> None:
    """The answer names what there would be without each condition, the costliest first."""
    card = await asked(ws, "women over 70 in California")
    answer = message_words(await said(ws, "omar", card, "why so few?", "Without one condition"))
    counts = [int(line.split()[1].replace(",", "")) for line in answer.splitlines() if line.startswith("•")]
    assert len(counts) == 3
    assert counts == sorted(counts, reverse=True)
    assert ws.refused == []


TALK = (
    "nice, thanks!",
    "are we going to send this on Monday?",
    "@omar can you check with Bob in Texas?",
    "I think men would like it too, let us discuss tomorrow",
    "lol",
    "👍",
    "https://example.com/texas",
    "who owns this?",
)


async def test_people_talk_undisturbed(ws: Workspace, deps: Deps) -> None:
    """Ordinary talk in the thread, and all talk elsewhere, is left alone."""
    card = await asked(ws)
    before = now_on(ws, card)
    for words in TALK:
        await ws.say("omar", "#marketing", words, thread_ts=card["ts"])
    other = await ws.say("omar", "#marketing", "only Texas please")
    await ws.say("maya", "#marketing", "only Texas", thread_ts=other["ts"])
    await ws.wait_until(lambda: len(deps.running) == 0, 20, "quiet")
    assert now_on(ws, card) == before
    assert all(m.get("bot_id") is None for m in ws.messages("#marketing", card["ts"])[1:])
    assert ws.refused == []


async def test_two_people_at_once(ws: Workspace, deps: Deps) -> None:
    """Two replies at the same moment both count, and the card tells both."""
    card = await asked(ws)
    await asyncio.gather(
        ws.say("omar", "#marketing", "only over 40", thread_ts=card["ts"]),
        ws.say("maya", "#marketing", "only with children", thread_ts=card["ts"]),
    )
    await ws.wait_until(
        lambda: "“only over 40”" in now_on(ws, card) and "“only with children”" in now_on(ws, card), 20, "both"
    )
    text = await counted(ws, card, "Age is over 40")
    assert "children" in text
    assert ws.refused == []


async def test_words_not_understood_change_nothing(ws: Workspace, deps: Deps) -> None:
    """A mention in the thread whose words are not understood leaves the segment as it is, and says so."""
    card = await asked(ws)
    before = now_on(ws, card)
    await ws.say("omar", "#marketing", "<@segbot> only the frobnicated ones", thread_ts=card["ts"])
    await ws.wait_until(lambda: len(deps.running) == 0, 20, "an answer")
    assert now_on(ws, card) == before


async def test_a_restart_between_two_replies(
    ws: Workspace, house: House, databases: tuple[str, str], tmp_path: Path
) -> None:
    """A later process hears replies to an older card, and undoes what was said to the one before."""
    settings = with_databases(ws, databases, tmp_path)
    async with Site(ws, settings, house):
        card = await asked(ws)
        await said(ws, "omar", card, "only over 40", "Added: age is over 40")
    async with Site(ws, settings, house):
        await said(ws, "maya", card, "undo", "Undone. Dropped: age is over 40")
        await ws.wait_until(lambda: "Age is over 40" not in now_on(ws, card), 20, "the first tree")
    assert ws.refused == []
