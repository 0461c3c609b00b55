"""What a condition means, in plain Python over plain rows: the oracle the compiler is compared with.

Written from the meaning of the words, not from the compiler: sets, loops and exact numbers, nothing quick.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import re
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, assert_never

from tests.support.shop_rows import Row, World

from segbot.model.catalog import Catalog, Event, Field, Join, Role, Source
from segbot.model.condition import (
    Against,
    AllOf,
    AnyOf,
    Around,
    CameBack,
    Capped,
    Compare,
    Comparison,
    Condition,
    Defined,
    Did,
    Everyone,
    Filter,
    Has,
    Held,
    Listed,
    Measure,
    Measured,
    Member,
    Near,
    Not,
    Nth,
    Ranked,
    Reachable,
    Regularly,
    Rows,
    Sampled,
    Sequence,
    Share,
    Stopped,
    Value,
)
from segbot.model.operators import Kind, Operator
from segbot.model.resolve import Moment, period_dates, resolve, shift
from segbot.model.windows import Calendar, Duration, Unit, Window, last, more_than_ago

TRUTHY, FALSY = {"true", "t", "yes", "y", "on", "1"}, {"false", "f", "no", "n", "off", "0"}


class Evaluator:
    """Evaluates conditions over one world of rows at one moment."""

    def __init__(
        self,
        world: World,
        catalog: Catalog,
        at: Moment,
        base: Condition | None = None,
        segments: dict[Member, Condition] | None = None,
    ) -> None:
        self.world, self.catalog, self.at = world, catalog, at
        self.segments = segments or {}
        self._rows_of: dict[str, dict[Any, list[Row]]] = {}
        self.rows_by_key = {row[catalog.customers.key]: row for row in world[catalog.customers.table]}
        self.base = set(self.rows_by_key)
        if base is not None:
            self.base = self.of(base)

    def of(self, node: Condition) -> set[Any]:
        """The keys of a condition's customers."""
        match node:
            case Everyone():
                return set(self.base)
            case AllOf(parts=parts):
                return set.intersection(*(self.of(part) for part in parts))
            case AnyOf(parts=parts):
                return set.union(*(self.of(part) for part in parts))
            case Not(part=part):
                return self.base - self.of(part)
            case Has():
                return self.where(lambda row: self.has(node, row))
            case Did(rows=rows, measure=measure, comparison=comparison):
                return self.where(lambda row: compares(self.measure(row, rows, measure), comparison))
            case Nth():
                return self.where(lambda row: self.nth(node, row))
            case Share():
                return self.where(lambda row: self.share(node, row))
            case Compare():
                return self.where(lambda row: self.compare(node, row))
            case Sequence():
                return self.where(lambda row: self.sequence(node, row))
            case Around():
                return self.where(lambda row: self.around(node, row))
            case Ranked():
                return self.ranked(node)
            case Against():
                return self.against(node)
            case Sampled(percent=percent, seed=seed):
                return {k for k in self.base if int(digest(seed, k)[:8], 16) < round(16**8 * float(percent) / 100)}
            case Capped():
                return self.capped(node)
            case Member():
                return self.of(self.segments[node])
            case Near():
                return self.where(lambda row: self.near(row, node))
            case Listed(keys=keys):
                return {key for key in self.base if str(key) in keys}
            case Defined(meaning=meaning):
                return self.of(meaning)
            case Reachable(channel=key):
                channel = self.catalog.channel(key)
                assert channel is not None
                reachable = self.of(Has(channel.address, Operator.IS_SET))
                if channel.consent is not None:
                    reachable &= self.of(Has(channel.consent, Operator.IS, (True,)))
                for blocker in channel.blocked_by:
                    reachable -= self.of(Has(blocker, Operator.IS, (True,)))
                return reachable
            case Regularly():
                return self.where(lambda row: self.regularly(node, row))
            case Stopped(rows=rows, quiet=quiet):
                before = rows.window or more_than_ago(quiet.amount, quiet.unit)
                earlier = self.of(Did(Rows(rows.event, rows.filters, before)))
                return earlier - self.of(Did(Rows(rows.event, rows.filters, last(quiet.amount, quiet.unit))))
            case CameBack():
                return self.where(lambda row: self.came_back(node, row))
            case Held():
                return self.where(lambda row: self.held(node, row))
            case _:
                assert_never(node)

    def where(self, test: Callable[[Row], bool]) -> set[Any]:
        return {key for key in self.base if test(self.rows_by_key[key])}

    # --- values

    def values(self, row: Row, source: Source) -> list[Any]:
        """All values of a source: one without joins, any number over joins."""
        rows = [row]
        for step in source.joins:
            rows = self.follow(rows, step)
        return [at_path(one[source.column], source.path) for one in rows]

    def follow(self, rows: list[Row], step: Join) -> list[Row]:
        """The rows behind a join."""
        pairs = ((step.from_column, step.to_column), *step.also)
        return [
            there
            for here in rows
            for there in self.world[step.table]
            if all(here[a] is not None and here[a] == there[b] for a, b in pairs)
        ]

    def has(self, node: Has, row: Row) -> bool:
        field = self.catalog.attribute(node.attribute)
        assert field is not None
        values = self.values(row, field.source)
        if field.kind is Kind.LIST and field.source.joins:
            entries = {v for v in values if v not in (None, "")}
            return list_test(node.operator, entries, len(entries), node.values)
        return any(self.test(field, v, node.operator, node.values, node.window) for v in values)

    def near(self, row: Row, node: Near) -> bool:
        point = []
        for role in (Role.LATITUDE, Role.LONGITUDE):
            field = self.catalog.with_role(role)
            assert field is not None
            point.append(number(field, self.values(row, field.source)[0]))
        if None in point:
            return False
        lat1, lon1, lat2, lon2 = (math.radians(float(v)) for v in (*point, node.latitude, node.longitude))  # type: ignore[arg-type]
        h = math.sin((lat1 - lat2) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon1 - lon2) / 2) ** 2
        return 2 * 6371 * math.asin(min(1.0, math.sqrt(h))) <= node.kilometres

    def test(
        self, field: Field, value: Any, operator: Operator, values: tuple[Value, ...], window: Window | None
    ) -> bool:
        """Whether one value passes; a value that is no answer never does."""
        match operator:
            case Operator.IS_SET:
                return bool(value) if field.kind is Kind.LIST else value not in (None, "")
            case Operator.WITHIN:
                assert window is not None
                return self.in_window(moment(field, value, self.at), window)
            case Operator.ANNIVERSARY:
                assert window is not None
                return self.anniversary(moment(field, value, self.at), window)
            case Operator.HAS_ANY | Operator.HAS_ALL | Operator.LENGTH:
                return value is not None and list_test(operator, set(value), len(value), values)
            case _:
                pass
        match field.kind:
            case Kind.FLAG:
                return any(flag(field, value) is wanted for wanted in values)
            case Kind.NUMBER | Kind.MONEY:
                return compares_value(number(field, value), operator, values)
            case Kind.AGE:
                return compares_value(age(value, self.at.today), operator, values)
            case _:
                return text_test(field, value, operator, values)

    def in_window(self, when: date | datetime | None, window: Window) -> bool:
        if when is None:
            return False
        span = resolve(window, self.at)
        if window.clock is not None:
            local = when
            if isinstance(when, datetime) and when.tzinfo is not None:
                local = when.astimezone(self.at.zone)
            minute = local.hour * 60 + local.minute if isinstance(local, datetime) else 0
            if not window.clock.holds(local.weekday(), minute):
                return False
        if not isinstance(when, datetime):
            first, after_last = span.dates
            return (first is None or when >= first) and (after_last is None or when < after_last)
        if when.tzinfo is None:
            start = span.start and span.start.replace(tzinfo=None)
            end = span.end and span.end.replace(tzinfo=None)
            return (start is None or when >= start) and (end is None or when < end)
        return (span.start is None or when >= span.start) and (span.end is None or when < span.end)

    def anniversary(self, when: date | datetime | None, window: Window) -> bool:
        if when is None:
            return False
        first, after_last = resolve(window, self.at).dates
        if first is None or after_last is None or (after_last - first).days >= 366:
            return True
        born = local_day(when, self.at)
        day = first
        while day < after_last:
            common = day.year % 4 != 0 or (day.year % 100 == 0 and day.year % 400 != 0)
            if (born.month, born.day) == (day.month, day.day):
                return True
            if (born.month, born.day) == (2, 29) and (day.month, day.day) == (2, 28) and common:
                return True
            day += timedelta(days=1)
        return False

    # --- rows of events

    def event(self, key: str) -> Event:
        found = self.catalog.event(key)
        assert found is not None
        return found

    def event_rows(self, customer: Row, rows: Rows) -> list[Row]:
        """The rows of a customer that count. A row that reaches its customer over joins stands for itself."""
        event = self.event(rows.event)
        key = customer[self.catalog.customers.key]
        found = []
        for row in self.rows_of(event).get(key, ()):
            if not self.passes(event, row, rows.filters):
                continue
            if rows.window is not None and not self.in_window(self.time(event, row), rows.window):
                continue
            found.append(row)
        return found

    def rows_of(self, event: Event) -> dict[Any, list[Row]]:
        """The rows of an event by the customers they belong to, in the order of the table."""
        if event.key not in self._rows_of:
            found = self._rows_of.setdefault(event.key, {})
            for row in self.world[event.table]:
                if all(self.fixed(row, f.source, f.values, f.negated) for f in event.where):
                    for key in dict.fromkeys(self.values(row, event.customer)):
                        found.setdefault(key, []).append(row)
        return self._rows_of[event.key]

    def fixed(self, row: Row, source: Source, values: tuple[Any, ...], negated: bool) -> bool:
        return (self.values(row, source)[0] in values) != negated

    def passes(self, event: Event, row: Row, filters: tuple[Filter, ...]) -> bool:
        """All filters: those on what a row has many of hold on the same one of them, negated ones on none."""
        lines: dict[Join, list[Filter]] = {}
        for one in filters:
            source = self.field(event, one).source
            if source.many and not one.negated:
                lines.setdefault(source.joins[0], []).append(one)
            elif self.meets(row, self.field(event, one), source, one) == one.negated:
                return False
        return all(
            any(
                all(self.meets(line, self.field(event, one), self.behind(event, one), one) for one in asked)
                for line in self.follow([row], step)
            )
            for step, asked in lines.items()
        )

    def field(self, event: Event, one: Filter) -> Field:
        field = event.property(one.property)
        assert field is not None
        return field

    def behind(self, event: Event, one: Filter) -> Source:
        """A property's source as seen from the row behind its first join."""
        source = self.field(event, one).source
        return replace(source, joins=source.joins[1:])

    def meets(self, row: Row, field: Field, source: Source, one: Filter) -> bool:
        values = self.values(row, source) or ([] if source.many else [None])
        return any(self.test(field, v, one.operator, one.values, one.window) for v in values)

    def time(self, event: Event, row: Row) -> date | datetime | None:
        assert event.time is not None
        values = self.values(row, event.time)
        return values[0] if values else None

    def property_values(self, event: Event, row: Row, key: str) -> list[Any]:
        field = event.property(key)
        assert field is not None
        return [v for v in self.values(row, field.source) if v is not None]

    def numbers(self, event: Event, row: Row, key: str) -> list[Fraction]:
        field = event.property(key)
        assert field is not None
        found = (number(field, v) for v in self.values(row, field.source))
        return [v for v in found if v is not None]

    def measure(self, customer: Row, rows: Rows, measure: Measure) -> Fraction | None:
        """The measure over a customer's rows; None where there is no answer."""
        event, found = self.event(rows.event), self.event_rows(customer, rows)
        if measure.property is None:
            return Fraction(len(found))
        if measure.function == "distinct":
            return Fraction(len({v for row in found for v in self.property_values(event, row, measure.property)}))
        values = [v for row in found for v in self.numbers(event, row, measure.property)]
        match measure.function:
            case "sum":
                return sum(values, Fraction(0))
            case "average":
                return sum(values, Fraction(0)) / len(values) if values else None
            case "minimum":
                return min(values, default=None)
            case "maximum":
                return max(values, default=None)
            case _:
                raise AssertionError(measure.function)

    def nth(self, node: Nth, customer: Row) -> bool:
        event, rows = self.event(node.rows.event), self.event_rows(customer, node.rows)

        def holds(row: Row) -> bool:
            in_time = node.window is None or self.in_window(self.time(event, row), node.window)
            return in_time and self.passes(event, row, node.filters)

        if node.window is None and not node.filters:
            return len(rows) >= abs(node.position)
        timed = [row for row in rows if self.time(event, row) is not None]
        backwards = node.position < 0
        if event.id_column:
            timed.sort(key=lambda row: row[event.id_column], reverse=backwards)
        else:
            timed.sort(key=lambda row: not holds(row))
        timed.sort(key=lambda row: self.time(event, row), reverse=backwards)  # type: ignore[arg-type, return-value]
        place = abs(node.position) - 1
        return place < len(timed) and holds(timed[place])

    def share(self, node: Share, customer: Row) -> bool:
        whole = self.event_rows(customer, node.whole)
        if not whole:
            return False
        if node.part.event == node.whole.event:
            event = self.event(node.part.event)
            part = [
                row
                for row in whole
                if self.passes(event, row, node.part.filters)
                and (node.part.window is None or self.in_window(self.time(event, row), node.part.window))
            ]
        else:
            part = self.event_rows(customer, node.part)
        return compares(Fraction(len(part), len(whole)), node.comparison)

    def compare(self, node: Compare, customer: Row) -> bool:
        left = self.measure(customer, node.left.rows, node.left.measure)
        right = self.measure(customer, node.right.rows, node.right.measure)
        if left is None or right is None:
            return False
        return holds_between(left, node.operator, (exact(node.factor) * right,))

    def sequence(self, node: Sequence, customer: Row) -> bool:
        first_event, then_event = self.event(node.first.event), self.event(node.then.event)
        firsts = [(self.time(first_event, r), r) for r in self.event_rows(customer, node.first)]
        thens = [(self.time(then_event, r), r) for r in self.event_rows(customer, node.then)]
        timed = [(t, r) for t, r in firsts if t is not None]

        def followed(time: Any, row: Row) -> bool:
            return any(
                later is not None
                and self.after(time, later, strictly=first_event is then_event, within=node.within)
                and all(self.same(first_event, row, then_event, other, key) for key in node.same)
                for later, other in thens
            )

        if not node.then_never:
            return any(followed(t, r) for t, r in timed)
        latest = max((t for t, _ in timed), default=None)
        return any(not followed(t, r) for t, r in timed if t == latest)

    def same(self, one: Event, row: Row, two: Event, other: Row, key: str) -> bool:
        left, right = self.property_values(one, row, key), self.property_values(two, other, key)
        return bool(left) and bool(right) and left[0] == right[0]

    def after(self, time: Any, later: Any, *, strictly: bool, within: Duration | None) -> bool:
        time, later = alike(time, later, self.at)
        if later < time or (strictly and later == time):
            return False
        return within is None or later <= moved(time, within, 1, self.at)

    def around(self, node: Around, customer: Row) -> bool:
        field, event = self.catalog.attribute(node.attribute), self.event(node.rows.event)
        assert field is not None
        own = moment(field, (self.values(customer, field.source) or [None])[0], self.at)
        if own is None:
            return False
        for row in self.event_rows(customer, node.rows):
            when = self.time(event, row)
            if when is None:
                continue
            mine, then = alike(own, when, self.at)
            low = mine if node.before is None else moved(mine, node.before, -1, self.at)
            high = mine if node.after is None else moved(mine, node.after, 1, self.at)
            if low <= then <= high:
                return True
        return False

    def regularly(self, node: Regularly, customer: Row) -> bool:
        event = self.event(node.rows.event)
        hit = set()
        for row in self.event_rows(customer, node.rows):
            when = self.time(event, row)
            for back in range(1, node.of + 1):
                if when is not None and self.in_period(when, node.unit, back):
                    hit.add(back)
        return len(hit) >= node.at_least

    def in_period(self, when: date | datetime, unit: Unit, back: int) -> bool:
        if unit.is_clock:
            step = timedelta(minutes=1) if unit is Unit.MINUTE else timedelta(hours=1)
            start, end = self.at.now - back * step, self.at.now - (back - 1) * step
            zone = self.at.zone
            if not isinstance(when, datetime):
                return start.astimezone(zone).date() <= when < end.astimezone(zone).date()
            if when.tzinfo is None:
                return start.astimezone(zone).replace(tzinfo=None) <= when < end.astimezone(zone).replace(tzinfo=None)
            return start <= when < end
        first, after_last = period_dates(Calendar(unit, -back), self.at)
        return first <= local_day(when, self.at) < after_last

    def came_back(self, node: CameBack, customer: Row) -> bool:
        event = self.event(node.rows.event)
        times = [self.time(event, row) for row in self.event_rows(customer, node.rows)]
        rising = sorted((t for t in times if t is not None), key=lambda t: t)
        return any(
            earlier <= moved(later, node.quiet, -1, self.at)
            and (node.window is None or self.in_window(later, node.window))
            for earlier, later in itertools.pairwise(rising)
        )

    def held(self, node: Held, customer: Row) -> bool:
        """Has the value, took it on before so long ago, and has changed to nothing else since."""
        field = self.catalog.attribute(node.attribute)
        assert field is not None
        assert field.history is not None
        event = self.event(field.history[0])
        amount, unit = node.at_least.amount, node.at_least.unit
        early = self.event_rows(customer, Rows(event.key, (), more_than_ago(amount, unit)))
        early.sort(key=lambda row: (self.time(event, row), row[event.id_column or ""]))
        since = self.event_rows(customer, Rows(event.key, (), last(amount, unit)))
        new = [self.values(row, event.property(field.history[1]).source)[0] for row in [*early[-1:], *since]]  # type: ignore[union-attr]
        return (
            self.values(customer, field.source)[0] in node.values
            and bool(early)
            and all(value in node.values for value in new)
        )

    # --- rankings

    def value(self, by: str | Measured, customer: Row) -> Any:
        if isinstance(by, Measured):
            event = self.event(by.rows.event)
            rows = self.event_rows(customer, by.rows)
            if not rows:
                return None
            if by.measure.function == "sum":
                assert by.measure.property is not None
                if not [v for row in rows for v in self.numbers(event, row, by.measure.property)]:
                    return None
            return self.measure(customer, by.rows, by.measure)
        field = self.catalog.attribute(by)
        assert field is not None
        raw = (self.values(customer, field.source) or [None])[0]
        match field.kind:
            case Kind.AGE:
                return (self.at.today - raw).days if raw is not None and raw <= self.at.today else None
            case Kind.DATE | Kind.TIME:
                return moment(field, raw, self.at)
            case _:
                return number(field, raw)

    def pool(self, within: Condition | None, by: str | Measured) -> dict[Any, Any]:
        members = self.base if within is None else self.of(within)
        values = {key: self.value(by, self.rows_by_key[key]) for key in members}
        return {key: value for key, value in values.items() if value is not None}

    def ranked(self, node: Ranked) -> set[Any]:
        pool = self.pool(node.within, node.by)
        limit = exact(node.amount)
        if node.unit == "percent":
            limit = Fraction(math.ceil(len(pool) * limit / 100))
        top = node.side == "top"
        return {
            key
            for key, value in pool.items()
            if sum((other > value) if top else (other < value) for other in pool.values()) + 1 <= limit
        }

    def against(self, node: Against) -> set[Any]:
        pool = self.pool(node.within, node.by)
        if not pool:
            return set()
        if node.statistic == "average":
            middle: Any = sum(map(Fraction, pool.values()), Fraction(0)) / len(pool)
        else:
            rising = sorted(float(v) for v in pool.values())
            half = len(rising) // 2
            middle = rising[half] if len(rising) % 2 else rising[half - 1] + (rising[half] - rising[half - 1]) / 2
            pool = {key: float(value) for key, value in pool.items()}
        return {k for k, v in pool.items() if (v > middle if node.side == "above" else v < middle)}

    def capped(self, node: Capped) -> set[Any]:
        members = sorted(self.of(node.part))
        if node.by is None:
            return set(sorted(members, key=lambda key: digest(0, key))[: node.amount])
        pool = self.pool(node.part, node.by)
        # A reversed sort keeps ties in order, so keys rise among them either way.
        valued = sorted((key for key in members if key in pool), key=lambda key: pool[key], reverse=node.side == "top")
        return set([*valued, *(key for key in members if key not in pool)][: node.amount])


