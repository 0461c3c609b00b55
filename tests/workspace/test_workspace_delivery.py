"""Deadlines, retries, lost connections and the other ways a delivery goes wrong."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from workspace_rig import CONFIG, SAVE_MODAL, Clock, Connected, card, make_app

from segbot.demo.workspace import Workspace

MARKETING = "C0MARKETING"


# ---- what a person sees when the app fails


async def test_a_silent_command(connected: Connected) -> None:
    """A command that is not acknowledged in time ends in a whispered failure, and is not retried."""
    ws = connected.ws
    answer = await ws.slash("maya", "#marketing", "/segment silent")
    assert (answer["ok"], answer["error"]) == (False, "operation_timeout")
    whisper = ws.messages("#marketing", user="maya")[0]
    assert whisper["text"] == '/segment failed with the error "operation_timeout": segbot did not respond.'
    assert ws.messages("#marketing", user="omar") == []
    await asyncio.sleep(CONFIG.ack_seconds)
    assert len(connected.seen.bodies) == 1


async def test_a_silent_button(connected: Connected, client: AsyncWebClient) -> None:
    """A click that is not acknowledged in time tells the person so."""
    ts = (await client.chat_postMessage(channel=MARKETING, text="x", blocks=card("x")))["ts"]
    answer = await connected.ws.click("maya", "#marketing", ts, "sleep")
    assert (answer["ok"], answer["error"]) == (False, "operation_timeout")


async def test_nobody_connected(ws: Workspace, client: AsyncWebClient) -> None:
    """Without a connection commands and clicks fail at once with dispatch_failed."""
    assert (await ws.slash("maya", "#marketing", "/segment x"))["error"] == "dispatch_failed"
    ts = (await client.chat_postMessage(channel=MARKETING, text="x", blocks=card("x")))["ts"]
    assert (await ws.click("maya", "#marketing", ts, "save"))["error"] == "dispatch_failed"


async def test_unhandled_and_unknown_commands(connected: Connected) -> None:
    """A command the app has no handler for fails; one no app has is explained; neither reaches a thread."""
    ws = connected.ws
    assert (await ws.slash("maya", "#marketing", "/unheard of"))["ok"] is False
    answer = await ws.slash("maya", "#marketing", "/nonsense here")
    assert answer["error"] == "unknown_command"
    assert "not a valid command" in ws.messages("#marketing", user="maya")[-1]["text"]
    parent = (await ws.say("omar", "#marketing", "a thread"))["ts"]
    answer = await ws.say("maya", "#marketing", "/segment women", thread_ts=parent)
    assert answer["error"] == "not_in_thread"
    assert connected.seen.bodies == []


async def test_a_lost_acknowledgement(connected: Connected) -> None:
    """When the acknowledgement is lost the person sees a failure although the app has done its work."""
    ws = connected.ws
    ws.faults.drop_ack("slash_commands")
    assert (await ws.slash("maya", "#marketing", "/segment women"))["error"] == "operation_timeout"
    await ws.wait_for_message("#marketing", lambda m: m["text"] == "women")
    assert (await ws.slash("maya", "#marketing", "/segment men"))["ok"]


async def test_a_late_click_has_an_expired_trigger(connected: Connected, client: AsyncWebClient) -> None:
    """A delivery that arrives late carries a trigger id that has run out."""
    ws = connected.ws
    ts = (await client.chat_postMessage(channel=MARKETING, text="x", blocks=card("x")))["ts"]
    ws.faults.delay(CONFIG.trigger_seconds + 0.1, "interactive")
    await ws.click("maya", "#marketing", ts, "save")
    await ws.wait_until(lambda: ws.refused, 3, "the refusal")
    assert [(c.method, c.answer["error"]) for c in ws.refused] == [("views.open", "expired_trigger_id")]
    assert ws.modal("maya") is None


async def test_a_submission_that_gets_no_answer(connected: Connected, client: AsyncWebClient) -> None:
    """The modal stays open and says that there was trouble."""
    ws = connected.ws
    ts = (await client.chat_postMessage(channel=MARKETING, text="x", blocks=card("x")))["ts"]
    await ws.click("maya", "#marketing", ts, "save")
    await ws.wait_for_modal("maya")
    ws.faults.drop_ack("interactive")
    answer = await ws.submit("maya", {"name": "taken"})
    assert (answer["response_action"], answer["error"]) == ("timeout", "operation_timeout")
    assert ws.modal("maya") is not None


# ---- events


async def test_an_event_is_retried(connected: Connected) -> None:
    """An event without acknowledgement comes again, marked with its number and reason."""
    ws, seen = connected.ws, connected.seen
    ws.faults.drop_ack("events_api", times=4)  # the message event and the mention, twice each
    await ws.say("maya", "#marketing", "@segbot quiet")
    await ws.wait_until(lambda: len(seen.retries) == 3, 5, "two retries of the mention")
    assert seen.retries == [(0, ""), (1, "http_timeout"), (2, "http_timeout")]
    await asyncio.sleep(0.3)
    assert len(seen.retries) == 3
    assert ws.core.delivery.lost == []


async def test_an_event_is_given_up_after_three_retries(connected: Connected) -> None:
    """Four deliveries in all, then it is lost."""
    ws, seen = connected.ws, connected.seen
    ws.faults.drop_ack("events_api", times=100)
    await ws.say("maya", "#marketing", "@segbot quiet")
    await ws.wait_until(lambda: len(ws.core.delivery.lost) == 2, 10, "both events to be lost")
    assert [number for number, _ in seen.retries] == [0, 1, 2, 3]


async def test_a_duplicated_event(connected: Connected) -> None:
    """A delivery can come twice, with the same event."""
    ws, seen = connected.ws, connected.seen
    ws.faults.duplicate("events_api", times=2)
    await ws.say("maya", "#marketing", "@segbot quiet")
    mentions: Callable[[], list[Any]] = lambda: [e for e in seen.events if e["type"] == "app_mention"]  # noqa: E731
    await ws.wait_until(lambda: len(mentions()) == 2, 3, "both copies")
    assert mentions()[0] == mentions()[1]
    assert seen.retries[1] == (1, "http_timeout")


async def test_events_only_where_the_app_is(connected: Connected) -> None:
    """What happens in channels without the app is not told, and what it did not subscribe to neither."""
    ws, seen = connected.ws, connected.seen
    await ws.say("alex", "#exec-plans", "@segbot secret")
    await ws.say("alex", "#marketing", "open")
    await ws.wait_until(lambda: seen.events, 3, "the open message")
    assert [event["text"] for event in seen.events] == ["open"]


async def test_subscriptions(clock: Clock) -> None:
    """With a list of subscriptions, other events stay away."""
    app = dataclasses.replace(CONFIG.app, events=frozenset({"app_mention", "message.im"}))
    async with Workspace(dataclasses.replace(CONFIG, app=app), clock=clock) as ws:
        bolt, seen = make_app(AsyncWebClient(ws.bot_token, base_url=ws.api_url), ws.signing_secret)
        handler = AsyncSocketModeHandler(bolt, ws.app_token)
        await handler.connect_async()
        await ws.wait_for_app()
        await ws.say("maya", "#marketing", "@segbot quiet")
        await ws.say("maya", "@maya", "direct")
        await ws.wait_until(lambda: len(seen.events) == 2, 3, "both events")
        await asyncio.sleep(0.1)
        assert sorted(event["type"] for event in seen.events) == ["app_mention", "message"]
        await handler.close_async()


# ---- Socket Mode


async def test_refresh(socket_app: Connected) -> None:
    """Asked to reconnect, the app comes back and works."""
    ws = socket_app.ws
    before = list(ws.core.sockets.connections)
    await ws.faults.refresh()
    await ws.wait_until(lambda: any(c not in before for c in ws.core.sockets.connections), 10, "a new connection")
    assert (await ws.slash("maya", "#marketing", "/segment women"))["ok"]


async def test_cut_connection(socket_app: Connected) -> None:
    """After a cut connection the app comes back and works."""
    ws = socket_app.ws
    before = list(ws.core.sockets.connections)
    await ws.faults.disconnect()
    await ws.wait_until(lambda: any(c not in before for c in ws.core.sockets.connections), 20, "a new connection")
    assert (await ws.slash("maya", "#marketing", "/segment women"))["ok"]


async def test_raw_socket(ws: Workspace) -> None:
    """Hello, envelopes, acknowledgements and pings are as Slack's, and a ticket opens one connection."""
    async with aiohttp.ClientSession() as session:
        opened = await session.post(
            ws.api_url + "apps.connections.open", headers={"Authorization": f"Bearer {ws.app_token}"}
        )
        url = (await opened.json())["url"]
        async with session.ws_connect(url, autoping=False) as socket:
            hello = await socket.receive_json()
            assert (hello["type"], hello["connection_info"]["app_id"]) == ("hello", "A0SEGBOT")
            await socket.ping(b"sdk-ping-pong:12.5")
            pong = await socket.receive()
            assert (pong.type, bytes(pong.data)) == (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:12.5")
            command = asyncio.create_task(ws.slash("maya", "#marketing", "/segment x"))
            envelope = await socket.receive_json()
            assert envelope["type"] == "slash_commands"
            assert envelope["accepts_response_payload"] is True
            await socket.send_str("nonsense")
            await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": {"text": "heard"}})
            assert (await command)["ok"]
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)


