"""Days of the week and times of day (on weekends, after 6pm), weekends, parts of periods (mid-June)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

from segbot.model.resolve import period_dates
from segbot.model.windows import (
    MINUTES_A_DAY,
    Ago,
    Calendar,
    Clock,
    Dated,
    Part,
    Period,
    StartOf,
    Unit,
    Weekend,
    Window,
    before,
    during,
    since,
    through,
)
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.grammar.times import ahead
from segbot.nl.meaning import Note, Number, Span, When, Word

_DAYS = {"mon": 0, "tues": 1, "wednes": 2, "thurs": 3, "fri": 4, "satur": 5, "sun": 6}
_KINDS = {"weekend": (5, 6), "weekday": (0, 1, 2, 3, 4)}
_PARTS_OF_DAY = {"morning": (6, 12), "afternoon": (12, 18), "evening": (18, 22), "night": (22, 6)}
_OFFICE = (9 * 60, 17 * 60)
_Hours = tuple[int, int]


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _times_of_day(g)
    _hours(g)
    _days(g)
    _clocks(g)
    _weekends(g)
    _parts(g)


def _times_of_day(g: Grammar) -> None:
    @g.rule("TIMEOFDAY", "NUM am", "NUM a m", examples=("9am",))
    def before_noon(_: Scene, hour: Number) -> Word | None:
        return _at(hour.value, 0, "am")

    @g.rule("TIMEOFDAY", "NUM pm", "NUM p m", examples=("6pm",))
    def after_noon(_: Scene, hour: Number) -> Word | None:
        return _at(hour.value, 0, "pm")

    @g.rule("TIMEOFDAY", "NUM : NUMTEXT", examples=("17:30",))
    def by_the_clock(_: Scene, hour: Number, minute: Word) -> Word | None:
        return _at(hour.value, int(minute.value), "") if _two_digits(minute) else None

    @g.rule("TIMEOFDAY", "NUM : NUMTEXT am", cost=-0.1)
    def minute_before_noon(_: Scene, hour: Number, minute: Word) -> Word | None:
        return _at(hour.value, int(minute.value), "am") if _two_digits(minute) else None

    @g.rule("TIMEOFDAY", "NUM : NUMTEXT pm", cost=-0.1, examples=("5:30pm",))
    def minute_after_noon(_: Scene, hour: Number, minute: Word) -> Word | None:
        return _at(hour.value, int(minute.value), "pm") if _two_digits(minute) else None

    @g.rule("TIMEOFDAY", "noon", "midday")
    def noon(_: Scene) -> Word:
        return Word(12 * 60)

    @g.rule("TIMEOFDAY", "midnight")
    def midnight(_: Scene) -> Word:
        return Word(MINUTES_A_DAY)


def _two_digits(minute: Word) -> bool:
    return len(minute.value) == 2 and minute.value.isdigit()


def _at(hour: float, minute: int, half: str) -> Word | None:
    if hour != int(hour) or not 0 <= minute < 60 or not (1 <= hour <= 12 if half else 0 <= hour <= 23):
        return None
    hour = int(hour) % 12 + (12 if half == "pm" else 0) if half else int(hour)
    return Word(int(hour) * 60 + minute)


def _hours(g: Grammar) -> None:
    @g.rule(
        "HOURS",
        "AFTER|SINCE|from TIMEOFDAY",
        "TIMEOFDAY MORE_AFTER|ONWARD",
        "later than TIMEOFDAY",
        examples=("after 6pm",),
    )
    def after_time(_: Scene, *words: Word) -> Word | None:
        return _span(next(w.value for w in words if isinstance(w.value, int)), MINUTES_A_DAY)

    @g.rule("HOURS", "BEFORE TIMEOFDAY", "earlier than TIMEOFDAY", examples=("before noon",))
    def before_time(_: Scene, *words: Word) -> Word | None:
        return _span(0, words[-1].value)

    @g.rule(
        "HOURS",
        "BETWEEN TIMEOFDAY AND|TO|DASH TIMEOFDAY",
        "TIMEOFDAY TO|DASH TIMEOFDAY",
        cost=-0.2,
        examples=("between 9am and 5pm",),
    )
    def between_times(_: Scene, *words: Word) -> Word | None:
        start, end = (w.value for w in words if isinstance(w.value, int))
        return _span(start % MINUTES_A_DAY, end)

    @g.rule("HOURS", "BETWEEN NUM AND|TO|DASH TIMEOFDAY", "NUM TO|DASH TIMEOFDAY", cost=-0.3, examples=("9-5pm",))
    def half_said_once(_: Scene, *parts: Any) -> Word | None:
        number = next(p for p in parts if isinstance(p, Number))
        end = parts[-1].value
        if number.unit or number.value != int(number.value) or not 1 <= number.value <= 12:
            return None
        start = int(number.value) % 12 * 60 + (12 * 60 if end > 12 * 60 else 0)
        return _span(start if start < end else start - 12 * 60, end) if end % (12 * 60) else None

    @g.rule("HOURS", "BETWEEN NUM AND|TO NUM", cost=-0.6, examples=("between 9 and 5",))
    def office_hours(_: Scene, _between: Word, start: Number, _and: Word, end: Number) -> Word | None:
        """Numbers that run backwards are no range of anything else: nine to five."""
        whole = start.value == int(start.value) and end.value == int(end.value) and not start.unit and not end.unit
        if not whole or not 6 <= start.value <= 12 or not 1 <= end.value <= 8 or end.value >= start.value:
            return None
        said = f"“between {int(start.value)} and {int(end.value)}”"
        note = Note("hours_of_day", f"{said} means from {int(start.value)} am to {int(end.value)} pm")
        return _span(int(start.value) * 60, (int(end.value) + 12) * 60, note)

    for part, (first, after) in _PARTS_OF_DAY.items():

        @g.rule(
            "HOURS",
            f"in|during|at the? {part}",
            f"in|during|at the? {part}s",
            f"{part}s",
            name=f"{part} hours",
            cost=-0.2,
            examples=(f"in the {part}",) if part != "night" else ("at night",),
        )
        def part_of_day(_: Scene, part: str = part, first: int = first, after: int = after) -> Word | None:
            return _span(first * 60, after * 60, _part_note(part))

        @g.rule("WHEN", f"this {part}", f"today {part}", name=f"this {part}", cost=-0.8)
        def this_part(_: Scene, part: str = part, first: int = first, after: int = after) -> When:
            return When(
                replace(during(Calendar(Unit.DAY, 0)), clock=_until_midnight(first, after)), notes=(_part_note(part),)
            )

        @g.rule("WHEN", f"DAYWORD {part}", name=f"{part} of a day", cost=-0.8, examples=(f"yesterday {part}",))
        def part_of_a_day(_: Scene, day: Word, part: str = part, first: int = first, after: int = after) -> When:
            window = replace(during(Calendar(Unit.DAY, day.value)), clock=_until_midnight(first, after))
            return When(window, notes=(_part_note(part),))

        @g.rule(
            "CLOCK",
            f"DURING? WEEKDAY {part}s",
            f"DURING? a|any WEEKDAY {part}",
            name=f"{part}s of a weekday",
            cost=-0.6,
            examples=(f"on Friday {part}s",),
        )
        def weekday_part(
            _: Scene, *words: Word | None, part: str = part, first: int = first, after: int = after
        ) -> When:
            day = next(w.value for w in reversed(words) if w is not None)
            return When(Window(clock=Clock((day,), *_until(first, after))), notes=(_part_note(part),))

    @g.rule("WHEN", "tonight", cost=-0.2)
    def tonight(_: Scene) -> When:
        note = Note("part_of_day", "“tonight” means today from 6 pm on")
        return When(replace(during(Calendar(Unit.DAY, 0)), clock=Clock((), 18 * 60, MINUTES_A_DAY)), notes=(note,))

    @g.rule("WHEN", "last night", cost=-0.9)
    def last_night(_: Scene) -> When:
        note = Note("last_night", "“last night” means yesterday from 6 pm on")
        return When(replace(during(Calendar(Unit.DAY, -1)), clock=Clock((), 18 * 60, MINUTES_A_DAY)), notes=(note,))

    @g.rule(
        "CLOCK",
        "in|during|within? the? business|office|working|work hours",
        cost=-0.6,
        examples=("during business hours",),
    )
    def business_hours(_: Scene) -> When:
        note = Note("business_hours", "“business hours” means weekdays from 9 am to 5 pm")
        return When(Window(clock=Clock(_KINDS["weekday"], *_OFFICE)), notes=(note,))


def _until(first: int, after: int) -> _Hours:
    return first * 60, after * 60


def _until_midnight(first: int, after: int) -> Clock:
    return Clock((), first * 60, after * 60 if after > first else MINUTES_A_DAY)


def _part_note(part: str) -> Note:
    first, after = _PARTS_OF_DAY[part]

    def hour(n: int) -> str:
        return f"{n % 12 or 12} {'am' if n < 12 else 'pm'}"

    return Note("part_of_day", f"“{part}” means {hour(first)} to {hour(after)}")


def _span(start: int, end: int, *notes: Note) -> Word | None:
    if (
        start == end
        or (start, end) == (0, MINUTES_A_DAY)
        or not 0 <= start < MINUTES_A_DAY
        or not 0 < end <= MINUTES_A_DAY
    ):
        return None
    return Word((start, end, notes))


def _days(g: Grammar) -> None:
    @g.rule("CLOCKDAYS", "DURING? PLURALDAY", cost=-0.2, examples=("on weekends", "Mondays"))
    def named_days(_: Scene, *words: Word | None) -> Word:
        said = words[-1].value if words[-1] is not None else ""
        return Word(_KINDS.get(said) or (_DAYS[said],))

    @g.rule("CLOCKDAYS", "DURING a|any WEEKDAY", "DURING WEEKDAY or|and WEEKDAY", cost=-0.4, examples=("on a Monday",))
    def any_such_day(_: Scene, _on: Word, *days: Word) -> Word:
        return Word(tuple(sorted({d.value for d in days})))

    @g.rule("CLOCKDAYS", "DURING a|any weekend", cost=-0.4, examples=("on a weekend",))
    def any_weekend(_: Scene, _on: Word) -> Word:
        return Word(_KINDS["weekend"])

    @g.rule("CLOCKDAYS", "DURING a|any weekday|workday", "DURING workdays", cost=-0.4)
    def any_weekday(_: Scene, _on: Word) -> Word:
        return Word(_KINDS["weekday"])

    @g.rule("CLOCKDAYS", "CLOCKDAYS AND|OR|COMMA PLURALDAY", cost=-0.2, examples=("on Mondays and Fridays",))
    def more_days(_: Scene, days: Word, _and: Word, more: Word) -> Word | None:
        found = sorted({*days.value, *(_KINDS.get(more.value) or (_DAYS[more.value],))})
        return Word(tuple(found)) if len(found) < 7 else None

    @g.rule("CLOCKDAYS", "DURING? PLURALDAY TO|DASH PLURALDAY", "DURING WEEKDAY TO|DASH WEEKDAY", cost=-0.3)
    def run_of_days(_: Scene, *words: Word | None) -> Word | None:
        ends = [w.value if isinstance(w.value, int) else _DAYS.get(w.value) for w in words if w and w.value is not None]
        if len(ends) != 2 or ends[0] is None or ends[1] is None or ends[0] >= ends[1] or ends[1] - ends[0] > 5:
            return None
        return Word(tuple(range(ends[0], ends[1] + 1)))


def _clocks(g: Grammar) -> None:
    @g.rule("CLOCK", "CLOCKDAYS")
    def only_days(_: Scene, days: Word) -> When:
        return When(Window(clock=Clock(days.value)))

    @g.rule("CLOCK", "HOURS")
    def only_hours(_: Scene, hours: Word) -> When:
        start, end, notes = hours.value
        return When(Window(clock=Clock((), start, end)), notes=notes)

    @g.rule("CLOCK", "CLOCKDAYS COMMA? HOURS", "HOURS CLOCKDAYS", cost=-0.3, examples=("on weekdays after 6pm",))
    def days_and_hours(_: Scene, *words: Word | None) -> When:
        found = [w for w in words if w is not None and isinstance(w.value, tuple)]
        hours = next(w for w in found if any(isinstance(v, tuple) for v in w.value))
        days = next(w for w in found if w is not hours)
        start, end, notes = hours.value
        return When(Window(clock=Clock(days.value, start, end)), notes=notes)

    @g.rule("WHEN", "CLOCK", cost=0.1, examples=("on weekends",))
    def clocked(_: Scene, clock: When) -> When:
        return clock

    @g.rule("WHEN", "WHEN COMMA? CLOCK", "CLOCK COMMA? WHEN", cost=-0.4, examples=("on weekends in the last 90 days",))
    def window_and_clock(_: Scene, *parts: When | Word | None) -> When | None:
        one, two = (p for p in parts if isinstance(p, When))
        stretch, clock = (two, one) if _is_clock(one) else (one, two)
        if stretch.window is None or stretch.window.clock is not None or clock.window is None or stretch.anaphora:
            return None
        at = clock.window.clock
        future = replace(stretch.future, clock=at) if stretch.future else None
        kept = tuple(replace(n, changes=(), label="") for n in stretch.notes)
        return When(replace(stretch.window, clock=at), future, (*kept, *clock.notes))


def _is_clock(when: When) -> bool:
    return when.window is not None and when.window.start is None and when.window.end is None


def _weekends(g: Grammar) -> None:
    @g.rule(
        "PERIOD", "RECENT weekend", "this past weekend", "this RECENT weekend", cost=-0.1, examples=("last weekend",)
    )
    def last_weekend(_: Scene, *_words: Word) -> Span:
        return Span(Weekend("ended"))

    @g.rule("PERIOD", "THIS weekend", "the weekend", cost=-0.1, examples=("this weekend",))
    def this_weekend(_: Scene, *_words: Word) -> Span:
        return Span(Weekend())

    @g.rule("PERIOD", "NEXT weekend", cost=-0.1, examples=("next weekend",))
    def next_weekend(_: Scene, *_words: Word) -> Span:
        return Span(Weekend("coming"))

    @g.rule("PERIOD", "WEEKDAY COMMA? the? PERIOD", cost=-0.2, examples=("Monday, May 4",))
    def weekday_and_date(scene: Scene, day: Word, _comma: Any, span: Span) -> Span | None:
        if not isinstance(span.period, Dated) or span.period.day is None:
            return None
        return span if period_dates(span.period, scene.at)[0].weekday() == day.value else None

    @g.rule("UNSUPPORTED", "DURING? WEEKDAY COMMA? the? PERIOD", cost=-4.0)
    def no_such_weekday(scene: Scene, _on: Any, day: Word, _comma: Any, span: Span) -> Word | None:
        """A Monday that is a Tuesday: which of the two was meant is not for us to say."""
        if not isinstance(span.period, Dated) or span.period.day is None:
            return None
        return Word() if period_dates(span.period, scene.at)[0].weekday() != day.value else None


_SIDES: dict[str, Literal["first", "middle", "last"]] = {"early": "first", "mid": "middle", "late": "last"}


def _parts(g: Grammar) -> None:
    @g.rule("UNITPERIOD", "RECENT UNIT", "RECENT FISCAL UNIT", examples=("last month",))
    def unit_before(_: Scene, _last: Word, *words: Word) -> Span | None:
        return _unit(words, -1)

    @g.rule("UNITPERIOD", "THIS UNIT", "the UNIT", "THIS FISCAL UNIT", "the FISCAL UNIT", examples=("this year",))
    def unit_now(_: Scene, *words: Word) -> Span | None:
        return _unit(words[-2:] if len(words) > 1 and words[-2].value != "this" else words[-1:], 0)

    @g.rule("UNITPERIOD", "NEXT UNIT", "NEXT FISCAL UNIT")
    def unit_after(_: Scene, _next: Word, *words: Word) -> Span | None:
        return _unit(words, 1)

    @g.rule("PERIOD", "EARLY_MID_LATE PERIOD|UNITPERIOD", cost=-0.15, examples=("mid-June", "early 2025"))
    def third(scene: Scene, side: Word, span: Span) -> Span | None:
        return _third(scene, span.period, _SIDES[side.value], side.value)

    @g.rule("PERIOD", "the? middle of PERIOD|UNITPERIOD", cost=-0.15)
    def middle(scene: Scene, span: Span) -> Span | None:
        return _third(scene, span.period, "middle", "the middle of")

    for words, side in (("start|beginning", "first"), ("end", "last")):

        @g.rule(
            "WHEN",
            f"in|at|around|towards|toward|near the? very? {words} of PERIOD|UNITPERIOD",
            f"the? {words} of PERIOD|UNITPERIOD",
            name=f"{side} part",
            cost=-0.5,
            examples=("at the end of last month",) if side == "last" else ("at the start of the year",),
        )
        def edge(scene: Scene, span: Span, side: Any = side) -> When | None:
            said = "the start of" if side == "first" else "the end of"
            found = _edge(scene, span.period, side, said)
            return None if found is None else When(during(found.period), during(ahead(found.period)), found.notes)

    @g.rule("WHEN", "SINCE|from the? beginning|start of PERIOD", cost=-0.7, examples=("since the start of March",))
    def since_start(_: Scene, _since: Word, span: Span) -> When:
        return When(since(span.period))

    @g.rule("WHEN", "AFTER|SINCE the? end of PERIOD|UNITPERIOD", cost=-0.7)
    def since_end(_: Scene, _after: Word, span: Span) -> When:
        return When(_after_period(span.period))

    @g.rule("WHEN", "BEFORE the? beginning|start of PERIOD|UNITPERIOD", cost=-0.7)
    def before_start(_: Scene, _before: Word, span: Span) -> When:
        return When(before(span.period), before(ahead(span.period)))

    @g.rule("WHEN", "BEFORE the? end of PERIOD|UNITPERIOD", cost=-0.7, examples=("before the end of the year",))
    def before_end(_: Scene, _before: Word, span: Span) -> When:
        return When(through(span.period), through(ahead(span.period)))

    @g.rule(
        "PERIOD", "the? first UNIT of PERIOD|UNITPERIOD", "the? first NUM UNIT of PERIOD|UNITPERIOD", cost=-0.6,
        examples=("the first week of March", "the first 3 months of 2025"),
    )  # fmt: skip
    def first_of(_: Scene, *parts: Any) -> Span | None:
        return _some("first", parts)

    @g.rule(
        "PERIOD", "the? last|final UNIT of PERIOD|UNITPERIOD", "the? last|final NUM UNIT of PERIOD|UNITPERIOD", cost=-0.6,
        examples=("the last day of last month",),
    )  # fmt: skip
    def last_of(_: Scene, *parts: Any) -> Span | None:
        return _some("last", parts)

    @g.rule(
        "WHEN",
        "DURING? the? same period|time last year",
        "DURING? the? same period|time of? the? previous year",
        cost=-0.8,
    )
    def same_period(_: Scene, _in: Any) -> When:
        note = Note(
            "same_period", "“the same period last year” means from 1 January of last year to the day a year ago"
        )
        return When(Window(StartOf(Calendar(Unit.YEAR, -1)), Ago(1, Unit.YEAR)), notes=(note,))


def _unit(words: tuple[Word, ...], offset: int) -> Span | None:
    unit = Unit(words[-1].value)
    fiscal = len(words) > 1
    if unit.is_clock or (fiscal and unit not in (Unit.QUARTER, Unit.YEAR)):
        return None
    return Span(Calendar(unit, offset, fiscal))


def _third(scene: Scene, period: Period, side: Literal["first", "middle", "last"], said: str) -> Span | None:
    match period:
        case Part() | Weekend():
            return None
        case Calendar(unit=Unit.DAY) | Dated(day=int()):
            return None
        case _:
            pass
    part = Part(period, side)
    return Span(part, (_part_of(scene, part, said),))


def _edge(scene: Scene, period: Period, side: Literal["first", "last"], said: str) -> Span | None:
    """The start or the end of a period, as people mean it: a quarter of a year, a month of a quarter, ten days of a month."""
    match period:
        case Calendar(unit=Unit.YEAR) | Dated(month=None, quarter=None, half=None):
            return Span(part := Part(period, side, 1, Unit.QUARTER), (_part_of(scene, part, said),))
        case Calendar(unit=Unit.QUARTER) | Dated(quarter=int()):
            return Span(part := Part(period, side, 1, Unit.MONTH), (_part_of(scene, part, said),))
        case _:
            return _third(scene, period, side, said)


def _part_of(scene: Scene, part: Part, said: str) -> Note:
    first, after = period_dates(part, scene.at)
    last = after - timedelta(days=1)
    return Note("part_of_period", f"“{said}” means {first.day} {first:%B} to {last.day} {last:%B %Y} here")


def _some(side: Literal["first", "last"], parts: tuple[Any, ...]) -> Span | None:
    number = next((p for p in parts if isinstance(p, Number)), None)
    unit = Unit(next(p for p in parts if isinstance(p, Word)).value)
    period = parts[-1].period
    amount = number.value if number else 1
    if unit.is_clock or amount != int(amount) or not 1 <= amount <= 400 or (number and number.unit):
        return None
    return None if isinstance(period, Part | Weekend) else Span(Part(period, side, int(amount), unit))


def _after_period(period: Period) -> Window:
    return Window(through(period).end, None)
