"""What segbot says in a card's thread about a change: one line and its numbers, short enough not to disturb the talk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import assert_never

from segbot.model.cards import ReplyCard
from segbot.slack.ids import Action, Value, write_change
from segbot.slack.views import kit, wording
from segbot.slack.views.kit import Block, Message

_MOST = 8
_ICON = re.compile(r"^:[a-z0-9_]+: ")


def reply_message(card: ReplyCard) -> Message:
    """The difference, the size now, who came in and went out, and a way back (or to make it so)."""
    lines = [*_lines(card)]
    spoken = ". ".join(_ICON.sub("", line).replace("*", "").rstrip(".") for line in lines) + "."
    blocks: list[Block] = [kit.section("\n".join(lines))]
    buttons = []
    if card.undo:
        buttons.append(kit.button(Action.UNDO, "Undo", str(Value(card.id, card.undo)), aloud="Undo this change"))
    if card.apply and card.words:
        change = write_change(card.id, card.words)
        buttons.append(kit.button(Action.APPLY, "Make it so", change, primary=True, aloud="Make it so in this segment"))
    if buttons:
        blocks.append(kit.actions(buttons))
    return Message(spoken[:2900], tuple(blocks))


def _lines(card: ReplyCard) -> Iterator[str]:
    title = kit.escape(card.title, 600)
    match card.kind:
        case "changed":
            yield f":pencil2: {title}"
        case "undone":
            yield f":leftwards_arrow_with_hook: Undone. {title}"
        case "redone":
            yield f":arrow_right_hook: Once more. {title}"
        case "what_if":
            yield f":thinking_face: {title}"
        case "nothing":
            yield f":information_source: {title}."
        case "explained":
            yield from _explained(card)
        case "unclear":
            lost = ", ".join(f"“{kit.escape(words, 80)}”" for words in card.lost)
            hints = f" Did you mean: {kit.escape(', '.join(card.hints), 300)}?" if card.hints else ""
            yield f":information_source: I didn't understand {lost}, so nothing was changed.{hints}"
        case _:
            assert_never(card.kind)
    if card.question:
        yield f":point_up: One question first, on the card: {kit.escape(card.question, 300)}"
    yield from _numbers(card)


def _numbers(card: ReplyCard) -> Iterator[str]:
    if card.count is None:
        return
    would = "That would be" if card.kind == "what_if" else "Now"
    moved = ""
    if card.came is not None and card.went is not None:
        moved = f" (+{wording.number(card.came)} in, −{wording.number(card.went)} out)"
    share = wording.share(card.count, card.noun)
    yield f"{would} *{wording.size(card.count, card.noun)}*{moved} · {share}"


def _explained(card: ReplyCard) -> Iterator[str]:
    explained = card.explained
    if explained is None:
        return
    count = explained.count
    yield f"*{wording.size(count, card.noun)}* of {wording.people(count.base, card.noun)}. Without one condition there would be:"
    for line in explained.without[:_MOST]:
        more = line.left - count.value
        yield f"• {wording.number(line.left)} (+{wording.number(more)}) without {kit.escape(line.condition, 200)}"
