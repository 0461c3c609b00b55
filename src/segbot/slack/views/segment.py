"""The card of one request: what was understood, how many people that is, and what to do with it.

Read on a phone from top to bottom: size, the person's own words, the conditions with what each leaves over, the small
print, then what needs an answer, then one row of buttons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import assert_never

from segbot.model.cards import (
    ConditionLine,
    Move,
    Notice,
    QuestionLine,
    SegmentCard,
    WindowLine,
    WordSpan,
)
from segbot.model.segment import Counted
from segbot.slack.ids import Action, Value
from segbot.slack.views import kit, points, wording
from segbot.slack.views.kit import Audience, Block, Element, Message
from segbot.slack.views.points import Room
from segbot.slack.views.wording import sentence_case

_MAX_TEXT = 12_000  # of a whole message; Slack refuses a little above 13,000
_MAX_BLOCKS = 50


_ROOMS = (Room(24, 8, 200), Room(12, 5, 120), Room(6, 3, 70))  # the first that fits a message is taken

_LABELS = {  # as shown, and as said aloud, which begins the same for those who speak to their computer
    Move.PREVIEW: ("Preview", "Preview the first people of this segment"),
    Move.SHOW_SQL: ("Show SQL", "Show SQL of this segment"),
    Move.SAVE: ("Save", "Save this segment under a name"),
    Move.SHARE: ("Share in thread", "Share in thread of this card"),
    Move.RETRY: ("Try again", "Try again to count this segment"),
    Move.STOP: ("Stop", "Stop counting"),
    Move.REWORD: ("Reword", "Reword this request"),
    Move.COUNT_AGAIN: ("Count again", "Count again: this number is of a moment ago"),
    Move.COUNT_ANYWAY: ("Count anyway", "Count anyway, though it is a lot of work"),
    Move.ASSIST: ("Ask the assistant", "Ask the assistant what this may mean"),
    Move.CHANGE: ("Change…", "Change… one of the conditions"),
    Move.BUILD: ("Build…", "Build… it by hand"),
}
_ACTIONS = {
    Move.PREVIEW: Action.PREVIEW,
    Move.SHOW_SQL: Action.SHOW_SQL,
    Move.SAVE: Action.SAVE,
    Move.SHARE: Action.SHARE,
    Move.RETRY: Action.RETRY,
    Move.STOP: Action.STOP,
    Move.REWORD: Action.REWORD,
    Move.COUNT_AGAIN: Action.COUNT_AGAIN,
    Move.COUNT_ANYWAY: Action.COUNT_ANYWAY,
    Move.ASSIST: Action.ASSIST,
    Move.CHANGE: Action.CHANGE,
    Move.BUILD: Action.BUILD,
}


def segment_message(card: SegmentCard, audience: Audience) -> Message:
    """The card, for a channel or for one person who asked where segbot is not a member."""
    blocks: list[Block] = []
    for room in _ROOMS:
        blocks = [
            *_head(card),
            *_understood(card, room),
            *_small_print(card, room, audience),
            *points.open_points(card, room),
        ]
        if kit.weight(blocks) <= _MAX_TEXT:
            break
    foot = [*_foot(card, audience)]
    return Message(aloud(card), (*blocks[: _MAX_BLOCKS - len(foot)], *foot))


def aloud(card: SegmentCard) -> str:
    """The card in one paragraph: for the notification, and for a screen reader, which reads this instead of the blocks."""
    parts = [_title(card), _status(card)]
    if card.restatement and card.restatement.casefold() != card.title.casefold():
        parts.append(card.restatement)
    if card.progress and card.stage == "counting":
        parts.append(wording.progress(card.progress, card.looks_at))
    if card.count:
        parts.append(_as_of(card, card.count))
    parts += [f"Not understood: {line.text}" for line in card.unread]
    if card.partial:
        parts.append(points.partial_size(card, card.partial))
    parts += _estimated_points(card)
    if card.left_out:
        parts.append(f"Left out: {', '.join(card.left_out)}")
    if card.asides:
        parts.append(f"Not used, taken as background: {', '.join(card.asides)}")
    parts += [_asked_aloud(question) for question in card.questions]
    parts += card.warnings
    return kit.escape(". ".join(part.rstrip(".") for part in parts if part) + ".", 2900)


def condition_list(lines: Iterable[ConditionLine], count: Counted | None, noun: str, text: int = 200) -> list[Element]:
    """Conditions as nested lists of rich text, each with its rung of the ladder; `text` is the longest one shown whole."""
    return [
        kit.listing((_condition(line, count, noun, text) for line in group), indent=level)
        for level, group in groupby(lines, key=lambda line: line.level)
    ]


def window_lines(windows: Iterable[WindowLine], timezone: str) -> list[str]:
    """The resolved dates as lines of mrkdwn, with the zone said once."""
    lines = [
        f":calendar: {kit.escape(sentence_case(line.phrase), 80)}: {wording.window(line, timezone)}"
        for line in [*windows][:8]
    ]
    return [*lines[:-1], f"{lines[-1]} ({kit.escape(timezone, 60)})"] if lines else []


def _title(card: SegmentCard) -> str:
    return f"{card.saved.name} (#{card.saved.number})" if card.saved else card.title


def _status(card: SegmentCard) -> str:
    """The size and its share of the base, or why there is none yet."""
    if card.count:
        return f"{sentence_case(wording.size(card.count, card.noun))}  ·  {wording.share(card.count, card.noun)}"
    match card.stage:
        case "counting":
            return "Counting…"
        case "question":
            return "One question before counting" if len(card.questions) == 1 else "Some questions before counting"
        case "unread":
            return "Some words were not understood"
        case "failed" | "counted":
            return "Not counted"
        case _:
            assert_never(card.stage)


def _as_of(card: SegmentCard, count: Counted, *, own: bool = False) -> str:
    """Which number it is and of when; of an estimate also that the exact one is coming, while it is."""
    said = wording.as_of(count, card.timezone, card.counted_ago, own=own)
    return f"{said}. The exact count follows" if card.stage == "counting" and not count.exact else said


def _estimated_points(card: SegmentCard) -> list[str]:
    """What the sizes of choices, or of the part that was understood, come from while they are estimates."""
    counts = (card.partial, *(choice.count for question in card.questions for choice in question.choices))
    first = next((count for count in counts if count is not None and not count.exact), None)
    return [] if first is None else [wording.as_of(first, card.timezone)]


def _head(card: SegmentCard) -> Iterator[Block]:
    """The number first and large: in a busy channel on a phone it is what people look for."""
    yield kit.header(_status(card))
    if card.saved or not _begins_with_title(card):
        yield kit.section(f"*{kit.escape(_title(card), 200)}*")
    if card.progress and card.stage == "counting":
        yield kit.context(f":hourglass_flowing_sand: {kit.escape(wording.progress(card.progress, card.looks_at), 600)}")
    if card.notice:
        yield from notice_blocks(card.notice)
        yield from _narrower(card)


def _narrower(card: SegmentCard) -> Iterator[Block]:
    """What to ask instead of a count that takes too long, each with its button."""
    for index, line in enumerate(card.narrower[:3]):
        ask = kit.button(
            Action.NARROW.at(index),
            f"Last {line.days} days",
            str(Value(card.id, line.key, line.days)),
            aloud=f"Last {line.days} days instead",
        )
        yield kit.section(f":scissors: {kit.escape(sentence_case(line.text), 200)}", ask)


def _begins_with_title(card: SegmentCard) -> bool:
    """Whether the title is nothing but the sentence, perhaps cut off: then the sentence alone says it."""
    sentence = " ".join("".join(span.text for span in card.sentence).split()).casefold()
    return sentence.startswith(card.title.removesuffix("…").strip().casefold())


def _understood(card: SegmentCard, room: Room) -> Iterator[Block]:
    elements: list[Element] = []
    if spans := [*sentence(card.sentence)]:
        elements.append(kit.quote(*spans))
    if card.questions and card.lines:
        elements.append(kit.paragraph(kit.run("Whatever you choose:", italic=True)))
    elements += condition_list(card.lines[: room.lines], card.count, card.noun, room.text)
    if (more := len(card.lines) - room.lines) > 0:
        elements.append(kit.paragraph(kit.run(f"… and {more} more conditions; Show SQL has them all", italic=True)))
    if elements:
        yield kit.rich(*elements)


def sentence(spans: Iterable[WordSpan], limit: int = 900) -> Iterator[Element]:
    """The person's own words: bold became a condition, struck out was not understood (italic: and left out)."""
    for span in spans:
        if not span.text:
            continue
        text = span.text if len(span.text) <= limit else kit.clip(span.text, max(limit, 1))
        limit -= len(text)
        match span.fate:
            case "condition":
                yield kit.run(text, bold=True)
            case "corrected":
                yield kit.run(text, bold=True, italic=True)
            case "unread":
                yield kit.run(text, strike=True)
            case "left_out":
                yield kit.run(text, strike=True, italic=True)
            case "aside":
                yield kit.run(text, italic=True)
            case "filler" | "space":
                yield kit.run(text)
            case _:
                assert_never(span.fate)
        if limit <= 0:
            return


