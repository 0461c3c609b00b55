"""What Slack sends, read once into plain values: who, where, what, and a key that names this delivery.

Slack delivers twice, late, and with fields missing. Here a missing field is an error with its path (`BadPayload`),
and every payload gets a delivery key that is the same for the same human act, so that flows can refuse to act twice.
"""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from segbot.errors import SegbotError
from segbot.flows.desk import Actor
from segbot.model.request import Surface
from segbot.slack.ids import Field, Value, read_value

Body: TypeAlias = Mapping[str, Any]


class BadPayload(SegbotError):
    """Slack sent something that segbot could not read, so nothing was changed. Please try once more."""


class OutdatedButton(SegbotError):
    """This button is from an older segbot and no longer works. Type the request again with `/segment`."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer goes. `response_url` reaches `user` even where segbot is not a member, five times in 30 minutes."""

    user: str
    channel: str | None = None
    thread: str | None = None
    response_url: str | None = None


@dataclass(frozen=True, slots=True)
class Posted:
    """A message of ours that everybody in the channel sees. `thread` is the ts of the thread it stands in, if any."""

    channel: str
    ts: str
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Private:
    """A message of ours that only one person sees, replaceable through its response_url while that lives."""

    place: Place


Spot: TypeAlias = Posted | Private


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asked something in words."""

    actor: Actor
    words: str
    place: Place
    delivery: str
    surface: Surface


@dataclass(frozen=True, slots=True)
class Click:
    """Somebody pressed a button or picked an option. `spot` is the message it stands in, None in a modal or at Home."""

    actor: Actor
    action: str
    value: str
    place: Place
    spot: Spot | None
    delivery: str
    trigger: str

    @property
    def about(self) -> Value:
        """The request and indexes that the button is about. Raises `OutdatedButton`."""
        value = read_value(self.value)
        if value is None:
            raise OutdatedButton(self.value[:80])
        return value


@dataclass(frozen=True, slots=True)
class Origin:
    """Which request a modal is about and where its card stands; travels in the modal's private metadata.

    `word` and `means` are what a definition's form is about: the word, and the meaning that was shown with its size.
    """

    request: str
    spot: Spot | None
    word: str = ""
    means: str = ""

    def __str__(self) -> str:
        match self.spot:
            case None:
                at: dict[str, str | None] = {}
            case Posted(channel, ts, thread):
                at = {"channel": channel, "ts": ts, "thread": thread}
            case Private(place):
                at = {"user": place.user, "channel": place.channel, "url": place.response_url}
        about = {"word": self.word or None, "means": self.means or None}
        given = {k: v for k, v in {**at, **about}.items() if v is not None}
        return json.dumps({"v": 1, "request": self.request, **given})


@dataclass(frozen=True, slots=True)
class Submitted:
    """Somebody sent a form: its fields as text (an option's value; empty where nothing was given), without space around.

    `delivery` is the same for the same form with the same content.
    """

    actor: Actor
    origin: Origin
    place: Place
    fields: Mapping[Field, str]
    delivery: str
    view: str

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags, each once, without a # in front."""
        listed = (tag.strip(" \t#") for tag in self.fields[Field.TAGS].split(","))
        return tuple(dict.fromkeys(tag for tag in listed if tag))


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looked at the app's Home or its messages."""

    actor: Actor
    tab: str
    event: str


def command(body: Body) -> Asked:
    """A slash command. Raises `BadPayload`."""
    place = Place(
        user=_text(body, "user_id"), channel=_text(body, "channel_id"), response_url=_text(body, "response_url")
    )
    actor = Actor(_text(body, "team_id"), place.user, place.channel, handle=handle_of(body))
    delivery = f"command:{_text(body, 'trigger_id')}"
    return Asked(actor, said(_maybe(body, "text") or ""), place, delivery, Surface.COMMAND)


def mention(body: Body, bot: str) -> Asked:
    """A message that names segbot; the answer goes into its thread. Raises `BadPayload`."""
    words = re.sub(rf"<@{re.escape(bot)}(\|[^>]*)?>", " ", _maybe(body, "event", "text") or "")
    return _message(
        body, said(words), Surface.MENTION, _maybe(body, "event", "thread_ts") or _text(body, "event", "ts")
    )


def direct(body: Body) -> Asked | None:
    """A message to segbot alone, or None for what is none: edits, joins, other bots, channels. Raises `BadPayload`."""
    event = body.get("event")
    if not isinstance(event, Mapping) or event.get("channel_type") != "im":
        return None
    if event.get("subtype") not in (None, "thread_broadcast") or event.get("bot_id") or not event.get("user"):
        return None
    return _message(
        body, said(_maybe(body, "event", "text") or ""), Surface.MESSAGE, _maybe(body, "event", "thread_ts")
    )


def reply(body: Body, bot: str) -> Asked | None:
    """What a person wrote in a thread of a channel, or None for everything else. Raises `BadPayload`.

    Messages that name segbot come as mentions too, and are taken there.
    """
    event = body.get("event")
    if not isinstance(event, Mapping) or event.get("channel_type") not in ("channel", "group", "mpim"):
        return None
    if event.get("subtype") not in (None, "thread_broadcast") or event.get("bot_id") or not event.get("user"):
        return None
    text, thread = _maybe(body, "event", "text") or "", _maybe(body, "event", "thread_ts")
    if thread is None or f"<@{bot}" in text:
        return None
    return _message(body, said(text), Surface.MESSAGE, thread)


def click(body: Body) -> Click:
    """A press of a button or a pick from a menu. Raises `BadPayload`."""
    actions = body.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], Mapping):
        raise BadPayload("actions")
    action = actions[0]
    spot = _spot(body)
    place = place_of(body)
    at = spot.ts if isinstance(spot, Posted) else _maybe(body, "container", "message_ts") or _maybe(body, "view", "id")
    team = _maybe(body, "team", "id") or _text(body, "user", "team_id")
    return Click(
        actor=Actor(team, _text(body, "user", "id"), place.channel, place.thread, handle_of(body)),
        action=_text(action, "action_id"),
        value=_maybe(action, "value") or _maybe(action, "selected_option", "value") or "",
        place=place,
        spot=spot,
        delivery=f"click:{place.channel}:{at}:{_text(action, 'action_ts')}:{_text(body, 'user', 'id')}",
        trigger=_text(body, "trigger_id"),
    )


