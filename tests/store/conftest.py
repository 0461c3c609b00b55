"""A store on a real Postgres for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable

import pytest

from segbot.store.database import Store
from segbot.testing.stores import throwaway_store


@pytest.fixture(scope="session")
def store_url(make_database: Callable[..., str]) -> str:
    """A database in which every test has a schema of its own."""
    return make_database()


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    """An empty store."""
    async with throwaway_store(store_url) as opened:
        yield opened
