"""What is true in the workspace now: people, channels, messages, views and files, as plain data.

Changes go through the `put_*` and `drop_*` methods, which are also what a journal listens to. Nothing here waits,
sends or asks the clock; the rules of who may see what are plain functions of this state.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from segbot.demo.workspace.config import Person, WorkspaceConfig

Json = dict[str, Any]
SLACKBOT = "USLACKBOT"


class Refused(Exception):
    """The workspace refuses a call with one of Slack's error codes."""

    def __init__(self, error: str, status: int = 200, headers: dict[str, str] | None = None, **fields: Any):
        super().__init__(error)
        self.error = error
        self.status = status
        self.headers = headers or {}
        self.fields = fields

    def body(self) -> Json:
        return {"ok": False, "error": self.error, **self.fields}


@dataclass(slots=True)
class Channel:
    """A conversation; `kind` is channel, group (private), im or mpim, as in Slack's events."""

    id: str
    name: str
    kind: str
    members: list[str]
    topic: str = ""
    created: int = 0
    im_user: str | None = None
    is_archived: bool = False

    @property
    def is_private(self) -> bool:
        return self.kind != "channel"


@dataclass(slots=True)
class Message:
    """One message. `ephemeral_to` names the only person who sees it; `stream` is set while it is streamed."""

    channel: str
    ts: str
    user: str
    text: str = ""
    is_bot: bool = False
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    broadcast: bool = False
    subtype: str | None = None
    username: str | None = None
    icons: Json | None = None
    metadata: Json | None = None
    files: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    edited: Json | None = None
    ephemeral_to: str | None = None
    stream: Json | None = None


@dataclass(slots=True)
class View:
    """A modal or Home tab: the payload as the app gave it, and what the workspace knows about it."""

    id: str
    user: str
    payload: Json
    hash: str
    root_view_id: str
    previous_view_id: str | None = None
    values: Json = field(default_factory=dict)

    @property
    def external_id(self) -> str:
        return str(self.payload.get("external_id") or "")


@dataclass(slots=True)
class StoredFile:
    """An upload: announced (`expected`), filled (`content`), and perhaps shared into channels."""

    id: str
    name: str
    user: str
    created: int
    title: str = ""
    alt_txt: str = ""
    expected: int = 0
    content: bytes | None = None
    completed: bool = False
    shares: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Trigger:
    """A single-use permission to open a modal for a person, soon."""

    user: str
    expires_at: float
    view_id: str | None = None
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """Where an app may answer one interaction: five times, for half an hour."""

    user: str
    channel: str
    expires_at: float
    source_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0


Listener = Callable[[str, Json], None]


