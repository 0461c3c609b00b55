"""Whatever is sent, the workspace answers with a code and goes on; and its manual names what there is."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from workspace_rig import CONFIG, SAVE_MODAL, Clock, card

from segbot.demo.workspace import Workspace
from segbot.demo.workspace.browser import Browser
from segbot.demo.workspace.faults import Faults
from segbot.demo.workspace.webapi import METHODS

MANUAL = (Path(__file__).parents[2] / "docs" / "workspace.md").read_text(encoding="utf-8")
NAMES = [
    "channel", "channel_id", "user", "user_id", "users", "ts", "message_ts", "timestamp", "thread_ts", "text",
    "blocks", "attachments", "view", "view_id", "trigger_id", "hash", "metadata", "files", "filename",
    "length", "name", "limit", "cursor", "types", "chunks", "markdown_text", "unfurls", "prompts", "outputs",
    "function_execution_id", "error", "code", "usergroup", "bot", "oldest", "latest", "file", "message",
    "title", "external_id",
]  # fmt: skip
CLIENT_NAMES = [
    "user", "channel", "text", "thread_ts", "files", "container", "action", "state", "action_id", "block_id",
    "value", "view_id", "all", "callback_id", "type", "message_ts", "ts", "name", "add", "tab",
]  # fmt: skip


class Maker:
    """Random arguments, many of which mean something in this workspace."""

    def __init__(self, seed: int, known: list[Any]):
        self.random = random.Random(seed)
        self.known = known

    def value(self, depth: int = 0) -> Any:
        kind = self.random.randrange(9 if depth < 3 else 6)
        match kind:
            case 0 | 1 | 2:
                return self.random.choice(self.known)
            case 3:
                return self.random.choice([None, True, 0, -1, 7, 1.5, 10**20])
            case 4 | 5:
                return self.random.choice(["", "x", "1.1", "{", "[]", "at:x", "é" * 50])
            case 6 | 7:
                return [self.value(depth + 1) for _ in range(self.random.randrange(3))]
            case _:
                return self.arguments(["type", "values", "id", "text", "url", *NAMES], depth + 1)

    def arguments(self, names: list[str], depth: int = 0) -> dict[str, Any]:
        chosen = self.random.sample(names, self.random.randrange(min(8, len(names))))
        return {name: self.value(depth) for name in chosen}


@pytest.fixture
async def busy(clock: Clock) -> Any:
    """A workspace without limits in which something has happened, and what can be named in it."""
    async with Workspace(dataclasses.replace(CONFIG, rate_limits=False), clock=clock) as ws:
        client = AsyncWebClient(ws.bot_token, base_url=ws.api_url)
        ts = (await client.chat_postMessage(channel="C0MARKETING", text="x", blocks=card("x")))["ts"]
        upload = await client.files_getUploadURLExternal(filename="a", length=1)
        view = await client.views_open(trigger_id=ws.core.state.new_trigger("U0MAYA"), view=SAVE_MODAL)
        known = ["C0MARKETING", "U0MAYA", "G0EXECPLANS", "D0MAYA", ts, upload["file_id"], view["view"]["id"]]
        known += [SAVE_MODAL, card("y"), "save", "row", "name", "/segment x", "message", "view", "modal"]
        known += [{"type": "message", "channel_id": "C0MARKETING", "message_ts": ts}]
        known += [{"type": "view", "view_id": view["view"]["id"]}, {"action_id": "save", "block_id": "row"}]
        yield ws, known


async def test_no_call_breaks_the_web_api(busy: tuple[Workspace, list[Any]]) -> None:
    """Random arguments to every method are answered with ok or a code, never with a crash."""
    ws, known = busy
    maker = Maker(1, known)
    async with aiohttp.ClientSession() as session:
        for name, method in sorted(METHODS.items()):
            token = ws.app_token if method.caller == "app" else ws.bot_token
            for _ in range(40):
                known[-1] = ws.core.state.new_trigger("U0MAYA")
                body = maker.arguments(NAMES)
                response = await session.post(
                    ws.api_url + name, json=body, headers={"Authorization": f"Bearer {token}"}
                )
                assert response.status == 200, (name, body, await response.text())
                answer = await response.json()
                assert answer["ok"] or answer["error"], (name, body)


async def test_no_request_breaks_the_page_api(busy: tuple[Workspace, list[Any]]) -> None:
    """Random bodies to every page request are answered with a result or a code."""
    ws, known = busy
    maker = Maker(2, known)
    paths = [route.path for route in Browser(ws.core).routes() if route.method == "POST"]
    async with aiohttp.ClientSession() as session:
        for path in paths:
            if path == "/client/upload":
                continue
            for _ in range(60):
                body = {"user": "U0MAYA", **maker.arguments(CLIENT_NAMES)}
                response = await session.post(ws.url + path, json=body)
                assert response.status < 500, (path, body, await response.text())


async def next_of(socket: aiohttp.ClientWebSocketResponse, kind: str) -> dict[str, Any]:
    """The next envelope of this kind; the events in between are acknowledged."""
    while True:
        envelope: dict[str, Any] = await socket.receive_json()
        if envelope["type"] == kind:
            return envelope
        await socket.send_json({"envelope_id": envelope["envelope_id"]})


async def test_no_answer_of_the_app_breaks_a_submission(busy: tuple[Workspace, list[Any]]) -> None:
    """Whatever an app acknowledges with, the person gets an outcome."""
    ws, known = busy
    maker = Maker(3, known)
    url = f"{ws.url.replace('http', 'ws')}/link/?ticket={ws.core.sockets.ticket()}"
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.receive_json()
        for _ in range(60):
            ws.core.state.stack("U0MAYA").clear()
            client = AsyncWebClient(ws.bot_token, base_url=ws.api_url)
            await client.views_open(trigger_id=ws.core.state.new_trigger("U0MAYA"), view=SAVE_MODAL)
            submission = asyncio.create_task(ws.submit("maya", {"name": "x"}))
            envelope = await next_of(socket, "interactive")
            payload = maker.arguments(["view", "errors"])
            payload["response_action"] = maker.random.choice(["errors", "update", "push", "clear", 7, [], None])
            await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": payload})
            assert (await submission)["response_action"]
            command = asyncio.create_task(ws.slash("maya", "#marketing", "/segment x"))
            envelope = await next_of(socket, "slash_commands")
            payload = maker.arguments(["text", "blocks", "attachments", "response_type", "metadata"])
            await socket.send_json({"envelope_id": envelope["envelope_id"], "payload": payload})
            assert "ok" in await command


async def test_no_payload_breaks_a_response_url(busy: tuple[Workspace, list[Any]]) -> None:
    """Random bodies to a response_url are answered with ok or a code."""
    ws, known = busy
    maker = Maker(4, known)
    names = ["text", "blocks", "attachments", "replace_original", "delete_original", "thread_ts", "response_type"]
    async with aiohttp.ClientSession() as session:
        for _ in range(100):
            key = ws.core.state.new_response_url("U0MAYA", "C0MARKETING")
            response = await session.post(f"{ws.url}/response/{key}", json=maker.arguments(names))
            assert response.status in (200, 400, 404)


def test_the_manual_names_every_request_and_fault(ws: Workspace) -> None:
    """docs/workspace.md has every page request and every fault."""
    for route in Browser(ws.core).routes():
        assert str(route.path).partition("{")[0] in MANUAL, route.path
    for name, member in inspect.getmembers(Faults, inspect.isfunction):
        if not name.startswith(("_", "take_")):
            assert f"{name}(" in MANUAL, f"{name} {member}"
