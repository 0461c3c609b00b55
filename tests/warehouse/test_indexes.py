"""What index advice promises: each missing index once, as a statement that works, and silence afterwards."""

from __future__ import annotations

from collections.abc import Callable

import psycopg

from segbot.addresses import parse_address
from segbot.model.catalog import Catalog, CustomerTable, Event, Field, FixedFilter, Join, Source
from segbot.model.operators import Kind
from segbot.warehouse.indexes import advise, wanted_indexes

PRODUCTS = Join("products", "product_id", "id")
CATALOG = Catalog(
    name="shop",
    customers=CustomerTable("customers", "id", "integer"),
    attributes=(
        Field("state", "state", Kind.TEXT, Source("state")),
        Field("label", "label", Kind.TEXT, Source("label", joins=(Join("labels", "id", "customer_id", many=True),))),
    ),
    events=(
        Event(
            "order",
            "ordered",
            "sales.orders",
            Source("customer_id"),
            Source("at", sql_type="timestamptz"),
            properties=(Field("category", "category", Kind.TEXT, Source("category", joins=(PRODUCTS,))),),
        ),
        Event(
            "open",
            "opened an e-mail",
            "events",
            Source("customer_id"),
            Source("at", sql_type="timestamptz"),
            where=(FixedFilter(Source("name"), ("opened",)),),
        ),
    ),
)

SCHEMA = """
CREATE SCHEMA sales;
CREATE TABLE customers (id bigint PRIMARY KEY, state text);
CREATE TABLE labels (customer_id bigint, label text);
CREATE TABLE products (id bigint, category text);
CREATE TABLE sales.orders (id bigint, customer_id bigint, at timestamptz, product_id bigint);
CREATE TABLE events (customer_id bigint, at timestamptz, name text) PARTITION BY RANGE (customer_id);
CREATE TABLE events_low PARTITION OF events FOR VALUES FROM (0) TO (6000);
CREATE TABLE events_high PARTITION OF events FOR VALUES FROM (6000) TO (100000);
INSERT INTO customers SELECT n FROM generate_series(1, 12000) n;
INSERT INTO labels SELECT n FROM generate_series(1, 12000) n;
INSERT INTO products SELECT n FROM generate_series(1, 50) n;
INSERT INTO sales.orders SELECT n, n, now() FROM generate_series(1, 12000) n;
INSERT INTO events SELECT n, now(), 'opened' FROM generate_series(1, 12000) n;
ANALYZE;
"""


def test_each_missing_index_is_advised_once_and_no_more_when_it_is_there(make_database: Callable[..., str]) -> None:
    """Large tables get their missing indexes, small ones none; running the statements leaves nothing to advise."""
    url = make_database()
    with psycopg.connect(**parse_address(url, "test").arguments, autocommit=True) as admin:
        admin.execute(SCHEMA)
        advice = advise(url, CATALOG)
        assert [finding.remedy for finding in advice] == [
            'CREATE INDEX CONCURRENTLY ON "sales"."orders" ("at", "customer_id");',
            'CREATE INDEX CONCURRENTLY ON "sales"."orders" ("customer_id", "at");',
            'CREATE INDEX ON "public"."events" ("name", "at", "customer_id");',
            'CREATE INDEX ON "public"."events" ("customer_id", "name", "at");',
            'CREATE INDEX CONCURRENTLY ON "public"."labels" ("customer_id");',
        ]
        for finding in advice:
            admin.execute(finding.remedy.encode())
        assert advise(url, CATALOG) == ()


def test_an_index_that_carries_the_rest_along_will_do(make_database: Callable[..., str]) -> None:
    """An index with the wanted first column that includes the others serves; a partial one, or another order, does not."""
    url = make_database()
    with psycopg.connect(**parse_address(url, "test").arguments, autocommit=True) as admin:
        admin.execute(SCHEMA)
        admin.execute("CREATE INDEX ON sales.orders (at) INCLUDE (customer_id)")
        admin.execute("CREATE INDEX ON sales.orders (customer_id, at) WHERE customer_id > 5")
        admin.execute("CREATE INDEX ON labels (label, customer_id)")
        remedies = [f.remedy for f in advise(url, CATALOG) if "events" not in f.remedy]
    assert remedies == [
        'CREATE INDEX CONCURRENTLY ON "sales"."orders" ("customer_id", "at");',
        'CREATE INDEX CONCURRENTLY ON "public"."labels" ("customer_id");',
    ]


def test_wanted_indexes_come_from_the_catalog_alone() -> None:
    """Without a database there is a list of what queries can use, each index once."""
    wanted = [(w.table, w.columns) for w in wanted_indexes(CATALOG)]
    assert len(wanted) == len(set(wanted)) == 7
    assert ("products", ("id",)) in wanted
