"""Refining a segment by talking in its card's thread: narrow, widen, undo, "why so few?", "what if never instead?".

Only what is surely a change of the segment, or surely a question about it, is taken; of all other talk nothing is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from segbot.errors import ChangedMeanwhile, NotFound
from segbot.flows.ask import choose, moved, outcome_of, uncounted, with_reading
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.flows.sizing import sizes
from segbot.model.cards import Explained, ReplyCard, SegmentCard, Without
from segbot.model.condition import AllOf, Condition, Everyone, Not, all_of, canonical
from segbot.model.merge import merge
from segbot.model.reading import Edited, LeftOut, Outcome, Reading
from segbot.model.request import Request, RequestChange
from segbot.nl.diff import line
from segbot.nl.edit import Edit, NoEdit
from segbot.nl.phrase import phrase, phrase_node
from segbot.store.deliveries import Taken

MOST_EXPLAINED = 8
"""Conditions that an explanation names with what would be left without each."""

_TRIES = 4
_UNDID, _REDID = "undid", "redid"


class ChangedAfter(ChangedMeanwhile):
    """The segment was changed again after this change, so nothing was undone. Reply `undo` to go back step by step."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a request's card stands in Slack."""

    channel: str
    ts: str
    thread: str | None


@dataclass(frozen=True, slots=True)
class Changed:
    """A reply changed the segment: its new card, not counted yet, and what to say below it once `measure` has counted.

    `at` is None for a card that only one person sees.
    """

    card: SegmentCard
    at: Standing | None
    reply: ReplyCard
    before: Condition
    after: Condition


@dataclass(frozen=True, slots=True)
class Wondered:
    """A reply asked something about the segment ("what if ..."), which stays as it is: the answer still needs counting."""

    reply: ReplyCard
    before: Condition
    after: Condition
    explain: bool = False


Heard: TypeAlias = Changed | Wondered | ReplyCard
"""What a reply came to; a `ReplyCard` alone is said as it is."""


async def hear(desk: Desk, actor: Actor, text: str, *, delivery: str) -> Heard | None:
    """A reply in the thread `actor.thread`. None when no card stands there or it is not said to segbot: then nothing happens.

    Two people at once both count: the later change is read again on the tree that the earlier one left. Raises `Duplicate`
    when this delivery was dealt with before.
    """
    if not actor.channel or not actor.thread or not text.strip():
        return None
    request = await desk.store.requests.in_thread(actor.team, actor.channel, actor.thread)
    if request is None or request.condition is None or request.message_ts is None:
        return None
    desk = await desk.at_home(actor.team)
    if isinstance(await _edit(desk, request, text), NoEdit):
        return None
    return await _heard_once(desk, actor, request.id, text, delivery)


async def apply(desk: Desk, actor: Actor, request_id: str, words: str, *, delivery: str) -> Heard:
    """Make a change that was only wondered about: the same words once more, now meant. Raises `NotFound` without any sense."""
    heard = await _heard_once(await desk.at_home(actor.team), actor, request_id, words, delivery, meant=True)
    if heard is None:
        raise NotFound(f"{words!r} changes nothing of request {request_id} now")
    return heard


async def back_to(desk: Desk, actor: Actor, request_id: str, version: int, *, delivery: str) -> Changed:
    """Undo the change that led away from `version`. Raises `ChangedAfter` when the segment was changed since."""
    if await desk.store.deliveries.take(delivery, "change", desk.clock()) is Taken.DUPLICATE:
        raise Duplicate(delivery)
    desk = await desk.at_home(actor.team)
    request = await desk.store.requests.get(actor.team, request_id)
    trail = Trail.of(await desk.store.requests.history(actor.team, request_id))
    if trail.position < 1 or trail.steps[trail.position - 1].version != version:
        raise ChangedAfter(f"version {version} of request {request_id} is not the one before")
    done = await _move(desk, actor, request, trail, 1)
    await desk.store.deliveries.finish(delivery, desk.clock())
    return done


async def measure(desk: Desk, actor: Actor, heard: Changed | Wondered) -> ReplyCard:
    """The reply with its numbers: how many now, how many came in and went out; for a "why" what each condition costs."""
    desk = await desk.at_home(actor.team)
    at = desk.house.moment(desk.clock())
    if isinstance(heard, Wondered) and heard.explain:
        return replace(heard.reply, explained=await _explain(desk, heard.after))
    before, after = heard.before, heard.after
    trees = [after, AllOf((after, Not(before))), AllOf((before, Not(after)))]
    count, came, went = await sizes(desk.house, desk.warehouse, trees, at)
    return replace(heard.reply, count=count, came=came.value, went=went.value)


