"""Words of a restatement that stand for behaviour: what people did, how often, how much, and in which order."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

from segbot.model.catalog import Event, Field
from segbot.model.condition import (
    COUNT,
    Around,
    CameBack,
    Compare,
    Comparison,
    Condition,
    Did,
    Filter,
    Measure,
    Measured,
    Not,
    Nth,
    Regularly,
    Rows,
    Sequence,
    Share,
    Stopped,
)
from segbot.model.operators import Operator
from segbot.model.windows import Unit, Window
from segbot.nl.inflect import plural
from segbot.nl.names import Spoken, article, numbered
from segbot.nl.restated_times import durations, windows
from segbot.nl.restated_values import BOUNDS, Found, ValueParser, maybe, ordered
from segbot.nl.text import fold

VERSUS = (
    ("more than ", Operator.GT),
    ("at least ", Operator.GE),
    ("less than ", Operator.LT),
    ("at most ", Operator.LE),
    ("the same as ", Operator.IS),
)
_FUNCTIONS: tuple[tuple[str, Literal["sum", "average", "minimum", "maximum"]], ...] = (
    ("total ", "sum"),
    ("average ", "average"),
    ("lowest ", "minimum"),
    ("highest ", "maximum"),
)
_FORMS: tuple[tuple[bool, Literal["past", "denied"]], ...] = ((False, "past"), (True, "denied"))
_LENGTH = r"\d+ (?:minute|hour|day|week|month|quarter|year)s?"
_WITHIN = re.compile(rf" within (?:({_LENGTH}) before)?(?: or )?(?:({_LENGTH}) after)? the ")
_HABIT = re.compile(r" in at least (\d+) of the last (\d+) (minute|hour|day|week|month|quarter|year)s?\b")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)( last)? ")


class RowParser(ValueParser):
    """Reads behaviour, and numbers computed over it."""

    # --- behaviour

    def did(self, at: int) -> Found[Condition]:
        if (start := self.lit(at, "never ")) >= 0:
            for rows, end in self.acts(start, "past"):
                yield Not(Did(rows)), end
        for negated, form in _FORMS:
            for rows, end in self.acts(at, form):
                for comparison, after in self.times(end):
                    for timed, stop in self.timed(rows, after):
                        yield maybe(Did(timed, COUNT, comparison), negated), stop
                for timed, stop in self.timed(rows, end):
                    yield from self.further(timed, stop, negated)
        yield from self.sums(at)
        for stopped, negated in (("stopped ", False), ("did not stop ", True)):
            if (start := self.lit(at, stopped)) >= 0:
                for timed, end in self.doing(start):
                    for quiet, after in durations(self.text, self.lit(end, " ")) if self.lit(end, " ") >= 0 else ():
                        if (stop := self.lit(after, " ago")) >= 0:
                            yield maybe(Stopped(timed, quiet), negated), stop
        for came, negated in (("came back to ", False), ("did not come back to ", True)):
            if (start := self.lit(at, came)) >= 0:
                for timed, end in self.doing(start):
                    for quiet, after in (
                        durations(self.text, self.lit(end, " after ")) if self.lit(end, " after ") >= 0 else ()
                    ):
                        if (again := self.lit(after, " without it")) >= 0:
                            for window, stop in self.when(again):
                                yield maybe(CameBack(timed, quiet, window), negated), stop

    def doing(self, at: int) -> Found[Rows]:
        for rows, end in self.acts(at, "doing"):
            yield from self.timed(rows, end)

    def further(self, rows: Rows, at: int, negated: bool) -> Found[Condition]:
        """What may follow a behaviour and its window: nothing, a place in time, a habit, or what came next."""
        yield maybe(Did(rows), negated), at
        if m := _WITHIN.match(self.text, at):
            before, after = (next(durations(self.text, m.start(i)), None) if m[i] else (None, 0) for i in (1, 2))
            if before is not None and after is not None:
                for key, end in self.name(m.end(), self.names.attribute_of):
                    yield maybe(Around(rows, key, before[0], after[0]), negated), end
        if m := _HABIT.match(self.text, at):
            least, of = int(m[1]), int(m[2])
            if 1 <= least <= of:
                yield maybe(Regularly(rows, least, of, Unit(m[3])), negated), m.end()
        if not negated and (start := self.lit(at, " and then ")) >= 0:
            for never, form in _FORMS:
                for then, end in self.acts(start, form):
                    yield from self.followed(rows, then, never, end)

    def followed(self, first: Rows, then: Rows, never: bool, at: int) -> Found[Condition]:
        same: list[tuple[tuple[str, ...], int]] = [((), at)]
        if (start := self.lit(at, " with the same ")) >= 0:
            table = self.names.property_of.get(then.event, {})
            same += self.listed(start, lambda i: self.name(i, table), "and")
        for keys, after in same:
            lengths: list[tuple[Any, int]] = [(None, after)]
            if (start := self.lit(after, " within ")) >= 0:
                lengths += durations(self.text, start)
            for within, end in lengths:
                for timed, stop in self.timed(then, end):
                    yield Sequence(first, timed, within, never, keys), stop

    def timed(self, rows: Rows, at: int) -> Found[Rows]:
        for window, end in self.when(at):
            yield Rows(rows.event, rows.filters, window), end

    def acts(self, at: int, form: Literal["past", "denied", "doing"]) -> Found[Rows]:
        """Rows of an event from its verb: bought shoes where color is black."""
        for (key, prop), spoken in self.names.verbs.items():
            event = self.catalog.event(key)
            assert event is not None
            head, slot, tail = fold(getattr(spoken, form)).partition("{}")
            if (start := self.lit(at, head)) < 0:
                continue
            if not slot:
                yield from self.wheres(event, (), start)
            elif prop is not None and (field := event.property(prop)) is not None:
                for values, end in self.values(start, key, field, "or"):
                    if (after := self.lit(end, tail)) >= 0:
                        yield from self.wheres(event, (Filter(prop, Operator.IS, values),), after)
        for event in self.catalog.events:
            if (event.key, None) not in self.names.verbs or event.objects:
                noun = article(self.names.nouns[event.key])
                having = Spoken(f"had {noun}", f"did not have {noun}", f"having {noun}")
                if (start := self.lit(at, fold(getattr(having, form)))) >= 0:
                    yield from self.wheres(event, (), start)

    def wheres(self, event: Event, have: tuple[Filter, ...], at: int) -> Found[Rows]:
        for filters, end in self.where(event, at):
            yield Rows(event.key, (*have, *filters)), end

    def where(self, event: Event, at: int) -> Found[tuple[Filter, ...]]:
        if (start := self.lit(at, " where ")) >= 0:
            yield from self.filters(event, start)
        yield (), at

    def filters(self, event: Event, at: int) -> Found[tuple[Filter, ...]]:
        yield from self.listed(at, lambda start: self.filter(event, start), "and")

    def filter(self, event: Event, at: int) -> Found[Filter]:
        for key, end in self.name(at, self.names.property_of[event.key]):
            field = event.property(key)
            assert field is not None
            for op, values, window, negated, stop in self.test(end, event.key, field):
                yield Filter(key, op, values, window, negated), stop

    def times(self, at: int) -> Found[Comparison]:
        if (start := self.lit(at, " ")) >= 0:
            for comparison, end in self.bound(start, self.number):
                for word in (" times", " time"):
                    if (stop := self.lit(end, word)) >= 0:
                        yield comparison, stop
                        break

    def bound(self, at: int, one: Callable[[int], Found[Any]]) -> Found[Comparison]:
        for op, start in self.choice(at, BOUNDS):
            for value, end in one(start):
                if not isinstance(value, str | bool):
                    yield Comparison(op, (value,)), end
        if (start := self.lit(at, "between ")) >= 0:
            for pair, end in self.listed(start, one, "and"):
                if len(pair) == 2 and ordered(pair):
                    yield Comparison(Operator.BETWEEN, pair), end

    def sums(self, at: int) -> Found[Condition]:
        """Spent over $100 on shoes; bought at least 3 shoes."""
        for (key, prop), verb in self.names.spent.items():
            event = self.catalog.event(key)
            if event is None or (start := self.lit(at, f"{fold(verb)} ")) < 0:
                continue
            field = event.property(event.amount or "")
            if field is None:
                continue
            for comparison, end in self.bound(start, lambda i, field=field: self.amount(i, field)):  # type: ignore[misc]
                yield from self.summed(event, prop, Measure("sum", field.key), comparison, " on ", end)
        for (key, prop), verb in self.names.bought.items():
            event = self.catalog.event(key)
            if event is not None and event.quantity and (start := self.lit(at, f"{fold(verb)} ")) >= 0:
                for comparison, end in self.bound(start, self.number):
                    measure = Measure("sum", event.quantity)
                    things = "" if prop else f" {fold(plural(self.names.nouns[key]))}"
                    if (after := self.lit(end, things)) >= 0:
                        yield from self.summed(event, prop, measure, comparison, " ", after)

    def summed(
        self, event: Event, prop: str | None, measure: Measure, comparison: Comparison, word: str, at: int
    ) -> Found[Condition]:
        objects: list[tuple[tuple[Filter, ...], int]] = [((), at)] if prop is None else []
        field = event.property(prop) if prop else None
        if field is not None and (start := self.lit(at, word)) >= 0:
            objects += [
                ((Filter(field.key, Operator.IS, values),), end)
                for values, end in self.values(start, event.key, field, "or")
            ]
        for have, after in objects:
            for rows, end in self.wheres(event, have, after):
                for timed, stop in self.timed(rows, end):
                    yield Did(timed, measure, comparison), stop

    # --- numbers per customer

    def property(self, measured: Measured) -> Field | None:
        event = self.catalog.event(measured.rows.event)
        if event is None or measured.measure.property is None or measured.measure.function == "distinct":
            return None
        return event.property(measured.measure.property)

    def versus(self, left: Measured, op: Operator, negated: bool, at: int) -> Found[Condition]:
        factors: list[tuple[int | float, int]] = [(1, at)]
        factors += [(value, stop) for value, end in self.number(at) if (stop := self.lit(end, " times ")) >= 0]
        for factor, after in factors:
            if (start := self.lit(after, "the ")) >= 0:
                for right, end in self.measured(start):
                    yield maybe(Compare(left, op, right, factor), negated), end

    def by(self, at: int) -> Found[str | Measured]:
        yield from self.name(at, self.names.attribute_of)
        yield from self.measured(at)

    def measured(self, at: int) -> Found[Measured]:
        if (start := self.lit(at, "number of ")) >= 0:
            for event, end in self.nouns(start):
                yield from self.rows_of(event, COUNT, end)
        for word, function in _FUNCTIONS:
            if (start := self.lit(at, word)) >= 0:
                yield from self.measured_of(start, function)
        if (start := self.lit(at, "number of different ")) >= 0:
            yield from self.measured_of(start, "distinct")

    def measured_of(
        self, at: int, function: Literal["sum", "average", "minimum", "maximum", "distinct"]
    ) -> Found[Measured]:
        for event in self.catalog.events:
            for key, label in self.names.properties[event.key].items():
                said = plural(label) if function == "distinct" else label
                if (start := self.lit(at, f"{fold(said)} of ")) >= 0:
                    for found, end in self.nouns(start):
                        if found is event:
                            yield from self.rows_of(event, Measure(function, key), end)

    def rows_of(self, event: Event, measure: Measure, at: int) -> Found[Measured]:
        for rows, end in self.wheres(event, (), at):
            for timed, stop in self.timed(rows, end):
                yield Measured(timed, measure), stop

    def nouns(self, at: int) -> Found[Event]:
        theirs = self.lit(at, "their ")
        for key, end in self.name(theirs if theirs >= 0 else at, self.names.nouns_of):
            event = self.catalog.event(key)
            if event is not None:
                yield event, end

    def shares(self, at: int) -> Found[Condition]:
        if (start := self.lit(at, "share of ")) >= 0:
            for event, end in self.nouns(start):
                for whole, after in self.where(event, end):
                    if (again := self.lit(after, " where ")) >= 0:
                        for extra, stop in self.filters(event, again):
                            for window, close in self.when(stop):
                                part = Rows(event.key, (*whole, *extra), window)
                                yield from self.shared(part, Rows(event.key, whole, window), close)
        if (start := self.lit(at, "ratio of ")) >= 0:
            for event, end in self.nouns(start):
                for some, after in self.rows_of(event, COUNT, end):
                    if (again := self.lit(after, " to ")) >= 0:
                        for other, stop in self.nouns(again):
                            for every, close in self.rows_of(other, COUNT, stop):
                                yield from self.shared(some.rows, every.rows, close)

    def shared(self, part: Rows, whole: Rows, at: int) -> Found[Condition]:
        for negated, word in ((False, " is "), (True, " is not ")):
            if (start := self.lit(at, word)) >= 0:
                for comparison, end in self.bound(start, self.percent):
                    yield maybe(Share(part, whole, comparison), negated), end

    def nths(self, at: int) -> Found[Condition]:
        for position, end in self.position(at):
            for key, after in self.name(end, self.names.noun_of):
                event = self.catalog.event(key)
                assert event is not None
                for counted, stop in self.rows_of(event, COUNT, after):
                    for (window, filters), close in self.asked(event, stop):
                        yield Nth(counted.rows, position, window, filters), close

    def position(self, at: int) -> Found[int]:
        for position in (1, 2, 3, 4, 5, -1):
            if (end := self.lit(at, f"{numbered(position)} ")) >= 0:
                yield position, end
        if m := _ORDINAL.match(self.text, at):
            yield int(m[1]) * (-1 if m[2] else 1), m.end()

    def asked(self, event: Event, at: int) -> Found[tuple[Window | None, tuple[Filter, ...]]]:
        """What is asked of the nth row: was in March and was one where color is black."""
        if (end := self.lit(at, " exists")) >= 0:
            yield (None, ()), end
        if (start := self.lit(at, " was one where ")) >= 0:
            for filters, end in self.filters(event, start):
                yield (None, filters), end
        if (start := self.lit(at, " was ")) >= 0:
            for window, end in windows(self.text, start, self.catalog):
                yield (window, ()), end
                if (again := self.lit(end, " and was one where ")) >= 0:
                    for filters, stop in self.filters(event, again):
                        yield (window, filters), stop
