"""What Slack refuses, the workspace refuses, with Slack's error codes."""

from __future__ import annotations

import dataclasses
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from workspace_rig import CONFIG, SAVE_MODAL, Clock, Connected, card

from segbot.demo.workspace import Workspace

pytestmark = pytest.mark.filterwarnings("ignore:The top-level `text` argument:UserWarning")

MARKETING = "C0MARKETING"
HELLO = [{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}]


async def refusal(call: Any) -> dict[str, Any]:
    """The answer of a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer: dict[str, Any] = caught.value.response.data
    assert answer["ok"] is False
    return answer


# ---- tokens, scopes, methods


@pytest.mark.parametrize(
    ("token", "error"),
    [("xoxb-wrong", "invalid_auth"), ("", "not_authed"), (CONFIG.app_token, "not_allowed_token_type")],
)
async def test_tokens(ws: Workspace, token: str, error: str) -> None:
    """A wrong, missing or unsuitable token is refused."""
    client = AsyncWebClient(token, base_url=ws.api_url)
    assert (await refusal(client.chat_postMessage(channel=MARKETING, text="x")))["error"] == error


async def test_bot_token_opens_no_socket(client: AsyncWebClient, ws: Workspace) -> None:
    """apps.connections.open wants the app's token."""
    answer = await refusal(client.apps_connections_open(app_token=ws.bot_token))
    assert answer["error"] == "not_allowed_token_type"


async def test_missing_scope_names_what_is_needed(clock: Clock) -> None:
    """Without a scope the answer says which one is needed and which there are."""
    app = dataclasses.replace(CONFIG.app, scopes=frozenset({"channels:read"}))
    async with Workspace(dataclasses.replace(CONFIG, app=app), clock=clock) as ws:
        client = AsyncWebClient(ws.bot_token, base_url=ws.api_url)
        answer = await refusal(client.chat_postMessage(channel=MARKETING, text="x"))
        assert (answer["error"], answer["needed"], answer["provided"]) == (
            "missing_scope",
            "chat:write",
            "channels:read",
        )
        answer = await refusal(client.conversations_info(channel="D0MAYA"))
        assert (answer["error"], answer["needed"]) == ("missing_scope", "im:read")
        assert (await client.auth_test()).headers["x-oauth-scopes"] == "channels:read"


async def test_unknown_method(client: AsyncWebClient) -> None:
    """A method that does not exist says so."""
    assert (await refusal(client.api_call("chat.shout")))["error"] == "unknown_method"


@pytest.mark.parametrize("way", ["json", "form", "multipart", "query", "get"])
async def test_every_encoding(ws: Workspace, way: str) -> None:
    """Arguments come as JSON, form, multipart or query string, by POST or GET."""
    arguments = {"channel": MARKETING, "text": "hello & bye", "blocks": '[{"type":"divider"}]'}
    headers = {"Authorization": f"Bearer {ws.bot_token}"}
    url = ws.api_url + "chat.postMessage"
    async with aiohttp.ClientSession(headers=headers) as session:
        match way:
            case "json":
                body = {**arguments, "blocks": [{"type": "divider"}]}
                response = await session.post(url, json=body)
            case "form":
                response = await session.post(url, data=arguments)
            case "multipart":
                with aiohttp.MultipartWriter("form-data") as writer:
                    for name, value in arguments.items():
                        writer.append(value).set_content_disposition("form-data", name=name)
                response = await session.post(url, data=writer)
            case "query":
                response = await session.post(url, params=arguments)
            case _:
                response = await session.get(url, params=arguments)
        answer = await response.json()
    assert answer["ok"], answer
    assert answer["message"]["text"] == "hello & bye"
    assert answer["message"]["blocks"][0]["type"] == "divider"


async def test_token_in_the_form(ws: Workspace) -> None:
    """A form may carry the token; a body that is not JSON is refused."""
    async with aiohttp.ClientSession() as session:
        response = await session.post(ws.api_url + "auth.test", data={"token": ws.bot_token})
        assert (await response.json())["user_id"] == "U0SEGBOT"
        response = await session.post(ws.api_url + "auth.test", data="{", headers={"content-type": "application/json"})
        assert (await response.json())["error"] == "invalid_json"