def submitted(body: Body) -> Submitted:
    """A form as sent. Raises `BadPayload`."""
    view = _text(body, "view", "id")
    user = _text(body, "user", "id")
    origin = _origin(_text(body, "view", "private_metadata"), user)
    fields = {field: _field(body, field).strip() for field in Field}
    team = _maybe(body, "team", "id") or _text(body, "user", "team_id")
    match origin.spot:
        case Posted(channel, _, thread):
            place = Place(user, channel, thread)
        case Private(place):
            pass
        case None:
            place = Place(user)
    written = hashlib.sha256(json.dumps([str(origin), fields], sort_keys=True).encode()).hexdigest()[:16]
    return Submitted(
        actor=Actor(team, user, place.channel, place.thread, handle_of(body)),
        origin=origin,
        place=place,
        fields=fields,
        delivery=f"form:{view}:{written}",
        view=view,
    )


def handle_of(body: Body) -> str:
    """The handle of the person who did this, without an @, where Slack tells it."""
    return _maybe(body, "user", "username") or _maybe(body, "user", "name") or _maybe(body, "user_name") or ""


def _field(body: Body, field: Field) -> str:
    at = ("view", "state", "values", field, field)
    return _maybe(body, *at, "value") or _maybe(body, *at, "selected_option", "value") or ""


def home_opened(body: Body) -> HomeOpened:
    """Somebody opened the app. Raises `BadPayload`."""
    actor = Actor(team=_text(body, "team_id"), user=_text(body, "event", "user"))
    return HomeOpened(actor, _maybe(body, "event", "tab") or "", _text(body, "event_id"))


