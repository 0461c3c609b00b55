"""`segbot sample` and the doctor tell of the sample, and make one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from segbot.cli.main import commands
from segbot.demo import company
from segbot.store.migrate import migrate


@pytest.fixture(scope="module")
def addresses(make_database: Callable[..., str]) -> list[str]:
    """Options that name a demo company of 300 customers, an empty store, and the catalog."""
    customers, store = make_database(), make_database()
    company.fill(customers, 300, now=datetime.now(UTC))
    migrate(store, "segbot")
    return [
        *("--catalog", str(company.CATALOG)),
        *("--database", customers),
        *("--store", store),
    ]


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(commands(arguments), list(arguments))
    return result.exit_code, result.output


def test_none_then_one(addresses: list[str]) -> None:
    """There is none until it is made; then its size, its date and what it leaves out are told, and the doctor is content."""
    catalog_and_store = [*addresses[:2], *addresses[4:]]
    code, said = run("sample", "status", *catalog_and_store)
    assert (code, "no sample yet" in said) == (1, True)
    assert "There is no sample yet" in run("doctor", *addresses)[1]
    code, said = run("sample", "refresh", *addresses)
    assert code == 0, said
    assert "A sample of " in said
    code, said = run("sample", "status", *catalog_and_store)
    assert code == 0
    assert "customers.email: contact or sensitive data" in said
    assert "First numbers come from a sample of" in run("doctor", *addresses)[1]
