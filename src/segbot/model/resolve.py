"""Windows to instants: the one place where "last month" becomes two dates.

Rules: windows are half-open; days, weeks, months, quarters and years begin at local midnight of the workspace's zone;
only minutes and hours count back to the second. A month ago is the same day of the month before, clamped to its length.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import assert_never
from zoneinfo import ZoneInfo

from segbot.model.catalog import CalendarRules, DayRule, EasterDay, FixedDay, NamedPeriod, NthWeekday
from segbot.model.windows import (
    Ago,
    Ahead,
    Calendar,
    Dated,
    EndOf,
    Named,
    Now,
    Part,
    Period,
    Point,
    StartOf,
    Unit,
    Weekday,
    Weekend,
    WeekOf,
    Window,
)

FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class Moment:
    """When a count is made: an aware instant, and the workspace's way of counting time."""

    now: datetime
    rules: CalendarRules

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("now needs a timezone")

    @property
    def zone(self) -> ZoneInfo:
        """The workspace's timezone."""
        return ZoneInfo(self.rules.timezone)

    @property
    def today(self) -> date:
        """The local date of now."""
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Resolved:
    """A window with its instants (aware, in the workspace's zone): [start, end); None is an open end."""

    start: datetime | None
    end: datetime | None

    @property
    def dates(self) -> tuple[date | None, date | None]:
        """The same for a date column, [first, after_last): a day that has begun by `end` is in."""
        first = self.start.date() if self.start else None
        if self.end is None:
            return first, None
        whole = self.end.timetz().replace(tzinfo=None) == time(0)
        return first, self.end.date() if whole else self.end.date() + timedelta(days=1)

    @property
    def empty(self) -> bool:
        """Whether nothing can fall in it."""
        return self.start is not None and self.end is not None and self.start >= self.end


def resolve(window: Window, at: Moment) -> Resolved:
    """The instants of a window at a moment, whatever its clock. Raises ValueError for a named period that the calendar
    does not know.
    """
    return Resolved(
        None if window.start is None else _instant(window.start, at),
        None if window.end is None else _instant(window.end, at),
    )


def period_dates(period: Period, at: Moment) -> tuple[date, date]:
    """A period's first day and the day after its last."""
    today = at.today
    match period:
        case Calendar(unit=unit, offset=offset, fiscal=fiscal):
            return _calendar(unit, offset, today, at.rules, fiscal)
        case Dated():
            return _dated(period, today, at.rules)
        case Weekday(weekday=weekday, offset=offset):
            return _weekday(weekday, offset, today)
        case WeekOf(day=day):
            first = _week_start(_dated(day, today, at.rules)[0], at.rules)
            return first, first + timedelta(days=7)
        case Named():
            return _named(period, today, at.rules)
        case Weekend(which=which):
            return _weekend(which, today)
        case Part():
            return _part(period, *period_dates(period.of, at))
        case _:
            assert_never(period)


def _instant(point: Point, at: Moment) -> datetime:
    match point:
        case Now():
            return at.now.astimezone(at.zone)
        case Ago(amount=amount, unit=unit) if unit.is_clock:
            return _by_clock(at, -amount, unit)
        case Ahead(amount=amount, unit=unit) if unit.is_clock:
            return _by_clock(at, amount, unit)
        case Ago(amount=amount, unit=unit):
            return _midnight(shift(at.today, -amount, unit), at.zone)
        case Ahead(amount=amount, unit=unit):
            return _midnight(shift(at.today, amount, unit) + timedelta(days=1), at.zone)
        case StartOf(period=period, years_back=years):
            return _midnight(shift(period_dates(period, at)[0], -years, Unit.YEAR), at.zone)
        case EndOf(period=period, years_back=years):
            return _midnight(shift(period_dates(period, at)[1], -years, Unit.YEAR), at.zone)
        case _:
            assert_never(point)


def _by_clock(at: Moment, amount: int, unit: Unit) -> datetime:
    step = timedelta(minutes=amount) if unit is Unit.MINUTE else timedelta(hours=amount)
    first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in (FIRST_YEAR, LAST_YEAR + 1))
    now = at.now.astimezone(UTC)
    # Compared before they are added: a sum outside of Python's calendar is an error.
    return (now + max(first - now, min(last - now, step))).astimezone(at.zone)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0), tzinfo=zone)


def shift(day: date, amount: int, unit: Unit) -> date:
    """A day moved by whole units; months and years keep the day of the month, clamped to the month's length."""
    match unit:
        case Unit.DAY:
            return _clamped(day.toordinal() + amount)
        case Unit.WEEK:
            return _clamped(day.toordinal() + 7 * amount)
        case Unit.MONTH | Unit.QUARTER | Unit.YEAR:
            months = amount * {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}[unit]
            year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
            if not FIRST_YEAR <= year <= LAST_YEAR:
                return date(FIRST_YEAR, 1, 1) if year < FIRST_YEAR else date(LAST_YEAR, 12, 31)
            return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
        case Unit.MINUTE | Unit.HOUR:
            raise ValueError(f"a day does not move by {unit}")
        case _:
            assert_never(unit)


def _clamped(ordinal: int) -> date:
    low, high = date(FIRST_YEAR, 1, 1).toordinal(), date(LAST_YEAR, 12, 31).toordinal()
    return date.fromordinal(max(low, min(high, ordinal)))


def _week_start(day: date, rules: CalendarRules) -> date:
    return day - timedelta(days=(day.weekday() - rules.week_start) % 7)


