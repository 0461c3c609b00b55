"""What is open on a card or was taken for granted, each with its buttons: assumptions, corrections, unread words, questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from segbot.model.cards import Chip, QuestionLine, SegmentCard, UnreadLine
from segbot.model.segment import Counted
from segbot.slack.ids import Action, Value
from segbot.slack.views import kit, wording
from segbot.slack.views.kit import Block, Element
from segbot.slack.views.wording import sentence_case

_LONG_CHOICE = 38  # characters that still fit a button on a phone


@dataclass(frozen=True, slots=True)
class Room:
    """How much of everything is shown: condition lines, other things of one kind, characters of one text."""

    lines: int
    things: int
    text: int


def assumed(card: SegmentCard, room: Room) -> Iterator[Block]:
    """What was taken for granted, with a way to take it back."""
    for chip in [chip for chip in card.chips if chip.options][: room.things]:
        yield _chip(card.id, chip, room.text)
    if undo := card.corrections[: min(room.things, 5)]:
        yield kit.actions(
            [
                kit.button(
                    Action.AS_TYPED.at(index),
                    f"I meant “{kit.clip(line.said, 30)}”",
                    str(Value(card.id, line.start, line.end)),
                    aloud=f"I meant “{line.said}”, not “{line.read_as}”",
                )
                for index, line in enumerate(undo)
            ]
        )


def open_points(card: SegmentCard, room: Room) -> Iterator[Block]:
    """What needs an answer, and the size of what was understood where something was not."""
    if card.partial:
        yield kit.section(f":bar_chart: {kit.escape(partial_size(card, card.partial), 600)}")
    # A word without a meaning is asked about below where there is a question; then it needs no advice of its own.
    unread = [u for u in card.unread if u.suggestions or not (u.wants_definition and card.questions)]
    for line in unread[: min(room.things, 5)]:
        yield from _unread(card, line, room)
    for question in card.questions[:3]:
        yield from _question(card, question, room)


def partial_size(card: SegmentCard, count: Counted) -> str:
    """How many were understood, said so that nobody takes it for the answer."""
    words = ", ".join(f"“{kit.clip(line.text, 60)}”" for line in card.unread[:5])
    return f"Without {words} it would be {wording.size(count, card.noun)}, {wording.share(count, card.noun)}."


def _chip(request: str, chip: Chip, most: int) -> Block:
    """An assumption with its switch: one other meaning is a button, a few are a menu."""
    values = [(label, str(Value(request, chip.key, index))) for index, label in chip.options]
    text = f":bulb: {kit.escape(sentence_case(chip.text), most)}"
    action = Action.SWITCH.at(chip.index)
    if len(values) == 1:
        label, value = values[0]
        return kit.section(text, kit.button(action, label, value, aloud=f"{label} instead"))
    return kit.section(text, kit.overflow(action, values) if len(values) <= 5 else kit.menu(action, "Change", values))


def _unread(card: SegmentCard, line: UnreadLine, room: Room) -> Iterator[Block]:
    text = f":grey_question: *“{kit.escape(line.text, 100)}”*"
    offered = line.suggestions[: min(room.things, 5)]
    if line.wants_definition:
        lead = f"{text} has no meaning here yet. "
        lead += "Which do you mean?" if offered else "Say what it means, such as “3 or more orders this year”."
    else:
        lead = f"{text} was not understood. "
        otherwise = "Say it another way, or leave it out." if line.spare else "Say it another way."
        lead += "Did you mean one of these?" if offered else otherwise
    why = [f"• {kit.escape(better, 60)}: {kit.escape(reason, 90)}" for _, better, reason in offered if reason]
    yield kit.section("\n".join([lead, *why]))
    buttons = [
        kit.button(Action.REPLACE.at(line.index, index), better, str(Value(card.id, line.key, index)))
        for index, better, _ in offered
    ]
    if line.spare:
        value = str(Value(card.id, line.start, line.end))
        buttons.append(
            kit.button(Action.LEAVE_OUT.at(line.index), "Leave it out", value, aloud=f"Leave it out: {line.text}")
        )
    if buttons:
        yield kit.actions(buttons)
    if line.wants_definition:
        yield _defining(card, line.index, line.start, line.end, "Define it…")


def _question(card: SegmentCard, question: QuestionLine, room: Room) -> Iterator[Block]:
    """Short choices are one row of buttons, long ones a line each: a button cut off says nothing."""
    yield kit.section(f":point_right: *{kit.escape(question.text, room.text)}*")
    choices = question.choices[: room.things]
    short = all(len(choice.label) <= _LONG_CHOICE for choice in choices)
    buttons: list[Element] = []
    for position, choice in enumerate(choices):
        action = Action.CHOOSE.at(question.index, choice.index)
        value = str(Value(card.id, question.key, choice.index))
        size = wording.size(choice.count, card.noun) if choice.count else ""
        if short:
            label = f"{choice.label} · {wording.short(choice.count)}" if choice.count else choice.label
            aloud = f"{choice.label}: {size}" if size else choice.label
            buttons.append(kit.button(action, label, value, primary=position == 0, aloud=aloud))
        else:
            text = kit.escape(choice.label, room.text) + (f"\n*{kit.escape(size, 80)}*" if size else "")
            yield kit.section(text, kit.button(action, "Choose", value, aloud=f"Choose {choice.label}"))
    if buttons:
        yield kit.actions(buttons)
    if question.defines:
        yield _defining(card, 100 + question.index, question.start, question.end, "Something else…")


def _defining(card: SegmentCard, index: int, start: int, end: int, label: str) -> Block:
    """The ways to say what a word of the company means."""
    value = str(Value(card.id, start, end))
    buttons = [kit.button(Action.DEFINE.at(index), label, value, aloud=f"{label.rstrip('…')}: say what it means")]
    if card.owners:
        buttons.append(
            kit.button(Action.ASK_OWNER.at(index), "Ask an owner", value, aloud="Ask an owner for a meaning")
        )
    return kit.actions(buttons)


def meanings(card: SegmentCard, room: Room) -> Iterator[Block]:
    """What words of the company mean on this card, and a way to keep that for everybody."""
    for line in card.meanings[: min(room.things, 5)]:
        says = f"“{kit.escape(line.word, 60)}” means *{kit.escape(line.means, room.text)}*"
        if line.kept:
            yield kit.context(f":bookmark: {says}, for everybody. `/segment words` lists it.")
        elif line.declined:
            yield kit.context(f":bookmark: {says} on this card only: an owner said no to more.")
        elif not line.applied:
            yield kit.context(f":hourglass_flowing_sand: An owner is asked whether {says}.")
        else:
            value = str(Value(card.id, line.index))
            buttons = [
                kit.button(
                    Action.KEEP_MEANING.at(line.index),
                    "Remember for everybody",
                    value,
                    confirm=(
                        "Remember it?",
                        f"From now on “{kit.clip(line.word, 60)}” means “{kit.clip(line.means, 180)}” for everybody here.",
                        "Remember",
                    ),
                )
            ]
            if card.owners:
                buttons.append(kit.button(Action.ASK_TO_KEEP.at(line.index), "Ask an owner", value))
            yield kit.section(f":bookmark: On this card {says}.")
            yield kit.actions(buttons)
