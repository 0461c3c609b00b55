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
from segbot.slack.ids import Field, Pick, Value, read_input, read_pick, read_value

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


@dataclass(frozen=True, slots=True)
class Unfurled:
    """A card of ours below a link in somebody's message: the message, and the link it stands for."""

    channel: str
    ts: str
    url: str


Spot: TypeAlias = Posted | Private | Unfurled


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
    """Somebody pressed a button or picked an option. `spot` is the message it stands in, None in a modal or at Home.

    `picked` are the values of a menu of which several can be picked, `view` the id and hash of the modal or Home it stands in, and
    `metadata` what that view keeps for itself.
    """

    actor: Actor
    action: str
    value: str
    place: Place
    spot: Spot | None
    delivery: str
    trigger: str
    picked: tuple[str, ...] = ()
    view: tuple[str, str] | None = None
    metadata: str = ""

    @property
    def below(self) -> str | None:
        """The thread that an answer to the card belongs into; None for a card that only one person sees."""
        match self.spot:
            case Posted(_, ts, thread):
                return thread or ts
            case Unfurled(_, ts, _):
                return self.place.thread or ts
            case _:
                return None

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
            case Unfurled(channel, ts, url):
                at = {"channel": channel, "ts": ts, "link": url}
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
class InView:
    """Somebody pressed, picked, typed or sent something in a modal.

    `values` are what stands in the inputs by their names, `blocks` the ids of their blocks, where Slack shows an error. `below`
    is the modal under this one. `delivery` is the same for the same press, or the same form with the same content.
    """

    actor: Actor
    origin: Origin
    action: str
    value: str
    typed: str
    values: Mapping[str, tuple[str, ...]]
    blocks: Mapping[str, str]
    view: str
    below: str | None
    trigger: str
    delivery: str
    place: Place

    @property
    def pick(self) -> Pick:
        """The option of a condition's menu. Raises `OutdatedButton`."""
        found = read_pick(self.value)
        if found is None:
            raise OutdatedButton(self.value[:80])
        return found


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looked at the app's Home or its messages, in `channel`. `metadata` is what their Home keeps for itself."""

    actor: Actor
    tab: str
    event: str
    channel: str = ""
    metadata: str = ""


@dataclass(frozen=True, slots=True)
class Reaction:
    """Somebody gave an emoji to a message, or took it away. `outside` is a channel shared with another company."""

    actor: Actor
    name: str
    given: bool
    channel: str
    ts: str
    outside: bool
    delivery: str


