"""Properties of an event's rows: compared, dated, searched for words, with their units, and said without their event's verb."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.model.condition import COUNT, Filter
from segbot.model.operators import Operator
from segbot.nl.chart import Grammar
from segbot.nl.grammar import clauses
from segbot.nl.grammar.context import DATES, WORDY, Scene, lies_ahead
from segbot.nl.grammar.numbers import bound as make_bound
from segbot.nl.meaning import Attr, Bound, Clause, Flag, Number, Refs, When, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _attached(g)
    _units(g)
    _alone(g)


_WORDS = {"CONTAINS": "contains", "STARTS": "starts with", "ENDS": "ends with"}


def _attached(g: Grammar) -> None:
    @g.rule(
        "EV",
        "EV ON? ATTR IS? BOUND",
        "EV ON? ATTR IS? BOUND ATTR",
        "EV ON? BOUND ATTR",
        "EV WITH ATTR BOUND",
        "EV WITH BOUND ATTR",
        cost=-0.2,
        examples=("orders with a discount over 10", "stayed in a 5 star hotel"),
    )
    def with_number(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        attr = next(r for r in rest if isinstance(r, Attr))
        bound = next(r for r in rest if isinstance(r, Bound))
        first = next(r for r in rest if isinstance(r, Attr | Bound))
        if any(isinstance(r, Attr) and not set(r.names) & set(attr.names) for r in rest):
            return None  # a room rate above 200 per night says the same thing twice
        if clause.shape == "verb" and first is bound:
            return _done(scene, clause, attr, bound)
        return clauses.with_number(scene, clause, attr, bound)

    @g.rule("EV", "EV COMMA ATTR IS? BOUND", cost=-0.3, examples=("support tickets, satisfaction score 1",))
    def with_number_behind(
        scene: Scene, clause: Clause, _comma: Word, attr: Attr, _is: Any, bound: Bound
    ) -> Clause | None:
        """A property of the rows just named, behind a comma; a customer's own is a condition of its own."""
        own = any(owner is None for owner, _ in attr.names)
        return None if own or clause.shape != "noun" else clauses.with_number(scene, clause, attr, bound)

    @g.rule("EV", "EV where ATTR IS? BOUND", cost=-0.9, examples=("orders where order value is over $100",))
    def where_number(scene: Scene, clause: Clause, attr: Attr, _is: Any, bound: Bound) -> Clause | None:
        return clauses.with_number(scene, clause, attr, bound)

    @g.rule(
        "EV",
        "EV where ATTR IS? VALUE",
        "EV where ATTR IS_NOT VALUE",
        "EV where ATTR IS? NOT VALUE",
        cost=-0.9,
        examples=("orders where order channel is app",),
    )
    def where_value(scene: Scene, clause: Clause, attr: Attr, *rest: Any) -> Clause | None:
        negated = len(rest) > 1 and rest[-2] is not None and rest[-2].value in ("not", "is not")
        return clauses.with_value(scene, clause, rest[-1], attr=attr, negated=negated)

    @g.rule(
        "EV",
        "EV where ATTR KNOWN",
        "EV where ATTR MISSING",
        "EV where ATTR IS TRUTH",
        cost=-0.9,
        examples=("orders where coupon code is set",),
    )
    def where_present(scene: Scene, clause: Clause, attr: Attr, *rest: Any) -> Clause | None:
        said = rest[-1].value
        return clauses.with_presence(scene, clause, attr, negated=said in (False, "missing"))

    @g.rule(
        "EV",
        "EV ATTR WHEN",
        "EV WITH|ON ATTR WHEN",
        cost=-0.8,
        examples=("tickets closed last week", "bookings with check-in next month"),
    )
    def with_date(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        attr = next(r for r in rest if isinstance(r, Attr))
        return clauses.with_property_date(scene, clause, attr, rest[-1])

    @g.rule("EV", "EV for WHEN", cost=-0.5, examples=("bookings for this summer",))
    def for_a_time(scene: Scene, clause: Clause, when: When) -> Clause | None:
        """A booking for this summer begins then; it was not made then."""
        if clause.shape != "noun" or when.window is None or when.anaphora:
            return None
        for key in clause.events:
            field = next((p for p in scene.event(key).properties if p.kind in DATES and lies_ahead(p)), None)
            if field is not None and when.future is not None:
                return clauses.filtered(clause, key, Filter(field.key, Operator.WITHIN, (), when.future))
        return None

    @g.rule("EV", "EV WITH ATTR", "EV HAVE ATTR", cost=0.5, examples=("orders with a coupon",))
    def with_something(scene: Scene, clause: Clause, _with: Word, attr: Attr) -> Clause | None:
        return clauses.with_presence(scene, clause, attr)

    @g.rule("EV", "EV AND|BUT? NOT ATTR", "EV that|which NOT ATTR", cost=-0.2, examples=("tickets not closed",))
    def not_dated(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        """What has not happened to a row yet has no date: tickets that are not closed."""
        attr: Attr = rest[-1]
        if any(owner is None for owner, _ in attr.names):
            return None
        for key in clause.events:
            field = next((f for f in scene.properties(attr, key) if f.kind in DATES), None)
            if field is not None:
                return clauses.filtered(clause, key, Filter(field.key, Operator.IS_SET, negated=True))
        return None

    @g.rule("EV", "EV NO ATTR", cost=0.5, examples=("orders without a coupon",))
    def without_something(scene: Scene, clause: Clause, _no: Word, attr: Attr) -> Clause | None:
        return clauses.with_presence(scene, clause, attr, negated=True)

    for cat, operator in (
        ("CONTAINS", Operator.CONTAINS),
        ("STARTS", Operator.STARTS_WITH),
        ("ENDS", Operator.ENDS_WITH),
    ):

        @g.rule(
            "EV",
            f"EV WITH? ATTR {cat} TEXT|QUOTED|NUMTEXT",
            f"ATTR {cat} TEXT|QUOTED|NUMTEXT",
            name=f"property {operator.value}",
            cost=-0.1,
            examples=(f"comment {_WORDS[cat]} loud",),
        )
        def with_text(scene: Scene, *parts: Any, operator: Operator = operator) -> Clause | None:
            attr = next(p for p in parts if isinstance(p, Attr))
            clause = parts[0] if isinstance(parts[0], Clause) else _owner(attr)
            if clause is None:
                return None
            for key in clause.events:
                field = next((f for f in scene.properties(attr, key) if f.kind in WORDY), None)
                if field is not None:
                    return clauses.filtered(clause, key, Filter(field.key, operator, (parts[-1].value,)))
            return None

    @g.rule("EV", "EV ON? VALUE MORE_AFTER", "EV GE VALUE", cost=-0.4, examples=("booked a junior suite or better",))
    def with_value_or_higher(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        refs = next(r for r in rest if isinstance(r, Refs))
        for ref in refs.refs:
            field = scene.of(ref) if ref.owner in clause.events else None
            if ref.owner is not None and field is not None and field.ordered:
                stored = [entry.value for entry in field.values]
                higher = tuple(stored[stored.index(str(ref.value)) :])
                return clauses.filtered(clause, ref.owner, Filter(field.key, Operator.IS, higher))
        return None


def _units(g: Grammar) -> None:
    @g.rule("BOUNDUNIT", "BOUND UNITATTR", examples=("more than 10 nights",))
    def bound_unit(_: Scene, bound: Bound, attr: Attr) -> tuple[Bound, Attr]:
        return bound, attr

    @g.rule(
        "BOUNDUNIT",
        "BETWEEN NUM UNITATTR AND NUM UNITATTR",
        cost=-0.2,
        examples=("between 500 points and 1,000 points",),
    )
    def between_units(
        _: Scene, _b: Word, low: Number, attr: Attr, _and: Word, high: Number, other: Attr
    ) -> tuple[Bound, Attr] | None:
        bound = make_bound(Operator.BETWEEN, low, high)
        return (bound, attr) if bound and attr == other else None

    @g.rule("BOUNDUNIT", "NUM UNITATTR MORE_AFTER", cost=-0.1, examples=("4 nights or more",))
    def unit_or_more(_: Scene, number: Number, attr: Attr, _more: Word) -> tuple[Bound, Attr] | None:
        bound = make_bound(Operator.GE, number)
        return (bound, attr) if bound else None

    @g.rule("BOUNDUNIT", "NUM UNITATTR LESS_AFTER", cost=-0.1)
    def unit_or_less(_: Scene, number: Number, attr: Attr, _less: Word) -> tuple[Bound, Attr] | None:
        bound = make_bound(Operator.LE, number)
        return (bound, attr) if bound else None

    @g.rule("EV", "EV OF|WITH BOUNDUNIT", cost=-0.9, examples=("stays of 4 nights or more",))
    def rows_of_units(scene: Scene, clause: Clause, _of: Word, measured: tuple[Bound, Attr]) -> Clause | None:
        return clauses.with_number(scene, clause, measured[1], measured[0])

    @g.rule("EV", "EV BOUNDUNIT", cost=-0.4, examples=("earned more than 1000 points", "stayed at least 5 nights"))
    def units_done(scene: Scene, clause: Clause, measured: tuple[Bound, Attr]) -> Clause | None:
        """Units after a verb are counted over all rows; after a noun they describe each row."""
        bound, attr = measured
        return _done(scene, clause, attr, bound)

    @g.rule("EV", "BOUNDUNIT", cost=0.0, examples=("more than 10 nights",))
    def units_alone(scene: Scene, measured: tuple[Bound, Attr]) -> Clause | None:
        bound, attr = measured
        if any(owner is None for owner, _ in attr.names):
            return None  # a customer's points, not those of some event
        for owner, key in attr.names:
            event = scene.catalog.event(owner) if owner else None
            if event is not None and event.quantity == key:
                return clauses.measured(scene, Clause((event.key,), "noun"), "sum", key, bound)
        return None

    @g.rule("EV", "EV SIGN NUM", cost=-0.6, examples=("stays >= 2",))
    def signed(scene: Scene, clause: Clause, sign: Word, number: Number) -> Clause | None:
        if clause.shape != "noun" or number.unit:
            return None
        bound = make_bound(Operator(sign.value), number)
        return clauses.counted(clause, replace(bound, form="said")) if bound else None


def _done(scene: Scene, clause: Clause, attr: Attr, bound: Bound) -> Clause | None:
    for key in clause.events:
        event = scene.event(key)
        for field in scene.properties(attr, key):
            if clause.shape == "verb" and field.key in (event.quantity, event.amount):
                return clauses.measured(scene, replace(clause, events=(key,)), "sum", field.key, bound)
            return clauses.with_number(scene, clause, attr, bound)
    return None


def _alone(g: Grammar) -> None:
    """A property says which event is meant: sum insured over 250,000; life cover; arriving in the next 14 days."""

    @g.rule("EV", "ATTR OF? BOUND", cost=0.1, examples=("sum insured of at least 250,000",))
    def property_compared(scene: Scene, attr: Attr, *rest: Any) -> Clause | None:
        clause, bound = _owner(attr), rest[-1]
        if clause is None or bound.form == "bare" or any(owner is None for owner, _ in attr.names):
            return None
        return clauses.with_number(scene, clause, attr, bound)

    @g.rule("EV", "ATTR WHEN", cost=0.1, examples=("arriving in the next 14 days",))
    def property_dated(scene: Scene, attr: Attr, when: When) -> Clause | None:
        clause = _owner(attr)
        if clause is None or any(owner is None and _is_date(scene, key) for owner, key in attr.names):
            return None
        return clauses.with_property_date(scene, clause, attr, when)

    used = "use|uses|used|using|redeem|redeemed|apply|applied|got|had|received|enter|entered"

    @g.rule(
        "EV",
        f"{used} ATTR VALUE",
        f"{used} VALUE ATTR",
        f"{used} ATTR VALUE ON EV",
        cost=-0.5,
        examples=(),
    )
    def property_used(scene: Scene, *parts: Any) -> Clause | None:
        attr = next(p for p in parts if isinstance(p, Attr))
        refs = next(p for p in parts if isinstance(p, Refs))
        clause = _row_of(attr, parts)
        return clauses.with_value(scene, clause, refs, attr=attr) if clause else None

    @g.rule("EV", f"{used} VALUE KINDOF", cost=0.1, examples=())
    def value_used(scene: Scene, refs: Refs, kind: Attr) -> Clause | None:
        clause = _row_of(kind, ())
        return clauses.with_value(scene, clause, refs, attr=kind) if clause else None

    @g.rule(
        "EV", f"{used} ATTR OF|WITH? BOUND", f"{used} ATTR OF|WITH? BOUND ON EV", f"{used} BOUND ATTR ON EV", cost=-0.6
    )
    def property_got(scene: Scene, *parts: Any) -> Clause | None:
        attr = next(p for p in parts if isinstance(p, Attr))
        bound = next(p for p in parts if isinstance(p, Bound))
        clause = _row_of(attr, parts)
        if clause is not None and bound.form == "bare":
            return None
        return clauses.with_number(scene, clause, attr, bound) if clause else None

    @g.rule(
        "EV",
        f"{used} ATTR ON EV",
        f"{used} ATTR included ON EV",
        f"{used} ATTR included?",
        "SPEND|SPENT|VERB with|using ATTR ON EV",
        cost=0.1,
        examples=("used a coupon on an order",),
    )
    def property_had(scene: Scene, *parts: Any) -> Clause | None:
        attr = next(p for p in parts if isinstance(p, Attr))
        clause = _row_of(attr, parts)
        return clauses.with_presence(scene, clause, attr) if clause else None

    @g.rule("EV", "LIGHT FLAG", cost=-0.2, examples=("placed gift orders",))
    def flagged_rows(scene: Scene, _light: Word, flag: Flag) -> Clause | None:
        if flag.owner is None:
            return None
        return clauses.with_flag(scene, Clause((flag.owner,)), flag.field, flag.owner, flag.value)

    @g.rule("EV", "VALUE ATTR", "ATTR IS? VALUE", cost=0.3, examples=("comprehensive cover",))
    def property_is(scene: Scene, *parts: Any) -> Clause | None:
        attr = next(p for p in parts if isinstance(p, Attr))
        refs = next(p for p in parts if isinstance(p, Refs))
        clause = _owner(attr)
        return clauses.with_value(scene, clause, refs, attr=attr) if clause else None


def _is_date(scene: Scene, key: str) -> bool:
    field = scene.field(None, key)
    return field is not None and field.kind in DATES


def _owner(attr: Attr) -> Clause | None:
    owners = tuple(dict.fromkeys(owner for owner, _ in attr.names if owner is not None))
    return Clause(owners, "property") if owners else None


def _row_of(attr: Attr, parts: tuple[Any, ...]) -> Clause | None:
    """The rows that a property with a verb of its own is about: those said ("on their first order"), or its event's."""
    own = _owner(attr)
    said = next((p for p in parts if isinstance(p, Clause)), None)
    if own is None or said is None:
        return None if own is None else replace(own, events=own.events[:1], shape="verb")
    plain = said.shape == "noun" and said.count is None and said.measure == COUNT
    return replace(said, shape="verb") if plain and set(said.events) & set(own.events) else None
