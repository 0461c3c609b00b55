"""The first number at once: sizes estimated on the sample in segbot's store, while the exact count is under way.

The same statement that counts the customers counts the sample, as of the moment of the sample's data: "the last 7 days" are
the 7 days before it was taken. What the sample can't tell has no estimate, and the exact count is awaited as ever.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

from segbot.errors import CannotCompile, DataMissing, SegbotError, UnknownName
from segbot.flows.compose import has_part
from segbot.flows.desk import Actor, Desk
from segbot.flows.house import House
from segbot.logs import get_logger
from segbot.model.cards import SegmentCard
from segbot.model.condition import Capped, Condition, Listed, Member, Ranked, walk
from segbot.model.estimate import estimate
from segbot.model.request import Request
from segbot.model.segment import Counted
from segbot.sql.compile import compile_count, compile_sizes
from segbot.sql.statement import Statement
from segbot.warehouse.sample import Sample, Samples

log = get_logger(__name__)


async def first_look(desk: Desk, actor: Actor, card: SegmentCard) -> SegmentCard:
    """A card that is not counted yet, with estimates where there are any; the card itself where there are none.

    Never raises an error of segbot's own: the exact count tells what is wrong.
    """
    if desk.samples is None or card.stage not in ("counting", "question", "unread") or card.count is not None:
        return card
    try:
        request = await desk.store.requests.get(actor.team, card.id)
        return await _with_estimates(desk.samples, desk.house, request, card)
    except SegbotError as error:
        log.info("estimate.none", why=type(error).__name__, detail=str(error))
        return card


async def estimates(samples: Samples, house: House, conditions: Sequence[Condition]) -> tuple[Counted | None, ...]:
    """The estimated size of each condition, None for one that the sample can't tell or while there is no sample.

    Raises what the warehouse raises.
    """
    for last in (False, True):
        try:
            return await _estimates(samples, house, conditions)
        except DataMissing:  # replaced by a newer sample between two of its statements
            if last:
                raise
    raise AssertionError("unreachable")


def estimable(condition: Condition) -> bool:
    """Whether a sample of the customers can tell a condition's size.

    It can't for fixed numbers of people (the top 500, at most 100), nor for lists of people: those are about the whole.
    """
    return not any(
        isinstance(node, Capped | Listed) or _is_top_people(node) or _is_list(node) for node in walk(condition)
    )


def _is_top_people(node: Condition) -> bool:
    return isinstance(node, Ranked) and node.unit == "people"


def _is_list(node: Condition) -> bool:
    return isinstance(node, Member) and (node.of != "segment" or node.change is not None)


async def _with_estimates(samples: Samples, house: House, request: Request, card: SegmentCard) -> SegmentCard:
    if card.stage == "question":
        flat = [choice.condition for question in request.reading.questions for choice in question.choices]
        if len(flat) != sum(len(question.choices) for question in card.questions):
            return card  # somebody has settled one of them just now
        found = iter(await estimates(samples, house, flat))
        questions = tuple(
            replace(q, choices=tuple(replace(choice, count=next(found)) for choice in q.choices))
            for q in card.questions
        )
        return replace(card, questions=questions)
    if request.condition is None or (card.stage == "unread" and not has_part(request.reading)):
        return card
    (counted,) = await estimates(samples, house, [request.condition])
    return replace(card, partial=counted) if card.stage == "unread" else replace(card, count=counted)


async def _estimates(samples: Samples, house: House, conditions: Sequence[Condition]) -> tuple[Counted | None, ...]:
    begun = time.monotonic()
    wanted = [condition for condition in dict.fromkeys(conditions) if estimable(condition)]
    if not wanted:
        return (None,) * len(conditions)
    async with samples.newest() as sample:
        if sample is None or sample.note.plan != samples.plan.digest:
            return (None,) * len(conditions)
        statements = _statements(samples, sample, house, wanted)
        found: dict[Condition, Counted] = {}
        for asked, statement in statements:
            values = await sample.count(statement)
            seconds = time.monotonic() - begun
            for condition, counted in zip(asked, _counted(sample, values, seconds), strict=True):
                if counted is not None:
                    found[condition] = counted
    log.debug("estimate", seconds=round(time.monotonic() - begun, 4), of=len(wanted), found=len(found))
    return tuple(found.get(condition) for condition in conditions)


def _statements(
    samples: Samples, sample: Sample, house: House, wanted: Sequence[Condition]
) -> list[tuple[tuple[Condition, ...], Statement]]:
    """One statement for all conditions; where the sample lacks what one of them reads, one for each that it can tell."""
    together = tuple(wanted)
    whole = _statement(samples, sample, house, together)
    if whole is not None:
        return [(together, whole)]
    alone = [((one,), _statement(samples, sample, house, (one,))) for one in together] if len(together) > 1 else []
    return [(asked, statement) for asked, statement in alone if statement is not None]


def _statement(samples: Samples, sample: Sample, house: House, asked: tuple[Condition, ...]) -> Statement | None:
    """One row: the base within the sample, then the size of each condition in it. None when the sample can't tell."""
    at, catalog = house.moment(sample.note.taken_at), samples.plan.catalog
    try:
        if len(asked) == 1:
            statement = compile_count(asked[0], catalog, at, house.base)
        else:
            statement = compile_sizes(asked, catalog, at, house.base)
    except (UnknownName, CannotCompile):
        return None
    return statement if sample.allows(statement) else None


def _counted(sample: Sample, values: tuple[int, ...], seconds: float) -> list[Counted | None]:
    base, hits = (values[1], values[:1]) if len(values) == 2 else (values[0], values[1:])
    note = sample.note
    if base == 0 < note.base:
        return [None] * len(hits)
    found: list[Counted | None] = []
    for hit in hits:
        size = estimate(hit, base, note.base)
        found.append(Counted(size.value, note.base, note.taken_at, False, size.low, size.high, seconds, sample=base))
    return found