async def revise(desk: Desk, actor: Actor, request: Request, tree: Condition, words: str) -> Changed:
    """Put another tree in the place of a request's, as made by hand: a step like any other, which "undo" takes back.

    `words` say how it was made. Whatever was open about the sentence is settled by it. `desk` has the team's own words. Raises
    `ChangedMeanwhile` when somebody changed the request since it was read.
    """
    before = request.condition or Everyone()
    catalog = desk.house.catalog
    said = line(before, tree, catalog)
    unread = tuple(LeftOut(u.start, u.end, u.text) for u in request.reading.unread)
    settled = replace(
        request.reading,
        condition=tree,
        outcome=Outcome.ANSWER,
        restatement=phrase(tree, catalog),
        questions=(),
        unread=(),
        assumptions=tuple(
            replace(
                a, alternatives=tuple(replace(c, condition=merge(before, tree, c.condition)) for c in a.alternatives)
            )
            for a in request.reading.assumptions
        ),
        left_out=tuple(sorted((*request.reading.left_out, *unread), key=lambda w: w.start)),
        proposal=None,
        edits=(*request.reading.edits, Edited(words, said, actor.user)),
    )
    noun = catalog.customers.plural
    reply = ReplyCard(request.id, "changed", said, by=actor.user, words=words, noun=noun)
    return await _save(desk, actor, request, settled, "edited", reply)


# --- reading a reply ----------------------------------------------------------------------------


async def _edit(desk: Desk, request: Request, text: str) -> Edit | NoEdit:
    trail = Trail.of(await desk.store.requests.history(request.team, request.id))
    trees = tuple(s.reading.condition or Everyone() for s in trail.steps[: trail.position])
    before = replace(request.reading, condition=request.condition)
    return desk.house.editor.edit(text, before, desk.house.moment(desk.clock()), history=trees)


async def _heard_once(
    desk: Desk, actor: Actor, request_id: str, text: str, delivery: str, *, meant: bool = False
) -> Heard | None:
    if await desk.store.deliveries.take(delivery, "change", desk.clock()) is Taken.DUPLICATE:
        raise Duplicate(delivery)
    for attempt in range(_TRIES):
        request = await desk.store.requests.get(actor.team, request_id)
        edit = await _edit(desk, request, text)
        if isinstance(edit, NoEdit):
            return None
        try:
            heard = await _heard(desk, actor, request, edit, delivery, meant)
        except ChangedMeanwhile:
            if attempt + 1 == _TRIES:
                raise
            continue  # somebody else was faster: the words are read again on what stands now
        await desk.store.deliveries.finish(delivery, desk.clock())
        return heard
    raise AssertionError("unreachable")


async def _heard(desk: Desk, actor: Actor, request: Request, edit: Edit, delivery: str, meant: bool) -> Heard:
    before = request.condition or Everyone()
    noun = desk.house.catalog.customers.plural
    said = ReplyCard(request.id, "changed", edit.line, by=actor.user, words=edit.text.strip(), noun=noun)
    if edit.unread:
        lost = tuple(u.text for u in edit.unread)
        hints = tuple(dict.fromkeys(s.replacement for u in edit.unread for s in u.suggestions))[:3]
        return replace(said, kind="unclear", title="", lost=lost, hints=hints)
    if edit.kind == "ask":
        return Wondered(replace(said, kind="explained", title=""), before, before, explain=True)
    if edit.kind == "what_if" and not meant:
        wondered = replace(said, kind="what_if", restatement=edit.restatement, apply=not edit.questions)
        return Wondered(wondered, before, edit.condition)
    if edit.kind in ("undo", "redo"):
        trail = Trail.of(await desk.store.requests.history(request.team, request.id))
        steps = edit.undo or 0
        if not steps or not trail.can(steps):
            return replace(said, kind="nothing", title="Nothing to undo" if edit.kind == "undo" else "Nothing to redo")
        return await _move(desk, actor, request, trail, steps)
    if edit.chosen is not None:
        return await _chosen(desk, actor, request, edit, said)
    if canonical(edit.condition) == canonical(before) and not edit.questions:
        return replace(said, kind="nothing", title="That changes nothing: the segment says so already")
    return await _save(desk, actor, request, _after(desk, request, edit, actor), "edited", said)


