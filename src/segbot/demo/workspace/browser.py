"""The page's own API under /client: what a person sees and does. `docs/workspace.md` is its reference."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable

from aiohttp import WSMsgType, web

from segbot.demo.workspace import interact, shapes, submit
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.state import Json, Message, Refused

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

#: What a browser may show itself; everything else is only offered as a download.
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "text/plain", "text/csv"})


class Browser:
    """The handlers, bound to one workspace."""

    def __init__(self, core: Core):
        self.core = core

    def routes(self) -> list[web.RouteDef]:
        post: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "post": self.post,
            "action": self.action,
            "options": self.options,
            "view_submit": self.view_submit,
            "view_close": self.view_close,
            "shortcut": self.shortcut,
            "react": self.react,
            "home": self.home,
            "join": self.join,
        }
        return [
            web.get("/client/boot", self._answering(self.boot)),
            web.get("/client/history", self._answering(self.history)),
            web.get("/client/file/{file_id}", self.file),
            web.get("/client/ws", self.socket),
            web.post("/client/upload", self._answering(self.upload)),
            *(web.post(f"/client/{name}", self._json(run)) for name, run in post.items()),
        ]

    # ---- reading

    async def boot(self, request: web.Request) -> Json:
        user = request.query.get("user") or next(iter(self.core.state.people))
        me = interact.person_of(self.core, user)
        config, state = self.core.config, self.core.state
        app = config.app
        people = [
            {
                "id": p.id,
                "name": p.name,
                "real_name": p.real_name,
                "title": p.title,
                "color": p.color,
                "is_bot": False,
                "initials": p.initials,
                "is_admin": p.is_admin,
            }
            for p in config.people
        ]
        bot = {
            "id": app.bot_user_id,
            "name": app.name,
            "real_name": app.name,
            "title": "App",
            "color": "4a154b",
            "is_bot": True,
            "initials": app.name[:1].upper(),
            "is_admin": False,
        }
        return {
            "team": {"id": config.team_id, "name": config.team_name},
            "me": me["id"],
            "people": [*people, bot],
            "groups": [{"id": g.id, "handle": g.handle, "name": g.name, "users": list(g.users)} for g in config.groups],
            "channels": [self._channel(user, c.id) for c in state.channels.values() if state.visible_to(user, c)],
            "commands": [
                {"command": c.command, "description": c.description, "usage_hint": c.usage_hint} for c in app.commands
            ],
            "apps": [{"id": app.id, "bot_user_id": app.bot_user_id, "name": app.name}],
            "shortcuts": [{"callback_id": s.callback_id, "name": s.name, "type": s.type} for s in app.shortcuts],
            "views": [shapes.view(self.core, state.views[view_id]) for view_id in state.stack(user)],
        }

    async def history(self, request: web.Request) -> Json:
        user, channel_id = request.query.get("user", ""), request.query.get("channel", "")
        channel = interact.channel_of(self.core, user, channel_id)
        thread_ts = request.query.get("thread_ts") or None
        return {"messages": self.messages(user, channel.id, thread_ts)}

    def messages(self, user: str, channel_id: str, thread_ts: str | None) -> list[Json]:
        """What this person sees in a channel or thread, oldest first."""
        state = self.core.state
        public = state.thread(channel_id, thread_ts) if thread_ts else state.timeline(channel_id)
        own = [
            m
            for m in state.ephemerals.values()
            if m.ephemeral_to == user and m.channel == channel_id and m.thread_ts == thread_ts
        ]
        found: list[Message] = sorted([*public, *own], key=lambda m: m.ts)
        return [shapes.message(self.core, m) for m in found]

    def _channel(self, user: str, channel_id: str) -> Json:
        one = self.core.state.channels[channel_id]
        body: Json = {
            "id": one.id,
            "name": one.name,
            "is_private": one.is_private,
            "is_im": one.kind == "im",
            "is_member": user in one.members,
            "topic": one.topic,
            "members": list(one.members),
        }
        if one.kind == "im":
            body |= {"user": self.core.state.bot, "name": self.core.config.app.name}
        return body

    # ---- doing

    async def post(self, body: Json) -> Json:
        given = body.get("files")
        files = tuple(str(f) for f in given) if isinstance(given, list) else ()
        answer = await interact.say(
            self.core,
            _str(body, "user"),
            _str(body, "channel"),
            str(body.get("text") or ""),
            _text(body, "thread_ts"),
            files,
        )
        for file_id in files:
            interact.tell_file_shared(self.core, self.core.state.files[file_id], _str(body, "channel"))
        return answer

    async def action(self, body: Json) -> Json:
        return await interact.act(
            self.core,
            _str(body, "user"),
            _object(body, "container"),
            _object(body, "action"),
            _values(body),
        )

    async def options(self, body: Json) -> Json:
        return await interact.suggest(
            self.core,
            _str(body, "user"),
            _object(body, "container"),
            _str(body, "action_id"),
            _text(body, "block_id"),
            str(body.get("value") or ""),
        )

    async def view_submit(self, body: Json) -> Json:
        return await submit.submit(self.core, _str(body, "user"), _str(body, "view_id"), _values(body))

    async def view_close(self, body: Json) -> Json:
        submit.close(self.core, _str(body, "user"), _str(body, "view_id"), bool(body.get("all")))
        return {"ok": True}

    async def shortcut(self, body: Json) -> Json:
        return await interact.shortcut(
            self.core,
            _str(body, "user"),
            _str(body, "callback_id"),
            str(body.get("type") or "global"),
            _text(body, "channel"),
            _text(body, "message_ts"),
        )

    async def react(self, body: Json) -> Json:
        user = _str(body, "user")
        channel = interact.channel_of(self.core, user, _str(body, "channel"), member=True)
        interact.react(
            self.core,
            user,
            channel.id,
            _str(body, "ts"),
            _str(body, "name").strip(":"),
            body.get("add") is not False,
        )
        return {"ok": True}

    async def home(self, body: Json) -> Json:
        return {"view": interact.open_home(self.core, _str(body, "user"), str(body.get("tab") or "home"))}

    async def join(self, body: Json) -> Json:
        user = _str(body, "user")
        channel = interact.channel_of(self.core, user, _str(body, "channel"))
        interact.join(self.core, user, channel)
        return {"channel": self._channel(user, channel.id)}

    async def upload(self, request: web.Request) -> Json:
        """One file into a channel or thread, with an optional text; without a channel, for a modal's file input."""
        form = await request.post()
        part = form.get("file")
        if not isinstance(part, web.FileField):
            raise Refused("no_file", status=400)
        user, channel_id = str(form.get("user", "")), str(form.get("channel", ""))
        thread_ts = str(form.get("thread_ts") or "") or None
        file = interact.upload(self.core, user, part.filename, part.file.read())
        if not channel_id:
            return {"ok": True, "file": shapes.file(self.core, file)}
        answer = await interact.say(self.core, user, channel_id, str(form.get("text") or ""), thread_ts, (file.id,))
        interact.tell_file_shared(self.core, file, channel_id)
        return {**answer, "file": shapes.file(self.core, file)}

    async def file(self, request: web.Request) -> web.StreamResponse:
        one = self.core.state.files.get(request.match_info["file_id"])
        user = request.query.get("user", "")
        known = user in self.core.state.people
        if not known or one is None or one.content is None or not self.core.state.file_visible_to(user, one):
            raise web.HTTPNotFound(text="file_not_found")
        return file_response(one.name, shapes.mimetype(one), one.content, bool(request.query.get("download")))

    async def socket(self, request: web.Request) -> web.StreamResponse:
        """Pushes to one page until it goes away."""
        user = request.query.get("user", "")
        if user not in self.core.state.people:
            raise web.HTTPNotFound(text="user_not_found")
        socket = web.WebSocketResponse(heartbeat=20.0)
        await socket.prepare(request)
        queue = self.core.hub.join(user)
        pump = asyncio.ensure_future(_pump(queue, socket))
        try:
            async for frame in socket:
                if frame.type is WSMsgType.ERROR:
                    break
        finally:
            pump.cancel()
            self.core.hub.leave(user, queue)
            with contextlib.suppress(asyncio.CancelledError):
                await pump
        return socket

    # ---- plumbing

    def _json(self, run: Callable[[Json], Awaitable[Json]]) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            if request.content_type != "application/json":
                raise web.HTTPUnsupportedMediaType(text="application/json is required")
            try:
                body = json.loads(await request.text())
            except ValueError:
                raise web.HTTPBadRequest(text="not JSON") from None
            if not isinstance(body, dict):
                raise web.HTTPBadRequest(text="not a JSON object")
            return await _answered(run(body))

        return handler

    def _answering(self, run: Callable[[web.Request], Awaitable[Json]]) -> Handler:
        async def handler(request: web.Request) -> web.StreamResponse:
            return await _answered(run(request))

        return handler


