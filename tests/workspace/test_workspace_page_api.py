"""The contract with the browser page: what it asks under /client, and what is pushed to it."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from workspace_rig import CONFIG, Connected, card

from segbot.demo.workspace import Workspace, WorkspaceConfig

MARKETING = "C0MARKETING"
Json = dict[str, Any]


class Page:
    """One person's page, reduced to its requests."""

    def __init__(self, ws: Workspace, session: aiohttp.ClientSession, user: str):
        self.ws, self.session, self.user = ws, session, user

    async def get(self, path: str, **query: str) -> Json:
        response = await self.session.get(f"{self.ws.url}/client/{path}", params={"user": self.user, **query})
        return await response.json()  # type: ignore[no-any-return]

    async def post(self, path: str, **body: Any) -> Json:
        response = await self.session.post(f"{self.ws.url}/client/{path}", json={"user": self.user, **body})
        return await response.json()  # type: ignore[no-any-return]


@pytest.fixture
async def page(ws: Workspace) -> AsyncIterator[Page]:
    """Maya's page."""
    async with aiohttp.ClientSession() as session:
        yield Page(ws, session, "U0MAYA")


async def test_boot(page: Page) -> None:
    """A page learns who and what there is, as this person may know it."""
    boot = await page.get("boot")
    assert boot["team"] == {"id": "T0DEMO", "name": "Wildflower Goods"}
    assert boot["me"] == "U0MAYA"
    assert [p["name"] for p in boot["people"]] == ["maya", "priya", "omar", "alex", "segbot"]
    assert boot["people"][0]["initials"] == "MC"
    assert [p["is_bot"] for p in boot["people"]] == [False] * 4 + [True]
    assert [c["name"] for c in boot["channels"]] == ["marketing", "campaigns", "partner-success", "segbot"]
    assert boot["channels"][-1] | {"topic": ""} == {
        "id": "D0MAYA",
        "name": "segbot",
        "is_private": True,
        "is_im": True,
        "is_member": True,
        "topic": "",
        "user": "U0SEGBOT",
        "members": ["U0MAYA", "U0SEGBOT"],
    }
    assert boot["commands"][0] == {
        "command": "/segment",
        "description": "Count customers",
        "usage_hint": "women in Texas",
    }
    assert boot["apps"] == [{"id": "A0SEGBOT", "bot_user_id": "U0SEGBOT", "name": "segbot"}]
    assert boot["shortcuts"][1] == {"callback_id": "quick", "name": "Segment this", "type": "message_action"}
    assert boot["groups"][0]["users"] == ["U0PRIYA", "U0ALEX"]


async def test_the_page_drives_the_app(page: Page, socket_app: Connected, client: AsyncWebClient) -> None:
    """Posting, clicking, typing into an external select, submitting and Home go through the page's API."""
    assert (await page.post("post", channel=MARKETING, text="/segment women"))["ok"]
    await page.ws.wait_for_message("#marketing", lambda m: "blocks" in m)
    messages = (await page.get("history", channel=MARKETING))["messages"]
    shown = next(m for m in messages if "blocks" in m)
    assert {m["text"]: m.get("ephemeral") for m in messages} == {"Working on it": True, "women": None}
    container = {"type": "message", "channel_id": MARKETING, "message_ts": shown["ts"]}
    click = {"type": "button", "action_id": "save", "block_id": "row", "value": "forged"}
    assert (await page.post("action", container=container, action=click, state={"values": {}}))["ok"]
    assert socket_app.seen.bodies[-1]["actions"][0]["value"] == "1", "a page cannot make up a button's value"
    view = await page.ws.wait_for_modal("maya")
    inside = {"type": "view", "view_id": view["id"]}
    options = await page.post("options", container=inside, action_id="owner", block_id="owner", value="pri")
    assert [o["value"] for o in options["options"]] == ["priya"]
    assert (await page.get("boot"))["views"][0]["id"] == view["id"]
    entered = {"name": {"name": {"type": "plain_text_input", "value": "taken"}}}
    answer = await page.post("view_submit", view_id=view["id"], state={"values": entered})
    assert answer["errors"] == {"name": "That name is taken."}
    assert (await page.post("view_close", view_id=view["id"]))["ok"]
    assert (await page.post("view_submit", view_id=view["id"]))["error"] == "view_not_found"
    assert (await page.post("home"))["view"] is None
    await page.ws.wait_until(lambda: page.ws.home("maya"), 3, "Home")
    assert (await page.post("home"))["view"]["type"] == "home"
    assert (await page.post("shortcut", callback_id="quick", type="global"))["ok"]