async def _chosen(desk: Desk, actor: Actor, request: Request, edit: Edit, said: ReplyCard) -> Changed:
    """An answer to an open question: as pressing its button, with all that hangs on it."""
    assert edit.chosen is not None
    question, choice = edit.chosen
    key = request.reading.questions[question].key
    before = request.condition or Everyone()
    card = await choose(
        desk, actor, request.id, key, choice, delivery=f"answer:{request.id}:{request.version}:{actor.user}"
    )
    later = await desk.store.requests.get(actor.team, request.id)
    return Changed(card, _standing(later), said, before, later.condition or Everyone())


def _after(desk: Desk, request: Request, edit: Edit, actor: Actor) -> Reading:
    """The reading with the change in it: other doubts are carried over, those of the change are added."""
    before = replace(request.reading, condition=request.condition)
    answered = edit.kind == "choice"
    left = () if answered else before.questions
    carried = moved(desk, before, replace(before, condition=edit.condition, questions=left, proposal=None))
    after = replace(
        carried,
        questions=(*carried.questions, *(edit.questions if not answered else ())),
        assumptions=(*carried.assumptions, *edit.assumptions),
        edits=(*before.edits, Edited(edit.text.strip(), edit.line, actor.user)),
    )
    return replace(after, outcome=outcome_of(after))


# --- back and forth -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    version: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Trail:
    """What a segment was, step by step, and where it stands among them now: undone steps lie ahead."""

    steps: tuple[_Step, ...]
    position: int

    @classmethod
    def of(cls, history: Sequence[RequestChange]) -> Trail:
        """The trail of an append-only history: a new change after an undo leaves what was undone behind."""
        steps: list[_Step] = []
        position = -1
        for change in history:
            if change.reading is None:
                continue
            reading = replace(change.reading, condition=change.condition)
            direction, _, many = change.what.partition(" ")
            if direction in (_UNDID, _REDID) and many.isdigit():
                position += int(many) if direction == _REDID else -int(many)
                position = min(max(position, 0), len(steps) - 1)
                continue
            if position >= 0 and _same(steps[position].reading, reading):
                continue
            del steps[position + 1 :]
            steps.append(_Step(change.version, reading))
            position += 1
        return cls(tuple(steps), position)

    def can(self, back: int) -> bool:
        """Whether so many steps can be undone (redone when negative)."""
        return 0 <= self.position - back < len(self.steps)


def _same(one: Reading, other: Reading) -> bool:
    return one.condition == other.condition and one.questions == other.questions and one.text == other.text


async def _move(desk: Desk, actor: Actor, request: Request, trail: Trail, back: int) -> Changed:
    reading = trail.steps[trail.position - back].reading
    before, after = request.condition or Everyone(), reading.condition or Everyone()
    said = ReplyCard(
        request.id,
        "undone" if back > 0 else "redone",
        line(before, after, desk.house.catalog),
        by=actor.user,
        noun=desk.house.catalog.customers.plural,
    )
    what = f"{_UNDID if back > 0 else _REDID} {abs(back)}"
    return await _save(desk, actor, request, reading, what, said)


async def _save(desk: Desk, actor: Actor, request: Request, reading: Reading, what: str, said: ReplyCard) -> Changed:
    trail = Trail.of(await desk.store.requests.history(request.team, request.id))
    saved = await desk.store.requests.save(with_reading(request, reading), by=actor.user, what=what, now=desk.clock())
    card = await uncounted(desk, saved)
    undo = trail.steps[trail.position].version if what == "edited" and trail.steps else 0
    question = reading.questions[0].text if reading.questions else ""
    before, after = request.condition or Everyone(), reading.condition or Everyone()
    return Changed(card, _standing(saved), replace(said, undo=undo, question=question), before, after)


def _standing(request: Request) -> Standing | None:
    if request.message_ts is None:
        return None
    return Standing(request.channel, request.message_ts, request.thread_ts)


# --- why ----------------------------------------------------------------------------------------


async def _explain(desk: Desk, tree: Condition) -> Explained:
    """How many each condition leaves in turn, and how many there would be without each: what costs most comes first."""
    catalog, at = desk.house.catalog, desk.house.moment(desk.clock())
    top = canonical(tree)
    parts = top.parts[:MOST_EXPLAINED] if isinstance(top, AllOf) else (top,)
    rest = [all_of([p for p in (top.parts if isinstance(top, AllOf) else (top,)) if p is not part]) for part in parts]
    whole, *left = await sizes(desk.house, desk.warehouse, [top, *rest], at)
    without = [Without(phrase_node(part, catalog), size.value) for part, size in zip(parts, left, strict=True)]
    return Explained(whole, tuple(sorted(without, key=lambda w: -w.left)), phrase(tree, catalog))
