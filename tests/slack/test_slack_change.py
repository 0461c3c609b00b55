"""One-tap moves: the window "Change…" of a card, pressed by people, in the real app with real databases."""

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
from segbot.slack.ids import Action, write_input


@pytest.fixture
async def deps(ws: Workspace, databases: tuple[str, str], house: House, tmp_path: Path) -> AsyncIterator[Deps]:
    async with Site(ws, with_databases(ws, databases, tmp_path), house) as deps:
        yield deps
        await ws.wait_until(
            lambda: len(deps.running) == 0, 20, "every count is done: the store outlives this workspace"
        )


async def asked(ws: Workspace, words: str) -> dict[str, Any]:
    """A counted card in #marketing."""
    await ws.slash("maya", "#marketing", f"/segment {words}")
    return await ws.wait_for_message("#marketing", "Share in thread", timeout=20)


def refused(ws: Workspace) -> list[str]:
    """What Slack would have refused, but for updates of a window that is newer, or closed, by now: those are meant to be."""
    meant = ("hash_conflict", "not_found")
    return [
        f"{c.method}: {c.answer}" for c in ws.refused if c.method != "views.update" or c.answer["error"] not in meant
    ]


def now_on(ws: Workspace, card: dict[str, Any]) -> str:
    (root,) = (m for m in ws.messages("#marketing") if m["ts"] == card["ts"])
    return message_words(root)


def shown(ws: Workspace, who: str = "maya") -> str:
    """The words of a person's window; without one, nothing."""
    modal = ws.modal(who)
    return "" if modal is None else message_words(modal)


def menus(ws: Workspace, who: str = "maya") -> list[tuple[str, str, dict[str, str]]]:
    """The conditions of a person's window: words, action id, and the values of its menu by label."""
    found = []
    for block in (ws.modal(who) or {"blocks": []})["blocks"]:
        accessory = block.get("accessory") or {}
        if "options" in accessory:
            labels = {option["text"]["text"]: option["value"] for option in accessory["options"]}
            found.append((block["text"]["text"], accessory["action_id"], labels))
    return found


async def press(ws: Workspace, condition: str, label: str, who: str = "maya") -> None:
    """Choose an entry of a condition's menu, by the beginning of its label."""

    def look() -> tuple[str, str] | None:
        for words, action, labels in menus(ws, who):
            for name, value in labels.items():
                if condition in words and name.startswith(label):
                    return action, value
        return None

    action, value = await ws.wait_until(look, 20, f"{label} of {condition}: {menus(ws, who)}")
    await ws.click_view(who, action, value)


async def opened(ws: Workspace, card: dict[str, Any], who: str = "maya") -> None:
    await ws.click(who, "#marketing", card["ts"], Action.CHANGE)
    await ws.wait_until(lambda: menus(ws, who), 20, "the conditions")


async def pressed(ws: Workspace, label: str, who: str = "maya") -> None:
    """Press a button of the window by its label."""

    def look() -> str | None:
        for block in (ws.modal(who) or {"blocks": []})["blocks"]:
            for element in block.get("elements", []):
                if element.get("type") == "button" and element["text"]["text"].startswith(label):
                    found: str = element["action_id"]
                    return found
        return None

    await ws.click_view(who, await ws.wait_until(look, 20, label))


async def told(ws: Workspace, card: dict[str, Any], words: str) -> dict[str, Any]:
    """What segbot says in the card's thread, below the card itself."""

    def fits(message: dict[str, Any]) -> bool:
        return words in message_words(message) and message["ts"] != card["ts"]

    return await ws.wait_for_message("#marketing", fits, thread_ts=card["ts"], timeout=20)


async def test_each_move_is_made_at_once_and_told_in_the_thread(ws: Workspace, deps: Deps) -> None:
    """A step, a negation and a drop each change the card, leave a line in the thread, and are undone one by one."""
    card = await asked(ws, "women over 40 in California who bought in the last 90 days")
    await opened(ws, card)
    await press(ws, "Age is over 40", "Raise: over 45")
    answer = await told(ws, card, "Age: over 40 → over 45")
    assert "in, −" in message_words(answer)
    await ws.wait_until(lambda: "Age is over 45" in now_on(ws, card), 20, "the card")
    await press(ws, "the last 90 days", "Longer: in the last 120 days")
    await told(ws, card, "the last 90 → 120 days")
    await press(ws, "Gender is female", "Negate: Gender is not female")
    await told(ws, card, "female → not female")
    await press(ws, "State is California", "Drop")
    await told(ws, card, "Dropped: state is California")
    await ws.wait_until(lambda: "State is California" not in shown(ws), 20, "the window follows")
    for words in ("Added: state is California", "not female → female"):
        await pressed(ws, "Undo")
        await told(ws, card, words)
    await ws.wait_until(lambda: "Gender is female" in now_on(ws, card), 20, "undone")
    assert [m["ts"] for m in ws.messages("#marketing")] == [card["ts"]], "one card"
    assert refused(ws) == []