async def test_ten_connections(ws: Workspace) -> None:
    """The eleventh connection is turned away; envelopes are spread over the others."""
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            url = f"{ws.url.replace('http', 'ws')}/link/?ticket={ws.core.sockets.ticket()}"
            sockets.append(await session.ws_connect(url))
        kinds = [(await socket.receive_json()) for socket in sockets]
        assert [k["type"] for k in kinds] == ["hello"] * 10 + ["disconnect"]
        assert kinds[-1]["reason"] == "too_many_websockets"
        commands = [asyncio.create_task(ws.slash("maya", "#marketing", "/segment x")) for _ in range(10)]
        for socket in sockets[:10]:
            envelope = await socket.receive_json()
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
        assert all(answer["ok"] for answer in await asyncio.gather(*commands))
        for socket in sockets:
            await socket.close()


# ---- HTTP mode


async def test_signed_requests(ws: Workspace, unused_tcp_port: int) -> None:
    """Requests verify with the signing secret; 500s are retried unless the app says no, and JSON bodies are used."""
    received: list[tuple[dict[str, str], str]] = []
    verifier = SignatureVerifier(ws.signing_secret)

    async def endpoint(request: web.Request) -> web.Response:
        body = await request.text()
        assert verifier.is_valid_request(body, dict(request.headers))
        if "challenge" in body:
            return web.json_response({"challenge": json.loads(body)["challenge"]})
        received.append((dict(request.headers), body))
        stop = {"X-Slack-No-Retry": "1"} if len(received) == 3 else {}
        return web.Response(status=500, headers=stop)

    app = web.Application()
    app.router.add_post("/slack/events", endpoint)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    await ws.connect_http(f"http://127.0.0.1:{unused_tcp_port}")
    ws.emit({"type": "app_uninstalled"})
    await ws.wait_until(lambda: len(received) == 3, 3, "three deliveries")
    await asyncio.sleep(0.3)
    assert [h.get("x-slack-retry-num") for h, _ in received] == [None, "1", "2"]
    assert received[1][0]["x-slack-retry-reason"] == "http_error"
    assert (await ws.slash("maya", "#marketing", "/segment x"))["error"] == "dispatch_failed"
    await runner.cleanup()
    assert (await ws.slash("maya", "#marketing", "/segment x"))["error"] == "dispatch_failed"