def place_of(body: Body) -> Place:
    """Where to answer whatever this is; never raises, so that even an unreadable payload gets an answer."""
    user = _maybe(body, "user", "id") or _maybe(body, "user_id") or _maybe(body, "event", "user") or ""
    if isinstance(body.get("event"), Mapping):
        thread = _maybe(body, "event", "thread_ts")
        if thread is None and _maybe(body, "event", "type") == "app_mention":
            thread = _maybe(body, "event", "ts")
        return Place(user, _maybe(body, "event", "channel"), thread)
    return Place(
        user=user,
        channel=_maybe(body, "channel", "id") or _maybe(body, "channel_id") or _maybe(body, "container", "channel_id"),
        thread=_maybe(body, "message", "thread_ts") or _maybe(body, "container", "thread_ts"),
        response_url=_maybe(body, "response_url"),
    )


def company_of(body: Body) -> str | None:
    """The Slack team (or Enterprise organisation) of the person who did this, where Slack says it.

    In a channel shared through Slack Connect it is not the one that segbot is installed in.
    """
    if isinstance(body.get("event"), Mapping):
        given = (_maybe(body, "event", field) for field in ("user_team", "source_team", "team"))
        return next((team for team in given if team), None)
    return _maybe(body, "user", "team_id") or _maybe(body, "team_id")


def words_of(body: Body) -> str:
    """The words of a command, to offer them again after a failure; empty for everything else."""
    return said(_maybe(body, "text") or "") if "command" in body else ""


# Only what Slack itself writes between < and >; a person's "x < 3 and y > 4" is left alone.
_LINK = re.compile(
    r"<(?P<target>[@#][A-Z0-9]{2,}|![a-z][^<>|]*|(?:https?|mailto|tel):[^<>|]+)(?:\|(?P<label>[^<>]*))?>"
)


def said(text: str) -> str:
    """A message's text as its author typed it: Slack's links, mentions and entities undone.

    `<mailto:a@b.com|a@b.com>` is a@b.com, `<#C1|general>` is #general, `<@U1>` is @U1, `&lt;` is <.
    """

    def plain(found: re.Match[str]) -> str:
        target, label = found["target"], found["label"]
        match target[:1]:
            case "@" | "#":
                return target[0] + (label or target[1:])
            case "!":
                return label or "@" + target[1:].split("^")[0]
            case _:
                return label or target.removeprefix("mailto:").removeprefix("tel:")

    return html.unescape(_LINK.sub(plain, text)).strip()


def _message(body: Body, words: str, surface: Surface, thread: str | None) -> Asked:
    """A message is named by its channel and ts: two events about it, or an event twice, are one request."""
    place = Place(_text(body, "event", "user"), _text(body, "event", "channel"), thread)
    actor = Actor(team=_text(body, "team_id"), user=place.user, channel=place.channel, thread=thread)
    delivery = f"message:{place.channel}:{_text(body, 'event', 'ts')}"
    return Asked(actor, words, place, delivery, surface)


def _spot(body: Body) -> Spot | None:
    """The message that a button stands in."""
    container = body.get("container")
    if not isinstance(container, Mapping) or container.get("type") != "message":
        return None
    if container.get("is_ephemeral"):
        return Private(place_of(body))
    place = place_of(body)
    return Posted(_text(body, "container", "channel_id"), _text(body, "container", "message_ts"), place.thread)


def _origin(text: str, user: str) -> Origin:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise BadPayload("private_metadata") from error
    if not isinstance(data, Mapping) or data.get("v") != 1:
        raise BadPayload("private_metadata")
    channel = _maybe(data, "channel")
    spot: Spot | None = None
    if channel and (ts := _maybe(data, "ts")):
        spot = Posted(channel, ts, _maybe(data, "thread"))
    elif "user" in data:
        spot = Private(Place(user, channel, None, _maybe(data, "url")))
    return Origin(_text(data, "request"), spot, _maybe(data, "word") or "", _maybe(data, "means") or "")


def _maybe(body: Body, *path: str) -> str | None:
    here: Any = body
    for key in path:
        here = here.get(key) if isinstance(here, Mapping) else None
    return here if isinstance(here, str) and here else None


def _text(body: Body, *path: str) -> str:
    found = _maybe(body, *path)
    if found is None:
        raise BadPayload(".".join(path))
    return found
