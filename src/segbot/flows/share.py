"""Sharing what a card shows into its thread: frozen words, dates, numbers and people, so that all discuss the same thing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from segbot.errors import NotFound, SegbotError
from segbot.flows.ask import count, current
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.flows.makeup import makeup
from segbot.flows.picture import draw, in_words
from segbot.flows.snapshots import asked_of, people_of, shown_windows
from segbot.logs import get_logger
from segbot.model.cards import SegmentCard, ShareCard
from segbot.model.condition import Condition
from segbot.model.segment import Counted
from segbot.sql.tree import MOST_LISTED
from segbot.store.deliveries import Taken
from segbot.store.snapshots import NewSnapshot
from segbot.warehouse.line import Errand, on_behalf_of

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG of what a segment is made up of, and the same in words."""

    png: bytes
    alt: str


async def share(desk: Desk, actor: Actor, request_id: str, *, delivery: str) -> ShareCard:
    """A snapshot of the card with its latest count (counted now when there is none), kept with its people.

    Raises `Duplicate` when it was shared before. Once it is posted, the caller finishes the delivery; when it could not
    be, the caller releases it.
    """
    if await desk.store.deliveries.take(delivery, "share", desk.clock()) is Taken.DUPLICATE:
        raise Duplicate(delivery)
    card = await current(desk, actor, request_id)
    if card.count is None:
        card = await count(desk, actor, request_id)
    desk = await desk.at_home(actor.team)
    request = await desk.store.requests.get(actor.team, request_id)
    if card.count is None or request.condition is None:
        raise NotFound(f"request {request_id} has no count to share")
    counted, keys = card.count, await _people(desk, actor, request.condition, card.count)
    if keys is not None and len(keys) != counted.value:  # the customers have changed since they were counted
        card = await count(desk, actor, request_id, fresh=True)
        counted = card.count or counted
        keys = await _people(desk, actor, request.condition, counted)
    snapshot = await desk.store.snapshots.add(
        NewSnapshot(
            team=actor.team,
            request=request.id,
            segment=request.segment,
            title=card.title,
            about=card.saved.name if card.saved else "",
            author=actor.user,
            channel=actor.channel or request.channel,
            thread_ts=actor.thread or request.thread_ts or request.message_ts or "",
            condition=request.condition,
            catalog=desk.house.catalog.digest,
            asked=await asked_of(desk.house, request.condition, desk.house.moment(counted.as_of)),
            counted=counted,
            shown=_shown(card),
            keys=keys,
        )
    )
    await desk.store.audit.record(
        team=actor.team,
        actor=actor.user,
        action="shared",
        object_kind="request",
        object_id=request_id,
        channel=actor.channel,
        detail={
            "size": counted.value,
            "base": counted.base,
            "as_of": counted.as_of.isoformat(),
            "snapshot": snapshot.id,
            "people_kept": snapshot.kept is not None,
        },
    )
    return ShareCard(
        id=card.id,
        title=card.title,
        author=actor.user,
        restatement=card.restatement,
        lines=card.lines,
        count=counted,
        noun=card.noun,
        base_label=card.base_label,
        windows=card.windows,
        timezone=card.timezone,
        saved=card.saved,
        snapshot=snapshot.id,
        name=snapshot.name,
        kept=keys is not None,
        days=desk.settings.snapshot_days,
    )


async def posted(desk: Desk, actor: Actor, card: ShareCard, ts: str) -> None:
    """Remember which message shows a snapshot."""
    await desk.store.snapshots.posted(actor.team, card.snapshot, ts)


async def picture(desk: Desk, actor: Actor, card: ShareCard) -> Picture | None:
    """What the segment of a snapshot is made up of; None where nothing is to be told or it could not be found out.

    Never raises an error of segbot's own: the snapshot stands without a picture.
    """
    try:
        desk = await desk.at_home(actor.team)
        request = await desk.store.requests.get(actor.team, card.id)
        if request.condition is None:
            return None
        at, floor = desk.house.moment(card.count.as_of), desk.settings.minimum_audience
        with on_behalf_of(Errand(actor.team, actor.user)):
            found = await makeup(desk.house, desk.warehouse, request.condition, at, floor=floor)
    except SegbotError as error:
        log.info("picture.none", why=type(error).__name__, detail=str(error))
        return None
    if not found:
        return None
    name = f"{card.name}: {card.saved.name if card.saved else card.title}"
    png = await asyncio.to_thread(draw, found, name, card.noun)
    return Picture(png, in_words(found, card.noun))


async def _people(desk: Desk, actor: Actor, condition: Condition, counted: Counted) -> tuple[str, ...] | None:
    """Who is in it at the moment of the count; None where they are too many, or are not to be kept."""
    if desk.settings.snapshot_days == 0 or counted.value > MOST_LISTED:
        return None
    with on_behalf_of(Errand(actor.team, actor.user)):
        return await people_of(desk, condition, desk.house.moment(counted.as_of))


def _shown(card: SegmentCard) -> dict[str, object]:
    """What the card says, as JSON data: the words, the ladder and the resolved dates."""
    return {
        "restatement": card.restatement,
        "timezone": card.timezone,
        "windows": shown_windows(card.windows),
        "ladder": [[line.level, line.text, line.alone, line.remaining] for line in card.lines],
    }