async def _answered(work: Awaitable[Json]) -> web.Response:
    try:
        return web.json_response(await work)
    except Refused as refused:
        return web.json_response(refused.body(), status=refused.status if refused.status >= 400 else 400)


async def _pump(queue: asyncio.Queue[Json], socket: web.WebSocketResponse) -> None:
    with contextlib.suppress(ConnectionError):
        while True:
            await socket.send_json(await queue.get())


def file_response(name: str, mimetype: str, content: bytes, download: bool) -> web.Response:
    """A file's bytes; only harmless types are shown in the browser."""
    shown = mimetype in INLINE and not download
    plain = "".join(c if c.isascii() and (c.isalnum() or c in "._- ") else "_" for c in name)
    return web.Response(
        body=content,
        content_type=mimetype,
        headers={
            "Content-Disposition": f'{"inline" if shown else "attachment"}; filename="{plain}"',
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox",
        },
    )


def _str(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refused(f"missing_{name}", status=400)
    return value


def _text(body: Json, name: str) -> str | None:
    value = body.get(name)
    return value if isinstance(value, str) and value else None


def _values(body: Json) -> Json:
    """What was entered: `state.values`, or nothing."""
    state = body.get("state")
    values = state.get("values") if isinstance(state, dict) else None
    return values if isinstance(values, dict) else {}


def _object(body: Json, name: str) -> Json:
    value = body.get(name)
    if not isinstance(value, dict):
        raise Refused(f"missing_{name}", status=400)
    return value
