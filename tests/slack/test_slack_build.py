"""The builder as people use it: the real app, reader and databases, windows with real hashes, and every payload checked."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml
from slack_site import NOW, Site, with_databases

from segbot.addresses import parse_address
from segbot.demo.workspace import Workspace, message_words
from segbot.flows.house import House
from segbot.model.condition import canonical
from segbot.slack.handlers import Deps
from segbot.slack.ids import Action, Callback, Pick, write_input

REQUESTS: list[str] = [
    case["request"]
    for case in yaml.safe_load((Path(__file__).parent.parent / "everyday/requests.yaml").read_text(encoding="utf-8"))
]


@pytest.fixture
async def deps(ws: Workspace, databases: tuple[str, str], house: House, tmp_path: Path) -> AsyncIterator[Deps]:
    async with Site(ws, with_databases(ws, databases, tmp_path), house) as deps:
        yield deps
        await ws.wait_until(
            lambda: len(deps.running) == 0, 20, "every count is done: the store outlives this workspace"
        )


def refused(ws: Workspace) -> list[str]:
    """What Slack would have refused, but for updates of a window that is newer, or closed, by now: those are meant to be."""
    meant = ("hash_conflict", "not_found")
    return [
        f"{c.method}: {c.answer}" for c in ws.refused if c.method != "views.update" or c.answer["error"] not in meant
    ]


async def asked(ws: Workspace, words: str) -> dict[str, Any]:
    """A counted card in #marketing."""
    await ws.slash("maya", "#marketing", f"/segment {words}")
    return await ws.wait_for_message("#marketing", "Share in thread", timeout=20)


def now_on(ws: Workspace, card: dict[str, Any]) -> str:
    (root,) = (m for m in ws.messages("#marketing") if m["ts"] == card["ts"])
    return message_words(root)


def shown(ws: Workspace, who: str = "maya") -> str:
    """The words of a person's window; without one, nothing."""
    modal = ws.modal(who)
    return "" if modal is None else message_words(modal)


def size_in(ws: Workspace, who: str = "maya") -> int | None:
    """The exact number that a person's window shows, once it does."""
    found = re.search(r":bar_chart: \*([\d,]+) customers?\*", shown(ws, who))
    return int(found[1].replace(",", "")) if found else None


def number_of(message: dict[str, Any]) -> int:
    return int(message["blocks"][0]["text"]["text"].split()[0].replace(",", ""))


def menus(ws: Workspace, who: str = "maya") -> list[tuple[str, str, dict[str, str]]]:
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


async def seen(ws: Workspace, words: str, who: str = "maya") -> None:
    try:
        await ws.wait_until(lambda: words in shown(ws, who), 20, "the window")
    except TimeoutError:
        raise AssertionError(f"{words!r} is not in {shown(ws, who)!r}") from None


async def opened(ws: Workspace, card: dict[str, Any], who: str = "maya") -> None:
    """The builder on a card, counted."""
    await ws.click(who, "#marketing", card["ts"], Action.BUILD)
    await ws.wait_until(lambda: size_in(ws, who) is not None, 20, "the builder")


async def picked(ws: Workspace, value: str, who: str = "maya") -> None:
    """Choose what a new condition is about."""
    await ws.click_view(who, Action.BUILD_ADD, value)


async def told(ws: Workspace, card: dict[str, Any], words: str) -> dict[str, Any]:
    def fits(message: dict[str, Any]) -> bool:
        return words in message_words(message) and message["ts"] != card["ts"]

    return await ws.wait_for_message("#marketing", fits, thread_ts=card["ts"], timeout=20)


