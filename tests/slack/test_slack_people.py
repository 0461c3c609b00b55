"""The people behind a card: pages, columns of one's own, one customer with why they are in or out. Real app and databases."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from slack_site import Site, with_databases

from segbot.demo.workspace import Workspace, message_words
from segbot.flows.house import House
from segbot.settings import Settings
from segbot.slack.handlers import Deps
from segbot.slack.ids import Action, write_customer
from segbot.store.migrate import migrate

Json = dict[str, Any]


@pytest.fixture
def settings(ws: Workspace, databases: tuple[str, str], tmp_path: Path) -> Settings:
    """A store of its own; Maya and Omar may look at single customers, the others may not."""
    schema = f"s{secrets.token_hex(4)}"
    migrate(databases[1], schema)
    viewers = f"{ws.user_id('maya')}, @Omar"
    return with_databases(ws, databases, tmp_path, store_schema=schema, customer_viewers=viewers)


@pytest.fixture
async def deps(ws: Workspace, settings: Settings, house: House) -> AsyncIterator[Deps]:
    async with Site(ws, settings, house) as deps:
        yield deps
    assert ws.refused == []


async def asked(ws: Workspace, words: str) -> Json:
    """A request by Maya, answered with a counted card."""
    after = max((m["ts"] for m in ws.messages("#marketing")), default="0")
    await ws.slash("maya", "#marketing", f"/segment {words}")
    card: Json = await ws.wait_for_message("#marketing", "Share in thread", after=after, timeout=20)
    return card


async def previewed(ws: Workspace, who: str, card: Json, *words: str) -> Json:
    """The preview that somebody opens from a card."""
    await ws.click(who, "#marketing", card["ts"], Action.PREVIEW)
    return await shown(ws, who, *(words or ("Only you see this",)))


async def shown(ws: Workspace, who: str, *words: str) -> Json:
    """The modal on top, once it has these words."""

    def there() -> bool:
        said = message_words(ws.modal(who) or {})
        return all(word in said for word in words)

    await ws.wait_until(there, 15, f"{words} in the modal of {who}: {message_words(ws.modal(who) or {})[:600]}")
    modal = ws.modal(who)
    assert modal is not None
    return modal


def opens(view: Json) -> list[str]:
    """The values of the buttons that open a customer."""
    accessories = [block["accessory"] for block in view["blocks"] if "accessory" in block]
    return [a["value"] for a in accessories if a["action_id"].startswith(Action.CUSTOMER)]


async def test_pages_of_the_first_hundred_in_a_stable_order(ws: Workspace, deps: Deps) -> None:
    """Twenty a page, five pages, nobody twice, and the same again on the way back."""
    card = await asked(ws, "women")
    first = await previewed(ws, "maya", card, "1 to 20", "page 1 of 5", "The first 100 of")
    pages = [opens(first)]
    for number in range(2, 6):
        await ws.click_view("maya", Action.PAGE.at(1))
        pages.append(opens(await shown(ws, "maya", f"page {number} of 5")))
    assert Action.PAGE.at(1) not in json.dumps(ws.modal("maya"))
    everybody = [one for page in pages for one in page]
    assert len(everybody) == len(set(everybody)) == 100
    keys = [int(one.rsplit("|", 1)[1]) for one in everybody]
    assert keys == sorted(keys)
    await ws.click_view("maya", Action.PAGE.at(0))
    assert opens(await shown(ws, "maya", "page 4 of 5")) == pages[3]


async def test_columns_are_remembered_for_each_person(
    ws: Workspace, deps: Deps, settings: Settings, house: House
) -> None:
    """What one person picks stands in their next preview, after a restart too, and in nobody else's."""
    card = await asked(ws, "women over 30 in California or Texas")
    before = await previewed(ws, "maya", card)
    assert "City:" in json.dumps(before)
    await ws.click_view("maya", Action.COLUMNS, ["household_income", "lifetime_value"])
    after = await shown(ws, "maya", "Household income:", "Lifetime value:")
    assert "City:" not in json.dumps(after)
    assert "State:" in json.dumps(after), "the columns of the conditions stay"
    ws.close("maya")
    assert "Household income:" not in json.dumps(await previewed(ws, "omar", card))
    ws.close("omar")
    async with Site(ws, settings, house):
        await previewed(ws, "maya", card, "Household income:", "Lifetime value:")
        await ws.click_view("maya", Action.COLUMNS, [])
        await ws.wait_until(lambda: "Lifetime value:" not in message_words(ws.modal("maya") or {}), 10, "no columns")


