"""What Bolt, the SDK and Slack's deliveries do to apps that trust them: each trap once, and segbot on the other side of it."""

from __future__ import annotations

import asyncio
import importlib
import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from slack_bench import Bench, Serve

from segbot.demo.workspace import message_words
from segbot.demo.workspace.deliver import Acked
from segbot.errors import NotFound, QueryTimedOut, StoreUnavailable, WarehouseUnavailable
from segbot.logs import configure_logging
from segbot.slack import app as module
from segbot.slack.ids import Action


async def counted(bench: Bench, words: str = "women in Texas") -> dict[str, Any]:
    """Ask, and wait for the counted card."""
    await bench.ws.slash("maya", "#marketing", f"/segment {words}")
    message: dict[str, Any] = await bench.ws.wait_for_message("#marketing", "Share in thread")
    return message


# --- 1, 2: acknowledgements ---------------------------------------------------------------------


@pytest.mark.parametrize("error", [RuntimeError("boom"), WarehouseUnavailable("x"), KeyError("team")])
async def test_a_failure_after_the_acknowledgement_does_not_take_it_back(served: Bench, error: Exception) -> None:
    """The command counts as heard, and its person reads what happened, with the reference of the log."""
    served.flows.fail("start", error)
    assert await served.ws.slash("maya", "#marketing", "/segment women in Texas") == {"ok": True}
    note = await served.ws.wait_for_message("#marketing", "Reference", user="maya")
    assert note["ephemeral"]
    assert "boom" not in message_words(note)
    assert "Traceback" not in message_words(note)


async def test_a_failure_in_every_handler_is_acknowledged_and_answered(socket_bench: Bench) -> None:
    """Buttons, forms and events acknowledge in time whatever their flow does."""
    ws, flows = socket_bench.ws, socket_bench.flows
    card = await counted(socket_bench)
    for step, action in (
        ("preview", Action.PREVIEW),
        ("show_sql", Action.SHOW_SQL),
        ("form", Action.SAVE),
    ):
        flows.fail(step, RuntimeError("boom"))
        assert (await ws.click("maya", "#marketing", card["ts"], action))["ok"]
        await ws.wait_until(lambda: "Reference" in json.dumps(ws.modal("maya")), 5, "a notice in the modal")
        ws.close("maya")
    for step, action in (("share", Action.SHARE), ("switch", Action.SWITCH.at(0))):
        flows.fail(step, RuntimeError("boom"))
        assert (await ws.click("omar", "#marketing", card["ts"], action))["ok"]
        note = await ws.wait_for_message("#marketing", "Reference", user="omar")
        assert note["ephemeral"]
    flows.fail("save", RuntimeError("boom"))
    await ws.click("maya", "#marketing", card["ts"], Action.SAVE)
    await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 5, "the form")
    answer = await ws.submit("maya", {"name": "x"})
    assert "Reference" in json.dumps(ws.modal("maya")), answer
    flows.fail("start", RuntimeError("boom"))
    said = await ws.say("maya", "#marketing", "@segbot women")
    await ws.wait_for_message("#marketing", "Reference", thread_ts=said["ts"], user="maya")
    assert ws.core.delivery.lost == []


async def test_what_nobody_listens_to_is_acknowledged_and_answered(served: Bench) -> None:
    """An unknown command gets an answer instead of Slack's time-out; an unknown event is not delivered again."""
    ws = served.ws
    channel = ws.channel_id("#marketing")
    command = {
        "command": "/segments",
        "text": "",
        "user_id": "U0MAYA",
        "team_id": "T0DEMO",
        "channel_id": channel,
        "trigger_id": "1.2.3",
        "response_url": f"{ws.url}/response/unknown",
    }
    assert isinstance(await ws.core.delivery.ask("slash_commands", command), Acked)
    await ws.wait_for_message("#marketing", "/segment help", user="maya")
    ws.emit({"type": "team_renamed", "name": "x"})
    ws.emit({"type": "member_left_channel", "user": "U0MAYA", "channel": channel})
    await asyncio.sleep(0.3)
    assert ws.core.delivery.lost == []


# --- 3: response_url ----------------------------------------------------------------------------


