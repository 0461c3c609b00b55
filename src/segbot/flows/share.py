"""Sharing what a card shows into its thread: frozen words, dates and numbers, so that people discuss the same thing."""

from __future__ import annotations

from segbot.errors import NotFound
from segbot.flows.ask import count, current
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.model.cards import ShareCard
from segbot.store.deliveries import Taken


async def share(desk: Desk, actor: Actor, request_id: str, *, delivery: str) -> ShareCard:
    """A snapshot of the card with its latest count (counted now when there is none).

    Raises `Duplicate` when it was shared before. Once it is posted, the caller finishes the delivery; when it could not
    be, the caller releases it.
    """
    now = desk.clock()
    if await desk.store.deliveries.take(delivery, "share", now) is Taken.DUPLICATE:
        raise Duplicate(delivery)
    card = await current(desk, actor, request_id)
    if card.count is None:
        card = await count(desk, actor, request_id)
    if card.count is None:
        raise NotFound(f"request {request_id} has no count to share")
    await desk.store.audit.record(
        team=actor.team,
        actor=actor.user,
        action="shared",
        object_kind="request",
        object_id=request_id,
        channel=actor.channel,
        detail={"size": card.count.value, "base": card.count.base, "as_of": card.count.as_of.isoformat()},
    )
    return ShareCard(
        id=card.id,
        title=card.title,
        author=actor.user,
        restatement=card.restatement,
        lines=card.lines,
        count=card.count,
        noun=card.noun,
        base_label=card.base_label,
        windows=card.windows,
        timezone=card.timezone,
        saved=card.saved,
    )
