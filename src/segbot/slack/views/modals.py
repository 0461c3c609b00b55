"""What one person opens from a card: the SQL, the forms to save, reword and rate. Modals, since they work on every surface."""

from __future__ import annotations

from collections.abc import Iterator

from segbot.flows import feedback
from segbot.flows.feedback import FeedbackForm
from segbot.flows.mend import MOST_WORDS, RewordForm
from segbot.flows.save import MOST_NAME, MOST_NOTE
from segbot.model.cards import SaveForm, SqlCard
from segbot.slack.ids import Callback, Field
from segbot.slack.views import kit
from segbot.slack.views.kit import Block, View

_SQL_CHUNK = 2900
_SQL_CHUNKS = 20
_TAGS = 300


def sql_modal(card: SqlCard) -> View:
    """The SQL as it can be run, in as few blocks as Slack allows."""
    return kit.modal("SQL", _sql(card), callback=Callback.SHOW)


def save_modal(form: SaveForm, metadata: str) -> View:
    """The form to save a segment. `metadata` is the `Origin` that comes back with it."""
    hint = f"Used so far: {', '.join(form.tags[:15])}" if form.tags else "Separate several with commas."
    intro = [kit.rich(kit.quote(kit.run(kit.clip(form.restatement, 600))))] if form.restatement else []
    name = kit.input_block(Field.NAME.value, "Name", initial=form.name, limit=MOST_NAME)
    asked = "What is it for? Your colleagues will read this."
    note = kit.input_block(Field.NOTE.value, "Note", limit=MOST_NOTE, multiline=True, hint=asked, optional=True)
    tags = kit.input_block(Field.TAGS.value, "Tags", limit=_TAGS, hint=hint, optional=True)
    view = kit.modal(
        "Save segment", [*intro, name, note, tags], close="Cancel", callback=Callback.SAVE, metadata=metadata
    )
    return view | {"submit": kit.plain("Save", 24)}


def saved_modal(name: str) -> View:
    """What stands in the form when saving took longer than Slack waits."""
    return kit.modal(
        "Save segment", [kit.section(f":white_check_mark: Saved as *{kit.escape(name, 120)}*.")], callback=Callback.SHOW
    )


def problem_modal(problem: str) -> View:
    """Why it was not saved, when Slack no longer waits for the form's own error."""
    lines = f":warning: *Not saved.*\n{kit.escape(problem, 500)}\nPress Save on the card once more to correct it."
    return kit.modal("Save segment", [kit.section(lines)], callback=Callback.SHOW)


def reword_modal(form: RewordForm, metadata: str) -> View:
    """The form to say a request another way; it stays the same card."""
    words = kit.input_block(
        Field.WORDS.value,
        "Who are you looking for?",
        initial=form.text,
        limit=MOST_WORDS,
        multiline=True,
        hint="The card is read and counted anew from these words.",
    )
    view = kit.modal("Reword", [words], close="Cancel", callback=Callback.REWORD, metadata=metadata)
    return view | {"submit": kit.plain("Count", 24)}


def feedback_modal(form: FeedbackForm, metadata: str) -> View:
    """The form that asks what was wrong with an answer."""
    said = [kit.rich(kit.quote(kit.run(kit.clip(form.text, 600))))]
    if form.restatement:
        said.append(kit.context(f"Read as: {kit.escape(form.restatement, 600)}"))
    reason = kit.choice_block(
        Field.REASON.value, "What was wrong?", [(text, code) for code, text in feedback.REASONS.items()]
    )
    comment = kit.input_block(
        Field.COMMENT.value,
        "What did you mean?",
        limit=feedback.MOST_COMMENT,
        multiline=True,
        hint="Please name no customers here.",
        optional=True,
    )
    view = kit.modal(
        "What was wrong?", [*said, reason, comment], close="Cancel", callback=Callback.RATE, metadata=metadata
    )
    return view | {"submit": kit.plain("Send", 24)}


def _sql(card: SqlCard) -> Iterator[Block]:
    yield kit.section(f"*{kit.escape(card.title, 200)}*")
    chunks = split_lines(card.sql, _SQL_CHUNK)
    for chunk in chunks[:_SQL_CHUNKS]:
        yield kit.rich({"type": "rich_text_preformatted", "elements": [kit.run(chunk)]})
    if len(chunks) > _SQL_CHUNKS:
        yield kit.section("_The rest is too long for Slack._ `segbot ask --sql` prints all of it.")
    if card.note:
        yield kit.context(kit.escape(card.note, 600))


def split_lines(text: str, limit: int) -> list[str]:
    """Pieces of at most `limit` characters, broken between lines wherever a line is not too long by itself."""
    pieces = [""]
    for line in text.strip("\n").split("\n"):
        rest = line
        while len(rest) > limit:
            pieces += [rest[:limit], ""]
            rest = rest[limit:]
        joined = f"{pieces[-1]}\n{rest}" if pieces[-1] else rest
        if len(joined) > limit:
            pieces.append(rest)
        else:
            pieces[-1] = joined
    return [piece for piece in pieces if piece] or ["–"]
