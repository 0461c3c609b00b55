"""One reader over the demo company for all tests of the reader, and a moment that stands still."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

import segbot.demo
from segbot.catalog.load import load_catalog
from segbot.model.catalog import Catalog
from segbot.model.resolve import Moment
from segbot.nl.reader import Reader

SHOP = Path(segbot.demo.__file__).parent / "company" / "catalog.yaml"


@pytest.fixture(scope="session")
def shop() -> Catalog:
    return load_catalog(SHOP)


@pytest.fixture(scope="session")
def reader(shop: Catalog) -> Reader:
    return Reader(shop)


@pytest.fixture(scope="session")
def at(shop: Catalog) -> Moment:
    """Wednesday, 20 May 2026, midday in UTC: the reference day of the corpus."""
    return Moment(datetime(2026, 5, 20, 12, tzinfo=UTC), shop.calendar)
