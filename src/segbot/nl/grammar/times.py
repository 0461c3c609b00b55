"""Dates, periods, durations and windows, as symbols relative to now."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from segbot.model.resolve import resolve
from segbot.model.windows import (
    Ago,
    Calendar,
    Dated,
    Duration,
    EndOf,
    Named,
    Now,
    Part,
    Period,
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
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Lasting, Note, Number, Span, When, Word

FIRST_YEAR, LAST_YEAR = 1900, 2100
_LONGEST = {
    Unit.MINUTE: 10**7,
    Unit.HOUR: 10**6,
    Unit.DAY: 40_000,
    Unit.WEEK: 5_000,
    Unit.MONTH: 1_200,
    Unit.QUARTER: 400,
    Unit.YEAR: 100,
}


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _durations(g)
    _periods(g)
    _unsupported(g)
    _dates(g)
    _rolling(g)
    _calendar(g)


def read_date(said: str, order: Literal["mdy", "dmy", None]) -> tuple[Dated, ...]:
    """The days that a written date can be: one, or two where day and month could be swapped and nobody said the order."""
    if iso := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", said):
        year, month, day = map(int, iso.groups())
        return _dated(year, month, day)
    parts = [int(p) for p in re.split(r"[/.-]", said)]
    first, second = parts[0], parts[1]
    year_ = None if len(parts) < 3 else parts[2] + (0 if parts[2] > 99 else 2000 if parts[2] < 70 else 1900)
    if "." in said:
        order = "dmy"
    options = {"mdy": [(first, second)], "dmy": [(second, first)], None: [(first, second), (second, first)]}[order]
    found = [d for month, day in options for d in _dated(year_, month, day)]
    if not found and order:
        found = list(_dated(year_, *((second, first) if order == "mdy" else (first, second))))
    return tuple(dict.fromkeys(found))


def _dated(year: int | None, month: int, day: int) -> tuple[Dated, ...]:
    if not 1 <= month <= 12:
        return ()
    try:
        date(year or 2024, month, day)
        return (Dated(year=year, month=month, day=day),)
    except ValueError:
        return ()


def _durations(g: Grammar) -> None:
    @g.rule("DUR", "NUM UNIT", examples=("90 days", "6mo"))
    def duration(_: Scene, number: Number, unit: Word) -> Lasting | None:
        return _lasting(number.value, Unit(unit.value)) if not number.unit else None

    @g.rule("DUR", "a|an|one UNIT", examples=("a year",))
    def one_unit(_: Scene, unit: Word) -> Lasting | None:
        return Lasting(Duration(1, Unit(unit.value)), article=True)

    @g.rule("DUR", "FEW UNIT", examples=("a few weeks",))
    def few_units(_: Scene, word: Word, unit: Word) -> Lasting:
        note = Note("few", f"“a few” means {word.value} here")
        return Lasting(Duration(word.value, Unit(unit.value)), (note,))

    @g.rule("DUR", "half a|an? UNIT", "HALF UNIT", examples=("half a year",))
    def half_unit(_: Scene, *words: Word) -> Lasting | None:
        unit = Unit(words[-1].value)
        halves = {Unit.YEAR: (6, Unit.MONTH), Unit.DAY: (12, Unit.HOUR), Unit.HOUR: (30, Unit.MINUTE)}
        return Lasting(Duration(*halves[unit])) if unit in halves else None

    @g.rule("DUR", "NUM AND? a|one? half UNIT", examples=("1 and a half years",))
    def and_a_half(_: Scene, number: Number, _and: Any, unit: Word) -> Lasting | None:
        return _lasting(number.value + 0.5, Unit(unit.value)) if not number.unit else None

    @g.rule("DUR", "fortnight")
    def fortnight(_: Scene) -> Lasting:
        return Lasting(Duration(14, Unit.DAY))

    @g.rule("DUR", "decade")
    def decade(_: Scene) -> Lasting:
        return Lasting(Duration(10, Unit.YEAR))


def _lasting(amount: int | float, unit: Unit) -> Lasting | None:
    if amount != int(amount):  # a year and a half is 18 months
        smaller = {
            Unit.YEAR: (12, Unit.MONTH),
            Unit.DAY: (24, Unit.HOUR),
            Unit.WEEK: (7, Unit.DAY),
            Unit.HOUR: (60, Unit.MINUTE),
        }
        if unit not in smaller:
            return None
        factor, unit = smaller[unit]
        amount = amount * factor
        if amount != int(amount):
            return None
    return Lasting(Duration(int(amount), unit)) if 0 < amount <= _LONGEST[unit] else None


def _year(number: Number) -> int | None:
    value = number.value
    return int(value) if not number.unit and value == int(value) and FIRST_YEAR <= value <= LAST_YEAR else None


def _short_year(number: Number) -> int | None:
    """A year by its last two digits: FY26, Sept '25."""
    value = number.value
    if number.unit or value != int(value) or not 0 <= value <= 99:
        return None
    return int(value) + (2000 if value < 70 else 1900)