# ---- channels


async def test_membership(ws: Workspace, client: AsyncWebClient) -> None:
    """A private channel without the app does not exist for it; it may write where it was invited."""
    assert (await refusal(client.chat_postMessage(channel="G0EXECPLANS", text="x")))["error"] == "channel_not_found"
    assert (await refusal(client.conversations_info(channel="G0EXECPLANS")))["error"] == "channel_not_found"
    listed = await client.conversations_list(types="public_channel,private_channel")
    assert "G0EXECPLANS" not in {c["id"] for c in listed["channels"]}
    assert await ws.slash("alex", "#exec-plans", "/invite @segbot") == {"ok": True}
    assert (await client.chat_postMessage(channel="G0EXECPLANS", text="x"))["ok"]
    await ws.slash("alex", "#exec-plans", "/remove @segbot")
    assert (await refusal(client.chat_postMessage(channel="G0EXECPLANS", text="x")))["error"] == "channel_not_found"


async def test_public_channel_without_membership(ws: Workspace, client: AsyncWebClient) -> None:
    """In a public channel the app is not in it can post (with the scope), but not whisper, read or upload."""
    await ws.slash("alex", "#campaigns", "/remove @segbot")
    assert (await client.chat_postMessage(channel="#campaigns", text="x"))["ok"]
    whisper = client.chat_postEphemeral(channel="C0CAMPAIGNS", user="U0MAYA", text="x")
    assert (await refusal(whisper))["error"] == "not_in_channel"
    assert (await refusal(client.conversations_history(channel="C0CAMPAIGNS")))["error"] == "not_in_channel"
    upload = client.files_upload_v2(channel="C0CAMPAIGNS", content="x", filename="x.csv")
    assert (await refusal(upload))["error"] == "not_in_channel"
    await client.conversations_join(channel="C0CAMPAIGNS")
    assert (await client.conversations_history(channel="C0CAMPAIGNS"))["messages"][0]["text"] == "x"


async def test_a_person_sees_only_their_channels(ws: Workspace) -> None:
    """Somebody outside a private channel can neither read nor write there."""
    async with aiohttp.ClientSession() as session:
        params = {"user": "U0MAYA", "channel": "G0EXECPLANS"}
        assert (await session.get(ws.url + "/client/history", params=params)).status == 404
        said = await session.post(ws.url + "/client/post", json={**params, "text": "hi"})
        assert said.status == 404
        boot = await (await session.get(ws.url + "/client/boot", params={"user": "U0MAYA"})).json()
        assert "G0EXECPLANS" not in {c["id"] for c in boot["channels"]}


# ---- messages


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"text": ""}, "no_text"),
        ({"text": "x", "blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"text": "x", "blocks": [{"type": "alert", "text": {"type": "plain_text", "text": "x"}}]}, "invalid_blocks"),
        ({"text": "x", "thread_ts": "1.000001"}, "thread_not_found"),
        ({"text": "x", "attachments": [{"text": "x"}] * 101}, "too_many_attachments"),
        (
            {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 5},
            "msg_blocks_too_long",
        ),
    ],
)
async def test_contents(client: AsyncWebClient, arguments: dict[str, Any], error: str) -> None:
    """Content Slack does not take is refused, with pointers where blocks are wrong."""
    answer = await refusal(client.chat_postMessage(channel=MARKETING, **arguments))
    assert answer["error"] == error
    if error == "invalid_blocks":
        assert "json-pointer:/blocks/0" in answer["response_metadata"]["messages"][0]


async def test_long_text(client: AsyncWebClient) -> None:
    """A new message's text is cut at 40,000 characters; an update's may not pass 4,000."""
    posted = await client.chat_postMessage(channel=MARKETING, text="x" * 40_001)
    assert len(posted["message"]["text"]) == 40_000
    update = client.chat_update(channel=MARKETING, ts=posted["ts"], text="x" * 4_001)
    assert (await refusal(update))["error"] == "msg_too_long"


