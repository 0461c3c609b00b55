"""One step more or less of a number or a time in a condition: over 40 becomes over 45 or over 35, 90 days 60 or 120.

Pure: a condition in, the conditions one step away out, each with a label short enough for a menu.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import assert_never

from segbot.model.catalog import Catalog
from segbot.model.condition import ONCE, Comparison, Condition, Did, Not
from segbot.model.operators import Operator
from segbot.model.surgery import put
from segbot.model.windows import Ago, Ahead, Duration, Now, Unit, Window, longest
from segbot.nl.edit_tree import Slot, slots
from segbot.nl.phrase_times import phrase_window

_LADDERS: dict[Unit, tuple[int, ...]] = {
    Unit.MINUTE: (5, 10, 15, 30, 45, 60, 90, 120),
    Unit.HOUR: (1, 2, 3, 6, 12, 24, 36, 48, 72),
    Unit.DAY: (1, 2, 3, 5, 7, 10, 14, 21, 30, 45, 60, 90, 120, 150, 180, 270, 365, 540, 730, 1095),
    Unit.WEEK: (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 26, 39, 52, 78, 104),
    Unit.MONTH: (1, 2, 3, 4, 6, 9, 12, 15, 18, 24, 30, 36, 48, 60),
    Unit.QUARTER: (1, 2, 3, 4, 6, 8, 12),
    Unit.YEAR: (1, 2, 3, 4, 5, 7, 10, 15, 20),
}
_SAYS = {
    Operator.GT: "over {0}",
    Operator.GE: "at least {0}",
    Operator.LT: "under {0}",
    Operator.LE: "at most {0}",
    Operator.IS: "{0}",
    Operator.BETWEEN: "{0} to {1}",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A condition one step away, and what it is instead: Longer: the last 120 days."""

    label: str
    condition: Condition


def steps(condition: Condition, catalog: Catalog) -> tuple[Step, ...]:
    """The conditions one step away from one: its times first, shorter before longer, then its numbers, smaller first."""
    found = sorted(slots(condition, catalog), key=lambda slot: slot.what == "number")
    if isinstance(condition, Not) and isinstance(condition.part, Did) and condition.part.comparison == ONCE:
        found = [slot for slot in found if slot.now != ONCE]  # "never" has no number that people see
    return tuple(step for slot in found for step in _steps(slot, condition, catalog))


def _steps(slot: Slot, condition: Condition, catalog: Catalog) -> Iterator[Step]:
    for up in (False, True):
        new: Comparison | Window | Duration | None
        match slot.now:
            case Comparison():
                new = _number(slot.now, slot.unit, up)
                between = slot.now.operator is Operator.BETWEEN
                verbs = ("Narrower", "Wider") if between else ("Lower", "Raise")
                label = "" if new is None else f"{verbs[up]}: {_said(new, slot.unit)}"
            case Window():
                new = _window(slot.now, up)
                label = "" if new is None else f"{'Longer' if up else 'Shorter'}: {phrase_window(new, catalog)}"
            case Duration():
                amount = _next(slot.now.amount, slot.now.unit, up)
                new = None if amount is None else replace(slot.now, amount=amount)
                label = "" if amount is None else f"{'Longer' if up else 'Shorter'}: {_length(amount, slot.now.unit)}"
            case _:
                assert_never(slot.now)
        if new is None or new == slot.now:
            continue
        try:
            yield Step(label, put(condition, slot.site.path, slot.put(new)))
        except ValueError:  # at the edge of what the condition allows, such as 7 of the last 6 months
            continue


def _window(window: Window, up: bool) -> Window | None:
    """A window counted from now, one step longer or shorter; None for one of the calendar."""
    match window.start, window.end:
        case Ago(amount, unit), Now():
            amount_ = _next(amount, unit, up)
            return None if amount_ is None else replace(window, start=Ago(amount_, unit))
        case None, Ago(amount, unit):
            amount_ = _next(amount, unit, up)
            return None if amount_ is None else replace(window, end=Ago(amount_, unit))
        case Now(), Ahead(amount, unit):
            amount_ = _next(amount, unit, up)
            return None if amount_ is None else replace(window, end=Ahead(amount_, unit))
        case _:
            return None


def _next(amount: int, unit: Unit, up: bool) -> int | None:
    """The next amount of a unit that people would say; None below the smallest and above the longest time.

    Beyond the ladder it is half as much more.
    """
    ladder = _LADDERS[unit]
    if up:
        more = next((rung for rung in ladder if rung > amount), amount + max(amount // 2, 1))
        return more if more <= longest(unit) else None
    return next((rung for rung in reversed(ladder) if rung < amount), None)


def _number(now: Comparison, unit: str, up: bool) -> Comparison | None:
    """A bound one step further; of two bounds both move apart (or together). None where no step is left."""
    low = float(now.values[0])
    high = float(now.values[-1])
    step = _step_of(max(abs(low), abs(high)), unit)
    if len(now.values) > 1:
        moved = (low - step, high + step) if up else (low + step, high - step)
        if moved[0] > moved[1] or (moved[0] < 0 <= low):
            return None
        return Comparison(now.operator, tuple(_round(value, step) for value in moved))
    value = _round(low + step if up else low - step, step)
    least = 1 if unit in ("count", "people") and now.operator in (Operator.GE, Operator.IS) else 0
    if (low >= 0 and value < least) or (unit == "percent" and not 0 < value <= _whole(low)):
        return None
    return Comparison(now.operator, (value,))


def _whole(percent: float) -> float:
    """Shares are fractions up to 1, percentages of people up to 100."""
    return 1.0 if percent <= 1 else 100.0


def _step_of(size: float, unit: str) -> float:
    """A round step of about a tenth: 40 → 5, 120 → 10, 100,000 → 10,000, 3 → 1; of shares 5 or 10 in a hundred."""
    if unit == "percent":
        return 0.1 if size <= 1 else 5.0
    if unit == "age":
        return 5.0
    if size <= 10:
        return 1.0
    power: float = 10.0 ** (len(str(int(size / 8))) - 1)
    return max(times * power for times in (1, 2, 5) if times == 1 or times * power <= size / 8)


def _round(value: float, step: float) -> int | float:
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def _said(bound: Comparison, unit: str) -> str:
    return _SAYS[bound.operator].format(*(_figure(float(value), unit) for value in bound.values))


def _figure(value: float, unit: str) -> str:
    if unit == "percent":
        return f"{value * 100:g}%" if value <= 1 else f"{value:g}%"
    return f"{value:,.2f}".removesuffix(".00")


def _length(amount: int, unit: Unit) -> str:
    return f"{amount} {unit.value}{'' if amount == 1 else 's'}"
