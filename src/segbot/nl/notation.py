"""Trees in a short notation, so that a corpus of utterances can be read and reviewed by people."""

from __future__ import annotations

from typing import assert_never

from segbot.model.condition import (
    COUNT,
    ONCE,
    Against,
    AllOf,
    AnyOf,
    Around,
    CameBack,
    Capped,
    Compare,
    Comparison,
    Condition,
    Defined,
    Did,
    Everyone,
    Filter,
    Has,
    Held,
    Listed,
    Measure,
    Measured,
    Member,
    Near,
    Not,
    Nth,
    Ranked,
    Reachable,
    Regularly,
    Rows,
    Sampled,
    Sequence,
    Share,
    Stopped,
)
from segbot.model.operators import Operator
from segbot.model.windows import (
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
    Weekday,
    Weekend,
    WeekOf,
    Window,
)

_SIGNS = {Operator.IS: "=", Operator.GT: ">", Operator.GE: ">=", Operator.LT: "<", Operator.LE: "<="}


def notation(node: Condition) -> str:
    """A tree on one line: `gender=F & age>30 & did(order >=2 [90 day ago..now]) & !did(email_opened)`."""
    match node:
        case Everyone():
            return "everyone"
        case AllOf(parts=parts):
            return " & ".join(f"({notation(p)})" if isinstance(p, AnyOf) else notation(p) for p in parts)
        case AnyOf(parts=parts):
            return " | ".join(f"({notation(p)})" if isinstance(p, AllOf) else notation(p) for p in parts)
        case Not(part=part):
            return f"!({notation(part)})" if isinstance(part, AllOf | AnyOf) else f"!{notation(part)}"
        case Has():
            return _test(node.attribute, node.operator, node.values, node.window)
        case Did(rows=rows, measure=measure, comparison=comparison):
            said = "" if measure == COUNT and comparison == ONCE else f" {_measure(measure)}{_comparison(comparison)}"
            return f"did({_rows(rows, said)})"
        case Nth(rows=rows, position=position, window=window, filters=filters):
            return f"nth({position}, {_rows(rows)}{_filters(filters)}{_window(window)})"
        case Share(part=part, whole=whole, comparison=comparison):
            return f"share({_rows(part)} of {_rows(whole)} {_comparison(comparison)})"
        case Compare(left=left, operator=operator, right=right, factor=factor):
            times = "" if factor == 1 else f"{factor} * "
            return f"{_measured(left)} {_SIGNS[operator]} {times}{_measured(right)}"
        case Sequence(first=first, then=then, within=within, then_never=never, same=same):
            rest = (f" within {_duration(within)}" if within else "") + (f" same {','.join(same)}" if same else "")
            return f"seq({_rows(first)} -> {'!' if never else ''}{_rows(then)}{rest})"
        case Around(rows=rows, attribute=attribute, before=before, after=after):
            ends = [f"{name} {_duration(d)}" for name, d in (("before", before), ("after", after)) if d]
            return f"around({_rows(rows)}, {' '.join(ends)} {attribute})"
        case Ranked(side=side, amount=amount, unit=unit, by=by, within=within):
            inside = f" within {notation(within)}" if within is not None else ""
            return f"{side}({amount}{'%' if unit == 'percent' else ''} by {_by(by)}{inside})"
        case Against(side=side, statistic=statistic, by=by):
            return f"{side}({statistic} {_by(by)})"
        case Sampled(percent=percent):
            return f"sample({percent}%)"
        case Capped(part=part, amount=amount):
            return f"cap({amount}, {notation(part)})"
        case Member(of=of, id=key, change=change, window=window):
            return f"{change or ''}{' ' if change else ''}{of}({key}){_window(window)}"
        case Near(latitude=latitude, longitude=longitude, distance=distance, unit=unit):
            return f"near({latitude},{longitude} {distance} {unit})"
        case Listed(keys=keys):
            return f"listed({','.join(keys)})"
        case Defined(term=term):
            return f"<{term}>"
        case Reachable(channel=channel):
            return f"reachable({channel})"
        case Regularly(rows=rows, at_least=least, of=of, unit=unit):
            return f"regularly({_rows(rows)}, {least} of {of} {unit.value})"
        case Stopped(rows=rows, quiet=quiet):
            return f"stopped({_rows(rows)}, {_duration(quiet)})"
        case CameBack(rows=rows, quiet=quiet):
            return f"came_back({_rows(rows)}, {_duration(quiet)})"
        case Held(attribute=attribute, values=values, at_least=least):
            return f"held({attribute}={values}, {_duration(least)})"
        case _:
            assert_never(node)


