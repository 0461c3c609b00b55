"""Every everyday request means the people that a careful analyst would have selected by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import yaml

from segbot.addresses import parse_address
from segbot.catalog.load import load_catalog
from segbot.demo import company
from segbot.demo.company import CATALOG
from segbot.flows.compose import condition_lines, word_spans
from segbot.flows.house import House, open_house
from segbot.flows.sizing import members
from segbot.model.condition import Condition
from segbot.model.reading import Outcome, Reading
from segbot.sql.guard import Allowed, guard

NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)
CUSTOMERS = 4000
REQUESTS: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "requests.yaml").read_text(encoding="utf-8"))


@dataclass
class Shop:
    """The demo company with its words, and a way to ask it."""

    house: House
    connection: psycopg.Connection[Any]

    def truth(self, sql: str) -> set[int]:
        return {
            row[0] for row in self.connection.execute(sql.replace("%", "%%").replace(":now", "%(now)s"), {"now": NOW})
        }

    def members(self, condition: Condition) -> set[int]:
        statement = members(self.house, condition, self.house.moment(NOW))
        assert isinstance(guard(statement.sql, self.house.policy), Allowed)
        return {row[0] for row in self.connection.execute(statement.sql, statement.parameters)}


@pytest.fixture(scope="module")
def shop(make_database: Callable[..., str]) -> Any:
    url = make_database()
    company.fill(url, CUSTOMERS, seed=7, now=NOW)
    with psycopg.connect(**parse_address(url, "test").arguments, autocommit=True) as connection:
        connection.execute("SET default_transaction_read_only = on")
        yield Shop(open_house(load_catalog(CATALOG)), connection)


@pytest.mark.parametrize("case", REQUESTS, ids=lambda c: c["request"])
def test_an_everyday_request_means_the_right_people(case: dict[str, Any], shop: Shop) -> None:
    """The customers of the request are exactly those of the hand-written SQL, or of a named honest rival that is asked about."""
    reading = shop.house.read(case["request"], NOW)
    expected = shop.truth(case["sql"])
    if reading.outcome is Outcome.CLARIFY:
        assert "rivals" in case, f"asks needlessly: {[q.text for q in reading.questions]}"
        offered = [shop.members(choice.condition) for q in reading.questions for choice in q.choices]
        assert expected in offered
        return
    assert reading.outcome is Outcome.ANSWER, f"not understood: {[u.text for u in reading.unread]}"
    assert reading.condition is not None
    found = shop.members(reading.condition)
    assert found == expected, f"{reading.restatement}: {len(found)} instead of {len(expected)}"


@pytest.mark.parametrize("case", REQUESTS, ids=lambda c: c["request"])
def test_an_everyday_request_is_readable_on_its_card(case: dict[str, Any], shop: Shop) -> None:
    """Each condition has a line in plain English, without names of columns, and no letter of the sentence is lost."""
    reading: Reading = shop.house.read(case["request"], NOW)
    assert "".join(span.text for span in word_spans(reading)) == case["request"]
    assert reading.condition is not None
    for _, line in condition_lines(reading.condition, shop.house.catalog):
        assert line.text
        assert "_" not in line.text
