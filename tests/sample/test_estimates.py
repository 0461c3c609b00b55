"""On a sample every condition finds exactly those of its people who were sampled, and the estimate made of it holds the truth."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from pydantic import SecretStr
from tests.sample.sample_rig import AT, SCHEMA, Pair, connect
from tests.support.shop import CATALOG
from tests.support.shop_rows import NOW, fill, random_world
from tests.support.trees import SEGMENTS, TREES

from segbot.flows.estimate import estimable, estimates
from segbot.flows.house import House, open_house
from segbot.flows.sampling import is_due
from segbot.model.condition import (
    Against,
    AllOf,
    Capped,
    Condition,
    Everyone,
    Has,
    Listed,
    Not,
    Ranked,
    walk,
)
from segbot.model.estimate import estimate
from segbot.model.operators import Operator
from segbot.settings import Settings
from segbot.sql.compile import compile_count, compile_members
from segbot.sql.guard import Refused, guard
from segbot.warehouse.sample_copy import SampleNote

HOW_MANY = max(int(os.environ.get("SEGBOT_TREES", "300")) // 3, 1)
laws = settings(
    max_examples=HOW_MANY,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


class Both:
    """A shop and its sample, each with a connection."""

    def __init__(self, pair: Pair, sampled: int) -> None:
        self.plan, self.note = pair.plan, pair.take(sampled)
        self.keys = pair.keys(self.note)
        self.source, self.sample = connect(pair.source), connect(pair.store)
        self.source.execute("SET timezone = 'UTC'")
        self.sample.execute(f"SET timezone = 'UTC'; SET search_path = \"{self.note.schema}\"".encode())
        self.policy = self.plan.policy(self.note.tables, self.note.schema)

    def close(self) -> None:
        self.source.close()
        self.sample.close()


@pytest.fixture(scope="module")
def both(pair: Pair) -> Any:
    opened = Both(pair, 130)
    yield opened
    opened.close()


def reads_contact(condition: Condition, both: Both) -> bool:
    statement = compile_members(condition, both.plan.catalog, AT, None, SEGMENTS)
    return isinstance(guard(statement.sql, both.policy), Refused)


@laws
@given(condition=TREES)
def test_a_sample_is_the_segment_cut_to_its_people(both: Both, condition: Condition) -> None:
    """Whoever of the sample is in a segment is found in it there, and nobody else, for every condition about people themselves."""
    # What compares people with each other, or looks at contact data, is for other tests.
    if any(isinstance(node, Ranked | Against | Capped) for node in walk(condition)) or reads_contact(condition, both):
        return
    there = compile_members(condition, CATALOG, AT, None, SEGMENTS)
    here = compile_members(condition, both.plan.catalog, AT, None, SEGMENTS)
    members = {key for (key,) in both.source.execute(there.sql.encode(), there.parameters)}
    found = {key for (key,) in both.sample.execute(here.sql.encode(), here.parameters)}
    assert found == members & both.keys


@pytest.fixture(scope="module")
def large(make_database: Callable[..., str]) -> Any:
    """A shop of 1,200 customers, 400 of them sampled."""
    url = make_database()
    with connect(url) as connection:
        fill(connection, random_world(12, customers=1200))
        connection.execute("ANALYZE")
    opened = Both(Pair(url, make_database()), 400)
    yield opened
    opened.close()


def test_the_truth_is_within_the_margin(large: Both) -> None:
    """Over many random conditions the exact count lies within the estimate's interval, as often as it says."""
    asked = inside = 0

    @settings(
        max_examples=HOW_MANY, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
    )
    @given(condition=TREES)
    def ask(condition: Condition) -> None:
        nonlocal asked, inside
        if not estimable(condition) or reads_contact(condition, large):
            return
        there = compile_count(condition, CATALOG, AT, None, SEGMENTS)
        here = compile_count(condition, large.plan.catalog, AT, None, SEGMENTS)
        truth, base = large.source.execute(there.sql.encode(), there.parameters).fetchone() or (0, 0)
        hits, sampled = large.sample.execute(here.sql.encode(), here.parameters).fetchone() or (0, 0)
        found = estimate(hits, sampled, base)
        asked += 1
        inside += (found.low or 0) <= truth <= found.high

    ask()
    assert asked >= HOW_MANY // 3
    assert inside / asked >= 0.9, (inside, asked)


