"""The window "Change…" of a card: every condition with its moves in one menu, each made at a press and undone as easily."""

from __future__ import annotations

from collections.abc import Iterator

from segbot.flows.build_cards import Size
from segbot.flows.moves import MoveLine, MovesCard
from segbot.model.segment import Counted
from segbot.slack.ids import Action, Callback, Pick, Value
from segbot.slack.views import kit, wording
from segbot.slack.views.build_kit import menu, size_line
from segbot.slack.views.kit import Block, View

TITLE = "Change"
_MOST = 40


def change_modal(card: MovesCard, metadata: str, note: str = "") -> View:
    """The conditions with their moves. `note` is what came of the move before."""
    return kit.modal(TITLE, _change(card, note), close="Done", callback=Callback.CHANGE, metadata=metadata)


def _change(card: MovesCard, note: str) -> Iterator[Block]:
    yield kit.section(size_line(Size(card.count), card.noun))
    if note:
        yield kit.context(f":pencil2: {kit.escape(note, 600)}")
    if not card.lines:
        yield kit.section(f":busts_in_silhouette: *No conditions: all {kit.escape(card.noun, 40)} are in.*")
    for number, line in enumerate(card.lines[:_MOST]):
        yield _line(card, line, number)
    if card.more:
        yield kit.context(f"… and {card.more} more: open the builder to change them")
    buttons = [kit.button(Action.MOVE.at(1000), "Add a condition…", str(Pick("add")))]
    if card.whole is not None:
        swap = next(offer for offer in card.whole.offers if offer.verb == "swap")
        buttons.append(kit.button(Action.MOVE.at(1001), swap.label, str(Pick("swap", card.whole.key))))
    if card.undo:
        buttons.append(
            kit.button(Action.MOVE.at(1002), "Undo", str(Pick("undo", card.undo)), aloud="Undo the last change")
        )
    buttons.append(kit.button(Action.BUILD, "Builder…", str(Value(card.id)), aloud="Open this segment in the builder"))
    yield kit.actions(buttons)
    yield kit.context("Each change is made at once, for everybody, and stands in the thread of the card.")


def _line(card: MovesCard, line: MoveLine, number: int) -> Block:
    shown = line.line
    indent = "      " * shown.level
    text = f"{indent}{f'_{shown.joiner}_ ' if shown.joiner else ''}{kit.escape(shown.text, 600)}"
    if not line.offers:
        return kit.section(text)
    given: list[tuple[str, Pick]] = [] if line.group else [("Edit…", Pick("edit", line.key))]
    for offer in line.offers:
        label = offer.label
        if offer.verb == "drop" and line.without is not None and card.count is not None:
            label = f"Drop: {_more(line.without, card.count)} without this"
        given.append((label, Pick(offer.verb, line.key, offer.to)))
    return kit.section(text, menu(Action.MOVE.at(number), given, "Change"))


def _more(without: Counted, now: Counted) -> str:
    """+1,204, or about +1,200 where the number is an estimate."""
    more = without.value - now.value
    sign = "+" if more >= 0 else "−"
    about = "" if without.exact and now.exact else "about "
    return f"{about}{sign}{wording.number(abs(more))}"
