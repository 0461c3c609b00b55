"""Links to segments: below the message that has one stands the segment's live card. Off where no address is set."""

from __future__ import annotations

import re
from functools import partial

from slack_bolt.async_app import AsyncApp

from segbot.flows import ask, library
from segbot.flows.desk import Duplicate
from segbot.flows.library import Unfound
from segbot.model.request import Surface
from segbot.model.segment import Segment, Visibility
from segbot.settings import Settings
from segbot.slack import payload
from segbot.slack.handlers.asking import count
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.payload import SharedLinks, Unfurled
from segbot.slack.views.segment import segment_message

_MOST = 5
"""Links of one message that are shown: each is a count of its own."""


def register(app: AsyncApp, deps: Deps) -> None:
    """Links in messages."""
    app.event("link_shared")(guarded(deps, on_links))


async def on_links(call: Call) -> None:
    """Show each segment that everybody in the channel may see; a private one stays a bare link."""
    shared = payload.shared_links(call.body)
    if shared is None:
        return
    for url in shared.urls[:_MOST]:
        number = number_of(call.deps.desk.settings, url)
        if number is not None:
            await _show(call, shared, url, number)


def number_of(settings: Settings, url: str) -> int | None:
    """The number of the segment that a link is for; None for every other link, and where no address is set."""
    if not settings.public_url:
        return None
    address = re.escape(settings.public_url.rstrip("/"))
    found = re.fullmatch(rf"{address}/segments/(\d{{1,9}})/?([?#].*)?", url)
    return int(found[1]) if found else None


async def _show(call: Call, shared: SharedLinks, url: str, number: int) -> None:
    desk = call.deps.desk
    found = await library.find(desk, shared.actor, f"#{number}")
    if isinstance(found, Unfound | str) or not _for_all(found, shared.channel):
        return
    delivery = f"link:{shared.channel}:{shared.ts}:{number}"
    try:
        card = await library.open_segment(desk, shared.actor, found.id, delivery=delivery, surface=Surface.LINK)
    except Duplicate:
        return  # the other links of the message are still to be shown
    spot = Unfurled(shared.channel, shared.ts, url)
    await call.deps.sender.unfurl(call.client, spot, partial(segment_message, card))
    await count(call, shared.actor, card, spot)
    await ask.finish(desk, delivery)


def _for_all(segment: Segment, channel: str) -> bool:
    """Whether everybody in a channel may see it."""
    return segment.visibility is Visibility.TEAM or channel in segment.shared_with
