"""A segment frozen at a moment, posted into the thread of its card."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from segbot.model.cards import ShareCard
from segbot.model.snapshot import Moved, SinceCard
from segbot.slack.ids import Action, Value
from segbot.slack.views import kit, wording
from segbot.slack.views.kit import Block, Element, Message
from segbot.slack.views.segment import condition_list, window_lines
from segbot.slack.views.wording import sentence_case

_LINES = (24, 12, 6)
_MAX_TEXT = 12_000


def share_message(card: ShareCard) -> Message:
    """The definition, its size, its dates and who shared it; nothing in it changes later."""
    blocks: list[Block] = []
    for most in _LINES:
        blocks = [*_share(card, most)]
        if kit.weight(blocks) <= _MAX_TEXT:
            break
    spoken = (
        f"{_title(card)}: {wording.size(card.count, card.noun)}, {wording.share(card.count, card.noun)}. "
        f"{card.restatement}. {wording.as_of(card.count, card.timezone)}."
    )
    return Message(kit.escape(spoken, 2900), tuple(blocks))


def since_message(card: SinceCard) -> Message:
    """What became of a snapshot since: today's number and the difference, and whether it still means the same."""
    lines = [*_since(card)]
    spoken = ". ".join(line.split(": ", 1)[-1] if line.startswith(":") else line for line in lines).replace("*", "")
    return Message(spoken[:2900], (kit.section("\n".join(lines)),))


def _since(card: SinceCard) -> Iterator[str]:
    then, now = wording.size(card.then, card.noun), wording.size(card.now, card.noun)
    when = wording.moment(card.then.as_of, card.timezone)
    yield f":pushpin: {kit.escape(card.name, 60)} had *{then}* on {when}."
    if card.came is not None and card.went is not None:
        gone = f", {wording.number(card.gone)} of them no longer counted at all" if card.gone else ""
        moved = f" (+{wording.number(card.came)} in, −{wording.number(card.went)} out since{gone})"
        same = "The very same people are in it" if not card.came and not card.went else ""
    else:
        change = card.now.value - card.then.value
        moved = f" ({'+' if change >= 0 else '−'}{wording.number(abs(change))})"
        same = "Who came and went can't be told: the people of this snapshot are not kept"
    yield f"Today it is *{now}*{moved}, {wording.share(card.now, card.noun)}."
    if same:
        yield f"{same}."
    match card.meaning:
        case "same":
            yield "The definition still means the same."
        case "beside":
            yield "The catalog was changed since, but nothing that this definition asks."
        case "changed":
            yield ":warning: The definition means something else now: the catalog, or a segment that it names, was changed."
        case _:
            assert_never(card.meaning)
    yield from (_window(moved_one, card.timezone) for moved_one in card.moved[:5])
    if card.as_then is not None:
        yield f"With the dates of then it would be {wording.size(card.as_then, card.noun)} today."


def _window(one: Moved, timezone: str) -> str:
    said = kit.escape(sentence_case(one.now.phrase), 80)
    return f":calendar: {said}: then {wording.window(one.then, timezone)}; now {wording.window(one.now, timezone)}"


def _title(card: ShareCard) -> str:
    return f"{card.saved.name} (#{card.saved.number})" if card.saved else card.title


def _share(card: ShareCard, most: int) -> Iterator[Block]:
    size, share = wording.size(card.count, card.noun), wording.share(card.count, card.noun)
    yield kit.section(
        f":pushpin: *{kit.escape(_title(card), 150)}*\n*{kit.escape(size, 120)}*  ·  {kit.escape(share, 160)}"
    )
    elements: list[Element] = []
    if card.restatement:
        elements.append(kit.quote(kit.run(kit.clip(card.restatement, 900))))
    elements += condition_list(card.lines[:most], card.count, card.noun)
    if (more := len(card.lines) - most) > 0:
        elements.append(kit.paragraph(kit.run(f"… and {more} more conditions", italic=True)))
    if elements:
        yield kit.rich(*elements)
    lines = [wording.as_of(card.count, card.timezone)]
    if card.base_label:
        lines.append(kit.escape(sentence_case(card.base_label), 200))
    lines += window_lines(card.windows, card.timezone)
    yield kit.context(*lines, f"Shared by {kit.mention(card.author)}; this message stays as it is.")
    if card.snapshot:
        value = str(Value(card.snapshot))
        yield kit.actions(
            [
                kit.button(
                    Action.STILL_RIGHT, "Is this still right?", value, aloud="Is this still right? Compare with today"
                )
            ]
        )
        yield kit.context(_people(card))


def _people(card: ShareCard) -> str:
    """How the snapshot is named in a request, and for how long its people are kept; or that they are not."""
    name = kit.escape(card.name, 60)
    if not card.kept:
        why = "segbot keeps nobody" if not card.days else "there are too many of them"
        return f":pushpin: *{name}*. Its people are not kept: {why}."
    said = f"“in {kit.escape(card.name.lower(), 60)}”"
    return f":pushpin: *{name}*. Ask for {said} to get these very people, for {wording.number(round(card.days))} days."
