"""The tour: begun from Home or from help, gone through step by step, never offered twice."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from segbot.flows.tour import seen, tour
from segbot.model.library import read_look
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.handlers.home import show_home
from segbot.slack.ids import Action
from segbot.slack.views.tour import tour_modal


def register(app: AsyncApp, deps: Deps) -> None:
    """The offer's two buttons and the steps."""
    app.action(Action.TOUR.pattern)(guarded(deps, on_tour))
    app.action(Action.TOUR_LATER.pattern)(guarded(deps, on_later))


async def on_tour(call: Call) -> None:
    """Open the tour, or turn to another step of it in the same modal. From Home the offer goes away."""
    await call.ack()
    click = payload.click(call.body)
    view = tour_modal(tour(call.deps.desk), click.about.a)
    at_home = payload.is_home(call.body)
    if click.view is not None and not at_home:
        view_id, digest = click.view
        await call.deps.sender.show(call.client, view_id, view, digest)
        return
    await call.deps.sender.open(call.client, click.trigger, view)
    await seen(call.deps.desk, click.actor, "taken")
    if at_home:
        await show_home(call, click.actor, read_look(click.metadata))


async def on_later(call: Call) -> None:
    """Take the offer away."""
    await call.ack()
    click = payload.click(call.body)
    await seen(call.deps.desk, click.actor, "later")
    await show_home(call, click.actor, read_look(click.metadata))
