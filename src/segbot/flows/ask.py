"""From words to a counted card: the main job. A request is kept before anything is counted, so a button needs only its id."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, Protocol, TypeVar

from segbot.errors import ChangedMeanwhile, NotFound, QueryCancelled
from segbot.flows.company_words import company_word
from segbot.flows.compose import Numbers, can_leave_out, has_part, segment_card, window_lines
from segbot.flows.desk import Actor, Desk, Duplicate
from segbot.flows.help import examples, help_card
from segbot.flows.owners import owners
from segbot.flows.reuse import kept_count, question_key
from segbot.flows.sizing import Sized, size_with_ladder, sizes
from segbot.model.cards import Card, Notice, NoticeCard, SavedAs, SegmentCard
from segbot.model.condition import AllOf, Condition, canonical, walk
from segbot.model.merge import merge
from segbot.model.reading import Choice, LeftOut, Meaning, Outcome, Phrase, Question, Reading, Unread
from segbot.model.request import NewRequest, Request, Status, Surface
from segbot.model.resolve import Moment
from segbot.model.segment import Counted, Segment, Step
from segbot.nl.phrase import phrase
from segbot.store.counts import CountRecord, NewCount
from segbot.store.deliveries import Taken
from segbot.store.trees import fingerprint
from segbot.warehouse.line import Errand, on_behalf_of

T = TypeVar("T")

_HELP = re.compile(r"(help|hi|hello|hey|\?+)[\s.!?]*", re.IGNORECASE)

STATUS_OF = {Outcome.ANSWER: Status.COUNTING, Outcome.CLARIFY: Status.QUESTION, Outcome.REJECT: Status.UNREAD}


async def start(desk: Desk, actor: Actor, text: str, *, delivery: str, surface: Surface) -> Card:
    """Read a request and keep it. The card that comes back is not counted yet.

    Raises `Duplicate` when this delivery was dealt with before: then nothing is sent. Call `finish` once the card is sent;
    until then a retry of Slack may take over from a process that died.
    """
    now = desk.clock()
    if await desk.store.deliveries.take(delivery, surface.value, now) is Taken.DUPLICATE:
        raise Duplicate(delivery)
    return await _start(desk, actor, text, surface, now)


async def finish(desk: Desk, delivery: str) -> None:
    """The answer to a delivery has been sent: nobody needs to send it again."""
    await desk.store.deliveries.finish(delivery, desk.clock())


async def release(desk: Desk, delivery: str) -> None:
    """Nothing came of a delivery: the same act may be tried again at once."""
    await desk.store.deliveries.release(delivery)


async def _start(desk: Desk, actor: Actor, text: str, surface: Surface, now: datetime) -> Card:
    desk = await desk.at_home(actor.team)
    if not text.strip() or _HELP.fullmatch(text.strip()):
        return await help_card(desk)
    reading = desk.house.read(text, now)
    if nothing_understood(reading):
        return not_understood(desk, reading)
    request = await desk.store.requests.add(
        NewRequest(
            team=actor.team,
            channel=actor.channel or "",
            user=actor.user,
            surface=surface,
            text=text,
            reading=reading,
            status=STATUS_OF[reading.outcome],
            thread_ts=actor.thread,
        ),
        now,
    )
    return await _card(desk, request, None)


async def anchor(desk: Desk, actor: Actor, request_id: str, channel: str, ts: str) -> None:
    """Remember where a request's card stands in Slack."""
    await desk.store.requests.anchor(actor.team, request_id, channel=channel, message_ts=ts)


async def current(desk: Desk, actor: Actor, request_id: str) -> SegmentCard:
    """The card as it stands, with its latest count if there is one. Raises `NotFound`."""
    desk = await desk.at_home(actor.team)
    request = await desk.store.requests.get(actor.team, request_id)
    return await _card(desk, request, numbers_of(await last_count(desk, request)))


async def count(desk: Desk, actor: Actor, request_id: str, *, fresh: bool = False, anyway: bool = False) -> SegmentCard:
    """Count a request as of now, keep the count, and give the card with its ladder (or its choices with their sizes).

    An exact count of the same question a moment ago answers too, with its time, unless it is to be `fresh`. Raises
    `QueryTooLarge` for one that the database expects to be too much work, unless it is wanted `anyway`.

    When somebody changed the request while it was counted, the number belongs to the older tree: it is kept in the
    history, and the newer tree is counted instead. Raises `QueryCancelled` when somebody stopped it meanwhile.
    """
    desk = await desk.at_home(actor.team)
    errand = Errand(actor.team, actor.user, request_id, 0.0 if anyway else desk.settings.cost_limit)
    request = await desk.store.requests.get(actor.team, request_id)
    if request.status in (Status.STOPPED, Status.FAILED):
        request = await desk.store.requests.save(
            replace(request, status=Status.COUNTING), by=actor.user, what="counted again", now=desk.clock()
        )
    for _ in range(3):
        with on_behalf_of(errand):
            numbers = await _count(desk, request, fresh=fresh)
        later = await desk.store.requests.get(actor.team, request_id)
        if later.version == request.version:
            break
        if later.status is Status.STOPPED:
            raise QueryCancelled(f"request {request_id} was stopped")
        request = later
    if request.status is Status.COUNTING:
        request = await desk.store.requests.save(
            replace(request, status=Status.COUNTED), by=actor.user, what="counted", now=desk.clock()
        )
    return await _card(desk, request, numbers)


