"""When: stretches of time as people say them, kept relative until the moment of counting.

A `Window` is half-open, [start, end). Its two ends are `Point`s, and a point is either counted from now (`Ago`,
`Ahead`, `Now`) or the edge of a calendar `Period` (`StartOf`, `EndOf`). So "last 90 days" is
`Window(Ago(90, DAY), Now())`, "in March" is `Window(StartOf(p), EndOf(p))`, "before 2024" is
`Window(None, StartOf(Dated(year=2024)))`: one form for every phrase, and one place that turns it into instants
(`segbot.model.resolve`). A window with neither end is not written: `None` stands for "ever".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias


class Unit(StrEnum):
    """A unit of calendar or clock time."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def is_clock(self) -> bool:
        """Whether people count it back to the second (minutes, hours) rather than to the start of a day."""
        return self in (Unit.MINUTE, Unit.HOUR)


LONGEST_YEARS = 1_000
"""No length of time and no step through the calendar is longer than so many years, in whichever unit it is counted."""

_A_YEAR = {
    Unit.MINUTE: 527_040,
    Unit.HOUR: 8_784,
    Unit.DAY: 366,
    Unit.WEEK: 53,
    Unit.MONTH: 12,
    Unit.QUARTER: 4,
    Unit.YEAR: 1,
}


def longest(unit: Unit) -> int:
    """The most of a unit that a length of time may have."""
    return LONGEST_YEARS * _A_YEAR[unit]


def _check_length(amount: int, unit: Unit) -> None:
    if abs(amount) > longest(unit):
        raise ValueError(f"that is longer than {LONGEST_YEARS} years: say at most {longest(unit)} {unit}s")


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: 7 days."""

    amount: int
    unit: Unit
    kind: Literal["duration"] = "duration"

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"a duration is not negative: {self.amount}")
        _check_length(self.amount, self.unit)


# --- periods: named stretches of the calendar ---------------------------------------------------


@dataclass(frozen=True, slots=True)
class Calendar:
    """A calendar unit counted from the current one: last month is `Calendar(MONTH, -1)`, today `Calendar(DAY, 0)`.

    `fiscal` counts quarters and years from the workspace's fiscal year instead of January.
    """

    unit: Unit
    offset: int
    fiscal: bool = False
    kind: Literal["calendar"] = "calendar"

    def __post_init__(self) -> None:
        if self.unit.is_clock:
            raise ValueError(f"no calendar period of unit {self.unit}")
        if self.fiscal and self.unit not in (Unit.QUARTER, Unit.YEAR):
            raise ValueError("only quarters and years can be fiscal")
        _check_length(self.offset, self.unit)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, month, quarter, half or year by its number: 2025; Q3 2025; March; 4 March 2025.

    Without a year it means the latest one that has begun by now (`latest`), or the next one not yet over (`coming`).
    `month` 1-12, `day` 1-31 (needs a month), `quarter` 1-4, `half` 1-2; at most one of month, quarter, half.
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    quarter: int | None = None
    half: int | None = None
    which: Literal["latest", "coming"] = "latest"
    fiscal: bool = False
    kind: Literal["dated"] = "dated"

    def __post_init__(self) -> None:
        if sum(part is not None for part in (self.month, self.quarter, self.half)) > 1:
            raise ValueError("a period is given by a month, a quarter or a half, not by two of them")
        if self.year is None and self.month is None and self.quarter is None and self.half is None:
            raise ValueError("a dated period needs a year, half, quarter or month")
        if self.day is not None and self.month is None:
            raise ValueError("a day needs its month")
        for part, low, high in (
            (self.year, 1900, 2200),
            (self.month, 1, 12),
            (self.quarter, 1, 4),
            (self.half, 1, 2),
        ):
            if part is not None and not low <= part <= high:
                raise ValueError(f"{part} is not between {low} and {high}")
        if self.day is not None and not 1 <= self.day <= DAYS_IN[self.month or 1]:
            raise ValueError(f"month {self.month} has no day {self.day}")
        if self.fiscal and (self.month is not None or self.half is not None):
            raise ValueError("only quarters and years can be fiscal")


# Longest length of each month: 29 February exists in some years and is clamped in the others.
DAYS_IN = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Weekday:
    """The latest (or coming) day of that name: last Friday. Monday is 0. Today counts only when `offset` is 0 and it is that day."""

    weekday: int
    offset: int = -1
    kind: Literal["weekday"] = "weekday"

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError(f"no weekday {self.weekday}")
        _check_length(self.offset, Unit.WEEK)


@dataclass(frozen=True, slots=True)
class WeekOf:
    """The week (starting on the workspace's first day) that holds a date: the week of 4 May."""

    day: Dated
    kind: Literal["week_of"] = "week_of"


@dataclass(frozen=True, slots=True)
class Named:
    """A named day or season of the house calendar, by key: black_friday, summer; without a year the latest that has begun."""

    name: str
    year: int | None = None
    which: Literal["latest", "coming"] = "latest"
    kind: Literal["named"] = "named"


@dataclass(frozen=True, slots=True)
class Weekend:
    """A Saturday and its Sunday: the latest that has begun, the latest that is over, or the next that is not yet over."""

    which: Literal["latest", "ended", "coming"] = "latest"
    kind: Literal["weekend"] = "weekend"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a period: the first week of March, the last 3 days of last month, mid-June.

    `first` and `last` take so many units from one end, never more than the period has. Without a unit it is a third of
    the period, counted in its months or days: early March is 1-10 March, mid-2025 May to August, late June 21-30 June.
    """

    of: Period
    side: Literal["first", "middle", "last"]
    amount: int = 1
    unit: Unit | None = None
    kind: Literal["part"] = "part"

    def __post_init__(self) -> None:
        if self.amount < 1 or (self.unit is None and self.amount != 1):
            raise ValueError(f"no part of {self.amount} units")
        if self.unit is not None and (self.unit.is_clock or self.side == "middle"):
            raise ValueError("a part is counted in whole days or longer, from the start or the end")
        if isinstance(self.of, Part):
            raise ValueError("a part of a part is not said")
        _check_length(self.amount, self.unit or Unit.YEAR)


Period: TypeAlias = Calendar | Dated | Weekday | WeekOf | Named | Weekend | Part


# --- points: where a window begins or ends ------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of counting."""

    kind: Literal["now"] = "now"


@dataclass(frozen=True, slots=True)
class Ago:
    """So long before now: the start of that local day, or the very second for minutes and hours."""

    amount: int
    unit: Unit
    kind: Literal["ago"] = "ago"

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"{self.amount} {self.unit} ago is not in the past")
        _check_length(self.amount, self.unit)


