"""`segbot serve`: the bot in a real Slack."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from segbot.cli.parts import CatalogOption, DatabaseOption, StoreOption, house_of, settings_with
from segbot.errors import WarehouseUnavailable
from segbot.flows.admission import admission
from segbot.flows.desk import Desk, open_samples, open_store, open_warehouse
from segbot.flows.housekeeping import keep_tidy
from segbot.flows.propose import open_proposer
from segbot.flows.sampling import keep_sample
from segbot.logs import get_logger
from segbot.settings import Settings
from segbot.slack.app import build_app, serve_http, serve_socket, stop_on_signals
from segbot.slack.handlers.guard import Deps

log = get_logger(__name__)


def serve(
    catalog: CatalogOption = None,
    database: DatabaseOption = None,
    store: StoreOption = None,
    http: Annotated[bool, typer.Option("--http", help="Listen for Slack's requests instead of Socket Mode.")] = False,
) -> None:
    """Run the bot in your Slack."""
    settings = settings_with(catalog, database, store)
    asyncio.run(_serve(settings, http=http))


async def _serve(settings: Settings, *, http: bool) -> None:
    house = house_of(settings)
    async with (
        open_store(settings) as its_store,
        open_warehouse(settings, house, admission(settings, house)) as warehouse,
        open_samples(settings, house) as samples,
    ):
        await its_store.check()
        try:
            await warehouse.check()
        except WarehouseUnavailable as error:
            # People are better served by "the database doesn't answer" than by a bot that isn't there. What could not be
            # proved now is proved before the first count.
            log.warning("serve.warehouse_unavailable", error=str(error))
        desk = Desk(settings, house, warehouse, its_store, proposer=open_proposer(settings, house), samples=samples)
        deps = Deps(desk)
        app = build_app(deps, settings)
        serve_with = serve_http if http else serve_socket
        jobs = [asyncio.create_task(keep_tidy(desk)), asyncio.create_task(keep_sample(desk))]
        try:
            await serve_with(app, deps, settings, stop=stop_on_signals())
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
