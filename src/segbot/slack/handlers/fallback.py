"""Whatever nobody else listens to: acknowledged always, and answered where a person waits.

Without it, an unknown command or the button of an older version ends in Slack's own time-out after three seconds.
"""

from __future__ import annotations

import re

from slack_bolt.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from segbot.errors import SegbotError
from segbot.logs import get_logger
from segbot.slack import payload
from segbot.slack.handlers.guard import Call, Deps, guarded
from segbot.slack.payload import OutdatedButton

log = get_logger(__name__)

_ANY = re.compile(r".*", re.DOTALL)


class UnknownCommand(SegbotError):
    """segbot knows the command `/segment` only. Type `/segment help` to see what it can do."""


class UnknownShortcut(SegbotError):
    """segbot has no such shortcut any more. Type `/segment` and what you are looking for instead."""


def register(app: AsyncApp, deps: Deps) -> None:
    """The last listeners, and what Bolt says when there is none at all."""
    app.command(_ANY)(guarded(deps, on_command))
    app.action(_ANY)(guarded(deps, on_action))
    app.shortcut(_ANY)(guarded(deps, on_shortcut))
    app.view(_ANY)(guarded(deps, on_nothing))
    app.view_closed(_ANY)(guarded(deps, on_nothing))
    app.event(_ANY)(guarded(deps, on_nothing))
    app.options(_ANY)(guarded(deps, on_options))
    app.error(on_unhandled)


async def on_command(call: Call) -> None:
    """A command that the manifest has and this version does not."""
    await call.ack()
    raise UnknownCommand(str(call.body.get("command")))


async def on_action(call: Call) -> None:
    """A button of another version."""
    await call.ack()
    raise OutdatedButton(payload.click(call.body).action)


async def on_shortcut(call: Call) -> None:
    """A shortcut of another version."""
    await call.ack()
    raise UnknownShortcut(str(call.body.get("callback_id")))


async def on_options(call: Call) -> None:
    """A menu of another version: nothing to offer."""
    await call.ack(options=[])


async def on_nothing(call: Call) -> None:
    """Nobody waits for more than the acknowledgement."""
    await call.ack()


async def on_unhandled(error: Exception, body: dict[str, object]) -> BoltResponse:
    """Outside of all listeners: a kind of delivery nobody knows, or Slack refusing segbot's own token.

    An event gets a server error where trying again may help, so that Slack delivers it once more.
    """
    if isinstance(error, BoltUnhandledRequestError):
        log.info("slack.unhandled", type=body.get("type"))
        return BoltResponse(status=200, body="")
    log.error("slack.middleware_failed", type=body.get("type"), error=type(error).__name__, exc_info=error)
    retried = "event" in body and not isinstance(error, SlackApiError)
    return BoltResponse(status=503 if retried else 200, body="")
