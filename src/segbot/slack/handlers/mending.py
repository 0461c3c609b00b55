"""Mending a request on its card: leave words out, take back a correction, say it another way."""

from __future__ import annotations

from typing import assert_never

from slack_bolt.async_app import AsyncApp

from segbot.flows import mend
from segbot.flows.desk import Duplicate
from segbot.model.cards import SegmentCard
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.handlers.settling import go_on
from segbot.slack.ids import Action, Callback, Field
from segbot.slack.payload import Origin
from segbot.slack.views.kit import View
from segbot.slack.views.modals import reword_modal


def register(app: AsyncApp, deps: Deps) -> None:
    """The buttons beside words, and the form for other words."""
    app.action(Action.LEAVE_OUT.pattern)(guarded(deps, on_leave_out))
    app.action(Action.AS_TYPED.pattern)(guarded(deps, on_as_typed))
    app.action(Action.REWORD.pattern)(guarded(deps, on_reword))
    app.view(Callback.REWORD)(guarded(deps, on_reworded))


async def on_leave_out(call: Call) -> None:
    """Do without words that were not understood."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about
    card = await mend.leave_out(call.deps.desk, click.actor, about.request, about.a, about.b, delivery=click.delivery)
    await go_on(call, click.actor, click.spot, card)


async def on_as_typed(call: Call) -> None:
    """The word was no misspelling."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about
    card = await mend.as_typed(call.deps.desk, click.actor, about.request, about.a, about.b, delivery=click.delivery)
    await go_on(call, click.actor, click.spot, card)


async def on_reword(call: Call) -> None:
    """Open the form with the words as they are."""
    await call.ack()
    click = payload.click(call.body)
    about = click.about

    async def build() -> View:
        form = await mend.reword_form(call.deps.desk, click.actor, about.request)
        return reword_modal(form, str(Origin(about.request, click.spot)))

    await call.in_modal(click.trigger, "Reword", build)


async def on_reworded(call: Call) -> None:
    """Read the other words: the card changes in place, or the form says why not."""
    form = payload.submitted(call.body)
    words = form.fields[Field.WORDS]
    try:
        result = await mend.reword(call.deps.desk, form.actor, form.origin.request, words, delivery=form.delivery)
    except Duplicate:
        await call.ack()
        return
    match result:
        case mend.RewordProblem(text):
            await call.ack(response_action="errors", errors={Field.WORDS.value: text})
        case SegmentCard():
            await call.ack()
            await go_on(call, form.actor, form.origin.spot, result)
        case _:
            assert_never(result)