async def test_whose_message(ws: Workspace, client: AsyncWebClient) -> None:
    """The app changes only its own, existing, non-ephemeral messages."""
    theirs = (await ws.say("maya", "#marketing", "mine"))["ts"]
    whisper = await client.chat_postEphemeral(channel=MARKETING, user="U0MAYA", text="psst")
    for ts, error in [
        (theirs, "cant_update_message"),
        ("1.000001", "message_not_found"),
        (whisper["message_ts"], "message_not_found"),
    ]:
        assert (await refusal(client.chat_update(channel=MARKETING, ts=ts, text="x")))["error"] == error
    assert (await refusal(client.chat_delete(channel=MARKETING, ts=theirs)))["error"] == "cant_delete_message"
    own = await client.chat_postMessage(channel=MARKETING, text="x")
    await client.chat_delete(channel=MARKETING, ts=own["ts"])
    assert [m["text"] for m in ws.messages("#marketing")] == ["mine"]


async def test_a_deleted_parent_stays_as_tombstone(ws: Workspace, client: AsyncWebClient) -> None:
    """Deleting a message with replies leaves a tombstone, so that the thread can still be read."""
    parent = (await client.chat_postMessage(channel=MARKETING, text="x"))["ts"]
    await ws.say("maya", "#marketing", "reply", thread_ts=parent)
    await client.chat_delete(channel=MARKETING, ts=parent)
    assert ws.messages("#marketing")[0]["subtype"] == "tombstone"
    assert [m["text"] for m in ws.messages("#marketing", parent)] == ["This message was deleted.", "reply"]


async def test_update_keeps_the_thread_and_replaces_the_blocks(ws: Workspace, client: AsyncWebClient) -> None:
    """Text alone takes the old blocks away, as in Slack; the ts stays."""
    posted = await client.chat_postMessage(channel=MARKETING, text="a", blocks=HELLO)
    await client.chat_update(channel=MARKETING, ts=posted["ts"], text="b")
    message = ws.messages("#marketing")[0]
    assert (message["ts"], message["text"]) == (posted["ts"], "b")
    assert "blocks" not in message


async def test_ephemeral_rules(ws: Workspace, client: AsyncWebClient) -> None:
    """An ephemeral message is for one member; nobody else sees it, and history does not know it."""
    outsider = client.chat_postEphemeral(channel="C0PARTNERS", user="U0OMAR", text="x")
    assert (await refusal(outsider))["error"] == "user_not_in_channel"
    await client.chat_postEphemeral(channel=MARKETING, user="U0MAYA", text="psst")
    assert [m["text"] for m in ws.messages("#marketing", user="maya")] == ["psst"]
    assert ws.messages("#marketing", user="omar") == []
    assert (await client.conversations_history(channel=MARKETING))["messages"] == []


async def test_history_pages(ws: Workspace, client: AsyncWebClient) -> None:
    """History comes newest first, page by page, without replies; replies come oldest first."""
    stamps = [(await ws.say("maya", "#marketing", f"m{n}"))["ts"] for n in range(5)]
    await ws.say("omar", "#marketing", "reply", thread_ts=stamps[0])
    first = await client.conversations_history(channel=MARKETING, limit=3)
    assert [m["text"] for m in first["messages"]] == ["m4", "m3", "m2"]
    assert first["has_more"]
    cursor = first["response_metadata"]["next_cursor"]
    rest = await client.conversations_history(channel=MARKETING, limit=3, cursor=cursor)
    assert [m["text"] for m in rest["messages"]] == ["m1", "m0"]
    assert rest["messages"][-1]["reply_count"] == 1
    replies = await client.conversations_replies(channel=MARKETING, ts=stamps[0])
    assert [m["text"] for m in replies["messages"]] == ["m0", "reply"]
    window = await client.conversations_history(channel=MARKETING, oldest=stamps[1], latest=stamps[3])
    assert [m["text"] for m in window["messages"]] == ["m2"]


# ---- rate limits


