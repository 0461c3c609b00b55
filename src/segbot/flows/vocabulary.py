"""Real values for the reader: read from the customer database, kept in the data folder, read anew when a day old."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

from segbot.catalog.vocabulary import Profile, fields_to_profile, load_profile, save_profile, with_values
from segbot.errors import WarehouseUnavailable
from segbot.logs import get_logger
from segbot.model.catalog import Catalog
from segbot.settings import Settings
from segbot.warehouse.inspect import open_inspection, profile_values

log = get_logger(__name__)

KEEP = timedelta(hours=24)
"""How long values are used before they are read again."""


def with_live_values(catalog: Catalog, settings: Settings, now: datetime) -> Catalog:
    """The catalog with the values that the customer database holds; unchanged where no database is set.

    Values that are due to be read anew are used on when the database does not answer; without any, that raises
    `WarehouseUnavailable`. Raises `ConfigurationError` for a wrong address. A field that can't be read keeps the values of
    the catalog and is named in the log.
    """
    if settings.database_url is None or not (fields_to_profile(catalog) or catalog.place_table):
        return catalog
    url = settings.database_url.get_secret_value()
    path = _path(settings.data_dir, catalog, url)
    profile = load_profile(path)
    if profile is None or not profile.fresh(catalog, now, KEEP):
        profile = _read_anew(path, catalog, url, now, profile)
    return with_values(catalog, profile)


def _read_anew(path: Path, catalog: Catalog, url: str, now: datetime, old: Profile | None) -> Profile:
    try:
        with open_inspection(url) as connection:
            profile = profile_values(catalog, connection, now)
    except WarehouseUnavailable:
        if old is None or old.digest != catalog.digest:
            raise
        log.warning("vocabulary.stale", read_at=old.at)
        return old
    for name, reason in profile.problems:
        log.warning("vocabulary.left_out", field=name, reason=reason)
    try:
        save_profile(path, profile)
    except OSError as error:  # only a cache: the values are at hand, and are read again at the next start
        log.warning("vocabulary.not_kept", folder=str(path.parent), reason=error.strerror)
    return profile


def _path(folder: Path, catalog: Catalog, url: str) -> Path:
    # The address decides too: two databases may be described by one catalog.
    name = hashlib.sha256(f"{catalog.digest}\n{url}".encode()).hexdigest()[:16]
    return folder / "values" / f"{name}.json"
