"""The commands of whoever runs segbot: demo, serve, migrate, doctor, grant."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from segbot.catalog.load import load_catalog
from segbot.cli.parts import (
    CatalogOption,
    DatabaseOption,
    StoreOption,
    catalog_path,
    house_of,
    settings_with,
)
from segbot.demo.run import run_demo
from segbot.errors import ConfigurationError, WarehouseUnavailable
from segbot.flows.desk import Desk, open_store, open_warehouse
from segbot.flows.housekeeping import keep_tidy
from segbot.flows.propose import open_proposer
from segbot.logs import get_logger
from segbot.settings import Settings
from segbot.slack.app import build_app, serve_http, serve_socket, stop_on_signals
from segbot.slack.handlers.guard import Deps
from segbot.sql.policy import Policy
from segbot.store.migrate import migrate as migrate_store
from segbot.warehouse.doctor import Level, examine
from segbot.warehouse.grants import grants
from segbot.warehouse.indexes import advise

log = get_logger(__name__)
out = Console()


def demo(
    customers: Annotated[int, typer.Option(min=100, help="How many customers the demo company has.")] = 20_000,
    seed: Annotated[int, typer.Option(help="Another seed makes another company.")] = 1,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Where the workspace listens; 0 is any free port.")
    ] = 8765,
    open_browser: Annotated[
        bool, typer.Option("--browser/--no-browser", help="Open the workspace in a browser.")
    ] = True,
    http: Annotated[
        bool, typer.Option("--http", help="Let the bot speak HTTP with the workspace, not Socket Mode.")
    ] = False,
) -> None:
    """A Slack-like workspace in your browser, with a demo company and the real bot."""
    run_demo(settings_with(), customers=customers, seed=seed, port=port, open_browser=open_browser, http=http)


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
    async with open_store(settings) as its_store, open_warehouse(settings, house) as warehouse:
        await its_store.check()
        try:
            await warehouse.check()
        except WarehouseUnavailable as error:
            # People are better served by "the database doesn't answer" than by a bot that isn't there.
            log.warning("serve.warehouse_unavailable", error=str(error))
        desk = Desk(settings, house, warehouse, its_store, proposer=open_proposer(settings, house))
        deps = Deps(desk)
        app = build_app(deps, settings)
        serve_with = serve_http if http else serve_socket
        tidying = asyncio.create_task(keep_tidy(desk))
        try:
            await serve_with(app, deps, settings, stop=stop_on_signals())
        finally:
            tidying.cancel()


def migrate(
    store: StoreOption = None, revision: Annotated[str, typer.Option(help="To which revision.")] = "head"
) -> None:
    """Bring segbot's own tables to this version. Safe to run at every start."""
    settings = settings_with(store=store)
    if settings.store_url is None:
        raise ConfigurationError("No store is set. Name one with --store or SEGBOT_STORE_URL.")
    migrate_store(settings.store_url.get_secret_value(), settings.store_schema, revision)
    out.print("segbot's tables are up to date.", highlight=False)


def doctor(catalog: CatalogOption = None, database: DatabaseOption = None) -> None:
    """Prove on the live connection that segbot can't write, and report what is unsafe or slow."""
    settings = settings_with(catalog, database)
    if settings.database_url is None:
        raise ConfigurationError("No customer database is set. Name one with --database or SEGBOT_DATABASE_URL.")
    its_catalog = load_catalog(catalog_path(settings))
    url = settings.database_url.get_secret_value()
    report = examine(url, Policy.of(its_catalog))
    for finding in (*report.findings, *advise(url, its_catalog)):
        style = _STYLES[finding.level]
        out.print(f"[{style}]{finding.level:8}[/] {escape(finding.text)}", highlight=False, soft_wrap=True)
        if finding.remedy:
            out.print(f"         {escape(finding.remedy)}", highlight=False, soft_wrap=True)
    if not report.safe:
        raise typer.Exit(1)


_STYLES = {Level.DANGER: "bold red", Level.WARNING: "yellow", Level.ADVICE: "cyan", Level.GOOD: "green"}


def grant(
    catalog: CatalogOption = None,
    role: Annotated[str, typer.Option(help="The role that segbot connects as.")] = "segbot",
) -> None:
    """Print the least rights that segbot needs in the customer database, as SQL for an owner to run."""
    settings = settings_with(catalog)
    policy = Policy.of(load_catalog(catalog_path(settings)))
    print(grants(policy, role=role, queries=settings.max_queries, seconds=settings.statement_timeout).script())
