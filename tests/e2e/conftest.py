"""One demo company for the session, one stack for each module and transport, one browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import pytest
import pytest_asyncio
from e2e_rig import CUSTOMERS, SEED, Databases, Stack, open_stack
from playwright.async_api import Browser, async_playwright
from sqlalchemy import make_url
from tests.support.browser import find_browser

from segbot.catalog.load import load_catalog
from segbot.demo import company
from segbot.flows.house import House, open_house
from segbot.logs import configure_logging
from segbot.store.migrate import migrate


@pytest.fixture(scope="session", autouse=True)
def logging_as_served() -> None:
    """The log as `segbot serve` writes it."""
    configure_logging("info", "json")


@pytest.fixture(scope="session")
def company_url(make_database: Callable[..., str]) -> str:
    """A demo company whose time ends now; never changed, only copied."""
    url = make_database()
    company.fill(url, CUSTOMERS, seed=SEED, now=datetime.now(UTC))
    return url


@pytest.fixture(scope="session")
def empty_store_url(make_database: Callable[..., str]) -> str:
    """A migrated store with nothing in it; only copied."""
    url = make_database()
    migrate(url, "segbot")
    return url


@pytest.fixture(scope="session")
def house() -> House:
    """The demo company's catalog."""
    return open_house(load_catalog(company.CATALOG))


@pytest.fixture(scope="module")
def databases(make_database: Callable[..., str], company_url: str, empty_store_url: str) -> Databases:
    """Copies of the company and of the empty store; the bot reads as the demo's reader, who may not write."""
    owner = make_database(template=make_url(company_url).database)
    company.create_reader(owner, company.SCHEMA, password="reader")
    reader = make_url(owner).set(username=company.READER, password="reader").render_as_string(hide_password=False)
    store = make_database(template=make_url(empty_store_url).database)
    return Databases(reader, store, owner)


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    path = find_browser()
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        await launched.close()


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def stack(databases: Databases, house: House, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """The bot over Socket Mode."""
    async with open_stack(databases, house, tmp_path_factory.mktemp("data")) as opened:
        yield opened
