"""The few blocks that cards are built of, each kept within Slack's limits and harmless whatever text comes in.

Text of people and of the database goes into rich text or plain text, where nothing is markup, or through `escape`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Block: TypeAlias = dict[str, Any]
Element: TypeAlias = dict[str, Any]
View: TypeAlias = dict[str, Any]
Audience: TypeAlias = Literal["channel", "person"]

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent: blocks, and a text that says the same to a notification and to a screen reader."""

    text: str
    blocks: tuple[Block, ...]


def clip(text: str, limit: int) -> str:
    """At most `limit` characters, on one line where it was one, with an ellipsis where something is missing.

    Slack refuses an empty text, so nothing becomes a dash; control characters become spaces.
    """
    clean = "".join(c if c == "\n" or c.isprintable() or c in "\u200d\ufe0f" else " " for c in text)
    if not clean.strip():
        return "–"
    return clean if len(clean) <= limit else clean[: limit - 1].rstrip() + "…"


def escape(text: str, limit: int = 2900) -> str:
    """Text of others inside mrkdwn: no mention, link or entity can come out of it, and none is cut in half."""
    out: list[str] = []
    size = 0
    for char in clip(text, limit):
        safe = _ENTITIES.get(char, char)
        size += len(safe)
        if size > limit - 1:
            return "".join(out).rstrip() + "…"
        out.append(safe)
    return "".join(out)


def plain(text: str, limit: int) -> Element:
    """A plain_text object: nothing in it is markup."""
    return {"type": "plain_text", "text": clip(text, limit), "emoji": True}


def header(text: str) -> Block:
    """The title of a card."""
    return {"type": "header", "text": plain(text, 150)}


def section(mrkdwn: str, accessory: Element | None = None) -> Block:
    """A paragraph of our own mrkdwn; foreign text in it must be escaped already."""
    block: Block = {"type": "section", "text": {"type": "mrkdwn", "text": mrkdwn[:3000]}}
    return block if accessory is None else block | {"accessory": accessory}


def context(*lines: str) -> Block:
    """Small grey lines of our own mrkdwn."""
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": "\n".join(lines)[:3000]}]}


def actions(elements: Sequence[Element]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements[:25])}


def button(
    action: str,
    label: str,
    value: str,
    *,
    primary: bool = False,
    aloud: str = "",
    confirm: tuple[str, str, str] | None = None,
) -> Element:
    """A button. `aloud` is what a screen reader says where the label is too short to be understood alone.

    `confirm` is asked before it works: a title, what will happen, and the label to go on.
    """
    element: Element = {"type": "button", "action_id": action, "text": plain(label, 75), "value": value}
    if primary:
        element["style"] = "primary"
    if aloud:
        element["accessibility_label"] = clip(aloud, 75)
    if confirm:
        title, text, label = confirm
        element["confirm"] = {
            "title": plain(title, 100),
            "text": plain(text, 300),
            "confirm": plain(label, 30),
            "deny": plain("Cancel", 30),
        }
    return element


def feedback(action: str, good: str, bad: str) -> Block:
    """A thumb up and a thumb down, with the values of the two."""
    return {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": action,
                "positive_button": {
                    "text": plain("Right", 75),
                    "value": good,
                    "accessibility_label": "Right: this is what I meant",
                },
                "negative_button": {
                    "text": plain("Wrong", 75),
                    "value": bad,
                    "accessibility_label": "Wrong: tell what was misunderstood",
                },
            }
        ],
    }


def option(label: str, value: str) -> Element:
    """One entry of a menu."""
    return {"text": plain(label, 75), "value": value}


def overflow(action: str, options: Iterable[tuple[str, str]]) -> Element:
    """A small menu of two to five options (label, value)."""
    listed = [{"text": plain(label, 75), "value": value} for label, value in options]
    return {"type": "overflow", "action_id": action, "options": listed[:5]}


def menu(action: str, placeholder: str, options: Iterable[tuple[str, str]]) -> Element:
    """A drop-down of up to a hundred options (label, value)."""
    listed = [{"text": plain(label, 75), "value": value} for label, value in options]
    return {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(placeholder, 150),
        "options": listed[:100],
    }


def run(text: str, **style: bool) -> Element:
    """A stretch of rich text, taken literally: nothing in it is markup. Styles: bold, italic, strike, code."""
    element: Element = {"type": "text", "text": text}
    return element | {"style": style} if style else element


def mention(user: str) -> str:
    """A Slack user by id in mrkdwn, or the text itself where it is none."""
    return f"<@{user}>" if user[:1] in ("U", "W") and user.isalnum() and user.isupper() else escape(user, 80)


def paragraph(*elements: Element) -> Element:
    """A paragraph of rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def quote(*elements: Element) -> Element:
    """A quotation in rich text."""
    return {"type": "rich_text_quote", "elements": list(elements)}


def listing(items: Iterable[Element], *, indent: int = 0, ordered: bool = False, offset: int = 0) -> Element:
    """A list of rich text paragraphs."""
    element: Element = {
        "type": "rich_text_list",
        "style": "ordered" if ordered else "bullet",
        "indent": min(indent, 8),
        "elements": list(items),
    }
    return element | {"offset": offset} if offset else element


def rich(*elements: Element) -> Block:
    """A block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


def input_block(
    field: str,
    label: str,
    *,
    limit: int,
    initial: str = "",
    multiline: bool = False,
    hint: str = "",
    placeholder: str = "",
    optional: bool = False,
) -> Block:
    """A text field of a form. Its block has the field's name too, where Slack shows an error."""
    element: Element = {"type": "plain_text_input", "action_id": field, "max_length": limit}
    if initial:
        element["initial_value"] = clip(initial, limit)
    if multiline:
        element["multiline"] = True
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    block: Block = {
        "type": "input",
        "block_id": field,
        "label": plain(label, 150),
        "element": element,
        "optional": optional,
    }
    return block | {"hint": plain(hint, 300)} if hint else block


def choice_block(field: str, label: str, options: Iterable[tuple[str, str]]) -> Block:
    """A choice of a form among a few options (label, value), shown one below the other."""
    listed = [{"text": plain(label, 75), "value": value} for label, value in options]
    return {
        "type": "input",
        "block_id": field,
        "label": plain(label, 150),
        "element": {"type": "radio_buttons", "action_id": field, "options": listed[:10]},
        "optional": False,
    }


def modal(title: str, blocks: Iterable[Block], *, close: str = "Close", callback: str, metadata: str = "") -> View:
    """A modal that only shows something."""
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, 24),
        "close": plain(close, 24),
        "blocks": list(blocks)[:100],
    }
    return view | {"private_metadata": metadata} if metadata else view


def weight(blocks: Iterable[Block]) -> int:
    """About how many characters of text the blocks hold, which Slack limits for a whole message."""

    def count(node: object) -> int:
        match node:
            case dict():
                return sum(len(v) if k == "text" and isinstance(v, str) else count(v) for k, v in node.items())
            case list() | tuple():
                return sum(map(count, node))
            case _:
                return 0

    return count(list(blocks))