async def test_the_menu_says_how_many_more_without_a_condition(ws: Workspace, deps: Deps) -> None:
    """ "Drop" has the number of people that the condition keeps out, and dropping it brings exactly them in."""
    card = await asked(ws, "women in California")
    await opened(ws, card)

    def drop() -> str | None:
        found = [label for words, _, labels in menus(ws) for label in labels if "California" in words and "+" in label]
        return found[0] if found else None

    label = await ws.wait_until(drop, 20, "the number")
    assert label.endswith("without this")
    more = label.split("+")[1].split()[0]
    await press(ws, "State is California", "Drop")
    answer = await told(ws, card, "Dropped: state is California")
    assert f"(+{more} in, −0 out)" in message_words(answer)
    assert refused(ws) == []


async def test_any_instead_of_all(ws: Workspace, deps: Deps) -> None:
    """The whole, and a group in it, can be matched by any instead of all."""
    card = await asked(ws, "women in California")
    await opened(ws, card)
    await pressed(ws, "Match any instead of all")
    await ws.wait_until(lambda: re.search(r"\bor\s+State is California", now_on(ws, card)), 20, "the card")
    assert refused(ws) == []


async def test_a_condition_is_edited_and_one_is_added(ws: Workspace, deps: Deps) -> None:
    """ "Edit…" opens the form of that condition alone; what it says is on the card as soon as it is sent."""
    card = await asked(ws, "women in California")
    await opened(ws, card)
    await press(ws, "State is California", "Edit")
    await ws.wait_until(lambda: "is any of" in shown(ws), 20, "the form")
    offered = await ws.suggest("maya", write_input("values"), "tex")
    assert [o["text"]["text"] for o in offered["options"]][:1] == ["Texas"]
    sent = await ws.submit("maya", {write_input("values"): ["CA", "TX"]})
    assert sent["response_action"] == "close"
    await told(ws, card, "State: California → California or Texas")
    await pressed(ws, "Add a condition")
    await ws.wait_until(lambda: "say it in words" in shown(ws), 20, "what about")
    await ws.submit("maya", {write_input("words"): "over 40"})
    await told(ws, card, "Added: age is over 40")
    assert refused(ws) == []


async def test_what_a_press_meant_is_never_guessed(ws: Workspace, deps: Deps) -> None:
    """When somebody else changed that condition meanwhile, nothing is changed, and the window shows how it stands."""
    card = await asked(ws, "women over 40 in California")
    await opened(ws, card)
    await ws.wait_until(lambda: any("Raise: over 45" in labels for _, _, labels in menus(ws)), 20, "the menu")
    await ws.say("omar", "#marketing", "make it over 60", thread_ts=card["ts"])
    await told(ws, card, "over 40 → over 60")
    await press(ws, "Age is over 40", "Raise: over 45")
    await ws.wait_until(lambda: "Somebody was faster" in shown(ws) and "over 60" in shown(ws), 20, "told")
    assert "Age is over 60" in now_on(ws, card)
    assert refused(ws) == []


async def test_two_people_press_at_once(ws: Workspace, deps: Deps) -> None:
    """Moves of different conditions at the same moment are both made, or the later one is told to look again."""
    card = await asked(ws, "women over 40 in California")
    await opened(ws, card, "maya")
    await opened(ws, card, "omar")
    await asyncio.gather(
        press(ws, "Age is over 40", "Raise: over 45", "maya"), press(ws, "State is California", "Drop", "omar")
    )
    await ws.wait_until(lambda: len(deps.running) == 0, 20, "quiet")
    text = now_on(ws, card).split("“")[0]
    both = "Age is over 45" in text and "State is California" not in text
    assert both or "Somebody was faster" in shown(ws, "maya") + shown(ws, "omar")
    assert refused(ws) == []


@pytest.mark.parametrize(
    "words",
    [
        "top 10% by loyalty points",
        "opened more than half of their emails",
        "bought shoes and then returned within 7 days",
        "stopped buying 6 months ago",
        "first ordered in 2025",
        "everyone",
    ],
)
async def test_every_kind_of_condition_can_be_negated_and_dropped(ws: Workspace, deps: Deps, words: str) -> None:
    """Whatever a condition is, it has its moves; dropping the only one leaves everybody, and says so."""
    card = await asked(ws, words)
    await ws.click("maya", "#marketing", card["ts"], Action.CHANGE)
    if words != "everyone":
        await press(ws, "", "Negate")
        await told(ws, card, "→")
        await press(ws, "", "Drop")
        await told(ws, card, "Dropped")
    await ws.wait_until(lambda: "No conditions: all" in shown(ws), 20, "everybody")
    assert refused(ws) == []
