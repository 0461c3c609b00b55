"""A person's way through segbot in Slack, with the real Bolt app over Socket Mode and over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from slack_bench import Bench
from slack_sdk.web.async_client import AsyncWebClient

from segbot.demo.workspace import message_words
from segbot.model.request import Surface
from segbot.slack.ids import Action, Value, read_value


def button(message: dict[str, Any], action: str) -> dict[str, Any]:
    """The first button of a message whose action begins like this."""
    for block in message["blocks"]:
        for element in [*block.get("elements", []), block.get("accessory") or {}]:
            if str(element.get("action_id", "")).startswith(action):
                return element
    raise LookupError(action)


async def counted(bench: Bench, words: str = "women in Texas", channel: str = "#marketing") -> dict[str, Any]:
    """Ask, and wait for the counted card."""
    assert await bench.ws.slash("maya", channel, f"/segment {words}") == {"ok": True}
    message: dict[str, Any] = await bench.ws.wait_for_message(channel, "Share in thread")
    return message


async def test_the_main_flow(served: Bench) -> None:
    """Ask, look, save with a mistake mended, share: one card, updated in place, and nothing that Slack would refuse."""
    ws, flows = served.ws, served.flows
    card = await counted(served, "women & men > 30")
    assert "women & men > 30" in message_words(card)
    assert "37 customers" in card["text"]
    assert len(ws.messages("#marketing")) == 1
    assert card["edited"]
    assert flows.anchors["r1"] == ("C0MARKETING", card["ts"])

    assert (await ws.click("omar", "#marketing", card["ts"], Action.PREVIEW))["ok"]
    preview = await ws.wait_for_modal("omar", "Preview")
    await ws.wait_until(lambda: "Zoë" in json.dumps(ws.modal("omar"), ensure_ascii=False), 5, "the preview")
    assert ws.modal("maya") is None
    assert len(ws.messages("#marketing", user="omar")) == 1, preview
    ws.close("omar")

    assert (await ws.click("omar", "#marketing", card["ts"], Action.SHOW_SQL))["ok"]
    await ws.wait_until(lambda: "SELECT c.id" in json.dumps(ws.modal("omar")), 5, "the SQL")
    ws.close("omar")

    assert (await ws.click("maya", "#marketing", card["ts"], Action.SAVE))["ok"]
    await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 5, "the form")
    refused = await ws.submit("maya", {"name": "taken"})
    assert refused["errors"] == {"name": "#3 has this name already. Please choose another."}
    done = await ws.submit("maya", {"name": "Texan women", "note": "For the spring mail", "tags": "vip, #spring,, vip"})
    assert done == {"response_action": "close"}
    saved = await ws.wait_for_message("#marketing", "Saved as #12")
    assert saved["ts"] == card["ts"]
    assert "vip" in message_words(saved)
    assert flows.requests["r1"].saved is not None
    assert flows.requests["r1"].saved.tags == ("vip", "spring")

    assert (await ws.click("priya", "#marketing", card["ts"], Action.SHARE))["ok"]
    shared = await ws.wait_for_message("#marketing", "Shared by", thread_ts=card["ts"])
    assert "Priya" in message_words(shared) or "U0PRIYA" in json.dumps(shared)
    assert ws.refused == []


async def test_help_is_private_and_its_examples_work(served: Bench) -> None:
    """The command alone explains itself to its person only; pressing an example asks it in the channel."""
    ws = served.ws
    for words in ("/segment", "/segment help", "/segment ?"):
        assert await ws.slash("maya", "#marketing", words) == {"ok": True}
        help = await ws.wait_for_message("#marketing", "Type who you are looking for", user="maya")
        assert help["ephemeral"]
    assert ws.messages("#marketing") == []
    assert served.flows.done["start"] == 0
    example = button(help, Action.TRY)
    assert (await ws.click("maya", "#marketing", help["ts"], example["action_id"]))["ok"]
    card = await ws.wait_for_message("#marketing", "Share in thread")
    assert "women in Texas" in message_words(card)
    assert ws.refused == []


async def test_a_mention_is_answered_in_its_thread(served: Bench) -> None:
    """The words after the mention are the request, and the answer stands below the message."""
    ws = served.ws
    said = await ws.say("maya", "#marketing", "@segbot women in <Texas> & Florida")
    card = await ws.wait_for_message("#marketing", "Share in thread", thread_ts=said["ts"])
    assert served.flows.requests["r1"].title == "women in <Texas> & Florida"
    assert served.flows.surfaces == [Surface.MENTION]
    assert (await ws.click("maya", "#marketing", card["ts"], Action.SHARE))["ok"]
    await ws.wait_for_message("#marketing", "Shared by", thread_ts=said["ts"])
    assert ws.refused == []


async def test_a_direct_message_is_answered_there(served: Bench) -> None:
    """In a direct message neither command nor mention is needed, and an edit is no new request."""
    ws = served.ws
    await ws.say("maya", "@maya", "women in Texas")
    await ws.wait_for_message("@maya", "Share in thread")
    ws.emit(
        {
            "type": "message",
            "subtype": "message_changed",
            "channel": ws.channel_id("@maya"),
            "channel_type": "im",
            "ts": "1.2",
            "message": {"text": "men", "user": "U0MAYA"},
        }
    )
    await ws.say("maya", "@maya", "nonsense")
    await ws.wait_for_message("@maya", "didn't understand")
    assert served.flows.surfaces == [Surface.MESSAGE, Surface.MESSAGE]
    assert ws.refused == []


async def test_a_question_is_settled_by_its_buttons(served: Bench) -> None:
    """Choices show their counts, and choosing one counts what was chosen on the same card."""
    ws = served.ws
    await ws.slash("maya", "#marketing", "/segment bought shoes and hats")
    question = await ws.wait_for_message("#marketing", "In any orders · 412")
    action = Action.CHOOSE.at(0, 1)
    assert (await ws.click("omar", "#marketing", question["ts"], action))["ok"]
    card = await ws.wait_for_message("#marketing", "Share in thread")
    assert card["ts"] == question["ts"]
    assert "Chose 0/1" in message_words(card)
    assert len(ws.messages("#marketing")) == 1
    assert ws.refused == []


async def test_suggestions_and_assumptions_are_taken_by_a_click(served: Bench) -> None:
    """A suggestion replaces the words, and an assumption's other meaning is counted instead."""
    ws = served.ws
    await ws.slash("maya", "#marketing", "/segment women in Atlantis")
    unread = await ws.wait_for_message("#marketing", "was not understood")
    assert (await ws.click("maya", "#marketing", unread["ts"], Action.REPLACE.at(1, 0)))["ok"]
    await ws.wait_for_message("#marketing", "Replaced 1/0")
    await ws.wait_for_message("#marketing", "Share in thread")

    await ws.slash("maya", "#campaigns", "/segment women in Texas")
    card = await ws.wait_for_message("#campaigns", "Share in thread")
    assert (await ws.click("maya", "#campaigns", card["ts"], Action.SWITCH.at(0)))["ok"]
    await ws.wait_for_message("#campaigns", "Switched 0/0")
    assert ws.refused == []