async def test_sentence_builder_sentence(ws: Workspace, deps: Deps) -> None:
    """Add an attribute and a behaviour by search, see the count follow, apply: the card, its thread and undo tell it."""
    card = await asked(ws, "women in California")
    await opened(ws, card)
    assert size_in(ws) == number_of(card)
    offered = await ws.suggest("maya", Action.BUILD_ADD, "bought")
    assert offered["option_groups"][0]["label"]["text"] == "What they did"
    await picked(ws, "e:order")
    await seen(ws, "Did this")
    await ws.click_view("maya", write_input("when"), "last")
    await seen(ws, "Unit")
    sent = await ws.submit("maya", {write_input("number"): "2", write_input("when_amount"): "365"})
    assert sent["response_action"] == "close"
    await seen(ws, "Bought at least 2 times in the last 365 days")
    await ws.wait_until(lambda: (size_in(ws) or 10**9) < number_of(card), 20, "fewer")
    assert "Bought" not in now_on(ws, card), "nothing is applied before it is sent"
    fewer = size_in(ws)
    assert (await ws.submit("maya"))["response_action"] == "close"
    answer = await told(ws, card, "Added: bought at least 2 times in the last 365 days")
    assert f"Now *{fewer:,} customers*" in message_words(answer)
    await ws.wait_until(lambda: "“in the builder”" in now_on(ws, card), 20, "the card")
    await ws.say("omar", "#marketing", "undo", thread_ts=card["ts"])
    await told(ws, card, "Undone. Dropped: bought")
    assert [m["ts"] for m in ws.messages("#marketing")] == [card["ts"]]
    assert refused(ws) == []


async def test_the_count_is_the_truth(ws: Workspace, deps: Deps, databases: tuple[str, str]) -> None:
    """What was clicked together counts as hand-written SQL does: either in Texas, or with children and no order ever."""
    await ws.slash("maya", "#marketing", "/segment build")
    await seen(ws, "No conditions: all customers are in.")
    await picked(ws, "a:state")
    await seen(ws, "Values")
    await ws.submit("maya", {write_input("values"): ["TX"]})
    await press(ws, "State is Texas", "Or else")
    await seen(ws, "say it in words")
    await picked(ws, "a:has_children")
    await seen(ws, "is yes")
    assert (await ws.submit("maya", {write_input("test"): "yes"}))["response_action"] == "close"
    await press(ws, "children", "And also")
    await seen(ws, "say it in words")
    await picked(ws, "e:order")
    await seen(ws, "Did this")
    await ws.submit("maya", {write_input("did"): "no"})
    await seen(ws, "All of")
    sql = """SELECT count(*) FROM shop.customers c WHERE NOT c.is_internal AND (c.state = 'TX' OR (c.has_children AND
             NOT EXISTS (SELECT 1 FROM shop.orders o WHERE o.customer_id = c.id AND o.status <> 'cancelled')))"""
    with psycopg.connect(**parse_address(databases[0], "test").arguments) as connection:
        row = connection.execute(sql).fetchone()
    assert row is not None
    await ws.wait_until(lambda: size_in(ws) == row[0], 20, f"{row[0]}, not {shown(ws)}")
    await press(ws, "All of", "Open")
    await seen(ws, "‹ Segment")
    assert "State is Texas" not in shown(ws).split("Reads")[0]
    await press(ws, "children", "Drop")
    await ws.wait_until(lambda: "‹ Segment" not in shown(ws), 20, "a group of one is no group")
    assert refused(ws) == []


async def test_a_group_is_joined_any_none_all(ws: Workspace, deps: Deps) -> None:
    """The whole can match all, any or none of its conditions; none is everybody else."""
    card = await asked(ws, "women in California")
    await opened(ws, card)
    everybody = int(re.findall(r"of ([\d,]+) customers", shown(ws))[0].replace(",", ""))
    join = Action.BUILD_DO.at(1000)
    await ws.click_view("maya", join, str(Pick("join_any")))
    await ws.wait_until(lambda: (size_in(ws) or 0) > number_of(card), 20, "any")
    some = size_in(ws)
    await ws.click_view("maya", join, str(Pick("join_none")))
    await ws.wait_until(lambda: size_in(ws) == everybody - (some or 0), 20, "none is the rest")
    assert refused(ws) == []


