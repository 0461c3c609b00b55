"""While a count is under way: its card says how far it is, in few updates, and hears that Stop was pressed elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from segbot.errors import SegbotError
from segbot.flows.desk import Actor
from segbot.flows.progress import progress, stopped_elsewhere
from segbot.logs import get_logger
from segbot.model.cards import SegmentCard
from segbot.slack.handlers.guard import Deps
from segbot.slack.payload import Posted, Spot
from segbot.slack.views.segment import segment_message

log = get_logger(__name__)

LOOK_SECONDS = 1.0
"""How often it is looked how far a count is; the card changes only when there is something new to say."""

_STORE_EVERY = 3
"""Every so many looks it is asked whether somebody stopped the count through another process."""


@dataclass
class Shown:
    """The card as it stands in Slack while its count is under way; whoever shows something newer sets it."""

    card: SegmentCard


@asynccontextmanager
async def telling(
    deps: Deps, client: AsyncWebClient, actor: Actor, card: SegmentCard, spot: Spot | None
) -> AsyncIterator[Shown]:
    """Keep a posted card up to date while the block counts it. A private one can't be changed often enough for that."""
    shown = Shown(card)
    if not isinstance(spot, Posted):
        yield shown
        return
    telling = asyncio.create_task(_tell(deps, client, actor, shown, spot))
    try:
        yield shown
    finally:
        telling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await telling


async def _tell(deps: Deps, client: AsyncWebClient, actor: Actor, shown: Shown, spot: Posted) -> None:
    """Until cancelled. A look or an update that fails is no matter: the next one comes."""
    looks, said = 0, None
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        looks += 1
        try:
            if looks % _STORE_EVERY == 0 and await stopped_elsewhere(deps.desk, actor, shown.card.id):
                deps.counts.stop(shown.card.id)
                return
            line = progress(deps.desk, shown.card.id)
            if line is not None and line != said:
                said = line
                card = replace(shown.card, progress=line)
                await deps.sender.update(client, spot, partial(segment_message, card))
        except (SegbotError, SlackApiError, OSError, TimeoutError) as error:
            log.info("slack.progress_not_shown", error=type(error).__name__)
