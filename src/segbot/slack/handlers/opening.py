"""What a card shows first: the exact count where it comes at once, else an estimate, so that no number flashes by."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TypeAlias

from segbot.flows.desk import Actor
from segbot.flows.estimate import first_look
from segbot.model.cards import SegmentCard
from segbot.slack.handlers.guard import Call

Counting: TypeAlias = asyncio.Task[SegmentCard]
"""A count under way, which ends with its card."""

AT_ONCE = 0.3
"""Seconds in which an exact count needs no estimate before it: a number that is replaced sooner is only a flicker."""


async def opening(call: Call, actor: Actor, card: SegmentCard, counting: Counting) -> SegmentCard:
    """The card to show while `counting` goes on: counted where that ended meanwhile, else with what the sample tells.

    Without a sample it comes back at once as it is. Raises what `counting` raised.
    """
    if has_estimate(card):
        return card
    looking = asyncio.create_task(first_look(call.deps.desk, actor, card))
    until = asyncio.get_running_loop().time() + AT_ONCE
    try:
        await asyncio.wait({counting, looking}, timeout=AT_ONCE, return_when=asyncio.FIRST_COMPLETED)
        if looking.done() and not has_estimate(looking.result()):
            return counting.result() if counting.done() else card
        left = until - asyncio.get_running_loop().time()
        await asyncio.wait({counting}, timeout=max(left, 0))
        if counting.done():
            return counting.result()
        return await looking
    finally:
        looking.cancel()


def has_estimate(card: SegmentCard) -> bool:
    """Whether a card that is not counted yet says how many it may be."""
    choices = (choice.count for question in card.questions for choice in question.choices)
    return any(count is not None for count in (card.count, card.partial, *choices))


def with_estimate(done: SegmentCard, first: SegmentCard) -> SegmentCard:
    """What came of a count. Where that is no number, the estimate that was shown before stays."""
    if done.stage != "failed" or done.count is not None or first.count is None or first.count.exact:
        return done
    return replace(done, count=first.count)