async def test_a_dead_response_url_is_noticed(served: Bench) -> None:
    """`respond` reports no error by itself: when it was refused, the person is answered another way."""
    served.ws.faults.fail("response_url", "expired_url", times=1, status=404)
    await served.ws.slash("maya", "#marketing", "/segment help")
    help = await served.ws.wait_for_message("#marketing", "Type who you are looking for", user="maya")
    assert help["ephemeral"]


# --- 4, 5: authorisation and the installation store ---------------------------------------------


async def test_slack_is_not_asked_who_we_are_on_every_request(socket_bench: Bench) -> None:
    """auth.test is called at the start and once by Bolt, not for each of five commands."""
    for _ in range(5):
        await socket_bench.ws.slash("maya", "#marketing", "/segment help")
    calls = [call for call in socket_bench.ws.calls if call.method == "auth.test"]
    assert len(calls) <= 2


def test_the_sdks_own_store_can_be_imported_with_our_sqlalchemy() -> None:
    """slack_sdk's SQLAlchemy store needs greenlet, which only `sqlalchemy[asyncio]` brings."""
    assert importlib.import_module("slack_sdk.oauth.installation_store.sqlalchemy")
    assert importlib.import_module("greenlet")


# --- 6, 7: the connection -----------------------------------------------------------------------


async def test_stopping_waits_for_the_work_under_way(serve: Serve) -> None:
    """A count that has begun is answered although the connection is closing."""
    bench = await serve("socket")
    gate = bench.flows.hold("count")
    await bench.ws.slash("maya", "#marketing", "/segment women in Texas")
    await bench.ws.wait_for_message("#marketing", "Counting…")
    bench.stop.set()
    await bench.ws.wait_until(lambda: bench.ws.connections == 0, 5, "the connection to close")
    assert bench.serving is not None
    assert not bench.serving.done()
    gate.set()
    await asyncio.wait_for(bench.serving, 5)
    assert "Share in thread" in message_words(bench.ws.messages("#marketing")[0])
    assert len(bench.deps.running) == 0


async def test_stopping_does_not_wait_for_ever(serve: Serve) -> None:
    """What hangs is cut off after the time given, and the process can end."""
    bench = await serve("socket", drain_seconds=0.2)
    bench.flows.hold("count")
    await bench.ws.slash("maya", "#marketing", "/segment women in Texas")
    await bench.ws.wait_for_message("#marketing", "Counting…")
    bench.stop.set()
    assert bench.serving is not None
    await asyncio.wait_for(bench.serving, 5)
    assert len(bench.deps.running) == 0


async def test_commands_work_after_slack_asks_to_reconnect(socket_bench: Bench) -> None:
    """Every few hours Slack moves the connection; the next command is heard."""
    ws = socket_bench.ws
    before = len([call for call in ws.calls if call.method == "apps.connections.open"])
    await ws.faults.refresh()
    await ws.wait_until(
        lambda: len([c for c in ws.calls if c.method == "apps.connections.open"]) > before and ws.connections == 1,
        15,
        "a new connection",
    )
    await counted(socket_bench)


