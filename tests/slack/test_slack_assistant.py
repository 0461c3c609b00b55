"""The assistant on a card: asked by a person, shown with its evidence, and used only when a person says so."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path

import pytest
from slack_site import Site, with_databases
from test_slack_words import actions, asked, heading, number, on_card
from tests.llm.llm_kit import Canned, document, has, reply, trouble

from segbot.demo.workspace import Workspace, message_words
from segbot.flows.house import House
from segbot.flows.proposer import definitions, make_proposer
from segbot.llm.talk import Kind
from segbot.settings import Settings
from segbot.slack.ids import Action
from segbot.store.migrate import migrate

TEXT = "ladyfolk in Texas"
RIGHT = document(has("c1", "ladyfolk", "gender", "F"), has("c2", "in Texas", "state", "TX"))


@pytest.fixture
def settings(ws: Workspace, databases: tuple[str, str], tmp_path: Path) -> Settings:
    schema = f"s{secrets.token_hex(4)}"
    migrate(databases[1], schema)
    return with_databases(ws, databases, tmp_path, store_schema=schema)


def site(ws: Workspace, settings: Settings, house: House, model: Canned | None) -> Site:
    proposer = make_proposer(model, house.catalog, definitions(house)) if model else None
    return Site(ws, settings, house, "socket", proposer)


async def test_without_configuration_nothing_of_it_is_visible(ws: Workspace, settings: Settings, house: House) -> None:
    """No button on a card with unread words, nor below an answer without any card."""
    async with site(ws, settings, house, None):
        card = await asked(ws, TEXT, "it would be")
        assert Action.ASSIST not in actions(card)
        await ws.slash("maya", "#marketing", "/segment ladyfolk")
        notice = await ws.wait_for_message("#marketing", "didn't understand", user="maya")
        assert Action.ASSIST not in actions(notice)


async def test_a_proposal_is_shown_and_used_only_by_a_click(ws: Workspace, settings: Settings, house: House) -> None:
    """Pressed twice it is asked once; evidence, size and difference are shown; "Use this" counts it on the same card."""
    model = Canned([reply(RIGHT)], wait=0.2)
    async with site(ws, settings, house, model) as deps:
        card = await asked(ws, TEXT, "it would be")
        await asyncio.gather(*(ws.click(who, "#marketing", card["ts"], Action.ASSIST) for who in ("maya", "omar")))
        shown = await on_card(ws, card, "It would be")
        words = message_words(shown)
        assert heading(shown) == "The assistant proposes"
        assert "“ladyfolk”" in words
        assert "is a guess" in words
        assert len(model.questions) == 1
        (request,) = await deps.desk.store.requests.recent(ws.core.config.team_id, ws.user_id("maya"))
        assert request.reading.outcome.value == "reject"
        await asyncio.gather(*(ws.click("maya", "#marketing", card["ts"], Action.USE_PROPOSAL) for _ in range(2)))
        done = await on_card(ws, card, "Share in thread")
        assert "Gender is female" in message_words(done)
        assert number(heading(done)) == number(words)
        assert len(ws.messages("#marketing")) == 1
    assert ws.refused == []


async def test_back_and_a_model_that_fails(ws: Workspace, settings: Settings, house: House) -> None:
    """Back is segbot's own reading again; a model in trouble ends in that too, with a line that says why."""
    model = Canned([reply(RIGHT), trouble(Kind.TIMED_OUT)])
    async with site(ws, settings, house, model):
        card = await asked(ws, TEXT, "it would be")
        await ws.click("maya", "#marketing", card["ts"], Action.ASSIST)
        await on_card(ws, card, "It would be")
        await ws.click("maya", "#marketing", card["ts"], Action.DROP_PROPOSAL)
        await on_card(ws, card, "it would be")
        await ws.click("maya", "#marketing", card["ts"], Action.ASSIST)
        after = await on_card(ws, card, "No proposal")
        assert "did not answer in time" in message_words(after)
        assert "it would be" in message_words(after)
        assert Action.ASSIST in actions(after)
    assert ws.refused == []


async def test_words_of_which_nothing_was_understood(ws: Workspace, settings: Settings, house: House) -> None:
    """Where there is no card, the proposal becomes one."""
    model = Canned([reply(document(has("c1", "ladyfolk", "gender", "F")))])
    async with site(ws, settings, house, model):
        await ws.slash("maya", "#marketing", "/segment ladyfolk")
        notice = await ws.wait_for_message("#marketing", "didn't understand", user="maya")
        await ws.click("maya", "#marketing", notice["ts"], Action.ASSIST)
        card = await ws.wait_for_message("#marketing", "It would be", timeout=10)
        await ws.click("maya", "#marketing", card["ts"], Action.USE_PROPOSAL)
        done = await on_card(ws, card, "Share in thread")
        assert "Gender is female" in message_words(done)
    assert ws.refused == []
