"""A segment frozen at a moment, posted into the thread of its card."""

from __future__ import annotations

from collections.abc import Iterator

from segbot.model.cards import ShareCard
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
