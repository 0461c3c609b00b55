"""Windows as `segbot.nl.phrase_times` words them, read back: every way to read the words at a place, with where it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from typing import Literal, TypeAlias, TypeVar

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
    after,
    before,
    coming,
    during,
    last,
    more_than_ago,
    since,
    through,
)
from segbot.nl.phrase_times import DAYS, MONTHS, WEEKEND_DAYS, WORKING_DAYS
from segbot.nl.text import fold

T = TypeVar("T")
Found: TypeAlias = Iterator[tuple[T, int]]

_UNIT = r"(minute|hour|day|week|month|quarter|year)s?\b"
_AMOUNT = r"(\d{1,9}) " + _UNIT
_OFFSETS = {"this": 0, "next": 1, "last": -1}
_MONTH = {month.lower(): number for number, month in enumerate(MONTHS, 1)}
_WEEKDAY = {day.lower(): number for number, day in enumerate(DAYS)}
_LENGTH = re.compile(_AMOUNT)
_CLOSE = re.compile(rf"(this|next|last) (fiscal )?{_UNIT}")
_FAR = re.compile(rf"the (fiscal )?{_UNIT} (\d+) (?:fiscal )?{_UNIT} (ago|from now)")
_AWAY = re.compile(rf"(\d+) (fiscal )?{_UNIT} (ago|from now)")
_YEAR = re.compile(r"(fiscal )?(\d{4})\b")
_PART = re.compile(r"(next )?(fiscal )?([qh])(\d)\b(?: (\d{4})\b)?")
_DAY = re.compile(rf"(next )?({'|'.join(_MONTH)})\b(?: (\d{{1,2}})\b)?(?:,? (\d{{4}})\b)?")
_NEAR_DAY = re.compile(rf"(this|next|last) ({'|'.join(_WEEKDAY)})\b")
_FAR_DAY = re.compile(rf"({'|'.join(_WEEKDAY)}) (\d+) weeks (ago|from now)")
_EARLIER = re.compile(r" (\d+) years? earlier")


def durations(text: str, at: int) -> Found[Duration]:
    """A length of time: 7 days."""
    if m := _LENGTH.match(text, at):
        with suppress(ValueError):  # longer than any length of time
            yield Duration(int(m[1]), Unit(m[2])), m.end()


def windows(text: str, at: int, catalog: Catalog) -> Found[Window]:
    """All windows whose words begin at a place."""
    with suppress(ValueError):  # counts further than any length of time
        yield from _windows(text, at, catalog)


def _windows(text: str, at: int, catalog: Catalog) -> Found[Window]:
    for clock, end in _clocks(text, at):
        yield Window(clock=clock), end
    for window, end in _stretches(text, at, catalog):
        if text.startswith(" ", end):
            for clock, stop in _clocks(text, end + 1):
                yield replace(window, clock=clock), stop
        yield window, end


_HOUR = r"(\d{1,2})(?::(\d\d))? (am|pm)"
_HOURS = re.compile(rf"between {_HOUR} and {_HOUR}\b")
_DAYS_OF_WEEK = re.compile(r"on ((?:\w+days(?:, \w+days)* and )?\w+days|weekends)\b")


def _clocks(text: str, at: int) -> Found[Clock]:
    """Days of the week and a time of day: on Mondays and Fridays between 9 am and 5 pm."""
    days: tuple[int, ...] = ()
    if m := _DAYS_OF_WEEK.match(text, at):
        known = {"weekends": WEEKEND_DAYS, "weekdays": WORKING_DAYS}
        named = re.findall(r"\w+days", m[1])
        found = known.get(m[1]) or tuple(_WEEKDAY[day[:-1]] for day in named if day[:-1] in _WEEKDAY)
        if len(found) < max(1, len(named)) or len(set(found)) == 7:
            return
        days, at = found, m.end()
        yield Clock(days), at
        if not text.startswith(" ", at):
            return
        at += 1
    if m := _HOURS.match(text, at):
        start, end = _minute(m[1], m[2], m[3]), _minute(m[4], m[5], m[6]) or MINUTES_A_DAY
        if max(start, end) <= MINUTES_A_DAY and start != end and (start, end) != (0, MINUTES_A_DAY):
            yield Clock(days, start, end), m.end()


def _minute(hour: str, minute: str | None, half: str) -> int:
    return (int(hour) % 12 + (12 if half == "pm" else 0)) * 60 + int(minute or 0)


def _stretches(text: str, at: int, catalog: Catalog) -> Found[Window]:
    for pattern, made in _ROLLING:
        if m := pattern.match(text, at):
            yield made(int(m[1]) if m[1] else 1, Unit(m[2])), m.end()
    if m := _BETWEEN.match(text, at):
        unit = Unit(m[3])
        yield Window(Ago(int(m[2]), unit), Ago(int(m[1]), unit)), m.end()
    for word, window in (("before now", Window(None, Now())), ("after now", Window(Now(), None))):
        if text.startswith(word, at):
            yield window, at + len(word)
    for head in ("", "in ", "on "):
        if text.startswith(head, at):
            for period, end in _periods(text, at + len(head), catalog):
                yield from _during(text, period, end)
    if (m := _AWAY.match(text, at)) and not Unit(m[3]).is_clock:
        yield from _during(text, _calendar(m[3], m[1], m[4], m[2]), m.end())
    for word, make in (("since ", since), ("before ", before), ("after ", after), ("up to the end of ", through)):
        if text.startswith(word, at):
            for period, end in _periods(text, at + len(word), catalog):
                yield make(period), end
    if text.startswith("so far ", at):
        for period, end in _periods(text, at + 7, catalog):
            yield Window(StartOf(period), Now()), end
    yield from _spans(text, at, catalog)


_ROLLING = (
    (re.compile(rf"in the last (?:(\d+) )?{_UNIT}"), last),
    (re.compile(rf"in the next (?:(\d+) )?{_UNIT}"), coming),
    (re.compile(rf"more than (\d+) {_UNIT} ago"), more_than_ago),
    (re.compile(rf"since (\d+) {_UNIT} ago"), lambda n, unit: Window(Ago(n, unit), None)),
)
_BETWEEN = re.compile(rf"between (\d+) and (\d+) {_UNIT} ago")


def _during(text: str, period: Period, end: int) -> Found[Window]:
    if m := _EARLIER.match(text, end):
        years = int(m[1])
        yield Window(StartOf(period, years), EndOf(period, years)), m.end()
    yield during(period), end


def _spans(text: str, at: int, catalog: Catalog) -> Found[Window]:
    if text.startswith("until ", at):
        for point, end in _points(text, at + 6, catalog):
            yield Window(None, point), end
    if not text.startswith("from ", at):
        return
    for first, end in _points(text, at + 5, catalog):
        if text.startswith(" until ", end):
            for second, stop in _points(text, end + 7, catalog):
                if not (first == second == Now()):
                    yield Window(first, second), stop
        yield Window(first, None), end
    for one, end in _periods(text, at + 5, catalog):
        if text.startswith(" to now", end):
            yield Window(StartOf(one), Now()), end + 7
        if text.startswith(" to ", end):
            for two, stop in _periods(text, end + 4, catalog):
                yield Window(StartOf(one), EndOf(two)), stop


def _points(text: str, at: int, catalog: Catalog) -> Found[Point]:
    if text.startswith("now", at):
        yield Now(), at + 3
    if m := _AWAY.match(text, at):
        amount, unit = int(m[1]), Unit(m[3])
        yield (Ago(amount, unit) if m[4] == "ago" else Ahead(amount, unit)), m.end()
    for word, make in (("the start of ", StartOf), ("the end of ", EndOf)):
        if text.startswith(word, at):
            for period, end in _periods(text, at + len(word), catalog):
                if m := _EARLIER.match(text, end):
                    yield make(period, int(m[1])), m.end()
                yield make(period), end


def _periods(text: str, at: int, catalog: Catalog) -> Found[Period]:
    for offset, word in ((0, "today"), (-1, "yesterday"), (1, "tomorrow")):
        if text.startswith(word, at):
            yield Calendar(Unit.DAY, offset), at + len(word)
    if m := _CLOSE.match(text, at):
        unit = Unit(m[3])
        if not unit.is_clock and (not m[2] or unit in (Unit.QUARTER, Unit.YEAR)):
            yield Calendar(unit, _OFFSETS[m[1]], bool(m[2])), m.end()
    if (m := _FAR.match(text, at)) and not Unit(m[2]).is_clock:
        yield _calendar(m[2], m[3], m[5], m[1]), m.end()
    if m := _NEAR_DAY.match(text, at):
        yield Weekday(_WEEKDAY[m[2]], _OFFSETS[m[1]]), m.end()
    if m := _FAR_DAY.match(text, at):
        yield Weekday(_WEEKDAY[m[1]], int(m[2]) * (-1 if m[3] == "ago" else 1)), m.end()
    if text.startswith("the week of ", at):
        for day, end in _dates(text, at + 12):
            yield WeekOf(day), end
    for words, which in _WEEKENDS.items():
        if text.startswith(words, at):
            yield Weekend(which), at + len(words)
    if m := _THIRD.match(text, at):
        for whole, end in _periods(text, m.end(), catalog):
            if not isinstance(whole, Part):
                yield Part(whole, _THIRDS[m[1]]), end
    if (m := _SOME.match(text, at)) and not Unit(m[3]).is_clock and int(m[2] or 1):
        for whole, end in _periods(text, m.end(), catalog):
            if not isinstance(whole, Part):
                yield Part(whole, "first" if m[1] == "first" else "last", int(m[2] or 1), Unit(m[3])), end
    yield from _dates(text, at)
    yield from _named(text, at, catalog)


_WEEKENDS: dict[str, Literal["latest", "ended", "coming"]] = {
    "the latest weekend": "latest",
    "the last weekend": "ended",
    "the coming weekend": "coming",
}
_THIRDS: dict[str, Literal["first", "middle", "last"]] = {
    "early part": "first",
    "middle": "middle",
    "late part": "last",
}
_THIRD = re.compile(r"the (early part|middle|late part) of ")
_SOME = re.compile(rf"the (first|last) (?:(\d{{1,9}}) )?{_UNIT} of ")


def _calendar(unit: str, amount: str, way: str, fiscal: str | None) -> Calendar:
    kind = Unit(unit)
    return Calendar(kind, int(amount) * (-1 if way == "ago" else 1), bool(fiscal) and kind in (Unit.QUARTER, Unit.YEAR))


def _dates(text: str, at: int) -> Found[Dated]:
    """Dates, the longest form first, and then with less of it: "March 4" may be followed by a number of its own."""
    found: list[tuple[dict[str, int | bool | str], int]] = []
    if m := _YEAR.match(text, at):
        found.append(({"year": int(m[2]), "fiscal": bool(m[1])}, m.end()))
    if m := _PART.match(text, at):
        part = {"q": "quarter", "h": "half"}[m[3]]
        head: dict[str, int | bool | str] = {part: int(m[4]), "fiscal": bool(m[2]), **_which(m[1])}
        if m[5]:
            found.append(({**head, "year": int(m[5])}, m.end()))
        found.append((head, m.end(4)))
    if m := _DAY.match(text, at):
        head = {"month": _MONTH[m[2]], **_which(m[1])}
        day: dict[str, int | bool | str] = {"day": int(m[3])} if m[3] else {}
        if m[4]:
            found.append(({**head, **day, "year": int(m[4])}, m.end()))
        if day:
            found.append(({**head, **day}, m.end(3)))
        found.append((head, m.end(2)))
    for parts, end in found:
        try:
            yield Dated(**parts), end  # type: ignore[arg-type]
        except ValueError:
            continue  # no such day


def _which(said: str | None) -> dict[str, int | bool | str]:
    return {"which": "coming"} if said else {}


def _named(text: str, at: int, catalog: Catalog) -> Found[Named]:
    for head, which in (("next ", "coming"), ("", "latest")):
        if not text.startswith(head, at):
            continue
        for named in catalog.calendar.named:
            label = fold(named.label)
            if text.startswith(label, at + len(head)):
                end = at + len(head) + len(label)
                if m := re.compile(r" (\d{4})\b").match(text, end):
                    yield Named(named.key, int(m[1])), m.end()
                yield Named(named.key, None, "coming" if which == "coming" else "latest"), end
