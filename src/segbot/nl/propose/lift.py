"""From the flat format to condition trees. Every failure is a sentence with the id of its condition, for the repair prompt.

The sentences never hold a value of a private field: they may be sent back to the model.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from segbot.catalog.near import nearest
from segbot.model.catalog import Catalog, Field, Role
from segbot.model.condition import (
    COUNT,
    Against,
    Comparison,
    Condition,
    Did,
    Everyone,
    Filter,
    Has,
    Measure,
    Measured,
    Nth,
    Ranked,
    Reachable,
    Rows,
    Sequence,
    Stopped,
    Value,
)
from segbot.model.operators import Kind, Operator
from segbot.model.windows import (
    Calendar,
    Dated,
    Duration,
    EndOf,
    Named,
    Period,
    StartOf,
    Unit,
    Window,
    after,
    before,
    coming,
    during,
    last,
    more_than_ago,
    since,
)
from segbot.nl.propose.slice import OfferedField, Slice, speakable
from segbot.nl.propose.wire import COMPARED, MEASURES, NONE, WireCondition, WireFilter, WireWindow, misused
from segbot.nl.text import fold

MAX_AMOUNT = 10_000
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")
_DATE = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<month>\d{2})(?:-(?P<day>\d{2}))?|Q(?P<quarter>[1-4])|H(?P<half>[12])))?"
    r"|(?P<only_month>\d{2})(?:-(?P<only_day>\d{2}))?|Q(?P<only_quarter>[1-4])"
)
_NUMERIC = frozenset({Kind.NUMBER, Kind.MONEY, Kind.AGE})
_MEASURES: dict[str, Literal["count", "sum", "average", "minimum", "maximum", "distinct"]] = {
    "count": "count",
    "sum": "sum",
    "average": "average",
    "minimum": "minimum",
    "maximum": "maximum",
    "distinct": "distinct",
}


class Unliftable(ValueError):
    """This condition can't be lifted."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a proposal may stand on: the catalog, its offered slice, the meanings of terms, and the request's own words."""

    catalog: Catalog
    slice: Slice
    definitions: Mapping[str, Condition]
    request: str


def lift(wire: WireCondition, ground: Ground) -> Condition | tuple[str, ...]:
    """One condition, or what is wrong with it."""
    if wrong := misused(wire):
        return wrong
    try:
        return _Lifter(wire, ground).condition()
    except ValueError as error:  # also from the tree itself, whose invariants speak plainly
        return (f"{wire.id}: {error}",)


@dataclass(frozen=True, slots=True)
class _Lifter:
    wire: WireCondition
    ground: Ground

    def condition(self) -> Condition:
        wire = self.wire
        match wire.kind:
            case "everyone":
                return Everyone()
            case "attribute":
                return self.has()
            case "event":
                return self.did()
            case "first_event" | "last_event":
                return self.nth()
            case "sequence" | "sequence_never":
                return self.sequence(never=wire.kind == "sequence_never")
            case "stopped":
                quiet = self.duration()
                if quiet is None:
                    raise Unliftable("stopped needs a duration")
                return Stopped(self.rows(window=False), quiet)
            case "rank":
                return self.ranked()
            case "versus_average":
                if wire.side not in ("above", "below"):
                    raise Unliftable("versus_average needs side above or below")
                return Against("above" if wire.side == "above" else "below", "average", self.by())
            case "reachable":
                return self.reachable()
            case "term":
                return self.term()
            case _:
                raise Unliftable(f"there is no kind {wire.kind!r}")

    # --- attributes

    def has(self) -> Condition:
        wire = self.wire
        offered = self.ground.slice.attribute(wire.field)
        if offered is None:
            raise Unliftable(_unknown("field", wire.field, self.ground.slice.names.fields))
        operator = self.operator(offered, wire.operator)
        window = self.window(wire.window)
        timed = operator in (Operator.WITHIN, Operator.ANNIVERSARY)
        if timed != (window is not None):
            raise Unliftable(f"operator {operator.value} {'needs a' if timed else 'takes no'} window")
        if offered.field.role is Role.BIRTH_DATE and operator is Operator.WITHIN and _yearless(window):
            raise Unliftable("a birthday without a year needs operator anniversary")
        return Has(offered.key, operator, self.values(offered, operator, wire.values), window)

    def operator(self, offered: OfferedField, said: str) -> Operator:
        if said not in [o.value for o in offered.operators]:
            allowed = ", ".join(o.value for o in offered.operators)
            raise Unliftable(f"{offered.key} does not take operator {said!r}; it takes {allowed}")
        return Operator(said)

    def values(self, offered: OfferedField, operator: Operator, said: tuple[str, ...]) -> tuple[Value, ...]:
        return tuple(self.value(offered.field, offered.key, operator, word) for word in said)

    def value(self, field: Field, key: str, operator: Operator, said: str) -> Value:
        if field.kind in _NUMERIC:
            return _number(said, key)
        if field.kind is Kind.FLAG:
            if said not in ("true", "false"):
                raise Unliftable(f"{key} is true or false, not {said!r}")
            return said == "true"
        if not said.strip():
            raise Unliftable(f"{key} has an empty value")
        if operator in (Operator.IS, Operator.HAS_ANY, Operator.HAS_ALL):
            stored = _stored(field, said)
            if stored is not None:
                return stored
            if field.values and not field.open_values:
                near = nearest(said, (e.label for e in field.values)) if speakable(field) else None
                raise Unliftable(f"{said!r} is not a value of {key}" + (f"; did you mean {near!r}?" if near else ""))
        wanted = said.partition(".")[0] if operator is Operator.DOMAIN else said  # "gmail" is said for gmail.com
        if fold(wanted) not in fold(self.ground.request):
            raise Unliftable(f"{said!r} is neither a known value of {key} nor in the request")
        return said

    # --- events

    def rows(self, *, window: bool = True, skip_filters: bool = False) -> Rows:
        wire = self.wire
        self.event(wire.event)
        filters = () if skip_filters else tuple(self.filter(test, wire.event) for test in wire.filters)
        return Rows(wire.event, filters, self.window(wire.window) if window else None)

    def event(self, key: str) -> None:
        if self.ground.slice.event(key) is None:
            raise Unliftable(_unknown("event", key, self.ground.slice.names.events))

    def property(self, key: str, event: str) -> OfferedField:
        offered = self.ground.slice.property(key)
        if offered is None:
            raise Unliftable(_unknown("property", key, self.ground.slice.names.properties))
        if key.partition(".")[0] != event:
            raise Unliftable(f"{key} is not a property of event {event}")
        return offered

    def filter(self, test: WireFilter, event: str) -> Filter:
        offered = self.property(test.property, event)
        operator = self.operator(offered, test.operator)
        if operator in (Operator.WITHIN, Operator.ANNIVERSARY):
            raise Unliftable(f"a filter can't test {test.property} by a window")
        values = self.values(offered, operator, test.values)
        return Filter(offered.field.key, operator, values, negated=test.negated)

    def measure(self) -> Measure:
        wire = self.wire
        if wire.measure not in MEASURES:
            raise Unliftable(_unknown("measure", wire.measure, MEASURES))
        if wire.measure in (NONE, "count"):
            if wire.measure_property != NONE:
                raise Unliftable("a count takes no measure_property")
            return COUNT
        offered = self.property(wire.measure_property, wire.event)
        if wire.measure != "distinct" and offered.field.kind not in (Kind.NUMBER, Kind.MONEY):
            raise Unliftable(f"{wire.measure_property} is not a number")
        return Measure(_MEASURES[wire.measure], offered.field.key)

    def did(self) -> Condition:
        wire = self.wire
        measure = self.measure()
        if wire.comparison not in COMPARED:
            raise Unliftable(_unknown("comparison", wire.comparison, COMPARED))
        if wire.comparison == NONE:
            if wire.numbers or measure != COUNT:
                raise Unliftable("numbers and measures need a comparison")
            return Did(self.rows())
        numbers = tuple(_number(word, "numbers") for word in wire.numbers)
        return Did(self.rows(), measure, Comparison(Operator(wire.comparison), numbers))

    def nth(self) -> Condition:
        wire = self.wire
        self.event(wire.event)
        filters = tuple(self.filter(test, wire.event) for test in wire.filters)
        window = self.window(wire.window)
        if window is None and not filters:
            raise Unliftable(f"{wire.kind} needs a window or filters")
        return Nth(Rows(wire.event), 1 if wire.kind == "first_event" else -1, window, filters)

    def sequence(self, *, never: bool) -> Condition:
        wire = self.wire
        self.event(wire.event)
        self.event(wire.then_event)
        if wire.event == wire.then_event and wire.filters:
            raise Unliftable("with the same event twice it is not clear which one the filters test")
        sides: dict[str, list[Filter]] = {wire.event: [], wire.then_event: []}
        for test in wire.filters:
            event = test.property.partition(".")[0]
            if event not in sides:
                raise Unliftable(f"{test.property} is a property of neither event")
            sides[event].append(self.filter(test, event))
        first = Rows(wire.event, tuple(sides[wire.event]), self.window(wire.window))
        then = Rows(wire.then_event, tuple(sides[wire.then_event]))
        return Sequence(first, then, self.duration(), then_never=never)

    # --- the rest

    def by(self) -> str | Measured:
        wire = self.wire
        if (wire.field == NONE) == (wire.event == NONE):
            raise Unliftable("rank by either a field or an event")
        if wire.event != NONE:
            return Measured(self.rows(), self.measure())
        if wire.filters or wire.measure != NONE or wire.measure_property != NONE or wire.window.kind != NONE:
            raise Unliftable("filters, measures and windows belong to an event, not to a field")
        offered = self.ground.slice.attribute(wire.field)
        if offered is None or not speakable(offered.field):
            raise Unliftable(_unknown("field", wire.field, self.ground.slice.names.fields))
        if offered.field.kind not in _NUMERIC:
            raise Unliftable(f"{wire.field} is not a number to rank by")
        return offered.key

    def ranked(self) -> Condition:
        wire = self.wire
        if wire.side not in ("top", "bottom"):
            raise Unliftable("rank needs side top or bottom")
        if wire.rank_unit not in ("people", "percent") or len(wire.numbers) != 1:
            raise Unliftable("rank needs one number and rank_unit people or percent")
        amount = _number(wire.numbers[0], "numbers")
        unit: Literal["people", "percent"] = "people" if wire.rank_unit == "people" else "percent"
        if unit == "people" and not isinstance(amount, int):
            raise Unliftable("people are counted in whole numbers")
        return Ranked("top" if wire.side == "top" else "bottom", amount, unit, self.by())

    def reachable(self) -> Condition:
        channel = self.wire.name.removeprefix("channel.")
        if f"channel.{channel}" != self.wire.name or channel not in [c.key for c in self.ground.slice.channels]:
            raise Unliftable(_unknown("name", self.wire.name, self.ground.slice.names.names))
        return Reachable(channel)

    def term(self) -> Condition:
        term = self.wire.name.removeprefix("term.")
        if f"term.{term}" != self.wire.name or term not in [t.key for t in self.ground.slice.terms]:
            raise Unliftable(_unknown("name", self.wire.name, self.ground.slice.names.names))
        return self.ground.definitions[term]

    # --- time

    def duration(self) -> Duration | None:
        wire = self.wire
        if wire.duration_unit == NONE:
            if wire.duration_amount:
                raise Unliftable("a duration needs a unit")
            return None
        return Duration(_amount(wire.duration_amount), _unit(wire.duration_unit))

    def window(self, said: WireWindow) -> Window | None:
        unused = _unused(said)
        if unused is None:
            raise Unliftable(f"there is no window kind {said.kind!r}")
        if unused:
            raise Unliftable(f"a window of kind {said.kind} does not use {', '.join(unused)}; leave it empty")
        match said.kind:
            case "none":
                return None
            case "last":
                return last(_amount(said.amount), _unit(said.unit))
            case "next":
                return coming(_amount(said.amount), _unit(said.unit))
            case "more_than_ago":
                return more_than_ago(_amount(said.amount), _unit(said.unit))
            case "period":
                if abs(said.amount) > 100:
                    raise Unliftable("a period is at most 100 units away")
                return during(Calendar(_unit(said.unit), said.amount))
            case "on":
                return during(self.period(said.start))
            case "since":
                return since(self.period(said.start))
            case "before":
                return before(self.period(said.start))
            case "after":
                return after(self.period(said.start))
            case "between":
                return Window(StartOf(self.period(said.start)), EndOf(self.period(said.end)))
            case _:
                raise Unliftable(f"there is no window kind {said.kind!r}")

    def period(self, said: str) -> Period:
        if self.ground.catalog.calendar.period(said) is not None:
            return Named(said)
        match = _DATE.fullmatch(said)
        if match is None:
            raise Unliftable(
                f"{said!r} is neither a date (2025, 2025-Q3, 2025-03, 2025-03-14, 03, 03-14) nor a named day"
            )
        part = {name: int(digits) for name, digits in match.groupdict().items() if digits}
        return Dated(
            year=part.get("year"),
            month=part.get("month", part.get("only_month")),
            day=part.get("day", part.get("only_day")),
            quarter=part.get("quarter", part.get("only_quarter")),
            half=part.get("half"),
        )


def _yearless(window: Window | None) -> bool:
    """Whether a window is given by dates without a year."""
    ends = (window.start, window.end) if window else ()
    return any(isinstance(e, StartOf | EndOf) and isinstance(e.period, Dated) and e.period.year is None for e in ends)


_WINDOW_USES: dict[str, frozenset[str]] = {
    NONE: frozenset(),
    "last": frozenset({"amount", "unit"}),
    "next": frozenset({"amount", "unit"}),
    "more_than_ago": frozenset({"amount", "unit"}),
    "period": frozenset({"amount", "unit"}),
    "on": frozenset({"start"}),
    "since": frozenset({"start"}),
    "before": frozenset({"start"}),
    "after": frozenset({"start"}),
    "between": frozenset({"start", "end"}),
}


def _unused(window: WireWindow) -> list[str] | None:
    uses = _WINDOW_USES.get(window.kind)
    if uses is None:
        return None
    filled = [name for name in ("amount", "unit", "start", "end") if getattr(window, name) not in (NONE, 0, "")]
    return [name for name in filled if name not in uses]


def _unknown(what: str, said: str, names: tuple[str, ...]) -> str:
    near = nearest(said, names)
    return f"{what} {said!r} is not offered" + (f"; did you mean {near!r}?" if near else "")


def _number(said: str, what: str) -> int | float:
    if not _NUMBER.fullmatch(said):
        raise Unliftable(f"{what}: {said!r} is not a plain number")
    return float(said) if "." in said else int(said)


def _amount(amount: int) -> int:
    if not 1 <= amount <= MAX_AMOUNT:
        raise Unliftable(f"an amount of time is from 1 to {MAX_AMOUNT}, not {amount}")
    return amount


def _unit(said: str) -> Unit:
    if said not in [unit.value for unit in Unit]:
        raise Unliftable(f"there is no unit {said!r}")
    return Unit(said)


def _stored(field: Field, said: str) -> str | None:
    """The stored value for a word: as stored, or its label or a synonym, whatever the capitals."""
    if field.value(said) is not None:
        return said
    wanted = fold(said)
    for entry in field.values:
        if wanted in {fold(entry.value), fold(entry.label), *map(fold, entry.synonyms)}:
            return entry.value
    return None