class State:
    """All of the above, indexed. `now` is a function giving seconds since 1970."""

    def __init__(self, config: WorkspaceConfig, now: Callable[[], float]):
        self.config = config
        self.now = now
        self.people: dict[str, Person] = {person.id: person for person in config.people}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, dict[str, Message]] = {}
        self.ephemerals: dict[str, Message] = {}
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, str] = {}
        self.files: dict[str, StoredFile] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.listener: Listener = lambda kind, record: None
        self._last_ts = 0
        self._found(config)

    def _found(self, config: WorkspaceConfig) -> None:
        """The configured channels, and a direct message with the app for everybody."""
        created = int(self.now())
        for room in config.channels:
            kind = "group" if room.is_private else "channel"
            self.put_channel(Channel(room.id, room.name, kind, list(room.members), room.topic, created))
        for person in config.people:
            self.open_im(person.id)

    # ---- identity and time

    def new_id(self, prefix: str) -> str:
        alphabet = string.ascii_uppercase + string.digits
        return prefix + "".join(secrets.choice(alphabet) for _ in range(10))

    def new_ts(self) -> str:
        """A message timestamp: unique and rising, even within one microsecond."""
        self._last_ts = max(self._last_ts + 1, int(self.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    @property
    def bot(self) -> str:
        return self.config.app.bot_user_id

    # ---- channels

    def put_channel(self, channel: Channel) -> Channel:
        self.channels[channel.id] = channel
        self.messages.setdefault(channel.id, {})
        self.listener("channel", asdict(channel))
        return channel

    def open_im(self, user: str) -> Channel:
        """The direct message between a person and the app, made when it is missing."""
        for channel in self.channels.values():
            if channel.kind == "im" and channel.im_user == user:
                return channel
        channel_id = "D" + user[1:] if "D" + user[1:] not in self.channels else self.new_id("D")
        return self.put_channel(Channel(channel_id, "", "im", [user, self.bot], created=int(self.now()), im_user=user))

    def find_channel(self, reference: str) -> Channel | None:
        """By id, by name with or without `#`, or the direct message with a person given by id."""
        if reference in self.channels:
            return self.channels[reference]
        if reference in self.people:
            return self.open_im(reference)
        wanted = reference.removeprefix("#")
        return next((c for c in self.channels.values() if c.name and c.name == wanted), None)

    def visible_to(self, user: str, channel: Channel) -> bool:
        return channel.kind == "channel" or user in channel.members

    def viewers(self, channel: Channel) -> Iterator[str]:
        return (person for person in self.people if self.visible_to(person, channel))

    # ---- messages

    def put_message(self, message: Message) -> Message:
        if message.ephemeral_to is not None:
            self.ephemerals[message.ts] = message  # never kept: Slack forgets them too
            return message
        self.messages[message.channel][message.ts] = message
        self.listener("message", asdict(message))
        return message

    def drop_message(self, message: Message) -> None:
        """Take a message away; a parent that has replies stays as a tombstone."""
        if message.ephemeral_to is not None:
            self.ephemerals.pop(message.ts, None)
            return
        if self.replies(message.channel, message.ts):
            reduced = Message(
                message.channel,
                message.ts,
                SLACKBOT,
                "This message was deleted.",
                thread_ts=message.thread_ts,
                subtype="tombstone",
            )
            self.put_message(reduced)
            return
        self.messages[message.channel].pop(message.ts, None)
        self.listener("message_gone", {"channel": message.channel, "ts": message.ts})

    def find_message(self, channel: str, ts: str) -> Message | None:
        return self.messages.get(channel, {}).get(ts)

    def replies(self, channel: str, ts: str) -> list[Message]:
        return [m for m in self.messages.get(channel, {}).values() if m.thread_ts == ts and m.ts != ts]

    def timeline(self, channel: str) -> list[Message]:
        """What stands in the channel itself: no replies, except those also sent to the channel."""
        return sorted(
            (m for m in self.messages[channel].values() if m.thread_ts in (None, m.ts) or m.broadcast),
            key=lambda m: m.ts,
        )

    def thread(self, channel: str, ts: str) -> list[Message]:
        found = [m for m in self.messages[channel].values() if ts in (m.ts, m.thread_ts)]
        return sorted(found, key=lambda m: m.ts)

    # ---- views

    def put_view(self, view: View) -> View:
        self.views[view.id] = view
        if view.payload.get("type") == "home":
            self.homes[view.user] = view.id
            self.listener("home", asdict(view))
        return view

    def stack(self, user: str) -> list[str]:
        return self.stacks.setdefault(user, [])

    # ---- files

    def put_file(self, file: StoredFile) -> StoredFile:
        self.files[file.id] = file
        if file.content is not None:
            self.listener("file", asdict(file))
        return file

    def drop_file(self, file: StoredFile) -> None:
        """Delete a file; messages that carried it lose it."""
        for channel, stamps in file.shares.items():
            for ts in stamps:
                message = self.find_message(channel, ts)
                if message is not None and file.id in message.files:
                    message.files.remove(file.id)
                    self.put_message(message)
        del self.files[file.id]
        self.listener("file_gone", {"id": file.id})

    def file_visible_to(self, user: str, file: StoredFile) -> bool:
        return file.user == user or any(self.visible_to(user, self.channels[channel]) for channel in file.shares)

    def records(self) -> Iterator[tuple[str, Json]]:
        """Everything a journal keeps, as it would have been told of it."""
        for channel in self.channels.values():
            yield "channel", asdict(channel)
        for messages in self.messages.values():
            for message in messages.values():
                yield "message", asdict(message)
        for view_id in self.homes.values():
            yield "home", asdict(self.views[view_id])
        for file in self.files.values():
            if file.content is not None:
                yield "file", asdict(file)

    # ---- permissions that run out

    def _forget_expired(self) -> None:
        """Drop what ran out an hour ago; until then a late use is told why it fails."""
        long_ago = self.now() - 3600
        for store in (self.triggers, self.response_urls):
            gone = [key for key, permission in store.items() if permission.expires_at < long_ago]
            for key in gone:
                del store[key]

    def new_trigger(self, user: str, view_id: str | None = None) -> str:
        self._forget_expired()
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self.triggers[trigger_id] = Trigger(user, self.now() + self.config.trigger_seconds, view_id)
        return trigger_id

    def check_trigger(self, trigger_id: str) -> Trigger:
        """The trigger, if it can still be exchanged; the caller marks it used once nothing else is wrong."""
        trigger = self.triggers.get(trigger_id)
        if trigger is None:
            raise Refused("invalid_trigger_id")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if self.now() >= trigger.expires_at:
            raise Refused("expired_trigger_id")
        return trigger

    def new_response_url(
        self, user: str, channel: str, source_ts: str | None = None, thread_ts: str | None = None
    ) -> str:
        key = secrets.token_urlsafe(18)
        expires = self.now() + self.config.response_url_seconds
        self.response_urls[key] = ResponseUrl(user, channel, expires, source_ts, thread_ts)
        return key
