"""Slack's shortcut menus: a segment of somebody's message, and the form for a new segment from anywhere."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt.async_app import AsyncApp

from segbot.model.cards import Notice, NoticeCard
from segbot.model.request import Surface
from segbot.slack import payload
from segbot.slack.handlers.asking import answer
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import COMMAND, NEW, Action, Callback, Field, Shortcut
from segbot.slack.payload import Asked, Origin, Place
from segbot.slack.views.notice import notice_message
from segbot.slack.views.shelving import new_modal

_NO_WORDS = NoticeCard(
    Notice(
        "There are no words in that message",
        "I read the text of a message, and this one has none, so nothing was counted.",
        f"Type `{COMMAND}` and who you are looking for.",
    )
)
_EMPTY = "Say who you are looking for, such as: women in California who bought twice."


def register(app: AsyncApp, deps: Deps) -> None:
    """Both shortcuts, Home's own button, and the form."""
    app.shortcut(Shortcut.FROM_MESSAGE)(guarded(deps, on_message))
    app.shortcut(Shortcut.NEW)(guarded(deps, on_new))
    app.action(Action.NEW.pattern)(guarded(deps, on_new))
    app.view(Callback.NEW)(guarded(deps, on_submit))


async def on_message(call: Call) -> None:
    """“Make a segment of this”: the message's words, answered in its thread; privately where segbot is no member."""
    await call.ack()
    asked = payload.from_message(call.body)
    if not asked.words:
        await call.deps.sender.tell(call.client, asked.place, lambda audience: notice_message(_NO_WORDS))
        return
    await answer(call, asked)


async def on_new(call: Call) -> None:
    """The form for a new segment."""
    await call.ack()
    await call.deps.sender.open(call.client, payload.trigger_of(call.body), new_modal(str(Origin(NEW, None))))


async def on_submit(call: Call) -> None:
    """Count what the form says: in the channel that was chosen, else as a direct message."""
    form = payload.submitted(call.body)
    words, channel = form.fields[Field.WORDS], form.fields[Field.PLACE] or form.actor.user
    if not words:
        await call.ack(response_action="errors", errors={Field.WORDS.value: _EMPTY})
        return
    await call.ack()
    place = Place(form.actor.user, channel)
    actor = replace(form.actor, channel=channel)
    await answer(call, Asked(actor, words, place, form.delivery, Surface.SHORTCUT))