async def test_home_shows_examples_that_answer_in_a_direct_message(served: Bench) -> None:
    """Opening Home draws it; an example pressed there is answered where there is a place for answers."""
    ws = served.ws
    ws.open_home("maya")
    home = await ws.wait_until(lambda: ws.home("maya"), 5, "Home")
    example = button({"blocks": home["blocks"]}, Action.TRY)
    assert (await ws.click_view("maya", example["action_id"], view_id=home["id"]))["ok"]
    await ws.wait_for_message("@maya", "Share in thread")
    assert served.flows.surfaces == [Surface.HOME]
    assert ws.refused == []


async def test_without_membership_the_answer_is_private_and_says_how_to_invite(served: Bench) -> None:
    """Where segbot is no member its person gets the whole card alone, and its buttons still work."""
    ws = served.ws
    assert await ws.slash("alex", "#exec-plans", "/segment women in Texas") == {"ok": True}
    card = await ws.wait_for_message("#exec-plans", "Show SQL", user="alex")
    assert card["ephemeral"]
    assert "/invite @segbot" in message_words(card)
    assert ws.messages("#exec-plans", user="priya") == []
    assert len(ws.messages("#exec-plans", user="alex")) == 1
    assert (await ws.click("alex", "#exec-plans", card["ts"], Action.SAVE))["ok"]
    await ws.wait_until(lambda: (ws.modal("alex") or {}).get("submit"), 5, "the form")
    await ws.submit("alex", {"name": "Secret"})
    await ws.wait_for_message("#exec-plans", "Saved as #12", user="alex")
    assert [call.answer.get("error") for call in ws.refused] == ["not_in_channel"] or all(
        call.answer.get("error") in ("not_in_channel", "channel_not_found") for call in ws.refused
    )