def _periods(g: Grammar) -> None:
    @g.rule("PERIOD", "MONTH", examples=("March",))
    def month(_: Scene, month: Word) -> Span:
        return Span(Dated(month=month.value))

    @g.rule("PERIOD", "MONTH OF? NUM", "MONTH COMMA NUM", "NUM MONTH", cost=-0.05, examples=("March 2025",))
    def month_of_year(_: Scene, *parts: Any) -> Span | None:
        number = next(p for p in parts if isinstance(p, Number))
        month = next(p for p in parts if isinstance(p, Word) and isinstance(p.value, int))
        year = _year(number)
        return Span(Dated(year=year, month=month.value)) if year else None

    @g.rule("PERIOD", "YEARNUM", cost=0.1, examples=("2025",))
    def year(_: Scene, number: Number) -> Span | None:
        year = _year(number)
        return Span(Dated(year=year)) if year else None

    @g.rule("PERIOD", "the year YEARNUM", "calendar year YEARNUM", "year YEARNUM")
    def the_year(_: Scene, number: Number) -> Span | None:
        year = _year(number)
        return Span(Dated(year=year)) if year else None

    @g.rule("PERIOD", "QUARTERWORD OF? YEARNUM?", "QUARTERWORD COMMA YEARNUM", examples=("Q3 2025",))
    def quarter(_: Scene, quarter: Word, _of: Any, number: Number | None) -> Span | None:
        return _part(quarter.value, number, fiscal=False)

    @g.rule("PERIOD", "YEARNUM QUARTERWORD", examples=("2025 Q3",))
    def quarter_after_year(_: Scene, number: Number, quarter: Word) -> Span | None:
        return _part(quarter.value, number, fiscal=False)

    @g.rule("PERIOD", "FISCAL QUARTERWORD OF? YEARNUM?", cost=-0.1, examples=("fiscal Q1",))
    def fiscal_quarter(_: Scene, _fiscal: Word, quarter: Word, _of: Any, number: Number | None) -> Span | None:
        return _part(quarter.value, number, fiscal=True)

    @g.rule("PERIOD", "ORDWORD quarter OF YEARNUM", "ORDINAL quarter OF YEARNUM")
    def quarter_by_number(_: Scene, nth: Any, _of: Any, number: Number) -> Span | None:
        return _part(("quarter", nth.value), number, fiscal=False)

    @g.rule("PERIOD", "ORDWORD half OF YEARNUM", "ORDINAL half OF YEARNUM", "FIRST half OF YEARNUM")
    def half_by_number(_: Scene, nth: Any, _of: Any, number: Number) -> Span | None:
        return _part(("half", nth.value or 1), number, fiscal=False)

    @g.rule("PERIOD", "FISCAL YEARNUM", "FISCAL year YEARNUM", examples=("FY2025",))
    def fiscal_year(_: Scene, _fiscal: Word, number: Number) -> Span | None:
        year = _year(number)
        return Span(Dated(year=year, fiscal=True)) if year else None

    @g.rule("PERIOD", "FISCAL year? NUM", cost=-0.1, examples=("FY26",))
    def short_fiscal_year(_: Scene, _fiscal: Word, number: Number) -> Span | None:
        year = _short_year(number)
        return Span(Dated(year=year, fiscal=True)) if year else None

    @g.rule("PERIOD", "FISCAL NUM COMMA? QUARTERWORD", "QUARTERWORD OF? FISCAL NUM", cost=-0.4, examples=("FY26 Q2",))
    def quarter_of_fiscal_year(_: Scene, *parts: Any) -> Span | None:
        number = _the(parts, Number)
        which, n = next(p.value for p in parts if isinstance(p, Word) and isinstance(p.value, tuple))
        year = _year(number) or _short_year(number)
        return Span(Dated(year=year, quarter=n, fiscal=True)) if year and which == "quarter" and n <= 4 else None

    @g.rule("PERIOD", "MONTH ' NUM", "QUARTERWORD ' NUM", cost=-0.3, examples=("Sept '25",))
    def short_year(_: Scene, part: Word, number: Number) -> Span | None:
        year = _short_year(number)
        if year is None:
            return None
        if isinstance(part.value, int):
            return Span(Dated(year=year, month=part.value))
        return _part(part.value, Number(year), fiscal=False)

    @g.rule("PERIOD", "NAMEDPERIOD OF? YEARNUM?", cost=-0.05, examples=("Black Friday 2024", "summer"))
    def named_period(_: Scene, named: Word, _of: Any, number: Number | None) -> Span | None:
        year = _year(number) if number else None
        return None if number and not year else Span(Named(named.value, year))

    @g.rule("PERIOD", "RECENT NAMEDPERIOD", "NAMEDPERIOD of? RECENT year", cost=-0.1, examples=("last summer",))
    def last_named(_: Scene, *words: Word) -> Span:
        return Span(Named(next(w.value for w in words if w.value != "last")))

    @g.rule("PERIOD", "THIS NAMEDPERIOD", cost=-0.1)
    def this_named(_: Scene, _this: Word, named: Word) -> Span:
        return Span(Named(named.value))

    @g.rule("PERIOD", "NEXT NAMEDPERIOD", cost=-0.1)
    def next_named(_: Scene, _next: Word, named: Word) -> Span:
        return Span(Named(named.value, None, "coming"))

    @g.rule("PERIOD", "RECENT MONTH", cost=-0.1, examples=("last March",))
    def last_month_by_name(_: Scene, _last: Word, month: Word) -> Span:
        return Span(Dated(month=month.value))

    @g.rule("PERIOD", "NEXT MONTH", cost=-0.1)
    def next_month_by_name(_: Scene, _next: Word, month: Word) -> Span:
        return Span(Dated(month=month.value, which="coming"))

    @g.rule("PERIOD", "THIS MONTH", cost=-0.1)
    def this_month_by_name(scene: Scene, _this: Word, month: Word) -> Span:
        return Span(Dated(year=scene.at.today.year, month=month.value))

    @g.rule("PERIOD", "WEEKDAY", "RECENT WEEKDAY", cost=0.1, examples=("last Friday",))
    def weekday(_: Scene, *words: Word) -> Span:
        return Span(Weekday(words[-1].value))

    @g.rule("PERIOD", "NEXT WEEKDAY", "THIS WEEKDAY")
    def coming_weekday(_: Scene, _next: Word, weekday: Word) -> Span:
        return Span(Weekday(weekday.value, 1))

    @g.rule("PERIOD", "WEEK_OF PERIOD", examples=("the week of 4 May",))
    def week_of(_: Scene, _week: Word, span: Span) -> Span | None:
        match span.period:
            case Dated(day=int()):
                return Span(WeekOf(span.period))
            case _:
                return None


