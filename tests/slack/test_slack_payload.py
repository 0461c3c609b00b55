"""What Slack sends, read strictly: who, where, what, and one key for one human act."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segbot.flows.desk import Actor
from segbot.model.request import Surface
from segbot.slack import payload
from segbot.slack.ids import Action, Field, Value, read_value, read_words, write_words
from segbot.slack.payload import BadPayload, Origin, Place, Posted, Private

COMMAND: dict[str, Any] = {
    "command": "/segment",
    "text": "women &amp; men",
    "team_id": "T1",
    "user_id": "U1",
    "channel_id": "C1",
    "trigger_id": "1.2.abc",
    "response_url": "https://hooks.example/1",
}
MENTION: dict[str, Any] = {
    "team_id": "T1",
    "event_id": "Ev1",
    "event": {"type": "app_mention", "user": "U1", "channel": "C1", "ts": "5.6", "text": "<@UBOT> women in Texas"},
}
DIRECT: dict[str, Any] = {
    "team_id": "T1",
    "event_id": "Ev2",
    "event": {"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "ts": "7.8", "text": "women"},
}
CLICK: dict[str, Any] = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "user": {"id": "U1", "team_id": "T1"},
    "channel": {"id": "C1"},
    "container": {"type": "message", "message_ts": "9.9", "channel_id": "C1", "is_ephemeral": False},
    "message": {"ts": "9.9"},
    "trigger_id": "3.4.def",
    "response_url": "https://hooks.example/2",
    "actions": [{"action_id": Action.CHOOSE.at(0, 1), "value": "1|r1|0|1", "action_ts": "10.1", "type": "button"}],
}
SUBMISSION: dict[str, Any] = {
    "type": "view_submission",
    "team": {"id": "T1"},
    "user": {"id": "U1", "team_id": "T1"},
    "view": {
        "id": "V1",
        "private_metadata": str(Origin("r1", Posted("C1", "9.9", None))),
        "state": {
            "values": {
                "name": {"name": {"type": "plain_text_input", "value": " Texans "}},
                "note": {"note": {"type": "plain_text_input", "value": None}},
                "tags": {"tags": {"type": "plain_text_input", "value": "vip, #spring ,, vip"}},
            }
        },
    },
}


def test_a_command() -> None:
    """Words, place and the way back are read; Slack's entities are undone."""
    asked = payload.command(COMMAND)
    assert asked.words == "women & men"
    assert asked.actor == Actor("T1", "U1", "C1")
    assert asked.place == Place("U1", "C1", None, "https://hooks.example/1")
    assert asked.surface is Surface.COMMAND
    assert payload.command({**COMMAND, "text": ""}).words == ""


def test_a_mention_and_its_thread() -> None:
    """The bot's own name is no part of the words, and the answer goes below the message."""
    asked = payload.mention(MENTION, "UBOT")
    assert (asked.words, asked.place.thread, asked.actor.thread) == ("women in Texas", "5.6", "5.6")
    within = {**MENTION, "event": {**MENTION["event"], "thread_ts": "1.1"}}
    assert payload.mention(within, "UBOT").place.thread == "1.1"


@pytest.mark.parametrize(
    "change",
    [
        {"subtype": "message_changed"},
        {"subtype": "bot_message"},
        {"bot_id": "B1"},
        {"channel_type": "channel"},
        {"user": ""},
    ],
)
def test_what_is_no_direct_message_is_left_alone(change: dict[str, str]) -> None:
    """Edits, other bots and channels ask nothing."""
    assert payload.direct(DIRECT) is not None
    assert payload.direct({**DIRECT, "event": {**DIRECT["event"], **change}}) is None


def test_a_click_in_a_channel_in_a_thread_and_in_private() -> None:
    """A button knows its message, and a private one the way to replace it."""
    click = payload.click(CLICK)
    assert click.about == Value("r1", 0, 1)
    assert click.spot == Posted("C1", "9.9", None)
    threaded = {**CLICK, "message": {"ts": "9.9", "thread_ts": "8.8"}}
    assert payload.click(threaded).spot == Posted("C1", "9.9", "8.8")
    private = {**CLICK, "container": {**CLICK["container"], "is_ephemeral": True}}
    assert payload.click(private).spot == Private(Place("U1", "C1", None, "https://hooks.example/2"))


def test_a_form() -> None:
    """Fields are trimmed, tags split and told once, and the card it came from is known."""
    form = payload.submitted(SUBMISSION)
    assert (form.fields[Field.NAME], form.fields[Field.NOTE], form.tags) == ("Texans", "", ("vip", "spring"))
    assert form.origin == Origin("r1", Posted("C1", "9.9", None))


