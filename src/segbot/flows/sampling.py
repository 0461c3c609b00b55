"""Keeps the sample of customers fresh: a job of every serving process, of which one at a time does the work."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from segbot.errors import ConfigurationError, QueryCancelled, SegbotError
from segbot.flows.desk import Desk
from segbot.flows.house import House
from segbot.logs import get_logger
from segbot.model.condition import Everyone
from segbot.settings import Settings
from segbot.sql.compile import compile_members
from segbot.warehouse.sample import Samples
from segbot.warehouse.sample_copy import Order, SampleNote, Stop, copy_sample
from segbot.warehouse.sample_plan import Plan

log = get_logger(__name__)

LOOK_SECONDS = 300.0
"""How often the age of the sample is looked at: another process may have made a new one, or this one may have failed."""


def sample_order(settings: Settings, house: House, plan: Plan, now: datetime) -> Order:
    """What to copy from where to where, by the settings. Raises `ConfigurationError` when an address is not set."""
    if settings.database_url is None or settings.store_url is None:
        raise ConfigurationError("A sample needs SEGBOT_DATABASE_URL and SEGBOT_STORE_URL.")
    return Order.of(
        settings.database_url.get_secret_value(),
        settings.store_url.get_secret_value(),
        settings.store_schema,
        plan,
        compile_members(Everyone(), house.catalog, house.moment(now), house.base),
        settings.sample_customers,
        statement=settings.sample_timeout,
        most_bytes=settings.sample_megabytes * 1_000_000,
    )


async def refresh_sample(settings: Settings, house: House, samples: Samples, now: datetime) -> SampleNote | None:
    """Make a new sample in a thread; None when another process is making one. When cancelled, the copying ends too.

    Raises `ConfigurationError`, `StoreUnavailable` and what the customer database says; the former sample then stays.
    """
    stop = Stop()
    order = sample_order(settings, house, samples.plan, now)
    copying = asyncio.create_task(asyncio.to_thread(copy_sample, order, now, stop))
    try:
        return await asyncio.shield(copying)
    except asyncio.CancelledError:
        stop.pull()
        await asyncio.wait({copying})
        if not copying.cancelled() and (error := copying.exception()) is not None:
            log.info("sample.stopped", error=type(error).__name__)
        raise


def is_due(note: SampleNote | None, settings: Settings, plan: Plan, now: datetime, *, starting: bool) -> bool:
    """Whether a new sample is to be made: there is none, it is too old, or (looked at when starting) of other settings.

    Only when starting: processes with different catalogs on one store would replace each other's samples for ever.
    """
    if note is None or now - note.taken_at >= timedelta(hours=settings.sample_hours):
        return True
    return starting and (note.plan != plan.digest or note.wanted != settings.sample_customers)


async def keep_sample(desk: Desk) -> None:
    """Make a sample when there is none or it is old, until cancelled. What fails is tried again later."""
    if desk.samples is None:
        return
    starting = True
    while True:
        try:
            note = await desk.samples.note()
            now = desk.clock()
            if is_due(note, desk.settings, desk.samples.plan, now, starting=starting):
                await desk.warehouse.check()
                await refresh_sample(desk.settings, desk.house, desk.samples, now)
            starting = False
        except QueryCancelled:
            log.info("sample.cancelled")
        except SegbotError as error:
            log.warning("sample.failed", error=type(error).__name__, detail=str(error))
        await asyncio.sleep(LOOK_SECONDS)
