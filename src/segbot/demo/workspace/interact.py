"""What a person can do in the workspace, and what of it reaches the app.

Every function takes the person's user id, checks what they may see, and answers with the JSON a page shows. A
person's mistake raises Refused; an app that fails is told to the person in Slack's words.
"""

from __future__ import annotations

import html
import re
from typing import Any

from segbot.demo.workspace import post, shapes
from segbot.demo.workspace.config import Command
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.deliver import Acked, Unanswered
from segbot.demo.workspace.forms import FIELDS, find_element, offered_only, values
from segbot.demo.workspace.post import walk_blocks
from segbot.demo.workspace.state import Channel, Json, Message, Refused, StoredFile, View
from segbot.slack.blockcheck import check_blocks


def person_of(core: Core, user: str) -> Json:
    """The `user` of a payload; raises Refused for a stranger."""
    person = core.state.people.get(user)
    if person is None:
        raise Refused("user_not_found", status=404)
    return {"id": user, "username": person.name, "name": person.name, "team_id": core.config.team_id}


def channel_of(core: Core, user: str, channel_id: str, member: bool = False) -> Channel:
    """A channel this person can see; with `member`, one they are in."""
    person_of(core, user)
    channel = core.state.channels.get(channel_id)
    if channel is None or not core.state.visible_to(user, channel):
        raise Refused("channel_not_found", status=404)
    if member and user not in channel.members:
        raise Refused("not_in_channel", status=403)
    return channel


# ---- messages --------------------------------------------------------------------------------------------


async def say(
    core: Core,
    user: str,
    channel_id: str,
    text: str,
    thread_ts: str | None = None,
    files: tuple[str, ...] = (),
) -> Json:
    """A message, or a slash command when the text starts with a slash."""
    channel = channel_of(core, user, channel_id, member=True)
    if text.startswith("/") and not files:
        return await slash(core, user, channel, text, thread_ts)
    if not text.strip() and not files:
        raise Refused("no_text", status=400)
    if thread_ts is not None and core.state.find_message(channel_id, thread_ts) is None:
        raise Refused("thread_not_found", status=404)
    if any(f not in core.state.files or core.state.files[f].user != user for f in files):
        raise Refused("file_not_found", status=404)
    message = Message(
        channel_id,
        core.state.new_ts(),
        user,
        post.typed(core, text)[: post.TEXT_CUT],
        thread_ts=thread_ts,
        files=list(files),
        subtype="file_share" if files else None,
    )
    for file_id in files:
        core.state.files[file_id].shares.setdefault(channel_id, []).append(message.ts)
        core.state.put_file(core.state.files[file_id])
    post.publish(core, message)
    return {"ok": True, "ts": message.ts}


def upload(core: Core, user: str, name: str, content: bytes) -> StoredFile:
    """Keep a person's file; it is theirs alone until a message shares it."""
    person_of(core, user)
    created = int(core.state.now())
    file = StoredFile(core.state.new_id("F"), name, user, created, content=content, completed=True)
    return core.state.put_file(file)


def tell_file_shared(core: Core, file: StoredFile, channel_id: str) -> None:
    """The event that follows a share."""
    if core.state.bot in core.state.channels[channel_id].members:
        core.delivery.tell(
            {
                "type": "file_shared",
                "file_id": file.id,
                "user_id": file.user,
                "file": {"id": file.id},
                "channel_id": channel_id,
                "event_ts": core.state.new_ts(),
            }
        )


def react(core: Core, user: str, channel_id: str, ts: str, name: str, add: bool) -> None:
    """Add or take away a reaction; the app uses this too, under its bot user."""
    message = core.state.find_message(channel_id, ts)
    if message is None:
        raise Refused("message_not_found")
    if not re.fullmatch(r"[\w+'-]+(::skin-tone-\d)?", name):
        raise Refused("invalid_name")
    users = message.reactions.setdefault(name, [])
    if add == (user in users):
        if not users:
            del message.reactions[name]
        raise Refused("already_reacted" if add else "no_reaction")
    users.append(user) if add else users.remove(user)
    if not users:
        del message.reactions[name]
    core.state.put_message(message)
    channel = core.state.channels[channel_id]
    push = {"type": "reaction", "channel": channel_id, "message": shapes.message(core, message)}
    core.hub.push(core.state.viewers(channel), push)
    if core.state.bot in channel.members:
        core.delivery.tell(
            {
                "type": "reaction_added" if add else "reaction_removed",
                "user": user,
                "reaction": name,
                "item_user": message.user,
                "item": {"type": "message", "channel": channel_id, "ts": ts},
                "event_ts": core.state.new_ts(),
            }
        )