async def test_people_are_pinned_by_key_and_address(ws: Workspace, deps: Deps, databases: tuple[str, str]) -> None:
    """Pasted keys and addresses are looked up, unknown ones named to that person; no address is shown again anywhere."""
    with psycopg.connect(**parse_address(databases[0], "test").arguments) as connection:
        texans = connection.execute(
            "SELECT id, email FROM shop.customers WHERE NOT is_internal AND state = 'TX' AND email IS NOT NULL"
            " ORDER BY id LIMIT 2"
        ).fetchall()
        (inside,) = connection.execute(
            "SELECT id FROM shop.customers WHERE NOT is_internal AND state = 'CA' AND gender = 'F' LIMIT 1"
        ).fetchall()
    card = await asked(ws, "women in California")
    await opened(ws, card)
    await ws.click_view("maya", Action.BUILD_PINS)
    await seen(ws, "Always in")
    wrong = await ws.submit("maya", {write_input("pin_in"): f"{texans[0][0]}, 99999999 nobody@nowhere.example"})
    assert wrong["response_action"] == "errors"
    (text,) = wrong["errors"].values()
    assert "99999999" in text
    assert "nobody@nowhere.example" in text
    values = {write_input("pin_in"): f"{texans[0][0]}\n{texans[1][1].upper()}", write_input("pin_out"): str(inside[0])}
    assert (await ws.submit("maya", values))["response_action"] == "close"
    await ws.wait_until(lambda: size_in(ws) == number_of(card) + 2 - 1, 20, "two in, one out")
    assert "2 in, 1 out" in shown(ws)
    await ws.submit("maya")
    answer = await told(ws, card, "in, −1 out")
    assert "(+2 in, −1 out)" in message_words(answer)
    everything = " ".join(message_words(m) for m in ws.messages("#marketing", card["ts"]))
    assert texans[1][1].casefold() not in everything.casefold()
    await opened(ws, card)
    assert "2 in, 1 out" in shown(ws)
    assert refused(ws) == []


async def test_the_eligibility_window(ws: Workspace, deps: Deps) -> None:
    """A window for the whole segment stands apart from its conditions, narrows it, and can be taken away again."""
    card = await asked(ws, "women in California")
    await opened(ws, card)
    await ws.click_view("maya", Action.BUILD_ELIGIBLE)
    await seen(ws, "Active means")
    await ws.click_view("maya", write_input("when"), "since")
    await ws.wait_until(lambda: write_input("when_from") in str(ws.modal("maya")), 20, "a day to pick")
    missing = await ws.submit("maya", {write_input("when_from"): "2026-03-01"})
    assert missing["response_action"] == "errors"
    values = {write_input("events"): ["order", "visit"], write_input("when_from"): "2026-03-01"}
    assert (await ws.submit("maya", values))["response_action"] == "close"
    await seen(ws, "since March 1, 2026")
    assert "Gender is female" in shown(ws)
    await ws.wait_until(lambda: (size_in(ws) or 10**9) < number_of(card), 20, "fewer")
    await ws.submit("maya")
    await told(ws, card, "Added:")
    await opened(ws, card)
    assert re.search(r"\*Among:\* .*since March 1, 2026", shown(ws))
    assert refused(ws) == []


async def test_the_rows_of_an_event_are_narrowed(ws: Workspace, deps: Deps) -> None:
    """Filters of an event's rows have a form of their own, on top of the event's; all hold on the same row."""
    card = await asked(ws, "customers who bought in the last 90 days")
    await opened(ws, card)
    await press(ws, "Bought", "Edit")
    await seen(ws, "Did this")
    offered = await ws.suggest("maya", Action.BUILD_FILTER, "categ")
    assert offered["options"][0]["value"] == "category"
    await ws.click_view("maya", Action.BUILD_FILTER, "category")
    await seen(ws, "Values")
    offered = await ws.suggest("maya", write_input("values"), "sho")
    assert any("hoe" in o["text"]["text"].casefold() for o in offered["options"])
    await ws.submit("maya", {write_input("values"): [offered["options"][0]["value"]]})
    await seen(ws, "Only those where")
    await ws.submit("maya")
    await seen(ws, "Add a condition")
    await ws.wait_until(lambda: (size_in(ws) or 10**9) < number_of(card), 20, "fewer")
    assert refused(ws) == []


