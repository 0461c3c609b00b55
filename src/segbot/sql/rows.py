"""Sets of customers given by rows of other tables, and the two ways to ask whether a customer is in one.

A `RowQuery` can be correlated (`EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND ...)`) or grouped into one
row per customer; a `Closed` query already yields each customer once and is wrapped. Which way is the place's decision.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeAlias

from sqlglot import exp

from segbot.errors import CannotCompile, UnknownName
from segbot.model.catalog import Event, Join, Source
from segbot.model.condition import AllOf, AnyOf, Condition, Filter, Has, Listed, Rows
from segbot.model.operators import Kind, Operator
from segbot.sql import times
from segbot.sql.names import Aliases, Build, RowScope, pairs, property_of
from segbot.sql.nodes import (
    DIALECT,
    Node,
    aliased,
    column,
    conjunction,
    derived,
    disjunction,
    equal,
    exists,
    is_set,
    join,
    number,
    select,
)
from segbot.sql.values import Test, equals_exactly, test_value


@dataclass(frozen=True, slots=True)
class RowQuery:
    """Rows of a table: the customers they name are in the set. `columns` are the customer columns that `keys` equal."""

    scope: RowScope
    where: tuple[Node, ...]
    keys: tuple[Node, ...]
    columns: tuple[str, ...]

    def select(self, outputs: Sequence[Node], *, where: tuple[Node, ...] = ()) -> exp.Select:
        """The rows, ungrouped."""
        return select(outputs, self.scope.source, joins=self.scope.joins, where=(*where, *self.where))

    def grouped(self, outputs: Sequence[Node] = (), having: Node | None = None) -> exp.Select:
        """One row per customer: the keys, named key, key2 ..., then the outputs."""
        keys: list[Node] = [aliased(key.copy(), key_name(i)) for i, key in enumerate(self.keys)]
        return select(
            [*keys, *outputs],
            self.scope.source,
            joins=self.scope.joins,
            where=self.where,
            group=[key.copy() for key in self.keys],
            having=having,
        )


@dataclass(frozen=True, slots=True)
class Closed:
    """A query that yields each customer's key once, under the name key."""

    query: exp.Select
    columns: tuple[str, ...]


KeySet: TypeAlias = RowQuery | Closed


def key_name(index: int) -> str:
    """The output name of the nth key column."""
    return "key" if index == 0 else f"key{index + 1}"


class Place(Protocol):
    """Where a condition is asked: of which alias of the customer table, and in which way of asking."""

    alias: str
    aliases: Aliases

    def holds(self, members: KeySet) -> Node:
        """Whether the customer is in the set: an expression that is never NULL."""


@dataclass(slots=True)
class Correlated:
    """Asks by EXISTS: a semi-join, an anti-join under NOT, a hashed sub-plan under OR."""

    alias: str
    aliases: Aliases

    def holds(self, members: KeySet) -> Node:
        """EXISTS over the rows, or over the wrapped query."""
        match members:
            case RowQuery():
                here = tuple(
                    equal(key.copy(), column(self.alias, name))
                    for key, name in zip(members.keys, members.columns, strict=True)
                )
                return exists(members.select([number(1)], where=here))
            case Closed(query=query, columns=columns):
                name, _ = self.aliases.take("x")
                here = tuple(equal(column(name, key_name(i)), column(self.alias, c)) for i, c in enumerate(columns))
                return exists(select([number(1)], derived(query, name), where=here))


@dataclass(slots=True)
class Flagged:
    """Asks by LEFT JOIN of each distinct set, computed once however often it is asked for."""

    alias: str
    aliases: Aliases
    joins: list[exp.Join] = field(default_factory=list)
    _known: dict[str, str] = field(default_factory=dict)

    def holds(self, members: KeySet) -> Node:
        """Whether the joined set has the customer."""
        query = members.grouped() if isinstance(members, RowQuery) else members.query
        text = query.sql(DIALECT)
        name = self._known.get(text)
        if name is None:
            name, self.aliases = self.aliases.take(f"s{len(self._known) + 1}")
            self._known[text] = name
            on = [equal(column(name, key_name(i)), column(self.alias, c)) for i, c in enumerate(members.columns)]
            self.joins.append(join(derived(query, name), on, side="LEFT"))
        return is_set(column(name, "key"))


# --- rows of events -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class EventRows:
    """The rows of an event that count, with their customer key and moment."""

    build: Build
    event: Event
    scope: RowScope
    key: Node
    where: tuple[Node, ...]

    @property
    def query(self) -> RowQuery:
        """The rows as a set of customers."""
        return RowQuery(self.scope, self.where, (self.key,), (self.build.catalog.customers.key,))

    @property
    def time_type(self) -> str:
        """The type in which the event's time is compared."""
        source = time_source(self.event)
        return times.moment_type(source.sql_type, source.path, date_kind=False)

    def time(self) -> Node:
        """The moment of a row."""
        return _time(self.build, self.event, self.scope)

    def narrowed(self, *tests: Node) -> EventRows:
        """The same rows under further tests."""
        return EventRows(self.build, self.event, self.scope, self.key, (*self.where, *tests))


def time_source(event: Event) -> Source:
    """Where an event's time lives. Raises `CannotCompile` for one whose rows carry none."""
    if event.time is None:
        raise CannotCompile(f"rows of {event.key!r} carry no time")
    return event.time


def _time(build: Build, event: Event, scope: RowScope) -> Node:
    source = time_source(event)
    return times.as_moment(build, scope.value(source), source.sql_type, source.path, date_kind=False)