def _condition(line: ConditionLine, count: Counted | None, noun: str, most: int) -> Element:
    parts = [kit.run(f"{line.joiner} ", italic=True)] if line.joiner else []
    parts.append(kit.run(kit.clip(line.text, most)))
    if count and line.remaining is not None:
        left = f"\n{wording.bar(line.remaining, count.base)} {wording.number(line.remaining)} left"
        parts.append(kit.run(left + (f" · {wording.drop(line.dropped)}" if line.dropped is not None else "")))
    elif line.alone is not None:
        whole = count.base if count else line.alone
        parts.append(kit.run(f"\n{wording.bar(line.alone, whole)} {wording.people(line.alone, noun)}"))
    if line.warning:
        parts.append(kit.run(f"\n⚠ {kit.clip(line.warning, most)}", italic=True))
    return kit.paragraph(*parts)


def _small_print(card: SegmentCard, room: Room, audience: Audience) -> Iterator[Block]:
    lines = [_as_of(card, card.count, own=audience == "person")] if card.count else []
    lines += _estimated_points(card)
    if card.base_label:
        lines.append(kit.escape(sentence_case(card.base_label), 200))
    lines += window_lines(card.windows[: room.things], card.timezone)
    if corrected := card.corrections[: room.things]:
        read = (f"“{kit.escape(line.said, 60)}” as *{kit.escape(line.read_as, 60)}*" for line in corrected)
        lines.append(f":pencil2: Read {', '.join(read)}")
    lines += [
        f":speech_balloon: {kit.mention(edit.by)} “{kit.escape(edit.words, 80)}”: {kit.escape(edit.change, room.text)}"
        for edit in card.edits[-room.things :]
    ]
    if left := card.left_out[: room.things]:
        words = ", ".join(f"“{kit.escape(text, 60)}”" for text in left)
        lines.append(f":scissors: Left out: {words}. The count is without {'it' if len(left) == 1 else 'them'}")
    if asides := card.asides[: room.things]:
        words = ", ".join(f"“{kit.escape(text, 60)}”" for text in asides)
        lines.append(f":thought_balloon: Not used: {words} (taken as background)")
    fixed = [chip for chip in card.chips if not chip.options]
    lines += [f":bulb: {kit.escape(sentence_case(chip.text), room.text)}" for chip in fixed[: room.things]]
    lines += [f":warning: {kit.escape(warning, room.text)}" for warning in card.warnings[: room.things]]
    if card.saved:
        tags = "".join(f" · {kit.escape(tag, 40)}" for tag in card.saved.tags[: room.things])
        lines.append(f":white_check_mark: Saved as #{card.saved.number} *{kit.escape(card.saved.name, 80)}*{tags}")
    if lines:
        yield kit.context(*lines)
    yield from points.assumed(card, room)
    yield from points.meanings(card, room)