async def test_pushes(page: Page, client: AsyncWebClient) -> None:
    """Everything that happens is pushed to the pages of those who may see it."""
    events: list[Json] = []
    others: list[Json] = []

    async def listen(user: str, into: list[Json], ready: asyncio.Event) -> None:
        address = f"{page.ws.url}/client/ws?user={user}"
        async with page.session.ws_connect(address) as socket:
            ready.set()
            async for frame in socket:
                into.append(json.loads(frame.data))

    tasks = []
    for user, into in (("U0MAYA", events), ("U0OMAR", others)):
        ready = asyncio.Event()
        tasks.append(asyncio.create_task(listen(user, into, ready)))
        await ready.wait()
    await asyncio.sleep(0.05)
    ts = (await client.chat_postMessage(channel=MARKETING, text="a"))["ts"]
    await client.chat_update(channel=MARKETING, ts=ts, text="b")
    await page.post("react", channel=MARKETING, ts=ts, name="eyes", add=True)
    await page.post("post", channel=MARKETING, text="reply", thread_ts=ts)
    await client.chat_postEphemeral(channel=MARKETING, user="U0MAYA", text="psst")
    await client.chat_delete(channel=MARKETING, ts=ts)
    await page.post("post", channel="C0PARTNERS", text="Omar is not here")
    await asyncio.sleep(0.1)
    kinds = [e["type"] for e in events]
    assert kinds == [
        "message",
        "message_changed",
        "reaction",
        "message",
        "message_changed",
        "ephemeral",
        "message_deleted",
        "message",
    ]
    assert events[4]["message"]["reply_count"] == 1
    assert events[5]["message"]["ephemeral"] is True
    assert [e["type"] for e in others] == [k for k in kinds if k != "ephemeral"], "public channels can be read by all"
    for task in tasks:
        task.cancel()


async def test_uploads(page: Page) -> None:
    """A file goes into a channel with its text, or is kept for a modal; others see what was shared."""
    form = aiohttp.FormData({"user": "U0MAYA", "channel": MARKETING, "text": "the list"})
    form.add_field("file", b"id\n1\n", filename="Ümläut list.csv")
    answer = await (await page.session.post(f"{page.ws.url}/client/upload", data=form)).json()
    message = page.ws.messages("#marketing")[0]
    assert (message["text"], message["files"][0]["id"]) == ("the list", answer["file"]["id"])
    address = f"{page.ws.url}/client/file/{answer['file']['id']}"
    shown = await page.session.get(address, params={"user": "U0OMAR"})
    assert await shown.text() == "id\n1\n"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    kept = aiohttp.FormData({"user": "U0MAYA"})
    kept.add_field("file", b"<svg onload='alert(1)'/>", filename="a.svg")
    private = (await (await page.session.post(f"{page.ws.url}/client/upload", data=kept)).json())["file"]["id"]
    address = f"{page.ws.url}/client/file/{private}"
    own = await page.session.get(address, params={"user": "U0MAYA"})
    assert own.headers["Content-Disposition"].startswith("attachment"), "active content is never shown"
    assert (await page.session.get(address, params={"user": "U0OMAR"})).status == 404


@pytest.mark.parametrize(
    ("path", "body", "error"),
    [
        ("post", {"channel": MARKETING, "text": "  "}, "no_text"),
        ("post", {"channel": "CNOWHERE", "text": "x"}, "channel_not_found"),
        ("post", {"text": "x"}, "missing_channel"),
        ("post", {"user": "UNOBODY", "channel": MARKETING, "text": "x"}, "user_not_found"),
        ("post", {"channel": MARKETING, "text": "x", "thread_ts": "1.1"}, "thread_not_found"),
        ("post", {"channel": MARKETING, "text": "x", "files": ["F1"]}, "file_not_found"),
        ("react", {"channel": MARKETING, "ts": "1.1", "name": "eyes"}, "message_not_found"),
        ("shortcut", {"callback_id": "nothing"}, "unknown_shortcut"),
        ("view_submit", {"view_id": "V1"}, "view_not_found"),
        ("action", {"container": {"type": "view", "view_id": "V1"}, "action": {}}, "view_not_found"),
        ("action", {"container": "x", "action": {}}, "missing_container"),
    ],
)
async def test_mistakes(page: Page, path: str, body: Json, error: str) -> None:
    """A wrong request is answered with a code, never with a crash."""
    answer = await page.post(path, **body)
    assert answer == {"ok": False, "error": error}


async def test_only_json_posts(page: Page) -> None:
    """A form cannot post for a person, so that no other page can without asking the browser first."""
    for data in ({"user": "U0MAYA"}, "user=U0MAYA"):
        response = await page.session.post(f"{page.ws.url}/client/post", data=data)
        assert response.status == 415
    broken = await page.session.post(
        f"{page.ws.url}/client/post", data="[1]", headers={"content-type": "application/json"}
    )
    assert broken.status == 400


