"""Answering and counting whatever was asked in words, wherever it was asked; and the buttons of examples."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial
from typing import Literal

from slack_bolt.async_app import AsyncApp

from segbot.errors import QueryCancelled, QueryTimedOut, QueryTooLarge, SegbotError
from segbot.flows import ask, failure
from segbot.flows.desk import Actor, Desk
from segbot.flows.narrow import advise
from segbot.model.cards import Card, HelpCard, Move, NoticeCard, SegmentCard
from segbot.model.request import Status, Surface
from segbot.slack import payload
from segbot.slack.handlers.at_work import show_at_work
from segbot.slack.handlers.guard import Call, Deps, guarded, report
from segbot.slack.handlers.opening import Counting, opening, with_estimate
from segbot.slack.handlers.telling import telling
from segbot.slack.ids import Action, read_words
from segbot.slack.payload import Asked, Place, Spot
from segbot.slack.running import Superseded
from segbot.slack.views.notice import help_message, notice_message
from segbot.slack.views.segment import segment_message

PRIVATE_PATIENCE = 1.5
"""Seconds that a private answer waits for its count before it says that it is counting."""


def register(app: AsyncApp, deps: Deps) -> None:
    """The buttons of examples."""
    app.action(Action.TRY.pattern)(guarded(deps, on_example))


async def on_example(call: Call) -> None:
    """The button beside an example asks for it; from Home the answer is a direct message."""
    await call.ack()
    click = payload.click(call.body)
    words = read_words(click.value)
    if words is None:
        raise payload.OutdatedButton(click.value[:80])
    home = click.place.channel is None
    place = Place(click.place.user, click.place.user) if home else click.place
    surface = Surface.HOME if home else Surface.COMMAND
    await answer(call, Asked(click.actor, words, place, click.delivery, surface))


async def answer(call: Call, asked: Asked) -> None:
    """Read, post the card at once with its first number, count, and update it in place."""
    desk = call.deps.desk
    starting = ask.start(desk, asked.actor, asked.words, delivery=asked.delivery, surface=asked.surface)
    card, _ = await asyncio.gather(starting, show_at_work(call, asked.place))
    if not isinstance(card, SegmentCard):
        await say(call, asked.place, card, asked.surface)
        await ask.finish(desk, asked.delivery)
        return
    await present(call, asked, card)


async def present(call: Call, asked: Asked, card: SegmentCard, *, private: bool = False) -> None:
    """Post a card that is not counted yet where it was asked for, and count it; `private` ones for the asker alone."""
    counting = begin(call, asked.actor, card)
    try:
        first = await opening(call, asked.actor, card, counting)
        if private:
            await _answer_privately(call, asked, first, counting)
        else:
            await _answer(call, asked, first, counting)
    finally:
        counting.cancel()


async def _answer(call: Call, asked: Asked, card: SegmentCard, counting: Counting) -> None:
    desk = call.deps.desk
    spot = await call.deps.sender.post_here(call.client, asked.place, partial(segment_message, card))
    if spot is None:
        await _answer_privately(call, asked, card, counting)
        return
    try:
        await ask.anchor(desk, asked.actor, card.id, spot.channel, spot.ts)
        await ask.finish(desk, asked.delivery)
    except SegbotError as error:  # the card knows its request all the same: only replies to it would not find it
        call.report(error)
    await _follow(call, asked.actor, card, spot, counting)


async def _answer_privately(call: Call, asked: Asked, card: SegmentCard, counting: Counting) -> None:
    """One message where the count is quick, as a private answer to a command can't be replaced by its next one."""
    sender = call.deps.sender
    done, _ = await asyncio.wait([counting], timeout=PRIVATE_PATIENCE)
    if not done:
        await sender.tell(call.client, asked.place, partial(segment_message, card))
    await sender.tell(call.client, asked.place, partial(segment_message, with_estimate(await counting, card)))
    await ask.finish(call.deps.desk, asked.delivery)