async def put_down(desk: Desk, actor: Actor, request_id: str, status: Literal[Status.STOPPED, Status.FAILED]) -> None:
    """Note that nobody works on a request's count any more, so that a later process does not take it up by itself."""
    request = await desk.store.requests.get(actor.team, request_id)
    if request.status is Status.COUNTING:
        with suppress(ChangedMeanwhile):  # somebody goes on with it
            await desk.store.requests.save(
                replace(request, status=status), by=actor.user, what=status.value, now=desk.clock()
            )


async def uncounted(desk: Desk, request: Request) -> SegmentCard:
    """The card of a request that was just changed: its count is still to come, even where the tree was counted before."""
    return await _card(desk, request, None)


async def choose(
    desk: Desk, actor: Actor, request_id: str, question: int, choice: int, *, delivery: str
) -> SegmentCard:
    """Settle a question (named by its key) with one of its choices. The card that comes back is not counted yet."""

    def settle(desk: Desk, reading: Reading) -> tuple[Reading, str]:
        asked = _named(reading.questions, question)
        chosen = _at(asked.choices, choice)
        rest = tuple(q for q in reading.questions if q is not asked)
        after = replace(reading, condition=chosen.condition, questions=rest)
        if any(u.wants_definition and overlap(u, asked) for u in reading.unread):
            after = _with_meaning(desk, after, asked, chosen, actor)
        return moved(desk, reading, after), "chose"

    return await change(desk, actor, request_id, settle, delivery)


async def switch(desk: Desk, actor: Actor, request_id: str, chip: int, option: int, *, delivery: str) -> SegmentCard:
    """Take another meaning of an assumption (named by its key). The card that comes back is not counted yet."""

    def settle(desk: Desk, reading: Reading) -> tuple[Reading, str]:
        assumption = _named(reading.assumptions, chip)
        chosen = _at(assumption.alternatives, option)
        rest = tuple(a for a in reading.assumptions if a is not assumption)
        return moved(desk, reading, replace(reading, condition=chosen.condition, assumptions=rest)), "switched"

    return await change(desk, actor, request_id, settle, delivery)


async def replace_words(
    desk: Desk, actor: Actor, request_id: str, unread: int, suggestion: int, *, delivery: str
) -> SegmentCard:
    """Put a suggestion in the place of words that were not understood (named by their key), and read the sentence again."""

    def settle(desk: Desk, reading: Reading) -> tuple[Reading, str]:
        words = _named(reading.unread, unread)
        better = _at(words.suggestions, suggestion).replacement
        text = reading.text[: words.start] + better + reading.text[words.end :]
        return read_again(desk, reading, text), "replaced words"

    return await change(desk, actor, request_id, settle, delivery)


# --- changing a request -------------------------------------------------------------------------


async def change(
    desk: Desk, actor: Actor, request_id: str, settle: Callable[[Desk, Reading], tuple[Reading, str]], delivery: str
) -> SegmentCard:
    """Change a request by what `settle` makes of its reading (with the team's own words), and note the step.

    The card that comes back is not counted yet. Raises `Duplicate` when this delivery was dealt with before, and
    `ChangedMeanwhile` when somebody else changed the request at the same moment.
    """
    now = desk.clock()
    if await desk.store.deliveries.take(delivery, "change", now) is Taken.DUPLICATE:
        raise Duplicate(delivery)
    desk = await desk.at_home(actor.team)
    request = await desk.store.requests.get(actor.team, request_id)
    reading, what = settle(desk, request.reading)
    if reading != request.reading:
        request = with_reading(request, reading)
        request = await desk.store.requests.save(request, by=actor.user, what=what, now=now)
    await desk.store.deliveries.finish(delivery, desk.clock())
    return await _card(desk, request, None)


def with_reading(request: Request, reading: Reading) -> Request:
    """The request with another reading, which its card then shows."""
    return replace(
        request, text=reading.text, reading=reading, condition=reading.condition, status=STATUS_OF[reading.outcome]
    )


