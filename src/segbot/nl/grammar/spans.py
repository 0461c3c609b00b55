"""From one day or period to another, and decades of years."""

from __future__ import annotations

from typing import Any

from segbot.model.resolve import Moment, period_dates
from segbot.model.windows import Calendar, Dated, EndOf, Named, Period, StartOf, Unit, Window
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.grammar.times import ahead
from segbot.nl.meaning import Span, When, Word


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
