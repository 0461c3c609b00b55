"""The form of one condition: an attribute's test, or what somebody did. Pure: a condition to inputs and back, without loss.

What is entered is checked here, each mistake at its input. A condition that inputs can't say has no such form (`has_form`);
it is edited in words instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from segbot.flows.build_windows import window_from, window_inputs, window_values
from segbot.flows.form import FormProblem, Input, Values, first, number, pick, typed
from segbot.model.catalog import Catalog, Event, Field
from segbot.model.condition import (
    Comparison,
    Condition,
    Did,
    Filter,
    Has,
    Measure,
    Not,
    Rows,
    Value,
)
from segbot.model.operators import COMPARISONS, Kind, Operator, operators_for
from segbot.model.windows import Window
from segbot.nl.phrase import phrase_node

MOST_VALUES = 100

_NUMBERS = (Kind.NUMBER, Kind.MONEY, Kind.AGE)
_SEARCHED = (Operator.IS, Operator.HAS_ANY, Operator.HAS_ALL)
_YES = {"yes": (True, False), "no": (False, False), "!yes": (True, True), "!no": (False, True)}
_COMPARE = (
    ("at least", Operator.GE),
    ("more than", Operator.GT),
    ("at most", Operator.LE),
    ("fewer than", Operator.LT),
    ("exactly", Operator.IS),
    ("between", Operator.BETWEEN),
)
_FUNCTIONS = (("Sum", "sum"), ("Average", "average"), ("Smallest", "minimum"), ("Largest", "maximum"))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a form is about: an attribute (or a property of an event's rows), or an event."""

    catalog: Catalog
    field: Field | None = None
    event: Event | None = None


def subject_of(condition: Condition, catalog: Catalog) -> Subject | None:
    """What a condition is about, where it has a form of inputs; None where it is edited in words."""
    inner = condition.part if isinstance(condition, Not) else condition
    found: Subject | None = None
    match inner:
        case Has(attribute=key) if (field := catalog.attribute(key)) is not None:
            found = Subject(catalog, field=field)
        case Did(rows=rows) if (event := catalog.event(rows.event)) is not None:
            found = Subject(catalog, event=event)
        case _:
            return None
    return found if has_form(found, condition) else None


def has_form(subject: Subject, condition: Condition) -> bool:
    """Whether a form can say a condition whole: read back from its own values it is the same."""
    return condition_from(subject, condition, values_of(subject, condition)) == condition


def fresh(subject: Subject) -> tuple[Condition, dict[str, tuple[str, ...]]]:
    """A condition to begin with, and what stands in its form first."""
    if subject.event is not None:
        did = Did(Rows(subject.event.key))
        return did, values_of(subject, did)
    assert subject.field is not None
    field = subject.field
    begin = Has(field.key, Operator.IS_SET)
    codes = [code for _, code in _tests(subject, "")]
    return begin, {"test": (codes[0],), "when": ("last",)}


# --- a condition as values ----------------------------------------------------------------------


def values_of(subject: Subject, condition: Condition) -> dict[str, tuple[str, ...]]:
    """What stands in the inputs for a condition."""
    negated = isinstance(condition, Not)
    match condition.part if isinstance(condition, Not) else condition:
        case Has() as has:
            return _has_values(subject, has, negated)
        case Did() as did:
            return _did_values(did, negated)
        case _:
            return {}


def _has_values(subject: Subject, has: Has, negated: bool) -> dict[str, tuple[str, ...]]:
    no = "!" if negated else ""
    if subject.field is not None and subject.field.kind is Kind.FLAG and has.operator is Operator.IS:
        return {"test": (no + ("yes" if has.values == (True,) else "no"),)}
    values: dict[str, tuple[str, ...]] = {"test": (no + has.operator.value,)}
    written = tuple(_written(value) for value in has.values)
    if has.window is not None:
        values |= window_values(has.window)
    elif len(written) == 2 and has.operator in (Operator.BETWEEN, Operator.LENGTH):
        values |= {"number": written[:1], "number_2": written[1:]}
    elif has.operator in (COMPARISONS - {Operator.IS}):
        values["number"] = written
    elif has.operator in _SEARCHED and not _is_number(subject.field):
        values["values"] = written
    elif has.values:
        separator = ", " if _is_number(subject.field) else "\n"
        values["text"] = (separator.join(written),)
    return values


def _did_values(did: Did, negated: bool) -> dict[str, tuple[str, ...]]:
    measure, comparison = did.measure, did.comparison
    written = [_written(value) for value in comparison.values]
    values: dict[str, tuple[str, ...]] = {
        "did": ("no" if negated else "yes",),
        "measure": (measure.function if measure.property is None else f"{measure.function}:{measure.property}",),
        "compare": (comparison.operator.value,),
        "number": (written[0],),
    }
    if len(written) > 1:
        values["number_2"] = (written[1],)
    return values | window_values(did.rows.window)


def _written(value: Value) -> str:
    return str(value)


def _is_number(field: Field | None) -> bool:
    return field is not None and field.kind in _NUMBERS


# --- the inputs ---------------------------------------------------------------------------------