def read_again(desk: Desk, before: Reading, text: str) -> Reading:
    """Read other words for the same request. What people said about the old ones holds for those that are still there."""
    as_typed = tuple(word for word in before.as_typed if word in text)
    reading = desk.house.read(text, desk.clock(), as_typed)
    done_without = {left.text.casefold() for left in before.left_out}
    gone = tuple(u for u in reading.unread if u.text.casefold() in done_without and can_leave_out(reading, u))
    return without(replace(reading, as_typed=as_typed), gone)


def without(reading: Reading, words: Sequence[Unread]) -> Reading:
    """The reading when a person does without some of the words that were not understood: the condition never held them."""
    left = tuple(LeftOut(u.start, u.end, u.text) for u in words)
    unread = tuple(u for u in reading.unread if u not in words)
    after = replace(reading, unread=unread, left_out=tuple(sorted((*reading.left_out, *left), key=lambda w: w.start)))
    return replace(after, outcome=outcome_of(after))


def outcome_of(reading: Reading) -> Outcome:
    """What can be done with a reading once something about it was settled."""
    if reading.condition is None or any(
        not (u.wants_definition and any(overlap(u, q) for q in reading.questions)) for u in reading.unread
    ):
        return Outcome.REJECT
    return Outcome.CLARIFY if reading.questions else Outcome.ANSWER


def overlap(one: Unread | Question, other: Unread | Question) -> bool:
    """Whether two stretches of a sentence share a character."""
    return one.start < other.end and other.start < one.end


def _with_meaning(desk: Desk, reading: Reading, asked: Question, chosen: Choice, actor: Actor) -> Reading:
    """A word of the company has a meaning on this card now; it can be kept where the reader understands that meaning."""
    still_open = tuple(
        u for u in reading.unread if not overlap(u, asked) or any(overlap(u, q) for q in reading.questions)
    )
    said = Phrase(asked.start, asked.end, reading.text[asked.start : asked.end], chosen.label)
    phrases = tuple(sorted((*reading.phrases, said), key=lambda p: (p.start, p.end)))
    after = replace(reading, unread=still_open, phrases=phrases)
    word = company_word(asked.phrase)
    read = desk.house.read(chosen.label, desk.clock())
    if word is None or read.outcome is not Outcome.ANSWER or not _holds(chosen.condition, read.condition):
        return after
    return replace(after, meanings=(*after.meanings, Meaning(word, chosen.label, actor.user, applied=True)))


def _holds(tree: Condition, part: Condition | None) -> bool:
    """Whether a condition is in a tree as it was chosen: then the words for it say the same."""
    if part is None:
        return False
    wanted = canonical(part)
    several = set(wanted.parts) if isinstance(wanted, AllOf) else {wanted}
    return any(
        node == wanted or (isinstance(node, AllOf) and several <= set(node.parts)) for node in walk(canonical(tree))
    )


class _Doubt(Protocol):
    @property
    def key(self) -> int: ...


D = TypeVar("D", bound=_Doubt)


def _named(items: Sequence[D], key: int) -> D:
    """The doubt that a button names. Raises `ChangedMeanwhile` when somebody has settled it since the button was drawn."""
    found = next((item for item in items if item.key == key), None)
    if found is None:
        raise ChangedMeanwhile(f"doubt {key} is settled")
    return found


def _at(items: Sequence[T], index: int) -> T:
    if not 0 <= index < len(items):
        raise NotFound(f"choice {index} of {len(items)}")
    return items[index]


