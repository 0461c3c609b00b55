"""Windows as bounds on columns: each kind of column gets bounds of its own type, so that an index can serve them.

A `date` column is compared with local dates, a `timestamptz` with instants, and a `timestamp` without time zone is taken
for local time of the workspace, which is how Postgres itself reads it in a session of that zone.
"""

from __future__ import annotations

import calendar
import math
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from sqlglot import exp

from segbot.errors import CannotCompile, UnknownName
from segbot.model.operators import Operator
from segbot.model.resolve import Resolved, resolve
from segbot.model.windows import MINUTES_A_DAY, Clock, Duration, Unit, Window
from segbot.sql.names import Build
from segbot.sql.nodes import Node, conjunction, disjunction, is_set, number, paren, typed

_HOURS = {Unit.MINUTE: 1 / 60, Unit.HOUR: 1, Unit.DAY: 24, Unit.WEEK: 168}
_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}


def resolved(build: Build, window: Window) -> Resolved:
    """The instants of a window. Raises `UnknownName` for a named period that the calendar does not have."""
    try:
        return resolve(window, build.at)
    except ValueError as problem:
        raise UnknownName(str(problem)) from problem


def moment_type(sql_type: str, path: tuple[str, ...], *, date_kind: bool) -> str:
    """The type a time is compared in: that of its column, or what a text is read as."""
    if path or sql_type in ("text", "jsonb"):
        return "date" if date_kind else "timestamptz"
    if sql_type not in ("date", "timestamp", "timestamptz"):
        raise CannotCompile(f"a column of type {sql_type} holds no time")
    return sql_type


def as_moment(build: Build, value: Node, sql_type: str, path: tuple[str, ...], *, date_kind: bool) -> Node:
    """A value as a date or time: the column itself, or what its text says."""
    if not path and sql_type not in ("text", "jsonb"):
        return value
    return build.dialect.date_in_text(value) if date_kind else build.dialect.time_in_text(value, zone(build))


def zone(build: Build) -> Node:
    """The workspace's time zone as a bound value."""
    return build.bind(build.at.rules.timezone, "text")


def edge(build: Build, instant: datetime, day: date, column_type: str) -> Node:
    """One end of a window for a column of a type."""
    match column_type:
        case "date":
            return build.bind(day, "date")
        case "timestamp":
            return build.bind(instant.astimezone(build.at.zone).replace(tzinfo=None), "timestamp")
        case _:
            return build.bind(instant, "timestamptz")


def within(build: Build, value: Node, column_type: str, window: Window) -> Node:
    """Whether a time falls in a window, [start, end)."""
    span = resolved(build, window)
    first, after_last = span.dates
    parts: list[Node] = []
    if span.start is not None and first is not None:
        parts.append(exp.GTE(this=value, expression=edge(build, span.start, first, column_type)))
    if span.end is not None and after_last is not None:
        parts.append(exp.LT(this=value.copy(), expression=edge(build, span.end, after_last, column_type)))
    if window.clock is not None:
        parts += _at_clock(build, value.copy(), column_type, window.clock)
    return conjunction(parts)


def _at_clock(build: Build, value: Node, column_type: str, clock: Clock) -> Iterator[Node]:
    """Days of the week and times of day of the workspace's own clock, which daylight saving moves."""
    local = build.dialect.local_time(value, zone(build)) if column_type == "timestamptz" else value
    if clock.days:
        runs: list[tuple[int, int]] = []
        for day in (day + 1 for day in clock.days):
            runs = [*runs[:-1], (runs[-1][0], day)] if runs and runs[-1][1] == day - 1 else [*runs, (day, day)]
        yield _in_ranges(build.dialect.weekday(local.copy()), runs)
    if clock.start is not None and clock.end is not None:
        if column_type == "date":
            raise CannotCompile("a date has no time of day")
        late = [(clock.start, MINUTES_A_DAY - 1), (0, clock.end - 1)]
        runs = [(clock.start, clock.end - 1)] if clock.start < clock.end else late
        yield _in_ranges(build.dialect.minute_of_day(local.copy()), runs)


def _in_ranges(value: Node, ranges: Iterable[tuple[int, int]]) -> Node:
    return disjunction([exp.Between(this=value.copy(), low=number(low), high=number(high)) for low, high in ranges])


def local_day(build: Build, value: Node, column_type: str) -> Node:
    """The local date of a time."""
    match column_type:
        case "date":
            return value
        case "timestamp":
            return typed(paren(value), "date")
        case _:
            return build.dialect.local_date(value, zone(build))


# --- anniversaries ------------------------------------------------------------------------------