def _asked_aloud(question: QuestionLine) -> str:
    choices = (
        f"{choice.label} ({wording.short(choice.count)})" if choice.count else choice.label
        for choice in question.choices[:8]
    )
    return f"{question.text.rstrip('?')}? {'; '.join(choices)}"


def _foot(card: SegmentCard, audience: Audience) -> Iterator[Block]:
    # A private card has no thread to share into, and what it says while counting may stay above the final one.
    hidden = (Move.SHARE, Move.STOP) if audience == "person" else ()
    moves = [move for move in card.moves if move in _ACTIONS and move not in hidden]
    if moves:
        yield kit.actions([_move(card, move) for move in moves])
    if card.count and card.stage == "counted":
        yield kit.feedback(Action.RATE, str(Value(card.id, 1)), str(Value(card.id, 0)))
    if audience == "person":
        yield kit.context(
            ":lock: Only you see this. To work on it together, type `/invite @segbot` here and ask again."
        )
    elif card.author:
        yield kit.context(f"Asked by {kit.mention(card.author)}")


def _move(card: SegmentCard, move: Move) -> Element:
    label, spoken = _LABELS[move]
    # Sharing is bound to one count: the same count is shared once, a new one again.
    about = int(card.count.as_of.timestamp()) if move is Move.SHARE and card.count else 0
    return kit.button(_ACTIONS[move], label, str(Value(card.id, about)), primary=move is Move.PREVIEW, aloud=spoken)


def notice_blocks(notice: Notice) -> Iterator[Block]:
    """What happened, what is safe, what to do next, and the reference that the log has too."""
    icon = ":warning:" if notice.reference else ":information_source:"
    text = f"{icon} *{kit.escape(notice.title, 150)}*\n{kit.escape(notice.text, 1800)}"
    yield kit.section(text + (f"\n{kit.escape(notice.next, 800)}" if notice.next else ""))
    if notice.reference:
        yield kit.context(f"Reference {kit.escape(notice.reference, 60)}")
