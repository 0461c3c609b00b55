"""What people do with saved segments besides counting them: star, edit, copy, switch off, throw away and take back.

Everybody who may see a segment may star and copy it; its owner changes it. No customer is ever touched by any of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from segbot.errors import ChangedMeanwhile, NotAllowed
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.flows.library import READY, may_change, visible
from segbot.flows.save import MOST_NAME, SaveProblem, check
from segbot.model.library import EditForm
from segbot.model.segment import NewSegment, Segment, State, Visibility
from segbot.store.database import Transaction
from segbot.store.deliveries import Taken
from segbot.store.segments import NameTaken

_COPIES = 30


class OwnersSegment(NotAllowed):
    """Only its owner may change this segment. Clone it, and change your own copy."""


@dataclass(frozen=True, slots=True)
class InUse:
    """Other segments name this one, so it can't go: they could not be counted any more."""

    segment: Segment
    by: tuple[Segment, ...]

    @property
    def text(self) -> str:
        """What to tell a person."""
        names = ", ".join(f"#{s.number} {s.name}" for s in self.by[:5])
        return f"“{self.segment.name}” is part of {names}. Change {'that' if len(self.by) == 1 else 'those'} first."


async def star(desk: Desk, actor: Actor, subject: str, on: bool) -> bool:
    """Give or take a person's star of a segment (or of a ready one by its `ready:` key); whether that changed anything.

    Raises `NotFound`.
    """
    if not subject.startswith(READY):
        await visible(desk, actor, subject)
    if on:
        return await desk.store.shelf.star(actor.team, actor.user, subject, desk.clock())
    return await desk.store.shelf.unstar(actor.team, actor.user, subject)


async def edit_form(desk: Desk, actor: Actor, segment_id: str) -> EditForm:
    """The form with what the segment says now. Raises `NotFound` and `OwnersSegment`."""
    segment = await _own(desk, actor, segment_id)
    return EditForm(
        segment.id,
        segment.number,
        segment.name,
        segment.note,
        segment.tags,
        segment.visibility,
        segment.shared_with,
        segment.revision,
        await desk.store.shelf.tags(actor.team, actor.user, 15),
    )


async def rename(desk: Desk, actor: Actor, segment_id: str, revision: int, name: str) -> Segment | SaveProblem:
    """Give it another name; a problem names the field to mend. Raises `NotFound` and `OwnersSegment`."""
    if (problem := check(name, "", ())) is not None:
        return problem
    segment = await _own(desk, actor, segment_id)
    if segment.name == " ".join(name.split()):
        return segment
    if segment.revision != revision:
        return SaveProblem("name", _MEANWHILE)
    return await _save(desk, actor, replace(segment, name=name), "renamed", {"name": name, "before": segment.name})


async def edit(
    desk: Desk,
    actor: Actor,
    segment_id: str,
    revision: int,
    *,
    note: str,
    tags: tuple[str, ...],
    private: bool,
    shared_with: tuple[str, ...],
) -> Segment | SaveProblem:
    """Change the note, the tags and who may see it; a problem names the field to mend.

    Sent twice, the second time changes nothing. Raises `NotFound` and `OwnersSegment`.
    """
    segment = await _own(desk, actor, segment_id)
    if (problem := check(segment.name, note, tags)) is not None:
        return problem
    seen = Visibility.PRIVATE if private else Visibility.TEAM
    targets = tuple(sorted({*shared_with} - {segment.owner})) if private else ()
    new = replace(segment, note=note, tags=tags, visibility=seen, shared_with=targets)
    if new == segment:
        return segment
    if segment.revision != revision:
        return SaveProblem("note", _MEANWHILE)
    hidden = private and segment.visibility is Visibility.TEAM
    if hidden and (by := await desk.store.segments.that_use(actor.team, segment_id)):
        return SaveProblem("note", f"It can't be private. {InUse(segment, by).text}")
    detail = {"tags": list(tags), "visibility": seen.value, "shared_with": list(targets)}
    return await _save(desk, actor, new, "edited", detail)