@pytest.mark.parametrize("words", REQUESTS)
async def test_nothing_is_lost_on_the_way_through_the_builder(ws: Workspace, deps: Deps, words: str) -> None:
    """Every everyday request can be opened; each of its lines can be opened and sent back, and the tree stays the same."""
    tree = deps.desk.house.read(words, NOW).condition
    assert tree is not None
    card = await asked(ws, words)
    await opened(ws, card)
    edits = [(line, labels) for line, _, labels in menus(ws) if "Edit…" in labels]
    for line, _ in edits:
        await press(ws, line, "Edit")
        await ws.wait_until(
            lambda: ((ws.modal("maya") or {}).get("submit") or {}).get("text") == "Done", 20, "the form"
        )
        assert (await ws.submit("maya"))["response_action"] == "close", line
        await ws.wait_until(lambda: (ws.modal("maya") or {}).get("callback_id") == Callback.BUILD, 20, "the list")
    await ws.wait_until(lambda: len(deps.running) == 0, 20, "quiet")
    assert (await ws.submit("maya"))["response_action"] == "close"
    request = await _request_of(deps, ws, card)
    assert canonical(request) == canonical(tree)
    assert [m for m in ws.messages("#marketing", card["ts"]) if m["ts"] != card["ts"]] == [], (
        "nothing changed, nothing said"
    )
    assert refused(ws) == []


async def _request_of(deps: Deps, ws: Workspace, card: dict[str, Any]) -> Any:
    channel = ws.channel_id("#marketing")
    found = await deps.desk.store.requests.at_message(ws.core.config.team_id, channel, card["ts"])
    assert found is not None
    return found.condition


async def test_bad_input_stays_in_its_form(ws: Workspace, deps: Deps) -> None:
    """A missing value, a number that is none, and words that nobody understands are told at their input; nothing is added."""
    card = await asked(ws, "women in California")
    await opened(ws, card)
    await picked(ws, "a:age")
    await seen(ws, "is any of")
    await ws.click_view("maya", write_input("test"), "between")
    await seen(ws, "To, included")
    answer = await ws.submit("maya", {write_input("number"): "40", write_input("number_2"): "20"})
    assert list(answer["errors"].values()) == ["That is less than the first number."]
    ws.close("maya")
    await ws.click_view("maya", Action.BUILD_WORDS)
    await seen(ws, "say it in words")
    answer = await ws.submit("maya", {write_input("words"): "the frobnicated ones"})
    assert "frobnicated" in " ".join(answer["errors"].values())
    ws.close("maya")
    assert "Age" not in shown(ws)
    assert refused(ws) == []


async def test_a_restart_in_the_middle(ws: Workspace, house: House, databases: tuple[str, str], tmp_path: Path) -> None:
    """A window that is open over a restart goes on: the list, a form on top of it, and applying."""
    settings = with_databases(ws, databases, tmp_path)
    async with Site(ws, settings, house):
        card = await asked(ws, "women in California")
        await opened(ws, card)
        await picked(ws, "a:age")
        await seen(ws, "is any of")
        await ws.click_view("maya", write_input("test"), "gt")
        await ws.wait_until(lambda: write_input("number") in str(ws.modal("maya")), 20, "a number to enter")
    async with Site(ws, settings, house) as deps:
        assert (await ws.submit("maya", {write_input("number"): "40"}))["response_action"] == "close"
        await seen(ws, "Age is over 40")
        await ws.wait_until(lambda: len(deps.running) == 0, 20, "quiet")
        assert (await ws.submit("maya"))["response_action"] == "close"
        await told(ws, card, "Added: age is over 40")
        await ws.wait_until(lambda: len(deps.running) == 0, 20, "quiet")
    assert refused(ws) == []


