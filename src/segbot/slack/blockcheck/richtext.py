"""Rich text: the document model shared by blocks, table cells and one input element."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from segbot.slack.blockcheck.limits import LIMITS
from segbot.slack.blockcheck.rules import (
    BLOCK_ID,
    TYPE,
    Rule,
    array,
    boolean,
    choice,
    counted_text,
    number,
    one_of_types,
    record,
    string_of,
)

_STYLE = record(
    dict.fromkeys(("bold", "italic", "strike", "code", "underline", "highlight", "unlink"), boolean)
    | {"client_highlight": boolean}
)
_BORDER = choice(0, 1)


def _part(fields: Mapping[str, Rule], required: Iterable[str]) -> Rule:
    return record({"type": TYPE, "style": _STYLE, **fields}, required)


_PARTS: Mapping[str, Rule] = {
    "text": _part({"text": counted_text}, ("text",)),
    "link": _part({"url": string_of(), "text": counted_text, "unsafe": boolean}, ("url",)),
    "user": _part({"user_id": string_of()}, ("user_id",)),
    "channel": _part({"channel_id": string_of()}, ("channel_id",)),
    "usergroup": _part({"usergroup_id": string_of()}, ("usergroup_id",)),
    "team": _part({"team_id": string_of()}, ("team_id",)),
    "broadcast": _part({"range": choice("here", "channel", "everyone")}, ("range",)),
    "emoji": _part({"name": string_of(), "unicode": string_of(), "skin_tone": number(1, 6)}, ("name",)),
    "color": _part({"value": string_of()}, ("value",)),
    "date": _part(
        {"timestamp": number(), "format": string_of(), "url": string_of(), "fallback": string_of()},
        ("timestamp", "format"),
    ),
}
_PART = one_of_types(_PARTS, _PARTS, "rich text")
_RICH_SECTION = record({"type": TYPE, "elements": array(_PART, low=0)}, ("elements",))
RICH: Mapping[str, Rule] = {
    "rich_text_section": _RICH_SECTION,
    "rich_text_quote": record({"type": TYPE, "elements": array(_PART), "border": _BORDER}, ("elements",)),
    "rich_text_preformatted": record(
        {"type": TYPE, "elements": array(_PART), "border": _BORDER, "language": string_of()}, ("elements",)
    ),
    "rich_text_list": record(
        {
            "type": TYPE,
            "elements": array(one_of_types({"rich_text_section": _RICH_SECTION}, ("rich_text_section",), "a list")),
            "style": choice("bullet", "ordered"),
            "indent": number(0, LIMITS["rich_text_list.indent.max"]),
            "offset": number(0),
            "border": _BORDER,
        },
        ("elements", "style"),
    ),
}

#: A whole rich_text block.
RICH_TEXT = record(
    {"type": TYPE, "block_id": BLOCK_ID, "elements": array(one_of_types(RICH, RICH, "rich text"), low=0)},
    ("elements",),
)
