"""The inputs of the builder's forms as Slack's own, and the few elements that its windows share."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from segbot.flows.build_cards import Size
from segbot.flows.form import Input
from segbot.slack.ids import Pick, write_input
from segbot.slack.views import kit, wording
from segbot.slack.views.kit import Block, Element

_MOST_LISTED = 100
_MOST_TEXT = 3000
_LONGEST_VALUE = 150


def input_of(one: Input) -> Block:
    """An input of a form. Its block is named by what it offers, so that what stood in another one is not taken over."""
    shape = zlib.crc32(repr((one.kind, one.options)).encode())
    block: Block = {
        "type": "input",
        "block_id": f"{one.name}.{shape}",
        "label": kit.plain(one.label, 150),
        "element": _element(one) | {"action_id": write_input(one.name)},
        "optional": one.optional,
    }
    if one.live:
        block["dispatch_action"] = True
    return block | {"hint": kit.plain(one.hint, 300)} if one.hint else block


def _element(one: Input) -> Element:
    now = one.chosen[0][1] if one.chosen else ""
    match one.kind:
        case "pick":
            return {
                "type": "static_select",
                "options": options(one.options),
                "initial_option": options(one.chosen[:1])[0],
            }
        case "search":
            several: Element = {"placeholder": kit.plain("Choose", 150)}
            if one.options:
                several |= {"type": "multi_static_select", "options": options(one.options)}
            else:
                several |= {"type": "multi_external_select", "min_query_length": 0}
            chosen = options(one.chosen)
            return several | {"initial_options": chosen} if chosen else several
        case "number":
            typed: Element = {"type": "number_input", "is_decimal_allowed": True}
            return typed | {"initial_value": now} if now else typed
        case "date":
            return {"type": "datepicker"} | ({"initial_date": now} if now else {})
        case "text" | "lines":
            text: Element = {"type": "plain_text_input", "max_length": _MOST_TEXT, "multiline": one.kind == "lines"}
            return text | {"initial_value": now[:_MOST_TEXT]} if now else text


def options(given: Iterable[tuple[str, str]]) -> list[Element]:
    """Options of a menu, as many as Slack takes."""
    fit = [(label, value) for label, value in given if 0 < len(value) <= _LONGEST_VALUE]
    return [{"text": kit.plain(label, 75), "value": value} for label, value in fit[:_MOST_LISTED]]


def menu(action: str, given: list[tuple[str, Pick]], aloud: str) -> Element:
    """What can be done with a condition: a small menu, or a longer one where there is more."""
    listed = [(label, str(pick)) for label, pick in given]
    if 2 <= len(listed) <= 5:
        return kit.overflow(action, listed)
    return kit.menu(action, aloud, listed)


def size_line(size: Size, noun: str) -> str:
    """How many that is, or that it is being counted."""
    if size.count is not None:
        share = wording.share(size.count, noun)
        return f":bar_chart: *{kit.escape(wording.size(size.count, noun), 120)}* · {kit.escape(share, 120)}"
    if size.note:
        return f":information_source: {kit.escape(size.note, 400)}"
    return ":hourglass_flowing_sand: Counting…"
