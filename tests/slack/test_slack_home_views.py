"""What Home, lists and their forms look like: within Slack's limits, readable, and harmless whatever people typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import slack_cards as cards
from test_slack_views import assert_golden, assert_sdk_agrees

from segbot.model.library import (
    EditForm,
    HomeCard,
    ListCard,
    Look,
    ReadyLine,
    RequestLine,
    Shelved,
    Sort,
    Tab,
    WaitingLine,
    read_look,
)
from segbot.model.request import Status
from segbot.model.segment import State, Visibility
from segbot.slack.blockcheck import check_message, check_view
from segbot.slack.views.home import home_link_message, home_view, list_message
from segbot.slack.views.kit import Message
from segbot.slack.views.receipt import receipt_message
from segbot.slack.views.shelving import edit_modal, new_modal, rename_modal, trash_modal

NASTY = "<!channel> *bold* & <https://evil.example|click> " + "x" * 300

LAPSED = Shelved(
    "s3",
    3,
    "Lapsed & <gone>",
    "For the win-back mail",
    ("win-back", "q2"),
    "U0MAYA",
    State.ACTIVE,
    Visibility.TEAM,
    "C0MARKETING",
    "ordered last year but not this year",
    cards.NOW,
    starred=True,
    count=cards.counted(2310),
)
OTHERS = replace(
    LAPSED, id="s4", number=4, name="Launch", note="", tags=(), owner="U0OMAR", starred=False, count=None,
    visibility=Visibility.PRIVATE, state=State.INACTIVE,
)  # fmt: skip
WAITS = WaitingLine("loyal women", "One question is open: What is “loyal”?", cards.NOW, "C1", "1.0")
HOME = HomeCard(
    Look(Tab.ALL, search="la", tag="q2", state="active", owner="U0MAYA", channel="C0MARKETING", page=1),
    "customers",
    "America/New_York",
    total=4312,
    segments=(LAPSED, OTHERS),
    waiting=(WAITS, replace(WAITS, message_ts="2.0")),
    tags=("q2", "win-back"),
    mine=frozenset({"s3"}),
    address="https://segbot.example.com/segments/",
)
READY = ReadyLine("lapsed", "Lapsed", "ordered last year but not this", "Win them back.", ("win-back",), True, True)
ASKED = RequestLine("r1", "women in Texas", Status.COUNTED, cards.NOW, "C1", "1.0", 12, cards.counted(37))
EMPTY = HomeCard(Look(), "customers", "UTC", examples=("women in Texas", "men"))
EDIT = EditForm("s3", 3, "Lapsed", "For mail", ("q2",), Visibility.PRIVATE, ("C1", "U0OMAR"), 4, ("q2", "vip"))
LIST = ListCard("Segments with “la”", "customers", "UTC", 31, (LAPSED, OTHERS))

VIEWS: dict[str, Callable[[], dict[str, Any]]] = {
    "home": lambda: home_view(HOME, {"C1:1.0": "https://slack.example/p1"}, "Renamed: Lapsed (#3)."),
    "home_empty": lambda: home_view(EMPTY),
    "home_ready": lambda: home_view(replace(EMPTY, look=Look(Tab.SMART), total=1, ready=(READY,), tags=("win-back",))),
    "home_recent": lambda: home_view(
        replace(EMPTY, look=Look(Tab.RECENT), total=2, recent=(ASKED, replace(ASKED, id="r2", count=None)))
    ),
    "home_trash": lambda: home_view(
        replace(
            EMPTY,
            look=Look(Tab.TRASH),
            total=1,
            segments=(replace(LAPSED, state=State.TRASH),),
            mine=frozenset({"s3"}),
        )
    ),
    "rename": lambda: rename_modal(EDIT, '{"v": 1}'),
    "edit": lambda: edit_modal(EDIT, '{"v": 1}'),
    "trash": lambda: trash_modal("Lapsed & <gone>", 3, '{"v": 1}'),
    "new": lambda: new_modal('{"v": 1}'),
}
MESSAGES: dict[str, Callable[[], Message]] = {
    "list": lambda: list_message(LIST),
    "list_nothing": lambda: list_message(replace(LIST, total=0, segments=(), hint="No segment has “la” in it.")),
    "list_ready": lambda: list_message(replace(LIST, title="Ready", total=1, segments=(), ready=(READY,))),
    "list_recent": lambda: list_message(replace(LIST, title="Yours", total=1, segments=(), recent=(ASKED,))),
    "home_link": lambda: home_link_message("T0", "A0"),
    "receipt": lambda: receipt_message(":pushpin: Shared in the thread.", "r1", 1),
}


@pytest.mark.parametrize("name", VIEWS)
def test_each_view_is_what_it_was(name: str) -> None:
    """A modal or Home changes only on purpose, and both Slack's rules and the SDK's own models accept it."""
    view = VIEWS[name]()
    assert check_view(view) == []
    assert_sdk_agrees(view["blocks"])
    assert_golden(name, view)


@pytest.mark.parametrize("name", MESSAGES)
def test_each_message_is_what_it_was(name: str) -> None:
    """A message changes only on purpose, and both Slack's rules and the SDK's own models accept it."""
    message = MESSAGES[name]()
    payload = {"text": message.text, "blocks": list(message.blocks)}
    assert check_message(payload) == []
    assert_sdk_agrees(payload["blocks"])
    assert_golden(name, payload)


@pytest.mark.parametrize("tab", Tab)
def test_a_full_page_of_the_longest_texts_fits(tab: Tab) -> None:
    """Ten rows, four cards that wait, every filter and names as long as they get: Slack takes it, and nobody is called."""
    segment = replace(
        LAPSED,
        name=NASTY[:80],
        note=NASTY * 3,
        tags=tuple(NASTY[:38] + str(i) for i in range(10)),
        words=NASTY * 9,
        state=State.TRASH if tab is Tab.TRASH else State.ACTIVE,
    )
    card = HomeCard(
        replace(HOME.look, tab=tab, search=NASTY[:100], tag=NASTY[:75]),
        NASTY,
        "America/New_York",
        total=5000,
        segments=(segment,) * 10,
        waiting=(replace(WAITS, words=NASTY * 9, why=NASTY * 9),) * 8,
        tags=(*(NASTY[:70] + str(i) for i in range(99)), NASTY[:75], "y" * 76),
        mine=frozenset({"s3"}),
    )
    view = home_view(card, {"C1:1.0": "https://slack.example/p1"}, NASTY * 9)
    assert check_view(view) == []
    markup = [b["text"]["text"] for b in view["blocks"] if b["type"] == "section"]
    assert len(markup) > 4
    assert not any("<!channel>" in text or "<https" in text for text in markup)
    assert (
        check_message({"text": "x", "blocks": list(list_message(replace(LIST, segments=(segment,) * 10)).blocks)}) == []
    )


def test_only_who_may_change_a_segment_is_offered_to() -> None:
    """The menu of somebody else's segment has no rename, no trash; cloning and starring are for everybody."""
    shown = [block for block in home_view(HOME)["blocks"] if block["type"] == "actions"]
    rows = [json.dumps(block) for block in shown if "Open" in json.dumps(block)]
    assert len(rows) == 2
    for offered in ("Rename", "Note, tags", "Deactivate", "Move to trash", "Clone"):
        assert offered in rows[0]
        assert (offered in rows[1]) == (offered == "Clone")


