"""Slack's JSON shapes: how a person, channel, message, file or view looks to an app and to the page."""

from __future__ import annotations

import mimetypes
from pathlib import PurePosixPath

from segbot.demo.workspace.config import Group, Person
from segbot.demo.workspace.core import Core
from segbot.demo.workspace.state import SLACKBOT, Channel, Json, Message, StoredFile, View


def user(core: Core, person: Person, email: bool = True) -> Json:
    profile: Json = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "title": person.title,
        "team": core.config.team_id,
    }
    if email:
        profile["email"] = person.email
    return {
        "id": person.id,
        "team_id": core.config.team_id,
        "name": person.name,
        "real_name": person.real_name,
        "color": person.color,
        "deleted": False,
        "is_admin": person.is_admin,
        "is_owner": person.is_admin,
        "is_bot": False,
        "is_app_user": False,
        "tz": "America/Los_Angeles",
        "tz_label": "Pacific Time",
        "tz_offset": -25200,
        "updated": 0,
        "profile": profile,
    }


def bot_user(core: Core) -> Json:
    app = core.config.app
    return {
        "id": app.bot_user_id,
        "team_id": core.config.team_id,
        "name": app.name,
        "real_name": app.name,
        "deleted": False,
        "is_admin": False,
        "is_bot": True,
        "is_app_user": False,
        "updated": 0,
        "profile": {
            "real_name": app.name,
            "display_name": app.name,
            "api_app_id": app.id,
            "bot_id": app.bot_id,
            "team": core.config.team_id,
        },
    }


def group(core: Core, one: Group) -> Json:
    return {
        "id": one.id,
        "team_id": core.config.team_id,
        "is_usergroup": True,
        "name": one.name,
        "handle": one.handle,
        "description": "",
        "user_count": len(one.users),
        "users": list(one.users),
        "date_delete": 0,
    }


def channel(core: Core, one: Channel, viewer: str) -> Json:
    if one.kind == "im":
        return {
            "id": one.id,
            "created": one.created,
            "is_im": True,
            "is_channel": False,
            "is_group": False,
            "is_mpim": False,
            "is_private": True,
            "is_archived": False,
            "is_org_shared": False,
            "user": one.im_user,
        }
    return {
        "id": one.id,
        "name": one.name,
        "name_normalized": one.name,
        "created": one.created,
        "creator": SLACKBOT,
        "is_channel": one.kind == "channel",
        "is_group": one.kind == "group",
        "is_im": False,
        "is_mpim": one.kind == "mpim",
        "is_private": one.is_private,
        "is_archived": one.is_archived,
        "is_general": False,
        "is_shared": False,
        "is_member": viewer in one.members,
        "num_members": len(one.members),
        "topic": {"value": one.topic, "creator": SLACKBOT, "last_set": one.created},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def name_in_payload(one: Channel) -> str:
    """The channel name in commands and clicks: private ones are not told."""
    return {"im": "directmessage", "group": "privategroup", "mpim": "privategroup"}.get(one.kind, one.name)


def bot_profile(core: Core) -> Json:
    app = core.config.app
    return {
        "id": app.bot_id,
        "app_id": app.id,
        "name": app.name,
        "deleted": False,
        "updated": 0,
        "team_id": core.config.team_id,
        "icons": {},
    }


def message(core: Core, one: Message) -> Json:
    """Slack's message object; a parent carries the figures of its thread."""
    body: Json = {"type": "message", "ts": one.ts, "user": one.user, "text": one.text}
    if one.is_bot:
        body |= {
            "bot_id": core.config.app.bot_id,
            "app_id": core.config.app.id,
            "team": core.config.team_id,
            "bot_profile": bot_profile(core),
        }
    optional: Json = {
        "subtype": one.subtype,
        "username": one.username,
        "icons": one.icons,
        "blocks": one.blocks,
        "attachments": one.attachments,
        "thread_ts": one.thread_ts,
        "metadata": one.metadata,
        "edited": one.edited,
    }
    body |= {name: value for name, value in optional.items() if value}
    if one.files:
        body["files"] = [file(core, core.state.files[f]) for f in one.files if f in core.state.files]
    if one.reactions:
        body["reactions"] = [
            {"name": name, "users": list(users), "count": len(users)} for name, users in one.reactions.items()
        ]
    if one.ephemeral_to is not None:
        return body | {"ephemeral": True, "is_ephemeral": True}
    replies = core.state.replies(one.channel, one.ts)
    if replies:
        repliers = list(dict.fromkeys(reply.user for reply in replies))
        body |= {
            "thread_ts": one.ts,
            "reply_count": len(replies),
            "reply_users": repliers[:5],
            "reply_users_count": len(repliers),
            "latest_reply": max(reply.ts for reply in replies),
        }
    elif one.thread_ts is not None and one.thread_ts != one.ts:
        parent = core.state.find_message(one.channel, one.thread_ts)
        if parent is not None:
            body["parent_user_id"] = parent.user
    if one.stream is not None:
        body["streaming_state"] = one.stream["state"]
    return body


def file(core: Core, one: StoredFile) -> Json:
    suffix = PurePosixPath(one.name).suffix.lstrip(".").lower()
    public: Json = {}
    private: Json = {}
    for channel_id, stamps in one.shares.items():
        place = private if core.state.channels[channel_id].is_private else public
        place[channel_id] = [{"ts": ts, "channel_name": core.state.channels[channel_id].name} for ts in stamps]
    kinds = {"channel": "channels", "group": "groups", "im": "ims", "mpim": "groups"}
    places: Json = {"channels": [], "groups": [], "ims": []}
    for channel_id in one.shares:
        places[kinds[core.state.channels[channel_id].kind]].append(channel_id)
    address = f"{core.url}/files-pri/{one.id}/{one.name}"
    return {
        "id": one.id,
        "created": one.created,
        "timestamp": one.created,
        "name": one.name,
        "title": one.title or one.name,
        "mimetype": mimetype(one),
        "filetype": suffix or "text",
        "pretty_type": suffix.upper() or "Plain Text",
        "user": one.user,
        "user_team": core.config.team_id,
        "size": len(one.content or b""),
        "mode": "hosted",
        "is_external": False,
        "is_public": bool(public),
        "alt_txt": one.alt_txt,
        "url_private": address,
        "url_private_download": f"{address}?download=1",
        "permalink": f"{core.url}/files/{one.user}/{one.id}/{one.name}",
        "shares": {name: place for name, place in (("public", public), ("private", private)) if place},
        **places,
    }


def mimetype(one: StoredFile) -> str:
    return mimetypes.guess_type(one.name)[0] or "text/plain"


def view(core: Core, one: View) -> Json:
    """The view object: what the app gave, and the ids and state that are the workspace's."""
    payload = one.payload
    return {
        "id": one.id,
        "team_id": core.config.team_id,
        "type": payload["type"],
        "blocks": payload.get("blocks", []),
        "private_metadata": payload.get("private_metadata") or "",
        "callback_id": payload.get("callback_id") or "",
        "external_id": one.external_id,
        "state": {"values": one.values},
        "hash": one.hash,
        "title": payload.get("title"),
        "submit": payload.get("submit"),
        "close": payload.get("close"),
        "clear_on_close": bool(payload.get("clear_on_close")),
        "notify_on_close": bool(payload.get("notify_on_close")),
        "submit_disabled": bool(payload.get("submit_disabled")),
        "root_view_id": one.root_view_id,
        "previous_view_id": one.previous_view_id,
        "app_id": core.config.app.id,
        "app_installed_team_id": core.config.team_id,
        "bot_id": core.config.app.bot_id,
    }
