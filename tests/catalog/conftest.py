"""Small companies of different shapes in a real Postgres, looked at once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from segbot.addresses import parse_address
from segbot.catalog.observed import Observed
from segbot.demo.company.generate import fill
from segbot.warehouse.inspect import inspect, open_inspection

SCHEMAS = Path(__file__).parent / "schemas"
NOW = datetime(2026, 5, 20, 16, 0, tzinfo=UTC)


def run(url: str, script: str) -> None:
    """Run a script of statements on a database."""
    with psycopg.connect(**parse_address(url, "the test").arguments, autocommit=True) as connection:
        connection.execute(script.encode())


@pytest.fixture(scope="session")
def demo_url(make_database: Callable[..., str]) -> str:
    """The demo company with 2,000 customers."""
    url = make_database()
    fill(url, 2_000, now=NOW)
    return url


@pytest.fixture(scope="session")
def company(make_database: Callable[..., str]) -> Callable[[str], tuple[str, Observed]]:
    """A database made from a script in `schemas`, and what inspecting it saw."""
    made: dict[str, tuple[str, Observed]] = {}

    def get(name: str) -> tuple[str, Observed]:
        if name not in made:
            url = make_database()
            run(url, (SCHEMAS / f"{name}.sql").read_text())
            with open_inspection(url) as connection:
                made[name] = url, inspect(connection)
        return made[name]

    return get


@pytest.fixture(scope="session")
def demo_observed(demo_url: str) -> Observed:
    """What inspecting the demo company saw."""
    with open_inspection(demo_url) as connection:
        return inspect(connection)
