"""Asking the assistant, where one is set up: its proposal stands in the card's place until a person uses it or goes back."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial
from typing import assert_never

from slack_bolt.async_app import AsyncApp

from segbot.flows import ask, propose
from segbot.flows.desk import Duplicate
from segbot.model.cards import Notice, NoticeCard, ProposalCard, ProposalNote
from segbot.model.request import Surface
from segbot.slack import payload
from segbot.slack.handlers.asking import counted
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.handlers.settling import go_on
from segbot.slack.ids import Action, read_words
from segbot.slack.payload import Click, Posted, Spot
from segbot.slack.views.notice import notice_message
from segbot.slack.views.proposal import proposal_message
from segbot.slack.views.segment import segment_message

_NONE = NoticeCard(Notice("No assistant", "No language model is set up here, so my own reading stands."))


def register(app: AsyncApp, deps: Deps) -> None:
    """Ask, use, go back."""
    app.action(Action.ASSIST.pattern)(guarded(deps, on_assist))
    app.action(Action.USE_PROPOSAL.pattern)(guarded(deps, on_use))
    app.action(Action.DROP_PROPOSAL.pattern)(guarded(deps, on_drop))


async def on_assist(call: Call) -> None:
    """Ask for a proposal: about a card's request, or about words of which nothing was understood."""
    await call.ack()
    click = payload.click(call.body)
    words = read_words(click.value)
    desk = call.deps.desk
    claim = f"assist:{click.actor.team}:{hashlib.sha256(click.value.encode()).hexdigest()[:32]}"
    await propose.claim(desk, claim)  # pressed twice, it is asked once
    try:
        if words is None:
            await _about_card(call, click)
        else:
            await _about_words(call, click, words)
    finally:
        await ask.release(desk, claim)


async def _about_card(call: Call, click: Click) -> None:
    desk, request = call.deps.desk, click.about.request
    if click.spot is None:
        raise Duplicate(request)
    waiting = await ask.current(desk, click.actor, request)
    seconds = f"{desk.settings.llm_timeout:.0f}"
    hint = Notice(
        "Asking the assistant…", f"It has up to {seconds} seconds. Nothing of it is used until you confirm it."
    )
    await call.deps.sender.update(
        call.client, click.spot, partial(segment_message, replace(waiting, notice=hint, moves=()))
    )
    made = await propose.propose(desk, click.actor, request, asked=True)
    if isinstance(made, ProposalCard):
        await _show(call, click, click.spot, made)
        return
    card = await counted(call, click.actor, await ask.current(desk, click.actor, request))
    why = Notice("No proposal", made.text) if isinstance(made, ProposalNote) else _NONE.notice
    await call.deps.sender.update(call.client, click.spot, partial(segment_message, replace(card, notice=why)))


async def _about_words(call: Call, click: Click, words: str) -> None:
    desk, sender = call.deps.desk, call.deps.sender
    made = await propose.propose_words(desk, click.actor, words, surface=Surface.COMMAND)
    match made:
        case ProposalCard():
            spot = await sender.post(call.client, click.place, lambda audience: proposal_message(made))
            if isinstance(spot, Posted):
                await ask.anchor(desk, click.actor, made.id, spot.channel, spot.ts)
            await _show(call, click, spot, made)
        case ProposalNote(text=text):
            why = NoticeCard(Notice("No proposal", text))
            await sender.tell(call.client, click.place, lambda audience: notice_message(why))
        case None:
            await sender.tell(call.client, click.place, lambda audience: notice_message(_NONE))
        case _:
            assert_never(made)


async def _show(call: Call, click: Click, spot: Spot, made: ProposalCard) -> None:
    """Show it at once, and again with its size; without one where counting fails, which the log then says."""
    sender = call.deps.sender
    await sender.update(call.client, spot, lambda audience: proposal_message(made))
    try:
        size = await propose.proposal_size(call.deps.desk, click.actor, made.id)
    except Exception as error:  # noqa: BLE001 (the proposal stands without its size; reported in the log)
        call.report(error)
        return
    await sender.update(call.client, spot, lambda audience: proposal_message(replace(made, count=size)))


async def on_use(call: Call) -> None:
    """The person confirms: the proposal is the request's meaning now, and is counted."""
    await call.ack()
    click = payload.click(call.body)
    card = await propose.confirm(call.deps.desk, click.actor, click.about.request, delivery=click.delivery)
    await go_on(call, click.actor, click.spot, card)


async def on_drop(call: Call) -> None:
    """Back to segbot's own reading."""
    await call.ack()
    click = payload.click(call.body)
    card = await propose.discard(call.deps.desk, click.actor, click.about.request)
    await go_on(call, click.actor, click.spot, card)