async def say(call: Call, place: Place, card: Card, surface: Surface) -> None:
    """An answer without a segment: private after a command, where the question was seen after a message."""
    match card:
        case HelpCard():
            message = help_message(card)
        case NoticeCard():
            message = notice_message(card)
        case _:
            raise TypeError(f"no answer in words: {type(card).__name__}")
    private = surface in (Surface.COMMAND, Surface.SHORTCUT)
    send = call.deps.sender.tell if private else call.deps.sender.post
    await send(call.client, place, lambda audience: message)


async def count(
    call: Call, actor: Actor, card: SegmentCard, spot: Spot | None, *, fresh: bool = False, anyway: bool = False
) -> None:
    """Count the request of a card that already stands somewhere, and update it there, whatever comes of it."""
    if not _countable(card):
        return
    counting = begin(call, actor, card, fresh=fresh, anyway=anyway)
    try:
        first = await opening(call, actor, card, counting)
        if spot is not None and first != card:
            await call.deps.sender.update(call.client, spot, partial(segment_message, first))
        await _follow(call, actor, first, spot, counting)
    finally:
        counting.cancel()


async def _follow(call: Call, actor: Actor, shown: SegmentCard, spot: Spot | None, counting: Counting) -> None:
    """Tell how far a count is on its card, and then what came of it."""
    async with telling(call.deps, call.client, actor, shown, spot):
        done = with_estimate(await counting, shown)
    if spot is not None and done != shown:
        await call.deps.sender.update(call.client, spot, partial(segment_message, done))


def begin(call: Call, actor: Actor, card: SegmentCard, *, fresh: bool = False, anyway: bool = False) -> Counting:
    """The count of a card, under way."""
    return asyncio.create_task(counted(call, actor, card, fresh=fresh, anyway=anyway))


async def counted(
    call: Call, actor: Actor, card: SegmentCard, *, fresh: bool = False, anyway: bool = False
) -> SegmentCard:
    """The card with its count, or with why there is none. Raises `Superseded` only."""
    if not _countable(card):
        return card
    desk = call.deps.desk
    try:
        return await call.deps.counts.run(card.id, ask.count(desk, actor, card.id, fresh=fresh, anyway=anyway))
    except Superseded:
        raise
    except QueryCancelled as stopped:  # somebody pressed Stop: no failure, so no reference
        await put_down(desk, actor, card, Status.STOPPED)
        return failed(card, failure.notice(stopped, ""))
    except Exception as error:  # noqa: BLE001 (answered on the card itself; reported in the log)
        await put_down(desk, actor, card, Status.FAILED)
        return await explained(desk, actor, card, error, call.report(error))


async def explained(desk: Desk, actor: Actor, card: SegmentCard, error: Exception, why: NoticeCard) -> SegmentCard:
    """The card of a count that failed; of one that takes too long, with what costs the most and what to ask instead."""
    card = failed(card, why)
    if not isinstance(error, QueryTimedOut | QueryTooLarge):
        return card
    advice = await advise(desk, actor, card.id)
    moves = (Move.COUNT_ANYWAY,) if isinstance(error, QueryTooLarge) else (Move.RETRY,)
    if card.notice is None or not advice.costliest:
        return replace(card, moves=moves)
    then = f"The most work is: {advice.costliest}."
    return replace(card, moves=moves, narrower=advice.lines, notice=replace(card.notice, next=then))


async def put_down(desk: Desk, actor: Actor, card: SegmentCard, status: Literal[Status.STOPPED, Status.FAILED]) -> None:
    """Nobody works on the count any more. Where that can't be noted, a later process takes it up once more."""
    try:
        await ask.put_down(desk, actor, card.id, status)
    except SegbotError as error:
        report(error)


def _countable(card: SegmentCard) -> bool:
    """Whether there is a number to come: of the whole, of a question's choices, or of the part that was understood."""
    part = not card.questions and all(line.spare for line in card.unread)
    return card.stage in ("counting", "question") or (card.stage == "unread" and part)


def failed(card: SegmentCard, why: NoticeCard) -> SegmentCard:
    """The card of a request that could not be counted: what was understood stays, with the reason and a way on."""
    stage = "failed" if card.stage == "counting" else card.stage
    return replace(card, stage=stage, notice=why.notice, moves=(Move.RETRY,))
