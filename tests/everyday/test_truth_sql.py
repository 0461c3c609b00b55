"""The hand-written answers to the everyday requests run, and are neither empty nor everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Connection, NullPool, create_engine, text

from segbot.demo.company import fill

REQUESTS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("requests.yaml").read_text(encoding="utf-8"))
# Late in the year after the holidays' start, and early in one, before March and June.
MOMENTS = (datetime(2026, 11, 21, 15, 30, tzinfo=UTC), datetime(2027, 2, 3, 3, 0, tzinfo=UTC))


@pytest.fixture(scope="module", params=MOMENTS, ids=lambda moment: moment.date().isoformat())
def company(request: pytest.FixtureRequest, make_database: Callable[..., str]) -> Iterator[tuple[Connection, datetime]]:
    url = make_database()
    fill(url, 10_000, now=request.param)
    with create_engine(url, poolclass=NullPool).connect() as connection:
        yield connection, request.param


def people(company: tuple[Connection, datetime], statement: str) -> set[int]:
    connection, now = company
    keys = [key for (key,) in connection.execute(text(statement), {"now": now})]
    assert len(keys) == len(set(keys)), "somebody is counted twice"
    return set(keys)


@pytest.mark.parametrize("entry", REQUESTS, ids=lambda entry: entry["request"])
def test_answer_is_plausible(company: tuple[Connection, datetime], entry: dict[str, Any]) -> None:
    """Each answer is a share of all people that makes sense for what was asked."""
    everybody = people(company, "SELECT id FROM shop.customers WHERE NOT is_internal")
    found = people(company, entry["sql"])
    low, high = entry["share"]
    assert found
    assert found <= everybody
    # In its first weeks hardly anything has happened "this year".
    if "this year" not in entry["request"] or company[1].month > 6:
        assert low < len(found) / len(everybody) < high


@pytest.mark.parametrize(
    "entry", [entry for entry in REQUESTS if "rivals" in entry], ids=lambda entry: entry["request"]
)
def test_rival_readings_differ(company: tuple[Connection, datetime], entry: dict[str, Any]) -> None:
    """Another honest reading is worth naming because it means other people."""
    found = people(company, entry["sql"])
    for name, statement in entry["rivals"].items():
        rival = people(company, statement)
        assert rival, name
        assert rival != found, name


def test_complements_add_up(company: tuple[Connection, datetime]) -> None:
    """Where two requests are opposites, everybody is in exactly one of them."""
    answers = {entry["request"]: people(company, entry["sql"]) for entry in REQUESTS}
    everybody = answers["all customers"]
    california = people(company, "SELECT id FROM shop.customers WHERE NOT is_internal AND state = 'CA'")
    assert answers["everyone except California"] == everybody - california
    assert answers["women in California"] <= california
    assert answers["bought twice in the last 90 days"] <= answers["bought in the last 90 days"]
    assert not answers["bought in the last 90 days"] & answers["haven't bought in 6 months"]
    assert not answers["never ordered"] & answers["bought shoes"]
    assert not answers["opened an email in the last 30 days"] & answers["never opened an email"]
    assert answers["bought shoes but not socks"] < answers["bought shoes"]
    long_one = "women over 30 in California who bought twice in the last 90 days but never opened an email"
    assert answers[long_one] < (
        answers["women in California"] & answers["bought twice in the last 90 days"] & answers["never opened an email"]
    )
