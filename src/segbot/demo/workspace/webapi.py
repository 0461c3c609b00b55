"""The Web API's front: arguments in every encoding Slack takes, tokens, scopes, rate limits, and the answer.

What a method does stands in `methods/`; each is registered here with the scopes it needs and its rate.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import BasicAuth, web

from segbot.demo.workspace.core import Call, Core
from segbot.demo.workspace.state import Channel, Json, Refused

#: Arguments that hold JSON when they come in a form or query string.
_JSON_ARGUMENTS = frozenset(
    ("blocks", "attachments", "view", "metadata", "files", "unfurls", "chunks", "prompts", "outputs", "message")
)
#: The part of a scope's name that depends on the kind of conversation.
_SCOPE_KINDS = {"channel": "channels", "group": "groups", "im": "im", "mpim": "mpim"}


class Args:
    """The arguments of one call, with the reading each kind of argument needs."""

    def __init__(self, core: Core, values: Json):
        self.core = core
        self.values = values

    def get(self, name: str) -> Any:
        return self.values.get(name)

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return None if value in (None, "") else str(value)

    def need(self, name: str) -> str:
        """A required argument; raises Refused when it is missing."""
        value = self.text(name)
        if value is None:
            raise missing(name)
        return value

    def flag(self, name: str) -> bool:
        return self.values.get(name) in (True, 1, "true", "1", "True")

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.values.get(name) or default)
        except (TypeError, ValueError):
            raise Refused(f"invalid_{name}") from None

    def names(self, name: str) -> list[str]:
        """A list, as a JSON array or separated by commas."""
        value = self.values.get(name)
        if isinstance(value, list):
            return [str(entry) for entry in value]
        return [part.strip() for part in str(value or "").split(",") if part.strip()]

    def channel(self, name: str = "channel") -> Channel:
        """A conversation the app can see; private ones it is not in do not exist for it."""
        channel = self.core.state.find_channel(self.need(name))
        if channel is None or (channel.is_private and self.core.state.bot not in channel.members):
            raise Refused("channel_not_found")
        return channel

    def need_scope(self, channel: Channel, suffix: str) -> None:
        """`channels:history` for a public channel, `im:history` for a direct message, and so on."""
        require_scopes(self.core, (f"{_SCOPE_KINDS[channel.kind]}:{suffix}",))


def missing(name: str) -> Refused:
    return Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] missing required field: {name}"]})


def require_scopes(core: Core, wanted: Iterable[str]) -> None:
    """Raise `missing_scope` unless the bot has one of these scopes."""
    wanted, provided = tuple(wanted), core.config.app.scopes
    if wanted and not any(scope in provided for scope in wanted):
        raise Refused("missing_scope", needed=wanted[0], provided=",".join(sorted(provided)))


Run = Callable[[Core, Args], Json | Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: who may call it, how often (calls a minute, counted per channel where it says so)."""

    name: str
    run: Run
    scopes: tuple[str, ...]
    per_minute: int | None
    per_channel: bool
    caller: Literal["bot", "app", "anyone"]


METHODS: dict[str, Method] = {}


def method(
    name: str,
    per_minute: int | None,
    scopes: str = "",
    per_channel: bool = False,
    caller: Literal["bot", "app", "anyone"] = "bot",
) -> Callable[[Run], Run]:
    """Register a method; `scopes` are alternatives, separated by spaces."""

    def register(run: Run) -> Run:
        METHODS[name] = Method(name, run, tuple(scopes.split()), per_minute, per_channel, caller)
        return run

    return register


