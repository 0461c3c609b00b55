"""`segbot sample`: the sample of customers that the first number comes from."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import typer
from rich.console import Console
from rich.markup import escape

from segbot.catalog.load import load_catalog
from segbot.cli.parts import CatalogOption, DatabaseOption, StoreOption, catalog_path, settings_with
from segbot.errors import ConfigurationError, SegbotError
from segbot.flows.desk import open_samples
from segbot.flows.house import open_house
from segbot.flows.sampling import is_due, refresh_sample
from segbot.model.catalog import Catalog
from segbot.settings import Settings
from segbot.warehouse.doctor import Finding, Level
from segbot.warehouse.sample_copy import SampleNote
from segbot.warehouse.sample_plan import plan_sample

app = typer.Typer(no_args_is_help=True, help="The sample of customers that the first number comes from.")
out = Console()


@app.command("status")
def status(catalog: CatalogOption = None, store: StoreOption = None) -> None:
    """Say what the sample holds, of when it is, and what it leaves out. Exit status 1 without a usable one."""
    settings = settings_with(catalog, None, store)
    its_catalog = load_catalog(catalog_path(settings))
    plan = plan_sample(its_catalog)
    note = asyncio.run(_note(settings, its_catalog))
    if note is None:
        out.print("There is no sample yet. `segbot serve` makes one, or `segbot sample refresh`.", highlight=False)
        raise typer.Exit(1)
    _describe(note)
    if note.plan != plan.digest:
        out.print("It was made for another catalog, so it is not used. Refresh it.", style="yellow", highlight=False)
        raise typer.Exit(1)


@app.command("refresh")
def refresh(catalog: CatalogOption = None, database: DatabaseOption = None, store: StoreOption = None) -> None:
    """Make a new sample now. Requests go on with the former one until it is there."""
    settings = settings_with(catalog, database, store)
    if settings.database_url is None:
        raise ConfigurationError("No customer database is set. Name one with --database or SEGBOT_DATABASE_URL.")
    note = asyncio.run(_refresh(settings))
    if note is None:
        out.print("Another process is making a sample right now.", highlight=False)
        raise typer.Exit(1)
    _describe(note)


def sample_finding(settings: Settings, catalog: Catalog) -> Finding:
    """What the doctor says about the sample."""
    if settings.sample_customers == 0:
        return Finding(Level.ADVICE, "sample", "No sample is kept, so the first number is the exact one.", "")
    try:
        plan = plan_sample(catalog)
        note = asyncio.run(_note(settings, catalog))
    except SegbotError as error:
        return Finding(Level.WARNING, "sample", f"The sample can't be looked at. {error.sentence}", "")
    now = datetime.now(UTC)
    if note is None:
        return Finding(Level.ADVICE, "sample", "There is no sample yet: the exact count comes first.", _REMEDY)
    if is_due(note, settings, plan, now, starting=True):
        text = f"The sample is of {note.taken_at:%Y-%m-%d %H:%M} UTC, or of other settings or another catalog."
        return Finding(Level.ADVICE, "sample", text, _REMEDY)
    return Finding(Level.GOOD, "sample", f"First numbers come from {_size(note)}.", "")


_REMEDY = "segbot sample refresh"


async def _note(settings: Settings, catalog: Catalog) -> SampleNote | None:
    async with open_samples(settings, open_house(catalog)) as samples:
        return None if samples is None else await samples.note()


async def _refresh(settings: Settings) -> SampleNote | None:
    house = open_house(load_catalog(catalog_path(settings)))
    plan_sample(house.catalog)  # says why when there can be none
    async with open_samples(settings, house) as samples:
        if samples is None:
            raise ConfigurationError("SEGBOT_SAMPLE_CUSTOMERS is 0, so no sample is kept.")
        return await refresh_sample(settings, house, samples, datetime.now(UTC))


def _size(note: SampleNote) -> str:
    return f"a sample of {note.sampled:,} of {note.base:,} customers as of {note.taken_at:%Y-%m-%d %H:%M} UTC"


def _describe(note: SampleNote) -> None:
    out.print(f"{_size(note)[:1].upper()}{_size(note)[1:]}", highlight=False)
    out.print(
        f"{note.rows:,} rows in {len(note.tables)} tables, {note.bytes / 1e6:,.1f} MB copied in {note.seconds:.1f} s"
        f" (schema {note.schema})",
        highlight=False,
        soft_wrap=True,
    )
    for line in note.left_out:
        out.print(f"left out: {escape(line)}", style="dim", highlight=False, soft_wrap=True)