async def test_one_message_a_second_in_a_channel(client: AsyncWebClient, clock: Clock) -> None:
    """A burst is forgiven, then a channel takes one message a second; another channel is not affected."""
    for number in range(CONFIG.burst):
        await client.chat_postMessage(channel=MARKETING, text=str(number))
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel=MARKETING, text="one too many")
    assert caught.value.response.status_code == 429
    assert caught.value.response.data["error"] == "ratelimited"
    assert int(caught.value.response.headers["Retry-After"]) == 1
    await client.chat_postMessage(channel="C0CAMPAIGNS", text="elsewhere")
    clock.advance(1)
    await client.chat_postMessage(channel=MARKETING, text="now it goes")


async def test_tiers(client: AsyncWebClient, clock: Clock) -> None:
    """A Tier 2 method takes twenty calls a minute, and says how long to wait."""
    for _ in range(20):
        await client.users_list()
    clock.advance(20)
    with pytest.raises(SlackApiError) as caught:
        await client.users_list()
    assert 30 <= int(caught.value.response.headers["Retry-After"]) <= 41
    clock.advance(41)
    await client.users_list()


async def test_limits_can_be_switched_off(clock: Clock) -> None:
    """A demo may do without rate limits."""
    async with Workspace(dataclasses.replace(CONFIG, rate_limits=False), clock=clock) as ws:
        client = AsyncWebClient(ws.bot_token, base_url=ws.api_url)
        for _ in range(25):
            await client.users_list()
            await client.chat_postMessage(channel=MARKETING, text="x")


async def test_history_of_a_distributed_app(clock: Clock) -> None:
    """A distributed app outside the Marketplace reads 15 messages once a minute."""
    async with Workspace(dataclasses.replace(CONFIG, commercial_distribution=True), clock=clock) as ws:
        client = AsyncWebClient(ws.bot_token, base_url=ws.api_url)
        for number in range(20):
            await ws.say("maya", "#marketing", str(number))
        assert len((await client.conversations_history(channel=MARKETING, limit=100))["messages"]) == 15
        assert (await refusal(client.conversations_history(channel=MARKETING)))["error"] == "ratelimited"


# ---- triggers and views


@pytest.fixture
async def trigger(socket_app: Connected) -> str:
    """A fresh trigger id of Maya's command."""
    await socket_app.ws.slash("maya", "#marketing", "/segment ack text")
    found: str = socket_app.seen.bodies[-1]["trigger_id"]
    return found


async def test_trigger_is_used_once(ws: Workspace, client: AsyncWebClient, trigger: str) -> None:
    """The second modal for one trigger is refused; a refused view does not use the trigger up."""
    broken = {**SAVE_MODAL, "title": {"type": "plain_text", "text": "x" * 25}}
    answer = await refusal(client.views_open(trigger_id=trigger, view=broken))
    assert answer["error"] == "invalid_arguments"
    assert "/view/title/text" in answer["response_metadata"]["messages"][0]
    await client.views_open(trigger_id=trigger, view=SAVE_MODAL)
    answer = await refusal(client.views_open(trigger_id=trigger, view=SAVE_MODAL))
    assert answer["error"] == "exchanged_trigger_id"


async def test_trigger_expires(client: AsyncWebClient, trigger: str, clock: Clock) -> None:
    """After its seconds a trigger is worthless; an invented one always was."""
    clock.advance(CONFIG.trigger_seconds)
    assert (await refusal(client.views_open(trigger_id=trigger, view=SAVE_MODAL)))["error"] == "expired_trigger_id"
    assert (await refusal(client.views_open(trigger_id="1.2.x", view=SAVE_MODAL)))["error"] == "invalid_trigger_id"


