"""The app's Home: what segbot is for, with examples to press."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from segbot.flows.help import help_card
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.views.notice import home_view


def register(app: AsyncApp, deps: Deps) -> None:
    """Opening Home."""
    app.event("app_home_opened")(guarded(deps, on_open))


async def on_open(call: Call) -> None:
    """Drawn anew each time somebody looks, so that it is never older than the catalog."""
    opened = payload.home_opened(call.body)
    if opened.tab == "home":
        await call.deps.sender.publish(call.client, opened.actor.user, home_view(help_card(call.deps.desk)))
