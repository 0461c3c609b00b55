"""Help about this company, and the tour that is offered once: real app and databases, in a workspace as strict as Slack."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from slack_site import Site, with_databases

from segbot.demo.workspace import Workspace, actions_in, message_words
from segbot.flows.house import House
from segbot.settings import Settings
from segbot.slack.handlers import Deps
from segbot.slack.ids import Action
from segbot.store.migrate import migrate


@pytest.fixture
def settings(ws: Workspace, databases: tuple[str, str], tmp_path: Path) -> Settings:
    """A store of its own: nobody has seen the tour."""
    schema = f"s{secrets.token_hex(4)}"
    migrate(databases[1], schema)
    return with_databases(ws, databases, tmp_path, store_schema=schema)


@pytest.fixture
async def deps(ws: Workspace, settings: Settings, house: House) -> AsyncIterator[Deps]:
    async with Site(ws, settings, house) as deps:
        yield deps
    assert ws.refused == []


async def test_every_example_finds_people(ws: Workspace, deps: Deps) -> None:
    """Help is grouped; each example says how many it finds, and pressing it finds exactly as many."""
    await ws.slash("maya", "#marketing", "/segment help")
    card = await ws.wait_for_message("#marketing", "Two-minute tour", user="maya", timeout=20)
    words = message_words(card)
    for group in (
        "Who they are",
        "What they did",
        "What they did not do",
        "How often, how much",
        "Whom you may write to",
    ):
        assert group in words
    said = re.findall(r"“(.+?)”  ·  ([\d,]+)", words)
    assert len(said) >= 8
    floor = deps.desk.settings.minimum_audience
    assert all(int(size.replace(",", "")) >= floor for _, size in said)
    for position in (0, len(said) - 1):
        request, size = said[position]
        await ws.click("maya", "#marketing", card["ts"], Action.TRY.at(position))
        answer = await ws.wait_for_message(
            "#marketing", lambda m, size=size: size in m["blocks"][0].get("text", {}).get("text", ""), timeout=20
        )
        assert f"{size} customers" in message_words(answer), request


async def test_help_comes_without_the_database(ws: Workspace, settings: Settings, house: House) -> None:
    """Where the customer database is away, help says what can be asked all the same, without sizes."""
    away = settings.model_copy(update={"database_url": SecretStr("postgresql://nobody@127.0.0.1:9/none")})
    async with Site(ws, away, house):
        await ws.slash("maya", "#marketing", "/segment help")
        card = await ws.wait_for_message("#marketing", "Two-minute tour", user="maya", timeout=20)
        assert "About people" in message_words(card)
        assert Action.TRY.at(0) in actions_in(card)
        assert "  ·  " not in "".join(b["text"]["text"] for b in card["blocks"] if b["type"] == "section")


def home(ws: Workspace, who: str) -> str:
    """What stands at somebody's Home."""
    view = ws.home(who)
    return json.dumps(view, ensure_ascii=False) if view else ""


async def test_the_tour_is_offered_once(ws: Workspace, deps: Deps, settings: Settings, house: House) -> None:
    """Each person is offered it at Home until they took it or put it off; another process knows that too."""
    for who in ("maya", "omar"):
        ws.open_home(who)
        await ws.wait_until(lambda who=who: "New here?" in home(ws, who), 10, "the offer")
    await asyncio.gather(
        ws.click_view("maya", Action.TOUR, view_id=ws.home("maya")["id"]),
        ws.click_view("omar", Action.TOUR_LATER, view_id=ws.home("omar")["id"]),
    )
    await ws.wait_until(lambda: "Step 1 of 5" in json.dumps(ws.modal("maya")), 10, "the tour")
    for who in ("maya", "omar"):
        await ws.wait_until(lambda who=who: "New here?" not in home(ws, who), 10, "no offer")
    for step in range(2, 6):
        await ws.click_view("maya", Action.TOUR.at(1))
        await ws.wait_until(lambda step=step: f"Step {step} of 5" in json.dumps(ws.modal("maya")), 10, "the next step")
    assert Action.TOUR.at(1) not in json.dumps(ws.modal("maya"))
    await ws.click_view("maya", Action.TOUR.at(0))
    await ws.wait_until(lambda: "Step 4 of 5" in json.dumps(ws.modal("maya")), 10, "the step before")
    ws.close("maya")
    async with Site(ws, settings, house):
        for who in ("maya", "omar"):
            ws.open_home(who)
        ws.open_home("priya")
        await ws.wait_until(lambda: "New here?" in home(ws, "priya"), 10, "the offer for somebody new")
        assert "New here?" not in home(ws, "maya") + home(ws, "omar")