async def test_hash_conflict_and_update(ws: Workspace, client: AsyncWebClient, trigger: str) -> None:
    """An update with an old hash is refused; without a hash, or with the newest, it is taken."""
    view = (await client.views_open(trigger_id=trigger, view={**SAVE_MODAL, "external_id": "save-1"}))["view"]
    await client.views_update(view_id=view["id"], hash=view["hash"], view=SAVE_MODAL)
    stale = client.views_update(view_id=view["id"], hash=view["hash"], view=SAVE_MODAL)
    assert (await refusal(stale))["error"] == "hash_conflict"
    await client.views_update(view_id=view["id"], view=SAVE_MODAL)
    ws.close("maya")
    gone = client.views_update(view_id=view["id"], view=SAVE_MODAL)
    assert (await refusal(gone))["error"] == "not_found"


async def test_modal_stack(ws: Workspace, client: AsyncWebClient, socket_app: Connected) -> None:
    """Views are pushed from the modal on top, three at most, and closing shows the one below."""
    inner = {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Deeper"},
        "blocks": [{"type": "actions", "elements": [{**card("x")[1]["elements"][1], "action_id": "sleep"}]}],
    }
    await ws.slash("maya", "#marketing", "/segment ack text")
    unrelated = socket_app.seen.bodies[-1]["trigger_id"]
    assert (await refusal(client.views_push(trigger_id=unrelated, view=inner)))["error"] == "not_found"
    opened = (await client.views_open(trigger_id=unrelated, view=inner))["view"]
    errors = []
    for _ in range(3):
        await ws.click_view("maya", "sleep")
        trigger = ws.core.state.new_trigger("U0MAYA", (ws.modal("maya") or {})["id"])
        try:
            pushed = (await client.views_push(trigger_id=trigger, view=inner))["view"]
            assert pushed["root_view_id"] == opened["id"]
        except SlackApiError as error:
            errors.append(error.response["error"])
    assert errors == ["push_limit_reached"]
    top = ws.modal("maya") or {}
    ws.close("maya")
    assert (ws.modal("maya") or {})["id"] == top["previous_view_id"]
    ws.close("maya", everything=True)
    assert ws.modal("maya") is None


async def test_views_are_checked(client: AsyncWebClient, trigger: str) -> None:
    """A Home payload is no modal, an input needs a submit button, and external ids are unique."""
    home = {"type": "home", "blocks": HELLO}
    assert (await refusal(client.views_open(trigger_id=trigger, view=home)))["error"] == "invalid_arguments"
    unsent = {k: v for k, v in SAVE_MODAL.items() if k != "submit"}
    answer = await refusal(client.views_open(trigger_id=trigger, view=unsent))
    assert "submit" in answer["response_metadata"]["messages"][0]
    modal = client.views_publish(user_id="U0MAYA", view=SAVE_MODAL)
    assert (await refusal(modal))["error"] == "invalid_arguments"
    assert (await refusal(client.views_publish(user_id="UNOBODY", view=home)))["error"] == "user_not_found"


async def test_blocks_validate(client: AsyncWebClient) -> None:
    """Slack's own validator method answers in Slack's shape."""
    assert (await client.api_call("blocks.validate", json={"blocks": HELLO}))["ok"]
    answer = await refusal(client.api_call("blocks.validate", json={"blocks": [{"type": "nonsense"}]}))
    assert answer["error"] == "invalid_blocks"
    assert answer["errors"][0]["pointer"] == "/blocks/0/type"
    assert answer["errors"][0]["code"] == "unknown_type"


# ---- response_url


async def test_response_url_five_times(socket_app: Connected) -> None:
    """A response_url takes five answers; the sixth is refused with 404."""
    ws = socket_app.ws
    await ws.slash("maya", "#marketing", "/segment many responses")
    refused = await ws.wait_for_message("#marketing", "used_url")
    assert refused["text"].startswith("5:")
    assert len([m for m in ws.messages("#marketing", user="maya") if m.get("ephemeral")]) == 5


async def test_response_url_half_an_hour(socket_app: Connected, clock: Clock) -> None:
    """After half an hour it is gone."""
    await socket_app.ws.slash("maya", "#marketing", "/segment ack text")
    url = socket_app.seen.bodies[-1]["response_url"]
    async with aiohttp.ClientSession() as session:
        assert (await session.post(url, json={"text": "in time"})).status == 200
        bad = await session.post(url, json={"text": "x", "blocks": [{"type": "nonsense"}]})
        assert (bad.status, (await bad.json())["error"]) == (400, "invalid_blocks")
        clock.advance(30 * 60)
        late = await session.post(url, json={"text": "late"})
        assert (late.status, (await late.json())["error"]) == (404, "expired_url")