def inputs(subject: Subject, condition: Condition, values: Values) -> tuple[Input, ...]:
    """The inputs of a form with `values` in them. `condition` is what the form began with: its time may be kept as it is."""
    inner = condition.part if isinstance(condition, Not) else condition
    if subject.event is not None:
        window = inner.rows.window if isinstance(inner, Did) else None
        return tuple(_did_inputs(subject, values, window))
    return tuple(_has_inputs(subject, values, inner.window if isinstance(inner, Has) else None))


def _has_inputs(subject: Subject, values: Values, window: Window | None) -> Iterator[Input]:
    field = subject.field
    assert field is not None
    now = first(values, "test")
    test = pick("test", field.label[:140], _tests(subject, now), now)
    yield test
    code = test.chosen[0][1].removeprefix("!")
    if code in _YES or code == Operator.IS_SET:
        return
    operator = Operator(code)
    if operator in (Operator.WITHIN, Operator.ANNIVERSARY):
        yield from window_inputs(values, window, subject.catalog, ever=False, future=True)
    elif operator in (Operator.BETWEEN, Operator.LENGTH):
        yield typed("number", "From", "number", values)
        yield typed("number_2", "To, included", "number", values)
    elif operator in (COMPARISONS - {Operator.IS}):
        yield typed("number", _unit(field), "number", values)
    elif _is_number(field):
        yield typed("text", _unit(field), "text", values, "Separate several with commas.")
    elif operator in _SEARCHED:
        chosen = tuple((_label(field, value), value) for value in values.get("values", ()))
        yield Input("values", "Values", "search", (), chosen, "Type to search.", live=True)
    else:
        several = operator is not Operator.MATCHES
        yield typed("text", "Text", "lines" if several else "text", values, "One on each line." if several else "")


def _did_inputs(subject: Subject, values: Values, window: Window | None) -> Iterator[Input]:
    event = subject.event
    assert event is not None
    yield pick("did", event.label[:140], (("Did this", "yes"), ("Did not do this", "no")), first(values, "did"))
    measures = _measures(event)
    if len(measures) > 1:
        yield pick("measure", "What is compared", measures, first(values, "measure"))
    yield pick("compare", "How", tuple((label, op.value) for label, op in _COMPARE), first(values, "compare"))
    yield typed("number", "Number", "number", {"number": ("1",)} | dict(values))
    if first(values, "compare") == Operator.BETWEEN:
        yield typed("number_2", "To, included", "number", values)
    if event.time is not None:
        yield from window_inputs(values, window, subject.catalog, ever=True, future=False)


def _measures(event: Event) -> tuple[tuple[str, str], ...]:
    found = [("How many times", "count")]
    for field in event.properties:
        if field.kind in _NUMBERS:
            found += [(f"{name} of {field.label.lower()}"[:75], f"{code}:{field.key}") for name, code in _FUNCTIONS]
        else:
            found.append((f"How many different: {field.label.lower()}"[:75], f"distinct:{field.key}"))
    return tuple(found[:100])


def _tests(subject: Subject, now: str) -> tuple[tuple[str, str], ...]:
    """The operators that fit, each with its denial; the one in use is always among them."""
    field = subject.field
    assert field is not None
    if field.kind is Kind.FLAG:
        found = [("is yes", "yes"), ("is no", "no"), ("is not yes: no, or no answer", "!yes")]
        found += [("is not no: yes, or no answer", "!no")]
    else:
        found = []
        for row in operators_for(field.kind):
            if row.key is Operator.IS_SET or (field.kind is Kind.CHOICE and row.key is not Operator.IS):
                continue
            found += [(_said(row.phrase), row.key.value), (_said(row.negated), f"!{row.key.value}")]
    found += [("has an answer", Operator.IS_SET.value), ("has no answer", f"!{Operator.IS_SET.value}")]
    if now and now not in {code for _, code in found}:
        used = next((row for row in operators_for(field.kind) if row.key.value == now.removeprefix("!")), None)
        if used is not None:
            found.append((_said(used.negated if now.startswith("!") else used.phrase), now))
    return tuple(found)


def _said(phrase: str) -> str:
    """An operator's English without its values: is between {0} and {1} → is between."""
    text = phrase.replace(" {0} and {1}", "").replace(" {0} to {1} entries", " so many entries").replace(" {0}", "")
    return {"is": "is any of", "is not": "is none of", "is over": "is over", "is in": "is"}.get(text, text)


def _unit(field: Field) -> str:
    return f"Number ({field.unit})"[:140] if field.unit else "Number"


def _label(field: Field, value: str) -> str:
    entry = field.value(value)
    return (entry.label if entry is not None else value)[:75]


# --- back to a condition ------------------------------------------------------------------------


def condition_from(subject: Subject, condition: Condition, values: Values) -> Condition | FormProblem:
    """The condition that a form says, or what to mend. `condition` is what the form began with: what has no input is kept."""
    inner = condition.part if isinstance(condition, Not) else condition
    try:
        if subject.event is not None:
            return _did(subject.event, inner if isinstance(inner, Did) else Did(Rows(subject.event.key)), values)
        assert subject.field is not None
        return _has(subject.field, inner.window if isinstance(inner, Has) else None, values)
    except ValueError:
        return FormProblem("test" if subject.field is not None else "number", "That can't be. Please look again.")


