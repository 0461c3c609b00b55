"""Composition objects and interactive elements, and the places they may stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from segbot.slack.blockcheck.limits import LIMITS
from segbot.slack.blockcheck.richtext import RICH_TEXT
from segbot.slack.blockcheck.rules import (
    ACTION_ID,
    TYPE,
    Extra,
    Rule,
    Run,
    anything,
    array,
    boolean,
    choice,
    exactly_one,
    limited,
    markup,
    number,
    one_of_types,
    ordered,
    plain,
    record,
    string_of,
)

DATE = string_of(pattern=r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
TIME = string_of(pattern=r"([01]\d|2[0-3]):[0-5]\d")
STYLE = choice("primary", "danger")
IDS = array(string_of(), low=0)

CONFIRM = record(
    {
        "title": plain("confirmation.title.max_length"),
        "text": markup("confirmation.text.max_length"),
        "confirm": plain("confirmation.confirm.max_length"),
        "deny": plain("confirmation.deny.max_length"),
        "style": STYLE,
    },
    ("title", "text", "confirm", "deny"),
)


def option(text: Callable[[str], Rule], url: bool = False) -> Rule:
    fields: dict[str, Rule] = {
        "text": text("option.text.max_length"),
        "value": limited("option.value.max_length", low=0),
        "description": text("option.description.max_length"),
    }
    if url:
        fields["url"] = limited("option.url.max_length")
    return record(fields, ("text", "value"))


SELECT_OPTION = option(plain)
GROUP = record(
    {
        "label": plain("option_group.label.max_length"),
        "options": array(SELECT_OPTION, LIMITS["option_group.options.max_items"]),
    },
    ("label", "options"),
)
SLACK_FILE = record({"id": string_of(), "url": string_of()})
DISPATCH = record(
    {"trigger_actions_on": array(choice("on_enter_pressed", "on_character_entered"), 2)},
    ("trigger_actions_on",),
)
FILTER = record(
    {
        "include": array(choice("im", "mpim", "private", "public")),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    }
)


def _options_of(value: Mapping[str, object]) -> list[object]:
    """The values of all options a select, group of radio buttons or checkboxes offers."""
    groups = value.get("option_groups")
    holders = groups if isinstance(groups, list) else [value]
    found: list[object] = []
    for holder in holders:
        options = holder.get("options") if isinstance(holder, Mapping) else None
        if isinstance(options, list):
            found += [option.get("value") for option in options if isinstance(option, Mapping)]
    return found


def initial_is_offered(run: Run, at: str, value: Mapping[str, object]) -> None:
    offered = _options_of(value)
    many = value.get("initial_options")
    chosen: list[tuple[str, object]] = [(f"{at}/initial_option", value.get("initial_option"))]
    if isinstance(many, list):
        chosen += [(f"{at}/initial_options/{i}", option) for i, option in enumerate(many)]
    for pointer, option in chosen:
        if isinstance(option, Mapping) and option.get("value") not in offered:
            run.report(pointer, "not_offered", "must match one of the options")


def options_or_groups(run: Run, at: str, value: Mapping[str, object]) -> None:
    given = [name for name in ("options", "option_groups") if value.get(name) is not None]
    if not given:
        run.report(f"{at}/options", "missing", "missing required field: options or option_groups")
    if len(given) == 2:
        run.report(at, "conflict", "options and option_groups cannot both be given")
    initial_is_offered(run, at, value)


# ---- elements --------------------------------------------------------------------------------------------


def _focus(run: Run, at: str, value: object) -> None:
    boolean(run, at, value)
    if value is True:
        if run.focused is not None:
            run.report(at, "duplicate", f"focus_on_load is already set at {run.focused}")
        run.focused = at


def _interactive(fields: Mapping[str, Rule], required: Iterable[str] = (), extra: Extra | None = None) -> Rule:
    return record({"type": TYPE, "action_id": ACTION_ID, **fields}, required, extra)


def _input(fields: Mapping[str, Rule], required: Iterable[str] = (), extra: Extra | None = None) -> Rule:
    common = {"placeholder": plain("select.placeholder.max_length"), "focus_on_load": _focus}
    return _interactive({**common, **fields}, required, extra)


def _menu(fields: Mapping[str, Rule], required: Iterable[str] = (), extra: Extra | None = None) -> Rule:
    return _input({"confirm": CONFIRM, **fields}, required, extra)


def image_rule(fields: Mapping[str, Rule]) -> Rule:
    common: dict[str, Rule] = {
        "type": TYPE,
        "image_url": limited("image.image_url.max_length"),
        "slack_file": SLACK_FILE,
        "alt_text": limited("image.alt_text.max_length"),
    }
    return record({**common, **fields}, ("alt_text",), exactly_one("image_url", "slack_file"))


_STATIC = {
    "options": array(SELECT_OPTION, LIMITS["select.options.max_items"]),
    "option_groups": array(GROUP, LIMITS["select.option_groups.max_items"]),
}
_INITIAL_OPTIONS = array(SELECT_OPTION)
_MANY = {"max_selected_items": number(1)}
_BUTTON_LIKE = {
    "accessibility_label": limited("button.accessibility_label.max_length"),
    "value": limited("button.value.max_length", low=0),
    "confirm": CONFIRM,
}
_FEEDBACK = record(
    {
        "text": plain("button.text.max_length"),
        "value": limited("button.value.max_length", low=0),
        "accessibility_label": limited("button.accessibility_label.max_length"),
    },
    ("text", "value"),
)
_CHECK_OPTION = option(markup)

ELEMENTS: Mapping[str, Rule] = {
    "button": _interactive(
        {
            **_BUTTON_LIKE,
            "text": plain("button.text.max_length"),
            "url": limited("button.url.max_length"),
            "style": STYLE,
            "agent_prompt": limited("button.agent_prompt.max_length"),
            "agent_prompt_display": anything,
            "visible_to_user_ids": IDS,
        },
        ("text",),
    ),
    "icon_button": _interactive(
        {
            **_BUTTON_LIKE,
            "icon": string_of(),
            "text": plain("button.text.max_length"),
            "visible_to_user_ids": array(string_of(), LIMITS["icon_button.visible_to_user_ids.max_items"], 0),
        },
        ("icon", "text"),
    ),
    "feedback_buttons": _interactive(
        {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, ("positive_button", "negative_button")
    ),
    "workflow_button": _interactive(
        {
            "text": plain("button.text.max_length"),
            "workflow": anything,
            "style": STYLE,
            "accessibility_label": limited("button.accessibility_label.max_length"),
        },
        ("text", "workflow"),
    ),
    "overflow": _interactive(
        {"options": array(option(plain, url=True), LIMITS["overflow.options.max_items"]), "confirm": CONFIRM},
        ("options",),
    ),
    "checkboxes": _interactive(
        {
            "options": array(_CHECK_OPTION, LIMITS["checkboxes.options.max_items"]),
            "initial_options": array(_CHECK_OPTION),
            "confirm": CONFIRM,
            "focus_on_load": _focus,
        },
        ("options",),
        initial_is_offered,
    ),
    "radio_buttons": _interactive(
        {
            "options": array(_CHECK_OPTION, LIMITS["radio_buttons.options.max_items"]),
            "initial_option": _CHECK_OPTION,
            "confirm": CONFIRM,
            "focus_on_load": _focus,
        },
        ("options",),
        initial_is_offered,
    ),
    "datepicker": _menu({"initial_date": DATE}),
    "timepicker": _menu({"initial_time": TIME, "timezone": string_of()}),
    "datetimepicker": _interactive(
        {
            "initial_date_time": number(1_000_000_000, 9_999_999_999),
            "confirm": CONFIRM,
            "focus_on_load": _focus,
        }
    ),
    "static_select": _menu({**_STATIC, "initial_option": SELECT_OPTION}, (), options_or_groups),
    "multi_static_select": _menu({**_STATIC, **_MANY, "initial_options": _INITIAL_OPTIONS}, (), options_or_groups),
    "external_select": _menu({"initial_option": SELECT_OPTION, "min_query_length": number(0)}),
    "multi_external_select": _menu({**_MANY, "initial_options": _INITIAL_OPTIONS, "min_query_length": number(0)}),
    "users_select": _menu({"initial_user": string_of()}),
    "multi_users_select": _menu({**_MANY, "initial_users": IDS}),
    "conversations_select": _menu(
        {
            "initial_conversation": string_of(),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": FILTER,
        }
    ),
    "multi_conversations_select": _menu(
        {
            **_MANY,
            "initial_conversations": IDS,
            "default_to_current_conversation": boolean,
            "filter": FILTER,
        }
    ),
    "channels_select": _menu({"initial_channel": string_of(), "response_url_enabled": boolean}),
    "multi_channels_select": _menu({**_MANY, "initial_channels": IDS}),
    "plain_text_input": _input(
        {
            "initial_value": string_of(LIMITS["plain_text_input.max_length.max"], 0),
            "multiline": boolean,
            "min_length": number(0, LIMITS["plain_text_input.max_length.max"]),
            "max_length": number(1, LIMITS["plain_text_input.max_length.max"]),
            "dispatch_action_config": DISPATCH,
        },
        (),
        ordered("min_length", "max_length"),
    ),
    "email_text_input": _input({"initial_value": string_of(), "dispatch_action_config": DISPATCH}),
    "url_text_input": _input({"initial_value": string_of(), "dispatch_action_config": DISPATCH}),
    "number_input": _input(
        {
            "is_decimal_allowed": boolean,
            "initial_value": string_of(pattern=r"-?\d+(\.\d+)?"),
            "min_value": string_of(pattern=r"-?\d+(\.\d+)?"),
            "max_value": string_of(pattern=r"-?\d+(\.\d+)?"),
            "dispatch_action_config": DISPATCH,
        },
        ("is_decimal_allowed",),
        ordered("min_value", "max_value"),
    ),
    "rich_text_input": _input(
        {
            "initial_value": RICH_TEXT,
            "dispatch_action_config": DISPATCH,
            "min_lines": number(1, LIMITS["rich_text_input.max_lines.max"]),
            "max_lines": number(1, LIMITS["rich_text_input.max_lines.max"]),
        }
    ),
    "file_input": _interactive(
        {"filetypes": array(string_of()), "max_files": number(1, LIMITS["file_input.max_files.max"])}
    ),
    "image": image_rule({}),
    "plain_text": plain("text.max_length"),
    "mrkdwn": markup("text.max_length"),
}

_SELECTS = {"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
_MULTI_SELECTS = {f"multi_{name}" for name in _SELECTS}
_PICKERS = {"checkboxes", "radio_buttons", "datepicker", "timepicker"}

#: Which element may stand in which place.
PLACES: Mapping[str, frozenset[str]] = {
    "section.accessory": frozenset(
        {"button", "image", "overflow", "workflow_button"} | _PICKERS | _SELECTS | _MULTI_SELECTS
    ),
    "actions.elements": frozenset({"button", "overflow", "workflow_button", "datetimepicker"} | _PICKERS | _SELECTS),
    "input.element": frozenset(
        {"datetimepicker", "plain_text_input", "email_text_input", "url_text_input", "number_input"}
        | {"rich_text_input", "file_input"}
        | _PICKERS
        | _SELECTS
        | _MULTI_SELECTS
    ),
    "context.elements": frozenset({"image", "plain_text", "mrkdwn"}),
    "context_actions.elements": frozenset({"feedback_buttons", "icon_button"}),
    "card.actions": frozenset({"button"}),
    "image": frozenset({"image"}),
}


def element_in(place: str) -> Rule:
    return one_of_types(ELEMENTS, PLACES[place], place.partition(".")[0])
