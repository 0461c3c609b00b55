"""Which indexes would help this catalog's queries: advice with the statement to run, never run here.

Two indexes per event do nearly all the work: one that begins with the time builds the set of people who did it in a
window, one that begins with the customer looks up a few people. A join needs its far column. Small tables need none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg import sql

from segbot.addresses import parse_address
from segbot.model.catalog import Catalog, Event, Source
from segbot.sql.names import event_sources
from segbot.warehouse.doctor import Finding, Level
from segbot.warehouse.grants import qualified
from segbot.warehouse.problems import explain

_SMALL = 10_000
"""Tables of fewer rows than this are read whole anyway."""


@dataclass(frozen=True, slots=True)
class WantedIndex:
    """An index on a table that would help: its columns in order, and what for."""

    table: str
    columns: tuple[str, ...]
    why: str


def wanted_indexes(catalog: Catalog) -> tuple[WantedIndex, ...]:
    """The indexes that this catalog's queries can use, without regard to those that exist; each once."""
    found: dict[tuple[str, tuple[str, ...]], WantedIndex] = {}
    for index in _wanted(catalog):
        found.setdefault((index.table, index.columns), index)
    return tuple(found.values())


def advise(
    url: str, catalog: Catalog, *, default_schema: str = "public", setting: str = "SEGBOT_DATABASE_URL"
) -> tuple[Finding, ...]:
    """Advice for each wanted index that the database has not, on tables worth it. Blocks; only looks.

    Raises `ConfigurationError` or `WarehouseUnavailable` when the database can't be reached.
    """
    address = parse_address(url, setting)
    wanted = wanted_indexes(catalog)
    places = {index.table: qualified(index.table, default_schema) for index in wanted}
    try:
        with psycopg.connect(
            **{**address.arguments, "application_name": "segbot doctor", "prepare_threshold": None}
        ) as connection:
            connection.read_only = True
            rows = connection.execute(
                _TABLES.encode(),
                {
                    "schemas": [schema for schema, _ in places.values()],
                    "tables": [table for _, table in places.values()],
                },
            ).fetchall()
    except psycopg.Error as error:
        raise explain(error, address) from None
    large = {(schema, table): parted for schema, table, parted, size, _, _ in rows if size >= _SMALL}
    have = [((schema, table), keys, covered) for schema, table, _, _, keys, covered in rows if keys]
    return tuple(
        _advice(index, places[index.table], parted=large[places[index.table]])
        for index in wanted
        if places[index.table] in large
        and not any(
            place == places[index.table] and _serves(index.columns, keys, covered) for place, keys, covered in have
        )
    )


def _serves(columns: tuple[str, ...], keys: list[str], covered: list[str]) -> bool:
    """Whether an index does for a wanted one: it begins with the same column and has the others, in any order."""
    return keys[0] == columns[0] and set(columns) <= {*keys, *covered}


def _advice(index: WantedIndex, place: tuple[str, str], *, parted: bool) -> Finding:
    # Postgres can't build the index of a partitioned table without stopping its writers.
    statement = sql.SQL("CREATE INDEX{} ON {} ({});").format(
        sql.SQL("" if parted else " CONCURRENTLY"),
        sql.Identifier(*place),
        sql.SQL(", ").join(map(sql.Identifier, index.columns)),
    )
    return Finding(Level.ADVICE, "index", f"An index on {index.table} would help {index.why}.", statement.as_string())


# --- from the catalog -----------------------------------------------------------------------------


def _wanted(catalog: Catalog) -> Iterator[WantedIndex]:
    customers = catalog.customers
    yield WantedIndex(customers.table, (customers.key,), "every count")
    for event in catalog.events:
        yield from _for_event(event)
    for attribute in catalog.attributes:
        yield from _for_joins(attribute.source, f"conditions on {attribute.label}")


def _for_event(event: Event) -> Iterator[WantedIndex]:
    # A table that holds several events is first narrowed to this one: name = 'opened'.
    kind = tuple(
        fixed.source.column
        for fixed in event.where
        if not fixed.negated and len(fixed.values) == 1 and _plain(fixed.source)
    )
    if _plain(event.customer):
        customer = event.customer.column
        if event.time is not None and _plain(event.time):
            time = event.time.column
            yield WantedIndex(event.table, (*kind, time, customer), f'"{event.label}" in a window of time')
            yield WantedIndex(event.table, (customer, *kind, time), f'"{event.label}" of a few people')
        else:
            yield WantedIndex(event.table, (customer, *kind), f'"{event.label}" of a few people')
    for source in event_sources(event):
        yield from _for_joins(source, f'"{event.label}" with its details')


def _for_joins(source: Source, why: str) -> Iterator[WantedIndex]:
    for step in source.joins:
        yield WantedIndex(step.table, (step.to_column,), why)


def _plain(source: Source) -> bool:
    return not source.joins and not source.path


# One row per valid whole index of each table, with its key columns and those it carries along; one without for a table
# that has none. Rows of partitions are added up.
_TABLES = """
SELECT n.nspname, c.relname, c.relkind = 'p',
    CASE WHEN c.relkind = 'p' THEN
        (SELECT coalesce(sum(greatest(p.reltuples, 0)), 0) FROM pg_partition_tree(c.oid) t JOIN pg_class p ON p.oid = t.relid)
    WHEN c.reltuples < 0 THEN pg_relation_size(c.oid) / 100
    ELSE c.reltuples END AS size,
    ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
          WHERE k.place <= i.indnkeyatts ORDER BY k.place) AS keys,
    ARRAY(SELECT a.attname::text FROM unnest(i.indkey) WITH ORDINALITY k(number, place)
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.number
          WHERE k.place > i.indnkeyatts) AS covered
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN unnest(CAST(%(schemas)s AS text[]), CAST(%(tables)s AS text[])) AS w(schema, name) ON w.schema = n.nspname AND w.name = c.relname
LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisvalid AND i.indpred IS NULL AND 0 <> ALL(i.indkey)
WHERE c.relkind IN ('r', 'p', 'm')
"""
