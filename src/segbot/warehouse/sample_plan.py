"""What a sample holds of a catalog: for each table its columns, and how its rows hang on the chosen customers. Pure.

A sample is all rows of some customers. A row belongs to them when its customer column says so, or when one of their rows
points at it over a join of the catalog. Every condition looks at a customer's own rows only, so on the sample it finds
for each of them exactly what it finds in the database.

Each table keeps its bare name in the sample's schema. The customer table is copied twice when the catalog also reads it as
something else (a customer's referrer): only the first copy is the people who are counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from segbot.errors import ConfigurationError
from segbot.model.catalog import Catalog, Event, Field, Join, Source
from segbot.model.operators import Kind
from segbot.sql.names import event_sources
from segbot.sql.policy import Policy

FORMAT = 1
"""Grows when the same catalog would be sampled in another way."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How a table's rows hang on the chosen customers: `column` holds a customer's key, or what a row of `parent` holds.

    `parent` is a table as the catalog names it, its column, and how its own rows hang on the customers. `owned` rows belong
    to one customer each (orders, their lines); others are shared by many (products, companies).
    """

    column: str
    parent: tuple[str, str, Reach] | None = None
    owned: bool = True


@dataclass(frozen=True, slots=True)
class PlannedTable:
    """One table of the sample: its name there, the table it is copied from, its columns, and any of its ways to customers.

    `left_out` are columns that the catalog uses but that hold contact or sensitive data.
    """

    name: str
    source: str
    columns: tuple[str, ...]
    reaches: tuple[Reach, ...]
    left_out: tuple[str, ...] = ()

    @property
    def reference(self) -> bool:
        """Whether no row belongs to one customer: products, shops, companies."""
        return not any(reach.owned for reach in self.reaches)


@dataclass(frozen=True, slots=True)
class Plan:
    """A catalog's sample. The first table is that of the customers; `catalog` is the catalog over the sample's tables.

    `digest` tells whether a sample was made by the same plan.
    """

    catalog: Catalog
    tables: tuple[PlannedTable, ...]
    key: str
    digest: str

    def policy(self, held: Mapping[str, Iterable[str]], schema: str) -> Policy:
        """What the guard lets through on a sample that holds these columns."""
        whole = Policy.of(self.catalog)
        tables = {}
        for name, columns in whole.tables.items():
            here = frozenset(held.get(name, ()))
            tables[name] = {column: revealing for column, revealing in columns.items() if column in here}
        return replace(whole, tables=tables, default_schema=schema)


def plan_sample(catalog: Catalog) -> Plan:
    """How to sample a catalog. Raises `ConfigurationError` when its customer key is contact data itself."""
    collected = _Collected(catalog)
    names = _Names(catalog, tuple(collected.tables))
    hidden = set(_hidden(catalog))
    customers = catalog.customers
    base = (True, customers.table)
    if (base, customers.key) in hidden or ((False, customers.table), customers.key) in hidden:
        raise ConfigurationError(
            "The catalog's customer key holds contact or sensitive data, so no sample of customers is kept."
        )
    tables = []
    for place, table in collected.tables.items():
        # What is contact data under one name is so under every other.
        secret = {column for (_, name), column in hidden if name == place[1]}
        tables.append(
            PlannedTable(
                names.of[place],
                place[1],
                tuple(sorted(table.columns - secret)),
                tuple(table.reaches),
                tuple(sorted(table.columns & secret)),
            )
        )
    digest = hashlib.sha256(repr((FORMAT, customers.key, catalog.base, tables)).encode()).hexdigest()[:16]
    return Plan(_mapped(catalog, names), tuple(tables), customers.key, digest)


# --- collecting what the catalog reads ----------------------------------------------------------

_Place = tuple[bool, str]
"""Whether it is the table of those who are counted, and the table's name in the catalog."""


@dataclass(slots=True)
class _Table:
    columns: set[str] = field(default_factory=set)
    reaches: dict[Reach, None] = field(default_factory=dict)


