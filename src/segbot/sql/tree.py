"""One condition of one customer, as a boolean expression: the compiler proper, node by node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import assert_never

from sqlglot import exp

from segbot.errors import CannotCompile, NoLocation, TooManyListed, UnknownName
from segbot.model.catalog import Field, Join, Role, Source
from segbot.model.condition import (
    Against,
    AllOf,
    AnyOf,
    Around,
    CameBack,
    Capped,
    Compare,
    Condition,
    Defined,
    Did,
    Everyone,
    Has,
    Held,
    Listed,
    Measured,
    Member,
    Near,
    Not,
    Nth,
    Ranked,
    Reachable,
    Regularly,
    Sampled,
    Sequence,
    Share,
    Stopped,
)
from segbot.model.operators import Kind, Operator
from segbot.sql import events, ranking, times
from segbot.sql.names import Aliases, Build, RowScope
from segbot.sql.nodes import Node, column, conjunction, equal, exists, number
from segbot.sql.rows import Closed, Correlated, Place, RowQuery, event_rows, related_rows, tells_few
from segbot.sql.values import (
    ANYBODY,
    NOBODY,
    Test,
    all_true,
    any_true,
    as_word,
    check_fits,
    compare_numbers,
    equals_exactly,
    near,
    number_of,
    numbers,
    present,
    test_value,
)

MOST_LISTED = 100_000
"""Keys of a list travel to the customer database as one array parameter: up to about a megabyte."""


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles lowered conditions; `base` (lowered too) is the set that rankings look at."""

    build: Build
    base: Condition | None = None

    def test(self, node: Condition, place: Place) -> Test:
        """Whether the customer at a place is in a condition's set."""
        build, aliases = self.build, place.aliases
        match node:
            case Everyone():
                return ANYBODY
            case AllOf(parts=parts):
                inner = self._among(parts) if isinstance(place, Correlated) else self
                return all_true([inner.test(part, place) for part in parts])
            case AnyOf(parts=parts):
                return any_true([self.test(part, place) for part in parts])
            case Not(part=part):
                return self.test(part, place).negated()
            case Has():
                return self._has(node, place)
            case Did():
                return self._found(lambda build: events.did(build, node, aliases), place)
            case Nth():
                return self._found(lambda build: events.nth(build, node, aliases), place)
            case Share():
                return self._found(lambda build: events.share(build, node, aliases), place)
            case Compare():
                return self._found(lambda build: events.compare(build, node, aliases), place)
            case Sequence():
                return self._found(lambda build: events.sequence(build, node, aliases), place)
            case Regularly():
                return self._found(lambda build: events.regularly(build, node, aliases), place)
            case CameBack():
                return self._found(lambda build: events.came_back(build, node, aliases), place)
            case Around():
                return self._around(node, place)
            case Ranked(by=by, within=within):
                pool, members = self._pool(by, within, aliases, number_only=False)
                return self._held(ranking.ranked(build, node, pool, members), place)
            case Against(by=by, within=within):
                pool, members = self._pool(by, within, aliases, number_only=True)
                return self._held(ranking.against(build, node, pool, members), place)
            case Capped(part=part, by=by):
                pool, members = self._pool(by, part, aliases, number_only=False)
                return self._held(ranking.capped(build, node, pool, members), place)
            case Sampled():
                return ranking.sampled(build, node, place.alias)
            case Near():
                return self._near(node, place)
            case Listed(keys=keys):
                if len(keys) > MOST_LISTED:
                    raise TooManyListed(f"{len(keys):,} keys")
                key = build.catalog.customers
                source = Source(key.key, sql_type=key.key_type)
                return Test(equals_exactly(build, source, column(place.alias, key.key), keys).expression, True)
            case Member() | Defined() | Reachable() | Stopped() | Held():
                raise AssertionError(f"{node.kind} is lowered before it is compiled")
            case _:
                assert_never(node)

    def members_of_base(self, place: Place, *parts: Condition) -> Node:
        """The tests of the base and of some conditions."""
        wanted = parts if self.base is None else (self.base, *parts)
        return conjunction(self.test(part, place).expression for part in wanted if not isinstance(part, Everyone))

    def _among(self, parts: tuple[Condition, ...]) -> Compiler:
        """For the parts of an all-of: what they say of columns holds for everybody the others are asked about."""
        few = tuple(part for part in parts if tells_few(self.build, part))
        return replace(self, build=replace(self.build, among=(*self.build.among, *few))) if few else self

    @property
    def _of_everybody(self) -> Compiler:
        return replace(self, build=replace(self.build, among=()))

    def _found(self, make: Callable[[Build], events.Found], place: Place) -> Test:
        found = make(self.build)
        if self.build.among and isinstance(found.members, RowQuery):
            # Rows are looked up by the customer anyway: only what is grouped first gains from fewer people.
            found = make(self._of_everybody.build)
        if found.members is None:
            return ANYBODY if found.outside else NOBODY
        test = Test(place.holds(found.members), True)
        return test.negated() if found.outside else test

    def _held(self, members: Closed, place: Place) -> Test:
        return Test(place.holds(members), True)

    def _pool(
        self, by: str | Measured | None, within: Condition | None, aliases: Aliases, *, number_only: bool
    ) -> tuple[ranking.Pool, Node]:
        everybody = self._of_everybody
        pool = ranking.Pool(everybody.build, aliases, by, number_only=number_only)
        place = Correlated(pool.scope.alias, pool.scope.aliases)
        return pool, everybody.members_of_base(place, *([] if within is None else [within]))

    # --- attributes

    def _attribute(self, key: str) -> Field:
        found = self.build.catalog.attribute(key)
        if found is None:
            raise UnknownName(f"no attribute {key!r} in the catalog")
        return found

    def _has(self, node: Has, place: Place) -> Test:
        field = self._attribute(node.attribute)
        check_fits(field, node.operator)
        if not field.source.joins:
            value = RowValue(self.build, place.alias).of(field.source)
            return test_value(self.build, field, value, node.operator, node.values, node.window)
        if field.kind is Kind.LIST and (field.source.many or field.source.sql_type != "text[]"):
            return self._joined_list(field, node, place)
        scope, value = self._joined(field, place)
        test = test_value(self.build, field, value, node.operator, node.values, node.window)
        return Test(place.holds(_rows_of(field, scope, test.expression)), True)

    def _joined(self, field: Field, place: Place) -> tuple[RowScope, Node]:
        return related_rows(self.build, place.alias, field.source, place.aliases)

    def _joined_list(self, field: Field, node: Has, place: Place) -> Test:
        """A list kept as rows of another table: one row an entry."""
        build = self.build

        def entry(*words: str) -> Test:
            scope, value = self._joined(field, place)
            test = equals_exactly(build, field.source, value, words)
            return Test(place.holds(_rows_of(field, scope, test.expression)), True)

        scope, value = self._joined(field, place)
        filled = present(Field(field.key, field.label, Kind.CHOICE, field.source), value, build)
        match node.operator:
            case Operator.IS_SET:
                return Test(place.holds(_rows_of(field, scope, filled)), True)
            case Operator.HAS_ANY:
                return entry(*dict.fromkeys(as_word(v) for v in node.values))
            case Operator.HAS_ALL:
                return all_true([entry(word) for word in dict.fromkeys(as_word(v) for v in node.values)])
            case _:
                low, high = numbers(node.values)
                rows = _rows_of(field, scope, filled)
                entries = exp.Count(this=exp.Distinct(expressions=[value.copy()]), big_int=True)
                if low > 0 or high < 0:
                    within = compare_numbers(build, entries, Operator.BETWEEN, (low, high))
                    return Test(place.holds(Closed(rows.grouped(having=within), rows.columns)), True)
                more = compare_numbers(build, entries, Operator.GT, (high,))
                return Test(place.holds(Closed(rows.grouped(having=more), rows.columns)), True).negated()

    def _near(self, node: Near, place: Place) -> Test:
        found: dict[Role, Node] = {}
        sources: list[Source] = []
        for role in (Role.LATITUDE, Role.LONGITUDE):
            field = self.build.catalog.with_role(role)
            if field is None:
                raise NoLocation(f"no attribute is known to hold the customer's {role}")
            sources.append(field.source)
            if not field.source.joins:
                found[role] = number_of(self.build, field, RowValue(self.build, place.alias).of(field.source))
        if not any(source.joins for source in sources):
            return near(self.build, found, node)
        if sources[0].joins != sources[1].joins:
            raise CannotCompile("latitude and longitude live in different tables")
        scope, latitude = related_rows(self.build, place.alias, sources[0], place.aliases)
        longitude = scope.value(Source(sources[1].column, sources[1].joins[1:], sources[1].path), required=True)
        test = near(self.build, {Role.LATITUDE: latitude, Role.LONGITUDE: longitude}, node)
        columns = _outer_columns(sources[0].joins[0])
        keys = _inner_columns(scope, sources[0].joins[0])
        return Test(place.holds(RowQuery(scope, (test.expression,), keys, columns)), True)

    # --- rows around a customer's own date

    def _around(self, node: Around, place: Place) -> Test:
        """A row between so long before and so long after a date of the customer's own."""
        build, table = self._of_everybody.build, self.build.catalog.customers
        field = self._attribute(node.attribute)
        if field.kind not in (Kind.DATE, Kind.TIME):
            raise CannotCompile(f"{node.attribute!r} is a {field.kind}, not a date")
        if field.source.many:
            raise CannotCompile(f"a customer may have several values of {node.attribute!r}")
        direct = isinstance(place, Correlated) and not field.source.joins
        scope = RowScope(build, table.table, place.aliases)
        value = RowValue(build, place.alias).of(field.source) if direct else scope.value(field.source)
        date_kind = field.kind is Kind.DATE
        own = times.as_moment(build, value, field.source.sql_type, field.source.path, date_kind=date_kind)
        own_type = times.moment_type(field.source.sql_type, field.source.path, date_kind=date_kind)
        rows = event_rows(build, node.rows, scope.aliases)
        when, when_type = rows.time(), rows.time_type
        if "date" in (own_type, when_type):
            own, when = times.local_day(build, own, own_type), times.local_day(build, when, when_type)
            own_type = when_type = "date"
        if own_type != when_type:
            raise CannotCompile(f"times of {node.rows.event!r} and {node.attribute!r} are kept in different ways")
        low = own if node.before is None else times.moved(build, own, own_type, node.before, back=True)
        high = own.copy() if node.after is None else times.moved(build, own.copy(), own_type, node.after)
        near_by: list[Node] = [exp.GTE(this=when, expression=low), exp.LTE(this=when.copy(), expression=high)]
        if direct:
            return Test(place.holds(rows.narrowed(*near_by).query), True)
        mine = column(scope.alias, table.key)
        inner = exists(rows.query.select([number(1)], where=(equal(rows.key.copy(), mine.copy()), *near_by)))
        return Test(place.holds(RowQuery(scope, (inner,), (mine,), (table.key,))), True)


@dataclass(frozen=True, slots=True)
class RowValue:
    """Values of the row under an alias, without joins."""

    build: Build
    alias: str

    def of(self, source: Source) -> Node:
        """The column, or the text at its JSON path."""
        raw = column(self.alias, source.column)
        return self.build.dialect.json_text(raw, source.path) if source.path else raw


def _outer_columns(step: Join) -> tuple[str, ...]:
    return (step.from_column, *(here for here, _ in step.also))


def _inner_columns(scope: RowScope, step: Join) -> tuple[Node, ...]:
    return (column(scope.alias, step.to_column), *(column(scope.alias, there) for _, there in step.also))


def _rows_of(field: Field, scope: RowScope, test: Node) -> RowQuery:
    step = field.source.joins[0]
    return RowQuery(scope, (test,), _inner_columns(scope, step), _outer_columns(step))
