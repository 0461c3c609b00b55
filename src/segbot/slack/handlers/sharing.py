"""Sharing a count into its card's thread, once."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from segbot.errors import SegbotError
from segbot.flows import ask
from segbot.flows.desk import Duplicate
from segbot.flows.share import share
from segbot.model.cards import Notice, NoticeCard
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import Action
from segbot.slack.payload import Place, Posted
from segbot.slack.views.notice import notice_message
from segbot.slack.views.share import share_message

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
    """Share in thread."""
    app.action(Action.SHARE.pattern)(guarded(deps, on_share))


async def on_share(call: Call) -> None:
    """Post the frozen count below its card. Sharing is bound to the count: twice the same one is once."""
    await call.ack()
    click = payload.click(call.body)
    about, spot = click.about, click.spot
    if not isinstance(spot, Posted):
        raise NoThread(about.request)
    place = Place(click.place.user, spot.channel, spot.thread or spot.ts, click.place.response_url)
    delivery = f"share:{spot.channel}:{spot.ts}:{about.request}:{about.a}"
    try:
        card = await share(call.deps.desk, click.actor, about.request, delivery=delivery)
        await call.deps.sender.post(call.client, place, lambda audience: share_message(card))
    except Duplicate:
        await call.deps.sender.tell(call.client, place, lambda audience: notice_message(_ALREADY))
        return
    except Exception:
        await ask.release(call.deps.desk, delivery)
        raise
    await ask.finish(call.deps.desk, delivery)
