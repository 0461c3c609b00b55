"""Shares and averages in other words: 80% of their orders had a coupon, returned half of what they spent, 3 pages per visit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.model.condition import Compare, Comparison, Did, Measure, Measured, Rows, all_of, at_least
from segbot.model.operators import Operator
from segbot.nl.chart import Grammar
from segbot.nl.grammar import clauses
from segbot.nl.grammar.context import NUMERIC, Scene
from segbot.nl.grammar.measures import fraction
from segbot.nl.meaning import Attr, Bound, Clause, Doing, Note, Ready, When, Word

_HAD = "used|use|had|have|has|with|included|include|contained|carried|involved"


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _of_rows(g)
    _of_money(g)
    _per_row(g)


def _of_rows(g: Grammar) -> None:
    @g.rule(
        "EV", f"BOUND OF EV {_HAD} ATTR", f"BOUND OF EV made|placed {_HAD} ATTR", cost=-1.4, examples=(
            "at least 80% of their orders used a coupon",
        )
    )  # fmt: skip
    def share_with(scene: Scene, bound: Bound, _of: Word, clause: Clause, attr: Attr) -> Clause | None:
        if bound.unit != "percent" or clause.shape != "noun" or clause.filters or clause.count is not None:
            return None
        had = clauses.with_presence(scene, clause, attr)
        return replace(had, share=fraction(bound.comparison)) if had else None

    @g.rule(
        "EV",
        f"every|each|all|always OF? EV {_HAD} ATTR",
        f"every|each|all OF? EV made|placed {_HAD} ATTR",
        f"every single EV {_HAD} ATTR",
        cost=-1.4,
        examples=("every order they made had a discount",),
    )
    def every_row_with(scene: Scene, *parts: Any) -> Clause | None:
        clause = next(p for p in parts if isinstance(p, Clause))
        if clause.shape != "noun" or clause.filters or clause.count is not None or clause.position is not None:
            return None
        had = clauses.with_presence(scene, clause, parts[-1])
        return replace(had, share=Comparison(Operator.GE, (1,))) if had else None


def _of_money(g: Grammar) -> None:
    @g.rule(
        "READY",
        "EV BOUND OF what SPENT|SPEND WHEN?",
        "EV BOUND OF everything|all SPENT|SPEND|bought WHEN?",
        "EV BOUND OF what bought|ordered|purchased WHEN?",
        cost=-1.6,
        examples=("returned more than half of what they spent",),
    )
    def of_what_was_spent(scene: Scene, clause: Clause, bound: Bound, *rest: Any) -> Ready | None:
        """The money of one event against the money of another; of nothing spent there is no share."""
        when = next((r for r in rest if isinstance(r, When)), None)
        doing = next((r for r in rest if isinstance(r, Doing)), None)
        buying = doing.events[0] if doing is not None else scene.catalog.customers.buyer_event
        event = scene.catalog.event(buying) if buying else None
        amount = scene.event(clause.event).amount
        rows = clauses.rows(clause)
        if event is None or event.amount is None or amount is None or rows is None or bound.unit != "percent":
            return None
        if clause.shape != "verb" or event.key == clause.event or rows.filters:
            return None
        comparison = fraction(bound.comparison)
        factor = comparison.values[0]
        window = when.window if when else rows.window
        if comparison.operator is Operator.BETWEEN or isinstance(factor, str):
            return None
        part = Measured(replace(rows, window=window), Measure("sum", amount))
        whole = Measured(Rows(event.key, (), window), Measure("sum", event.amount))
        compared = Compare(part, comparison.operator, whole, factor)
        if comparison.operator is Operator.GT:
            return Ready(compared)
        return Ready(all_of((Did(whole.rows, whole.measure, Comparison(Operator.GT, (0,))), compared)))

    @g.rule("EV", "EV BOUND worth OF? THING", "EV BOUND worth", cost=-0.7, examples=("returned $300 worth of stuff",))
    def worth_of_anything(scene: Scene, clause: Clause, bound: Bound, *_thing: Any) -> Clause | None:
        amount = scene.event(clause.event).amount
        if clause.shape != "verb" or bound.unit != "money" or amount is None or clause.count is not None:
            return None
        return clauses.measured(scene, clause, "sum", amount, bound)


def _per_row(g: Grammar) -> None:
    @g.rule(
        "EV",
        "BOUND ATTR PER EV AVERAGE",
        "AVERAGE BOUND ATTR PER EV",
        "EV BOUND ATTR PER EV AVERAGE",
        "EV AVERAGE BOUND ATTR PER EV",
        cost=-1.4,
        examples=("at least 3 pages per visit on average",),
    )
    def average_per_row(scene: Scene, *parts: Any) -> Clause | None:
        bound = next(p for p in parts if isinstance(p, Bound))
        attr = next(p for p in parts if isinstance(p, Attr))
        clause = [p for p in parts if isinstance(p, Clause)][-1]
        if clause.shape != "noun" or clause.count is not None or clause.position is not None:
            return None
        for key in clause.events:
            field = next((f for f in scene.properties(attr, key) if f.kind in NUMERIC), None)
            if field is not None:
                return clauses.measured(scene, replace(clause, events=(key,)), "average", field.key, bound)
        return None

    @g.rule("READY", "SPEND|SPENT BOUND TIMES as much WHEN as WHEN", cost=-1.2, examples=())
    def so_much_more(scene: Scene, _spent: Any, bound: Bound, _times: Word, one: When, other: When) -> Ready | None:
        return _times_as_much(scene, bound, one, other)

    @g.rule(
        "READY",
        "SPEND|SPENT ONCE|FREQ as much WHEN as WHEN",
        cost=-1.2,
        examples=("spent twice as much this year as last year",),
    )
    def twice_as_much(scene: Scene, _spent: Any, times: Word | Bound, one: When, other: When) -> Ready | None:
        if isinstance(times, Word):
            times = Bound(at_least(times.value)) if isinstance(times.value, int) else Bound(at_least(0))
        return _times_as_much(scene, times, one, other)


def _times_as_much(scene: Scene, bound: Bound, one: When, other: When) -> Ready | None:
    """So many times as much in one time as in another: those who spent nothing at all did not spend twice as much."""
    keys = (scene.catalog.customers.buyer_event, *(e.key for e in scene.catalog.events if e.spend_verbs))
    event = next((e for k in keys if k and (e := scene.catalog.event(k)) is not None and e.amount), None)
    factor = bound.comparison.values[0]
    if event is None or event.amount is None or not one.window or not other.window or isinstance(factor, str):
        return None
    if factor <= 0 or bound.unit or bound.comparison.operator not in (Operator.GE, Operator.GT, Operator.IS):
        return None
    measure = Measure("sum", event.amount)
    left = Measured(Rows(event.key, (), one.window), measure)
    right = Measured(Rows(event.key, (), other.window), measure)
    operator = Operator.GT if bound.comparison.operator is Operator.GT else Operator.GE
    note = Note("nothing_before", "of nothing, anything is that much more: it is enough to have spent then")
    spent = Did(left.rows, measure, Comparison(Operator.GT, (0,)))
    return Ready(all_of((Compare(left, operator, right, factor), spent)), (note,))
