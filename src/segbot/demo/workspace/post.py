"""Messages come, change and go: stored, shown on the pages, and told to the app as events."""

from __future__ import annotations

import html
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

from segbot.demo.workspace import shapes
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.state import SLACKBOT, Channel, Json, Message, Refused
from segbot.slack.blockcheck import Problem, check_message

#: chat.postMessage cuts longer text off; chat.update refuses text beyond the second figure.
TEXT_CUT = 40_000
UPDATE_TEXT = 4_000


def publish(core: Core, message: Message) -> Message:
    """A new message: store, show, and tell the app."""
    core.state.put_message(message)
    channel = core.state.channels[message.channel]
    if message.ephemeral_to is not None:
        push = {"type": "ephemeral", "channel": message.channel, "message": shapes.message(core, message)}
        core.hub.push([message.ephemeral_to], push)
        return message
    _show(core, "message", message)
    _show_parent(core, message)
    if core.state.bot in channel.members:
        body = shapes.message(core, message) | _place(core, channel) | {"event_ts": message.ts}
        core.delivery.tell(body)
        _tell_mention(core, channel, message, body)
        _tell_links(core, channel, message)
    return message


def change(core: Core, message: Message, before: Json) -> Message:
    """A message was edited; `before` is how it looked."""
    core.state.put_message(message)
    if message.ephemeral_to is not None:
        push = {"type": "ephemeral", "channel": message.channel, "message": shapes.message(core, message)}
        core.hub.push([message.ephemeral_to], push)
        return message
    _show(core, "message_changed", message)
    channel = core.state.channels[message.channel]
    if core.state.bot in channel.members:
        event = {
            "type": "message",
            "subtype": "message_changed",
            "hidden": True,
            "ts": core.state.new_ts(),
            "message": shapes.message(core, message),
            "previous_message": before,
        }
        core.delivery.tell(event | _place(core, channel))
    return message


def remove(core: Core, message: Message) -> None:
    """A message was deleted."""
    before = shapes.message(core, message)
    core.state.drop_message(message)
    if message.ephemeral_to is not None:
        push = {"type": "ephemeral_deleted", "channel": message.channel, "ts": message.ts}
        core.hub.push([message.ephemeral_to], push)
        return
    channel = core.state.channels[message.channel]
    gone: Json = {
        "type": "message_deleted",
        "channel": message.channel,
        "ts": message.ts,
        "thread_ts": message.thread_ts,
    }
    core.hub.push(core.state.viewers(channel), gone)
    _show_parent(core, message)
    if core.state.bot in channel.members:
        event = {
            "type": "message",
            "subtype": "message_deleted",
            "hidden": True,
            "ts": core.state.new_ts(),
            "deleted_ts": message.ts,
            "previous_message": before,
        }
        core.delivery.tell(event | _place(core, channel))


def whisper(core: Core, user: str, channel: str, text: str, thread_ts: str | None = None) -> Message:
    """Slackbot tells one person something, in this channel."""
    return publish(
        core,
        Message(channel, core.state.new_ts(), SLACKBOT, text, thread_ts=thread_ts, ephemeral_to=user),
    )


def by_app(core: Core, channel: str, payload: Mapping[str, Any], **more: Any) -> Message:
    """A message of the app from the arguments of chat.postMessage; raises Refused as Slack would."""
    refuse_bad_content(payload)
    text = str(payload.get("text") or payload.get("markdown_text") or "")[:TEXT_CUT]
    icons = {k: v for k in ("icon_emoji", "icon_url") if (v := payload.get(k))}
    return Message(
        channel=channel,
        ts=core.state.new_ts(),
        user=core.state.bot,
        text=text,
        is_bot=True,
        blocks=with_ids(payload.get("blocks") or _markdown_block(payload)),
        attachments=[attachment_with_ids(attachment) for attachment in payload.get("attachments") or []],
        metadata=payload.get("metadata"),
        username=payload.get("username"),
        icons=icons or None,
        **more,
    )


def attachment_with_ids(attachment: Json) -> Json:
    """An attachment whose blocks all have ids, as Slack gives them."""
    return {**attachment, "blocks": with_ids(attachment["blocks"])} if attachment.get("blocks") else attachment


def _markdown_block(payload: Mapping[str, Any]) -> list[Json]:
    text = payload.get("markdown_text")
    return [{"type": "markdown", "text": text}] if text else []


def refuse_bad_content(payload: Mapping[str, Any]) -> None:
    """Raise what chat.postMessage answers to content it does not take."""
    if payload.get("markdown_text") and (payload.get("text") or payload.get("blocks")):
        raise Refused("markdown_text_conflict")
    problems = [p for p in check_message(payload) if p.code != "msg_too_long"]
    if any(problem.code == "no_text" for problem in problems):
        raise Refused("no_text")
    if any(p.pointer == "/attachments" and p.code == "too_many" for p in problems):
        raise Refused("too_many_attachments")
    if any(problem.code == "msg_blocks_too_long" for problem in problems):
        raise Refused("msg_blocks_too_long")
    if problems:
        raise refusal("invalid_blocks", problems)