# --- small meanings -----------------------------------------------------------------------------


def digest(seed: int, key: object) -> str:
    return hashlib.md5(f"{seed}:{key}".encode()).hexdigest()


def exact(value: Value) -> Fraction:
    assert not isinstance(value, str | bool)
    return Fraction(Decimal(repr(value)) if isinstance(value, float) else value)


def compares(value: Fraction | None, comparison: Comparison) -> bool:
    return compares_value(value, comparison.operator, comparison.values)


def compares_value(value: Fraction | int | None, operator: Operator, values: tuple[Value, ...]) -> bool:
    return value is not None and holds_between(Fraction(value), operator, tuple(exact(v) for v in values))


def holds_between(value: Fraction, operator: Operator, bounds: tuple[Fraction, ...]) -> bool:
    match operator:
        case Operator.IS:
            return value in bounds
        case Operator.GT:
            return value > bounds[0]
        case Operator.GE:
            return value >= bounds[0]
        case Operator.LT:
            return value < bounds[0]
        case Operator.LE:
            return value <= bounds[0]
        case Operator.BETWEEN:
            return bounds[0] <= value <= bounds[1]
        case _:
            raise AssertionError(operator)


def at_path(value: Any, path: tuple[str, ...]) -> Any:
    """The text at a path inside JSON, as Postgres' ->> gives it."""
    if not path:
        return value
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def number(field: Field, value: Any) -> Fraction | None:
    if value is None:
        return None
    if isinstance(value, str):
        text = value.strip(" \t\n")
        return Fraction(text.rstrip(".")) if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)", text, re.ASCII) else None
    return Fraction(value)