async def test_the_watchdog_starts_over_when_the_sdk_has_died(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that is dead without anybody noticing is replaced by a new one that works."""
    made: list[Any] = []
    connect = module._connect

    async def remember(*args: Any) -> Any:
        made.append(await connect(*args))
        return made[-1]

    monkeypatch.setattr(module, "_connect", remember)
    bench = await serve("socket", watch_seconds=0.1)
    made[0].client.current_session_monitor.cancel()
    made[0].client.message_receiver.cancel()
    made[0].client.message_processor.cancel()
    await bench.ws.wait_until(lambda: len(made) == 2 and bench.ws.connections == 1, 10, "a second connection")
    await counted(bench)


# --- 8: duplicates ------------------------------------------------------------------------------


async def test_a_command_delivered_twice_is_answered_once(served: Bench) -> None:
    """The second copy does nothing."""
    served.ws.faults.duplicate("slash_commands")
    await counted(served)
    await asyncio.sleep(0.2)
    assert len(served.ws.messages("#marketing", user="maya")) == 1


async def test_an_event_retried_is_answered_once(served: Bench) -> None:
    """Slack's retry of a mention and of a direct message does nothing, but a retry of a lost one is heard."""
    ws = served.ws
    ws.faults.duplicate("events_api", times=2)
    said = await ws.say("maya", "#marketing", "@segbot women in Texas")
    await ws.wait_for_message("#marketing", "Share in thread", thread_ts=said["ts"])
    await ws.say("maya", "@maya", "women in Texas")
    await ws.wait_for_message("@maya", "Share in thread")
    await asyncio.sleep(0.2)
    assert len([m for m in ws.messages("#marketing", said["ts"]) if m.get("bot_id")]) == 1
    assert len([m for m in ws.messages("@maya") if m.get("bot_id")]) == 1


async def test_a_double_click_shares_once(served: Bench) -> None:
    """Two clicks on Share, also by two people, post one snapshot, and the second is told so."""
    ws = served.ws
    card = await counted(served)
    ws.faults.duplicate("interactive")
    await asyncio.gather(
        ws.click("maya", "#marketing", card["ts"], Action.SHARE),
        ws.click("omar", "#marketing", card["ts"], Action.SHARE),
    )
    await ws.wait_for_message("#marketing", "Shared by", thread_ts=card["ts"])
    await asyncio.sleep(0.3)
    shared = [m for m in ws.messages("#marketing", card["ts"]) if "Shared by" in message_words(m)]
    assert len(shared) == 1


async def test_a_share_that_could_not_be_posted_can_be_tried_again(socket_bench: Bench) -> None:
    """Being shared once does not mean being lost: what failed on the way is given back."""
    ws = socket_bench.ws
    card = await counted(socket_bench)
    ws.faults.fail("chat.postMessage", "fatal_error")
    await ws.click("maya", "#marketing", card["ts"], Action.SHARE)
    await ws.wait_for_message("#marketing", "Reference", user="maya")
    await ws.click("maya", "#marketing", card["ts"], Action.SHARE)
    await ws.wait_for_message("#marketing", "Shared by", thread_ts=card["ts"])


async def test_an_answered_delivery_is_finished(served: Bench) -> None:
    """Only what was answered counts as done: an answer lost on the way can be asked for again by Slack's retry."""
    await counted(served)
    await served.ws.slash("maya", "#marketing", "/segment nonsense")
    await served.ws.wait_for_message("#marketing", "didn't understand", user="maya")
    await served.ws.wait_until(lambda: len(served.deps.running) == 0, 5, "the answers")
    assert set(served.flows.finished) == served.flows.deliveries
    assert len(served.ws.messages("#marketing", user="maya")) == 2


async def test_two_people_settling_a_question_get_one_answer(served: Bench) -> None:
    """The card shows the newest choice at the end, whoever was first."""
    ws = served.ws
    await ws.slash("maya", "#marketing", "/segment bought shoes and hats")
    question = await ws.wait_for_message("#marketing", "In any orders · 412")
    await asyncio.gather(
        ws.click("maya", "#marketing", question["ts"], Action.CHOOSE.at(0, 0)),
        ws.click("omar", "#marketing", question["ts"], Action.CHOOSE.at(0, 1)),
    )
    card = await ws.wait_for_message("#marketing", "Share in thread")
    last = served.flows.requests["r1"].title
    await ws.wait_until(lambda: last in message_words(ws.messages("#marketing")[0]), 5, "the newest choice")
    assert card["ts"] == question["ts"]


async def test_a_form_submitted_twice_is_saved_once(socket_bench: Bench) -> None:
    """The second copy of a submission closes the form and changes nothing."""
    ws = socket_bench.ws
    card = await counted(socket_bench)
    await ws.click("maya", "#marketing", card["ts"], Action.SAVE)
    await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 5, "the form")
    ws.faults.duplicate("interactive")
    assert await ws.submit("maya", {"name": "Texans"}) == {"response_action": "close"}
    await ws.wait_for_message("#marketing", "Saved as #12")
    await asyncio.sleep(0.2)
    assert socket_bench.flows.done["save"] == 1
    assert ws.core.delivery.lost == []


