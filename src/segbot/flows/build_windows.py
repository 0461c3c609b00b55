"""Windows in a form: ever, the last 90 days, this month, since a date. What no input can say is kept as it stands."""

from __future__ import annotations

from datetime import date

from segbot.flows.form import FormProblem, Input, Values, first, number, pick, typed
from segbot.model.catalog import Catalog
from segbot.model.windows import (
    Ago,
    Ahead,
    Calendar,
    Dated,
    EndOf,
    Named,
    Now,
    StartOf,
    Unit,
    Window,
    after,
    before,
    coming,
    during,
    last,
    longest,
    more_than_ago,
    since,
)
from segbot.nl.phrase_times import phrase_window

KEEP = "keep"
_UNITS = tuple((f"{unit.value}s", unit.value) for unit in Unit)
_CALENDAR = (
    ("Today", "day:0"),
    ("Yesterday", "day:-1"),
    ("This week", "week:0"),
    ("Last week", "week:-1"),
    ("This month", "month:0"),
    ("Last month", "month:-1"),
    ("This quarter", "quarter:0"),
    ("Last quarter", "quarter:-1"),
    ("This year", "year:0"),
    ("Last year", "year:-1"),
)
_MOST_AMOUNT = 10_000


def window_values(window: Window | None) -> dict[str, tuple[str, ...]]:
    """What stands in the inputs for a window; where they can't say it, that it is kept."""
    found = _values(window)
    return found if window_from(found, None) == window else {"when": (KEEP,)}


def _values(window: Window | None) -> dict[str, tuple[str, ...]]:
    if window is None:
        return {"when": ("ever",)}
    match window.start, window.end:
        case Ago(amount, unit), Now():
            return _amount("last", amount, unit)
        case Now(), Ahead(amount, unit):
            return _amount("next", amount, unit)
        case None, Ago(amount, unit):
            return _amount("ago", amount, unit)
        case StartOf(period=Calendar(unit=unit, offset=offset)), EndOf():
            return {"when": (f"{unit.value}:{offset}",)}
        case StartOf(period=Named(name=name)), EndOf():
            return {"when": (f"named:{name}",)}
        case StartOf(period=Dated() as one), EndOf(period=Dated() as other):
            if one == other:
                return {"when": ("on",), "when_from": _date(one)}
            return {"when": ("between",), "when_from": _date(one), "when_to": _date(other)}
        case StartOf(period=Dated() as one), None:
            return {"when": ("since",), "when_from": _date(one)}
        case EndOf(period=Dated() as one), None:
            return {"when": ("after",), "when_from": _date(one)}
        case None, StartOf(period=Dated() as one):
            return {"when": ("before",), "when_from": _date(one)}
        case _:
            return {"when": (KEEP,)}


def _amount(when: str, amount: int, unit: Unit) -> dict[str, tuple[str, ...]]:
    return {"when": (when,), "when_amount": (str(amount),), "when_unit": (unit.value,)}


def _date(day: Dated) -> tuple[str, ...]:
    return (f"{day.year:04}-{day.month:02}-{day.day:02}",) if day.year and day.month and day.day else ()


def window_inputs(
    values: Values, now: Window | None, catalog: Catalog, *, ever: bool, future: bool
) -> tuple[Input, ...]:
    """The inputs for a window. `now` is what is kept where "as it is" is chosen; `ever` allows none, `future` days to come."""
    options = [("At any time", "ever")] if ever else []
    if now is not None and window_values(now)["when"] == (KEEP,):
        said = phrase_window(now, catalog)
        options.append((f"As it is: {said}"[:75], KEEP))
    options += [("In the last …", "last"), ("More than … ago", "ago")]
    options += [("In the next …", "next")] if future else []
    options += [*_CALENDAR]
    options += [("Since a day", "since"), ("After a day", "after"), ("Before a day", "before")]
    options += [("Between two days", "between"), ("On a day", "on")]
    options += [(period.label[:75], f"named:{period.key}") for period in catalog.calendar.named[:60]]
    chosen = first(values, "when")
    listed = {value for _, value in options}
    if chosen and chosen not in listed and ":" in chosen:
        options.append((chosen.replace(":", " "), chosen))
    when = pick("when", "When", tuple(options), chosen or ("ever" if ever else "last"))
    found = [when]
    match when.chosen[0][1]:
        case "last" | "next" | "ago":
            found.append(typed("when_amount", "How many", "number", {"when_amount": ("30",)} | dict(values)))
            found.append(pick("when_unit", "Unit", _UNITS, first(values, "when_unit") or Unit.DAY.value))
        case "between":
            found.append(typed("when_from", "From", "date", values))
            found.append(typed("when_to", "To, that day included", "date", values))
        case "since" | "before" | "on" | "after":
            found.append(typed("when_from", "Day", "date", values))
        case _:
            pass
    return tuple(found)


def window_from(values: Values, now: Window | None) -> Window | FormProblem | None:
    """The window that the inputs say; None is ever. `now` is what "as it is" keeps."""
    when = first(values, "when")
    match when:
        case "ever" | "":
            return None
        case "keep":
            return now
        case "last" | "next" | "ago":
            return _counted(when, values)
        case "since" | "before" | "on" | "after":
            day = _day(values, "when_from")
            if isinstance(day, FormProblem):
                return day
            return {"since": since, "before": before, "on": during, "after": after}[when](day)
        case "between":
            return _between(values)
        case _:
            name, _, rest = when.partition(":")
            if name == "named":
                return during(Named(rest))
            try:
                return during(Calendar(Unit(name), int(rest)))
            except ValueError:
                return FormProblem("when", "Please choose a time.")


def _counted(when: str, values: Values) -> Window | FormProblem:
    amount = number(values, "when_amount")
    if isinstance(amount, FormProblem):
        return amount
    unit = Unit(first(values, "when_unit") or Unit.DAY.value)
    most = min(_MOST_AMOUNT, longest(unit))
    if not isinstance(amount, int) or not 1 <= amount <= most:
        return FormProblem("when_amount", f"A whole number from 1 to {most:,}, please.")
    return {"last": last, "next": coming, "ago": more_than_ago}[when](amount, unit)


def _between(values: Values) -> Window | FormProblem:
    one, other = _day(values, "when_from"), _day(values, "when_to")
    if isinstance(one, FormProblem):
        return one
    if isinstance(other, FormProblem):
        return other
    if first(values, "when_from") > first(values, "when_to"):
        return FormProblem("when_to", "That is before the first day.")
    return Window(StartOf(one), EndOf(other))


def _day(values: Values, name: str) -> Dated | FormProblem:
    try:
        day = date.fromisoformat(first(values, name))
        return Dated(day.year, day.month, day.day)
    except ValueError:
        return FormProblem(name, "Please choose a day.")
