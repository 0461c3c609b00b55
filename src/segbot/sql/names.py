"""Names and scopes of a query being built: aliases that never shadow a table, and rows with what is joined to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlglot import exp

from segbot.errors import CannotCompile
from segbot.model.catalog import Catalog, Event, Field, Join, Source
from segbot.model.condition import Condition
from segbot.model.resolve import Moment
from segbot.sql.dialect import POSTGRES, Postgres
from segbot.sql.nodes import RESERVED, Node, column, equal, join, table
from segbot.sql.statement import Bound, Parameters


@dataclass(frozen=True, slots=True)
class Aliases:
    """The names taken in a scope and around it. Sibling scopes may use the same names, inner ones not those outside."""

    taken: frozenset[str]

    def take(self, wish: str) -> tuple[str, Aliases]:
        """A free name like the wish, and the scope in which it is taken."""
        name, count = wish, 1
        while name in self.taken or name in RESERVED:
            count += 1
            name = f"{wish}{count}"
        return name, Aliases(self.taken | {name})

    def for_table(self, name: str) -> tuple[str, Aliases]:
        """An alias from a table's initials: order_items → oi."""
        words = name.rsplit(".", 1)[-1].lower().split("_")
        initials = "".join(word[0] for word in words if word and word[0].isascii() and word[0].isalpha())
        return self.take(initials or "t")


@dataclass(frozen=True, slots=True)
class Build:
    """What every part of a compilation shares: the catalog, the moment of counting, the values bound so far.

    `among` are conditions on attributes that everybody has of whom it will be asked whether they are in a set: whether
    other people are in it does not matter.
    """

    catalog: Catalog
    at: Moment
    parameters: Parameters = field(default_factory=Parameters)
    dialect: Postgres = POSTGRES
    among: tuple[Condition, ...] = ()

    def bind(self, value: Bound | tuple[Bound, ...], sql_type: str) -> Node:
        """A value as a typed placeholder."""
        return self.parameters.add(value, self.dialect.type_of(sql_type))

    @property
    def aliases(self) -> Aliases:
        """The outermost scope: no alias may look like a table of the catalog."""
        return Aliases(frozenset(tables_of(self.catalog)))


def tables_of(catalog: Catalog) -> Iterable[str]:
    """The bare names of all tables the catalog mentions, in lower case."""
    names = [catalog.customers.table]
    for source in sources_of(catalog.attributes):
        names.extend(step.table for step in source.joins)
    for event in catalog.events:
        names.append(event.table)
        for source in event_sources(event):
            names.extend(step.table for step in source.joins)
    return (name.rsplit(".", 1)[-1].lower() for name in names)


def sources_of(fields: Iterable[Field]) -> Iterable[Source]:
    """Where the values of fields live."""
    return (entry.source for entry in fields)


def event_sources(event: Event) -> Iterable[Source]:
    """Everything an event reads: its customer, its time, its properties and fixed filters."""
    yield event.customer
    if event.time is not None:
        yield event.time
    yield from sources_of(event.properties)
    yield from (fixed.source for fixed in event.where)


class RowScope:
    """The rows of one table in a FROM clause and the tables joined to them; a join shared by several values is made once."""

    def __init__(self, build: Build, table_name: str, aliases: Aliases) -> None:
        self.build = build
        self.table = table_name
        self.alias, self.aliases = aliases.for_table(table_name)
        self._joined: dict[tuple[Join, ...], str] = {}
        self._joins: list[tuple[Join, str, str]] = []
        self._required: set[str] = set()

    def column(self, source: Source, *, required: bool = False) -> Node:
        """The raw column of a source. `required` drops rows that have nothing joined, instead of giving them NULL."""
        return column(self._reach(source.joins, required), source.column)

    def value(self, source: Source, *, required: bool = False) -> Node:
        """The value of a source: its column, or the text at its path inside a JSON column."""
        raw = self.column(source, required=required)
        return self.build.dialect.json_text(raw, source.path) if source.path else raw

    def customer(self, source: Source) -> str:
        """The alias of the customer that each row names; rows of nobody are dropped."""
        customers = self.build.catalog.customers
        return self._reach((*source.joins, Join(customers.table, source.column, customers.key)), True)

    def _reach(self, steps: tuple[Join, ...], required: bool) -> str:
        here = self.alias
        for length in range(1, len(steps) + 1):
            chain, step = steps[:length], steps[length - 1]
            alias = self._joined.get(chain)
            if alias is None:
                alias, self.aliases = self.aliases.for_table(step.table)
                self._joined[chain] = alias
                self._joins.append((step, here, alias))
            if required:
                self._required.add(alias)
            here = alias
        return here

    @property
    def source(self) -> exp.Table:
        """The table of the FROM clause."""
        return table(self.table, self.alias)

    @property
    def joins(self) -> list[exp.Join]:
        """The joins needed so far, in an order in which each finds what it joins to."""
        return [
            join(
                table(step.table, alias),
                pairs(step, near, alias),
                side="" if alias in self._required else "LEFT",
            )
            for step, near, alias in self._joins
        ]


def pairs(step: Join, near: str, far: str) -> list[Node]:
    """The column equalities of a join between two aliases."""
    names = ((step.from_column, step.to_column), *step.also)
    return [equal(column(far, there), column(near, here)) for here, there in names]


def property_of(event: Event, key: str) -> Field:
    """A property by key. Raises `CannotCompile` when the event has none such."""
    found = event.property(key)
    if found is None:
        raise CannotCompile(f"the event {event.key!r} has no property {key!r}")
    return found
