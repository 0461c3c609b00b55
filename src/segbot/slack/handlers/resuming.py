"""What a killed process left on cards: at the start every interrupted count is taken up, and its card updated in place."""

from __future__ import annotations

import asyncio
from functools import partial

from slack_sdk.web.async_client import AsyncWebClient

from segbot.errors import QueryCancelled
from segbot.flows import ask, failure
from segbot.flows.resume import Interrupted, interrupted, resume
from segbot.logs import get_logger, reference
from segbot.model.request import Status
from segbot.slack.handlers.asking import explained, failed, put_down
from segbot.slack.handlers.guard import Deps, report
from segbot.slack.handlers.telling import telling
from segbot.slack.payload import Posted
from segbot.slack.running import Superseded
from segbot.slack.views.segment import segment_message

log = get_logger(__name__)


async def resume_all(client: AsyncWebClient, deps: Deps) -> None:
    """Finish the counts that an earlier process began. Never raises: serving does not depend on it."""
    with deps.running.listener(), reference():
        try:
            found = await interrupted(deps.desk)
        except Exception as error:  # noqa: BLE001 (nobody waits for an answer; reported in the log)
            report(error)
            return
        if found:
            log.info("slack.resuming", counts=len(found))
        await asyncio.gather(*(_resume(client, deps, one) for one in found))


async def _resume(client: AsyncWebClient, deps: Deps, found: Interrupted) -> None:
    with reference():
        spot = Posted(found.channel, found.message_ts, found.thread)
        try:
            before = await ask.current(deps.desk, found.actor, found.request)
            try:
                async with telling(deps, client, found.actor, before, spot):
                    card = await deps.counts.run(found.request, resume(deps.desk, found))
            except Superseded:
                return  # somebody pressed a button meanwhile; the newer count answers
            except QueryCancelled as stopped:
                await put_down(deps.desk, found.actor, before, Status.STOPPED)
                card = failed(before, failure.notice(stopped, ""))
            except Exception as error:  # noqa: BLE001 (answered on the card itself; reported in the log)
                await put_down(deps.desk, found.actor, before, Status.FAILED)
                card = await explained(deps.desk, found.actor, before, error, report(error))
            await deps.sender.update(client, spot, partial(segment_message, card))
        except Exception as error:  # noqa: BLE001 (there is nobody left to tell but the log)
            report(error)
