"""Emoji on cards as shortcuts: what each one does here, and what it did that can be taken back."""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from segbot.flows import shelving
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.model.request import Request
from segbot.settings import Settings
from segbot.store.deliveries import Taken

Deed: TypeAlias = Literal["count", "share", "star"]
"""What an emoji can do: count again, share the count into the thread, star the segment."""


def deeds(settings: Settings) -> dict[str, Deed]:
    """What each emoji does, by its name without colons."""
    pairs = (pair.partition("=") for pair in settings.reactions.split(",") if "=" in pair)
    known = {deed: deed for deed in get_args(Deed)}
    return {emoji.strip().strip(":"): known[deed.strip()] for emoji, _, deed in pairs if deed.strip() in known}


async def reacted_to(desk: Desk, actor: Actor, channel: str, ts: str) -> Request | None:
    """The request whose card is that message; None for every other message."""
    return await desk.store.requests.at_message(actor.team, channel, ts)


async def once(desk: Desk, delivery: str) -> None:
    """Claim a delivery. Raises `Duplicate` when it came before."""
    if await desk.store.deliveries.take(delivery, "reaction", desk.clock()) is Taken.DUPLICATE:
        raise Duplicate(delivery)


async def star(desk: Desk, actor: Actor, request: Request, on: bool) -> str | None:
    """Give or take a star of the segment that a card was saved as; its name, or None where it was not saved."""
    if request.segment is None:
        return None
    await shelving.star(desk, actor, request.segment, on)
    return (await desk.store.segments.get(actor.team, request.segment)).name


def share_delivery(request: Request, taken: int) -> str:
    """Names the sharing of one count (of that moment, in seconds) below a card, however it is asked for."""
    return f"{_shares(request)}{taken}"


async def remember_share(desk: Desk, actor: Actor, request: Request, ts: str) -> None:
    """Note what a person's emoji shared below a card, so that they can take it back."""
    now = desk.clock()
    opened = await desk.store.messages.open(
        actor.team, request.id, _purpose(actor), channel=request.channel, now=now, thread_ts=request.message_ts
    )
    await desk.store.messages.sent(opened.message.id, ts=ts, now=now)


async def take_back_share(desk: Desk, actor: Actor, request: Request) -> str | None:
    """The message that a person's emoji shared last, if it is still there; it may be shared anew from now on."""
    found = await desk.store.messages.find(actor.team, request.id, _purpose(actor))
    if found is None or found.ts is None:
        return None
    await desk.store.messages.failed(found.id, now=desk.clock())
    await desk.store.deliveries.forget(_shares(request))
    return found.ts


def _shares(request: Request) -> str:
    return f"share:{request.channel}:{request.message_ts}:{request.id}:"


def _purpose(actor: Actor) -> str:
    return f"shared by emoji:{actor.user}"