async def test_contact_data_is_masked_and_few_are_hidden(ws: Workspace, deps: Deps) -> None:
    """No address in the preview or the profile, and of a handful of people nobody is shown."""
    card = await asked(ws, "women over 30 in California")
    view = await previewed(ws, "maya", card)
    await ws.click_view("maya", Action.CUSTOMER.at(0))
    profile = await shown(ws, "maya", "What is known", "What they did last")
    for address in re.findall(r"[\w.*+]+@[\w.*]+", json.dumps([view, profile])):
        assert "***" in address
    assert "***" in json.dumps(profile)
    assert "Latitude" not in json.dumps([view, profile]), "degrees would tell the address"
    ws.close("maya", everything=True)
    few = await asked(ws, "women over 97 in Texas who bought shoes yesterday")
    await ws.click("maya", "#marketing", few["ts"], Action.PREVIEW)
    hidden = await shown(ws, "maya", "not shown one by one")
    assert opens(hidden) == []


async def test_one_customer_rule_by_rule(ws: Workspace, deps: Deps) -> None:
    """Somebody in the segment meets every rule with the value that decides it; somebody outside fails one of them."""
    card = await asked(ws, "women over 30 in California who bought in the last year")
    await previewed(ws, "maya", card)
    await ws.click_view("maya", Action.CUSTOMER.at(0))
    inside = message_words(await shown(ws, "maya", "In* this segment", "What they did last"))
    assert inside.count("✓ yes:") == 4
    assert "✗" not in inside
    assert "Gender: female" in inside
    assert re.search(r"\d+ found, the last on \d+ \w+ 20\d\d", inside)
    assert re.search(r"Times are in [A-Z]\w+/\w+", inside)
    ws.close("maya")
    other = await asked(ws, "men")
    value = opens(await previewed(ws, "maya", other))[0]
    ws.close("maya", everything=True)
    await previewed(ws, "maya", card)
    await ws.click_view("maya", Action.LOOK_UP)
    await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 10, "the form")
    await ws.submit("maya", {"who": value.rsplit("|", 1)[1]})
    outside = message_words(await shown(ws, "maya", "Not in* this segment", "What they did last"))
    assert "✗ no: " in outside
    assert "Gender: male" in outside


async def test_somebody_is_looked_up_by_address(
    ws: Workspace, deps: Deps, databases: tuple[str, str], house: House
) -> None:
    """By id or by the whole address; nobody and odd input are answered plainly."""
    card = await asked(ws, "all customers")
    for words in ("nobody@nowhere.example", "'; DROP TABLE customers; --", "999999999999999999999", "%", "💥"):
        await previewed(ws, "maya", card)
        await ws.click_view("maya", Action.LOOK_UP)
        await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 10, "the form")
        await ws.submit("maya", {"who": words})
        await shown(ws, "maya", "No single customer was found")
        ws.close("maya", everything=True)


async def test_single_customers_are_for_those_named(ws: Workspace, deps: Deps) -> None:
    """Others see no buttons, and a forged press is refused; every look is in the trail, which names no customer."""
    card = await asked(ws, "women in Texas")
    view = await previewed(ws, "priya", card)
    assert opens(view) == []
    assert Action.LOOK_UP not in json.dumps(view)
    ws.close("priya")
    mine = await previewed(ws, "omar", card)
    key = opens(mine)[0].rsplit("|", 1)[1]
    await ws.click_view("omar", Action.CUSTOMER.at(0))
    await shown(ws, "omar", "What they did last")
    team = ws.core.config.team_id
    trail = await deps.desk.store.audit.entries(team)
    looks = [entry for entry in trail if entry.action == "looked at a customer"]
    assert [entry.actor for entry in looks] == [ws.user_id("omar")]
    assert looks[0].detail["customer"] != key
    assert write_customer("r1", key) == f"p|r1|{key}"


async def test_nobody_may_look_until_somebody_is_named(
    ws: Workspace, databases: tuple[str, str], house: House, tmp_path: Path
) -> None:
    """The setting is empty at first: previews work, single customers stay closed."""
    async with Site(ws, with_databases(ws, databases, tmp_path), house):
        card = await asked(ws, "women in Texas")
        assert opens(await previewed(ws, "maya", card)) == []


async def test_two_people_turn_pages_at_once(ws: Workspace, deps: Deps) -> None:
    """Each has a modal of their own."""
    card = await asked(ws, "men")
    await asyncio.gather(previewed(ws, "maya", card), previewed(ws, "omar", card))
    await asyncio.gather(ws.click_view("maya", Action.PAGE.at(1)), ws.click_view("omar", Action.COLUMNS, ["age"]))
    await shown(ws, "maya", "page 2 of")
    assert "page 1 of" in message_words(await shown(ws, "omar", "Age:"))
