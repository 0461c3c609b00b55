"""Replies in a card's thread: they change its segment or ask about it, without a mention; all other talk is left alone."""

from __future__ import annotations

from functools import partial

from slack_bolt.async_app import AsyncApp

from segbot.flows import refine
from segbot.flows.desk import Duplicate
from segbot.flows.refine import Changed, Heard, Wondered
from segbot.model.cards import ReplyCard
from segbot.model.request import Surface
from segbot.slack import payload
from segbot.slack.handlers.asking import count
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import Action, read_change
from segbot.slack.payload import Asked, Place, Posted
from segbot.slack.running import Superseded
from segbot.slack.views.notice import notice_message
from segbot.slack.views.reply import reply_message
from segbot.slack.views.segment import segment_message


def register(app: AsyncApp, deps: Deps) -> None:
    """The buttons below a reply; the replies themselves are messages, which `asking` hands over."""
    app.action(Action.UNDO.pattern)(guarded(deps, on_undo))
    app.action(Action.APPLY.pattern)(guarded(deps, on_apply))


async def heard(call: Call, asked: Asked) -> bool:
    """Whether a message in a thread was a change of, or a question about, the segment whose card stands there; then it is answered."""
    found = await refine.hear(call.deps.desk, asked.actor, asked.words, delivery=asked.delivery)
    if found is None:
        return False
    await answer(call, asked, found)
    return True


async def on_undo(call: Call) -> None:
    """Undo the change that a reply confirmed."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about
    found = await refine.back_to(call.deps.desk, click.actor, about.request, about.a, delivery=click.delivery)
    await answer(call, _asked(click), found)


async def on_apply(call: Call) -> None:
    """Make the change that was only wondered about."""
    await call.ack()
    click = payload.click(call.body)
    change = read_change(click.value)
    if change is None:
        raise payload.OutdatedButton(click.value[:80])
    request, words = change
    found = await refine.apply(call.deps.desk, click.actor, request, words, delivery=click.delivery)
    await answer(call, _asked(click), found)


def _asked(click: payload.Click) -> Asked:
    spot = click.spot
    thread = (spot.thread or spot.ts) if isinstance(spot, Posted) else click.place.thread
    place = Place(click.place.user, click.place.channel, thread, click.place.response_url)
    return Asked(click.actor, "", place, click.delivery, Surface.MESSAGE)


async def answer(call: Call, asked: Asked, found: Heard) -> None:
    """The card first, as it is what everybody looks at; then one line in the thread about what became of it."""
    desk, sender = call.deps.desk, call.deps.sender
    try:
        if isinstance(found, Changed) and (at := found.at) is not None:
            spot = Posted(at.channel, at.ts, at.thread)
            await sender.update(call.client, spot, partial(segment_message, found.card))
            await count(call, asked.actor, found.card, spot)
        if isinstance(found, ReplyCard):
            said = found
        elif isinstance(found, Changed) and found.reply.question:
            said = found.reply
        else:
            said = await refine.measure(desk, asked.actor, found)
    except (Duplicate, Superseded):
        if isinstance(found, Wondered):
            raise
        said = found.reply if isinstance(found, Changed) else found  # a later change is counted for both
    except Exception as error:  # noqa: BLE001 (answered in the thread; reported in the log)
        why = call.report(error)
        await sender.post(call.client, asked.place, lambda audience: notice_message(why))
        return
    await sender.post(call.client, asked.place, lambda audience: reply_message(said))