async def handle(core: Core, request: web.Request) -> web.Response:
    """One call to /api/<method>."""
    name = request.match_info["method"]
    headers = {
        "x-oauth-scopes": ",".join(sorted(core.config.app.scopes)),
        "x-slack-req-id": core.state.new_id("R"),
    }
    values: Json = {}
    status = 200
    try:
        values, token = await _arguments(request)
        answer = await call(core, name, values, token)
        answer = {"ok": True, **answer}
    except Refused as refused:
        answer, status = refused.body(), refused.status
        headers |= refused.headers
    core.calls.append(Call(name, values, answer))
    if name in METHODS:
        headers["x-accepted-oauth-scopes"] = ",".join(METHODS[name].scopes)
    return web.json_response(answer, status=status, headers=headers)


async def call(core: Core, name: str, values: Json, token: str | None) -> Json:
    """One call, after its arguments were read: faults, token, scopes, rate, then the method itself."""
    known = METHODS.get(name)
    if known is None:
        raise Refused("unknown_method", req_method=name)
    failure = core.faults.take_failure(name)
    if failure is not None:
        await asyncio.sleep(failure.seconds)
        if failure.error and not failure.after:
            headers = {"Retry-After": str(failure.retry_after)} if failure.retry_after else {}
            raise Refused(failure.error, failure.status, headers)
    _authenticate(core, known, token)
    require_scopes(core, known.scopes)
    _count(core, known, values, token)
    answer = known.run(core, Args(core, values))
    body = answer if isinstance(answer, dict) else await answer
    if failure is not None and failure.after:
        raise Refused(failure.error, failure.status)
    return body


def _authenticate(core: Core, known: Method, token: str | None) -> None:
    if known.caller == "anyone":
        return
    if not token:
        raise Refused("not_authed")
    config = core.config
    if token not in (config.bot_token, config.app_token):
        raise Refused("invalid_auth")
    if token != (config.bot_token if known.caller == "bot" else config.app_token):
        raise Refused("not_allowed_token_type")


def _count(core: Core, known: Method, values: Json, token: str | None) -> None:
    if not core.config.rate_limits or known.per_minute is None:
        return
    key = str(values.get("channel") or values.get("channel_id")) if known.per_channel else str(token)
    wait = core.limits.call(known.name, key, known.per_minute)
    if wait is not None:
        raise rate_limited(wait)


def rate_limited(seconds: int) -> Refused:
    return Refused("ratelimited", 429, {"Retry-After": str(seconds)})


async def _arguments(request: web.Request) -> tuple[Json, str | None]:
    """Everything the caller gave, from query string and body, and the token."""
    values: Json = dict(request.query)
    if request.content_type == "application/json" and request.can_read_body:
        try:
            body = json.loads(await request.text())
        except ValueError:
            raise Refused("invalid_json") from None
        if not isinstance(body, dict):
            raise Refused("json_not_object")
        values |= body
    elif request.can_read_body:
        values |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    for name in _JSON_ARGUMENTS & values.keys():
        if isinstance(values[name], str):
            try:
                values[name] = json.loads(values[name])
            except ValueError:
                raise Refused(f"invalid_{name}_format" if name == "blocks" else "invalid_arguments") from None
    kind, _, credentials = request.headers.get("Authorization", "").partition(" ")
    argument = values.pop("token", None)
    if kind == "Basic":  # how the SDKs send the client's id and secret to oauth.v2.access
        try:
            login = BasicAuth.decode(f"Basic {credentials}")
        except ValueError:
            raise Refused("invalid_auth") from None
        values |= {"client_id": login.login, "client_secret": login.password}
    return values, credentials if kind == "Bearer" and credentials else argument


def paged(args: Args, items: list[Json], key: str, default: int = 100, highest: int = 1000) -> Json:
    """One page of a listing, with Slack's cursor."""
    limit = max(1, min(args.number("limit", default), highest))
    cursor = args.text("cursor")
    if cursor is not None and not cursor.startswith("at:"):
        raise Refused("invalid_cursor")
    start = int(cursor.removeprefix("at:")) if cursor else 0
    more = start + limit < len(items)
    return {
        key: items[start : start + limit],
        "response_metadata": {"next_cursor": f"at:{start + limit}" if more else ""},
    }