@pytest.mark.parametrize(
    "spot",
    [
        None,
        Posted("C1", "1.2", None),
        Posted("C1", "1.2", "1.1"),
        Private(Place("U1", "C1", None, "https://hooks.example/3")),
        Private(Place("U1", "C1", None, None)),
    ],
)
def test_a_modal_knows_where_its_card_stands(spot: payload.Spot | None) -> None:
    """The origin travels through the modal unharmed."""
    body = copy.deepcopy(SUBMISSION)
    body["view"]["private_metadata"] = str(Origin("r1", spot))
    assert payload.submitted(body).origin == Origin("r1", spot)


def test_one_act_has_one_key() -> None:
    """A delivery's copy has the same key, another act another one; a message is one act however many events tell of it."""
    assert payload.command(COMMAND).delivery == payload.command(dict(COMMAND)).delivery
    assert payload.command(COMMAND).delivery != payload.command({**COMMAND, "trigger_id": "1.2.xyz"}).delivery
    again = {**MENTION, "event_id": "Ev9"}
    assert payload.mention(again, "UBOT").delivery == payload.mention(MENTION, "UBOT").delivery
    later = copy.deepcopy(CLICK)
    later["actions"][0]["action_ts"] = "10.2"
    assert payload.click(later).delivery != payload.click(CLICK).delivery
    other = copy.deepcopy(SUBMISSION)
    other["view"]["state"]["values"]["name"]["name"]["value"] = "Other"
    assert payload.submitted(other).delivery != payload.submitted(SUBMISSION).delivery


READERS: list[tuple[Any, dict[str, Any], list[tuple[str, ...]]]] = [
    (payload.command, COMMAND, [("team_id",), ("user_id",), ("channel_id",), ("trigger_id",), ("response_url",)]),
    (
        lambda body: payload.mention(body, "UBOT"),
        MENTION,
        [("team_id",), ("event", "user"), ("event", "channel"), ("event", "ts")],
    ),
    (payload.direct, DIRECT, [("team_id",), ("event", "channel"), ("event", "ts")]),
    (payload.click, CLICK, [("user", "id"), ("trigger_id",), ("actions",), ("container", "message_ts")]),
    (payload.submitted, SUBMISSION, [("user", "id"), ("view", "id"), ("view", "private_metadata")]),
]


@pytest.mark.parametrize(
    ("read", "body", "path"), [(read, body, path) for read, body, paths in READERS for path in paths]
)
@pytest.mark.parametrize("instead", [None, 5, [], {}, ""])
def test_a_missing_or_odd_field_is_refused(
    read: Any, body: dict[str, Any], path: tuple[str, ...], instead: Any
) -> None:
    """Half a payload is never acted upon, and the log learns which field it was."""
    broken = copy.deepcopy(body)
    here = broken
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = instead
    with pytest.raises(BadPayload):
        read(broken)
    payload.place_of(broken)
    payload.company_of(broken)
    payload.words_of(broken)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["user", "id", "event", "view", "actions", "container", "type", "team", "message", "ts"]),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["user", "event", "view", "actions", "container", "team", "type"]), json_values))
def test_no_payload_breaks_the_readers(body: dict[str, Any]) -> None:
    """Whatever comes in is read or refused; where to answer is found without any exception."""
    payload.place_of(body)
    payload.company_of(body)
    for read in (payload.command, payload.click, payload.submitted, payload.home_opened, payload.direct):
        try:
            read(body)
        except BadPayload:
            continue


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("bought &lt;3 times &amp; &gt; 1", "bought <3 times & > 1"),
        ("<mailto:a@b.com|a@b.com>", "a@b.com"),
        ("<https://shop.example/x|shop.example/x>", "shop.example/x"),
        ("<https://shop.example/x>", "https://shop.example/x"),
        ("<tel:+15550100|+1 555 0100>", "+1 555 0100"),
        ("<#C0AB|general> and <@U0AB>", "#general and @U0AB"),
        ("<!channel> <!subteam^S1|@vips>", "@channel @vips"),
        ("x < 3 and y > 4", "x < 3 and y > 4"),
        ("  “smart” ", "“smart”"),
    ],
)
def test_words_are_what_was_typed(text: str, typed: str) -> None:
    """Slack's own markup is undone, a person's is left alone."""
    assert payload.said(text) == typed


@given(st.from_regex(r"[A-Za-z0-9_-]{1,64}", fullmatch=True), st.integers(0, 10**12 - 1), st.integers(0, 10**12 - 1))
def test_values_come_back(request: str, a: int, b: int) -> None:
    """Button values keep what they were given, within an option's 150 characters."""
    value = Value(request, a, b)
    assert read_value(str(value)) == value
    assert len(str(value)) <= 150


@given(st.text())
def test_no_text_breaks_the_values(text: str) -> None:
    """Any value of any button is read or refused; words of an example come back as they were."""
    read_value(text)
    assert read_words(write_words(text)) == text[:1500]
