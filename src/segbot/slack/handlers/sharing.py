"""Sharing a count into its card's thread, once."""

from __future__ import annotations

from dataclasses import replace

from slack_bolt.async_app import AsyncApp

from segbot.errors import SegbotError
from segbot.flows import ask
from segbot.flows.desk import Actor, Duplicate
from segbot.flows.share import picture, posted, share
from segbot.flows.snapshots import asks_whether_right, in_thread, still_right
from segbot.model.cards import Notice, NoticeCard, ShareCard
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import Action
from segbot.slack.payload import Asked, Place, Posted, Spot, Unfurled
from segbot.slack.views.notice import notice_message
from segbot.slack.views.share import share_message, since_message

_ALREADY = NoticeCard(
    Notice(
        "Already shared",
        "This count stands in the thread of its card.",
        "To share a newer one, ask again with `/segment`.",
    )
)


class NoThread(SegbotError):
    """This card is visible to you alone, so it has no thread. Invite segbot to the channel and ask again there."""


def register(app: AsyncApp, deps: Deps) -> None:
    """Share in thread, and the button below what was shared; the same asked in words comes from `talking`."""
    app.action(Action.SHARE.pattern)(guarded(deps, on_share))
    app.action(Action.STILL_RIGHT.pattern)(guarded(deps, on_still_right))


async def on_share(call: Call) -> None:
    """Post the frozen count below its card. Sharing is bound to the count: twice the same one is once."""
    await call.ack()
    click = payload.click(call.body)
    about, spot = click.about, click.spot
    if click.below is None or not isinstance(spot, Posted | Unfurled):
        raise NoThread(about.request)
    place = Place(click.place.user, spot.channel, click.below, click.place.response_url)
    delivery = f"share:{spot.channel}:{spot.ts}:{about.request}:{about.a}"
    try:
        await share_below(call, click.actor, place, about.request, delivery)
    except Duplicate:
        await call.deps.sender.tell(call.client, place, lambda audience: notice_message(_ALREADY))


async def share_below(call: Call, actor: Actor, place: Place, request: str, delivery: str) -> Spot:
    """Post the frozen count of a request into a thread, with its picture. Raises `Duplicate` when it was shared before."""
    actor = replace(actor, thread=place.thread)
    try:
        card = await share(call.deps.desk, actor, request, delivery=delivery)
        shown = await call.deps.sender.post(call.client, place, lambda audience: share_message(card))
    except Duplicate:
        raise
    except Exception:
        await ask.release(call.deps.desk, delivery)
        raise
    await ask.finish(call.deps.desk, delivery)
    if isinstance(shown, Posted) and card.snapshot:
        await posted(call.deps.desk, actor, card, shown.ts)
        await _picture(call, actor, card, shown)
    return shown


async def _picture(call: Call, actor: Actor, card: ShareCard, below: Posted) -> None:
    """What the segment is made up of, as one more message: the numbers do not wait for it, and stand without it."""
    found = await picture(call.deps.desk, actor, card)
    if found is not None:
        name = f"{card.name.lower().replace(' ', '-')}.png"
        title = f"{card.name}: who they are, beside all {card.noun}"
        await call.deps.sender.upload(call.client, below, found.png, name=name, title=title, alt=found.alt)


async def on_still_right(call: Call) -> None:
    """Compare a snapshot with today, in its thread."""
    await call.ack()
    click = payload.click(call.body)
    about, spot = click.about, click.spot
    thread = (spot.thread or spot.ts) if isinstance(spot, Posted) else click.place.thread
    place = Place(click.place.user, click.place.channel, thread, click.place.response_url)
    card = await still_right(call.deps.desk, click.actor, about.request, delivery=click.delivery)
    await call.deps.sender.post(call.client, place, lambda audience: since_message(card))


async def wondered(call: Call, asked: Asked) -> bool:
    """Whether a message asked if the snapshot of its thread is still right; then it is answered there."""
    if not asks_whether_right(asked.words):
        return False
    found = await in_thread(call.deps.desk, asked.actor)
    if found is None:
        return False
    card = await still_right(call.deps.desk, asked.actor, found.id, delivery=asked.delivery)
    await call.deps.sender.post(call.client, asked.place, lambda audience: since_message(card))
    return True
