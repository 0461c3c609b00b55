"""chat.*: posting, changing, deleting, and messages for one person's eyes."""

from __future__ import annotations

from typing import Any

from segbot.demo.workspace import post, shapes
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.limits import TIER_3, TIER_4
from segbot.demo.workspace.state import Channel, Json, Message, Refused
from segbot.demo.workspace.webapi import Args, method, rate_limited, require_scopes


def writable(args: Args) -> Channel:
    """A conversation the app may write to: a member, or public with the right scope."""
    core = args.core
    channel = args.channel()
    if channel.is_archived:
        raise Refused("is_archived")
    if core.state.bot not in channel.members:
        if "chat:write.public" in core.config.app.scopes and args.flag("_public_ok"):
            return channel
        raise Refused("not_in_channel")
    return channel


def count_post(core: Core, channel: Channel) -> None:
    """One message a second in a channel."""
    if core.config.rate_limits:
        wait = core.limits.post(channel.id)
        if wait is not None:
            raise rate_limited(wait)


def own(args: Args, channel: Channel, error: str, ts_name: str = "ts") -> Message:
    """The app's own message in this channel; ephemeral ones cannot be addressed."""
    message = args.core.state.find_message(channel.id, args.need(ts_name))
    if message is None:
        raise Refused("message_not_found")
    if not message.is_bot:
        raise Refused(error)
    return message


def thread_of(args: Args, channel: Channel) -> str | None:
    """The thread to post into; a reply's ts stands for its parent's."""
    thread_ts = args.text("thread_ts")
    if thread_ts is None:
        return None
    parent = args.core.state.find_message(channel.id, thread_ts)
    if parent is None:
        raise Refused("thread_not_found")
    return parent.thread_ts or parent.ts


@method("chat.postMessage", None, "chat:write")
def post_message(core: Core, args: Args) -> Json:
    args.values["_public_ok"] = True
    channel = writable(args)
    if args.text("username") or args.text("icon_emoji") or args.text("icon_url"):
        require_scopes(core, ("chat:write.customize",))
    broadcast = args.flag("reply_broadcast") and args.text("thread_ts") is not None
    message = post.by_app(
        core,
        channel.id,
        args.values,
        thread_ts=thread_of(args, channel),
        broadcast=broadcast,
        subtype="thread_broadcast" if broadcast else None,
    )
    count_post(core, channel)
    post.publish(core, message)
    return {"channel": channel.id, "ts": message.ts, "message": shapes.message(core, message)}


@method("chat.update", TIER_3, "chat:write")
def update(core: Core, args: Args) -> Json:
    channel = args.channel()
    message = own(args, channel, "cant_update_message")
    if message.stream is not None and message.stream["state"] == "in_progress":
        raise Refused("streaming_state_conflict")
    if len(args.text("text") or "") > post.UPDATE_TEXT:
        raise Refused("msg_too_long")
    before = shapes.message(core, message)
    payload: dict[str, Any] = dict(args.values)
    if payload.get("blocks") is None and not payload.get("text") and payload.get("attachments") is None:
        raise Refused("no_text")
    fresh = post.by_app(core, channel.id, {**payload, "text": payload.get("text") or message.text})
    if payload.get("text"):
        message.text = fresh.text
    if payload.get("blocks") is not None or payload.get("text"):
        message.blocks = fresh.blocks
    if payload.get("attachments") is not None:
        message.attachments = fresh.attachments
    if payload.get("metadata") is not None:
        message.metadata = fresh.metadata
    message.edited = {"user": core.state.bot, "ts": core.state.new_ts()}
    post.change(core, message, before)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": shapes.message(core, message),
    }


@method("chat.delete", TIER_3, "chat:write")
def delete(core: Core, args: Args) -> Json:
    channel = args.channel()
    message = own(args, channel, "cant_delete_message")
    post.remove(core, message)
    return {"channel": channel.id, "ts": message.ts}


@method("chat.postEphemeral", TIER_4, "chat:write")
def post_ephemeral(core: Core, args: Args) -> Json:
    channel = writable(args)
    user = args.need("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    message = post.by_app(core, channel.id, args.values, thread_ts=thread_of(args, channel), ephemeral_to=user)
    post.publish(core, message)
    return {"message_ts": message.ts}


@method("chat.getPermalink", None)
def get_permalink(core: Core, args: Args) -> Json:
    channel = args.channel()
    message = core.state.find_message(channel.id, args.need("message_ts"))
    if message is None:
        raise Refused("message_not_found")
    link = f"{core.url}/archives/{channel.id}/p{message.ts.replace('.', '')}"
    if message.thread_ts not in (None, message.ts):
        link += f"?thread_ts={message.thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


@method("chat.unfurl", TIER_3, "links:write")
def unfurl(core: Core, args: Args) -> Json:
    channel = args.channel()
    message = core.state.find_message(channel.id, args.need("ts"))
    if message is None:
        raise Refused("cannot_unfurl_message")
    unfurls = args.get("unfurls")
    if not isinstance(unfurls, dict):
        raise Refused("missing_unfurls")
    for address, content in unfurls.items():
        if address not in message.text:
            raise Refused("cannot_unfurl_url")
        post.refuse_bad_content({"attachments": [content]})
    unfurls = {address: post.attachment_with_ids(content) for address, content in unfurls.items()}
    before = shapes.message(core, message)
    kept = [a for a in message.attachments if a.get("from_url") not in unfurls]
    message.attachments = kept + [{**content, "from_url": url} for url, content in unfurls.items()]
    post.change(core, message, before)
    return {}
