"""Words that need a person: to leave out, to take as typed, to say again, to define, and what people think of an answer.

The real app, flows, reader and databases, in a workspace that is as strict as Slack.
"""

from __future__ import annotations

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from slack_site import NOW, Site, with_databases

from segbot.demo.workspace import Workspace, message_words
from segbot.flows import define, feedback
from segbot.flows.desk import Actor
from segbot.flows.house import House
from segbot.model.condition import Everyone, Not, walk
from segbot.settings import Settings
from segbot.slack.handlers import Deps
from segbot.slack.ids import Action
from segbot.store.migrate import migrate

Json = dict[str, Any]


@pytest.fixture
def settings(ws: Workspace, databases: tuple[str, str], tmp_path: Path) -> Settings:
    """Settings with a store of its own: each test begins without words."""
    schema = f"s{secrets.token_hex(4)}"
    migrate(databases[1], schema)
    return with_databases(ws, databases, tmp_path, store_schema=schema)


@pytest.fixture
async def deps(ws: Workspace, settings: Settings, house: House) -> AsyncIterator[Deps]:
    """segbot where everybody may define words."""
    async with Site(ws, settings, house) as deps:
        yield deps
    assert ws.refused == []


@pytest.fixture
async def owned(ws: Workspace, settings: Settings, house: House) -> AsyncIterator[Deps]:
    """segbot where Priya alone may, named by her handle."""
    async with Site(ws, settings.model_copy(update={"owners": "@priya, U0NOBODY"}), house) as deps:
        yield deps
    assert ws.refused == []


async def asked(ws: Workspace, words: str, wait: str, channel: str = "#marketing") -> Json:
    """A request by Maya, answered with a card that says something."""
    after = max((m["ts"] for m in ws.messages(channel)), default="0")
    await ws.slash("maya", channel, f"/segment {words}")
    card: Json = await ws.wait_for_message(channel, wait, after=after, timeout=20)
    return card


async def on_card(ws: Workspace, card: Json, wait: str, channel: str = "#marketing") -> Json:
    """The same card once it says something."""

    def look() -> Json | None:
        found = next(m for m in ws.messages(channel) if m["ts"] == card["ts"])
        return found if wait in message_words(found) else None

    return await ws.wait_until(look, 20, f"{wait!r} on the card")  # type: ignore[no-any-return]


def actions(card: Json) -> dict[str, Json]:
    """The elements of a card by what they do."""
    found = {}
    for block in card["blocks"]:
        for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]:
            if "action_id" in element:
                found[element["action_id"]] = element
    return found


async def form(ws: Workspace, user: str, words: str = "") -> Json:
    """The form that a person has open, once it is more than a promise."""

    def look() -> Json | None:
        view = ws.modal(user)
        return view if view and view.get("submit") and words in json.dumps(view["blocks"], ensure_ascii=False) else None

    return await ws.wait_until(look, 10, f"a form with {words!r}")  # type: ignore[no-any-return]


def heading(card: Json) -> str:
    return str(card["blocks"][0]["text"]["text"])


def number(text: str) -> int:
    found = re.search(r"([\d,]+) customers?", text)
    assert found, text
    return int(found[1].replace(",", ""))


# --- mending ------------------------------------------------------------------------------------


async def test_words_are_left_out_by_a_click(ws: Workspace, deps: Deps) -> None:
    """The part that was understood is counted and labelled as such; left out by two people at once, it is the count."""
    card = await asked(ws, "women in Xanadu who bought shoes", "it would be")
    assert heading(card) == "Some words were not understood"
    part = next(line for line in message_words(card).splitlines() if "it would be" in line)
    assert "Without “Xanadu”" in part
    assert Action.PREVIEW not in actions(card)
    press = Action.LEAVE_OUT.at(0)
    await asyncio.gather(*(ws.click(who, "#marketing", card["ts"], press) for who in ("maya", "maya", "omar")))
    done = await on_card(ws, card, "Share in thread")
    assert number(heading(done)) == number(part)
    assert "Left out: “Xanadu”" in message_words(done)
    await ws.wait_until(lambda: len(deps.running) == 0, 10, "everything done")
    private = [m for m in ws.messages("#marketing", user="omar") if m.get("ephemeral")]
    assert all("Reference" not in message_words(m) or "Somebody" in message_words(m) for m in private)
    (request,) = await deps.desk.store.requests.recent(ws.core.config.team_id, ws.user_id("maya"))
    history = await deps.desk.store.requests.history(request.team, request.id)
    assert [step.what for step in history].count("left words out") == 1