# --- through the flow -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def house() -> House:
    return open_house(CATALOG)


WOMEN = Has("gender", Operator.IS, ("F",))


async def test_an_estimate_says_all_that_it_needs_to_be_believed(pair: Pair, house: House) -> None:
    """It has its margin, its base, how many were sampled and of when the data are."""
    await asyncio.to_thread(pair.take, 200)
    async with pair.samples() as samples:
        one, everyone = await estimates(samples, house, [WOMEN, Everyone()])
        (alone,) = await estimates(samples, house, [WOMEN])
    assert one is not None
    assert everyone is not None
    assert alone is not None
    assert (one.value, one.low, one.high) == (alone.value, alone.low, alone.high)
    assert (one.exact, one.base, one.sample, one.as_of) == (False, 400, 200, NOW)
    assert one.low is not None
    assert one.high is not None
    assert one.low < one.value < one.high
    assert everyone.high == 400


async def test_what_a_sample_can_not_tell_has_no_estimate(pair: Pair, house: House) -> None:
    """Contact data, fixed numbers of people and lists wait for the exact count; what is asked beside them does not."""
    await asyncio.to_thread(pair.take, 200)
    no_phone = Not(Has("phone", Operator.IS_SET))
    listed = Listed(("1", "2"))
    top = Ranked("top", 10, "people", "income")
    few = Capped(WOMEN, 5)
    async with pair.samples() as samples:
        asked = [WOMEN, no_phone, listed, top, few, AllOf((WOMEN, top))]
        found = await estimates(samples, house, asked)
    assert [one is not None for one in found] == [True, False, False, False, False, False]


async def test_a_copy_of_everybody_is_the_number_of_then(pair: Pair, house: House) -> None:
    """Where the sample is the whole base, the number is that of its moment, without a margin."""
    await asyncio.to_thread(pair.take, 5_000)
    async with pair.samples() as samples:
        (found,) = await estimates(samples, house, [WOMEN])
    (truth,) = pair.in_source("SELECT count(*) FROM customers WHERE gender = 'F'")[0]
    assert found is not None
    assert (found.value, found.low, found.high, found.sample) == (truth, truth, truth, 400)


async def test_without_a_sample_there_is_no_estimate(make_database: Callable[..., str], house: House) -> None:
    """Before the first sample is there, the exact count is the first number."""
    empty = Pair(make_database(), make_database())
    async with empty.samples() as samples:
        assert await estimates(samples, house, [WOMEN]) == (None,)


def test_when_a_new_one_is_due() -> None:
    """A new sample is made when there is none, when it is old, and at the start when it was made otherwise."""
    wanted = Settings(_env_file=None, sample_customers=100, sample_hours=24, store_url=SecretStr("postgresql://x/y"))
    plan = Pair("", "").plan

    def note(at: datetime, customers: int = 100, digest: str = plan.digest) -> SampleNote:
        return SampleNote(f"{SCHEMA}_sample", at, 100, 400, customers, digest, {}, (), 1, 1, 1.0)

    young, old = note(NOW - timedelta(hours=23)), note(NOW - timedelta(hours=24))
    assert is_due(None, wanted, plan, NOW, starting=False)
    assert is_due(old, wanted, plan, NOW, starting=False)
    assert not is_due(young, wanted, plan, NOW, starting=True)
    for other in (note(NOW, customers=50), note(NOW, digest="another")):
        assert is_due(other, wanted, plan, NOW, starting=True)
        assert not is_due(other, wanted, plan, NOW, starting=False)
