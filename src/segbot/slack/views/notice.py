"""Short answers: help, failures and refusals, as a message or a modal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from segbot.model.cards import HelpCard, NoticeCard
from segbot.slack.ids import COMMAND, Action, Callback, Value, write_words
from segbot.slack.views import kit, wording
from segbot.slack.views.kit import Block, Message, View
from segbot.slack.views.segment import notice_blocks

_EXAMPLES = 10
_TOPICS = 8


def help_message(card: HelpCard) -> Message:
    """What can be asked, each example with a button that asks it."""
    tried = [words for group in card.groups for words, _ in group.requests[:1]] or [*card.examples]
    spoken = f"{card.title}. {card.intro} For example: {'; '.join(tried[:3])}."
    return Message(kit.escape(spoken, 2900), tuple(_help(card)))


def notice_message(card: NoticeCard, again: str = "") -> Message:
    """A failure or a refusal. `again` is the request to offer once more where trying again may help."""
    notice = card.notice
    spoken = " ".join(part for part in (f"{notice.title}.", notice.text, notice.next) if part)
    return Message(kit.escape(spoken, 2900), tuple(_notice(card, again)))


def notice_modal(card: NoticeCard) -> View:
    """The same in a modal that was already open."""
    return kit.modal("segbot", notice_blocks(card.notice), callback=Callback.SHOW)


def loading_modal(title: str, text: str = "One moment…") -> View:
    """What stands in a modal until its content has come: a trigger lives three seconds only."""
    return kit.modal(title, [kit.section(f":hourglass_flowing_sand: {kit.escape(text)}")], callback=Callback.SHOW)


def _notice(card: NoticeCard, again: str) -> Iterator[Block]:
    yield from notice_blocks(card.notice)
    if again and card.notice.retry:
        yield kit.actions([kit.button(Action.TRY, "Try again", write_words(again))])
    if card.assist:
        ask = kit.button(Action.ASSIST, "Ask the assistant", write_words(card.assist))
        yield kit.actions([ask])
    if card.examples:
        if not card.notice.next:
            yield kit.section("These work here:")
        yield from _examples(card.examples)


def _help(card: HelpCard) -> Iterator[Block]:
    yield kit.header(card.title)
    yield kit.section(kit.escape(card.intro))
    if card.groups:
        yield from _groups(card)
    else:
        yield from _examples(card.examples)
    if card.topics:
        yield {"type": "divider"}
    for title, lines in card.topics[:_TOPICS]:
        yield kit.section(f"*{kit.escape(title, 100)}*\n{kit.escape(' · '.join(lines), 1200)}")
    tour = kit.button(Action.TOUR, "Two-minute tour", str(Value("tour")), aloud="Two-minute tour of segbot")
    yield kit.actions([tour])
    yield kit.context(f"Type `{COMMAND}` and what you are looking for, or mention me in a channel that I am in.")


def _groups(card: HelpCard) -> Iterator[Block]:
    """Examples by kind, each with how many people it finds here."""
    position = 0
    for group in card.groups[:_TOPICS]:
        yield kit.context(f"*{kit.escape(group.title, 100)}*")
        for words, size in group.requests:
            ask = kit.button(Action.TRY.at(position), "Try", write_words(words), aloud=f"Try: {words}")
            found = "" if size is None else f"  ·  {wording.number(size)}"
            yield kit.section(f"“{kit.escape(words, 300)}”{found}", ask)
            position += 1


def _examples(examples: Iterable[str]) -> Iterator[Block]:
    for index, words in enumerate([*examples][:_EXAMPLES]):
        ask = kit.button(Action.TRY.at(index), "Try", write_words(words), aloud=f"Try: {words}")
        yield kit.section(f"“{kit.escape(words, 300)}”", ask)