def join(core: Core, user: str, channel: Channel, inviter: str | None = None) -> None:
    """A person or the app becomes a member."""
    if user in channel.members:
        return
    channel.members.append(user)
    core.state.put_channel(channel)
    _show_channel(core, channel)
    if core.state.bot in channel.members:
        core.delivery.tell(
            {
                "type": "member_joined_channel",
                "user": user,
                "channel": channel.id,
                "channel_type": "C" if channel.kind == "channel" else "G",
                "team": core.config.team_id,
                "inviter": inviter,
                "event_ts": core.state.new_ts(),
            }
        )


def leave(core: Core, user: str, channel: Channel) -> None:
    """The reverse of join."""
    if user in channel.members:
        channel.members.remove(user)
        core.state.put_channel(channel)
        _show_channel(core, channel)


def _show_channel(core: Core, channel: Channel) -> None:
    for user in core.state.viewers(channel):
        core.hub.push([user], {"type": "channel", "channel": shapes.channel(core, channel, user)})


# ---- slash commands --------------------------------------------------------------------------------------


async def slash(core: Core, user: str, channel: Channel, text: str, thread_ts: str | None = None) -> Json:
    """Dispatch a command; whatever goes wrong is whispered to the person."""
    name, _, rest = text.strip().partition(" ")
    if name in ("/invite", "/remove"):
        return _membership(core, user, channel, name, rest.strip())
    command = next((c for c in core.config.app.commands if c.command == name), None)
    if command is None:
        return _command_failed(core, user, channel, thread_ts, "unknown_command", f"{name} is not a valid command.")
    if thread_ts is not None:
        said = f"{name} is not supported in threads. Sorry!"
        return _command_failed(core, user, channel, thread_ts, "not_in_thread", said)
    payload: Json = {
        "token": core.config.verification_token,
        "team_id": core.config.team_id,
        "team_domain": core.config.team_domain,
        "channel_id": channel.id,
        "channel_name": shapes.name_in_payload(channel),
        "user_id": user,
        "user_name": core.state.people[user].name,
        "command": name,
        "text": _command_text(core, command, rest.strip()),
        "api_app_id": core.config.app.id,
        "is_enterprise_install": "false",
        "response_url": _response_url(core, user, channel.id),
        "trigger_id": core.state.new_trigger(user),
    }
    answer = await core.delivery.ask("slash_commands", payload)
    if isinstance(answer, Unanswered):
        said = f'{name} failed with the error "{answer.error}": {core.config.app.name} did not respond.'
        return _command_failed(core, user, channel, None, answer.error, said)
    if not any(answer.body.get(part) for part in ("text", "blocks", "attachments")):
        return {"ok": True}
    try:
        in_channel = answer.body.get("response_type") == "in_channel"
        post.publish(core, post.by_app(core, channel.id, answer.body, ephemeral_to=None if in_channel else user))
    except Refused as refused:
        said = f'{name} failed with the error "{refused.error}".'
        return _command_failed(core, user, channel, None, refused.error, said)
    return {"ok": True}


def _command_text(core: Core, command: Command, text: str) -> str:
    """`&`, `<` and `>` are always escaped; names become ids only where the command asks for it."""
    if not command.escape:
        return html.escape(text, quote=False)
    names = {person.id: person.name for person in core.config.people}
    names[core.state.bot] = core.config.app.name
    return re.sub(r"<@(\w+)>", lambda m: f"<@{m[1]}|{names.get(m[1], '')}>", post.typed(core, text))


def _command_failed(core: Core, user: str, channel: Channel, thread_ts: str | None, error: str, said: str) -> Json:
    post.whisper(core, user, channel.id, said, thread_ts)
    return {"ok": False, "error": error, "message": said}


def _membership(core: Core, user: str, channel: Channel, name: str, who: str) -> Json:
    """/invite @name and /remove @name, as Slack has them built in."""
    handles = {person.name: person.id for person in core.config.people}
    handles[core.config.app.name] = core.state.bot
    target = handles.get(who.removeprefix("@"))
    if target is None or channel.kind == "im":
        return _command_failed(core, user, channel, None, "user_not_found", f"Nobody here is called {who}.")
    if name == "/invite":
        join(core, target, channel, inviter=user)
    else:
        leave(core, target, channel)
    return {"ok": True}


