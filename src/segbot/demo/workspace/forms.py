"""The values in a view or message: what the inputs start with, what a person entered, what the client refuses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from segbot.demo.workspace.post import elements_of, walk_blocks
from segbot.demo.workspace.state import Json

#: Of each element with a value: where the value stands in a state, and where its first value stands in the block.
FIELDS: dict[str, tuple[str, str | None]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", None),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", None),
}
_LISTS = {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}
_FINITE = {"static_select", "radio_buttons", "multi_static_select", "checkboxes", "overflow"}

REQUIRED = "Please complete this required field."


def inputs(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element that holds a value, with its block."""
    for block in walk_blocks(blocks):
        for element in elements_of(block):
            if element.get("type") in FIELDS and element["type"] != "overflow":
                yield block, element


def find_element(blocks: list[Json], block_id: str | None, action_id: str) -> tuple[Json, Json] | None:
    """The element a person acted on, with its block."""
    for block in walk_blocks(blocks):
        for element in elements_of(block):
            if element.get("action_id") == action_id and block_id in (None, block.get("block_id")):
                return block, element
    return None


def values(blocks: list[Json], entered: Json) -> Json:
    """`state.values`: first values, overlaid with what was entered; entries for unknown inputs are dropped."""
    state: Json = {}
    for block, element in inputs(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        key, initial = FIELDS[element["type"]]
        value: Any = element.get(initial) if initial else None
        if value is None and key in _LISTS:
            value = []
        given = (entered.get(block_id) or {}).get(action_id)
        if isinstance(given, dict) and key in given:
            value = given[key]
        if key in ("value", "rich_text_value") and value == "":
            value = None
        if element["type"] in _FINITE:
            value = offered_only(element, value)
        state.setdefault(block_id, {})[action_id] = {"type": element["type"], key: value}
    return state


def offered_only(element: Json, value: Any) -> Any:
    """The chosen options as the app offered them, so that a page cannot make one up."""
    groups = element.get("option_groups") or [element]
    by_value = {option["value"]: option for group in groups for option in group.get("options", [])}
    if isinstance(value, list):
        return [by_value[o["value"]] for o in value if isinstance(o, dict) and o.get("value") in by_value]
    return by_value.get(value.get("value")) if isinstance(value, dict) else None


def client_errors(blocks: list[Json], state: Json) -> dict[str, str]:
    """What Slack's own client refuses before the app is asked: block_id → message."""
    errors: dict[str, str] = {}
    for block, element in inputs(blocks):
        if block.get("type") != "input":
            continue
        key, _ = FIELDS[element["type"]]
        value = state[block["block_id"]][element["action_id"]][key]
        if value in (None, "", []):
            if not block.get("optional"):
                errors[block["block_id"]] = REQUIRED
            continue
        problem = _value_problem(element, value)
        if problem:
            errors[block["block_id"]] = problem
    return errors


def _value_problem(element: Json, value: Any) -> str | None:
    match element["type"]:
        case "plain_text_input":
            return _length_problem(element, str(value))
        case "number_input":
            return _number_problem(element, str(value))
        case "email_text_input" if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)):
            return "Enter a valid email address."
        case "url_text_input" if not re.fullmatch(r"https?://\S+", str(value)):
            return "Enter a valid URL."
        case _ if isinstance(value, list) and len(value) > element.get("max_selected_items", len(value)):
            return f"Choose at most {element['max_selected_items']}."
        case _:
            return None


def _length_problem(element: Json, value: str) -> str | None:
    low, high = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < low:
        return f"Enter at least {low} characters."
    if len(value) > high:
        return f"Enter at most {high} characters."
    return None


def _number_problem(element: Json, value: str) -> str | None:
    if not re.fullmatch(r"-?\d+(\.\d+)?", value):
        return "Enter a number."
    if "." in value and not element["is_decimal_allowed"]:
        return "Enter a whole number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Enter a number of at most {element['max_value']}."
    return None
