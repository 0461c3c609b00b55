"""Settling what was open: a question's choice, an assumption's other meaning, a suggestion, counting again or stopping."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from slack_bolt.async_app import AsyncApp

from segbot.errors import QueryCancelled
from segbot.flows import ask, failure
from segbot.flows.desk import Actor
from segbot.flows.narrow import narrow
from segbot.model.cards import Move, SegmentCard
from segbot.model.request import Status
from segbot.slack import payload
from segbot.slack.handlers.asking import count, failed, put_down
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.ids import Action
from segbot.slack.payload import Spot
from segbot.slack.views.segment import segment_message


def register(app: AsyncApp, deps: Deps) -> None:
    """The buttons of an open card."""
    app.action(Action.CHOOSE.pattern)(guarded(deps, on_choice))
    app.action(Action.SWITCH.pattern)(guarded(deps, on_switch))
    app.action(Action.REPLACE.pattern)(guarded(deps, on_suggestion))
    app.action(Action.RETRY.pattern)(guarded(deps, on_retry))
    app.action(Action.STOP.pattern)(guarded(deps, on_stop))
    app.action(Action.COUNT_AGAIN.pattern)(guarded(deps, on_retry))
    app.action(Action.COUNT_ANYWAY.pattern)(guarded(deps, on_anyway))
    app.action(Action.NARROW.pattern)(guarded(deps, on_narrow))


async def on_choice(call: Call) -> None:
    """One of a question's choices."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about
    card = await ask.choose(call.deps.desk, click.actor, about.request, about.a, about.b, delivery=click.delivery)
    await go_on(call, click.actor, click.spot, card)


async def on_switch(call: Call) -> None:
    """The other meaning of an assumption."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about
    card = await ask.switch(call.deps.desk, click.actor, about.request, about.a, about.b, delivery=click.delivery)
    await go_on(call, click.actor, click.spot, card)


async def on_suggestion(call: Call) -> None:
    """A suggestion in the place of words that were not understood."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about
    card = await ask.replace_words(
        call.deps.desk, click.actor, about.request, about.a, about.b, delivery=click.delivery
    )
    await go_on(call, click.actor, click.spot, card)


async def on_retry(call: Call) -> None:
    """Count once more, also after a restart in the middle of a count; the number of before does not answer."""
    await call.ack()
    click = payload.click(call.body)
    card = uncounted(await ask.current(call.deps.desk, click.actor, click.about.request))
    await go_on(call, click.actor, click.spot, card, fresh=True)


async def on_anyway(call: Call) -> None:
    """Count what the database expects to be a lot of work."""
    await call.ack()
    click = payload.click(call.body)
    card = uncounted(await ask.current(call.deps.desk, click.actor, click.about.request))
    await go_on(call, click.actor, click.spot, card, anyway=True)


async def on_narrow(call: Call) -> None:
    """The costliest condition over fewer days."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about
    card = await narrow(call.deps.desk, click.actor, about.request, about.a, about.b, delivery=click.delivery)
    await go_on(call, click.actor, click.spot, card)


async def on_stop(call: Call) -> None:
    """Stop the count; its own listener then says so on the card. A count that nobody works on any more is shown as such."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about
    if call.deps.counts.stop(about.request):
        return
    card = await ask.current(call.deps.desk, click.actor, about.request)
    if card.stage == "counting":
        await put_down(call.deps.desk, click.actor, card, Status.STOPPED)  # another process may be at it
        card = failed(card, failure.notice(QueryCancelled(), ""))
    if click.spot is not None:
        await call.deps.sender.update(call.client, click.spot, partial(segment_message, card))


def uncounted(card: SegmentCard) -> SegmentCard:
    """The card while it is counted anew."""
    if card.stage != "counted":
        return card
    return replace(card, stage="counting", count=None, counted_ago=None, warnings=(), moves=(Move.STOP,))


async def go_on(
    call: Call, actor: Actor, spot: Spot | None, card: SegmentCard, *, fresh: bool = False, anyway: bool = False
) -> None:
    """Show at once that the click was heard, then count."""
    if spot is not None:
        await call.deps.sender.update(call.client, spot, partial(segment_message, card))
    await count(call, actor, card, spot, fresh=fresh, anyway=anyway)
