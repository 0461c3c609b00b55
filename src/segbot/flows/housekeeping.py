"""What a long-running process tidies up now and then."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from segbot.errors import StoreUnavailable
from segbot.flows.desk import Desk
from segbot.flows.snapshots import forget
from segbot.logs import get_logger

log = get_logger(__name__)

EVERY_SECONDS = 3600.0

KEEP_DRAFTS = timedelta(days=7)
"""How long the builder's drafts are kept after the last change: no window stays open longer."""


async def tidy(desk: Desk) -> None:
    """Forget the delivery keys that Slack can no longer repeat, drafts that nobody works on, and people of old snapshots."""
    now = desk.clock()
    forgotten = await desk.store.deliveries.purge(now)
    drafts = await desk.store.drafts.purge(now - KEEP_DRAFTS)
    emptied = await forget(desk)
    log.info("housekeeping", deliveries_forgotten=forgotten, drafts_forgotten=drafts, snapshots_emptied=emptied)


async def keep_tidy(desk: Desk) -> None:
    """Tidy at the start and every hour, until cancelled. A store that does not answer is tried again the next hour."""
    while True:
        try:
            await tidy(desk)
        except StoreUnavailable as error:
            log.warning("housekeeping.skipped", error=str(error))
        await asyncio.sleep(EVERY_SECONDS)
