"""The demo company's ready segments and its places, on its own rows: each has people, and distances are true."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime

import psycopg
import pytest

from segbot.addresses import parse_address
from segbot.catalog.check import check
from segbot.catalog.load import load_catalog, locate, read_catalog
from segbot.catalog.vocabulary import with_values
from segbot.demo import company
from segbot.flows.house import House, open_house
from segbot.flows.sizing import members, sizes
from segbot.model.condition import Condition, Near, walk
from segbot.model.reading import Outcome
from segbot.warehouse.connect import Limits
from segbot.warehouse.inspect import inspect, open_inspection, profile_values
from segbot.warehouse.run import Warehouse

NOW = datetime(2026, 5, 20, 18, 0, tzinfo=UTC)
SIZE = 4_000

WANTED = {
    "new_customers", "active_90_days", "one_time_buyers", "repeat_buyers", "lapsed_buyers", "at_risk", "big_spenders",
    "top_ten_percent", "discount_lovers", "full_price", "shoe_fans", "campers", "cart_abandoners", "browsers",
    "mobile_browsers", "email_engaged_us", "email_engaged_ca", "unengaged_subscribers", "birthday_this_month",
    "first_order_last_year", "returners", "affluent_parents",
}  # fmt: skip


@pytest.fixture(scope="module")
def url(make_database: Callable[..., str]) -> str:
    database = make_database()
    company.fill(database, SIZE, seed=3, now=NOW)
    return database


@pytest.fixture(scope="module")
def house(url: str) -> House:
    catalog = load_catalog(company.CATALOG)
    with open_inspection(url) as connection:
        return open_house(with_values(catalog, profile_values(catalog, connection, NOW)))


@pytest.fixture
async def warehouse(url: str, house: House) -> AsyncIterator[Warehouse]:
    async with Warehouse.open(url, house.policy, Limits()) as opened:
        yield opened


def tree(house: House, words: str) -> Condition:
    reading = house.read(words, NOW)
    assert reading.outcome is Outcome.ANSWER, (words, reading)
    assert reading.condition is not None
    return reading.condition


async def test_every_ready_segment_is_read_and_has_people(house: House, warehouse: Warehouse) -> None:
    """Those that every shop wants are there, each defined in one sentence that is understood, none empty, none everybody."""
    ready = {one.id: one for one in house.reader.ready}
    assert WANTED <= set(ready) == {segment.key for segment in house.catalog.segments}
    assert all(segment.request.count(".") == 0 for segment in house.catalog.segments)
    trees = [tree(house, f'in the segment "{one.name}"') for one in ready.values()]
    counted = await sizes(house, warehouse, trees, house.moment(NOW))
    empty = [name for name, size in zip(ready, counted, strict=True) if not 0 < size.value < size.base]
    assert not empty
    plain = [one.meaning for one in ready.values() if one.meaning is not None]
    again = await sizes(house, warehouse, plain, house.moment(NOW))
    assert [size.value for size in again] == [size.value for size in counted]


async def test_people_within_a_distance_are_those(url: str, house: House, warehouse: Warehouse) -> None:
    """The point of a city or a postal code comes from the shop's own table, the distance from where each customer lives."""
    with psycopg.connect(**parse_address(url, "url").arguments) as connection:
        people = connection.execute(
            "SELECT id, latitude, longitude FROM shop.customers WHERE latitude IS NOT NULL AND NOT is_internal"
        ).fetchall()
    for words, least in (
        ("within 50 miles of Austin, TX", 20),
        ("near Chicago", 40),
        ("within 3 km of 78701", 0),
        ("within 5,000 km of Honolulu", 100),
        ("more than 100 km from New York", 1000),
    ):
        condition = tree(house, words)
        near = next(node for node in walk(condition) if isinstance(node, Near))
        inside = {key for key, lat, lon in people if kilometres(near, lat, lon) <= near.kilometres}
        expected = {key for key, _, _ in people} - inside if words.startswith("more") else inside
        async with warehouse.stream(members(house, condition, house.moment(NOW))) as batches:
            found = {key async for rows in batches for (key,) in rows}
        assert found == expected
        assert len(found) >= least
    here = next(node for node in walk(tree(house, "near 78701")) if isinstance(node, Near))
    assert kilometres(here, 30.27, -97.74) < 30, "78701 is in Austin"


def kilometres(near: Near, latitude: float, longitude: float) -> float:
    """The distance from a point by the spherical law of cosines."""
    a, b = math.radians(near.latitude), math.radians(latitude)
    along = math.cos(a) * math.cos(b) * math.cos(math.radians(near.longitude - longitude)) + math.sin(a) * math.sin(b)
    return 6371 * math.acos(max(-1.0, min(1.0, along)))


def test_the_catalog_check_looks_at_the_table_of_places(url: str) -> None:
    """Right as it is; a column that is not there is told with its line."""
    text = company.CATALOG.read_text(encoding="utf-8")
    with open_inspection(url) as connection:
        seen = inspect(connection)
    catalog = load_catalog(company.CATALOG)
    assert not [p for p in check(catalog, seen, locate(text)) if p.path.startswith("places")]
    wrong = text.replace("  postal_code: postal_code\n\nevents:", "  postal_code: zipcode\n\nevents:")
    other, _ = read_catalog(wrong)
    assert other is not None
    assert wrong != text
    (told,) = [p for p in check(other, seen, locate(wrong)) if p.path.startswith("places")]
    assert "no column 'zipcode'" in told.message
    assert told.line > 100


def test_unknown_places_are_unread_with_the_reason(house: House) -> None:
    """No place that the company does not know, no store without a point, and no catalog without places is guessed at."""
    for words in ("women within 20 km of Xanadu", "customers near the store", "not within 100 km of a store"):
        reading = house.read(words, NOW)
        assert reading.outcome is Outcome.REJECT
        assert "own places" in reading.note
    bare = open_house(load_catalog(company.CATALOG)).read("women within 20 km of Austin", NOW)
    assert bare.outcome is Outcome.REJECT
    assert "can't be counted here" in bare.note
