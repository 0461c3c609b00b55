"""A catalog against a live database: what would fail or mislead is told, with the line; a good one is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from segbot.addresses import parse_address
from segbot.catalog.check import check
from segbot.catalog.load import load_catalog, locate, read_catalog
from segbot.catalog.observed import Observed
from segbot.catalog.report import report_problems
from segbot.catalog.vocabulary import Profile
from segbot.warehouse.inspect import inspect, open_inspection, profile_values

DEMO = Path(__file__).parents[2] / "src" / "segbot" / "demo" / "company" / "catalog.yaml"
AT = datetime(2026, 5, 20, 12, tzinfo=UTC)

SCHEMA = """
CREATE SCHEMA shop;
CREATE TABLE shop.customers (
    id bigint, email text, home text, joined timestamp, birth date, tier text, score numeric, tags text[], secret_token text
);
CREATE TABLE shop.orders (
    order_id bigint PRIMARY KEY, customer_id bigint, city_id int, at timestamptz, amount numeric, placed inet
);
CREATE TABLE shop.cities (city_id int, name text);
CREATE TABLE shop.hidden (id bigint);
INSERT INTO shop.customers SELECT 1 + n % 40, 'a' || n || '@example.org', 'b' || n || '@example.org', now(), now(),
    (ARRAY['Gold', 'silver'])[1 + n % 2] FROM generate_series(1, 50) n;
INSERT INTO shop.cities SELECT 1 + n % 3, 'City' FROM generate_series(1, 6) n;
INSERT INTO shop.orders SELECT n, 1, 1, now(), 1 FROM generate_series(1, 200000) n;
ANALYZE;
"""

# One thing wrong on almost every line.
CATALOG = """\
catalog: 1
name: Test
schema: shop
customers: {table: customer, key: id}
attributes:
  mail: {kind: email, column: e_mail}
  home: {kind: text}
  joined: {kind: time}
  birth: {kind: time}
  tier: {kind: choice, values: [gold, silver, platinum], ordered: true}
  score: {kind: number, type: integer}
  tags: {kind: choice, values: none}
  secret: {kind: text, column: secret_token, values: none}
events:
  order:
    table: orders
    id: id
    customer: customer_id
    time: at
    nouns: [order]
    properties:
      amount: {kind: money}
      city: {kind: text, column: name, via: [{table: cities, on: city_id}]}
      town: {kind: text, column: name}
      placed: {kind: text, values: none}
  visit:
    table: visits
    customer: customer_id
    nouns: [visit]
"""


@pytest.fixture(scope="module")
def broken(make_database: Callable[..., str]) -> tuple[Observed, Profile]:
    url = make_database()
    with psycopg.connect(**parse_address(url, "the test").arguments, autocommit=True) as connection:
        connection.execute(SCHEMA)
    catalog, _ = read_catalog(CATALOG.replace("customer, key", "customers, key"))
    assert catalog is not None
    with open_inspection(url) as connection:
        return inspect(connection), profile_values(catalog, connection, AT)


def problems_of(text: str, observed: Observed, profile: Profile | None = None) -> list[str]:
    catalog, wrong = read_catalog(text)
    assert catalog is not None, wrong
    return [f"{p.severity} {p}" for p in check(catalog, observed, locate(text), profile)]


def test_a_missing_customer_table_is_told_with_the_nearest_name(broken: tuple[Observed, Profile]) -> None:
    """A misspelt table gets a suggestion, and does not hide what else is wrong."""
    found = problems_of(CATALOG, broken[0])
    assert "error line 4: customers.table: there is no table 'shop.customer', did you mean 'shop.customers'?" in found
    assert any("visits" in problem for problem in found)


def test_every_difference_is_told_at_once_with_its_line(broken: tuple[Observed, Profile]) -> None:
    """Missing columns, other types, keys that are not unique, joins that multiply, odd values: each with line and way out."""
    assert problems_of(CATALOG.replace("customer, key", "customers, key"), *broken) == [
        "error line 4: customers.key: the key 'id' is not unique: several rows have the same one, or none",
        "error line 6: attributes.mail.column: the table 'shop.customers' has no column 'e_mail', did you mean 'email'?",
        "warning line 7: attributes.home: the column 'home' looks like contact data (email), "
        "write `contact: email`, or `contact: none` if it is not",
        "error line 8: attributes.joined.type: the column 'joined' is timestamp without time zone, not timestamptz, "
        "use `kind: date` or `kind: time` with `type: timestamp`",
        "error line 9: attributes.birth.type: the column 'birth' is date, not timestamptz, "
        "use `kind: date` or `kind: time` with `type: date`",
        "warning line 10: attributes.tier.values: the column also holds 'Gold', add them in their place",
        "warning line 10: attributes.tier.values[0]: the value 'gold' never occurs in the column, did you mean 'Gold'?",
        "warning line 10: attributes.tier.values[2]: the value 'platinum' never occurs in the column, "
        "it holds 'Gold', 'silver'",
        "error line 11: attributes.score.type: the column 'score' is numeric, not integer, "
        "use `kind: number` or `kind: money`, or write `type: numeric`",
        "error line 12: attributes.tags.type: the column 'tags' is text[], not text, use `kind: list`",
        "warning line 13: attributes.secret: the column 'secret_token' looks like a secret, remove it",
        "error line 17: events.order.id: the table 'shop.orders' has no column 'id'",
        "warning line 18: events.order.customer: no index of 'shop.orders' (200,000 rows) has 'customer_id', "
        "so counts will be slow, CREATE INDEX ON shop.orders (customer_id, ...)",
        "warning line 19: events.order.time: no index of 'shop.orders' (200,000 rows) has 'at', "
        "so counts will be slow, CREATE INDEX ON shop.orders (at, ...)",
        "error line 23: events.order.properties.city.via[0]: several rows of 'shop.cities' can match city_id, "
        "write `many: true`",
        "error line 24: events.order.properties.town.column: the table 'shop.orders' has no column 'name'",
        "error line 25: events.order.properties.placed.type: the column 'placed' is inet, which can't be compared, "
        "name a view that casts it",
        "error line 27: events.visit.table: there is no table 'shop.visits'",
    ]


def test_the_demo_catalog_fits_the_demo_company(demo_url: str, demo_observed: Observed) -> None:
    """The demo company's catalog names nothing that its database does not have, and no value that never occurs."""
    catalog = load_catalog(DEMO)
    with open_inspection(demo_url) as connection:
        profile = profile_values(catalog, connection, AT)
    problems = check(catalog, demo_observed, locate(DEMO.read_text()), profile)
    assert report_problems("catalog.yaml", problems) == "catalog.yaml: no problems found."


def test_a_report_names_file_line_and_column(broken: tuple[Observed, Profile]) -> None:
    """A report's lines can be clicked in an editor, and it ends with one sentence of judgement."""
    catalog, _ = read_catalog(CATALOG)
    assert catalog is not None
    lines = report_problems("c.yaml", check(catalog, broken[0], locate(CATALOG))).splitlines()
    assert lines[0].startswith("c.yaml:4:20: error: customers.table: there is no table 'shop.customer'")
    assert lines[-1].startswith("c.yaml: ")
    assert lines[-1].endswith("It can't be used until the errors are mended.")
