"""What Slack is given for every kind of card: within its limits, readable, and harmless whatever the texts are.

After a deliberate change of a view, `SEGBOT_GOLDEN=write pytest tests/slack/test_slack_views.py` writes the golden files anew;
read the difference before committing it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import slack_cards as cards
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from segbot.flows.feedback import FeedbackForm
from segbot.flows.mend import RewordForm
from segbot.model.cards import (
    Chip,
    ChoiceLine,
    ConditionLine,
    CorrectionLine,
    ExampleGroup,
    MeaningLine,
    Move,
    Notice,
    QuestionLine,
    UnreadLine,
    WindowLine,
    WordSpan,
)
from segbot.slack.blockcheck import check_message, check_view
from segbot.slack.ids import Action, read_value, read_words
from segbot.slack.views import kit, wording
from segbot.slack.views.defining import checked_modal, define_modal, done_modal, owner_message, words_message
from segbot.slack.views.kit import Message
from segbot.slack.views.modals import (
    feedback_modal,
    problem_modal,
    reword_modal,
    save_modal,
    saved_modal,
    split_lines,
    sql_modal,
)
from segbot.slack.views.notice import help_message, loading_modal, notice_message, notice_modal
from segbot.slack.views.people import preview_modal
from segbot.slack.views.proposal import proposal_message
from segbot.slack.views.segment import segment_message
from segbot.slack.views.share import share_message

GOLDEN = Path(__file__).parent / "golden"

MESSAGES: dict[str, Callable[[], Message]] = {
    "counting": lambda: segment_message(cards.COUNTING, "channel"),
    "counted": lambda: segment_message(cards.COUNTED, "channel"),
    "counted_private": lambda: segment_message(cards.COUNTED, "person"),
    "nested_saved": lambda: segment_message(cards.NESTED, "channel"),
    "question": lambda: segment_message(cards.QUESTION, "channel"),
    "unread": lambda: segment_message(cards.UNREAD, "channel"),
    "partly_understood": lambda: segment_message(cards.PARTLY, "channel"),
    "left_out": lambda: segment_message(cards.LEFT_OUT, "channel"),
    "aside": lambda: segment_message(cards.ASIDE, "channel"),
    "undefined": lambda: segment_message(cards.UNDEFINED, "channel"),
    "defined": lambda: segment_message(cards.DEFINED, "channel"),
    "words": lambda: words_message(cards.WORDS_CARD),
    "owner_question": lambda: owner_message(cards.ASKED_OWNER),
    "owner_asked_for_meaning": lambda: owner_message(replace(cards.ASKED_OWNER, means="", index=None, end=10)),
    "owner_said_yes": lambda: owner_message(cards.ASKED_OWNER, "kept", "U0PRIYA"),
    "owner_said_no": lambda: owner_message(cards.ASKED_OWNER, "declined", "U0PRIYA"),
    "proposal": lambda: proposal_message(cards.PROPOSAL),
    "proposal_agrees": lambda: proposal_message(
        replace(cards.PROPOSAL, differences=(), ambiguities=(), not_used=(), agrees=True, count=None)
    ),
    "notice_assist": lambda: notice_message(replace(cards.NOTICE, assist="ladyfolk")),
    "failed": lambda: segment_message(cards.FAILED, "channel"),
    "help": lambda: help_message(cards.HELP),
    "notice": lambda: notice_message(cards.NOTICE, again="women in Texas"),
    "share": lambda: share_message(cards.SHARED),
}
VIEWS: dict[str, Callable[[], dict[str, Any]]] = {
    "preview": lambda: preview_modal(cards.PREVIEW),
    "preview_hidden": lambda: preview_modal(cards.HIDDEN),
    "preview_nobody": lambda: preview_modal(replace(cards.PREVIEW, rows=(), total=cards.counted(0))),
    "sql": lambda: sql_modal(cards.SQL),
    "save": lambda: save_modal(cards.FORM, '{"v": 1}'),
    "define": lambda: define_modal("high-value", '{"v": 1}'),
    "define_problem": lambda: define_modal("high-value", '{"v": 1}', means="men", problem="Not understood: <men>."),
    "define_done": lambda: done_modal("“high-value” means that for everybody now."),
    "define_checked": lambda: checked_modal(
        cards.DEFINITION, '{"v": 1}', may_keep=True, count=cards.counted(812), noun="customers"
    ),
    "define_counting": lambda: checked_modal(cards.DEFINITION, '{"v": 1}', may_keep=False),
    "reword": lambda: reword_modal(RewordForm("01jxz3", cards.WORDS), '{"v": 1}'),
    "feedback": lambda: feedback_modal(FeedbackForm("01jxz3", cards.WORDS, cards.COUNTED.restatement), '{"v": 1}'),
    "saved": lambda: saved_modal("Spring VIPs"),
    "not_saved": lambda: problem_modal("There is a segment of that name already."),
    "loading": lambda: loading_modal("Preview"),
    "notice_modal": lambda: notice_modal(cards.NOTICE),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_each_message_is_what_it_was(name: str) -> None:
    """A message changes only on purpose, and both Slack's rules and the SDK's own models accept it."""
    message = MESSAGES[name]()
    payload = {"text": message.text, "blocks": list(message.blocks)}
    assert check_message(payload) == []
    assert_sdk_agrees(payload["blocks"])
    assert_golden(name, payload)


@pytest.mark.parametrize("name", VIEWS)
def test_each_view_is_what_it_was(name: str) -> None:
    """A modal or Home changes only on purpose, and both Slack's rules and the SDK's own models accept it."""
    view = VIEWS[name]()
    assert check_view(view) == []
    assert_sdk_agrees(view["blocks"])
    assert View(**view).to_dict()["blocks"] == view["blocks"]
    assert_golden(name, view)


def assert_sdk_agrees(blocks: Any) -> None:
    """The SDK reads every block and writes the same again."""
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None, block
        assert parsed.to_dict() == block


def assert_golden(name: str, payload: dict[str, Any]) -> None:
    path = GOLDEN / f"{name}.json"
    text = json.dumps(payload, indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("SEGBOT_GOLDEN") == "write":
        path.write_text(text, encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8")) == json.loads(text)


# --- what a person reads ------------------------------------------------------------------------


def test_the_text_says_the_card_to_those_who_see_no_blocks() -> None:
    """The notification holds title, size, share, meaning and the moment of counting."""
    text = segment_message(cards.COUNTED, "channel").text
    assert "37 customers  ·  0.2 % of 20,000 customers" in text
    assert "did not open an email" in text
    assert "as of Wed 20 May 2026, 14:05 EDT" in text
    assert "In any orders (412)" in segment_message(cards.QUESTION, "channel").text
    assert "Not understood: Atlantis" in segment_message(cards.UNREAD, "channel").text


def test_a_private_card_offers_no_sharing_and_says_how_to_invite() -> None:
    """Where segbot is not a member nothing can be shared in a thread, and the way out is on the card."""
    private = json.dumps(segment_message(cards.COUNTED, "person").blocks)
    assert Action.SHARE not in private
    assert "/invite @segbot" in private
    assert Action.SHARE in json.dumps(segment_message(cards.COUNTED, "channel").blocks)


def test_a_word_is_not_asked_about_twice() -> None:
    """Where a question offers meanings for an undefined word, the advice to say it another way is left out."""
    word = UnreadLine(0, "high value", wants_definition=True)
    alone = json.dumps(segment_message(replace(cards.UNREAD, unread=(word,)), "channel").blocks)
    asked = json.dumps(segment_message(replace(cards.QUESTION, unread=(word,)), "channel").blocks)
    assert "has no meaning here yet" in alone
    assert "has no meaning here yet" not in asked


def test_buttons_carry_ids_only() -> None:
    """Every button of a card names its request and indexes, and nothing of the tree."""
    for name in (
        "counting",
        "counted",
        "nested_saved",
        "question",
        "unread",
        "undefined",
        "defined",
        "left_out",
        "failed",
    ):
        for element in elements(MESSAGES[name]().blocks):
            for value in [element.get("value"), *(o["value"] for o in element.get("options", []))]:
                if value is not None:
                    assert read_value(value) is not None, value


def test_an_example_button_asks_what_it_shows() -> None:
    """Pressing Try beside a sentence asks exactly that sentence."""
    tries = [e for e in elements(help_message(cards.HELP).blocks) if e["action_id"].startswith(Action.TRY)]
    assert [read_words(e["value"]) for e in tries] == list(cards.HELP.examples)
    groups = (ExampleGroup("Who they are", (("women", 1234), ("men & co", None))), ExampleGroup("Rest", (("all", 5),)))
    message = help_message(replace(cards.HELP, groups=groups))
    tries = [e for e in elements(message.blocks) if e["action_id"].startswith(Action.TRY)]
    assert [read_words(e["value"]) for e in tries] == ["women", "men & co", "all"]
    assert check_message({"text": message.text, "blocks": list(message.blocks)}) == []
    assert "1,234" in json.dumps(message.blocks)


def test_a_private_card_tells_the_time_by_its_readers_clock() -> None:
    """Slack shows the moment in the reader's own zone; where it can't, in the workspace's. A channel has the workspace's."""
    private = json.dumps(segment_message(cards.COUNTED, "person").blocks)
    assert "<!date^" in private
    assert "|Wed 20 May 2026" in private
    assert "<!date^" not in json.dumps(segment_message(cards.COUNTED, "channel").blocks)


@pytest.mark.parametrize(
    ("start", "end", "dates_only", "said"),
    [
        (cards.day(2026, 2, 19), cards.NOW, False, "19 Feb 2026 to 20 May 2026, 14:05"),
        (cards.day(2026, 3, 1), cards.day(2026, 4, 1), False, "1 Mar 2026 to 31 Mar 2026"),
        (cards.day(2026, 3, 1), cards.day(2026, 3, 2), False, "1 Mar 2026"),
        (None, cards.day(2024, 1, 1), True, "until 31 Dec 2023"),
        (cards.day(2026, 6, 1), None, False, "from 1 Jun 2026"),
        (cards.NOW - timedelta(hours=3), cards.NOW, False, "20 May 2026, 11:05 to 20 May 2026, 14:05"),
        (None, None, False, "on any date"),
    ],
)
def test_windows_read_as_people_say_them(
    start: datetime | None, end: datetime | None, dates_only: bool, said: str
) -> None:
    """A half-open stretch is printed with its last day inside, and with hours only where they matter."""
    assert wording.window(WindowLine("w", start, end, dates_only), "America/New_York") == said


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0 %"), (0.0001, "under 0.1 %"), (0.1155, "11.6 %"), (0.5, "50 %"), (0.9999, "over 99.9 %"), (1.0, "100 %")],
)
def test_a_share_never_pretends(share: float, said: str) -> None:
    """Few is not none, and nearly all is not all."""
    assert wording.percent(share) == said


@pytest.mark.parametrize(("part", "cells"), [(0, 0), (1, 1), (10_000, 4), (19_999, 7), (20_000, 8), (25_000, 8)])
def test_a_bar_never_pretends(part: int, cells: int) -> None:
    """Somebody is never drawn as nobody, nor nearly all as all."""
    assert wording.bar(part, 20_000).count("▰") == cells


def test_sql_is_split_between_lines_and_whole_again() -> None:
    """Long SQL is cut into pieces that fit, none of it lost."""
    sql = "\n".join(f"  AND c.column_{i} = '{'x' * (i % 90)}'" for i in range(400))
    pieces = split_lines(sql, 2900)
    assert max(map(len, pieces)) <= 2900
    assert "\n".join(pieces) == sql
    assert "".join(split_lines("y" * 7000, 2900)) == "y" * 7000


# --- whatever comes in --------------------------------------------------------------------------

NAUGHTY = (
    "<!channel>", "<@U0ANNA>", "<https://evil.example|click>", "&lt;!here&gt;", "*_~`", "", " ", "\x00\x1b[31m", "🧦" * 400,
    "\u202eabc", "a" * 4000, "\n" * 50, "'; DROP TABLE customers;--", "{{7*7}}", "Zoë O’Hara", "<", "&" * 3001,
)  # fmt: skip
texts = st.one_of(st.sampled_from(NAUGHTY), st.text(max_size=300))
counts = st.one_of(st.none(), st.builds(cards.counted, st.integers(0, 10**9), st.integers(0, 10**9)))
lines = st.builds(
    ConditionLine,
    st.integers(0, 20),
    texts,
    st.sampled_from(["", "and", "or", "but"]),
    st.none() | st.integers(0, 10**9),
    st.none() | st.integers(0, 10**9),
    st.none() | st.floats(0, 1),
    texts,
)
segment_cards = st.builds(
    replace,
    st.sampled_from([cards.COUNTED, cards.COUNTING, cards.QUESTION, cards.UNREAD, cards.FAILED, cards.NESTED]),
    title=texts,
    author=texts,
    sentence=st.lists(
        st.builds(
            WordSpan,
            texts,
            st.sampled_from(["condition", "filler", "unread", "corrected", "left_out", "aside", "space"]),
        ),
        max_size=30,
    ).map(tuple),
    restatement=texts,
    lines=st.lists(lines, max_size=60).map(tuple),
    count=counts,
    noun=texts,
    base_label=texts,
    windows=st.lists(st.builds(WindowLine, texts, st.none() | st.just(cards.NOW), st.none()), max_size=15).map(tuple),
    chips=st.lists(
        st.builds(Chip, st.integers(0, 9), texts, st.lists(st.tuples(st.integers(0, 9), texts), max_size=9).map(tuple)),
        max_size=9,
        unique_by=lambda chip: chip.index,
    ).map(tuple),
    unread=st.lists(
        st.builds(
            UnreadLine,
            st.integers(0, 99),
            texts,
            st.lists(st.tuples(st.integers(0, 9), texts, texts), max_size=9, unique_by=lambda s: s[0]).map(tuple),
            st.booleans(),
        ),
        max_size=9,
    ).map(tuple),
    questions=st.lists(
        st.builds(
            QuestionLine,
            st.integers(0, 99),
            texts,
            st.lists(
                st.builds(ChoiceLine, st.integers(0, 99), texts, counts), max_size=15, unique_by=lambda c: c.index
            ).map(tuple),
        ),
        max_size=6,
    ).map(tuple),
    warnings=st.lists(texts, max_size=12).map(tuple),
    corrections=st.lists(st.builds(CorrectionLine, texts, texts, st.integers(0, 99)), max_size=12).map(tuple),
    partial=counts,
    left_out=st.lists(texts, max_size=9).map(tuple),
    asides=st.lists(texts, max_size=9).map(tuple),
    owners=st.booleans(),
    meanings=st.lists(
        st.builds(MeaningLine, st.integers(0, 9), texts, texts, texts, st.booleans(), st.booleans(), st.booleans()),
        max_size=9,
        unique_by=lambda line: line.index,
    ).map(tuple),
    notice=st.none() | st.builds(Notice, texts, texts, texts, texts, st.booleans()),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(segment_cards, st.sampled_from(["channel", "person"]))
def test_any_card_can_be_sent_and_nothing_in_it_is_markup(card: Any, audience: Any) -> None:
    """Whatever is in a card, Slack takes it, and no text of others becomes a mention, a link or a broadcast."""
    message = segment_message(card, audience)
    assert check_message({"text": message.text, "blocks": list(message.blocks)}) == []
    ours = [kit.mention(card.author)] if kit.mention(card.author).startswith("<@") else []
    assert_no_markup(message.text, [])
    for text in mrkdwn(message.blocks):
        assert_no_markup(text, ours)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(texts, texts, texts), max_size=100), texts)
def test_any_preview_and_share_can_be_shown(rows: list[tuple[str, str, str]], title: str) -> None:
    """Whatever the database holds, the preview opens and shows it literally."""
    card = replace(cards.PREVIEW, title=title, columns=("a", "b", "c"), rows=tuple(rows), total=cards.counted(10_000))
    view = preview_modal(card)
    assert check_view(view) == []
    for text in mrkdwn(view["blocks"]):
        assert_no_markup(text, [])
    shared = share_message(replace(cards.SHARED, title=title, restatement=title))
    assert check_message({"text": shared.text, "blocks": list(shared.blocks)}) == []
    assert check_view(sql_modal(replace(cards.SQL, sql=title * 20, note=title))) == []
    assert check_view(save_modal(replace(cards.FORM, name=title, tags=(title,), restatement=title), "{}")) == []


def assert_no_markup(text: str, ours: list[str]) -> None:
    for known in ours:
        text = text.replace(known, "")
    text = re.sub(r"<!date\^\d+\^[^|<>]*\|[^|<>]*>", "", text)  # a moment by the reader's own clock
    assert "<" not in text
    assert ">" not in text
    assert re.search(r"&(?!amp;|lt;|gt;)", text) is None


def mrkdwn(node: Any) -> Iterator[str]:
    """Every text that Slack reads as mrkdwn."""
    if isinstance(node, dict):
        if node.get("type") == "mrkdwn":
            yield node["text"]
        for child in node.values():
            yield from mrkdwn(child)
    elif isinstance(node, (list, tuple)):
        for child in node:
            yield from mrkdwn(child)


def elements(node: Any) -> Iterator[dict[str, Any]]:
    """Every element with an action."""
    if isinstance(node, dict):
        if "action_id" in node:
            yield node
        for child in node.values():
            yield from elements(child)
    elif isinstance(node, (list, tuple)):
        for child in node:
            yield from elements(child)


def test_the_fullest_card_still_fits() -> None:
    """Everything at its longest at once stays within a message, and the row of buttons is still there."""
    long = "wide words " * 60
    card = replace(
        cards.COUNTED,
        title=long,
        sentence=(WordSpan(long * 5, "condition"),),
        lines=tuple(ConditionLine(i % 9, long, "and", 5, 5, 0.5, long) for i in range(80)),
        windows=tuple(WindowLine(long, cards.NOW, cards.NOW) for _ in range(20)),
        chips=tuple(Chip(i, long, ((0, long), (1, long))) for i in range(12)),
        unread=tuple(UnreadLine(i, long, tuple((j, long, long) for j in range(8))) for i in range(9)),
        questions=tuple(
            QuestionLine(i, long, tuple(ChoiceLine(j, long, cards.counted(5)) for j in range(12))) for i in range(6)
        ),
        warnings=(long,) * 12,
        corrections=(CorrectionLine(long, long),) * 12,
        left_out=(long,) * 12,
        asides=(long,) * 12,
    )
    message = segment_message(card, "channel")
    assert check_message({"text": message.text, "blocks": list(message.blocks)}) == []
    assert any(element["action_id"] == Action.PREVIEW for element in elements(message.blocks))


def test_background_is_said_to_be_unused_and_can_be_reworded() -> None:
    """Words taken as background are named on the card and read aloud, with a button to say it another way."""
    message = segment_message(cards.ASIDE, "channel")
    shown = repr(message.blocks)
    assert "Not used: “For the June newsletter” (taken as background)" in shown
    assert "For the June newsletter" in message.text
    assert Move.REWORD in cards.ASIDE.moves
    assert "Reword" in shown or "reword" in shown
