"""A small demo company, a store and a workspace for the command line."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import make_url

from segbot.demo import company
from segbot.demo.workspace.server import Workspace
from segbot.store.migrate import migrate

NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def shop_url(make_database: Callable[..., str]) -> str:
    """The address of a demo company of 1,000 customers."""
    url = make_database()
    company.fill(url, 1000, seed=3, now=NOW)
    return url


@pytest.fixture(scope="session")
def reader_url(shop_url: str) -> str:
    """The same company for a role that can only read."""
    company.create_reader(shop_url, company.SCHEMA, role="cli_reader", password="reader")
    return make_url(shop_url).set(username="cli_reader", password="reader").render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def store_url(make_database: Callable[..., str]) -> str:
    """The address of an empty store."""
    url = make_database()
    migrate(url, "segbot")
    return url


@pytest.fixture(scope="session")
def workspace_api() -> Iterator[str]:
    """The Web API of a workspace that runs beside the tests."""
    workspace, loop = Workspace(), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(workspace.start(), loop).result(20)
    yield workspace.api_url
    asyncio.run_coroutine_threadsafe(workspace.stop(), loop).result(20)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(10)
