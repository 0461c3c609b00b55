"""The forms about a saved segment: its name, its note and tags and who sees it, the trash; and the form for a new one."""

from __future__ import annotations

from segbot.flows.mend import MOST_WORDS
from segbot.flows.save import MOST_NAME, MOST_NOTE
from segbot.model.library import EditForm
from segbot.model.segment import Visibility
from segbot.slack.ids import Callback, Field
from segbot.slack.views import kit
from segbot.slack.views.home import NOT_DELETED
from segbot.slack.views.kit import Block, Element, View

_TAGS = 300


def rename_modal(form: EditForm, metadata: str) -> View:
    """Another name for it."""
    name = kit.input_block(Field.NAME.value, "Name", initial=form.name, limit=MOST_NAME)
    return _form(f"Rename #{form.number}", [name], Callback.RENAME, "Rename", metadata)


def edit_modal(form: EditForm, metadata: str) -> View:
    """Its note, its tags and who may see it."""
    asked = "What is it for? Your colleagues will read this."
    hint = f"Used so far: {', '.join(form.known_tags)}" if form.known_tags else "Separate several with commas."
    note = kit.input_block(
        Field.NOTE.value, "Note", limit=MOST_NOTE, multiline=True, initial=form.note, hint=asked, optional=True
    )
    tags = kit.input_block(
        Field.TAGS.value, "Tags", limit=_TAGS, initial=", ".join(form.tags)[:_TAGS], hint=hint, optional=True
    )
    title = kit.section(f"*{kit.escape(form.name, 200)}*")
    return _form(
        f"Edit #{form.number}", [title, note, tags, _seen(form), *_shared(form)], Callback.EDIT, "Save", metadata
    )


def trash_modal(name: str, number: int, metadata: str) -> View:
    """Asks before it goes."""
    text = f"*{kit.escape(name, 200)}* (#{number}) goes to the trash, from where you can restore it."
    return _form(
        "Move to trash?", [kit.section(text), kit.section(NOT_DELETED)], Callback.TRASH, "Move to trash", metadata
    )


def new_modal(metadata: str, words: str = "") -> View:
    """Words for a new segment, and where its card shall stand."""
    asked = kit.input_block(
        Field.WORDS.value,
        "Who are you looking for?",
        limit=MOST_WORDS,
        initial=words,
        multiline=True,
        placeholder="women over 30 in California who bought twice in the last 90 days",
        hint="Say it as you would to a colleague.",
    )
    element: Element = {
        "type": "conversations_select",
        "action_id": Field.PLACE.value,
        "placeholder": kit.plain("A message to me alone", 150),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    place: Block = {
        "type": "input",
        "block_id": Field.PLACE.value,
        "label": kit.plain("Where shall the card stand?", 150),
        "element": element,
        "optional": True,
    }
    return _form("New segment", [asked, place], Callback.NEW, "Count", metadata)


def _seen(form: EditForm) -> Block:
    options = [
        ("Everybody in this workspace", Visibility.TEAM.value),
        ("Only me and those below", Visibility.PRIVATE.value),
    ]
    block = kit.choice_block(Field.SEEN.value, "Who may see it?", options)
    chosen = next(option for option in block["element"]["options"] if option["value"] == form.visibility)
    block["element"]["initial_option"] = chosen
    return block


def _shared(form: EditForm) -> list[Block]:
    people = [target for target in form.shared_with if target[:1] in ("U", "W")]
    channels = [target for target in form.shared_with if target not in people]
    users: Element = {
        "type": "multi_users_select",
        "action_id": Field.PEOPLE.value,
        "placeholder": kit.plain("People", 150),
    }
    rooms: Element = {
        "type": "multi_conversations_select",
        "action_id": Field.CHANNELS.value,
        "placeholder": kit.plain("Channels", 150),
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    with_people = _targets(Field.PEOPLE, "Share a private one with people", "They find it under Shared with me.")
    with_channels = _targets(Field.CHANNELS, "… and with channels", "In such a channel everybody may open it.")
    return [
        with_people | {"element": users | ({"initial_users": people} if people else {})},
        with_channels | {"element": rooms | ({"initial_conversations": channels} if channels else {})},
    ]


def _targets(field: Field, label: str, hint: str) -> Block:
    return {
        "type": "input",
        "block_id": field.value,
        "label": kit.plain(label, 150),
        "optional": True,
        "hint": kit.plain(hint, 300),
    }


def _form(title: str, blocks: list[Block], callback: Callback, submit: str, metadata: str) -> View:
    view = kit.modal(title, blocks, close="Cancel", callback=callback, metadata=metadata)
    return view | {"submit": kit.plain(submit, 24)}
