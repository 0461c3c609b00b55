"""Saying what a word means: the form, the question to the owners, and the list of all words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from segbot.flows.define import MOST_MEANS, Definition, OwnerQuestion
from segbot.model.cards import WordLine, WordsCard
from segbot.model.segment import Counted
from segbot.slack.ids import Action, Callback, Field, Value
from segbot.slack.views import kit, wording
from segbot.slack.views.kit import Block, Message, View

_MOST_WORDS = 40


def define_modal(word: str, metadata: str, *, means: str = "", problem: str = "") -> View:
    """The form: what does the word mean? `problem` says why a meaning was not taken, where the field can't say it any more."""
    shown = [kit.section(f":warning: {kit.escape(problem, 600)}")] if problem else []
    return _modal(word, shown, "Show me", metadata, means)


def done_modal(text: str) -> View:
    """What stands in the form when its answer came later than Slack waits."""
    return kit.modal("Define a word", [kit.section(f":white_check_mark: {kit.escape(text)}")], callback=Callback.SHOW)


def checked_modal(
    definition: Definition,
    metadata: str,
    *,
    may_keep: bool,
    count: Counted | None = None,
    noun: str = "",
    note: str = "",
) -> View:
    """The form once its meaning was read: shown back with its size, before anything is kept."""
    shown = [kit.rich(kit.quote(kit.run(kit.clip(definition.restatement, 900))))]
    if count is not None:
        shown.append(kit.section(f"*{kit.escape(wording.size(count, noun), 100)}* · {wording.share(count, noun)}"))
    else:
        shown.append(kit.context(kit.escape(note or "Counting…", 300)))
    then = "Press the button to remember it for everybody." if may_keep else "Press the button to ask an owner."
    shown.append(kit.context(f"{then} Or change the words to see another meaning."))
    return _modal(definition.word, shown, "Remember" if may_keep else "Ask an owner", metadata, definition.means)


def owner_message(
    question: OwnerQuestion, state: Literal["open", "kept", "declined"] = "open", by: str = ""
) -> Message:
    """The question to the owners, in the thread of its card; afterwards what became of it."""
    named = ", ".join(
        kit.mention(owner) if not owner.startswith("@") else kit.escape(owner) for owner in question.owners
    )
    word, means = kit.escape(question.word, 80), kit.escape(question.means, 600)
    spoken = f"What should “{question.word}” mean?"
    if question.means:
        spoken = f"Should “{question.word}” mean “{question.means}” for everybody?"
    blocks: list[Block] = []
    match state:
        case "kept":
            blocks.append(kit.section(f":white_check_mark: “{word}” means *{means}* for everybody now."))
            blocks.append(kit.context(f"Confirmed by {kit.mention(by)}"))
        case "declined":
            blocks.append(kit.section(f":no_entry_sign: “{word}” does not mean *{means}* for everybody."))
            blocks.append(kit.context(f"Declined by {kit.mention(by)}"))
        case "open" if question.index is not None:
            text = f"{named}: {kit.mention(question.asker)} asks whether “{word}” shall mean *{means}* for everybody."
            blocks.append(kit.section(text))
            value = str(Value(question.id, question.index))
            blocks.append(
                kit.actions(
                    [
                        kit.button(Action.APPROVE, "Remember for everybody", value, primary=True),
                        kit.button(Action.DECLINE, "No", value, aloud="No: on that card only"),
                    ]
                )
            )
        case "open":
            blocks.append(kit.section(f"{named}: {kit.mention(question.asker)} asks what “{word}” shall mean here."))
            value = str(Value(question.id, question.start, question.end))
            blocks.append(kit.actions([kit.button(Action.DEFINE, "Define it…", value, primary=True)]))
    return Message(kit.escape(spoken, 2900), tuple(blocks))


def words_message(card: WordsCard) -> Message:
    """The house dictionary."""
    return Message("The words of your company and what they mean.", tuple(_words(card)))


def _words(card: WordsCard) -> Iterator[Block]:
    yield kit.header("Words of your company")
    if not card.words:
        yield kit.section("None yet. Ask for “high-value customers”, say what you mean, and it is remembered.")
    for index, line in enumerate(card.words[:_MOST_WORDS]):
        yield _word(line, index, card.timezone)
    if (more := len(card.words) - _MOST_WORDS) > 0:
        yield kit.context(f"… and {more} more; `segbot dictionary list` has them all")
    yield kit.context("Cards that used a word keep the meaning they were counted with.")


def _word(line: WordLine, index: int, timezone: str) -> Block:
    text = f"*{kit.escape(line.word, 80)}*: {kit.escape(line.means, 600)}"
    if line.trouble:
        text += f"\n:warning: Not understood any more: {kit.escape(line.trouble, 200)}"
    if not line.id:
        return kit.section(f"{text}\n_from the catalog file_")
    when = f", {wording.moment(line.at, timezone)}" if line.at else ""
    remove = kit.button(
        Action.FORGET.at(index),
        "Remove",
        str(Value(line.id)),
        aloud=f"Remove {line.word}",
        confirm=("Remove it?", f"“{kit.clip(line.word, 80)}” will mean nothing to segbot, for everybody.", "Remove"),
    )
    return kit.section(f"{text}\n_said by {kit.mention(line.author)}{when}_", remove)


def _modal(word: str, shown: list[Block], submit: str, metadata: str, means: str = "") -> View:
    asked = kit.input_block(
        Field.MEANS.value,
        f"What does “{kit.clip(word, 60)}” mean?",
        limit=MOST_MEANS,
        initial=means,
        multiline=True,
        placeholder="customers with 3 or more orders in the last 12 months",
        hint="Say it as you would after /segment. I show what I understood before anything is kept.",
    )
    view = kit.modal("Define a word", [asked, *shown], close="Cancel", callback=Callback.DEFINE, metadata=metadata)
    return view | {"submit": kit.plain(submit, 24)}
