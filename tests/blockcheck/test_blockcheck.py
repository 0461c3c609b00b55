"""What Slack takes and what it refuses, as a table; and that no JSON whatever breaks the checker."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slackblocks import _limits, _surfaces

from segbot.slack.blockcheck import LIMITS, SURFACES, Problem, check_blocks, check_message, check_view

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn("x"), **more}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def option(value: str = "a", text: str = "A", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "s", "options": [option()], **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain("Label"), "element": element, **more}


def typing(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "t", **more}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def words(text: str = "x", **more: Any) -> Json:
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text, **more}]}


def table(rows: int = 2, columns: int = 2, text: str = "x") -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": text}] * columns] * rows}


def data_table(rows: int = 2, **more: Any) -> Json:
    cells = [[{"type": "raw_text", "text": "x"}, {"type": "raw_number", "value": 1, "text": "1"}]] * rows
    return {"type": "data_table", "caption": "People", "rows": cells, **more}


def chart(kind: str = "bar", **more: Any) -> Json:
    if kind == "pie":
        inner: Json = {"type": "pie", "segments": [{"label": "a", "value": 1}]}
    else:
        inner = {
            "type": kind,
            "series": [{"name": "s", "data": [{"label": "a", "value": 1}]}],
            "axis_config": {"categories": ["a"]},
        }
    return {"type": "data_visualization", "title": "Sizes", "chart": {**inner, **more}}


def confirm(**more: Any) -> Json:
    return {"title": plain("Sure?"), "text": mrkdwn("Really?"), "confirm": plain("Yes"), "deny": plain("No"), **more}


def task(status: str = "complete") -> Json:
    return {"type": "task_card", "task_id": "1", "title": "Count", "status": status}


IMAGE = {"type": "image", "image_url": "https://example.com/a.png", "alt_text": "a"}
CARD = {"type": "card", "title": mrkdwn("x"), "actions": [button()]}
VIDEO = {
    "type": "video",
    "alt_text": "a",
    "title": plain("t"),
    "video_url": "https://example.com/v",
    "thumbnail_url": "https://example.com/t",
}
FEEDBACK = {
    "type": "feedback_buttons",
    "action_id": "f",
    "positive_button": {"text": plain("Good"), "value": "+"},
    "negative_button": {"text": plain("Bad"), "value": "-"},
}

#: Blocks that Slack takes in a message.
GOOD: dict[str, list[Json]] = {
    "nothing": [],
    "section": [section()],
    "section of 3000": [section(text=mrkdwn("x" * 3000))],
    "fields": [{"type": "section", "fields": [mrkdwn("x" * 900)] * 10}],
    "header of 150": [{"type": "header", "text": plain("x" * 150)}],
    "divider": [{"type": "divider", "block_id": "d"}],
    "image": [{**IMAGE, "title": plain("t")}],
    "slack file": [{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "a"}],
    "context": [{"type": "context", "elements": [IMAGE, plain("a"), mrkdwn("b")]}],
    "button": [actions(button(style="primary", value="v" * 2000, confirm=confirm()))],
    "button for some": [actions(button(visible_to_user_ids=["U1"]))],
    "same action_id in two blocks": [actions(button()), actions(button())],
    "25 elements": [actions(*(button(action_id=str(n)) for n in range(25)))],
    "selects": [actions(select(initial_option=option()), {"type": "users_select", "action_id": "u"})],
    "100 options": [actions(select(options=[option(str(n)) for n in range(100)]))],
    "groups": [actions({"type": "static_select", "option_groups": [{"label": plain("g"), "options": [option()]}]})],
    "overflow": [section(accessory={"type": "overflow", "options": [option(url="https://example.com")]})],
    "pickers": [
        actions(
            {"type": "datepicker", "action_id": "d", "initial_date": "2026-02-28"},
            {"type": "timepicker", "action_id": "t", "initial_time": "23:59"},
            {"type": "datetimepicker", "action_id": "dt", "initial_date_time": 1_760_000_000},
        )
    ],
    "multi-select": [section(accessory={"type": "multi_users_select", "max_selected_items": 3})],
    "checkboxes": [section(accessory={"type": "checkboxes", "options": [option(description=mrkdwn("d"))]})],
    "input in a message": [field(typing())],
    "markdown": [{"type": "markdown", "text": "x" * 12_000}],
    "rich text": [
        rich(
            words(style={"bold": True}),
            {"type": "rich_text_list", "style": "bullet", "elements": [words()], "indent": 1},
            {"type": "rich_text_quote", "elements": [{"type": "user", "user_id": "U1"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "link", "url": "https://example.com"}]},
        )
    ],
    "table": [table(100, 20, "x")],
    "table cells": [
        {
            "type": "table",
            "rows": [[rich(words()), {"type": "raw_number", "value": 1.5, "text": "1.5"}]],
            "column_settings": [None, {"align": "right", "is_wrapped": True}],
        }
    ],
    "data table": [data_table(201, page_size=100, row_header_column_index=1)],
    "charts": [chart("pie"), chart("line")],
    "task card": [task()],
    "plan": [{"type": "plan", "title": "Plan", "tasks": [task("pending")] * 50}],
    "card": [CARD],
    "carousel": [{"type": "carousel", "elements": [CARD] * 10}],
    "container": [{"type": "container", "title": plain("t"), "child_blocks": [section()] * 10, "width": "wide"}],
    "collapsible": [{"type": "container", "title": plain("t"), "child_blocks": [section()], "is_collapsible": True}],
    "video": [VIDEO],
    "feedback": [{"type": "context_actions", "elements": [FEEDBACK]}],
    "50 blocks": [{"type": "divider"}] * 50,
}

#: Blocks that Slack refuses in a message: name → (blocks, where, code).
BAD: dict[str, tuple[Any, str, str]] = {
    "not an array": ({}, "/blocks", "wrong_type"),
    "not an object": (["x"], "/blocks/0", "wrong_type"),
    "no type": ([{}], "/blocks/0/type", "unknown_type"),
    "unknown block": ([{"type": "banner"}], "/blocks/0/type", "unknown_type"),
    "unknown property": ([section(colour="red")], "/blocks/0/colour", "unknown_property"),
    "51 blocks": ([{"type": "divider"}] * 51, "/blocks", "too_many"),
    "duplicate block_id": ([section(block_id="a")] * 2, "/blocks/1/block_id", "duplicate"),
    "block_id of 256": ([section(block_id="x" * 256)], "/blocks/0/block_id", "too_long"),
    "empty section": ([{"type": "section"}], "/blocks/0", "missing"),
    "section of 3001": ([section(text=mrkdwn("x" * 3001))], "/blocks/0/text/text", "too_long"),
    "section without words": ([section(text=mrkdwn(""))], "/blocks/0/text/text", "too_short"),
    "text as a string": ([section(text="x")], "/blocks/0/text", "wrong_type"),
    "text of unknown kind": ([section(text={"type": "html", "text": "x"})], "/blocks/0/text/type", "not_allowed"),
    "emoji on mrkdwn": ([section(text={**mrkdwn("x"), "emoji": True})], "/blocks/0/text/emoji", "unknown_property"),
    "11 fields": ([{"type": "section", "fields": [mrkdwn("x")] * 11}], "/blocks/0/fields", "too_many"),
    "no fields": ([{"type": "section", "fields": []}], "/blocks/0/fields", "too_few"),
    "field of 2001": ([section(fields=[mrkdwn("x" * 2001)])], "/blocks/0/fields/0/text", "too_long"),
    "header of 151": ([{"type": "header", "text": plain("x" * 151)}], "/blocks/0/text/text", "too_long"),
    "header in mrkdwn": ([{"type": "header", "text": mrkdwn("x")}], "/blocks/0/text/type", "not_allowed"),
    "image without alt": ([{**IMAGE, "alt_text": None}], "/blocks/0/alt_text", "missing"),
    "image twice": ([{**IMAGE, "slack_file": {"id": "F"}}], "/blocks/0", "conflict"),
    "image url of 3001": ([{**IMAGE, "image_url": "x" * 3001}], "/blocks/0/image_url", "too_long"),
    "11 context elements": ([{"type": "context", "elements": [plain("x")] * 11}], "/blocks/0/elements", "too_many"),
    "button in context": (
        [{"type": "context", "elements": [button()]}],
        "/blocks/0/elements/0/type",
        "not_allowed_here",
    ),
    "no actions": ([actions()], "/blocks/0/elements", "too_few"),
    "26 actions": (
        [actions(*(button(action_id=str(n)) for n in range(26)))],
        "/blocks/0/elements",
        "too_many",
    ),
    "duplicate action_id": ([actions(button(), button())], "/blocks/0/elements/1/action_id", "duplicate"),
    "action_id of 256": ([actions(button(action_id="x" * 256))], "/blocks/0/elements/0/action_id", "too_long"),
    "button text of 76": ([actions(button(text=plain("x" * 76)))], "/blocks/0/elements/0/text/text", "too_long"),
    "button text in mrkdwn": ([actions(button(text=mrkdwn("x")))], "/blocks/0/elements/0/text/type", "not_allowed"),
    "button value of 2001": ([actions(button(value="x" * 2001))], "/blocks/0/elements/0/value", "too_long"),
    "button value a number": ([actions(button(value=7))], "/blocks/0/elements/0/value", "wrong_type"),
    "button url of 3001": ([actions(button(url="x" * 3001))], "/blocks/0/elements/0/url", "too_long"),
    "green button": ([actions(button(style="green"))], "/blocks/0/elements/0/style", "not_allowed"),
    "label of 76": (
        [actions(button(accessibility_label="x" * 76))],
        "/blocks/0/elements/0/accessibility_label",
        "too_long",
    ),
    "confirm without deny": (
        [actions(button(confirm=confirm(deny=None)))],
        "/blocks/0/elements/0/confirm/deny",
        "missing",
    ),
    "confirm title of 101": (
        [actions(button(confirm=confirm(title=plain("x" * 101))))],
        "/blocks/0/elements/0/confirm/title/text",
        "too_long",
    ),
    "confirm text of 301": (
        [actions(button(confirm=confirm(text=plain("x" * 301))))],
        "/blocks/0/elements/0/confirm/text/text",
        "too_long",
    ),
    "confirm button of 31": (
        [actions(button(confirm=confirm(confirm=plain("x" * 31))))],
        "/blocks/0/elements/0/confirm/confirm/text",
        "too_long",
    ),
    "text field in actions": ([actions(typing())], "/blocks/0/elements/0/type", "not_allowed_here"),
    "no options": ([actions(select(options=[]))], "/blocks/0/elements/0/options", "too_few"),
    "options missing": ([actions({"type": "static_select"})], "/blocks/0/elements/0/options", "missing"),
    "options and groups": (
        [actions(select(option_groups=[{"label": plain("g"), "options": [option()]}]))],
        "/blocks/0/elements/0",
        "conflict",
    ),
    "101 options": (
        [actions(select(options=[option(str(n)) for n in range(101)]))],
        "/blocks/0/elements/0/options",
        "too_many",
    ),
    "option text of 76": (
        [actions(select(options=[option(text="x" * 76)]))],
        "/blocks/0/elements/0/options/0/text/text",
        "too_long",
    ),
    "option value of 151": (
        [actions(select(options=[option("x" * 151)]))],
        "/blocks/0/elements/0/options/0/value",
        "too_long",
    ),
    "option description of 76": (
        [actions(select(options=[option(description=plain("x" * 76))]))],
        "/blocks/0/elements/0/options/0/description/text",
        "too_long",
    ),
    "option with a url in a select": (
        [actions(select(options=[option(url="https://example.com")]))],
        "/blocks/0/elements/0/options/0/url",
        "unknown_property",
    ),
    "first choice not offered": (
        [actions(select(initial_option=option("z")))],
        "/blocks/0/elements/0/initial_option",
        "not_offered",
    ),
    "placeholder of 151": (
        [actions(select(placeholder=plain("x" * 151)))],
        "/blocks/0/elements/0/placeholder/text",
        "too_long",
    ),
    "6 in the overflow": (
        [section(accessory={"type": "overflow", "options": [option(str(n)) for n in range(6)]})],
        "/blocks/0/accessory/options",
        "too_many",
    ),
    "11 radio buttons": (
        [section(accessory={"type": "radio_buttons", "options": [option(str(n)) for n in range(11)]})],
        "/blocks/0/accessory/options",
        "too_many",
    ),
    "11 checkboxes": (
        [section(accessory={"type": "checkboxes", "options": [option(str(n)) for n in range(11)]})],
        "/blocks/0/accessory/options",
        "too_many",
    ),
    "date of another format": (
        [actions({"type": "datepicker", "initial_date": "28/02/2026"})],
        "/blocks/0/elements/0/initial_date",
        "format",
    ),
    "time of another format": (
        [actions({"type": "timepicker", "initial_time": "24:00"})],
        "/blocks/0/elements/0/initial_time",
        "format",
    ),
    "input without label": ([field(typing(), label=None)], "/blocks/0/label", "missing"),
    "label of 2001": ([field(typing(), label=plain("x" * 2001))], "/blocks/0/label/text", "too_long"),
    "hint of 2001": ([field(typing(), hint=plain("x" * 2001))], "/blocks/0/hint/text", "too_long"),
    "button as input": ([field(button())], "/blocks/0/element/type", "not_allowed_here"),
    "file input in a message": ([field({"type": "file_input"})], "/blocks/0/element/type", "wrong_surface"),
    "max_length of 3001": ([field(typing(max_length=3001))], "/blocks/0/element/max_length", "out_of_range"),
    "least above most": (
        [field(typing(min_length=9, max_length=3))],
        "/blocks/0/element/min_length",
        "out_of_range",
    ),
    "number without decimals rule": (
        [field({"type": "number_input"})],
        "/blocks/0/element/is_decimal_allowed",
        "missing",
    ),
    "two focused": (
        [field(typing(focus_on_load=True)), field(typing(focus_on_load=True))],
        "/blocks/1/element/focus_on_load",
        "duplicate",
    ),
    "markdown of 12001": ([{"type": "markdown", "text": "x" * 12_001}], "/blocks/0/text", "too_long"),
    "two markdowns too long": ([{"type": "markdown", "text": "x" * 6_001}] * 2, "/blocks", "too_long"),
    "too much altogether": ([section(text=mrkdwn("x" * 2700))] * 5, "/blocks", "msg_blocks_too_long"),
    "alert in a message": ([{"type": "alert", "text": plain("x")}], "/blocks/0/type", "wrong_surface"),
    "101 rows": ([table(101)], "/blocks/0/rows", "too_many"),
    "21 columns": ([table(1, 21)], "/blocks/0/rows/0", "too_many"),
    "two tables": ([table(), table()], "/blocks", "too_many"),
    "a table in a container beside one": (
        [table(), {"type": "container", "title": plain("t"), "child_blocks": [table()]}],
        "/blocks",
        "too_many",
    ),
    "too much in tables": ([table(11, 1, "x" * 1000)], "/blocks", "too_long"),
    "bare cell": ([{"type": "table", "rows": [["x"]]}], "/blocks/0/rows/0/0", "wrong_type"),
    "number cell without text": (
        [{"type": "table", "rows": [[{"type": "raw_number", "value": 1}]]}],
        "/blocks/0/rows/0/0/text",
        "missing",
    ),
    "data table without caption": ([data_table(caption=None)], "/blocks/0/caption", "missing"),
    "data table of a header": ([data_table(1)], "/blocks/0/rows", "too_few"),
    "data table of 202": ([data_table(202)], "/blocks/0/rows", "too_many"),
    "data table page of 101": ([data_table(page_size=101)], "/blocks/0/page_size", "out_of_range"),
    "ragged data table": (
        [{**data_table(), "rows": [[{"type": "raw_text", "text": "x"}] * 2, [{"type": "raw_text", "text": "x"}]]}],
        "/blocks/0/rows",
        "conflict",
    ),
    "rich header cell": (
        [{**data_table(), "rows": [[rich(words())], [rich(words())]]}],
        "/blocks/0/rows/0/0",
        "not_allowed",
    ),
    "13 slices": (
        [chart("pie", segments=[{"label": str(n), "value": 1} for n in range(13)])],
        "/blocks/0/chart/segments",
        "too_many",
    ),
    "empty slice": (
        [chart("pie", segments=[{"label": "a", "value": 0}])],
        "/blocks/0/chart/segments/0/value",
        "out_of_range",
    ),
    "missing point": ([chart(axis_config={"categories": ["a", "b"]})], "/blocks/0/chart/series/0/data", "conflict"),
    "three charts": ([chart("pie")] * 3, "/blocks", "too_many"),
    "pending card": ([task("pending")], "/blocks/0/status", "not_allowed"),
    "51 tasks": ([{"type": "plan", "title": "P", "tasks": [task()] * 51}], "/blocks/0/tasks", "too_many"),
    "empty card": ([{"type": "card", "subtitle": plain("x")}], "/blocks/0", "missing"),
    "card body of 201": ([{"type": "card", "body": mrkdwn("x" * 201)}], "/blocks/0/body/text", "too_long"),
    "4 card actions": (
        [{"type": "card", "title": plain("x"), "actions": [button()] * 4}],
        "/blocks/0/actions",
        "too_many",
    ),
    "11 cards": ([{"type": "carousel", "elements": [CARD] * 11}], "/blocks/0/elements", "too_many"),
    "section in a carousel": (
        [{"type": "carousel", "elements": [section()]}],
        "/blocks/0/elements/0/type",
        "not_allowed_here",
    ),
    "container in a container": (
        [
            {
                "type": "container",
                "title": plain("t"),
                "child_blocks": [{"type": "container", "title": plain("t"), "child_blocks": [section()]}],
            }
        ],
        "/blocks/0/child_blocks/0/type",
        "not_allowed_here",
    ),
    "container without title": ([{"type": "container", "child_blocks": [section()]}], "/blocks/0", "missing"),
    "rich text of unknown part": (
        [rich({"type": "rich_text_section", "elements": [{"type": "blink"}]})],
        "/blocks/0/elements/0/elements/0/type",
        "unknown_type",
    ),
    "list without style": (
        [rich({"type": "rich_text_list", "elements": [words()]})],
        "/blocks/0/elements/0/style",
        "missing",
    ),
    "6 context actions": (
        [{"type": "context_actions", "elements": [{**FEEDBACK, "action_id": str(n)} for n in range(6)]}],
        "/blocks/0/elements",
        "too_many",
    ),
    "button in context actions": (
        [{"type": "context_actions", "elements": [button()]}],
        "/blocks/0/elements/0/type",
        "not_allowed_here",
    ),
    "video without thumbnail": ([{**VIDEO, "thumbnail_url": None}], "/blocks/0/thumbnail_url", "missing"),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_blocks(name: str) -> None:
    """What Slack takes in a message passes."""
    assert check_blocks(GOOD[name], "message") == []


@pytest.mark.parametrize("name", BAD)
def test_bad_blocks(name: str) -> None:
    """What Slack refuses is reported at its spot with its kind, and nothing else is."""
    blocks, pointer, code = BAD[name]
    problems = check_blocks(blocks, "message")
    assert [(p.pointer, p.code) for p in problems] == [(pointer, code)]
    assert problems[0].as_slack() == f"[ERROR] {problems[0].message} [json-pointer:{pointer}]"


def test_every_problem_is_found_at_once() -> None:
    """Several mistakes give several problems, in the order of the payload."""
    problems = check_blocks([section(colour=1), {"type": "header", "text": plain("x" * 151)}, {}], "message")
    assert [p.code for p in problems] == ["unknown_property", "too_long", "unknown_type"]


MODAL: Json = {"type": "modal", "title": plain("t"), "blocks": [section()]}

VIEWS: dict[str, tuple[Any, list[tuple[str, str]]]] = {
    "modal": (MODAL, []),
    "modal with input": ({**MODAL, "submit": plain("Go"), "blocks": [field(typing())]}, []),
    "alert in a modal": ({**MODAL, "blocks": [{"type": "alert", "text": plain("x"), "level": "warning"}]}, []),
    "file input": ({**MODAL, "submit": plain("Go"), "blocks": [field({"type": "file_input", "max_files": 10})]}, []),
    "100 blocks": ({**MODAL, "blocks": [{"type": "divider"}] * 100}, []),
    "long modal": ({**MODAL, "blocks": [section(text=mrkdwn("x" * 3000))] * 20}, []),
    "home": ({"type": "home", "blocks": [CARD]}, []),
    "not an object": ("x", [("/view", "wrong_type")]),
    "neither": ({"type": "popup"}, [("/view/type", "not_allowed")]),
    "no blocks": ({**MODAL, "blocks": None}, [("/view/blocks", "missing")]),
    "101 blocks": ({**MODAL, "blocks": [{"type": "divider"}] * 101}, [("/view/blocks", "too_many")]),
    "no title": ({**MODAL, "title": None}, [("/view/title", "missing")]),
    "title of 25": ({**MODAL, "title": plain("x" * 25)}, [("/view/title/text", "too_long")]),
    "submit of 25": ({**MODAL, "submit": plain("x" * 25)}, [("/view/submit/text", "too_long")]),
    "close of 25": ({**MODAL, "close": plain("x" * 25)}, [("/view/close/text", "too_long")]),
    "metadata of 3001": ({**MODAL, "private_metadata": "x" * 3001}, [("/view/private_metadata", "too_long")]),
    "callback_id of 256": ({**MODAL, "callback_id": "x" * 256}, [("/view/callback_id", "too_long")]),
    "external_id of 256": ({**MODAL, "external_id": "x" * 256}, [("/view/external_id", "too_long")]),
    "input without submit": ({**MODAL, "blocks": [field(typing())]}, [("/view/submit", "missing")]),
    "table in a modal": ({**MODAL, "blocks": [table()]}, [("/view/blocks/0/type", "wrong_surface")]),
    "markdown in a modal": (
        {**MODAL, "blocks": [{"type": "markdown", "text": "x"}]},
        [("/view/blocks/0/type", "wrong_surface")],
    ),
    "card in a modal": ({**MODAL, "blocks": [CARD]}, [("/view/blocks/0/type", "wrong_surface")]),
    "alert at home": (
        {"type": "home", "blocks": [{"type": "alert", "text": plain("x")}]},
        [("/view/blocks/0/type", "wrong_surface")],
    ),
    "home with a title": ({"type": "home", "title": plain("t"), "blocks": []}, [("/view/title", "unknown_property")]),
    "file input at home": (
        {"type": "home", "blocks": [field({"type": "file_input"})]},
        [("/view/blocks/0/element/type", "wrong_surface")],
    ),
}


@pytest.mark.parametrize("name", VIEWS)
def test_views(name: str) -> None:
    """Modals and Home tabs have their own limits, properties and surfaces."""
    view, expected = VIEWS[name]
    assert [(p.pointer, p.code) for p in check_view(view)] == expected


MESSAGES: dict[str, tuple[Json, list[tuple[str, str]]]] = {
    "text": ({"text": "x"}, []),
    "blocks alone": ({"blocks": [section()]}, []),
    "attachment alone": ({"attachments": [{"color": "#ff0000", "blocks": [section()]}]}, []),
    "nothing": ({"text": ""}, [("/text", "no_text")]),
    "text of 40001": ({"text": "x" * 40_001}, [("/text", "msg_too_long")]),
    "text as a number": ({"text": 5}, [("/text", "wrong_type")]),
    "101 attachments": ({"attachments": [{"text": "x"}] * 101}, [("/attachments", "too_many")]),
    "bad attachment": (
        {"attachments": [{"blocks": [{"type": "x"}]}]},
        [("/attachments/0/blocks/0/type", "unknown_type")],
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_messages(name: str) -> None:
    """A message needs something to show, and its attachments are checked too."""
    payload, expected = MESSAGES[name]
    assert [(p.pointer, p.code) for p in check_message(payload)] == expected


NAMES = st.sampled_from(
    ["type", "text", "blocks", "elements", "options", "rows", "element", "action_id", "block_id", "chart", "tasks"]
)
KINDS = st.sampled_from([*SURFACES, "button", "static_select", "plain_text", "mrkdwn", "raw_text", "bar", "pie"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | KINDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_nothing_breaks_the_checker(value: Any) -> None:
    """Whatever JSON comes, the answer is a list of problems."""
    for surface in ("message", "modal", "home"):
        assert all(isinstance(p, Problem) for p in check_blocks([value], surface))
    check_view({"type": "modal", "blocks": value})
    check_message({"blocks": value, "attachments": value, "text": value})


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_pointers_lead_somewhere(name: str, data: st.DataObject) -> None:
    """A pointer names a spot in the payload, or a property missing from one."""
    blocks = json.loads(json.dumps(GOOD[name]))
    if blocks:
        victim = data.draw(st.sampled_from(range(len(blocks))))
        blocks[victim] = {**blocks[victim], data.draw(NAMES): data.draw(ANYTHING)}
    for problem in check_blocks(blocks, "message"):
        here: Any = {"blocks": blocks}
        *path, _last = problem.pointer.split("/")[1:]
        for step in path:
            here = here[int(step)] if isinstance(here, list) else here[step]


def test_limits_agree_with_another_implementation() -> None:
    """Where an independent registry of Slack's limits has the same entry, the number is the same."""
    shared = 0
    for name, limit in LIMITS.items():
        theirs = getattr(_limits, re.sub(r"\.", "_", name).upper(), None)
        if theirs is not None:
            assert limit == theirs, name
            shared += 1
    assert shared >= 70


def test_surfaces_are_never_wider_than_another_implementation() -> None:
    """No block is allowed on a surface where an independent list forbids it."""
    known = _surfaces._BLOCK_TYPES_BY_SURFACE
    for block, surfaces in SURFACES.items():
        theirs = {surface for surface, blocks in known.items() if block in blocks}
        assert not theirs or surfaces <= theirs, block
