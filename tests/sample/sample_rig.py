"""A small shop with its store beside it, and samples of its customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString

import psycopg
from tests.support.shop import CATALOG
from tests.support.shop_rows import NOW

from segbot.addresses import parse_address
from segbot.model.catalog import Catalog
from segbot.model.condition import Condition, Everyone
from segbot.model.resolve import Moment
from segbot.sql.compile import compile_members
from segbot.warehouse.sample import Samples
from segbot.warehouse.sample_copy import Order, SampleNote, Stop, copy_sample, list_samples
from segbot.warehouse.sample_plan import Plan, plan_sample

SCHEMA = "segbot"
AT = Moment(NOW, CATALOG.calendar)


@dataclass(frozen=True)
class Pair:
    """A customer database and a store, and a catalog of the first."""

    source: str
    store: str
    catalog: Catalog = CATALOG
    base: Condition | None = None

    @property
    def plan(self) -> Plan:
        return plan_sample(self.catalog)

    def order(self, customers: int, **limits: Any) -> Order:
        everyone = compile_members(Everyone(), self.catalog, AT, self.base)
        return Order.of(self.source, self.store, SCHEMA, self.plan, everyone, customers, **limits)

    def copy(self, customers: int, now: datetime = NOW, stop: Stop | None = None, **limits: Any) -> SampleNote | None:
        return copy_sample(self.order(customers, **limits), now, stop)

    def take(self, customers: int, now: datetime = NOW, **limits: Any) -> SampleNote:
        note = self.copy(customers, now, **limits)
        assert note is not None
        return note

    def samples(self) -> Samples:
        return Samples.open(self.store, SCHEMA, self.plan)

    def in_source(self, query: LiteralString, values: Any = None) -> list[tuple[Any, ...]]:
        return run_on(self.source, query, values)

    def in_store(self, query: LiteralString, values: Any = None) -> list[tuple[Any, ...]]:
        return run_on(self.store, query, values)

    def schemas(self) -> list[str]:
        """The samples there are, newest first."""
        with connect(self.store) as connection:
            return list_samples(connection, SCHEMA)

    def keys(self, note: SampleNote) -> set[Any]:
        """The customers in a sample."""
        with connect(self.store) as connection:
            found = connection.execute(
                psycopg.sql.SQL("SELECT id FROM {}").format(psycopg.sql.Identifier(note.schema, "customers"))
            )
            return {key for (key,) in found}


def connect(url: str) -> psycopg.Connection[Any]:
    return psycopg.connect(**parse_address(url, "test").arguments, autocommit=True)


def run_on(url: str, query: LiteralString, values: Any = None) -> list[tuple[Any, ...]]:
    with connect(url) as connection:
        cursor = connection.execute(query, values)
        return cursor.fetchall() if cursor.description else []