async def test_buttons_for_some(ws: Workspace, client: AsyncWebClient, socket_app: Connected) -> None:
    """A button for some people cannot be pressed by others, nor one that is not there."""
    blocks = card("x")
    blocks[1]["elements"][1]["visible_to_user_ids"] = ["U0PRIYA"]
    ts = (await client.chat_postMessage(channel=MARKETING, text="x", blocks=blocks))["ts"]
    async with aiohttp.ClientSession() as session:
        page = Page(ws, session, "U0MAYA")
        container = {"type": "message", "channel_id": MARKETING, "message_ts": ts}
        for action_id in ("sleep", "nothing"):
            answer = await page.post("action", container=container, action={"action_id": action_id})
            assert answer["error"] == "unknown_action"
    assert socket_app.seen.bodies == []


async def test_the_page_is_served(page: Page) -> None:
    """The address of the workspace shows the page, under a policy that runs no foreign script."""
    response = await page.session.get(page.ws.url + "/")
    assert response.status == 200
    assert "default-src 'self'" in response.headers["Content-Security-Policy"]
    assert (await page.session.get(page.ws.url + "/app.js")).status == 200
    assert (await page.session.get(page.ws.url + "/../server.py")).status == 404


async def test_history_survives_a_restart(tmp_path: Path) -> None:
    """With a journal, messages, threads, files, Home tabs and memberships are there after a restart or a kill."""
    journal = tmp_path / "workspace.jsonl"
    async with Workspace(CONFIG, journal=journal) as ws:
        client = AsyncWebClient(ws.bot_token, base_url=ws.api_url)
        ts = (await client.chat_postMessage(channel=MARKETING, text="a", blocks=card("a")))["ts"]
        gone = (await client.chat_postMessage(channel=MARKETING, text="gone"))["ts"]
        await client.chat_delete(channel=MARKETING, ts=gone)
        await client.files_upload_v2(channel=MARKETING, thread_ts=ts, content="x", filename="x.csv")
        ws.react("maya", "#marketing", ts, "eyes")
        await client.views_publish(user_id="U0MAYA", view={"type": "home", "blocks": card("home")})
        await ws.slash("alex", "#exec-plans", "/invite @segbot")
        before = (ws.messages("#marketing"), ws.messages("#marketing", ts), ws.home("maya"))
        port = ws.port
    with journal.open("a") as file:
        file.write('["message", {"chan')  # killed while writing
    async with Workspace(CONFIG, port=port, journal=journal) as ws:
        assert (ws.messages("#marketing"), ws.messages("#marketing", ts), ws.home("maya")) == before
        client = AsyncWebClient(ws.bot_token, base_url=ws.api_url)
        assert (await client.chat_postMessage(channel="G0EXECPLANS", text="still a member"))["ok"]
    async with Workspace(CONFIG, port=port, journal=journal) as ws:
        assert ws.messages("#exec-plans")[0]["text"] == "still a member"
    lines = journal.read_text().splitlines()
    assert len(lines) == len(set(lines)), "what was overtaken is not kept"
    assert "gone" not in journal.read_text()


def test_configured_by_a_manifest() -> None:
    """An app manifest names commands, shortcuts, scopes and events; the workspace takes them over."""
    manifest = {
        "features": {
            "bot_user": {"display_name": "Counter"},
            "slash_commands": [{"command": "/count", "description": "Count", "should_escape": True}],
            "shortcuts": [{"name": "Count this", "type": "message", "callback_id": "count", "description": "d"}],
        },
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["app_mention"]}},
    }
    app = WorkspaceConfig().with_manifest(manifest).app
    assert (app.name, app.commands[0].command, app.commands[0].escape) == ("Counter", "/count", True)
    assert (app.shortcuts[0].type, app.scopes, app.events) == (
        "message_action",
        {"commands", "chat:write"},
        {"app_mention"},
    )


async def test_escaped_commands(socket_app: Connected) -> None:
    """A command that asks for it gets names as ids."""
    config = socket_app.ws.config
    escaped = dataclasses.replace(config.app.commands[0], escape=True)
    socket_app.ws.core.config = dataclasses.replace(config, app=dataclasses.replace(config.app, commands=(escaped,)))
    await socket_app.ws.slash("maya", "#marketing", "/segment ask @priya in #campaigns")
    assert socket_app.seen.bodies[0]["text"] == "ask <@U0PRIYA|priya> in <#C0CAMPAIGNS|campaigns>"