class _Collected:
    """Every table that the catalog reads, with its columns and the ways from its rows to customers."""

    def __init__(self, catalog: Catalog) -> None:
        self.customers = catalog.customers
        base = (True, self.customers.table)
        self.tables: dict[_Place, _Table] = {base: _Table({self.customers.key}, {Reach(self.customers.key): None})}
        for attribute in catalog.attributes:
            self._follow(base, Reach(self.customers.key), attribute.source)
        for event in catalog.events:
            self._event(event)

    def _table(self, place: _Place) -> _Table:
        return self.tables.setdefault(place, _Table())

    def _follow(self, place: _Place, reach: Reach, source: Source) -> None:
        """A value over joins: each table on the way is reached from the one before it."""
        for step in source.joins:
            self._table(place).columns.update((step.from_column, *(near for near, _ in step.also)))
            if place[0] and step.from_column == self.customers.key:
                reach = Reach(step.to_column)
            else:
                owned = step.many and reach.owned
                reach = Reach(step.to_column, (place[1], step.from_column, reach), owned)
            place = (False, step.table)
            table = self._table(place)
            table.columns.update((step.to_column, *(far for _, far in step.also)))
            table.reaches[reach] = None
        self._table(place).columns.add(source.column)

    def _event(self, event: Event) -> None:
        place = (False, event.table)
        reach = self._owner(event)
        self._table(place).reaches[reach] = None
        if event.id_column is not None:
            self._table(place).columns.add(event.id_column)
        known = event.customer.joins
        for source in event_sources(event):
            if source.joins and source.joins == known[: len(source.joins)]:
                # The way to the customer: its rows are there already, by their customers.
                self._columns(place, source)
            else:
                self._follow(place, reach, source)

    def _owner(self, event: Event) -> Reach:
        """How an event's rows find their customer, from the far end; every table on the way gets its rows by it."""
        steps = event.customer.joins
        tables = [event.table, *(step.table for step in steps)]
        reach = Reach(event.customer.column)
        for step, near in zip(reversed(steps), reversed(tables[:-1]), strict=True):
            self._table((False, step.table)).reaches[reach] = None
            reach = Reach(step.from_column, (step.table, step.to_column, reach))
            self._table((False, near)).columns.add(step.from_column)
        return reach

    def _columns(self, place: _Place, source: Source) -> None:
        for step in source.joins:
            self._table(place).columns.update((step.from_column, *(near for near, _ in step.also)))
            place = (False, step.table)
            self._table(place).columns.update((step.to_column, *(far for _, far in step.also)))
        self._table(place).columns.add(source.column)


def _hidden(catalog: Catalog) -> Iterator[tuple[_Place, str]]:
    """The columns that hold contact or sensitive data."""
    for attribute in catalog.attributes:
        yield from _hidden_in(attribute, (True, catalog.customers.table))
    for event in catalog.events:
        for prop in event.properties:
            yield from _hidden_in(prop, (False, event.table))


def _hidden_in(entry: Field, place: _Place) -> Iterator[tuple[_Place, str]]:
    if entry.contact is not None or entry.sensitive or entry.kind in (Kind.EMAIL, Kind.PHONE):
        source = entry.source
        yield (False, source.joins[-1].table) if source.joins else place, source.column


# --- the catalog over the sample's tables -------------------------------------------------------


class _Names:
    """The name of each table in the sample: its bare name, with a number where two tables share it."""

    def __init__(self, catalog: Catalog, places: tuple[_Place, ...]) -> None:
        self.of: dict[_Place, str] = {}
        taken: set[str] = set()
        for place in places:
            bare = place[1].rpartition(".")[2]
            name, count = bare, 1
            while name.lower() in taken:
                count += 1
                name = f"{bare[:55]}_{count}"
            taken.add(name.lower())
            self.of[place] = name
        self.customers = self.of[(True, catalog.customers.table)]

    def table(self, name: str) -> str:
        return self.of[(False, name)]


def _mapped(catalog: Catalog, names: _Names) -> Catalog:
    return replace(
        catalog,
        customers=replace(catalog.customers, table=names.customers),
        attributes=tuple(_field(a, names) for a in catalog.attributes),
        events=tuple(_event(e, names) for e in catalog.events),
    )


def _event(event: Event, names: _Names) -> Event:
    return replace(
        event,
        table=names.table(event.table),
        customer=_source(event.customer, names),
        time=None if event.time is None else _source(event.time, names),
        properties=tuple(_field(p, names) for p in event.properties),
        where=tuple(replace(fixed, source=_source(fixed.source, names)) for fixed in event.where),
    )


def _field(entry: Field, names: _Names) -> Field:
    return replace(entry, source=_source(entry.source, names))


def _source(source: Source, names: _Names) -> Source:
    return replace(source, joins=tuple(_join(step, names) for step in source.joins))


def _join(step: Join, names: _Names) -> Join:
    return replace(step, table=names.table(step.table))