def refusal(error: str, problems: list[Problem]) -> Refused:
    """Slack's way to say what is wrong with a payload."""
    lines = [problem.as_slack() for problem in problems]
    return Refused(error, errors=lines, response_metadata={"messages": lines})


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks with a block_id and, for interactive elements, an action_id each, as Slack fills them in."""
    filled: list[Json] = json.loads(json.dumps(blocks))
    for block in filled:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        for element in elements_of(block):
            if element.get("type") not in ("image", "plain_text", "mrkdwn", "rich_text"):
                element.setdefault("action_id", secrets.token_urlsafe(4))
        if isinstance(block.get("child_blocks"), list):
            block["child_blocks"] = with_ids(block["child_blocks"])
        if block.get("type") == "carousel":
            block["elements"] = with_ids(block["elements"])
    return filled


def elements_of(block: Json) -> list[Json]:
    """The elements that stand directly in a block."""
    found: list[Json] = []
    if block.get("type") in ("actions", "context_actions"):
        found += block.get("elements", [])
    if block.get("type") == "card":
        found += block.get("actions", [])
    found += [block[name] for name in ("accessory", "element") if isinstance(block.get(name), dict)]
    return found


def walk_blocks(blocks: list[Json]) -> list[Json]:
    """The blocks and those inside containers and carousels."""
    found: list[Json] = []
    for block in blocks:
        found.append(block)
        found += walk_blocks(block.get("child_blocks", []))
        if block.get("type") == "carousel":
            found += walk_blocks(block.get("elements", []))
    return found


# ---- what people type ------------------------------------------------------------------------------------


def typed(core: Core, text: str) -> str:
    """A person's text as Slack stores it: escaped, with names turned into mentions and addresses into links."""
    escaped = html.escape(text, quote=False)
    names = {person.name: f"<@{person.id}>" for person in core.config.people}
    names[core.config.app.name] = f"<@{core.state.bot}>"
    names |= {group.handle: f"<!subteam^{group.id}>" for group in core.config.groups}
    names |= {word: f"<!{word}>" for word in ("here", "channel", "everyone")}
    escaped = re.sub(r"(?<![\w.@])@([\w.-]*\w)", lambda match: names.get(match[1], match[0]), escaped)
    rooms = {channel.name: channel for channel in core.state.channels.values() if channel.name}
    escaped = re.sub(
        r"(?<![\w#&])#([\w-]+)",
        lambda match: f"<#{rooms[match[1]].id}|{match[1]}>" if match[1] in rooms else match[0],
        escaped,
    )
    return re.sub(r"https?://[^\s<>|]+[^\s<>|.,;:!?)]", lambda match: f"<{match[0]}>", escaped)


# ---- events and pushes -----------------------------------------------------------------------------------


def _place(core: Core, channel: Channel) -> Json:
    return {"channel": channel.id, "channel_type": channel.kind, "event_ts": core.state.new_ts()}


def _show(core: Core, kind: str, message: Message) -> None:
    event = {"type": kind, "channel": message.channel, "message": shapes.message(core, message)}
    core.hub.push(core.state.viewers(core.state.channels[message.channel]), event)


def _show_parent(core: Core, message: Message) -> None:
    """A reply changes the figures under its parent."""
    if message.thread_ts is not None and message.thread_ts != message.ts:
        parent = core.state.find_message(message.channel, message.thread_ts)
        if parent is not None:
            _show(core, "message_changed", parent)


def _tell_mention(core: Core, channel: Channel, message: Message, body: Json) -> None:
    if channel.kind in ("im", "mpim") or message.is_bot or f"<@{core.state.bot}>" not in message.text:
        return
    event = {k: v for k, v in body.items() if k not in ("channel_type", "parent_user_id")}
    core.delivery.tell(event | {"type": "app_mention"})


def _tell_links(core: Core, channel: Channel, message: Message) -> None:
    domains = core.config.app.unfurl_domains
    found = [
        {"url": address, "domain": host}
        for address, host in re.findall(r"<(https?://([^/|>\s:]+)[^|>\s]*)", message.text)
        if any(host == domain or host.endswith("." + domain) for domain in domains)
    ]
    if found and not message.is_bot:
        core.delivery.tell(
            {
                "type": "link_shared",
                "channel": channel.id,
                "user": message.user,
                "message_ts": message.ts,
                "links": found,
                "event_ts": core.state.new_ts(),
            }
        )