async def test_response_url_replaces_and_deletes(socket_app: Connected, client: AsyncWebClient) -> None:
    """The answer to a click can replace or delete the message clicked, ephemeral ones too."""
    ws = socket_app.ws
    public = await client.chat_postMessage(channel=MARKETING, text="public", blocks=card("public"))
    whisper = await client.chat_postEphemeral(channel=MARKETING, user="U0MAYA", text="secret", blocks=card("secret"))
    async with aiohttp.ClientSession() as session:
        for ts in (public["ts"], whisper["message_ts"]):
            await ws.click("maya", "#marketing", ts, "sleep")
            body = socket_app.seen.bodies[-1]
            assert ("message" in body) is (ts == public["ts"]), "an ephemeral's content is not sent"
            await session.post(body["response_url"], json={"text": "replaced", "replace_original": True})
            shown = next(m for m in ws.messages("#marketing", user="maya") if m["ts"] == ts)
            assert (shown["text"], "blocks" in shown) == ("replaced", False)
            await session.post(body["response_url"], json={"delete_original": True})
    assert ws.messages("#marketing", user="maya") == []


# ---- files


async def test_upload_must_be_complete(ws: Workspace, client: AsyncWebClient) -> None:
    """Fewer bytes than announced, or a file never sent, cannot be completed."""
    announced = await client.files_getUploadURLExternal(filename="a.csv", length=10)
    complete = client.files_completeUploadExternal(files=[{"id": announced["file_id"], "title": "a"}])
    assert (await refusal(complete))["error"] == "file_not_found"
    async with aiohttp.ClientSession() as session:
        assert (await session.post(announced["upload_url"], data=b"12345")).status == 400
        assert (await session.post(announced["upload_url"], data=b"1234567890")).status == 200
    await client.files_completeUploadExternal(files=[{"id": announced["file_id"], "title": "a"}], channel_id=MARKETING)
    info = (await client.files_info(file=announced["file_id"]))["file"]
    assert list(info["shares"]["public"]) == [MARKETING]
    async with aiohttp.ClientSession() as session:
        assert (await session.get(info["url_private"])).status == 403
        allowed = await session.get(info["url_private"], headers={"Authorization": f"Bearer {ws.bot_token}"})
        assert await allowed.read() == b"1234567890"
        page = f"{ws.url}/client/file/{info['id']}"
        assert (await session.get(page, params={"user": "U0MAYA"})).status == 200
        assert (await session.get(page, params={"user": "UNOBODY"})).status == 404


# ---- the door


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "evil.example:80"}, 403),
        ({"Host": "localhost:1"}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_only_this_machine_and_this_page(ws: Workspace, headers: dict[str, str], status: int) -> None:
    """Names that merely resolve here, and other pages, are turned away."""
    async with aiohttp.ClientSession() as session:
        response = await session.get(ws.url + "/client/boot", params={"user": "U0MAYA"}, headers=headers)
        assert response.status == status
        posted = await session.post(
            ws.url + "/client/post", json={"user": "U0MAYA", "channel": MARKETING, "text": "x"}, headers=headers
        )
        assert posted.status == status


async def test_a_taken_port(ws: Workspace) -> None:
    """A second workspace on the same port says so, and leaves the first alone."""
    with pytest.raises(OSError, match="address already in use"):
        await Workspace(CONFIG, port=ws.port).start()
    assert await ws.say("maya", "#marketing", "still here")


async def test_listens_on_loopback_alone(ws: Workspace) -> None:
    """The server is bound to 127.0.0.1."""
    assert ws.core.url.startswith("http://127.0.0.1:")
    assert ws._runner is not None
    assert {address[0] for address in ws._runner.addresses} == {"127.0.0.1"}
