"""conversations.* and reactions.*: where things are said, and what stands there."""

from __future__ import annotations

from segbot.demo.workspace import interact, shapes
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.limits import TIER_2, TIER_3, TIER_4
from segbot.demo.workspace.state import Channel, Json, Message, Refused
from segbot.demo.workspace.webapi import Args, method, paged, rate_limited

_KINDS = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def _visible(core: Core, kinds: list[str]) -> list[Channel]:
    wanted = {_KINDS[kind] for kind in kinds if kind in _KINDS}
    if len(wanted) != len(kinds):
        raise Refused("invalid_types")
    return [
        c
        for c in core.state.channels.values()
        if c.kind in wanted and (not c.is_private or core.state.bot in c.members)
    ]


@method("conversations.list", TIER_2, "channels:read groups:read im:read mpim:read")
def list_(core: Core, args: Args) -> Json:
    channels = _visible(core, args.names("types") or ["public_channel"])
    for channel in channels:
        args.need_scope(channel, "read")
    return paged(args, [shapes.channel(core, c, core.state.bot) for c in channels], "channels")


@method("users.conversations", TIER_3, "channels:read groups:read im:read mpim:read")
def of_user(core: Core, args: Args) -> Json:
    user = args.text("user") or core.state.bot
    channels = [c for c in _visible(core, args.names("types") or ["public_channel"]) if user in c.members]
    return paged(args, [shapes.channel(core, c, core.state.bot) for c in channels], "channels")


@method("conversations.info", TIER_3, "channels:read groups:read im:read mpim:read")
def info(core: Core, args: Args) -> Json:
    channel = args.channel()
    args.need_scope(channel, "read")
    body = shapes.channel(core, channel, core.state.bot)
    if not args.flag("include_num_members"):
        body.pop("num_members", None)
    return {"channel": body}


@method("conversations.members", TIER_4, "channels:read groups:read im:read mpim:read")
def members(core: Core, args: Args) -> Json:
    channel = args.channel()
    args.need_scope(channel, "read")
    page = paged(args, [{"id": user} for user in channel.members], "members")
    return {**page, "members": [entry["id"] for entry in page["members"]]}


@method("conversations.history", TIER_3, "channels:history groups:history im:history mpim:history")
def history(core: Core, args: Args) -> Json:
    channel = _readable(core, args)
    return _messages(core, args, list(reversed(core.state.timeline(channel.id))))


@method("conversations.replies", TIER_3, "channels:history groups:history im:history mpim:history")
def replies(core: Core, args: Args) -> Json:
    channel = _readable(core, args)
    found = core.state.thread(channel.id, args.need("ts"))
    if not found:
        raise Refused("thread_not_found")
    return _messages(core, args, found)


def _readable(core: Core, args: Args) -> Channel:
    channel = args.channel()
    args.need_scope(channel, "history")
    if core.state.bot not in channel.members:
        raise Refused("not_in_channel")
    if core.config.commercial_distribution and core.config.rate_limits:
        wait = core.limits.call("history of a distributed app", "app", 1)
        if wait is not None:
            raise rate_limited(wait)
    return channel


def _messages(core: Core, args: Args, found: list[Message]) -> Json:
    oldest, latest = args.text("oldest") or "0", args.text("latest") or "9999999999.999999"
    inclusive = args.flag("inclusive")
    kept = [m for m in found if oldest < m.ts < latest or (inclusive and m.ts in (oldest, latest))]
    highest = 15 if core.config.commercial_distribution else 999
    page = paged(args, [shapes.message(core, m) for m in kept], "messages", min(100, highest), highest)
    return {**page, "has_more": bool(page["response_metadata"]["next_cursor"])}


@method("conversations.join", TIER_3, "channels:join")
def join(core: Core, args: Args) -> Json:
    channel = args.channel()
    if channel.kind != "channel":
        raise Refused("method_not_supported_for_channel_type")
    interact.join(core, core.state.bot, channel)
    return {"channel": shapes.channel(core, channel, core.state.bot)}


@method("conversations.open", TIER_3, "im:write mpim:write")
def open_(core: Core, args: Args) -> Json:
    if args.text("channel"):
        return {"channel": {"id": args.channel().id}}
    users = args.names("users")
    if not users:
        raise Refused("users_list_not_supplied")
    if any(user not in core.state.people for user in users):
        raise Refused("user_not_found")
    if len(users) == 1:
        return {"channel": {"id": core.state.open_im(users[0]).id}}
    people = sorted({*users, core.state.bot})
    for channel in core.state.channels.values():
        if channel.kind == "mpim" and sorted(channel.members) == people:
            return {"channel": {"id": channel.id}}
    names = "--".join(core.state.people[user].name for user in users)
    created = Channel(core.state.new_id("G"), f"mpdm-{names}-1", "mpim", people, created=int(core.state.now()))
    core.state.put_channel(created)
    return {"channel": {"id": created.id}}


@method("reactions.add", TIER_3, "reactions:write")
def add_reaction(core: Core, args: Args) -> Json:
    return _react(core, args, True)


@method("reactions.remove", TIER_2, "reactions:write")
def remove_reaction(core: Core, args: Args) -> Json:
    return _react(core, args, False)


def _react(core: Core, args: Args, add: bool) -> Json:
    channel = args.channel()
    if core.state.bot not in channel.members:
        raise Refused("not_in_channel")
    interact.react(core, core.state.bot, channel.id, args.need("timestamp"), args.need("name").strip(":"), add)
    return {}


@method("reactions.get", TIER_3, "reactions:read")
def get_reactions(core: Core, args: Args) -> Json:
    channel = args.channel()
    message = core.state.find_message(channel.id, args.need("timestamp"))
    if message is None:
        raise Refused("message_not_found")
    return {"type": "message", "channel": channel.id, "message": shapes.message(core, message)}
