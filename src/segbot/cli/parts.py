"""What several commands put together the same way: options, settings, the catalog."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import SecretStr

from segbot.catalog.load import load_catalog
from segbot.errors import ConfigurationError
from segbot.flows.house import House, open_house
from segbot.flows.vocabulary import with_live_values
from segbot.logs import configure_logging
from segbot.settings import Settings, read_settings

CatalogOption = Annotated[Path | None, typer.Option("--catalog", help="The catalog file (or SEGBOT_CATALOG).")]
DatabaseOption = Annotated[
    str | None, typer.Option("--database", help="The customer database's address (or SEGBOT_DATABASE_URL).")
]
StoreOption = Annotated[str | None, typer.Option("--store", help="segbot's own database (or SEGBOT_STORE_URL).")]


def settings_with(catalog: Path | None = None, database: str | None = None, store: str | None = None) -> Settings:
    """The settings of the environment, with the command's own options on top; logging is set up by them."""
    settings = read_settings()
    configure_logging(settings.log_level, settings.log_format)
    changes: dict[str, Any] = {}
    if catalog is not None:
        changes["catalog"] = catalog
    if database is not None:
        changes["database_url"] = SecretStr(database)
    if store is not None:
        changes["store_url"] = SecretStr(store)
    return settings.model_copy(update=changes)


def catalog_path(settings: Settings) -> Path:
    """The catalog file that the settings name. Raises `ConfigurationError` when none is named."""
    if settings.catalog is None:
        raise ConfigurationError("No catalog is set. Name one with --catalog or SEGBOT_CATALOG.")
    return settings.catalog


def house_of(settings: Settings) -> House:
    """The house of the settings' catalog, with the values of the customer database where one is set.

    Raises `CatalogError` when the catalog is broken, `WarehouseUnavailable` when its values can't be read.
    """
    return open_house(with_live_values(load_catalog(catalog_path(settings)), settings, datetime.now(UTC)))
