"""From one day or period to another, from a period on, and decades of years."""

from __future__ import annotations

from typing import Any

from segbot.model.resolve import Moment, period_dates, resolve
from segbot.model.windows import Calendar, Dated, EndOf, Named, Period, StartOf, Unit, Window, during, since
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.grammar.times import ahead
from segbot.nl.meaning import Note, Span, When, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""

    @g.rule(
        "WHEN",
        "BETWEEN PERIOD AND|TO|DASH PERIOD",
        "DURING? PERIOD TO|DASH PERIOD",
        cost=-0.25,
        examples=("between Jan and Mar",),
    )
    def between_periods(scene: Scene, _b: Any, first: Span, _to: Word, second: Span) -> When | None:
        return _from_to(first.period, second.period, scene.at)

    @g.rule("WHEN", "BETWEEN PERIOD AND|TO DAYWORD", cost=-0.25)
    def period_to_day(_: Scene, _b: Word, first: Span, _to: Word, day: Word) -> When:
        return When(Window(StartOf(first.period), EndOf(Calendar(Unit.DAY, day.value))))

    @g.rule("WHEN", "SINCE|from start|beginning OF PERIOD", cost=-0.3, examples=("since the start of 2024",))
    def since_the_start(_: Scene, _since: Word, _of: Word, span: Span) -> When:
        return When(Window(StartOf(span.period), None))

    @g.rule("WHEN", "from PERIOD", cost=-0.05, examples=("orders from last summer",))
    def from_period(scene: Scene, span: Span) -> When:
        """ "from last year" is that year, once it is over; a day is rather a beginning. The other meaning is a tap away."""
        return from_then(scene, span.period, span.notes)

    @g.rule("WHEN", "from last UNIT", "from previous|prior UNIT", cost=-0.1, examples=("from last month",))
    def from_last_unit(scene: Scene, unit: Word) -> When | None:
        return None if Unit(unit.value).is_clock else from_then(scene, Calendar(Unit(unit.value), -1))

    @g.rule("PERIOD", "NAMEDPERIOD OF? THIS UNIT", cost=-0.2, examples=("Christmas this year",))
    def named_this_year(scene: Scene, named: Word, _of: Any, _this: Word, unit: Word) -> Span | None:
        return Span(Named(named.value, scene.at.today.year)) if unit.value == "year" else None

    @g.rule("BORNWHEN", "DECADEWORD", "DURING DECADEWORD", examples=("in the nineties",))
    def decade_by_word(_: Scene, *words: Word) -> When | None:
        year = 1900 + words[-1].value
        return When(Window(StartOf(Dated(year=year)), EndOf(Dated(year=year + 9))))

    @g.rule("BORNWHEN", "BORNDECADE", "DURING BORNDECADE", examples=("in the 80s",))
    def decade_of_years(_: Scene, *words: Word) -> When:
        year = words[-1].value
        return When(Window(StartOf(Dated(year=year)), EndOf(Dated(year=year + 9))))


def from_then(scene: Scene, period: Period, notes: tuple[Note, ...] = ()) -> When:
    """What happened "from" a period: in it, or since it began; the note offers the other one where they differ."""
    then, on = during(period), since(period)
    match period:
        case Dated(day=int()):
            text = "“from” is read as from that day on"
            note = Note("from_then_on", text, "Only on that day", (("window", then),))
            return When(on, since(ahead(period)), (*notes, note))
        case _:
            pass
    end = resolve(then, scene.at).end
    if end is None or end > scene.at.now:
        return When(then, during(ahead(period)), notes)
    note = Note("from_is_in", "“from” is read as in that time", "From then on", (("window", on),))
    return When(then, during(ahead(period)), (*notes, note))


def _from_to(first: Period, second: Period, at: Moment) -> When | None:
    """From the start of one period to the end of another; a year said once holds for both, and none is turned around."""
    match first, second:
        case Dated(year=None, month=int(), day=int()), Dated() if second.month is None:
            return None
        case Dated(year=None), Dated(year=int() as year):
            first = Dated(year, first.month, first.day, first.quarter, first.half, first.which, first.fiscal)
        case Named(year=None), Named(year=int() as year):
            first = Named(first.name, year)
        case _:
            pass
    if period_dates(second, at)[1] <= period_dates(first, at)[0]:
        # "between Nov and Feb", asked in December: the end lies ahead, or the start a year further back
        later = ahead(second)
        match first:
            case Dated(year=None) | Named(year=None) if period_dates(later, at)[1] > period_dates(first, at)[0]:
                second = later
            case _:
                return None
    return When(Window(StartOf(first), EndOf(second)))