def _unsupported(g: Grammar) -> None:
    @g.rule("UNSUPPORTED", "DURING a|an|any|one single|given UNIT", cost=-4.0, examples=("in a single month",))
    def any_such_unit(_: Scene, *words: Word) -> Word:
        """Some month or other is not the latest one: the words are reported instead of read as something near."""
        return Word(words[-1].value)


def _part(part: tuple[str, int], number: Number | None, *, fiscal: bool) -> Span | None:
    year = _year(number) if number else None
    if number and not year:
        return None
    which, n = part
    if which == "half":
        return Span(Dated(year=year, half=n)) if n in (1, 2) and not fiscal else None
    return Span(Dated(year=year, quarter=n, fiscal=fiscal)) if 1 <= n <= 4 else None


def _dates(g: Grammar) -> None:
    @g.rule("PERIOD", "DATE", examples=("3/4/2025", "2025-03-04"))
    def written_date(_: Scene, date_: Word) -> Span | None:
        return Span(date_.value)

    @g.rule("PERIOD", "MONTH ORDINAL|NUM", "ORDINAL|NUM OF? MONTH", cost=-0.05, examples=("March 4", "4th of March"))
    def day_of_month(_: Scene, *parts: Any) -> Span | None:
        month, day = _month_and_day(parts)
        found = _dated(None, month, day)
        return Span(found[0]) if found else None

    @g.rule("PERIOD", "MONTH ORDINAL|NUM COMMA? YEARNUM", "ORDINAL|NUM OF? MONTH COMMA? YEARNUM", cost=-0.15)
    def full_date(_: Scene, *parts: Any) -> Span | None:
        numbers = [p for p in parts if isinstance(p, Number)]
        year = _year(numbers[-1])
        rest = [p for p in parts if p is not numbers[-1]]
        month, day = _month_and_day(rest)
        found = _dated(year, month, day) if year else ()
        return Span(found[0]) if found else None

    @g.rule("WHEN", "in MONTH NUM", cost=-0.7, examples=("in Sep 25",))
    def month_and_number(scene: Scene, month: Word, number: Number) -> When | None:
        """ "in Sep 25": a month of a year rather than a day, which would be "on"; and the day can be had by a tap."""
        year = _short_year(number)
        day = _dated(None, month.value, int(number.value)) if year else ()
        if year is None or abs(year - scene.at.today.year) > 10:
            return None
        window = during(Dated(year=year, month=month.value))
        if not day:
            return When(window)
        name = f"{date(2024, month.value, 1):%B}"
        changes = (("window", during(day[0])),)
        note = Note("month_of_year", f"that means {name} {year}", f"{int(number.value)} {name}", changes)
        return When(window, notes=(note,))