async def test_handshake_is_required(ws: Workspace, unused_tcp_port: int) -> None:
    """An address that does not echo the challenge is not connected."""
    with pytest.raises(ConnectionError, match="url_verification"):
        await ws.connect_http(f"http://127.0.0.1:{unused_tcp_port}")


# ---- trouble on demand in the Web API


async def test_api_faults(ws: Workspace, client: AsyncWebClient) -> None:
    """A method can be made to fail, to be limited, to be slow, and to lose its answer after the effect."""
    ws.faults.fail("chat.postMessage", "fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        await client.chat_postMessage(channel=MARKETING, text="one")
    ws.faults.rate_limit("chat.postMessage", retry_after=7)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=MARKETING, text="two")
    assert caught.value.response.headers["Retry-After"] == "7"
    ws.faults.lose_answer("chat.postMessage")
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=MARKETING, text="three")
    assert caught.value.response.status_code == 500
    ws.faults.slow("chat.postMessage", 0.05)
    await client.chat_postMessage(channel=MARKETING, text="four")
    assert [m["text"] for m in ws.messages("#marketing")] == ["three", "four"]


async def test_upload_faults(ws: Workspace, client: AsyncWebClient) -> None:
    """The second step can fail, and a completed file can fail to appear."""
    ws.faults.fail("upload", "timeout", status=504)
    with pytest.raises(Exception, match="504"):
        await client.files_upload_v2(channel=MARKETING, content="x", filename="x.csv")
    ws.faults.skip_share()
    answer = await client.files_upload_v2(channel=MARKETING, content="x", filename="x.csv")
    assert ws.messages("#marketing") == []
    assert (await client.files_info(file=answer["file"]["id"]))["file"]["shares"] == {}


async def test_response_url_fault(socket_app: Connected) -> None:
    """A response_url can be made to fail."""
    ws = socket_app.ws
    ws.faults.fail("response_url", "expired_url", status=404)
    await ws.slash("maya", "#marketing", "/segment women")
    await ws.wait_for_message("#marketing", lambda m: m["text"] == "women")
    assert [m["text"] for m in ws.messages("#marketing", user="maya")] == ["women"]


# ---- streaming, statuses, workflow steps, installing