def event_of(build: Build, key: str) -> Event:
    """An event by key. Raises `UnknownName`."""
    event = build.catalog.event(key)
    if event is None:
        raise UnknownName(f"no event {key!r} in the catalog")
    return event


def event_rows(build: Build, rows: Rows, aliases: Aliases) -> EventRows:
    """The rows of an event in a window that meet all filters on the same row."""
    event = event_of(build, rows.event)
    scope = RowScope(build, event.table, aliases)
    key = scope.column(event.customer, required=True)
    where = [_fixed(build, scope, fixed.source, fixed.values, fixed.negated) for fixed in event.where]
    if build.among:
        alias = scope.customer(event.customer)
        where += [attribute_test(build, one, alias) for one in build.among]
    found = EventRows(build, event, scope, key, tuple(where))
    tests = row_tests(found, rows.filters)
    if rows.window is not None:
        tests.append(times.within(build, found.time(), found.time_type, rows.window))
    return found.narrowed(*tests)


_COMMON = frozenset({Operator.IS_SET, Operator.ANNIVERSARY})


def tells_few(build: Build, node: Condition) -> bool:
    """Whether a condition tests columns of the customer alone, and in a way that may leave few people.

    A set that is made by grouping rows is then made of those people's rows only. The planner knows from its statistics
    how few they are, and whether to look their rows up one by one.
    """
    match node:
        case Listed():
            return True
        case Has(attribute=key, operator=operator):
            field = build.catalog.attribute(key)
            if field is None or field.source.joins or field.source.path:
                return False
            return field.kind not in (Kind.FLAG, Kind.LIST) and operator not in _COMMON
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return all(tells_few(build, part) for part in parts)
        case _:
            return False


def attribute_test(build: Build, node: Condition, alias: str) -> Node:
    """A condition that `tells_few` of the customer under an alias."""
    match node:
        case Listed(keys=keys):
            source = Source(build.catalog.customers.key, sql_type=build.catalog.customers.key_type)
            return equals_exactly(build, source, column(alias, source.column), keys).expression
        case Has(attribute=key, operator=operator, values=values, window=window):
            field = build.catalog.attribute(key)
            assert field is not None
            return test_value(build, field, column(alias, field.source.column), operator, values, window).expression
        case AllOf(parts=parts):
            return conjunction(attribute_test(build, part, alias) for part in parts)
        case AnyOf(parts=parts):
            return disjunction(attribute_test(build, part, alias) for part in parts)
        case _:
            raise AssertionError(f"{node.kind} is no test of columns")


def _fixed(build: Build, scope: RowScope, source: Source, values: tuple[str | int | bool, ...], negated: bool) -> Node:
    value = scope.value(source)
    test = equals_exactly(build, source, value, values) if values else Test(is_set(value), True)
    return (test.negated() if negated else test).expression


def row_tests(rows: EventRows, filters: Sequence[Filter]) -> list[Node]:
    """That a row meets all filters.

    What a row has many of (the lines of an order) meets the filters on one and the same of them: grey trainers are one
    line that is grey and trainers. A negated filter says that none of them does. Two values of one property can't be on
    one line, so that each has its own: a dress and sandals in one order.
    """
    together: list[tuple[Join, list[Filter]]] = []
    tests: list[Node] = []
    for one in filters:
        source = property_of(rows.event, one.property).source
        if source.many and not one.negated:
            latest = next((line for step, line in reversed(together) if step == source.joins[0]), None)
            if latest is None or any(_excludes(one, other) for other in latest):
                together.append((source.joins[0], latest := []))
            latest.append(one)
        elif source.many:
            tests.append(Test(_some_line(rows, source.joins[0], [one]), True).negated().expression)
        else:
            tests.append(_row_test(rows, one).expression)
    return tests + [_some_line(rows, step, asked) for step, asked in together]


def _excludes(one: Filter, other: Filter) -> bool:
    """Whether two filters ask one property for different values, which no single line can have."""
    equal = one.operator is Operator.IS and other.operator is Operator.IS
    return equal and one.property == other.property and not set(one.values) & set(other.values)


def _row_test(rows: EventRows, one: Filter) -> Test:
    field_ = property_of(rows.event, one.property)
    value = rows.scope.value(field_.source)
    test = test_value(rows.build, field_, value, one.operator, one.values, one.window)
    return test.negated() if one.negated else test


def _some_line(rows: EventRows, step: Join, filters: Sequence[Filter]) -> Node:
    """That one of the rows behind a join meets all filters."""
    build, near = rows.build, rows.scope.alias
    line = RowScope(build, step.table, Aliases(rows.scope.aliases.taken | {near}))
    tests = []
    for one in filters:
        field_ = property_of(rows.event, one.property)
        source = replace(field_.source, joins=field_.source.joins[1:])
        value = line.value(source, required=True)
        tests.append(test_value(build, field_, value, one.operator, one.values, one.window).expression)
    here = tuple(pairs(step, near, line.alias))
    return exists(select([number(1)], line.source, joins=line.joins, where=(*here, *tests)))


def related_rows(build: Build, near: str, source: Source, aliases: Aliases) -> tuple[RowScope, Node]:
    """The rows at the end of a source's joins as a scope of its own, and the value there."""
    first, *rest = source.joins
    scope = RowScope(build, first.table, Aliases(aliases.taken | {near}))
    value = scope.value(Source(source.column, tuple(rest), source.path, source.sql_type), required=True)
    return scope, value
