"""`segbot catalog`: write a first catalog from a live database, and check one against it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from segbot.catalog.check import check as check_catalog
from segbot.catalog.draft import draft as draft_catalog
from segbot.catalog.load import locate, read_catalog
from segbot.catalog.report import report_notes, report_problems
from segbot.cli.parts import DatabaseOption, catalog_path, settings_with
from segbot.errors import ConfigurationError
from segbot.flows.house import open_house
from segbot.settings import Settings
from segbot.warehouse.inspect import inspect, open_inspection, profile_values

app = typer.Typer(no_args_is_help=True, help="The catalog: what your tables mean, in your own words.")
out, err = Console(highlight=False), Console(stderr=True, highlight=False)


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="The catalog file (or SEGBOT_CATALOG).")] = None,
    database: DatabaseOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="Check the file alone, without a database.")] = False,
) -> None:
    """Report every problem of a catalog at once, each with its line. Exit status 1 when it can't be used."""
    settings = settings_with(file, database)
    path = catalog_path(settings)
    text = _read(path)
    catalog, problems = read_catalog(text)
    if catalog is not None and not offline:
        with open_inspection(_database(settings)) as connection:
            observed = inspect(connection)
            profile = profile_values(catalog, connection, datetime.now(UTC))
        problems += check_catalog(catalog, observed, locate(text), profile)
    wrong = any(problem.severity == "error" for problem in problems)
    if catalog is not None and not wrong:
        open_house(catalog)  # its own words must be readable too
    for line in report_problems(path.name, problems).splitlines():
        out.print(Text(line, style=_style(line)), soft_wrap=True)
    if wrong:
        raise typer.Exit(1)


@app.command()
def draft(
    database: DatabaseOption = None,
    name: Annotated[str, typer.Option(help="The company's name.")] = "My company",
    timezone: Annotated[str, typer.Option(help="The workspace's timezone, such as America/New_York.")] = "UTC",
    schema: Annotated[list[str] | None, typer.Option(help="Look at these schemas only.")] = None,
) -> None:
    """Write a first catalog to standard output. What was guessed and left out is told on standard error."""
    settings = settings_with(database=database)
    with open_inspection(_database(settings)) as connection:
        observed = inspect(connection, schema)
    text, notes = draft_catalog(observed, name, timezone)
    typer.echo(text, nl=False)
    err.print(Text(report_notes(notes)), soft_wrap=True)


def _style(line: str) -> str:
    """Errors stand out; the last line says it all."""
    if ": error: " in line:
        return "red"
    return "yellow" if ": warning: " in line else "bold"


def _database(settings: Settings) -> str:
    if settings.database_url is None:
        raise ConfigurationError("No customer database is set. Name one with --database or SEGBOT_DATABASE_URL.")
    return settings.database_url.get_secret_value()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"The catalog {path} can't be read. Is the path right, and is it UTF-8 text?"
        ) from error