def _month_and_day(parts: Any) -> tuple[int, int]:
    words = [p for p in parts if isinstance(p, Word) and isinstance(p.value, int)]
    number = next((p for p in parts if isinstance(p, Number)), None)
    if number is not None:
        return words[0].value, int(number.value) if number.value == int(number.value) and not number.unit else 0
    # a month's word and an ordinal's word: the ordinal carries "th"
    month = next(w for w in words if not isinstance(w, _Ordinal))
    day = next(w for w in words if isinstance(w, _Ordinal))
    return month.value, day.value


class _Ordinal(Word):
    """An ordinal, told apart from a month by its type."""

    __slots__ = ()


def ordinal(value: int) -> Word:
    """The meaning of "4th"."""
    return _Ordinal(value)


def _rolling(g: Grammar) -> None:
    @g.rule(
        "WHEN",
        "RECENT DUR",
        "INSIDE RECENT DUR",
        "DURING|from RECENT DUR",
        cost=-0.1,
        examples=("last 90 days", "in the past 6 months"),
    )
    def last_so_long(_: Scene, *words: Any) -> When:
        return _last(words[-1])

    @g.rule(
        "WHEN",
        "in|over|within|during|for|throughout the last|past|previous UNIT",
        "past UNIT",
        "the last|past UNIT",
        "INSIDE past UNIT",
        cost=-0.6,
    )
    def rolling_unit(_: Scene, *words: Word) -> When:
        return When(last(1, Unit(words[-1].value)))

    @g.rule("WHEN", "in|within|over|during the next|coming|following UNIT", cost=-0.6, examples=("in the next month",))
    def coming_unit(_: Scene, unit: Word) -> When:
        return When(coming(1, Unit(unit.value)))

    @g.rule("WHEN", "INSIDE DUR", cost=0.1, examples=("haven't bought in 6 months",))
    def within_so_long(_: Scene, _in: Word, lasting: Lasting) -> When:
        duration = lasting.duration
        return When(last(duration.amount, duration.unit), coming(duration.amount, duration.unit), lasting.notes)

    @g.rule("WHEN", "DUR", cost=0.9, examples=("90d",))
    def bare_duration(_: Scene, lasting: Lasting) -> When | None:
        return None if lasting.article else _last(lasting)

    @g.rule("WHEN", "NEXT DUR", "INSIDE NEXT DUR", "DURING NEXT DUR", cost=-0.1, examples=("in the next 7 days",))
    def next_so_long(_: Scene, *words: Any) -> When:
        duration = words[-1].duration
        return When(coming(duration.amount, duration.unit), notes=words[-1].notes)

    @g.rule(
        "WHEN",
        "GT DUR AGO",
        "GE DUR AGO",
        "DUR MORE_AFTER AGO",
        "DUR AGO MORE_AFTER",
        cost=-0.2,
        examples=("over 6 months ago",),
    )
    def longer_ago(_: Scene, *words: Any) -> When:
        duration = _the(words, Lasting).duration
        return When(more_than_ago(duration.amount, duration.unit))

    @g.rule("WHEN", "LT DUR AGO", "LE DUR AGO", "WITHIN DUR AGO", cost=-0.2, examples=("less than 3 days ago",))
    def less_ago(_: Scene, *words: Any) -> When:
        return _last(_the(words, Lasting))

    @g.rule("WHEN", "DUR AGO", cost=0.0, examples=("3 days ago",))
    def exactly_ago(_: Scene, lasting: Lasting, _ago: Word) -> When | None:
        amount, unit = lasting.duration.amount, lasting.duration.unit
        if unit.is_clock:
            return None
        note = Note("calendar_ago", f"“{amount} {unit.value}s ago” means that calendar {unit.value}")
        return When(
            during(Calendar(unit, -amount)), notes=lasting.notes if unit is Unit.DAY else (*lasting.notes, note)
        )

    @g.rule("WHEN", "BETWEEN? NUM AND|TO|DASH NUM UNIT AGO", cost=-0.2, examples=("between 3 and 6 months ago",))
    def between_ago(_: Scene, _b: Any, one: Number, _and: Word, two: Number, unit: Word, _ago: Word) -> When | None:
        near, far = sorted((one.value, two.value))
        if near != int(near) or far != int(far) or far > _LONGEST[Unit(unit.value)] or one.unit or two.unit:
            return None
        return When(Window(Ago(int(far), Unit(unit.value)), Ago(int(near), Unit(unit.value))))

    @g.rule("WHEN", "BETWEEN DUR AND DUR AGO", cost=-0.2)
    def between_durations_ago(
        scene: Scene, _b: Word, one: Lasting, _and: Word, two: Lasting, _ago: Word
    ) -> When | None:
        ends = [Ago(d.duration.amount, d.duration.unit) for d in (one, two)]
        window = Window(ends[0], ends[1])
        return When(Window(ends[1], ends[0]) if resolve(window, scene.at).empty else window)

    @g.rule("WHEN", "since DUR AGO", cost=-0.2, examples=("since 3 weeks ago",))
    def since_ago(_: Scene, lasting: Lasting, _ago: Word) -> When:
        return When(Window(Ago(lasting.duration.amount, lasting.duration.unit), None))

    @g.rule("WHEN", "BEFORE DUR AGO", cost=-0.2)
    def before_ago(_: Scene, _before: Word, lasting: Lasting, _ago: Word) -> When:
        return When(more_than_ago(lasting.duration.amount, lasting.duration.unit))

    @g.rule("WHEN", "RECENT few UNIT", "INSIDE RECENT few UNIT", cost=-0.2, examples=("last few weeks",))
    def last_few(_: Scene, *words: Word) -> When:
        unit = Unit(words[-1].value)
        return When(last(3, unit), notes=(Note("few", f"“few” means 3 {unit.value}s here"),))

    @g.rule("WHEN", "GT DUR", cost=0.6, examples=("in over a year",))
    def in_over(_: Scene, _gt: Word, lasting: Lasting) -> When:
        return _last(lasting)

    @g.rule("WHEN", "INSIDE NUM MORE_AFTER UNIT", cost=-0.2, examples=("haven't bought in 90+ days",))
    def in_so_many_or_more(_: Scene, _in: Word, number: Number, _more: Word, unit: Word) -> When | None:
        lasting = None if number.unit else _lasting(number.value, Unit(unit.value))
        return _last(lasting) if lasting else None

    @g.rule("WHEN", "INSIDE GT DUR", cost=-0.1, examples=("haven't bought in over a year",))
    def not_in_over(_: Scene, _in: Word, _gt: Word, lasting: Lasting) -> When:
        return _last(lasting)

    @g.rule(
        "WHEN", "INSIDE LT DUR", "LT DUR from now", "LE DUR from now", cost=-0.05, examples=("in less than 3 days",)
    )
    def in_less_than(_: Scene, *words: Any) -> When:
        duration = _the(words, Lasting).duration
        return When(last(duration.amount, duration.unit), coming(duration.amount, duration.unit))

    @g.rule("WHEN", "DUR from now", "in DUR from now", cost=-0.2)
    def from_now(_: Scene, lasting: Lasting) -> When:
        return (
            When(during(Calendar(lasting.duration.unit, lasting.duration.amount)))
            if not lasting.duration.unit.is_clock
            else When(coming(lasting.duration.amount, lasting.duration.unit))
        )