async def clone(desk: Desk, actor: Actor, segment_id: str, *, delivery: str) -> Segment:
    """A copy that belongs to the person. A copy of a private one is private. Raises `NotFound`, and `Duplicate`."""
    source = await visible(desk, actor, segment_id)
    now = desk.clock()
    if await desk.store.deliveries.take(delivery, "clone", now) is Taken.DUPLICATE:
        raise Duplicate(delivery)
    new = NewSegment(
        team=actor.team,
        name=source.name,
        condition=source.version.condition,
        owner=actor.user,
        request=source.version.request,
        note=source.note,
        tags=source.tags,
        channel=source.channel,
        visibility=source.visibility,
    )
    for name in _copies(source.name):
        async with desk.store.transaction() as tx:
            made = await tx.segments.add(replace(new, name=name), now, reason=f"copied from #{source.number}")
            if isinstance(made, Segment):
                await _note(tx, actor, made, "cloned", {"from": source.number})
                await tx.deliveries.finish(delivery, now)
                return made
    raise ChangedMeanwhile(f"no free name for a copy of segment {segment_id}")


async def activate(desk: Desk, actor: Actor, segment_id: str, active: bool) -> Segment:
    """Switch it on or off. Raises `NotFound` and `OwnersSegment`."""
    segment = await _own(desk, actor, segment_id)
    state = State.ACTIVE if active else State.INACTIVE
    if segment.state in (state, State.TRASH):
        return segment
    done = await _save(desk, actor, replace(segment, state=state), "activated" if active else "deactivated", {})
    assert isinstance(done, Segment)
    return done


async def trash(desk: Desk, actor: Actor, segment_id: str) -> Segment | InUse:
    """Put it into the trash, from where it can be taken back. Raises `NotFound` and `OwnersSegment`."""
    segment = await _own(desk, actor, segment_id)
    if segment.state is State.TRASH:
        return segment
    if by := await desk.store.segments.that_use(actor.team, segment_id):
        return InUse(segment, by)
    done = await _save(desk, actor, replace(segment, state=State.TRASH), "trashed", {"was": segment.state.value})
    assert isinstance(done, Segment)
    return done


async def restore(desk: Desk, actor: Actor, segment_id: str) -> Segment:
    """Take it back from the trash; under another name where its own was given away. Raises `NotFound`, `OwnersSegment`."""
    segment = await _own(desk, actor, segment_id)
    if segment.state is not State.TRASH:
        return segment
    for name in (segment.name, *_copies(segment.name)):
        done = await _save(desk, actor, replace(segment, state=State.ACTIVE, name=name), "restored", {"name": name})
        if isinstance(done, Segment):
            return done
    raise ChangedMeanwhile(f"no free name for segment {segment_id}")


# --- parts --------------------------------------------------------------------------------------

_MEANWHILE = "Somebody changed this segment meanwhile. Close this form, open it again, and nothing of theirs is lost."


async def _own(desk: Desk, actor: Actor, segment_id: str) -> Segment:
    segment = await visible(desk, actor, segment_id)
    if not may_change(desk.settings, actor, segment.owner):
        raise OwnersSegment(f"{actor.user} changes segment {segment_id} of {segment.owner}")
    return segment


async def _save(
    desk: Desk, actor: Actor, segment: Segment, action: str, detail: Mapping[str, object]
) -> Segment | SaveProblem:
    now = desk.clock()
    async with desk.store.transaction() as tx:
        done = await tx.segments.save(segment, now)
        if isinstance(done, Segment):
            await _note(tx, actor, done, action, detail)
            return done
    assert isinstance(done, NameTaken)
    return SaveProblem("name", f"#{done.number} has this name already. Please choose another.")


async def _note(tx: Transaction, actor: Actor, segment: Segment, action: str, detail: Mapping[str, object]) -> None:
    await tx.audit.record(
        team=actor.team,
        actor=actor.user,
        action=action,
        object_kind="segment",
        object_id=segment.id,
        channel=actor.channel,
        detail={"number": segment.number, **detail},
    )


def _copies(name: str) -> list[str]:
    """Names for copies: Loyal (copy), Loyal (copy 2), ..."""
    endings = [" (copy)", *(f" (copy {number})" for number in range(2, _COPIES))]
    return [name[: MOST_NAME - len(ending)].rstrip() + ending for ending in endings]
