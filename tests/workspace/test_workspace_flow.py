"""The whole conversation between a stock Bolt app and the workspace, over both transports."""

from __future__ import annotations

from workspace_rig import Connected

from segbot.demo.workspace import message_words


async def test_the_whole_flow(connected: Connected) -> None:
    """Command, answer, card, click, modal with a field error, submission, update and upload all work."""
    ws, seen = connected.ws, connected.seen
    assert await ws.slash("maya", "#marketing", "/segment women & men > 30") == {"ok": True}
    whisper = await ws.wait_for_message("#marketing", "Working on it", user="maya")
    assert whisper["ephemeral"] is True
    assert ws.messages("#marketing", user="omar") == ws.messages("#marketing")
    message = await ws.wait_for_message("#marketing", lambda m: "blocks" in m)
    body = seen.bodies[0]
    assert body["text"] == "women &amp; men &gt; 30"
    assert (body["user_id"], body["channel_name"]) == ("U0MAYA", "marketing")

    assert (await ws.click("priya", "#marketing", message["ts"], "save"))["ok"]
    modal = await ws.wait_for_modal("priya", "Save")
    assert ws.modal("maya") is None
    click = seen.bodies[1]
    assert click["actions"][0]["value"] == "1"
    assert click["container"]["message_ts"] == message["ts"]
    assert click["message"]["blocks"][1]["block_id"] == "row"

    assert await ws.submit("priya") == {
        "response_action": "errors",
        "errors": {"name": "Please complete this required field."},
    }
    assert len(seen.bodies) == 2, "a form the client refuses does not reach the app"
    assert (await ws.suggest("priya", "owner", "a"))["options"][0]["value"] == "maya"
    refused = await ws.submit("priya", {"name": "taken"})
    assert refused == {"response_action": "errors", "errors": {"name": "That name is taken."}}
    assert ws.modal("priya") is not None
    done = await ws.submit("priya", {"name": "Texans", "owner": "maya"})
    assert done == {"response_action": "close"}
    values = seen.bodies[-1]["view"]["state"]["values"]
    assert values["name"]["name"] == {"type": "plain_text_input", "value": "Texans"}
    assert values["owner"]["owner"]["selected_option"]["value"] == "maya"
    assert seen.bodies[-1]["view"]["id"] == modal["id"]
    assert ws.modal("priya") is None

    updated = await ws.wait_for_message("#marketing", "Saved as Texans")
    assert updated["ts"] == message["ts"]
    assert updated["edited"]
    shared = await ws.wait_for_message("#marketing", "The list", thread_ts=message["ts"])
    assert shared["files"][0]["name"] == "ids.csv"
    assert shared["files"][0]["size"] == 5
    parent = next(m for m in ws.messages("#marketing") if m["ts"] == message["ts"])
    assert parent["reply_count"] == 1
    assert ws.refused == []


async def test_mentions_threads_and_home(connected: Connected) -> None:
    """A mention reaches the app as two events, its answer lands in the thread, and Home is published."""
    ws, seen = connected.ws, connected.seen
    ts = (await ws.say("omar", "#campaigns", "@segbot see #marketing & https://example.com."))["ts"]
    answer = await ws.wait_for_message("#campaigns", "You called?", thread_ts=ts)
    assert answer["parent_user_id"] == "U0OMAR"
    await ws.wait_until(lambda: len(seen.events) >= 2, 3, "both events")
    texts = {event["text"] for event in seen.events if event["type"] == "app_mention"}
    assert texts == {"<@U0SEGBOT> see <#C0MARKETING|marketing> &amp; <https://example.com>."}
    assert all("bot_id" not in event for event in seen.events if event["type"] == "app_mention")
    ws.react("priya", "#campaigns", ts, "eyes")
    await ws.wait_until(lambda: any(e["type"] == "reaction_added" for e in seen.events), 3, "the reaction")
    assert ws.open_home("alex") is None
    await ws.wait_until(lambda: ws.home("alex"), 3, "the Home tab")
    assert message_words(ws.home("alex") or {}).strip() == "Your segments"
    assert ws.home("maya") is None


async def test_direct_messages(connected: Connected) -> None:
    """A direct message is an im message, not a mention."""
    ws, seen = connected.ws, connected.seen
    await ws.say("maya", "@maya", "hello @segbot")
    await ws.wait_until(lambda: seen.events, 3, "the message")
    assert [(e["type"], e["channel_type"]) for e in seen.events] == [("message", "im")]
    assert await ws.slash("maya", "@maya", "/segment ack text") == {"ok": True}
    assert seen.bodies[0]["channel_name"] == "directmessage"


async def test_answers_inside_the_acknowledgement(connected: Connected) -> None:
    """Text in the acknowledgement is whispered, or said to all when it asks for that."""
    ws = connected.ws
    await ws.slash("maya", "#marketing", "/segment ack text")
    await ws.slash("maya", "#marketing", "/segment ack in channel")
    seen_by_maya = [m["text"] for m in ws.messages("#marketing", user="maya")]
    assert seen_by_maya == ["heard", "for all"]
    assert [m["text"] for m in ws.messages("#marketing", user="omar")] == ["for all"]


async def test_shortcuts(connected: Connected) -> None:
    """Global and message shortcuts open modals with their trigger."""
    ws, seen = connected.ws, connected.seen
    assert (await ws.shortcut("maya", "quick"))["ok"]
    await ws.wait_for_modal("maya")
    ws.close("maya")
    await ws.wait_until(lambda: len(seen.bodies) == 2, 3, "the closing")
    assert seen.bodies[1]["type"] == "view_closed"
    ts = (await ws.say("omar", "#marketing", "look"))["ts"]
    assert (await ws.shortcut("maya", "quick", "#marketing", ts))["ok"]
    assert seen.bodies[2]["type"] == "message_action"
    assert seen.bodies[2]["message"]["text"] == "look"


async def test_two_people_at_once(connected: Connected) -> None:
    """Two people have their own modals and their own answers."""
    ws = connected.ws
    await ws.slash("maya", "#marketing", "/segment one")
    await ws.slash("priya", "#marketing", "/segment two")
    one = await ws.wait_for_message("#marketing", lambda m: m["text"] == "one")
    two = await ws.wait_for_message("#marketing", lambda m: m["text"] == "two")
    await ws.click("maya", "#marketing", one["ts"], "save")
    await ws.click("priya", "#marketing", two["ts"], "save")
    mine, hers = await ws.wait_for_modal("maya"), await ws.wait_for_modal("priya")
    assert mine["private_metadata"].endswith(one["ts"])
    assert hers["private_metadata"].endswith(two["ts"])
    await ws.submit("maya", {"name": "mine"})
    assert ws.modal("priya") is not None
