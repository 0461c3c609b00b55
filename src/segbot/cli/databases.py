"""The commands about the two databases: migrate, doctor, grant."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from segbot.catalog.load import load_catalog
from segbot.cli.parts import CatalogOption, DatabaseOption, StoreOption, catalog_path, settings_with
from segbot.cli.samples import sample_finding
from segbot.errors import ConfigurationError
from segbot.sql.policy import Policy
from segbot.store.migrate import migrate as migrate_store
from segbot.warehouse.doctor import Level, examine
from segbot.warehouse.grants import grants
from segbot.warehouse.indexes import advise

out = Console()


def migrate(
    store: StoreOption = None, revision: Annotated[str, typer.Option(help="To which revision.")] = "head"
) -> None:
    """Bring segbot's own tables to this version. Safe to run at every start."""
    settings = settings_with(store=store)
    if settings.store_url is None:
        raise ConfigurationError("No store is set. Name one with --store or SEGBOT_STORE_URL.")
    migrate_store(settings.store_url.get_secret_value(), settings.store_schema, revision)
    out.print("segbot's tables are up to date.", highlight=False)


def doctor(catalog: CatalogOption = None, database: DatabaseOption = None, store: StoreOption = None) -> None:
    """Prove on the live connection that segbot can't write, and report what is unsafe or slow."""
    settings = settings_with(catalog, database, store)
    if settings.database_url is None:
        raise ConfigurationError("No customer database is set. Name one with --database or SEGBOT_DATABASE_URL.")
    its_catalog = load_catalog(catalog_path(settings))
    url = settings.database_url.get_secret_value()
    report = examine(url, Policy.of(its_catalog))
    sample = () if settings.store_url is None else (sample_finding(settings, its_catalog),)
    for finding in (*report.findings, *advise(url, its_catalog), *sample):
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
