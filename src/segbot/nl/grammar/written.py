"""Conditions as tools and spreadsheets write them: a field, a sign and a value; lists in brackets; days since something."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.model.catalog import Field, Role
from segbot.model.condition import COUNT, Comparison, Did, Filter, Has, Not, Nth, Rows, Value, all_of
from segbot.model.operators import Kind, Operator
from segbot.model.windows import (
    Ago,
    Dated,
    Duration,
    Period,
    Unit,
    Window,
    after,
    before,
    during,
    last,
    longest,
    since,
    through,
)
from segbot.model.windows import more_than_ago as longer_ago
from segbot.nl.chart import Grammar
from segbot.nl.grammar import clauses
from segbot.nl.grammar.attributes import date_test, equals
from segbot.nl.grammar.context import DATES, NUMERIC, Scene
from segbot.nl.grammar.times import ahead
from segbot.nl.meaning import Attr, Bound, Clause, Consent, Lasting, Note, Number, Ready, Refs, Span, Test, When, Word

_LARGEST_COUNT = 20
"""Up to so many, a bare number beside rows counts them; a larger one is rather an amount."""


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _dates(g)
    _days_since(g)
    _counts(g)
    _lists(g)
    _values(g)


# --- dates --------------------------------------------------------------------------------------


def _signed(sign: str, period: Period) -> Window:
    match sign:
        case "ge":
            return since(period)
        case "gt":
            return after(period)
        case "lt":
            return before(period)
        case "le":
            return through(period)
        case _:
            return during(period)


def _dates(g: Grammar) -> None:
    @g.rule("WHEN", "SIGN PERIOD", cost=-0.3, examples=(">= 2025-01-01",))
    def signed_period(_: Scene, sign: Word, span: Span) -> When | None:
        """A day or month behind a sign; a bare year might as well be a number."""
        match span.period:
            case Dated(month=None, quarter=None, half=None):
                return None
            case _:
                return When(_signed(sign.value, span.period), _signed(sign.value, ahead(span.period)), span.notes)

    @g.rule("TEST", "ATTR date? SIGN YEARNUM", cost=-0.4, examples=("signed up >= 2025",))
    def date_signed_year(scene: Scene, attr: Attr, sign: Word, year: Number) -> Test | None:
        field = next((f for f in scene.attributes(attr) if f.kind in DATES), None)
        return date_test(field, When(_signed(sign.value, Dated(int(year.value))))) if field else None

    @g.rule("EV", "EV date? SIGN YEARNUM", cost=-0.7, examples=("first order >= 2024",))
    def row_signed_year(_: Scene, clause: Clause, sign: Word, year: Number) -> Clause | None:
        if clause.position is None:
            return None
        return clauses.windowed(clause, When(_signed(sign.value, Dated(int(year.value)))))

    @g.rule("EV", "EV date|day|timestamp", cost=-0.3, examples=("first order date",))
    def row_date(_: Scene, clause: Clause) -> Clause | None:
        """The date of a row is what is compared anyway."""
        plain = clause.position is not None and clause.when is None and not clause.nth_filters
        return clause if plain and clause.shape == "noun" else None


def _window_ago(comparison: Comparison, unit: Unit) -> Window | None:
    """So many days since something, as the time in which it was."""
    numbers = [int(v) for v in comparison.values if isinstance(v, int | float) and v == int(v) and 0 < v <= 40_000]
    if len(numbers) != len(comparison.values) or unit.is_clock or any(n > longest(unit) for n in numbers):
        return None
    match comparison.operator:
        case Operator.GT | Operator.GE:
            return longer_ago(numbers[0], unit)
        case Operator.LT | Operator.LE:
            return last(numbers[0], unit)
        case Operator.BETWEEN:
            return Window(Ago(numbers[1], unit), Ago(numbers[0], unit))
        case _:
            return None


def _days_since(g: Grammar) -> None:
    @g.rule("EV", "EV SIGN DUR AGO?", cost=-1.0, examples=("last order > 90 days",))
    def row_so_long_ago(_: Scene, clause: Clause, sign: Word, lasting: Lasting, _ago: Any) -> Clause | None:
        if clause.position != -1 or clause.when is not None:
            return None
        window = _ago_window(sign.value, lasting.duration)
        return replace(clause, when=When(window)) if window else None

    @g.rule("TEST", "ATTR date? SIGN DUR AGO?", cost=-0.8, examples=("last seen > 90 days",))
    def date_so_long_ago(scene: Scene, attr: Attr, sign: Word, lasting: Lasting, _ago: Any) -> Test | None:
        field = next((f for f in scene.attributes(attr) if f.kind in DATES and f.role is not Role.BIRTH_DATE), None)
        window = _ago_window(sign.value, lasting.duration)
        return date_test(field, When(window)) if field and window else None

    @g.rule("EV", "UNIT since EV IS? BOUND", cost=-1.6, examples=("days since last order > 60",))
    def units_since_row(_: Scene, unit: Word, clause: Clause, _is: Any, bound: Bound) -> Clause | None:
        if clause.position not in (1, -1) or clause.when is not None or bound.unit or bound.also:
            return None
        window = _window_ago(bound.comparison, Unit(unit.value))
        return replace(clause, when=When(window)) if window else None

    @g.rule("TEST", "UNIT since ATTR IS? BOUND", cost=-1.4, examples=("days since sign-up < 30",))
    def units_since_date(scene: Scene, unit: Word, attr: Attr, _is: Any, bound: Bound) -> Test | None:
        field = next((f for f in scene.attributes(attr) if f.kind in DATES), None)
        window = None if bound.unit or bound.also else _window_ago(bound.comparison, Unit(unit.value))
        return date_test(field, When(window)) if field and window else None


def _ago_window(sign: str, duration: Duration) -> Window | None:
    operator = Operator(sign)
    return _window_ago(Comparison(operator, (duration.amount,)), duration.unit)


# --- counts -------------------------------------------------------------------------------------


def _counts(g: Grammar) -> None:
    @g.rule(
        "EV",
        "EV count OPEN? WHEN CLOSE? IS? BOUND",
        "number OF EV OPEN? WHEN CLOSE? IS? BOUND",
        "EV OPEN WHEN CLOSE IS? BOUND",
        cost=-1.3,
        examples=("order count last 90d >= 3",),
    )
    def counted_then(scene: Scene, *parts: Any) -> Clause | None:
        clause = next(p for p in parts if isinstance(p, Clause))
        when = next(p for p in parts if isinstance(p, When))
        if clause.shape != "noun" or clause.position is not None or when.anaphora or parts[-1].unit:
            return None
        found = clauses.counted(clause, parts[-1])
        return clauses.windowed(found, when) if found else None

    @g.rule(
        "EV",
        "TOTAL? SPEND|SPENT WHEN SIGN NUM",
        "TOTAL? SPEND|SPENT OPEN WHEN CLOSE SIGN NUM",
        cost=-1.0,
        examples=("total spend last 12 months >= 500",),
    )
    def spent_then(scene: Scene, *parts: Any) -> Clause | None:
        when = next(p for p in parts if isinstance(p, When))
        sign = next(p for p in parts if isinstance(p, Word) and p.value in _SIGNS)
        buying = scene.catalog.customers.buyer_event
        event = scene.catalog.event(buying) if buying else None
        if event is None or event.amount is None or when.anaphora:
            return None
        bound = Bound(Comparison(Operator(sign.value), (parts[-1].value,)), parts[-1].unit)
        found = clauses.measured(scene, Clause((event.key,)), "sum", event.amount, bound)
        return clauses.windowed(found, when) if found else None

    @g.rule("READY", "EV IS_NOT NUM", "EV count IS_NOT NUM", cost=-0.8, examples=("orders != 0",))
    def not_so_many(_: Scene, clause: Clause, _not: Word, number: Number) -> Ready | None:
        rows = clauses.rows(clause)
        if rows is None or clause.shape != "noun" or number.unit or number.value != int(number.value):
            return None
        if number.value == 0:
            return Ready(Did(rows))
        return Ready(Not(Did(rows, COUNT, Comparison(Operator.IS, (number.value,)))))

    @g.rule("TEST", "ATTR IS_NOT BOUND", cost=-0.3, examples=("age != 30",))
    def field_is_not(scene: Scene, attr: Attr, _not: Word, bound: Bound) -> Test | None:
        field = next((f for f in scene.attributes(attr) if f.kind in NUMERIC), None)
        if field is None or bound.also or (bound.unit == "money" and field.kind is not Kind.MONEY):
            return None
        return Test(field.key, bound.comparison.operator, bound.comparison.values, negated=True)

    @g.rule("EV", "EV BETWEEN NUM AND|TO|DASH NUM", cost=-0.6, examples=("orders between 2 and 5",))
    def value_between(scene: Scene, clause: Clause, _b: Word, low: Number, _and: Word, high: Number) -> Clause | None:
        """Few of them are counted, as in "2 to 5 orders"; larger numbers are an amount. The other one is a tap away."""
        fits = clause.shape == "noun" and clause.position is None and clause.when is None
        if low.unit or high.unit or not 0 <= low.value < high.value or not fits:
            return None
        comparison = Comparison(Operator.BETWEEN, (low.value, high.value))
        if high.value > _LARGEST_COUNT:
            return _amount_or_number(scene, clause, comparison)
        return _or_amount(scene, clause, clauses.counted(clause, Bound(comparison)), comparison)

    for pattern, operator in (
        ("GT NUM", Operator.GT),
        ("GE NUM", Operator.GE),
        ("LT NUM", Operator.LT),
        ("LE NUM", Operator.LE),
        ("NUM MORE_AFTER", Operator.GE),
        ("NUM LESS_AFTER", Operator.LE),
    ):

        @g.rule("EV", f"EV {pattern}", name=f"rows {pattern}", cost=-0.5, examples=())
        def compared(scene: Scene, clause: Clause, *said: Any, operator: Operator = operator) -> Clause | None:
            """ "orders over 3" counts, "orders over 500" is an amount: without a currency either may be meant."""
            number = next(p for p in said if isinstance(p, Number))
            small = not number.unit and 0 <= number.value <= _LARGEST_COUNT and number.value == int(number.value)
            plain = clause.shape == "noun" and not clause.filters and clause.position is None and clause.when is None
            comparison = Comparison(operator, (number.value,))
            if not number.unit and plain and not small:
                return _amount_or_number(scene, clause, comparison)
            if not small or not plain:
                return None
            return _or_amount(scene, clause, clauses.counted(clause, Bound(comparison)), comparison)

    @g.rule("EV", "EV SIGN NUM", cost=-1.1, examples=("premium > 500",))
    def large(scene: Scene, clause: Clause, sign: Word, number: Number) -> Clause | None:
        """A large number behind a sign is rather an amount than a count."""
        if number.unit or number.value <= _LARGEST_COUNT or sign.value == "is":
            return None
        return _amount_or_number(scene, clause, Comparison(Operator(sign.value), (number.value,)))

    @g.rule("EV", "EV IS NUM MORE_AFTER", cost=-0.7, examples=("orders: 3+",))
    def at_least(_: Scene, clause: Clause, _is: Word, number: Number, _more: Word) -> Clause | None:
        plain = clause.shape == "noun" and clause.position is None and not number.unit
        return clauses.counted(clause, Bound(Comparison(Operator.GE, (number.value,)))) if plain else None

    @g.rule("EV", "not one EV", cost=-0.9, examples=("not one visit",))
    def not_one(_: Scene, clause: Clause) -> Clause | None:
        plain = clause.shape == "noun" and clause.count is None and clause.position is None
        return replace(clause, count=Bound(Comparison(Operator.IS, (0,)), "", "exact")) if plain else None

    @g.rule("EV", "single|sole|lone EV", cost=0.45, examples=("a single visit",))
    def single(scene: Scene, clause: Clause) -> Clause | None:
        plain = clause.shape == "noun" and not any(isinstance(v, int | float) for f in clause.filters for v in f.values)
        return clauses.counted(clause, Bound(Comparison(Operator.IS, (1,)), "", "bare")) if plain else None

    @g.rule("READY", "EV COMMA WHEN", cost=-0.9, examples=("only one order, more than a year ago",))
    def once_and_then(_: Scene, clause: Clause, _comma: Word, when: When) -> Ready | None:
        """Once in all, and that one then; exactly once in that time, whatever came before and after, is a tap away."""
        rows = Rows(clause.event, clause.filters)
        if not _only_one(clause) or clause.when is not None or when.window is None or when.anaphora:
            return None
        exactly = Comparison(Operator.IS, (1,))
        then = Did(replace(rows, window=when.window), COUNT, exactly)
        note = Note("the_only_one", "one in all, and it was then", "One in that time", (("condition", then),))
        return Ready(all_of((Did(rows, COUNT, exactly), Nth(rows, -1, when.window))), (note,))

    @g.rule("READY", "EV COMMA BOUND", cost=-0.6, examples=("one order ever, over $150",))
    def once_of_amount(scene: Scene, clause: Clause, _comma: Word, bound: Bound) -> Ready | None:
        amount = scene.event(clause.event).amount
        if not _only_one(clause) or clause.when is not None or amount is None or bound.unit != "money" or bound.also:
            return None
        if bound.form == "bare" or any(f.property == amount for f in clause.filters):
            return None
        rows = Rows(clause.event, clause.filters)
        priced = replace(
            rows, filters=(*rows.filters, Filter(amount, bound.comparison.operator, bound.comparison.values))
        )
        exactly = Comparison(Operator.IS, (1,))
        then = Did(priced, COUNT, exactly)
        note = Note("the_only_one", "one in all, and of that amount", "One of that amount", (("condition", then),))
        return Ready(all_of((Did(rows, COUNT, exactly), Did(priced))), (note,))


def _only_one(clause: Clause) -> bool:
    """Whether exactly one row was said, and nothing else about it."""
    count = clause.count
    exact = count is not None and count.comparison == Comparison(Operator.IS, (1,)) and count.also is None
    return exact and clause.measure == COUNT and clause.position is None and clause.share is None


_SIGNS = frozenset({"ge", "le", "gt", "lt", "is"})


def _or_amount(scene: Scene, clause: Clause, found: Clause | None, comparison: Comparison) -> Clause | None:
    """A counted clause, with the amount of each row as the other meaning of its number."""
    event = scene.event(clause.event)
    if found is None or event.amount is None:
        return found
    amount = Filter(event.amount, comparison.operator, comparison.values)
    changes = (("count", None), ("filters", (*clause.filters, amount)))
    field = event.property(event.amount)
    note = Note("number_or_amount", "the number is read as how many", field.label if field else "The amount", changes)
    return replace(found, notes=(*found.notes, note))


def _amount_or_number(scene: Scene, clause: Clause, comparison: Comparison) -> Clause | None:
    """Rows of an amount, with their number as the other meaning."""
    amount = scene.event(clause.event).amount
    plain = clause.shape == "noun" and clause.position is None and clause.count is None and clause.when is None
    if amount is None or not plain:
        return None
    found = clauses.filtered(clause, clause.event, Filter(amount, comparison.operator, comparison.values))
    if found is None:
        return None
    changes = (("filters", clause.filters), ("count", Bound(comparison)))
    note = Note("amount_or_number", "the number is read as an amount of each", "How many there are", changes)
    return replace(found, notes=(*found.notes, note))


# --- lists in brackets --------------------------------------------------------------------------


def _lists(g: Grammar) -> None:
    @g.rule("LISTED", "VALUE", cost=0.0, examples=())
    def one(_: Scene, refs: Refs) -> tuple[Refs, ...]:
        return (refs,)

    @g.rule("LISTED", "LISTED COMMA|OR|SLASH VALUE", "LISTED COMMA OR VALUE", cost=0.0, examples=("TX, OK",))
    def more(_: Scene, listed: tuple[Refs, ...], *rest: Any) -> tuple[Refs, ...]:
        return (*listed, rest[-1])

    @g.rule(
        "TEST",
        "ATTR IN|IS OPEN LISTED CLOSE",
        "ATTR IS IN OPEN LISTED CLOSE",
        "ATTR IS|IN? any|one OF OPEN LISTED CLOSE",
        cost=-1.6,
        examples=("state in (TX, OK)",),
    )
    def field_in(scene: Scene, attr: Attr, *rest: Any) -> Test | None:
        listed = next(r for r in rest if isinstance(r, tuple))
        return _one_of(scene, attr, listed)

    @g.rule(
        "TEST",
        "ATTR NOT IN OPEN LISTED CLOSE",
        "ATTR IS NOT IN OPEN LISTED CLOSE",
        "ATTR IS_NOT IN? OPEN LISTED CLOSE",
        cost=-1.7,
        examples=("state not in (TX, OK)",),
    )
    def field_not_in(scene: Scene, attr: Attr, *rest: Any) -> Test | None:
        test = _one_of(scene, attr, next(r for r in rest if isinstance(r, tuple)))
        return replace(test, negated=True) if test else None

    @g.rule("EV", "ATTR IN|IS OPEN LISTED CLOSE", cost=-1.4, examples=("order channel in (web, app)",))
    def property_in(scene: Scene, attr: Attr, _in: Word, _open: Word, listed: tuple[Refs, ...], _c: Word) -> Any:
        return _rows_with(scene, attr, listed, None)

    @g.rule(
        "EV",
        "EV where|with? ATTR IN|IS OPEN LISTED CLOSE",
        cost=-1.8,
        examples=("orders with channel in (web, app)",),
    )
    def rows_in(scene: Scene, clause: Clause, attr: Attr, *rest: Any) -> Clause | None:
        return _rows_with(scene, attr, next(r for r in rest if isinstance(r, tuple)), clause)


def _one_of(scene: Scene, attr: Attr, listed: tuple[Refs, ...]) -> Test | None:
    """The test that a field has one of the values listed, each of which must be one of its own."""
    for field in scene.attributes(attr):
        values: list[Value] = []
        for refs in listed:
            values += [r.value for r in refs.refs if r.owner is None and r.field == field.key][:1]
        if len(values) == len(listed):
            return equals(field, *dict.fromkeys(values))
    return None


def _rows_with(scene: Scene, attr: Attr, listed: tuple[Refs, ...], clause: Clause | None) -> Clause | None:
    for owner, key in attr.names:
        if owner is None or (clause is not None and owner not in clause.events):
            continue
        values: list[Value] = []
        for refs in listed:
            values += [r.value for r in refs.refs if r.owner == owner and r.field == key][:1]
        field = scene.field(owner, key)
        if field is not None and len(values) == len(listed):
            operator = Operator.HAS_ANY if field.kind is Kind.LIST else Operator.IS
            base = clause or Clause((owner,), "property")
            return clauses.filtered(base, owner, Filter(key, operator, tuple(dict.fromkeys(values))))
    return None


# --- values -------------------------------------------------------------------------------------


_GENDERS = {"f": "female", "m": "male"}


def _values(g: Grammar) -> None:
    for letter in _GENDERS:

        @g.rule("TEST", f"ATTR IS {letter}", name=f"gender {letter}", cost=-0.5, examples=(f"gender={letter}",))
        def gender_letter(scene: Scene, attr: Attr, _is: Word, letter: str = letter) -> Test | None:
            field = next((f for f in scene.attributes(attr) if f.role is Role.GENDER), None)
            value = _gender(field, letter) if field else None
            return equals(field, value) if field and value else None

    @g.rule("TEST", "ATTR IS NUM", cost=-0.6, examples=("has children = 1",))
    def flag_number(scene: Scene, attr: Attr, _is: Word, number: Number) -> Test | None:
        field = next((f for f in scene.attributes(attr) if f.kind is Kind.FLAG), None)
        return Test(field.key, Operator.IS, (number.value == 1,)) if field and number.value in (0, 1) else None

    @g.rule("READY", "CONSENT IS TRUTH|NUM", cost=-1.0, examples=("opted in to email = true",))
    def consent_is(scene: Scene, consent: Consent, _is: Word, said: Word | Number) -> Ready | None:
        if consent.negated or len(consent.channels) != 1 or said.value not in (True, False):
            return None
        channel = scene.catalog.channel(consent.channels[0])
        if channel is None or not channel.consent:
            return None
        return Ready(Has(channel.consent, Operator.IS, (bool(said.value),)))


def _gender(field: Field, letter: str) -> str | None:
    wanted = {letter, _GENDERS[letter]}
    return next((e.value for e in field.values if {e.value.casefold(), e.label.casefold()} & wanted), None)