def _the(words: Any, kind: type[Any]) -> Any:
    return next(w for w in words if isinstance(w, kind))


def _last(lasting: Lasting) -> When:
    duration = lasting.duration
    return When(last(duration.amount, duration.unit), notes=lasting.notes)


def _calendar(g: Grammar) -> None:
    @g.rule(
        "WHEN",
        "last UNIT",
        "in last UNIT",
        "previous|prior UNIT",
        "in previous|prior UNIT",
        "during last UNIT",
        examples=("last month",),
    )
    def last_calendar_unit(_: Scene, unit_: Word) -> When | None:
        unit = Unit(unit_.value)
        if unit.is_clock:
            return When(last(1, unit))
        rolling = last(1, unit)
        note = Note(
            f"calendar_{unit.value}",
            f"“last {unit.value}” means the {'day' if unit is Unit.DAY else 'calendar ' + unit.value} before this one",
            f"The last {_SPAN_WORDS.get(unit, '1 ' + unit.value)} up to now",
            (("window", rolling),),
        )
        return When(during(Calendar(unit, -1)), notes=() if unit is Unit.DAY else (note,))

    @g.rule("WHEN", "DURING|from? THIS UNIT", cost=-0.1, examples=("this month",))
    def this_unit(_: Scene, _in: Any, _this: Word, unit: Word) -> When | None:
        return None if Unit(unit.value).is_clock else When(during(Calendar(Unit(unit.value), 0)))

    @g.rule("WHEN", "DURING|from? NEXT UNIT", cost=-0.1, examples=("next month",))
    def next_unit(_: Scene, _in: Any, _next: Word, unit: Word) -> When | None:
        return (
            When(coming(1, Unit(unit.value)))
            if Unit(unit.value).is_clock
            else When(during(Calendar(Unit(unit.value), 1)))
        )

    @g.rule("WHEN", "DURING? THIS|NEXT|RECENT FISCAL UNIT", cost=-0.3, examples=("this fiscal year",))
    def fiscal_unit(_: Scene, _in: Any, which: Word, _fiscal: Word, unit: Word) -> When | None:
        if unit.value not in ("quarter", "year"):
            return None
        offset = {"this": 0, "next": 1, "last": -1}[which.value]
        return When(during(Calendar(Unit(unit.value), offset, fiscal=True)))

    @g.rule("WHEN", "DAYWORD", "DURING|from DAYWORD", examples=("today", "yesterday"))
    def day_word(_: Scene, *words: Word) -> When:
        return When(during(Calendar(Unit.DAY, words[-1].value)))

    @g.rule("WHEN", "TODATE", "TODATE of? this year", cost=-0.5, examples=("YTD", "year to date"))
    def to_date(_: Scene, unit: Word) -> When:
        return When(Window(StartOf(Calendar(Unit(unit.value), 0)), Now()))

    @g.rule("WHEN", "UNIT before last", "the UNIT before last", examples=("the month before last",))
    def before_last(_: Scene, unit: Word) -> When | None:
        return None if Unit(unit.value).is_clock else When(during(Calendar(Unit(unit.value), -2)))

    @g.rule("WHEN", "DURING PERIOD", cost=-0.05, examples=("in March", "on Black Friday"))
    def during_period(_: Scene, _in: Word, span: Span) -> When:
        return When(during(span.period), during(ahead(span.period)), span.notes)

    @g.rule("WHEN", "PERIOD", cost=0.25, examples=("March 2025",))
    def bare_period(_: Scene, span: Span) -> When:
        return When(during(span.period), during(ahead(span.period)), span.notes)

    @g.rule("WHEN", "SINCE PERIOD", "PERIOD ONWARD", "SINCE|from PERIOD ONWARD", cost=-0.1, examples=("since March",))
    def since_period(_: Scene, *words: Any) -> When:
        span = _the(words, Span)
        return When(since(span.period), notes=span.notes)

    @g.rule("WHEN", "DURING? PERIOD or|and later|after|since", cost=-0.3, examples=("in 1985 or later",))
    def or_later(_: Scene, _in: Any, span: Span) -> When:
        return When(since(span.period))

    @g.rule("WHEN", "DURING? PERIOD or|and earlier|before", cost=-0.3, examples=("in 1985 or earlier",))
    def or_earlier(_: Scene, _in: Any, span: Span) -> When:
        return When(through(span.period))

    @g.rule("WHEN", "SINCE DAYWORD", cost=-0.1, examples=("since yesterday",))
    def since_day(_: Scene, _since: Word, day: Word) -> When:
        return When(since(Calendar(Unit.DAY, day.value)))

    @g.rule("WHEN", "BEFORE DAYWORD", cost=-0.1)
    def before_day(_: Scene, _before: Word, day: Word) -> When:
        return When(before(Calendar(Unit.DAY, day.value)))

    @g.rule(
        "WHEN",
        "SINCE last UNIT",
        "since|from the? beginning|start of? last UNIT",
        cost=-0.2,
        examples=("since last month",),
    )
    def since_last_unit(_: Scene, *words: Word) -> When | None:
        unit = Unit(words[-1].value)
        return None if unit.is_clock else When(since(Calendar(unit, -1)))

    @g.rule("WHEN", "since|from the? beginning|start of? the|this UNIT", cost=-0.2)
    def since_this_unit(_: Scene, unit: Word) -> When | None:
        return None if Unit(unit.value).is_clock else When(since(Calendar(Unit(unit.value), 0)))

    @g.rule("WHEN", "BEFORE THIS UNIT", "BEFORE RECENT UNIT", cost=-0.1, examples=("before this year",))
    def before_unit(_: Scene, _before: Word, which: Word, unit: Word) -> When | None:
        if Unit(unit.value).is_clock:
            return None
        return When(before(Calendar(Unit(unit.value), 0 if which.value == "this" else -1)))

    @g.rule("WHEN", "BEFORE PERIOD", cost=-0.1, examples=("before 2024",))
    def before_period(_: Scene, _before: Word, span: Span) -> When:
        return When(before(span.period), before(ahead(span.period)), span.notes)

    @g.rule("WHEN", "THROUGH PERIOD", cost=-0.05)
    def through_period(_: Scene, _through: Word, span: Span) -> When:
        return When(through(span.period), through(ahead(span.period)), span.notes)

    @g.rule("WHEN", "AFTER PERIOD", cost=-0.1, examples=("after 2023",))
    def after_period(_: Scene, _after: Word, span: Span) -> When:
        return When(after(span.period), after(ahead(span.period)), span.notes)

    @g.rule("WHEN", "SAMEPERIOD", cost=-0.2, examples=("same month last year",))
    def same_last_year(_: Scene, unit: Word) -> When:
        period = Calendar(Unit(unit.value), 0)
        return When(Window(StartOf(period, 1), EndOf(period, 1)))

    @g.rule("WHEN", "ANAPHORA", cost=0.6, examples=("since then",))
    def anaphora(_: Scene, _word: Word) -> When:
        return When(None, anaphora=True)


_SPAN_WORDS = {Unit.WEEK: "7 days", Unit.MONTH: "month", Unit.QUARTER: "3 months", Unit.YEAR: "12 months"}


def ahead(period: Period) -> Period:
    """The same period, the coming one where no year was said."""
    match period:
        case Dated(year=None):
            return Dated(None, period.month, period.day, period.quarter, period.half, "coming", period.fiscal)
        case Named(year=None):
            return Named(period.name, None, "coming")
        case Weekday():
            return Weekday(period.weekday, 1)
        case Weekend(which="latest"):
            return Weekend("coming")
        case Part(of=of):
            return replace(period, of=ahead(of))
        case _:
            return period