# ---- clicks ----------------------------------------------------------------------------------------------


async def act(core: Core, user: str, container: Json, action: Json, entered: Json) -> Json:
    """A click, choice or dispatched input in a message or view."""
    source = find_source(core, user, container)
    found = find_element(source.blocks, action.get("block_id"), str(action.get("action_id")))
    if found is None:
        raise Refused("unknown_action", status=400)
    block, element = found
    allowed = element.get("visible_to_user_ids")
    if allowed and user not in allowed:
        raise Refused("unknown_action", status=403)
    entered = values(source.blocks, entered)
    if source.view is not None:
        source.view.values = entered
    payload = source.payload(core, user) | {
        "type": "block_actions",
        "trigger_id": core.state.new_trigger(user, source.view.id if source.view else None),
        "actions": [_action(core, block, element, action)],
    }
    if source.message is not None:
        payload = _in_attachment(payload, source.message, block)
        payload["state"] = {"values": entered}
        payload["response_url"] = _response_url(
            core, user, source.message.channel, source.message.ts, source.message.thread_ts
        )
    answer = await core.delivery.ask("interactive", payload)
    if isinstance(answer, Unanswered):
        return {
            "ok": False,
            "error": answer.error,
            "message": f"{core.config.app.name} did not respond.",
        }
    return {"ok": True}


def _in_attachment(payload: Json, message: Message, block: Json) -> Json:
    """A press in an unfurled link names the attachment it stands in, by its place among them, and the link."""
    for index, attachment in enumerate(message.attachments, start=1):
        if attachment.get("from_url") and any(inner is block for inner in walk_blocks(attachment.get("blocks", []))):
            container = {
                **payload["container"],
                "type": "message_attachment",
                "attachment_id": index,
                "is_app_unfurl": True,
                "app_unfurl_url": attachment["from_url"],
            }
            return {**payload, "container": container, "app_unfurl": {**attachment, "id": index}}
    return payload


async def suggest(core: Core, user: str, container: Json, action_id: str, block_id: str | None, value: str) -> Json:
    """The options of an external select for what was typed so far."""
    source = find_source(core, user, container)
    found = find_element(source.blocks, block_id, action_id)
    if found is None or "external_select" not in found[1]["type"]:
        raise Refused("unknown_action", status=400)
    if len(value) < found[1].get("min_query_length", 3):
        return {"options": []}
    payload = source.payload(core, user) | {
        "type": "block_suggestion",
        "action_id": action_id,
        "block_id": found[0]["block_id"],
        "value": value,
    }
    answer = await core.delivery.ask("interactive", payload)
    if isinstance(answer, Unanswered):
        return {"options": [], "error": answer.error}
    offered = {name: answer.body[name] for name in ("options", "option_groups") if answer.body.get(name)}
    if not offered:
        return {"options": []}
    probe = {"type": "actions", "elements": [{"type": "static_select", "action_id": "a", **offered}]}
    if check_blocks([probe], "message"):
        return {"options": [], "error": "invalid_options"}
    return offered


class Source:
    """Where an interaction happens: a message or a view, with the parts of its payload."""

    def __init__(self, message: Message | None = None, view: View | None = None):
        self.message = message
        self.view = view

    @property
    def blocks(self) -> list[Json]:
        if self.view is not None:
            found: list[Json] = self.view.payload["blocks"]
            return found
        assert self.message is not None
        inner = [block for a in self.message.attachments for block in a.get("blocks", [])]
        return self.message.blocks + inner

    def payload(self, core: Core, user: str) -> Json:
        body = common_payload(core, user)
        if self.view is not None:
            return body | {
                "container": {"type": "view", "view_id": self.view.id},
                "view": shapes.view(core, self.view),
            }
        message = self.message
        assert message is not None
        channel = core.state.channels[message.channel]
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": message.ephemeral_to is not None,
        }
        if message.thread_ts is not None:
            container["thread_ts"] = message.thread_ts
        body |= {
            "container": container,
            "channel": {"id": channel.id, "name": shapes.name_in_payload(channel)},
        }
        if message.ephemeral_to is None:  # Slack does not send the content of ephemeral messages
            body["message"] = shapes.message(core, message)
        return body


