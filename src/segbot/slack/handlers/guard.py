"""The one guard around every listener: nothing escapes it, everything is acknowledged, every failure is answered.

An exception that leaves a listener of an `AsyncApp` can take an acknowledgement already given with it, so the person sees
a timeout for something that worked. Here an exception becomes a log line and a notice with the same reference.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.kwargs_injection.async_args import AsyncArgs
from slack_sdk.web.async_client import AsyncWebClient

from segbot.errors import NotAllowed, SegbotError
from segbot.flows import failure
from segbot.flows.desk import Desk, Duplicate
from segbot.logs import current_reference, get_logger, reference
from segbot.model.cards import NoticeCard
from segbot.slack import payload
from segbot.slack.handlers.zones import Zones
from segbot.slack.payload import Body
from segbot.slack.running import Counts, Running, Superseded, Windows
from segbot.slack.sending import Sender
from segbot.slack.views.kit import View
from segbot.slack.views.notice import loading_modal, notice_message, notice_modal

log = get_logger(__name__)


class ForeignPerson(NotAllowed):
    """segbot answers people of its own company only, and your account belongs to another one."""


@dataclass(frozen=True)
class Deps:
    """What handlers need: the desk of the flows, the way out to Slack, and what is under way."""

    desk: Desk
    sender: Sender = field(default_factory=Sender)
    running: Running = field(default_factory=Running)
    counts: Counts = field(default_factory=Counts)
    windows: Windows = field(default_factory=Windows)
    zones: Zones = field(default_factory=Zones)


def report(error: BaseException) -> NoticeCard:
    """A failure in words for a person, and in the log for the operator, under one reference."""
    ref = current_reference()
    expected = isinstance(error, SegbotError)
    write = log.warning if expected else log.error
    trace = error if not expected or error.__cause__ else None
    write("slack.failed", error=type(error).__name__, detail=str(error), exc_info=trace)
    return failure.notice(error, ref)


@dataclass(frozen=True, slots=True)
class Call:
    """One delivery in the hands of a handler. `bot` is segbot's own user id in this workspace."""

    deps: Deps
    body: Body
    ack: AsyncAck
    client: AsyncWebClient
    bot: str

    def report(self, error: BaseException) -> NoticeCard:
        """The failure in words for the person, and in the log for the operator, under one reference."""
        return report(error)

    async def in_modal(
        self, trigger: str, title: str, build: Callable[[], Awaitable[View]], *, on_top: bool = False
    ) -> None:
        """Open a modal at once, as a trigger lives three seconds, and fill it when the content is there.

        It opens `on_top` of the modal in which something was pressed, or else alone.
        """
        sender = self.deps.sender
        opened = sender.push if on_top else sender.open
        view_id, digest = await opened(self.client, trigger, loading_modal(title))
        try:
            view = await build()
        except Exception as error:  # noqa: BLE001 (answered where the person looks; reported in the log)
            view = notice_modal(self.report(error))
        await sender.show(self.client, view_id, view, digest)


Handler: TypeAlias = Callable[[Call], Awaitable[None]]
Listener: TypeAlias = Callable[[AsyncArgs], Awaitable[None]]


def guarded(deps: Deps, handle: Handler) -> Listener:
    """A Bolt listener that runs the handler and lets nothing out."""

    async def listener(args: AsyncArgs) -> None:
        with deps.running.listener(), reference():
            call = Call(deps, args.body, args.ack, args.client, args.context.bot_user_id or "")
            try:
                if _foreign(args.body, args.context):
                    if _is_talk(args.body):
                        return  # people of two companies talk in a shared channel: no business of segbot's
                    raise ForeignPerson(payload.company_of(args.body))
                await handle(call)
            except (Duplicate, Superseded) as repeated:
                log.info("slack.nothing_to_do", why=type(repeated).__name__, handler=handle.__name__)
            except Exception as error:  # noqa: BLE001 (the guard's purpose; reported in the log)
                await _answer(call, error)
            finally:
                if args.ack.response is None:
                    await args.ack()

    listener.__name__ = handle.__name__
    return listener


async def _answer(call: Call, error: Exception) -> None:
    """Tell the person. If even that fails, the log has both."""
    card, sender = call.report(error), call.deps.sender
    try:
        if call.body.get("type") == "view_submission" and call.ack.response is None:
            await call.ack(response_action="update", view=sender.checked_view(notice_modal(card)))
        elif _is_for_a_person(call.body):
            message = notice_message(card, again=payload.words_of(call.body))
            # Who wrote a message is answered below it: a private answer in a thread of one is not shown by Slack.
            send = sender.post if "event" in call.body else sender.tell
            await send(call.client, payload.place_of(call.body), lambda audience: message)
    except Exception as second:  # noqa: BLE001 (there is nobody left to tell but the log)
        call.report(second)


def _is_talk(body: Body) -> bool:
    """Whether it is a message among people, which segbot only answers when it is a reply to a card."""
    event = body.get("event")
    return isinstance(event, dict) and event.get("type") == "message" and event.get("channel_type") != "im"


def _is_for_a_person(body: Body) -> bool:
    """Whether somebody waits for an answer; opening Home, joining a channel or talking to each other asks for none."""
    event = body.get("event")
    waits = not isinstance(event, dict) or event.get("type") in ("app_mention", "message")
    return waits and not _is_talk(body) and bool(payload.place_of(body).user)


def _foreign(body: Body, context: AsyncBoltContext) -> bool:
    """Whether the person belongs to another company, as in a channel shared through Slack Connect."""
    home, theirs = context.authorize_result, payload.company_of(body)
    return theirs is not None and home is not None and theirs not in (home.team_id, home.enterprise_id)
