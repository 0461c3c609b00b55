"""Messages: a mention, a direct message, or a reply in a card's thread. Everything else that people write is left alone."""

from __future__ import annotations

from slack_bolt.async_app import AsyncApp

from segbot.slack import payload
from segbot.slack.handlers.asking import answer
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.handlers.replying import heard
from segbot.slack.handlers.sharing import wondered


def register(app: AsyncApp, deps: Deps) -> None:
    """Mentions and messages."""
    app.event("app_mention")(guarded(deps, on_mention))
    app.event("message")(guarded(deps, on_message))


async def on_mention(call: Call) -> None:
    """`@segbot women in Texas`, answered in the message's thread; in a card's thread `@segbot only Texas` changes that card."""
    asked = payload.mention(call.body, call.bot)
    if not (await wondered(call, asked) or await heard(call, asked)):
        await answer(call, asked)


async def on_message(call: Call) -> None:
    """A direct message is a request (in a card's thread first a change of it); elsewhere only replies to a card are heard."""
    direct = payload.direct(call.body)
    if direct is not None:
        if not (await wondered(call, direct) or await heard(call, direct)):
            await answer(call, direct)
        return
    reply = payload.reply(call.body, call.bot)
    if reply is not None and not await wondered(call, reply):
        await heard(call, reply)