def _calendar(unit: Unit, offset: int, today: date, rules: CalendarRules, fiscal: bool) -> tuple[date, date]:
    first_month = rules.fiscal_year_start if fiscal else 1
    match unit:
        case Unit.DAY:
            first = shift(today, offset, Unit.DAY)
            return first, first + timedelta(days=1)
        case Unit.WEEK:
            first = shift(_week_start(today, rules), offset, Unit.WEEK)
            return first, first + timedelta(days=7)
        case Unit.MONTH:
            start = today.replace(day=1)
        case Unit.QUARTER:
            start = shift(today.replace(day=1), -((today.month - first_month) % 3), Unit.MONTH)
        case Unit.YEAR:
            start = shift(today.replace(day=1), -((today.month - first_month) % 12), Unit.MONTH)
        case Unit.MINUTE | Unit.HOUR:
            raise ValueError(f"no calendar period of unit {unit}")
        case _:
            assert_never(unit)
    first = shift(start, offset, unit)
    return first, shift(first, 1, unit)


def _dated(period: Dated, today: date, rules: CalendarRules) -> tuple[date, date]:
    if period.year is not None:
        return _dated_in(period, period.year, rules)
    # Without a year: the latest that has begun, or the next that is not yet over.
    if period.which == "latest":
        years = range(today.year + 1, today.year - 9, -1)
        return next(d for d in (_dated_in(period, y, rules) for y in years) if d[0] <= today)
    years = range(today.year - 1, today.year + 9)
    return next(d for d in (_dated_in(period, y, rules) for y in years) if d[1] > today)


def _dated_in(period: Dated, year: int, rules: CalendarRules) -> tuple[date, date]:
    # A fiscal year is named after the calendar year in which it ends (the usage of most companies).
    start = date(year, 1, 1)
    if period.fiscal and rules.fiscal_year_start > 1:
        start = date(year - 1, rules.fiscal_year_start, 1)
    if period.quarter is not None:
        first = shift(start, 3 * (period.quarter - 1), Unit.MONTH)
        return first, shift(first, 3, Unit.MONTH)
    if period.half is not None:
        first = shift(start, 6 * (period.half - 1), Unit.MONTH)
        return first, shift(first, 6, Unit.MONTH)
    if period.month is None:
        return start, shift(start, 1, Unit.YEAR)
    first = date(year, period.month, 1)
    if period.day is None:
        return first, shift(first, 1, Unit.MONTH)
    first = first.replace(day=min(period.day, calendar.monthrange(year, period.month)[1]))
    return first, first + timedelta(days=1)


def _weekday(weekday: int, offset: int, today: date) -> tuple[date, date]:
    back = (today.weekday() - weekday) % 7
    if offset < 0:
        first = shift(today - timedelta(days=back or 7), offset + 1, Unit.WEEK)
    elif offset > 0:
        first = shift(today + timedelta(days=7 - back), offset - 1, Unit.WEEK)
    else:
        first = today - timedelta(days=back)
    return first, first + timedelta(days=1)


def _weekend(which: str, today: date) -> tuple[date, date]:
    saturday = today - timedelta(days=(today.weekday() - 5) % 7)
    if which == "ended" and today < saturday + timedelta(days=2):
        saturday -= timedelta(days=7)
    if which == "coming" and today >= saturday + timedelta(days=2):
        saturday += timedelta(days=7)
    return saturday, saturday + timedelta(days=2)


def _part(part: Part, first: date, after: date) -> tuple[date, date]:
    if part.unit is not None:
        if part.side == "first":
            return first, min(after, shift(first, part.amount, part.unit))
        return max(first, shift(after, -part.amount, part.unit)), after
    # Thirds: of whole months where the period has them, else of days; 10 of each month, and what is left.
    months = (after.year - first.year) * 12 + after.month - first.month
    if first.day == after.day == 1 and months >= 3:
        third = months // 3
        cuts = (first, shift(first, third, Unit.MONTH), shift(first, 2 * third, Unit.MONTH), after)
    else:
        third = max(1, (after - first).days // 3)
        one = min(after, first + timedelta(days=third))
        cuts = (first, one, min(after, one + timedelta(days=third)), after)
    index = {"first": 0, "middle": 1, "last": 2}[part.side]
    return cuts[index], cuts[index + 1]


def _named(period: Named, today: date, rules: CalendarRules) -> tuple[date, date]:
    named = rules.period(period.name)
    if named is None:
        raise ValueError(f"the calendar has no period {period.name!r}")
    if period.year is not None:
        return named_dates(named, period.year)
    if period.which == "latest":
        spans = (named_dates(named, y) for y in range(today.year + 1, today.year - 3, -1))
        return next(d for d in spans if d[0] <= today)
    spans = (named_dates(named, y) for y in range(today.year - 1, today.year + 3))
    return next(d for d in spans if d[1] > today)


def named_dates(named: NamedPeriod, year: int) -> tuple[date, date]:
    """A named period's first day and the day after its last, for the year in which it begins."""
    first = _day(named.first, year)
    if named.last is None:
        return first, first + timedelta(days=1)
    last = _day(named.last, year)
    if last < first:
        last = _day(named.last, year + 1)
    return first, last + timedelta(days=1)


def _day(rule: DayRule, year: int) -> date:
    match rule:
        case FixedDay(month=month, day=day, shift=days):
            clamped = min(day, calendar.monthrange(year, month)[1])
            return date(year, month, clamped) + timedelta(days=days)
        case NthWeekday(month=month, nth=nth, weekday=weekday, shift=days):
            matching = [
                date(year, month, d)
                for d in range(1, calendar.monthrange(year, month)[1] + 1)
                if date(year, month, d).weekday() == weekday
            ]
            return matching[nth - 1 if nth > 0 else nth] + timedelta(days=days)
        case EasterDay(shift=days):
            return _easter(year) + timedelta(days=days)
        case _:
            assert_never(rule)


@lru_cache(maxsize=512)
def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous Gregorian algorithm, Meeus 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