def anniversary(build: Build, value: Node, column_type: str, window: Window) -> Node:
    """Whether the day of the year falls in a window. People of 29 February have their day on the 28th in common years."""
    if window.clock is not None:
        raise CannotCompile("an anniversary is a whole day, not a time of it")
    span = resolved(build, window)
    first, after_last = span.dates
    if first is None or after_last is None or (after_last - first).days >= 366:
        return is_set(value)
    day = local_day(build, value, column_type)
    return _in_ranges(build.dialect.month_day(day), month_day_ranges(first, after_last - timedelta(days=1)))


def month_day_ranges(first: date, last: date) -> Iterator[tuple[int, int]]:
    """Days as numbers month x 100 + day, as ranges that never cross New Year; empty when last is before first."""
    year = first.year
    while first <= last:
        end = min(last, date(year, 12, 31))
        high = end.month * 100 + end.day
        yield first.month * 100 + first.day, 229 if high == 228 and not calendar.isleap(year) else high
        year += 1
        first = date(year, 1, 1)


# --- ages ---------------------------------------------------------------------------------------


def age(build: Build, value: Node, column_type: str, operator: Operator, values: tuple[float, ...]) -> Node:
    """An age in full years as bounds on the birth date: 30 or older is born on or before today thirty years ago.

    Like Postgres' age(), people born on 29 February turn older on 1 March in common years. Whoever is not born yet has
    no age.
    """
    today = build.at.today
    tests: list[Node] = []
    for low, high in _age_ranges(operator, values):
        low = max(low, 0)
        if high is not None and high < low:
            continue
        parts: list[Node] = []
        latest = years_before(today, low)
        if latest is None:
            continue
        parts.append(_born(build, value.copy(), column_type, latest, before=True))
        earliest = None if high is None else years_before(today, high + 1)
        if earliest is not None:
            parts.append(_born(build, value.copy(), column_type, earliest, before=False))
        tests.append(conjunction(parts))
    return disjunction(tests)


def _age_ranges(operator: Operator, values: tuple[float, ...]) -> list[tuple[int, int | None]]:
    match operator:
        case Operator.GE:
            return [(math.ceil(values[0]), None)]
        case Operator.GT:
            return [(math.floor(values[0]) + 1, None)]
        case Operator.LE:
            return [(0, math.floor(values[0]))]
        case Operator.LT:
            return [(0, math.ceil(values[0]) - 1)]
        case Operator.BETWEEN:
            return [(math.ceil(values[0]), math.floor(values[1]))]
        case _:
            ages = sorted({int(v) for v in values if float(v).is_integer()})
            ranges: list[tuple[int, int | None]] = []
            for years in ages:
                previous = ranges[-1] if ranges else None
                if previous is not None and previous[1] == years - 1:
                    ranges[-1] = (previous[0], years)
                else:
                    ranges.append((years, years))
            return ranges


def _born(build: Build, value: Node, column_type: str, day: date, *, before: bool) -> Node:
    """Born on or before a day, or after it."""
    if column_type == "date":
        bound = build.bind(day, "date")
        return exp.LTE(this=value, expression=bound) if before else exp.GT(this=value, expression=bound)
    # Born on or before the day: before the next local midnight.
    day_after = day + timedelta(days=1)
    midnight = datetime.combine(day_after, datetime.min.time(), tzinfo=build.at.zone)
    bound = edge(build, midnight, day_after, column_type)
    return exp.LT(this=value, expression=bound) if before else exp.GTE(this=value, expression=bound)


def years_before(day: date, years: int) -> date | None:
    """The same date so many years earlier, 28 February for the 29th of a common year; None before the calendar begins."""
    year = day.year - years
    if year < 1:
        return None
    return date(year, day.month, min(day.day, calendar.monthrange(year, day.month)[1]))


# --- lengths of time ----------------------------------------------------------------------------


def moved(build: Build, value: Node, column_type: str, length: Duration, *, back: bool = False) -> Node:
    """A time moved by a length. Days and weeks of instants are 24 and 168 hours; months and years move the local date."""
    if length.unit in _MONTHS:
        interval = build.dialect.interval(build.bind, length.amount * _MONTHS[length.unit], "months")
        if column_type == "timestamptz":
            local = build.dialect.local_time(value, zone(build))
            return build.dialect.instant(build.dialect.shifted(local, interval, back=back), zone(build))
        shifted = build.dialect.shifted(value, interval, back=back)
        return shifted if column_type != "date" else local_day(build, shifted, "timestamp")
    if column_type == "date":
        # A date knows no hours: any part of a day is a day.
        days = math.ceil(length.amount * _HOURS[length.unit] / 24)
        return build.dialect.shifted(value, build.bind(days, "int"), back=back)
    # In hours: an interval of days would mean the days of whatever time zone the session happens to have.
    if length.unit is Unit.MINUTE:
        interval = build.dialect.interval(build.bind, length.amount, "minutes")
    else:
        interval = build.dialect.interval(build.bind, length.amount * int(_HOURS[length.unit]), "hours")
    return build.dialect.shifted(value, interval, back=back)