def _has(field: Field, window: Window | None, values: Values) -> Condition | FormProblem:
    test = first(values, "test")
    if test in _YES:
        answer, negated = _YES[test]
        flag = Has(field.key, Operator.IS, (answer,))
        return Not(flag) if negated else flag
    operator = Operator(test.removeprefix("!"))
    found: Has | FormProblem
    if operator is Operator.IS_SET:
        found = Has(field.key, operator)
    elif operator in (Operator.WITHIN, Operator.ANNIVERSARY):
        when = window_from(values, window)
        if when is None:
            return FormProblem("when", "Please choose a time.")
        found = when if isinstance(when, FormProblem) else Has(field.key, operator, (), when)
    else:
        entered = _entered(field, operator, values)
        found = entered if isinstance(entered, FormProblem) else Has(field.key, operator, entered)
    if isinstance(found, FormProblem):
        return found
    return Not(found) if test.startswith("!") else found


def _entered(field: Field, operator: Operator, values: Values) -> tuple[Value, ...] | FormProblem:
    if operator in (Operator.BETWEEN, Operator.LENGTH):
        return _two(values)
    if operator in (COMPARISONS - {Operator.IS}):
        one = number(values, "number")
        return one if isinstance(one, FormProblem) else (one,)
    if _is_number(field):
        numbers: list[Value] = []
        for part in first(values, "text").replace(";", ",").split(", " if ", " in first(values, "text") else ","):
            found = number({"text": (part,)}, "text")
            if isinstance(found, FormProblem):
                return found
            numbers.append(found)
        return tuple(dict.fromkeys(numbers))
    if operator in _SEARCHED:
        chosen = tuple(dict.fromkeys(value for value in values.get("values", ()) if value))
        return chosen[:MOST_VALUES] or FormProblem("values", "Please choose at least one.")
    text = values.get("text", ())
    lines = [line.strip() for line in (text[0] if text else "").splitlines()]
    written = tuple(dict.fromkeys(line for line in lines if line))
    if operator is Operator.MATCHES:
        written = written[:1]
    return written[:MOST_VALUES] or FormProblem("text", "Please enter a text.")


def _two(values: Values) -> tuple[Value, ...] | FormProblem:
    low, high = number(values, "number"), number(values, "number_2")
    if isinstance(low, FormProblem):
        return low
    if isinstance(high, FormProblem):
        return high
    if low > high:
        return FormProblem("number_2", "That is less than the first number.")
    return (low, high)


def _did(event: Event, did: Did, values: Values) -> Condition | FormProblem:
    window: Window | FormProblem | None = did.rows.window
    if event.time is not None:
        window = window_from(values, did.rows.window)
    if isinstance(window, FormProblem):
        return window
    comparison = _comparison(values)
    if isinstance(comparison, FormProblem):
        return comparison
    name, _, key = (first(values, "measure") or "count").partition(":")
    measure = _measure(name, key)
    if measure.function == "count" and any(not isinstance(bound, int) for bound in comparison.values):
        return FormProblem("number", "A whole number of times, please.")
    if measure.function == "count" and comparison.operator is Operator.GE and comparison.values == (0,):
        return FormProblem("number", "Everybody did it at least 0 times. Choose “Did not do this”, or a number from 1.")
    found = replace(did, rows=replace(did.rows, window=window), measure=measure, comparison=comparison)
    return Not(found) if first(values, "did") == "no" else found


def _measure(name: str, key: str) -> Measure:
    match name:
        case "sum":
            return Measure("sum", key)
        case "average":
            return Measure("average", key)
        case "minimum":
            return Measure("minimum", key)
        case "maximum":
            return Measure("maximum", key)
        case "distinct":
            return Measure("distinct", key)
        case _:
            return Measure("count")


def _comparison(values: Values) -> Comparison | FormProblem:
    operator = Operator(first(values, "compare") or Operator.GE.value)
    if operator is Operator.BETWEEN:
        both = _two(values)
        return both if isinstance(both, FormProblem) else Comparison(operator, both)
    bound = number(values, "number")
    return bound if isinstance(bound, FormProblem) else Comparison(operator, (bound,))


# --- filters of an event's rows, as tests of their property -------------------------------------


def as_test(filter: Filter) -> Condition:
    """A filter as an attribute's test, so that both have one form."""
    has = Has(filter.property, filter.operator, filter.values, filter.window)
    return Not(has) if filter.negated else has


def filter_words(subject: Subject, filter: Filter) -> str:
    """A filter in words, through the attribute's phrase of its property: Category is shoes."""
    field = subject.event.property(filter.property) if subject.event is not None else None
    if field is None:
        return filter.property
    return phrase_node(as_test(filter), replace(subject.catalog, attributes=(field,)))


def as_filter(test: Condition) -> Filter:
    """The filter of a property's test."""
    has = test.part if isinstance(test, Not) else test
    assert isinstance(has, Has)
    return Filter(has.attribute, has.operator, has.values, has.window, isinstance(test, Not))