@dataclass(frozen=True, slots=True)
class Ahead:
    """So long after now: the end of that local day, or the very second for minutes and hours."""

    amount: int
    unit: Unit
    kind: Literal["ahead"] = "ahead"

    def __post_init__(self) -> None:
        if self.amount < 0:
            raise ValueError(f"{self.amount} {self.unit} ahead is not in the future")
        _check_length(self.amount, self.unit)


@dataclass(frozen=True, slots=True)
class StartOf:
    """The first instant of a period, moved back by whole years when `years_back` is set (same period last year)."""

    period: Period
    years_back: int = 0
    kind: Literal["start_of"] = "start_of"

    def __post_init__(self) -> None:
        _check_length(self.years_back, Unit.YEAR)


@dataclass(frozen=True, slots=True)
class EndOf:
    """The first instant after a period, moved back by whole years when `years_back` is set."""

    period: Period
    years_back: int = 0
    kind: Literal["end_of"] = "end_of"

    def __post_init__(self) -> None:
        _check_length(self.years_back, Unit.YEAR)


Point: TypeAlias = Now | Ago | Ahead | StartOf | EndOf


MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Clock:
    """The days of the week and the time of day, by the workspace's own clock: on weekends, between 9 am and 5 pm.

    `days` are weekdays (Monday is 0, none means any). `start` (included) and `end` (excluded) are minutes since local
    midnight, 0 to 1440; an end before the start is on the next day: from 10 pm to 6 am.
    """

    days: tuple[int, ...] = ()
    start: int | None = None
    end: int | None = None
    kind: Literal["clock"] = "clock"

    def __post_init__(self) -> None:
        object.__setattr__(self, "days", tuple(sorted(set(self.days))))
        if any(not 0 <= day <= 6 for day in self.days) or len(self.days) == 7:
            raise ValueError(f"no days of the week: {self.days}")
        if (self.start is None) != (self.end is None) or (not self.days and self.start is None):
            raise ValueError("a clock needs days, or a start and an end")
        if self.start is not None and self.end is not None:
            whole = (self.start, self.end) == (0, MINUTES_A_DAY)
            if (
                not 0 <= self.start < MINUTES_A_DAY
                or not 0 < self.end <= MINUTES_A_DAY
                or self.start == self.end
                or whole
            ):
                raise ValueError(f"no time of day from minute {self.start} to {self.end}")

    def holds(self, weekday: int, minute: int) -> bool:
        """Whether a local weekday and minute of the day are among them."""
        if self.days and weekday not in self.days:
            return False
        if self.start is None or self.end is None:
            return True
        if self.start < self.end:
            return self.start <= minute < self.end
        return minute >= self.start or minute < self.end


@dataclass(frozen=True, slots=True)
class Window:
    """From `start` (included; None = since ever) to `end` (excluded; None = for ever after), at the times of a clock if given."""

    start: Point | None = None
    end: Point | None = None
    clock: Clock | None = None
    kind: Literal["window"] = "window"

    def __post_init__(self) -> None:
        if self.start is None and self.end is None and self.clock is None:
            raise ValueError("a window without ends is no window: use None for 'ever'")
        if isinstance(self.start, Now) and isinstance(self.end, Now):
            raise ValueError("a window from now to now is empty")


def last(amount: int, unit: Unit) -> Window:
    """In the last n units, up to now."""
    return Window(Ago(amount, unit), Now())


def coming(amount: int, unit: Unit) -> Window:
    """In the next n units, from now."""
    return Window(Now(), Ahead(amount, unit))


def during(period: Period) -> Window:
    """From the start to the end of a period."""
    return Window(StartOf(period), EndOf(period))


def since(period: Period) -> Window:
    """From the start of a period, with no upper end."""
    return Window(StartOf(period), None)


def before(period: Period) -> Window:
    """Up to the start of a period."""
    return Window(None, StartOf(period))


def after(period: Period) -> Window:
    """From the end of a period on."""
    return Window(EndOf(period), None)


def through(period: Period) -> Window:
    """Up to and with a period."""
    return Window(None, EndOf(period))


def more_than_ago(amount: int, unit: Unit) -> Window:
    """More than n units ago."""
    return Window(None, Ago(amount, unit))