async def test_two_people_build_the_same_card(ws: Workspace, deps: Deps) -> None:
    """Who applies second is told what the first one did, and chooses: theirs is a step of the trail either way."""
    card = await asked(ws, "women in California")
    await opened(ws, card, "maya")
    await opened(ws, card, "omar")
    await press(ws, "State is California", "Drop", "omar")
    await ws.wait_until(lambda: "State is California" not in shown(ws, "omar"), 20, "dropped")
    await ws.submit("omar")
    await told(ws, card, "Dropped: state is California")
    await press(ws, "Gender is female", "Negate", "maya")
    await seen(ws, "Gender is not female")
    answer = await ws.submit("maya")
    assert answer["response_action"] == "update"
    await seen(ws, "changed this segment while you were building")
    assert "State is California" not in now_on(ws, card), "nothing of it is applied"
    await ws.click_view("maya", Action.BUILD_RESTART)
    await ws.wait_until(lambda: "Gender is female" in shown(ws) and "California" not in shown(ws), 20, "theirs")
    await press(ws, "Gender is female", "Negate", "maya")
    await seen(ws, "Gender is not female")
    assert (await ws.submit("maya"))["response_action"] == "close"
    await told(ws, card, "Gender: female → not female")
    assert refused(ws) == []


async def test_mine_over_theirs(ws: Workspace, deps: Deps) -> None:
    """Applying mine over theirs says what it changed, and undo brings theirs back."""
    card = await asked(ws, "women in California")
    await opened(ws, card, "maya")
    await ws.say("omar", "#marketing", "only over 40", thread_ts=card["ts"])
    await told(ws, card, "Added: age is over 40")
    await press(ws, "Gender is female", "Negate")
    await seen(ws, "Gender is not female")
    await ws.submit("maya")
    await seen(ws, "changed this segment while you were building")
    await ws.click_view("maya", Action.BUILD_OVER)
    await told(ws, card, "Dropped".lower())
    await ws.say("omar", "#marketing", "undo", thread_ts=card["ts"])
    await told(ws, card, "Undone.")
    await ws.wait_until(lambda: "Age is over 40" in now_on(ws, card), 20, "theirs")
    assert refused(ws) == []


async def test_quick_presses_end_in_the_number_of_the_last(ws: Workspace, deps: Deps) -> None:
    """Many changes in a row, each while the one before is still counted: the window ends with the last one's own number."""
    card = await asked(ws, "women in California")
    await opened(ws, card)
    join = Action.BUILD_DO.at(1000)
    for how in ("any", "none", "all", "any", "not_all", "all"):
        asyncio.get_running_loop().create_task(ws.click_view("maya", join, str(Pick(f"join_{how}"))))
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)
    await ws.wait_until(lambda: len(deps.running) == 0, 20, "quiet")
    await ws.wait_until(lambda: size_in(ws) is not None, 20, "a number")
    chosen = next(
        b["accessory"]["initial_option"]["text"]["text"]
        for b in (ws.modal("maya") or {})["blocks"]
        if b.get("accessory", {}).get("action_id") == join
    )
    if chosen == "All of these":
        assert size_in(ws) == number_of(card)
    assert refused(ws) == []


async def test_a_new_segment_from_nothing(ws: Workspace, deps: Deps) -> None:
    """`/segment build` begins with everybody and says so; what is built becomes a card of its own in that channel."""
    await ws.slash("maya", "#marketing", "/segment build")
    await seen(ws, "No conditions: all customers are in.")
    await picked(ws, "a:state")
    await seen(ws, "Values")
    await ws.submit("maya", {write_input("values"): ["TX"]})
    await seen(ws, "State is Texas")
    await ws.wait_until(lambda: len(deps.running) == 0, 20, "quiet")
    number = size_in(ws)
    assert (await ws.submit("maya"))["response_action"] == "close"
    card = await ws.wait_for_message("#marketing", "Share in thread", timeout=20)
    assert number_of(card) == number
    assert "customers in Texas" in message_words(card).casefold() or "Texas" in message_words(card)
    await ws.say("omar", "#marketing", "only women", thread_ts=card["ts"])
    await told(ws, card, "Added: gender is female")
    assert refused(ws) == []