# --- 9: triggers and modals ---------------------------------------------------------------------


async def test_a_slow_preview_still_opens(socket_bench: Bench) -> None:
    """The modal opens before any database work, so a trigger never grows too old."""
    ws = socket_bench.ws
    card = await counted(socket_bench)
    gate = socket_bench.flows.hold("preview")
    await ws.click("maya", "#marketing", card["ts"], Action.PREVIEW)
    loading = await ws.wait_for_modal("maya", "Preview")
    assert "One moment" in json.dumps(loading)
    gate.set()
    await ws.wait_until(lambda: "Zoë" in json.dumps(ws.modal("maya"), ensure_ascii=False), 5, "the preview")


async def test_a_modal_closed_meanwhile_is_left_alone(socket_bench: Bench) -> None:
    """Whoever closes the window while it loads does not get a complaint."""
    ws = socket_bench.ws
    card = await counted(socket_bench)
    gate = socket_bench.flows.hold("preview")
    await ws.click("maya", "#marketing", card["ts"], Action.PREVIEW)
    await ws.wait_for_modal("maya", "Preview")
    ws.close("maya")
    gate.set()
    await ws.wait_until(lambda: len(socket_bench.deps.running) == 0, 5, "the listener to end")
    assert ws.modal("maya") is None
    assert not [m for m in ws.messages("#marketing", user="maya") if m.get("ephemeral")]


async def test_an_expired_trigger_is_explained(socket_bench: Bench) -> None:
    """A click that took more than three seconds to arrive can open nothing: the person is told to press again."""
    ws = socket_bench.ws
    card = await counted(socket_bench)
    ws.faults.fail("views.open", "expired_trigger_id")
    await ws.click("maya", "#marketing", card["ts"], Action.PREVIEW)
    note = await ws.wait_for_message("#marketing", "once more", user="maya")
    assert note["ephemeral"]