async def test_a_slow_private_count_says_that_it_counts(socket_bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits in silence where segbot is no member."""
    monkeypatch.setattr("segbot.slack.handlers.asking.PRIVATE_PATIENCE", 0.05)
    ws, gate = socket_bench.ws, socket_bench.flows.hold("count")
    await ws.slash("alex", "#exec-plans", "/segment women in Texas")
    await ws.wait_for_message("#exec-plans", "Counting…", user="alex")
    gate.set()
    await ws.wait_for_message("#exec-plans", "Show SQL", user="alex")


async def test_a_count_can_be_stopped_and_tried_again(socket_bench: Bench) -> None:
    """Stop ends a long count and says so; Try again counts it."""
    ws, flows = socket_bench.ws, socket_bench.flows
    gate = flows.hold("count")
    await ws.slash("maya", "#marketing", "/segment women in Texas")
    card = await ws.wait_for_message("#marketing", "Counting…")
    assert (await ws.click("maya", "#marketing", card["ts"], Action.STOP))["ok"]
    stopped = await ws.wait_for_message("#marketing", "Try again")
    assert "Stopped" in message_words(stopped)
    assert "Reference" not in message_words(stopped)
    gate.set()
    assert (await ws.click("maya", "#marketing", card["ts"], Action.RETRY))["ok"]
    await ws.wait_for_message("#marketing", "Share in thread")
    assert len(ws.messages("#marketing")) == 1
    assert ws.refused == []


@pytest.mark.parametrize("value", ["old-format", "2|r1|0|0", "1|r1|9|9|9", "1|../../etc|0|0", "{}", "x" * 2000])
@pytest.mark.parametrize("action", [Action.PREVIEW, Action.CHOOSE.at(0, 1), Action.TRY, "segbot.of_another_age"])
async def test_a_button_that_can_not_be_read_says_so(socket_bench: Bench, action: str, value: str) -> None:
    """An old, foreign or unknown button is answered clearly, and nothing is done."""
    ws = socket_bench.ws
    client = AsyncWebClient(ws.bot_token, base_url=ws.api_url)
    old = {"type": "button", "action_id": action, "value": value, "text": {"type": "plain_text", "text": "Old"}}
    posted = await client.chat_postMessage(
        channel="C0MARKETING", text="old", blocks=[{"type": "actions", "elements": [old]}]
    )
    assert (await ws.click("maya", "#marketing", posted["ts"], action))["ok"]
    note = await ws.wait_for_message("#marketing", "older segbot", user="maya")
    assert note["ephemeral"]
    assert not socket_bench.flows.done


async def test_a_forgotten_request_says_so(socket_bench: Bench) -> None:
    """A button of a request that is no longer stored opens no empty window: it says that the card is too old."""
    ws = socket_bench.ws
    card = await counted(socket_bench)
    socket_bench.flows.requests.clear()
    for action in (Action.PREVIEW, Action.SHOW_SQL, Action.SAVE):
        assert (await ws.click("maya", "#marketing", card["ts"], action))["ok"]
        await ws.wait_until(lambda: "too old" in json.dumps(ws.modal("maya")), 5, "the notice")
        ws.close("maya")
    assert (await ws.click("maya", "#marketing", card["ts"], Action.SWITCH.at(0)))["ok"]
    await ws.wait_for_message("#marketing", "too old", user="maya")


def test_values_come_back_as_they_went() -> None:
    """The codec of button values keeps ids and indexes."""
    assert read_value(str(Value("0190-ab_c", 3, 1779300300))) == Value("0190-ab_c", 3, 1779300300)