@pytest.mark.parametrize(
    ("words", "denied"),
    [
        ("women who never frobnicated in Texas", "never frobnicated in Texas"),
        ("not frobnicated women in Texas", "not frobnicated women"),
    ],
)
async def test_a_denial_is_left_out_with_what_it_denies(ws: Workspace, deps: Deps, words: str, denied: str) -> None:
    """Left behind, the "never" would deny what comes next: it goes with its word, and the card says so."""
    card = await asked(ws, words, "it would be")
    assert f"Without “{denied}”" in message_words(card)
    await ws.click("maya", "#marketing", card["ts"], Action.LEAVE_OUT.at(0))
    done = await on_card(ws, card, "Share in thread")
    assert f"Left out: “{denied}”" in message_words(done)
    (request,) = await deps.desk.store.requests.recent(ws.core.config.team_id, ws.user_id("maya"))
    assert not any(isinstance(node, Not) for node in walk(request.condition or Everyone()))


async def test_a_correction_is_taken_back(ws: Workspace, deps: Deps) -> None:
    """The person meant the word as typed: then it was not understood, and stays so when other words are mended."""
    card = await asked(ws, "womn in Texas", "Share in thread")
    assert "Read “womn” as" in message_words(card)
    await ws.click("maya", "#marketing", card["ts"], Action.AS_TYPED.at(0))
    after = await on_card(ws, card, "it would be")
    assert "“womn”" in message_words(after)
    assert Action.AS_TYPED.at(0) not in actions(after)
    await ws.click("omar", "#marketing", card["ts"], Action.LEAVE_OUT.at(0))
    done = await on_card(ws, card, "Share in thread")
    assert "Left out: “womn”" in message_words(done)


async def test_a_request_is_said_another_way(ws: Workspace, deps: Deps) -> None:
    """The form has the words as they are; other words are counted on the same card, and nonsense is told at its field."""
    card = await asked(ws, "women in Texas", "Share in thread")
    await ws.click("omar", "#marketing", card["ts"], Action.REWORD)
    opened = await form(ws, "omar")
    assert "women in Texas" in json.dumps(opened)
    refused = await ws.submit("omar", {"words": "asdf qwer zxcv"})
    assert "None of" in refused["errors"]["words"]
    assert (await ws.submit("omar", {"words": "men in Florida"}))["response_action"] == "close"
    done = await on_card(ws, card, "State is Florida")
    done = await on_card(ws, card, "Share in thread")
    assert "Gender is male" in message_words(done)
    assert len(ws.messages("#marketing")) == 1


# --- words of the company -----------------------------------------------------------------------


async def test_a_word_is_defined_and_every_process_knows_it(
    ws: Workspace, deps: Deps, settings: Settings, house: House
) -> None:
    """Shown back with its size before it is kept; wrong words are told at the field; listed, used and removed."""
    card = await asked(ws, "high-value customers in Texas", "Something else…")
    assert Action.ASK_OWNER.at(100) not in actions(card)
    await ws.click("maya", "#marketing", card["ts"], Action.DEFINE.at(100))
    await form(ws, "maya", "high-value")
    for wrong, why in (
        ("frobnicators", "Not understood"),
        ("all customers", "everybody"),
        ("high-value people", "high"),
    ):
        assert why in (await ws.submit("maya", {"means": wrong}))["errors"]["means"]
    meaning = "customers with 3 or more orders"
    assert (await ws.submit("maya", {"means": meaning}))["response_action"] == "update"
    shown = await form(ws, "maya", " of ")
    size = number(json.dumps(shown["blocks"]))
    assert size > 0
    assert (await ws.submit("maya", {"means": meaning}))["response_action"] == "close"
    done = await on_card(ws, card, "Share in thread")
    assert "High-value, which here means" in message_words(done)

    async with Site(ws, settings, house) as other:
        reading = await other.desk.at_home(ws.core.config.team_id)
        assert reading.house.read("high-value people", NOW).outcome.value == "answer"
    plain = await asked(ws, "high-value customers", "Share in thread")
    assert number(heading(plain)) == size

    await ws.slash("omar", "#marketing", "/segment words")
    listed = await ws.wait_for_message("#marketing", "Words of your company", user="omar")
    assert meaning in message_words(listed)
    await ws.click("omar", "#marketing", listed["ts"], Action.FORGET.at(0))
    await ws.wait_until(
        lambda: meaning not in message_words(ws.messages("#marketing", user="omar")[-1]), 10, "the list without it"
    )
    await asked(ws, "high-value customers", "Something else…")
    old = await on_card(ws, card, "High-value, which here means")
    assert number(heading(old)) == number(heading(done))
    trail = await deps.desk.store.audit.entries(ws.core.config.team_id, object_kind="term")
    assert [entry.action for entry in trail] == ["forgot", "defined"]