def find_source(core: Core, user: str, container: Json) -> Source:
    """The message or view a person acts on; raises Refused when it is gone or not theirs."""
    person_of(core, user)
    if container.get("type") == "view":
        view = core.state.views.get(str(container.get("view_id")))
        if view is None or view.user != user:
            raise Refused("view_not_found", status=404)
        return Source(view=view)
    ts = str(container.get("message_ts"))
    ephemeral = core.state.ephemerals.get(ts)
    if ephemeral is not None and ephemeral.ephemeral_to == user:
        return Source(message=ephemeral)
    channel = channel_of(core, user, str(container.get("channel_id")))
    message = core.state.find_message(channel.id, ts)
    if message is None:
        raise Refused("message_not_found", status=404)
    return Source(message=message)


def common_payload(core: Core, user: str) -> Json:
    return {
        "user": person_of(core, user),
        "team": {"id": core.config.team_id, "domain": core.config.team_domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "api_app_id": core.config.app.id,
        "token": core.config.verification_token,
    }


def _action(core: Core, block: Json, element: Json, given: Json) -> Json:
    """The action as Slack sends it: what the app put there, and what the person chose."""
    kind = element["type"]
    body: Json = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": core.state.new_ts(),
    }
    body |= {
        name: element[name]
        for name in ("text", "value", "style", "confirm", "placeholder")
        if element.get(name) is not None and kind not in ("feedback_buttons",)
    }
    if kind == "feedback_buttons":
        pressed = given.get("value")
        for name in ("positive_button", "negative_button"):
            if element[name]["value"] == pressed:
                body |= {"value": pressed, "text": element[name]["text"]}
        if "value" not in body:
            raise Refused("unknown_action", status=400)
    if kind in FIELDS:
        key, _ = FIELDS[kind]
        chosen: Any = given.get(key)
        if kind in ("static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow"):
            chosen = offered_only(element, chosen)
            if kind in ("static_select", "overflow") and chosen is None:
                raise Refused("unknown_option", status=400)
        body[key] = chosen
    return body


def _response_url(
    core: Core, user: str, channel: str, source_ts: str | None = None, thread_ts: str | None = None
) -> str:
    return f"{core.url}/response/{core.state.new_response_url(user, channel, source_ts, thread_ts)}"


# ---- shortcuts and Home ----------------------------------------------------------------------------------


async def shortcut(core: Core, user: str, callback_id: str, kind: str, channel_id: str | None, ts: str | None) -> Json:
    """A global shortcut, or one from a message's menu."""
    known = any(s.callback_id == callback_id and s.type == kind for s in core.config.app.shortcuts)
    if not known:
        raise Refused("unknown_shortcut", status=404)
    payload = common_payload(core, user) | {
        "type": "shortcut" if kind == "global" else "message_action",
        "callback_id": callback_id,
        "trigger_id": core.state.new_trigger(user),
        "action_ts": core.state.new_ts(),
    }
    if kind == "message_action":
        channel = channel_of(core, user, str(channel_id))
        message = core.state.find_message(channel.id, str(ts))
        if message is None:
            raise Refused("message_not_found", status=404)
        payload |= {
            "channel": {"id": channel.id, "name": shapes.name_in_payload(channel)},
            "message_ts": message.ts,
            "message": shapes.message(core, message),
            "response_url": _response_url(core, user, channel.id, None, message.thread_ts),
        }
    answer = await core.delivery.ask("interactive", payload)
    match answer:
        case Acked():
            return {"ok": True}
        case Unanswered():
            said = f"{core.config.app.name} did not respond."
            core.hub.push([user], {"type": "toast", "text": said, "error": answer.error})
            return {"ok": False, "error": answer.error, "message": said}


def open_home(core: Core, user: str, tab: str = "home") -> Json | None:
    """Look at the app's Home (or Messages) tab; answers the published view, or None."""
    person_of(core, user)
    view = core.state.views.get(core.state.homes.get(user, ""))
    event: Json = {
        "type": "app_home_opened",
        "user": user,
        "channel": core.state.open_im(user).id,
        "tab": tab,
        "event_ts": core.state.new_ts(),
    }
    if view is not None and tab == "home":
        event["view"] = shapes.view(core, view)
    core.delivery.tell(event)
    return shapes.view(core, view) if view is not None else None
