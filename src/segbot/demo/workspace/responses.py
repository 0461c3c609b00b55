"""`response_url`: five answers to one interaction within half an hour, without membership or a token."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from segbot.demo.workspace import post, shapes
from segbot.demo.workspace.core import Call, Core
from segbot.demo.workspace.state import Json, Message, Refused, ResponseUrl


async def handle(core: Core, request: web.Request) -> web.Response:
    """One POST to a response_url."""
    failure = core.faults.take_failure("response_url")
    payload: Json = {}
    try:
        payload = await _payload(request)
        if failure is not None:
            await asyncio.sleep(failure.seconds)
            if failure.error and not failure.after:
                raise Refused(failure.error, failure.status if failure.status >= 400 else 404)
        respond(core, request.match_info["key"], payload)
        if failure is not None and failure.after:
            raise Refused(failure.error, failure.status)
        answer: Json = {"ok": True}
        response = web.Response(text="ok")
    except Refused as refused:
        answer = refused.body()
        response = web.json_response(answer, status=refused.status)
    core.calls.append(Call("response_url", payload, answer))
    return response


def respond(core: Core, key: str, payload: Json) -> None:
    """Post, replace or delete, as the payload says; raises Refused as Slack would answer."""
    url = core.state.response_urls.get(key)
    if url is None:
        raise Refused("expired_url", 404)
    if core.state.now() >= url.expires_at:
        raise Refused("expired_url", 404)
    if url.uses >= core.config.response_url_uses:
        raise Refused("used_url", 404)
    source = _source(core, url)
    try:
        if payload.get("delete_original"):
            _delete(core, url, source)
        elif payload.get("replace_original") and source is not None:
            _replace(core, source, payload)
        else:
            _post(core, url, payload)
    except Refused as refused:
        refused.status = 400
        raise
    url.uses += 1


def _source(core: Core, url: ResponseUrl) -> Message | None:
    if url.source_ts is None:
        return None
    return core.state.ephemerals.get(url.source_ts) or core.state.find_message(url.channel, url.source_ts)


def _delete(core: Core, url: ResponseUrl, source: Message | None) -> None:
    if source is None:
        raise Refused("message_not_found")
    post.remove(core, source)


def _replace(core: Core, source: Message, payload: Json) -> None:
    before = shapes.message(core, source)
    fresh = post.by_app(core, source.channel, payload)
    source.text, source.blocks, source.attachments = fresh.text, fresh.blocks, fresh.attachments
    if fresh.metadata is not None:
        source.metadata = fresh.metadata
    post.change(core, source, before)


def _post(core: Core, url: ResponseUrl, payload: Json) -> None:
    in_channel = payload.get("response_type") == "in_channel"
    thread_ts = payload.get("thread_ts") or url.thread_ts
    message = post.by_app(
        core, url.channel, payload, thread_ts=thread_ts, ephemeral_to=None if in_channel else url.user
    )
    post.publish(core, message)


async def _payload(request: web.Request) -> Json:
    raw = await request.text()
    if request.content_type == "application/x-www-form-urlencoded":
        raw = str((await request.post()).get("payload", "{}"))
    try:
        payload: Any = json.loads(raw)
    except ValueError:
        raise Refused("invalid_payload", 400) from None
    if not isinstance(payload, dict):
        raise Refused("invalid_payload", 400)
    return payload
