"""What customers did, as sets of customers: at least once, how often, how much, the nth time, in which order."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlglot import exp

from segbot.errors import CannotCompile
from segbot.model.condition import (
    CameBack,
    Compare,
    Comparison,
    Did,
    Measure,
    Measured,
    Nth,
    Regularly,
    Sequence,
    Share,
)
from segbot.model.operators import Operator
from segbot.model.resolve import period_dates
from segbot.model.windows import Calendar, Unit
from segbot.sql import times
from segbot.sql.names import Aliases, Build, property_of
from segbot.sql.nodes import (
    Node,
    aliased,
    column,
    conjunction,
    count_rows,
    derived,
    equal,
    exists,
    is_not_true,
    is_set,
    is_true,
    join,
    number,
    opposite,
    ordered,
    over,
    select,
)
from segbot.sql.rows import Closed, EventRows, KeySet, event_rows, row_tests
from segbot.sql.values import bind_number, compare_numbers, number_of, numbers

Number = int | Decimal
MOST_PERIODS = 1_000
"""Of how many periods "in most of the last n" may speak: each has bounds of its own in the query."""


@dataclass(frozen=True, slots=True)
class Found:
    """A set of customers, or (`outside`) all customers but those of a set; `None` is the empty set."""

    members: KeySet | None
    outside: bool = False


EVERYBODY = Found(None, outside=True)
NOBODY = Found(None)


# --- did ----------------------------------------------------------------------------------------


def did(build: Build, node: Did, aliases: Aliases) -> Found:
    """Customers whose measure over the rows compares as asked; without rows a count, sum or distinct is 0."""
    rows = event_rows(build, node.rows, aliases)
    bounds = numbers(node.comparison.values)
    if node.measure.function in ("count", "distinct"):
        return _how_many(rows, node.measure, whole_bounds(node.comparison.operator, bounds))
    value = measure_value(rows, node.measure)
    operator = node.comparison.operator
    if node.measure.function == "sum" and satisfied(0, operator, bounds):
        # A sum of nothing but NULLs is NULL, so it is not in the complement: it counts as 0, like no rows at all.
        complement = opposite(compare_numbers(build, value, operator, bounds))
        return Found(Closed(rows.query.grouped(having=complement), rows.query.columns), outside=True)
    holds = compare_numbers(build, value, operator, bounds)
    return Found(Closed(rows.query.grouped(having=holds), rows.query.columns))


def whole_bounds(operator: Operator, bounds: tuple[Number, ...]) -> tuple[int, int | None] | None:
    """The whole numbers that compare as asked, from low to high (None: no upper end); None when there are none."""
    low, high = 0, None
    first = bounds[0]
    match operator:
        case Operator.GE:
            low = math.ceil(first)
        case Operator.GT:
            low = math.floor(first) + 1
        case Operator.LE:
            high = math.floor(first)
        case Operator.LT:
            high = math.ceil(first) - 1
        case Operator.BETWEEN:
            low, high = math.ceil(first), math.floor(bounds[1])
        case _:
            if first != int(first):
                return None
            low = high = int(first)
    low = max(low, 0)
    return None if high is not None and high < low else (low, high)


def _how_many(rows: EventRows, measure: Measure, bounds: tuple[int, int | None] | None) -> Found:
    """Rows (or distinct values) counted against whole bounds; those without rows have 0."""
    if bounds is None:
        return NOBODY
    low, high = bounds
    if low == 0 and high is None:
        return EVERYBODY
    if low == 0:
        assert high is not None
        more = _at_least(rows, measure, high + 1)
        return Found(more, outside=True)
    if high is None:
        return Found(_at_least(rows, measure, low))
    how_many = measure_value(rows, measure)
    build = rows.build
    within: Node
    if low == high:
        within = equal(how_many, bind_number(build, low))
    else:
        within = exp.Between(this=how_many, low=bind_number(build, low), high=bind_number(build, high))
    return Found(Closed(rows.query.grouped(having=within), rows.query.columns))


def _at_least(rows: EventRows, measure: Measure, least: int) -> KeySet:
    if least == 1:
        if measure.property is None:
            return rows.query
        value = property_value(rows, measure.property)
        return rows.narrowed(is_set(value)).query
    having = exp.GTE(this=measure_value(rows, measure), expression=bind_number(rows.build, least))
    return Closed(rows.query.grouped(having=having), rows.query.columns)


# --- measures -----------------------------------------------------------------------------------


def property_value(rows: EventRows, key: str) -> Node:
    """A property of a row, as it is kept."""
    return rows.scope.value(property_of(rows.event, key).source)


def property_number(rows: EventRows, key: str) -> Node:
    """A property of a row as a number."""
    field = property_of(rows.event, key)
    return number_of(rows.build, field, rows.scope.value(field.source))


def measure_value(rows: EventRows, measure: Measure) -> Node:
    """The aggregate of a measure."""
    match measure.function, measure.property:
        case "count", None:
            return count_rows()
        case "distinct", str(key):
            return exp.Count(this=exp.Distinct(expressions=[property_value(rows, key)]), big_int=True)
        case "sum", str(key):
            return exp.Sum(this=property_number(rows, key))
        case "average", str(key):
            return exp.Avg(this=property_number(rows, key))
        case "minimum", str(key):
            return exp.Min(this=property_number(rows, key))
        case "maximum", str(key):
            return exp.Max(this=property_number(rows, key))
        case _:
            raise CannotCompile(f"no measure {measure.function} of {measure.property!r}")


def satisfied(value: Number, operator: Operator, bounds: tuple[Number, ...]) -> bool:
    """Whether a known number compares as asked."""
    tests: dict[Operator, Callable[[], bool]] = {
        Operator.IS: lambda: value == bounds[0],
        Operator.GT: lambda: value > bounds[0],
        Operator.GE: lambda: value >= bounds[0],
        Operator.LT: lambda: value < bounds[0],
        Operator.LE: lambda: value <= bounds[0],
        Operator.BETWEEN: lambda: bounds[0] <= value <= bounds[1],
    }
    return tests[operator]()


def has_default(measure: Measure) -> bool:
    """Whether the measure is 0, rather than no answer, over no rows."""
    return measure.function in ("count", "sum", "distinct")


def measured(build: Build, asked: Measured, aliases: Aliases) -> exp.Select:
    """One row per customer with rows: key and value."""
    rows = event_rows(build, asked.rows, aliases)
    return rows.query.grouped([aliased(measure_value(rows, asked.measure), "value")])


# --- nth, share, compare ------------------------------------------------------------------------


def nth(build: Build, node: Nth, aliases: Aliases) -> Found:
    """Customers whose nth row by time falls in the window and meets the filters.

    Rows of the same moment are told apart by the event's id column; without one, a row that meets the test goes first.
    """
    rows = event_rows(build, node.rows, aliases)
    if node.window is None and not node.filters:
        return _how_many(rows, Measure("count"), (abs(node.position), None))
    backwards = node.position < 0
    if abs(node.position) == 1 and not node.filters:
        assert node.window is not None
        edge = (exp.Max if backwards else exp.Min)(this=rows.time())
        having = times.within(build, edge, rows.time_type, node.window)
        return Found(Closed(rows.query.grouped(having=having), rows.query.columns))
    tests = row_tests(rows, node.filters)
    if node.window is not None:
        tests.append(times.within(build, rows.time(), rows.time_type, node.window))
    holds = is_true(conjunction(tests))
    id_column = rows.event.id_column
    tie = ordered(column(rows.scope.alias, id_column), descending=backwards) if id_column else None
    order = [ordered(rows.time(), descending=backwards), tie or ordered(holds.copy(), descending=True)]
    numbered = rows.narrowed(is_set(rows.time())).query.select(
        [
            aliased(rows.key.copy(), "key"),
            aliased(holds, "holds"),
            aliased(over(exp.RowNumber(), partition=[rows.key.copy()], order=order), "place"),
        ]
    )
    name, _ = aliases.take("n")
    position = bind_number(build, abs(node.position))
    query = select(
        [column(name, "key")],
        derived(numbered, name),
        where=[equal(column(name, "place"), position), column(name, "holds")],
    )
    return Found(Closed(query, rows.query.columns))


def share(build: Build, node: Share, aliases: Aliases) -> Found:
    """Customers for whom the rows of `part` are such a fraction of the rows of `whole`."""
    whole = event_rows(build, node.whole, aliases)
    columns = whole.query.columns
    if node.part.event == node.whole.event:
        tests = row_tests(whole, node.part.filters)
        if node.part.window is not None and node.part.window != node.whole.window:
            tests.append(times.within(build, whole.time(), whole.time_type, node.part.window))
        some: Node = exp.Filter(this=count_rows(), expression=exp.Where(this=conjunction(tests)))
        having = _fraction(build, some, node.comparison, count_rows())
        return Found(Closed(whole.query.grouped(having=having), columns))
    whole_name, taken = aliases.take("w")
    part_name, _ = taken.take("p")
    whole_rows = whole.query.grouped([aliased(count_rows(), "value")])
    part_rows = measured(build, Measured(node.part), aliases)
    some = exp.Coalesce(this=column(part_name, "value"), expressions=[number(0)])
    query = select(
        [column(whole_name, "key")],
        derived(whole_rows, whole_name),
        joins=[
            join(
                derived(part_rows, part_name),
                [equal(column(part_name, "key"), column(whole_name, "key"))],
                side="LEFT",
            )
        ],
        where=[_fraction(build, some, node.comparison, column(whole_name, "value"))],
    )
    return Found(Closed(query, columns))


def _fraction(build: Build, some: Node, comparison: Comparison, whole: Node) -> Node:
    """some / whole compared with fractions, multiplied out so that nothing is rounded."""

    def of_whole(fraction: Number) -> Node:
        return exp.Mul(this=bind_number(build, fraction), expression=whole.copy())

    bounds = numbers(comparison.values)
    if comparison.operator is Operator.BETWEEN:
        return exp.Between(this=some, low=of_whole(bounds[0]), high=of_whole(bounds[1]))
    return _BINARY[comparison.operator](this=some, expression=of_whole(bounds[0]))


_BINARY: dict[Operator, type[exp.Binary]] = {
    Operator.IS: exp.EQ,
    Operator.GT: exp.GT,
    Operator.GE: exp.GTE,
    Operator.LT: exp.LT,
    Operator.LE: exp.LTE,
}


def compare(build: Build, node: Compare, aliases: Aliases) -> Found:
    """Customers for whom one measure compares with another times a factor."""
    left_name, taken = aliases.take("a")
    right_name, _ = taken.take("b")
    factor = numbers((node.factor,))[0]

    def value(name: str, side: Measured) -> Node:
        found = column(name, "value")
        return exp.Coalesce(this=found, expressions=[number(0)]) if has_default(side.measure) else found

    right = value(right_name, node.right)
    scaled = right if factor == 1 else exp.Mul(this=bind_number(build, factor), expression=right)
    holds: Node = _BINARY[node.operator](this=value(left_name, node.left), expression=scaled)
    both_default = has_default(node.left.measure) and has_default(node.right.measure)
    outside = both_default and satisfied(0, node.operator, (0,))
    query = select(
        [
            aliased(
                exp.Coalesce(this=column(left_name, "key"), expressions=[column(right_name, "key")]),
                "key",
            )
        ],
        derived(measured(build, node.left, aliases), left_name),
        joins=[
            join(
                derived(measured(build, node.right, aliases), right_name),
                [equal(column(right_name, "key"), column(left_name, "key"))],
                side="FULL",
            )
        ],
        where=[is_not_true(holds) if outside else holds],
    )
    return Found(Closed(query, (build.catalog.customers.key,)), outside)


# --- order in time ------------------------------------------------------------------------------


def sequence(build: Build, node: Sequence, aliases: Aliases) -> Found:
    """A first row and a later one of the other event (or none after the customer's last first row).

    For two different events the same moment counts as later; a repetition of one event is strictly later.
    """
    if not node.then_never:
        first = event_rows(build, node.first, aliases)
        same = tuple(property_value(first, key) for key in node.same)
        # The time may join a table: only then are the aliases known that the inner query must not take.
        time = first.time()
        follows = _follows(build, node, first.scope.aliases, first.key, time, first.time_type, same)
        return Found(first.narrowed(follows).query)
    first = event_rows(build, node.first, aliases)
    outputs: list[Node] = [aliased(first.key.copy(), "key"), aliased(first.time(), "time")]
    outputs += [aliased(property_value(first, key), f"same{i}") for i, key in enumerate(node.same)]
    latest = over(exp.Rank(), partition=[first.key.copy()], order=[ordered(first.time(), descending=True)])
    outputs.append(aliased(latest, "place"))
    numbered = first.narrowed(is_set(first.time())).query.select(outputs)
    name, taken = aliases.take("f")
    same = tuple(column(name, f"same{i}") for i in range(len(node.same)))
    follows = _follows(build, node, taken, column(name, "key"), column(name, "time"), first.time_type, same)
    query = select(
        [column(name, "key")],
        derived(numbered, name),
        where=[equal(column(name, "place"), number(1)), opposite(follows)],
        group=[column(name, "key")],
    )
    return Found(Closed(query, first.query.columns))


def _follows(
    build: Build, node: Sequence, aliases: Aliases, key: Node, time: Node, time_type: str, same: tuple[Node, ...]
) -> Node:
    then = event_rows(build, node.then, aliases)
    later, earlier, compared = then.time(), time, then.time_type
    if "date" in (then.time_type, time_type):
        later, earlier = times.local_day(build, later, then.time_type), times.local_day(build, time, time_type)
        compared = "date"
    elif then.time_type != time_type:
        raise CannotCompile(f"times of {node.first.event!r} and {node.then.event!r} are kept in different ways")
    order = exp.GT if node.first.event == node.then.event else exp.GTE
    where: list[Node] = [equal(then.key.copy(), key.copy()), order(this=later, expression=earlier)]
    if node.first.window is not None and node.first.window.start is not None and then.time_type == time_type:
        # Follows from the first row's window, but a planner does not conclude it, and an index can serve it.
        beginning = replace(node.first.window, end=None, clock=None)
        where.append(times.within(build, then.time(), then.time_type, beginning))
    if node.within is not None:
        latest = times.moved(build, earlier.copy(), compared, node.within)
        where.append(exp.LTE(this=later.copy(), expression=latest))
    where += [equal(property_value(then, name), value) for name, value in zip(node.same, same, strict=True)]
    return exists(then.query.select([number(1)], where=tuple(where)))


def regularly(build: Build, node: Regularly, aliases: Aliases) -> Found:
    """Customers with rows in at least so many of the last n whole periods before the current one."""
    rows = event_rows(build, node.rows, aliases)
    bounds = _period_bounds(build, node, rows.time_type)
    kind = rows.time_type
    inside = (
        exp.GTE(this=rows.time(), expression=build.bind(bounds[0], kind)),
        exp.LT(this=rows.time(), expression=build.bind(bounds[-1], kind)),
    )
    period = build.dialect.period_number(build.bind, rows.time(), tuple(bounds), kind)
    how_many = exp.Count(this=exp.Distinct(expressions=[period]), big_int=True)
    having = exp.GTE(this=how_many, expression=bind_number(build, node.at_least))
    found = rows.narrowed(*inside).query
    return Found(Closed(found.grouped(having=having), found.columns))


def _period_bounds(build: Build, node: Regularly, column_type: str) -> list[date | datetime]:
    """The n + 1 edges of the last n whole periods, rising, in the column's own type."""
    if node.of > MOST_PERIODS:
        raise CannotCompile(f"{node.of} periods are more than the {MOST_PERIODS} that can be told apart")
    at = build.at
    if node.unit.is_clock:
        step = timedelta(minutes=1) if node.unit is Unit.MINUTE else timedelta(hours=1)
        edges = [at.now.astimezone(at.zone) - step * back for back in range(node.of, -1, -1)]
    else:
        days = [period_dates(Calendar(node.unit, -back), at)[0] for back in range(node.of, -1, -1)]
        edges = [datetime(day.year, day.month, day.day, tzinfo=at.zone) for day in days]
    match column_type:
        case "date":
            return [edge.date() for edge in edges]
        case "timestamp":
            return [edge.replace(tzinfo=None) for edge in edges]
        case _:
            return list(edges)


def came_back(build: Build, node: CameBack, aliases: Aliases) -> Found:
    """Customers with a row in the window that came at least so long after the row before it."""
    rows = event_rows(build, node.rows, aliases)
    previous = over(exp.Lag(this=rows.time()), partition=[rows.key.copy()], order=[ordered(rows.time())])
    spaced = rows.query.select(
        [aliased(rows.key.copy(), "key"), aliased(rows.time(), "time"), aliased(previous, "previous")]
    )
    name, _ = aliases.take("g")
    time = column(name, "time")
    where: list[Node] = [
        exp.LTE(
            this=column(name, "previous"), expression=times.moved(build, time, rows.time_type, node.quiet, back=True)
        )
    ]
    if node.window is not None:
        where.append(times.within(build, time.copy(), rows.time_type, node.window))
    query = select([column(name, "key")], derived(spaced, name), where=where, group=[column(name, "key")])
    return Found(Closed(query, rows.query.columns))