def moment(field: Field, value: Any, at: Moment) -> date | datetime | None:
    """A value as a date or time; texts are read as ISO, in the workspace's zone unless they name one."""
    if not isinstance(value, str):
        return value  # type: ignore[no-any-return]
    try:
        if field.kind is Kind.DATE:
            return date.fromisoformat(value[:10])
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo is not None else as_instant(parsed, at)


def local_day(when: date | datetime, at: Moment) -> date:
    if not isinstance(when, datetime):
        return when
    return when.date() if when.tzinfo is None else when.astimezone(at.zone).date()


def alike(one: Any, two: Any, at: Moment) -> tuple[Any, Any]:
    """Two times made comparable: as local days when one of them is a day."""
    if isinstance(one, datetime) and isinstance(two, datetime):
        return one, two
    return local_day(one, at), local_day(two, at)


def as_instant(local: datetime, at: Moment) -> datetime:
    """A local time as an instant: the later of two, and before a gap's jump."""
    early, late = local.replace(tzinfo=at.zone, fold=0), local.replace(tzinfo=at.zone, fold=1)
    exists = early.astimezone(UTC).astimezone(at.zone).replace(tzinfo=None) == local
    return late if exists else early


def moved(when: Any, length: Duration, sign: int, at: Moment) -> Any:
    hours = {Unit.MINUTE: Fraction(1, 60), Unit.HOUR: 1, Unit.DAY: 24, Unit.WEEK: 168}.get(length.unit)
    if hours is not None:
        if not isinstance(when, datetime):
            return when + timedelta(days=sign * math.ceil(length.amount * hours / 24))
        step = timedelta(minutes=float(length.amount * hours * 60))
        return (when.astimezone(UTC) if when.tzinfo else when) + sign * step
    day = shift(local_day(when, at), sign * length.amount, length.unit)
    if not isinstance(when, datetime):
        return day
    if when.tzinfo is None:
        return datetime.combine(day, when.time())
    local = when.astimezone(at.zone)
    return as_instant(datetime.combine(day, local.time().replace(tzinfo=None, fold=0)), at)