def moved(desk: Desk, before: Reading, after: Reading) -> Reading:
    """`after` has another tree than `before`: carry every other choice over to it, and say it anew."""
    origin, here = before.condition, after.condition
    if origin is None or here is None:
        return after

    def carried(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return tuple(replace(c, condition=merge(origin, here, c.condition)) for c in choices)

    questions = tuple(replace(q, choices=carried(q.choices)) for q in after.questions)
    return replace(
        after,
        outcome=outcome_of(replace(after, questions=questions)),
        restatement=phrase(here, desk.house.catalog),
        questions=questions,
        assumptions=tuple(replace(a, alternatives=carried(a.alternatives)) for a in after.assumptions),
    )


# --- counting -----------------------------------------------------------------------------------


async def _count(desk: Desk, request: Request, *, fresh: bool) -> Numbers:
    house, reading, at = desk.house, request.reading, desk.house.moment(desk.clock())
    if request.status is Status.QUESTION:
        flat = [
            (q, c, choice.condition)
            for q, item in enumerate(reading.questions)
            for c, choice in enumerate(item.choices)
        ]
        counted = await sizes(house, desk.warehouse, [tree for _, _, tree in flat], at)
        return Numbers(choices={(q, c): size for (q, c, _), size in zip(flat, counted, strict=True)})
    if request.condition is None or (request.status is Status.UNREAD and not has_part(reading)):
        return Numbers()
    house = await house.holding([request.condition])
    key = question_key(house, request.condition, at)
    if not fresh and (kept := await _kept(desk, request, request.condition, key, at)) is not None:
        return kept
    with desk.sharing.moment(request.team, key, at) as shared:
        sized = await size_with_ladder(house, desk.warehouse, request.condition, shared)
    parameters = _parameters(desk, request, sized, shared) | {"key": key}
    await _keep(desk, request, request.condition, sized.count, parameters)
    return Numbers(sized.count, sized.steps)


async def _kept(desk: Desk, request: Request, condition: Condition, key: str, at: Moment) -> Numbers | None:
    """The numbers of the same question a moment ago, which become this request's too."""
    digest, age = desk.house.catalog.digest, desk.settings.reuse_seconds
    found = await kept_count(desk.store, request.team, condition, digest, key, now=at.now, seconds=age)
    numbers = numbers_of(found)
    if found is None or numbers is None:
        return None
    if found.request != request.id:
        await _keep(desk, request, condition, found.counted, found.parameters)
    return replace(numbers, ago=int((at.now - found.counted.as_of).total_seconds()))


async def _keep(
    desk: Desk, request: Request, condition: Condition, counted: Counted, parameters: dict[str, Any]
) -> None:
    catalog = desk.house.catalog.digest
    await desk.store.counts.add(NewCount(request.team, condition, counted, catalog, parameters, request.id))


def _parameters(desk: Desk, request: Request, sized: Sized, at: Moment) -> dict[str, Any]:
    windows = window_lines(request.condition, desk.house.catalog, at) if request.condition is not None else ()
    return {
        "timezone": at.rules.timezone,
        "windows": [[w.phrase, _iso(w.start), _iso(w.end)] for w in windows],
        "steps": [[list(s.path), s.alone, s.remaining] for s in sized.steps],
    }


async def last_count(desk: Desk, request: Request) -> CountRecord | None:
    """The latest count of the tree that a request stands for now."""
    if request.condition is None:
        return None
    wanted = fingerprint(request.condition)
    records = await desk.store.counts.of_request(request.team, request.id)
    return next((r for r in records if r.fingerprint == wanted), None)


def numbers_of(record: CountRecord | None) -> Numbers | None:
    """A kept count as the numbers of a card."""
    if record is None:
        return None
    steps = tuple(Step(tuple(path), alone, remaining) for path, alone, remaining in record.parameters.get("steps", []))
    return Numbers(record.counted, steps)


# --- cards --------------------------------------------------------------------------------------


async def _card(desk: Desk, request: Request, numbers: Numbers | None) -> SegmentCard:
    saved = None
    if request.segment is not None:
        segment = await desk.store.segments.find(request.team, request.segment)
        saved = saved_as(segment) if segment else None
    counted_at = numbers.count.as_of if numbers and numbers.count else desk.clock()
    return segment_card(
        request.id,
        request.user,
        replace(request.reading, condition=request.condition),
        desk.house.catalog,
        desk.house.moment(counted_at),
        numbers=numbers,
        saved=saved,
        minimum=desk.settings.minimum_audience,
        owners=bool(owners(desk.settings)),
        assistant=desk.proposer is not None,
    )


def saved_as(segment: Segment) -> SavedAs:
    """A segment as a card names it."""
    return SavedAs(segment.id, segment.number, segment.name, segment.tags)


def nothing_understood(reading: Reading) -> bool:
    """Whether there is nothing to show on a card: no condition, no question, no word that the company could define."""
    definable = reading.intent == "segment" and any(u.wants_definition for u in reading.unread)
    return reading.condition is None and not reading.questions and not definable


def not_understood(desk: Desk, reading: Reading) -> NoticeCard:
    noun = desk.house.catalog.customers.plural
    title, text = {
        "not_a_segment": (
            "That is a question I can't answer",
            f"I find groups of {noun} and count them; I don't report on anything else.",
        ),
        "too_long": ("That is too long for me", "Please say it in a few sentences: I read up to about 400 words."),
        "empty": ("There were no words in that", f"Tell me which {noun} you are looking for."),
    }.get(
        reading.intent,
        ("I didn't understand that", f"None of these words tells me which {noun} you mean, so I counted nobody."),
    )
    hints = tuple(dict.fromkeys(s.replacement for u in reading.unread for s in u.suggestions))[:5]
    then = f"Did you mean: {', '.join(hints)}?" if hints else "Try one of these, or `/segment help`."
    assist = reading.text if desk.proposer is not None and reading.intent == "segment" else ""
    return NoticeCard(Notice(title, reading.note or text, next=then), examples(desk.house.catalog), assist)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
