"""Counts that a process left unfinished when it died: found at the start of the next one and brought to an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from segbot.errors import ChangedMeanwhile
from segbot.flows.ask import count, current
from segbot.flows.desk import Actor, Desk
from segbot.model.cards import SegmentCard

YOUNG = timedelta(minutes=15)
"""Older cards are left alone: nobody waits for them any more, and their button counts them anew."""


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A request whose posted card says that it is being counted: who asked, and where the card stands."""

    actor: Actor
    request: str
    channel: str
    message_ts: str
    thread: str | None


async def interrupted(desk: Desk) -> tuple[Interrupted, ...]:
    """The requests of all teams that were being counted within the last quarter of an hour, oldest first."""
    left = await desk.store.requests.counting(desk.clock() - YOUNG)
    return tuple(
        Interrupted(
            Actor(request.team, request.user, request.channel, request.thread_ts),
            request.id,
            request.channel,
            request.message_ts,
            request.thread_ts,
        )
        for request in left
        if request.message_ts is not None
    )


async def resume(desk: Desk, found: Interrupted) -> SegmentCard:
    """Count it now. When another process, or a click, was faster, the card is what that one made of it."""
    try:
        return await count(desk, found.actor, found.request)
    except ChangedMeanwhile:
        return await current(desk, found.actor, found.request)