async def test_a_slow_save_makes_the_form_wait_instead_of_failing(
    socket_bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack gives a form three seconds; a store that needs longer ends in the same saved card."""
    monkeypatch.setattr("segbot.slack.handlers.saving.ANSWER_WITHIN", 0.1)
    ws = socket_bench.ws
    card = await counted(socket_bench)
    await ws.click("maya", "#marketing", card["ts"], Action.SAVE)
    await ws.wait_until(lambda: (ws.modal("maya") or {}).get("submit"), 5, "the form")
    gate = socket_bench.flows.hold("save")
    await ws.submit("maya", {"name": "Texans"})
    assert "Saving" in json.dumps(ws.modal("maya"))
    gate.set()
    await ws.wait_for_message("#marketing", "Saved as #12")
    await ws.wait_until(lambda: "Saved as" in json.dumps(ws.modal("maya")), 5, "the form to say so")


# --- 10: rates ----------------------------------------------------------------------------------


async def test_a_rate_limit_loses_nothing(socket_bench: Bench) -> None:
    """A 429 on the post and on the update is waited out; the card arrives and is counted."""
    ws = socket_bench.ws
    ws.faults.rate_limit("chat.postMessage", retry_after=1)
    ws.faults.rate_limit("chat.update", retry_after=1)
    await ws.slash("maya", "#marketing", "/segment women in Texas")
    await ws.wait_for_message("#marketing", "Share in thread", timeout=10)
    assert len(ws.messages("#marketing")) == 1


async def test_a_hundred_commands_at_once_are_all_acknowledged(socket_bench: Bench) -> None:
    """Nobody's command times out, and everybody is answered, however many type at once."""
    ws = socket_bench.ws
    people = ["maya", "priya", "omar", "alex"]
    answers = await asyncio.gather(*(ws.slash(people[i % 4], "#marketing", "/segment help") for i in range(50)))
    answers += await asyncio.gather(
        *(ws.slash(people[i % 4], "#marketing", f"/segment nonsense {i}") for i in range(50))
    )
    assert answers == [{"ok": True}] * 100
    await ws.wait_until(lambda: len(socket_bench.deps.running) == 0, 20, "all answers")
    assert socket_bench.flows.done["start"] == 50
    assert ws.refused == []


# --- 14: people ---------------------------------------------------------------------------------


async def test_people_of_another_company_get_nothing(socket_bench: Bench) -> None:
    """In a channel shared with another company, its people can neither ask nor press buttons."""
    ws = socket_bench.ws
    card = await counted(socket_bench)
    body = {
        "type": "block_actions",
        "team": {"id": "T0DEMO"},
        "user": {"id": "U0OTHER", "team_id": "T0OTHER"},
        "channel": {"id": "C0MARKETING"},
        "container": {"type": "message", "channel_id": "C0MARKETING", "message_ts": card["ts"]},
        "trigger_id": "1.2.3",
        "actions": [{"action_id": Action.SHARE, "value": "1|r1|0|0", "action_ts": "1.1", "type": "button"}],
    }
    assert isinstance(await ws.core.delivery.ask("interactive", body), Acked)
    await ws.wait_until(lambda: len(socket_bench.deps.running) == 0, 5, "the listener to end")
    assert socket_bench.flows.done["share"] == 0


# --- failures of our own ------------------------------------------------------------------------


async def test_a_count_that_fails_keeps_what_was_understood(served: Bench) -> None:
    """Database down or too slow: the card says so in place, and Try again counts it."""
    ws, flows = served.ws, served.flows
    flows.fail("count", QueryTimedOut("60 s"))
    await ws.slash("maya", "#marketing", "/segment women in Texas")
    card = await ws.wait_for_message("#marketing", "took too long")
    assert "women in Texas" in message_words(card)
    assert "Reference" in message_words(card)
    flows.fail("count", WarehouseUnavailable("connection refused: secret-host"))
    await ws.click("omar", "#marketing", card["ts"], Action.RETRY)
    down = await ws.wait_for_message("#marketing", "doesn't answer")
    assert "secret-host" not in json.dumps(down)
    await ws.click("omar", "#marketing", card["ts"], Action.RETRY)
    await ws.wait_for_message("#marketing", "Share in thread")
    assert len(ws.messages("#marketing")) == 1


async def test_a_failed_command_offers_itself_again(socket_bench: Bench) -> None:
    """When the store was down, one press asks the same words again."""
    ws = socket_bench.ws
    socket_bench.flows.fail("start", StoreUnavailable("x"))
    await ws.slash("maya", "#marketing", "/segment women in Texas")
    note = await ws.wait_for_message("#marketing", "Try again", user="maya")
    await ws.click("maya", "#marketing", note["ts"], Action.TRY)
    await ws.wait_for_message("#marketing", "Share in thread")


async def test_a_deleted_card_is_no_error(socket_bench: Bench) -> None:
    """Somebody deletes the card while it is counted: nothing is posted anew, nobody is bothered."""
    ws = socket_bench.ws
    gate = socket_bench.flows.hold("count")
    await ws.slash("maya", "#marketing", "/segment women in Texas")
    await ws.wait_for_message("#marketing", "Counting…")
    ws.faults.fail("chat.update", "message_not_found")
    gate.set()
    await ws.wait_until(lambda: len(socket_bench.deps.running) == 0, 5, "the listener to end")
    assert not [m for m in ws.messages("#marketing", user="maya") if m.get("ephemeral")]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged, whoever set the log up before."""
    root, text, settings = logging.getLogger(), io.StringIO(), structlog.get_config()
    before, level = root.handlers[:], root.level
    configure_logging("info", "json", text)
    yield text
    root.handlers[:] = before
    root.setLevel(level)
    structlog.configure(**settings)


async def test_the_log_has_the_reference_that_the_person_reads(socket_bench: Bench, log: io.StringIO) -> None:
    """An operator finds the reason under the reference that a person reads out."""
    socket_bench.flows.fail("start", NotFound("internal detail"))
    await socket_bench.ws.slash("maya", "#marketing", "/segment women in Texas")
    note = await socket_bench.ws.wait_for_message("#marketing", "Reference", user="maya")
    ref = message_words(note).split("Reference ")[1].split()[0]
    logged = log.getvalue()
    assert ref in logged
    assert "internal detail" in logged
    assert "internal detail" not in json.dumps(note)