@dataclass(frozen=True, slots=True)
class SharedLinks:
    """Somebody posted links that segbot is asked to show."""

    actor: Actor
    channel: str
    ts: str
    urls: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a workflow that Slack waits for: what it is given, and the channel to post to if one was chosen."""

    actor: Actor
    execution: str
    words: str
    channel: str | None


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
    at = (
        spot.ts
        if isinstance(spot, Posted | Unfurled)
        else _maybe(body, "container", "message_ts") or _maybe(body, "view", "id")
    )
    team = _maybe(body, "team", "id") or _text(body, "user", "team_id")
    return Click(
        actor=Actor(team, _text(body, "user", "id"), place.channel, place.thread, handle_of(body)),
        action=_text(action, "action_id"),
        value=_value(action),
        place=place,
        spot=spot,
        delivery=f"click:{place.channel}:{at}:{_text(action, 'action_ts')}:{_text(body, 'user', 'id')}",
        trigger=_text(body, "trigger_id"),
        picked=_picked(action),
        view=_view(body),
        metadata=_maybe(body, "view", "private_metadata") or "",
    )


def _value(action: Body) -> str:
    """What was pressed, picked or typed; empty where a field was emptied."""
    picked = (_maybe(action, key) for key in ("value", "selected_user", "selected_conversation"))
    return next((value for value in picked if value), _maybe(action, "selected_option", "value") or "")


def _picked(action: Body) -> tuple[str, ...]:
    options = action.get("selected_options")
    listed = options if isinstance(options, list) else []
    return tuple(value for option in listed if isinstance(option, Mapping) and (value := _maybe(option, "value")))


def _view(body: Body) -> tuple[str, str] | None:
    view = _maybe(body, "view", "id")
    return None if view is None else (view, _maybe(body, "view", "hash") or "")


def is_home(body: Body) -> bool:
    """Whether something was pressed at Home."""
    return _maybe(body, "view", "type") == "home"


def origin(body: Body) -> Origin:
    """What the modal is about that something was pressed in. Raises `BadPayload`."""
    return _origin(_text(body, "view", "private_metadata"), _text(body, "user", "id"))


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
        case Unfurled(channel, _, _):
            place = Place(user, channel)
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


def in_view(body: Body) -> InView:
    """What somebody did in a modal: an action, a sent form, or a menu that asks what to offer. Raises `BadPayload`."""
    view, user = _text(body, "view", "id"), _text(body, "user", "id")
    origin = _origin(_text(body, "view", "private_metadata"), user)
    actions = body.get("actions")
    action: Body = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], Mapping) else {}
    values, blocks = _entered(body)
    match origin.spot:
        case Posted(channel, _, thread):
            place = Place(user, channel, thread)
        case Private(place):
            pass
        case None:
            place = Place(user)
    written = hashlib.sha256(json.dumps([str(origin), values], sort_keys=True).encode()).hexdigest()[:16]
    pressed = _maybe(action, "action_ts")
    return InView(
        actor=Actor(
            _maybe(body, "team", "id") or _text(body, "user", "team_id"),
            user,
            place.channel,
            place.thread,
            handle_of(body),
        ),
        origin=origin,
        action=_maybe(action, "action_id") or _maybe(body, "action_id") or "",
        value=_maybe(action, "value") or _maybe(action, "selected_option", "value") or "",
        typed=_maybe(body, "value") or "",
        values=values,
        blocks=blocks,
        view=view,
        below=_maybe(body, "view", "previous_view_id"),
        trigger=_maybe(body, "trigger_id") or "",
        delivery=f"click:{view}:{pressed}:{user}" if pressed else f"form:{view}:{written}",
        place=place,
    )


def _entered(body: Body) -> tuple[dict[str, tuple[str, ...]], dict[str, str]]:
    """What stands in the inputs of a modal by their names, and the blocks that they stand in."""
    view = body.get("view")
    state = view.get("state") if isinstance(view, Mapping) else None
    given = state.get("values") if isinstance(state, Mapping) else None
    values: dict[str, tuple[str, ...]] = {}
    blocks: dict[str, str] = {}
    for block, inner in (given if isinstance(given, Mapping) else {}).items():
        for action, entered in (inner if isinstance(inner, Mapping) else {}).items():
            name = read_input(str(action))
            if name is None or not isinstance(entered, Mapping):
                continue
            blocks[name] = str(block)
            values[name] = _chosen(entered)
    actions = body.get("actions")
    for action in actions if isinstance(actions, list) else []:  # what was just changed, should the state be older
        changed = read_input(str(action.get("action_id"))) if isinstance(action, Mapping) else None
        if changed is not None:
            values[changed] = _chosen(action)
    return values, blocks


def _chosen(entered: Body) -> tuple[str, ...]:
    """The values of what stands in one input."""
    several = entered.get("selected_options")
    if isinstance(several, list):
        return tuple(v for option in several if (v := _maybe(option, "value")) is not None)
    one = _maybe(entered, "value") or _maybe(entered, "selected_option", "value") or _maybe(entered, "selected_date")
    return () if one is None else (one,)


def handle_of(body: Body) -> str:
    """The handle of the person who did this, without an @, where Slack tells it."""
    return _maybe(body, "user", "username") or _maybe(body, "user", "name") or _maybe(body, "user_name") or ""


def _field(body: Body, field: Field) -> str:
    at = ("view", "state", "values", field, field)
    given = body
    for key in at:
        inner = given.get(key) if isinstance(given, Mapping) else None
        given = inner if isinstance(inner, Mapping) else {}
    several = given.get("selected_conversations") or given.get("selected_users")
    return ",".join(filter(None, several)) if isinstance(several, list) else _value(given)


def home_opened(body: Body) -> HomeOpened:
    """Somebody opened the app. Raises `BadPayload`."""
    actor = Actor(team=_text(body, "team_id"), user=_text(body, "event", "user"))
    return HomeOpened(
        actor,
        _maybe(body, "event", "tab") or "",
        _text(body, "event_id"),
        _maybe(body, "event", "channel") or "",
        _maybe(body, "event", "view", "private_metadata") or "",
    )


def from_message(body: Body) -> Asked:
    """The shortcut of a message: its words, to be answered in its thread. Raises `BadPayload`."""
    user = _text(body, "user", "id")
    thread = _maybe(body, "message", "thread_ts") or _text(body, "message_ts")
    place = Place(user, _text(body, "channel", "id"), thread, _maybe(body, "response_url"))
    actor = Actor(_text(body, "team", "id"), user, place.channel, thread, handle_of(body))
    words = said(_maybe(body, "message", "text") or "")
    return Asked(actor, words, place, f"shortcut:{_text(body, 'trigger_id')}", Surface.SHORTCUT)


def trigger_of(body: Body) -> str:
    """What opens a modal for the person who did this. Raises `BadPayload`."""
    return _text(body, "trigger_id")


def reaction(body: Body) -> Reaction:
    """An emoji given or taken away. Raises `BadPayload`."""
    user, channel, ts = (_text(body, "event", *path) for path in (("user",), ("item", "channel"), ("item", "ts")))
    name = _text(body, "event", "reaction").split("::")[0]
    return Reaction(
        actor=Actor(_text(body, "team_id"), user, channel),
        name=name,
        given=_text(body, "event", "type") == "reaction_added",
        channel=channel,
        ts=ts,
        outside=body.get("is_ext_shared_channel") is True,
        delivery=f"reaction:{_text(body, 'event_id')}",
    )


def shared_links(body: Body) -> SharedLinks | None:
    """Links that somebody posted; None while a message is still being written. Raises `BadPayload`."""
    event = body.get("event")
    if not isinstance(event, Mapping) or event.get("source") == "composer":
        return None
    listed = event.get("links")
    urls = [_maybe(link, "url") for link in listed if isinstance(link, Mapping)] if isinstance(listed, list) else []
    channel, ts = _text(body, "event", "channel"), _text(body, "event", "message_ts")
    actor = Actor(_text(body, "team_id"), _text(body, "event", "user"), channel)
    return SharedLinks(actor, channel, ts, tuple(dict.fromkeys(html.unescape(url) for url in urls if url)))


def step(body: Body) -> Step:
    """A step of a workflow to run. Raises `BadPayload`."""
    execution = _text(body, "event", "function_execution_id")
    wanted = _maybe(body, "event", "inputs", "request") or ""
    channel = _maybe(body, "event", "inputs", "channel")
    person = _maybe(body, "event", "inputs", "person") or "workflow"
    return Step(Actor(_text(body, "team_id"), person, channel), execution, said(wanted), channel)


def assistant_opened(body: Body) -> Place:
    """Where somebody opened the assistant's pane. Raises `BadPayload`."""
    at = ("event", "assistant_thread")
    return Place(_text(body, *at, "user_id"), _text(body, *at, "channel_id"), _text(body, *at, "thread_ts"))


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
    if not isinstance(container, Mapping):
        return None
    if container.get("type") == "message_attachment" and (url := _maybe(body, "container", "app_unfurl_url")):
        return Unfurled(_text(body, "container", "channel_id"), _text(body, "container", "message_ts"), url)
    if container.get("type") != "message":
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
    if channel and (ts := _maybe(data, "ts")) and (url := _maybe(data, "link")):
        spot = Unfurled(channel, ts, url)
    elif channel and (ts := _maybe(data, "ts")):
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
