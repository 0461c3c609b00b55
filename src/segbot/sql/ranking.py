"""Customers compared with each other: the top ten per cent, above average, a random share, at most so many."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from segbot.errors import CannotCompile, UnknownName
from segbot.model.catalog import Field
from segbot.model.condition import Against, Capped, Measured, Ranked, Sampled
from segbot.model.operators import Kind
from segbot.sql import times
from segbot.sql.events import measured
from segbot.sql.names import Aliases, Build, RowScope
from segbot.sql.nodes import (
    Node,
    aliased,
    column,
    count_rows,
    derived,
    equal,
    is_set,
    join,
    number,
    ordered,
    over,
    paren,
    select,
)
from segbot.sql.rows import Closed
from segbot.sql.values import Test, bind_number, number_of, numbers

_HEX_DIGITS = 8
_HUNDREDTH = exp.Literal.number("0.01")


class Pool:
    """The customers who are ranked, each with a value: the base, or those of a condition within it."""

    def __init__(self, build: Build, aliases: Aliases, by: str | Measured | None, *, number_only: bool) -> None:
        self.build = build
        self.scope = RowScope(build, build.catalog.customers.table, aliases)
        self.joins: list[exp.Join] = []
        self.value: Node | None = None
        self._number_only = number_only
        if isinstance(by, Measured):
            self._by_measure(by)
        elif by is not None:
            self._by_attribute(by)

    @property
    def key(self) -> Node:
        """The customer key."""
        return column(self.scope.alias, self.build.catalog.customers.key)

    def _by_measure(self, by: Measured) -> None:
        query = measured(self.build, by, self.scope.aliases)
        name, self.scope.aliases = self.scope.aliases.take("m")
        self.joins.append(join(derived(query, name), [equal(column(name, "key"), self.key)], side="LEFT"))
        self.value = column(name, "value")

    def _by_attribute(self, by: str) -> None:
        build, found = self.build, self.build.catalog.attribute(by)
        if found is None:
            raise UnknownName(f"no attribute {by!r} in the catalog")
        if found.source.many:
            raise CannotCompile(f"a customer may have several values of {by!r}, so it ranks nobody")
        raw = self.scope.value(found.source)
        match found.kind:
            case Kind.NUMBER | Kind.MONEY:
                self.value = number_of(build, found, raw)
            case Kind.AGE:
                self.value = self._age(found, raw)
            case Kind.DATE | Kind.TIME if not self._number_only:
                source = found.source
                self.value = times.as_moment(
                    build, raw, source.sql_type, source.path, date_kind=found.kind is Kind.DATE
                )
            case _:
                raise CannotCompile(f"{by!r} is a {found.kind}, which has no order to rank by")

    def _age(self, found: Field, raw: Node) -> Node:
        """An age in days, exact where the birth date is kept; those not born yet have none."""
        build, source = self.build, found.source
        if not source.path and source.sql_type in ("integer", "numeric"):
            return raw
        kind = times.moment_type(source.sql_type, source.path, date_kind=True)
        born = times.as_moment(build, raw, source.sql_type, source.path, date_kind=True)
        day = times.local_day(build, born, kind)
        today = build.bind(build.at.today, "date")
        born_by_now = exp.LTE(this=day, expression=today)
        days = build.dialect.days_between(today.copy(), paren(day.copy()))
        return exp.Case(ifs=[exp.If(this=born_by_now, true=days)])

    def select(
        self, outputs: Sequence[Node], where: Sequence[Node], *, order: Sequence[Node] = (), limit: Node | None = None
    ) -> exp.Select:
        """One row per customer of the pool who meets the tests."""
        return select(
            outputs,
            self.scope.source,
            joins=[*self.scope.joins, *self.joins],
            where=where,
            order=order,
            limit=limit,
        )


def value_of(pool: Pool) -> Node:
    """A fresh copy of the pool's value."""
    assert pool.value is not None
    return pool.value.copy()


def ranked(build: Build, node: Ranked, pool: Pool, members: Node) -> Closed:
    """The first n places (or n per cent of the people) by value; people who share a place are all in."""
    top = node.side == "top"
    place = over(exp.Rank(), order=[ordered(value_of(pool), descending=top, nulls_first=top)])
    outputs = [aliased(pool.key, "key"), aliased(place, "place")]
    if node.unit == "percent":
        outputs.append(aliased(over(count_rows()), "people"))
    query = pool.select(outputs, [is_set(value_of(pool)), members])
    name, _ = pool.scope.aliases.take("r")
    amount = bind_number(build, numbers((node.amount,))[0])
    limit: Node = amount
    if node.unit == "percent":
        # A hundredth as a constant, not a division, which would be of integers when the values stand in place.
        share = exp.Mul(this=exp.Mul(this=column(name, "people"), expression=amount), expression=_HUNDREDTH.copy())
        limit = exp.Ceil(this=share)
    chosen = select(
        [column(name, "key")], derived(query, name), where=[exp.LTE(this=column(name, "place"), expression=limit)]
    )
    return Closed(chosen, (build.catalog.customers.key,))


def against(build: Build, node: Against, pool: Pool, members: Node) -> Closed:
    """Those above (or below) the middle of all who have a value."""
    name, taken = pool.scope.aliases.take("r")
    side = exp.GT if node.side == "above" else exp.LT
    outputs = [aliased(pool.key, "key"), aliased(value_of(pool), "value")]
    where = [is_set(value_of(pool)), members]
    if node.statistic == "average":
        outputs.append(aliased(over(exp.Avg(this=value_of(pool))), "middle"))
        middle: Node = column(name, "middle")
    else:
        other, _ = taken.take("q")
        values = pool.select([aliased(value_of(pool), "value")], [test.copy() for test in where])
        middle = exp.Subquery(this=build.dialect.median(column(other, "value"), derived(values, other)))
    query = pool.select(outputs, where)
    chosen = select(
        [column(name, "key")], derived(query, name), where=[side(this=column(name, "value"), expression=middle)]
    )
    return Closed(chosen, (build.catalog.customers.key,))


def sampled(build: Build, node: Sampled, alias: str) -> Test:
    """A stable random share: the first hexadecimal digits of a hash of seed and key lie below a threshold."""
    threshold = round(16**_HEX_DIGITS * float(node.percent) / 100)
    if threshold >= 16**_HEX_DIGITS:
        return Test(exp.Boolean(this=True), True)
    key = column(alias, build.catalog.customers.key)
    digits = exp.Left(
        this=build.dialect.random_order(key, build.bind(str(node.seed), "text")), expression=number(_HEX_DIGITS)
    )
    return Test(exp.LT(this=digits, expression=build.bind(f"{threshold:0{_HEX_DIGITS}x}", "text")), True)


_MOST_ROWS = 2**63 - 1


def capped(build: Build, node: Capped, pool: Pool, members: Node) -> Closed:
    """The first so many of a condition, in order of value (those without one last) or at random; ties broken by key."""
    if pool.value is None:
        first = ordered(build.dialect.random_order(pool.key, build.bind("0", "text")))
    else:
        first = ordered(value_of(pool), descending=node.side == "top")
    query = pool.select(
        [aliased(pool.key, "key")],
        [members],
        order=[first, ordered(pool.key)],
        limit=bind_number(build, min(node.amount, _MOST_ROWS)),
    )
    return Closed(query, (build.catalog.customers.key,))