def _test(name: str, operator: Operator, values: tuple[object, ...], window: Window | None) -> str:
    said = ",".join(map(str, values))
    match operator:
        case Operator.IS if len(values) > 1:
            return f"{name}={{{said}}}"
        case Operator.IS | Operator.GT | Operator.GE | Operator.LT | Operator.LE:
            return f"{name}{_SIGNS[operator]}{said}"
        case Operator.BETWEEN:
            return f"{name}={values[0]}..{values[1]}"
        case Operator.IS_SET:
            return f"{name}=set"
        case Operator.WITHIN:
            return f"{name}{_window(window)}"
        case _:
            return f"{name} {operator.value} {said}{_window(window)}".replace("  ", " ").rstrip()


def _comparison(comparison: Comparison) -> str:
    values = comparison.values
    if comparison.operator is Operator.BETWEEN:
        return f"={values[0]}..{values[1]}"
    return f"{_SIGNS[comparison.operator]}{values[0]}"


def _measure(measure: Measure) -> str:
    return "" if measure == COUNT else f"{measure.function} {measure.property}"


def _measured(measured: Measured) -> str:
    return f"{_measure(measured.measure) or 'count'}({_rows(measured.rows)})"


def _by(by: str | Measured) -> str:
    return by if isinstance(by, str) else _measured(by)


def _rows(rows: Rows, said: str = "") -> str:
    return f"{rows.event}{_filters(rows.filters)}{said}{_window(rows.window)}"


def _filters(filters: tuple[Filter, ...]) -> str:
    if not filters:
        return ""
    return (
        "{"
        + ", ".join(("!" if f.negated else "") + _test(f.property, f.operator, f.values, f.window) for f in filters)
        + "}"
    )


def _duration(duration: Duration) -> str:
    return f"{duration.amount} {duration.unit.value}"


def _window(window: Window | None) -> str:
    if window is None:
        return ""
    clock = f" {_clock(window.clock)}" if window.clock else ""
    match window:
        case Window(start=StartOf(period=one, years_back=0), end=EndOf(period=two, years_back=0)) if one == two:
            return f" [{_period(one)}{clock}]"
        case Window(start=None, end=None):
            return f" [{clock.strip()}]"
        case _:
            return f" [{_point(window.start)}..{_point(window.end)}{clock}]"


def _clock(clock: Clock) -> str:
    days = ["mo", "tu", "we", "th", "fr", "sa", "su"]
    said = [",".join(days[d] for d in clock.days)] if clock.days else []
    if clock.start is not None and clock.end is not None:
        said.append("-".join(f"{minute // 60:02d}:{minute % 60:02d}" for minute in (clock.start, clock.end)))
    return "@" + " ".join(said)


def _point(point: Point | None) -> str:
    match point:
        case None:
            return ""
        case Now():
            return "now"
        case Ago(amount=amount, unit=unit):
            return f"{amount} {unit.value} ago"
        case Ahead(amount=amount, unit=unit):
            return f"{amount} {unit.value} ahead"
        case StartOf(period=period, years_back=years):
            return _period(period) + (f" -{years}y" if years else "")
        case EndOf(period=period, years_back=years):
            return f"end {_period(period)}" + (f" -{years}y" if years else "")
        case _:
            assert_never(point)


def _period(period: Period) -> str:
    match period:
        case Calendar(unit=unit, offset=offset, fiscal=fiscal):
            return (
                f"{'fiscal ' if fiscal else ''}{unit.value}{offset:+d}"
                if offset
                else f"{'fiscal ' if fiscal else ''}this {unit.value}"
            )
        case Dated():
            parts = [
                f"{period.year}" if period.year else "",
                f"q{period.quarter}" if period.quarter else "",
                f"h{period.half}" if period.half else "",
                f"{period.month:02d}" if period.month else "",
                f"{period.day:02d}" if period.day else "",
            ]
            said = "-".join(p for p in parts if p)
            return ("fiscal " if period.fiscal else "") + said + (" coming" if period.which == "coming" else "")
        case Weekday(weekday=weekday, offset=offset):
            return f"weekday {weekday}{offset:+d}"
        case WeekOf(day=day):
            return f"week of {_period(day)}"
        case Named(name=name, year=year, which=which):
            return name + (f" {year}" if year else "") + (" coming" if which == "coming" else "")
        case Weekend(which=which):
            return "weekend" + ("" if which == "latest" else f" {which}")
        case Part(of=of, side=side, amount=amount, unit=unit):
            return f"{side} {f'{amount} {unit.value}' if unit else 'third'} of {_period(of)}"
        case _:
            assert_never(period)