@pytest.mark.parametrize(
    "look", [Look(), HOME.look, Look(Tab.TRASH, sort=Sort.SIZE, turn=3), Look(Tab.SMART, search='"} é \u2028')]
)
def test_a_look_survives_the_way_through_slack(look: Look) -> None:
    """What Home keeps for itself comes back as it was."""
    assert read_look(str(look)) == look


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"tab": "x"}', '{"page": -1}', '{"state": "gone"}', '{"page": "x"}', '"a"', "7"]
)
def test_a_look_of_another_version_is_the_first_look(text: str) -> None:
    """Whatever an older or newer segbot left there, Home opens."""
    assert read_look(text) == Look()


def test_a_number_is_never_without_its_kind_and_time() -> None:
    """Each size in a row says exact or estimate, and of when."""
    guess = replace(cards.counted(2310), exact=False, low=2100, high=2500, sample=20_000, base=1_000_000)
    old = replace(cards.counted(5), as_of=cards.NOW - timedelta(days=9))
    for count, words in ((guess, "Estimated from a sample"), (old, "Exact, as of Mon 11 May 2026")):
        view = home_view(replace(HOME, segments=(replace(LAPSED, count=count),)))
        assert words in json.dumps(view, ensure_ascii=False)
    assert "not counted yet" in json.dumps(home_view(replace(HOME, segments=(OTHERS,))))