async def test_streaming(ws: Workspace, client: AsyncWebClient) -> None:
    """A streamed message grows, shows its tasks, and cannot be continued once stopped."""
    parent = (await ws.say("maya", "#marketing", "go"))["ts"]
    stream = await client.chat_stream(
        channel=MARKETING,
        thread_ts=parent,
        recipient_team_id="T0DEMO",
        recipient_user_id="U0MAYA",
        task_display_mode="plan",
        buffer_size=1,
    )
    task = {"type": "task_update", "id": "1", "title": "Count", "status": "in_progress"}
    await stream.append(chunks=[{"type": "plan_update", "title": "Counting"}, task])
    await stream.append(markdown_text="**12** ")
    message = ws.messages("#marketing", parent)[1]
    assert message["blocks"][0]["tasks"][0]["status"] == "in_progress"
    assert message["streaming_state"] == "in_progress"
    await stream.append(chunks=[{**task, "status": "complete"}])
    await stream.stop(markdown_text="people", blocks=card("done"))
    message = ws.messages("#marketing", parent)[1]
    assert [b["type"] for b in message["blocks"]] == ["plan", "markdown", "section", "actions"]
    assert message["text"] == "**12** people"
    late = client.chat_appendStream(channel=MARKETING, ts=message["ts"], markdown_text="more")
    with pytest.raises(SlackApiError, match="message_not_in_streaming_state"):
        await late


async def test_status_reaches_the_page(ws: Workspace, client: AsyncWebClient) -> None:
    """A status is shown to those who see the channel."""
    await client.api_call(
        "assistant.threads.setStatus", json={"channel_id": MARKETING, "thread_ts": "1.1", "status": "is counting"}
    )
    assert ("U0OMAR", {"type": "status", "channel": MARKETING, "thread_ts": "1.1", "status": "is counting"}) in list(
        ws.core.hub.log
    )


async def test_workflow_step(socket_app: Connected, client: AsyncWebClient) -> None:
    """A custom step runs in the app and its outputs come back; completing twice is refused."""

    @socket_app.app.function("count")
    async def count(inputs: dict[str, Any], complete: Any) -> None:
        await complete({"count": len(inputs["text"])})

    assert await socket_app.ws.run_function("count", {"text": "four"}) == {"outputs": {"count": 4}}
    (execution,) = socket_app.ws.core.executions
    with pytest.raises(SlackApiError, match="function_execution_completed"):
        await client.functions_completeSuccess(function_execution_id=execution, outputs={})


async def test_installing(ws: Workspace) -> None:
    """The consent page leads to a code, which buys the bot's token once."""
    anyone = AsyncWebClient(base_url=ws.api_url)
    async with aiohttp.ClientSession() as session:
        address = f"{ws.url}/oauth/v2/authorize"
        params = {"client_id": ws.config.client_id, "redirect_uri": "http://127.0.0.1:1/cb", "state": "s"}
        page = await (await session.get(address, params=params)).text()
        assert "Install segbot" in page
        answer = await session.post(address, data={**params, "user": "U0ALEX"}, allow_redirects=False)
        target = answer.headers["Location"]
    code = target.partition("code=")[2].partition("&")[0]
    assert target.endswith("state=s")
    secrets = {"client_id": ws.config.client_id, "client_secret": ws.config.client_secret}
    installed = await anyone.oauth_v2_access(code=code, **secrets)
    assert (installed["access_token"], installed["authed_user"]["id"]) == (ws.bot_token, "U0ALEX")
    with pytest.raises(SlackApiError, match="invalid_code"):
        await anyone.oauth_v2_access(code=code, **secrets)


async def test_a_modal_replaced_by_its_answer(ws: Workspace, client: AsyncWebClient) -> None:
    """`update`, `push` and `clear` answers change the stack; nonsense answers count as trouble."""
    answers: list[dict[str, Any]] = []
    app, _ = make_app(client, ws.signing_secret)

    @app.view("answering")
    async def answering(ack: Any) -> None:
        await ack(**answers.pop(0))

    handler = AsyncSocketModeHandler(app, ws.app_token)
    await handler.connect_async()
    await ws.wait_for_app()
    view = {**SAVE_MODAL, "callback_id": "answering"}
    second = {**view, "title": {"type": "plain_text", "text": "Second"}}
    await client.views_open(trigger_id=ws.core.state.new_trigger("U0MAYA"), view=view)
    answers[:] = [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "update", "view": second},
        {"response_action": "push", "view": view},
        {"response_action": "clear"},
    ]
    outcomes = []
    for _ in range(5):
        answer = await ws.submit("maya", {"name": "x"})
        outcomes.append((answer["response_action"], answer.get("error"), len(ws.core.state.stack("U0MAYA"))))
    assert outcomes == [
        ("timeout", "invalid_errors", 1),
        ("timeout", "invalid_arguments", 1),
        ("update", None, 1),
        ("push", None, 2),
        ("clear", None, 0),
    ]
    await handler.close_async()