async def test_a_choice_counts_on_its_card_and_can_be_kept(ws: Workspace, deps: Deps) -> None:
    """Choosing a meaning counts this card only; "Remember for everybody" makes it the word's meaning, once."""
    card = await asked(ws, "loyal customers in Texas", "Something else…")
    await ws.click("maya", "#marketing", card["ts"], Action.CHOOSE.at(0, 0))
    chosen = await on_card(ws, card, "Share in thread")
    assert "On this card “loyal” means" in message_words(chosen)
    before = heading(chosen)
    press = Action.KEEP_MEANING.at(0)
    await asyncio.gather(*(ws.click(who, "#marketing", card["ts"], press) for who in ("maya", "omar", "maya")))
    kept = await on_card(ws, card, "for everybody. ")
    assert heading(kept) == before
    await ws.wait_until(lambda: len(deps.running) == 0, 10, "everything done")
    assert len(await deps.desk.store.dictionary.all(ws.core.config.team_id)) == 1
    again = await asked(ws, "loyal customers in Texas", "Share in thread", "#campaigns")
    assert heading(again) == before


async def test_owners_are_asked_in_the_thread_and_decide(ws: Workspace, owned: Deps) -> None:
    """Where owners are named nobody else defines words: the owners are asked once, and their yes changes the card."""
    card = await asked(ws, "loyal customers in Texas", "Ask an owner")
    await ws.click("maya", "#marketing", card["ts"], Action.DEFINE.at(100))
    await form(ws, "maya")
    meaning = "customers with 4 or more orders"
    await ws.submit("maya", {"means": meaning})
    shown = await form(ws, "maya", " of ")
    assert shown["submit"]["text"] == "Ask an owner"
    assert (await ws.submit("maya", {"means": meaning}))["response_action"] == "close"
    question = await ws.wait_for_message("#marketing", "shall mean", thread_ts=card["ts"])
    assert meaning in message_words(question)
    assert "Something else…" in message_words(await on_card(ws, card, "An owner is asked"))

    await ws.click("omar", "#marketing", question["ts"], Action.APPROVE)
    await ws.wait_for_message("#marketing", "Only the owners", user="omar", thread_ts=card["ts"])
    assert await owned.desk.store.dictionary.all(ws.core.config.team_id) == ()
    await asyncio.gather(*(ws.click("priya", "#marketing", question["ts"], Action.APPROVE) for _ in range(2)))
    done = await on_card(ws, card, "Share in thread")
    assert "Loyal, which here means" in message_words(done)
    await ws.wait_for_message("#marketing", "Confirmed by", thread_ts=card["ts"])


async def test_an_owner_says_no(ws: Workspace, owned: Deps) -> None:
    """A declined meaning stays on its card, nobody is asked twice, and the word keeps no meaning for others."""
    card = await asked(ws, "loyal customers", "Something else…")
    await ws.click("maya", "#marketing", card["ts"], Action.CHOOSE.at(0, 0))
    await on_card(ws, card, "Remember for everybody")
    await ws.click("maya", "#marketing", card["ts"], Action.KEEP_MEANING.at(0))
    await ws.wait_for_message("#marketing", "Only the owners", user="maya")
    for _ in range(2):
        await ws.click("maya", "#marketing", card["ts"], Action.ASK_TO_KEEP.at(0))
    await ws.wait_for_message("#marketing", "asked already", user="maya")
    await ws.wait_for_message("#marketing", "shall mean", thread_ts=card["ts"])
    (question,) = [m for m in ws.messages("#marketing", card["ts"]) if "shall mean" in message_words(m)]
    await ws.click("priya", "#marketing", question["ts"], Action.DECLINE)
    await ws.wait_for_message("#marketing", "Declined by", thread_ts=card["ts"])
    await on_card(ws, card, "an owner said no")
    assert await owned.desk.store.dictionary.all(ws.core.config.team_id) == ()


async def test_one_defines_while_another_chooses(ws: Workspace, deps: Deps) -> None:
    """Both are heard: the word has its meaning for everybody, the card shows one of the two, and nobody sees an error."""
    card = await asked(ws, "loyal customers in Texas", "Something else…")
    (request,) = await deps.desk.store.requests.recent(ws.core.config.team_id, ws.user_id("maya"))
    actor = Actor(request.team, ws.user_id("priya"), request.channel)
    await asyncio.gather(
        define.keep(deps.desk, actor, request.id, "loyal", "customers with 4 or more orders"),
        ws.click("omar", "#marketing", card["ts"], Action.CHOOSE.at(0, 1)),
    )
    await ws.wait_until(lambda: len(deps.running) == 0, 20, "everything done")
    assert len(await deps.desk.store.dictionary.all(request.team)) == 1
    (after,) = await deps.desk.store.requests.recent(request.team, request.user)
    assert after.reading.outcome.value == "answer"


