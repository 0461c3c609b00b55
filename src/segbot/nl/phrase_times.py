"""Windows in plain English: in the last 90 days; since March; before 2024. Read back, each gives the same window."""

from __future__ import annotations

from typing import assert_never

from segbot.model.catalog import Catalog
from segbot.model.windows import (
    MINUTES_A_DAY,
    Ago,
    Ahead,
    Calendar,
    Clock,
    Dated,
    Duration,
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

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def phrase_window(window: Window, catalog: Catalog) -> str:
    """A window in words."""
    said = [] if window.start is None and window.end is None else [_stretch(window, catalog)]
    return " ".join([*said, *([phrase_clock(window.clock)] if window.clock else [])])


def phrase_clock(clock: Clock) -> str:
    """Days of the week and a time of day: on weekends between 9 am and 5 pm."""
    said = []
    if clock.days == WEEKEND_DAYS:
        said.append("on weekends")
    elif clock.days == WORKING_DAYS:
        said.append("on weekdays")
    elif clock.days:
        names = [f"{DAYS[day]}s" for day in clock.days]
        said.append("on " + (", ".join(names[:-1]) + " and " if len(names) > 1 else "") + names[-1])
    if clock.start is not None and clock.end is not None:
        said.append(f"between {_time_of_day(clock.start)} and {_time_of_day(clock.end)}")
    return " ".join(said)


WORKING_DAYS, WEEKEND_DAYS = (0, 1, 2, 3, 4), (5, 6)


def _time_of_day(minute: int) -> str:
    hour, rest = divmod(minute % MINUTES_A_DAY, 60)
    return f"{hour % 12 or 12}{f':{rest:02d}' if rest else ''} {'am' if hour < 12 else 'pm'}"


def _stretch(window: Window, catalog: Catalog) -> str:
    start, end = window.start, window.end
    match start, end:
        case StartOf(period=a, years_back=0), EndOf(period=b, years_back=0) if a == b:
            return _during(a, catalog)
        case StartOf(period=a, years_back=n), EndOf(period=b, years_back=m) if a == b and n == m:
            return f"{_during(a, catalog)} {n} year{'s' if n > 1 else ''} earlier"
        case Ago(amount=n, unit=unit), Now():
            return f"in the last {n} {units(n, unit)}" if n != 1 else f"in the last {unit}"
        case Now(), Ahead(amount=n, unit=unit):
            return f"in the next {n} {units(n, unit)}" if n != 1 else f"in the next {unit}"
        case None, Ago(amount=n, unit=unit):
            return f"more than {n} {units(n, unit)} ago"
        case Ago(amount=n, unit=unit), None:
            return f"since {n} {units(n, unit)} ago"
        case None, StartOf(period=p, years_back=0):
            return f"before {_period(p, catalog)}"
        case None, EndOf(period=p, years_back=0):
            return f"up to the end of {_period(p, catalog)}"
        case StartOf(period=p, years_back=0), None:
            return f"since {_period(p, catalog)}"
        case EndOf(period=p, years_back=0), None:
            return f"after {_period(p, catalog)}"
        case StartOf(period=Calendar(offset=0) as p, years_back=0), Now():
            return f"so far {_period(p, catalog)}"
        case StartOf(period=p, years_back=0), Now():
            return f"from {_period(p, catalog)} to now"
        case Ago(amount=n, unit=unit), Ago(amount=m, unit=other) if unit == other:
            return f"between {m} and {n} {units(n, unit)} ago"
        case StartOf(period=a, years_back=0), EndOf(period=b, years_back=0):
            return f"from {_period(a, catalog)} to {_period(b, catalog)}"
        case None, Now():
            return "before now"
        case Now(), None:
            return "after now"
        case _:
            said = [f"from {_point(start, catalog)}"] if start else []
            said += [f"until {_point(end, catalog)}"] if end else []
            return " ".join(said)


def _point(point: Point, catalog: Catalog) -> str:
    match point:
        case Now():
            return "now"
        case Ago(amount=n, unit=unit):
            return f"{n} {units(n, unit)} ago"
        case Ahead(amount=n, unit=unit):
            return f"{n} {units(n, unit)} from now"
        case StartOf(period=p, years_back=years):
            return f"the start of {_period(p, catalog)}" + (f" {years} years earlier" if years else "")
        case EndOf(period=p, years_back=years):
            return f"the end of {_period(p, catalog)}" + (f" {years} years earlier" if years else "")
        case _:
            assert_never(point)


def _during(period: Period, catalog: Catalog) -> str:
    said = _period(period, catalog)
    match period:
        case Calendar(unit=unit, offset=offset, fiscal=fiscal) if abs(offset) > 1:
            return _away(offset, f"fiscal {unit}" if fiscal else unit.value)
        case Calendar():
            return said
        case Dated(day=None):
            return f"in {said}"
        case Dated() | Weekday():
            return f"on {said}"
        case WeekOf():
            return f"in {said}"
        case Named(name=name):
            named = catalog.calendar.period(name)
            return f"on {said}" if named is not None and named.last is None else f"in {said}"
        case Weekend() | Part():
            return f"in {said}"
        case _:
            assert_never(period)


def _period(period: Period, catalog: Catalog) -> str:
    match period:
        case Calendar(unit=unit, offset=offset, fiscal=fiscal):
            name = f"fiscal {unit}" if fiscal else unit.value
            if unit is Unit.DAY and offset in (-1, 0, 1):
                return ("today", "tomorrow", "yesterday")[offset]
            if offset in (-1, 0, 1):
                return f"{('this', 'next', 'last')[offset]} {name}"
            return f"the {name} {_away(offset, name)}"
        case Dated(year=year, month=month, day=day, quarter=quarter, half=half, fiscal=fiscal, which=which):
            head = "next " if year is None and which == "coming" else ""
            if quarter is not None or half is not None:
                part = f"{'fiscal ' if fiscal else ''}{f'Q{quarter}' if quarter is not None else f'H{half}'}"
            elif month is not None:
                part = f"{MONTHS[month - 1]} {day}" if day is not None else MONTHS[month - 1]
            else:
                return f"{'fiscal ' if fiscal else ''}{year}"
            if year is None:
                return head + part
            return f"{part}, {year}" if day is not None else f"{part} {year}"
        case Weekday(weekday=weekday, offset=offset):
            if offset in (-1, 0, 1):
                return f"{('this', 'next', 'last')[offset]} {DAYS[weekday]}"
            return f"{DAYS[weekday]} {abs(offset)} weeks {'ago' if offset < 0 else 'from now'}"
        case WeekOf(day=day):
            return f"the week of {_period(day, catalog)}"
        case Named(name=name, year=year, which=which):
            found = catalog.calendar.period(name)
            label = found.label if found else name.replace("_", " ")
            head = "next " if year is None and which == "coming" else ""
            return f"{head}{label}" + (f" {year}" if year is not None else "")
        case Weekend(which=which):
            return {"latest": "the latest weekend", "ended": "the last weekend", "coming": "the coming weekend"}[which]
        case Part(of=of, side=side, amount=amount, unit=step):
            whole = _period(of, catalog)
            if step is None:
                return f"{_THIRDS[side]} of {whole}"
            return f"the {side} {f'{amount} ' if amount != 1 else ''}{units(amount, step)} of {whole}"
        case _:
            assert_never(period)


_THIRDS = {"first": "the early part", "middle": "the middle", "last": "the late part"}


def _away(offset: int, name: str) -> str:
    return f"{abs(offset)} {name}s {'ago' if offset < 0 else 'from now'}"


def units(amount: int, unit: Unit) -> str:
    """A unit in its number: 1 day, 2 days."""
    return unit.value if amount == 1 else f"{unit.value}s"


def duration(length: Duration) -> str:
    """A length of time: 7 days."""
    return f"{length.amount} {units(length.amount, length.unit)}"