def age(born: date | None, today: date) -> int | None:
    """Full years; who is born on 29 February turns older on 1 March in common years."""
    if born is None or born > today:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def flag(field: Field, value: Any) -> bool | None:
    if field.source.sql_type == "timestamptz":
        return value is not None
    if isinstance(value, str):
        return True if value.lower() in TRUTHY else False if value.lower() in FALSY else None
    return value  # type: ignore[no-any-return]


def list_test(operator: Operator, entries: set[str], length: int, values: tuple[Value, ...]) -> bool:
    match operator:
        case Operator.IS_SET:
            return bool(entries)
        case Operator.HAS_ANY:
            return bool(entries & set(map(str, values)))
        case Operator.HAS_ALL:
            return entries >= set(map(str, values))
        case _:
            return exact(values[0]) <= length <= exact(values[1])


def text_test(field: Field, value: Any, operator: Operator, values: tuple[Value, ...]) -> bool:
    if value in (None, ""):
        return False
    if operator is Operator.IS and field.kind is Kind.CHOICE:
        return any(same_choice(value, str(v)) for v in values)
    text = str(value).lower()
    return any(one_text(text, operator, str(v).lower()) for v in values if str(v))


def same_choice(value: Any, wanted: str) -> bool:
    if isinstance(value, int):
        return wanted.lstrip("-").isdigit() and value == int(wanted)
    if isinstance(value, uuid.UUID):
        try:
            return value == uuid.UUID(wanted)
        except ValueError:
            return False
    return bool(value == wanted)


def one_text(text: str, operator: Operator, wanted: str) -> bool:
    match operator:
        case Operator.IS:
            return text == wanted
        case Operator.CONTAINS:
            return wanted in text
        case Operator.STARTS_WITH:
            return text.startswith(wanted)
        case Operator.ENDS_WITH:
            return text.endswith(wanted)
        case Operator.MATCHES:
            shape = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in wanted)
            return re.fullmatch(shape, text, re.DOTALL) is not None
        case Operator.DOMAIN:
            domain = wanted.strip().lstrip("@")
            if not domain:
                return False
            return text.endswith(f"@{domain}") if "." in domain else f"@{domain}." in text
        case Operator.COUNTRY_CODE:
            digits = re.sub(r"\D", "", wanted, flags=re.ASCII).lstrip("0")
            return bool(digits) and text.startswith((f"+{digits}", f"00{digits}"))
        case _:
            raise AssertionError(operator)


def keys_of(rows: Iterable[tuple[Any, ...]]) -> list[Any]:
    """The first column of rows."""
    return [row[0] for row in rows]
