"""Saving a request as a segment: its name, note and tags, with the tree as its first version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from segbot.flows.ask import current
from segbot.flows.compose import title
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.model.cards import SaveForm, SegmentCard
from segbot.model.reading import Outcome
from segbot.model.request import Request
from segbot.model.segment import NewSegment
from segbot.store.deliveries import Taken
from segbot.store.segments import NameTaken

MOST_NAME, MOST_NOTE, MOST_TAG, MOST_TAGS = 80, 1000, 40, 10


@dataclass(frozen=True, slots=True)
class SaveProblem:
    """What to mend in the form: the field and what is wrong with it."""

    field: Literal["name", "note", "tags"]
    text: str


async def form(desk: Desk, actor: Actor, request_id: str) -> SaveForm:
    """The form with a proposed name and the team's tags."""
    request = await desk.store.requests.get(actor.team, request_id)
    tags = await desk.store.segments.tags(actor.team)
    return SaveForm(
        request.id, title(request.text)[:MOST_NAME], tuple(tag for tag, _ in tags), request.reading.restatement
    )


async def save(
    desk: Desk, actor: Actor, request_id: str, *, name: str, note: str, tags: tuple[str, ...], delivery: str
) -> SegmentCard | SaveProblem:
    """Save what the card shows now. Gives the card, now saved, or the field to mend; the same delivery saves once."""
    problem = check(name, note, tags)
    if problem is not None:
        return problem
    request = await desk.store.requests.get(actor.team, request_id)
    if request.condition is None or request.reading.outcome is not Outcome.ANSWER:
        return SaveProblem("name", "This request still has an open question or unread words. Settle them first.")
    if request.segment is not None:
        return await current(desk, actor, request_id)
    now = desk.clock()
    if await desk.store.deliveries.take(delivery, "save", now) is Taken.DUPLICATE:
        raise Duplicate(delivery)
    new = NewSegment(
        team=actor.team,
        name=name,
        condition=request.condition,
        owner=actor.user,
        request=request.text,
        note=note,
        tags=tags,
        channel=request.channel or None,
    )
    try:
        return await _keep(desk, actor, request, new, delivery, now)
    except Exception:
        await desk.store.deliveries.release(delivery)
        raise


async def _keep(
    desk: Desk, actor: Actor, request: Request, new: NewSegment, delivery: str, now: datetime
) -> SegmentCard | SaveProblem:
    async with desk.store.transaction() as tx:
        segment = await tx.segments.add(new, now, reason="saved from a request")
        if isinstance(segment, NameTaken):
            taken = SaveProblem("name", f"#{segment.number} has this name already. Please choose another.")
        else:
            taken = None
            await tx.requests.save(replace(request, segment=segment.id), by=actor.user, what="saved", now=now)
            await tx.audit.record(
                team=actor.team,
                actor=actor.user,
                action="saved",
                object_kind="segment",
                object_id=segment.id,
                channel=actor.channel,
                detail={"number": segment.number, "request": request.id, "version": 1},
            )
            await tx.deliveries.finish(delivery, now)
    if taken is not None:
        # The very same form may be sent again once that name is free.
        await desk.store.deliveries.release(delivery)
        return taken
    return await current(desk, actor, request.id)


def check(name: str, note: str, tags: tuple[str, ...]) -> SaveProblem | None:
    """What is wrong with a name, a note or tags, if anything."""
    if not name.strip():
        return SaveProblem("name", "Please give it a name.")
    if len(name) > MOST_NAME:
        return SaveProblem("name", f"At most {MOST_NAME} characters, please.")
    if len(note) > MOST_NOTE:
        return SaveProblem("note", f"At most {MOST_NOTE} characters, please.")
    if len(tags) > MOST_TAGS:
        return SaveProblem("tags", f"At most {MOST_TAGS} tags, please.")
    if any(len(tag) > MOST_TAG for tag in tags):
        return SaveProblem("tags", f"A tag has at most {MOST_TAG} characters.")
    return None