async def test_a_form_waits_where_trying_a_word_takes_longer_than_slack_waits(
    ws: Workspace, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow step first shows that it works, then the same answers: what is wrong, what was read, that it is kept."""
    for patience in ("ANSWER_WITHIN", "COUNT_WITHIN"):
        monkeypatch.setattr(f"segbot.slack.handlers.defining.{patience}", 0.0)
    card = await asked(ws, "loyal customers in Texas", "Something else…")
    await ws.click("maya", "#marketing", card["ts"], Action.DEFINE.at(100))
    await form(ws, "maya")
    assert (await ws.submit("maya", {"means": "frobnicators"}))["response_action"] == "update"
    again = await form(ws, "maya", "Not understood")
    assert "frobnicators" in json.dumps(again)
    meaning = "customers with 4 or more orders"
    await ws.submit("maya", {"means": meaning})
    await form(ws, "maya", " of ")
    await ws.submit("maya", {"means": meaning})
    await ws.wait_until(lambda: "for everybody now" in json.dumps(ws.modal("maya")), 10, "that it is kept")
    assert "Loyal, which here means" in message_words(await on_card(ws, card, "Share in thread"))


REFUSED = (
    ("loyal", "loyal customers who bought twice", "circle|Not understood"),
    ("loyal", "big spenders", "can't stand for a segment"),
    ("loyal", "x" * 501, "At most"),
    ("women", "men", "value in your data"),
    ("Texas", "people in Florida", "value in your data"),
    ("age", "people over 30", "field of your catalog"),
    ("and", "people over 30", "everyday language"),
    ("college graduates", "people over 30", "dictionary already"),
)


@pytest.mark.parametrize(("word", "means", "why"), REFUSED)
async def test_a_definition_that_can_not_be(deps: Deps, word: str, means: str, why: str) -> None:
    """What the catalog or the language has already stays what it is, and a word is not defined by itself."""
    problem = await define.check(deps.desk, Actor("T1", "U1"), word, means)
    assert isinstance(problem, define.DefinitionProblem)
    assert re.search(why, problem.text), problem.text


async def test_no_circle_of_words(deps: Deps) -> None:
    """A word may use another one, which then can't use it back; two people can't mean two things by one word."""
    actor, team = Actor("T1", "U1"), "T1"
    store = deps.desk.store
    await store.dictionary.define(team, "loyal", words=(), means="people with 3 or more orders", author="U1", now=NOW)
    valuable = await define.check(deps.desk, actor, "valuable", "loyal people in Texas")
    assert isinstance(valuable, define.Definition)
    await store.dictionary.define(team, "valuable", words=(), means=valuable.means, author="U1", now=NOW)
    for means in ("valuable women", "loyal women"):
        circle = await define.check(deps.desk, actor, "loyal", means)
        assert isinstance(circle, define.DefinitionProblem)
        assert "circle" in circle.text
    card = await define.words(deps.desk, actor)
    assert {"loyal", "valuable"} <= {line.word for line in card.words}
    assert all(not line.trouble for line in card.words)


# --- thumbs -------------------------------------------------------------------------------------


async def test_thumbs_are_kept_with_what_was_read(ws: Workspace, deps: Deps) -> None:
    """Up is kept at once, down with its reason; one opinion a person, with the words, the tree and the catalog."""
    card = await asked(ws, "women in Texas", "Share in thread")
    thumbs = actions(card)[Action.RATE]
    good, bad = thumbs["positive_button"]["value"], thumbs["negative_button"]["value"]
    await ws.click("omar", "#marketing", card["ts"], Action.RATE, good)
    await ws.wait_for_message("#marketing", "Thank you", user="omar")
    for _ in range(2):
        await ws.click("maya", "#marketing", card["ts"], Action.RATE, bad)
        await form(ws, "maya", "What was wrong?")
        done = await ws.submit("maya", {"reason": "misread", "comment": "I meant the city of Texas, <@U1>"})
        assert done["response_action"] == "close"
    team = ws.core.config.team_id
    opinions = await deps.desk.store.feedback.since(team, NOW)
    assert sorted((o.thumb, o.reason) for o in opinions) == [(-1, "misread"), (1, "")]
    (case,) = feedback.as_corpus([o for o in opinions if o.thumb < 0])
    assert case["text"] == "women in Texas"
    assert case["answer"] == "gender=F & state=TX"
    assert case["feedback"]["comment"] == "I meant the city of Texas, <@U1>"
