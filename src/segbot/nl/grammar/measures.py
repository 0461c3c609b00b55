"""Measures: spending, averages, shares of rows, and numbers against numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal

from segbot.model.condition import COUNT, Against, Compare, Comparison, Measure, Measured, Rows, Share
from segbot.model.operators import Operator
from segbot.model.windows import Calendar, StartOf, Window
from segbot.nl.chart import Grammar
from segbot.nl.grammar import clauses
from segbot.nl.grammar.context import NUMERIC, Scene
from segbot.nl.meaning import AmountOn, Attr, Bound, Clause, Doing, Ready, Refs, When, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _spending(g)
    _averages(g)
    _shares(g)
    _comparisons(g)


def _spender(scene: Scene, doing: Doing | None) -> Clause | None:
    """The clause that spending is about: the verb's own event, or the first one with an amount and buyers."""
    if doing is not None:
        return Clause(doing.events[:1])
    catalog = scene.catalog
    keys = [catalog.customers.buyer_event, *(e.key for e in catalog.events if e.spend_verbs)]
    key = next((k for k in keys if k and (e := catalog.event(k)) and e.amount), None)
    return Clause((key,)) if key else None


def _spent(scene: Scene, doing: Doing | None, bound: Bound) -> Clause | None:
    clause = _spender(scene, doing)
    if clause is None:
        return None
    amount = scene.event(clause.event).amount
    return clauses.measured(scene, clause, "sum", amount, bound) if amount else None


def _spending(g: Grammar) -> None:
    @g.rule("EV", "SPEND|SPENT BOUND", "SPEND|SPENT TOTAL BOUND", cost=-0.3, examples=("spent more than $500",))
    def spent(scene: Scene, verb: Doing | Word, *rest: Any) -> Clause | None:
        return _spent(scene, verb if isinstance(verb, Doing) else None, rest[-1])

    @g.rule(
        "EV",
        "BOUND SPEND|SPENT",
        "BOUND TOTAL SPEND|SPENT",
        "BOUND IN|OF TOTAL? SPEND|SPENT",
        cost=-0.3,
        examples=("at least $1k spent",),
    )
    def spent_after(scene: Scene, bound: Bound, *rest: Any) -> Clause | None:
        verb = rest[-1]
        return _spent(scene, verb if isinstance(verb, Doing) else None, bound) if bound.unit == "money" else None

    @g.rule(
        "EV",
        "TOTAL SPEND|SPENT IS? BOUND",
        "TOTAL SPEND|SPENT OF BOUND",
        cost=-0.35,
        examples=("total spend over $500",),
    )
    def total_spend(scene: Scene, _total: Word, verb: Doing | Word, *rest: Any) -> Clause | None:
        return _spent(scene, verb if isinstance(verb, Doing) else None, rest[-1])

    @g.rule("EV", "EV ON VALUE", "EV ON ATTR VALUE", cost=-0.25, examples=("spent $500 on shoes",))
    def spent_on(scene: Scene, clause: Clause, *rest: Any) -> Clause | None:
        if clause.measure == COUNT or clause.filters:
            return None
        return clauses.spent_on(scene, clause, next(r for r in rest if isinstance(r, Refs)))

    @g.rule(
        "EV",
        "SPEND|SPENT BOUND ON|IN single|one EV",
        "SPEND|SPENT BOUND IN|ON one single EV",
        cost=-0.7,
        examples=("spent more than $100 on a single order",),
    )
    def spent_at_once(scene: Scene, _verb: Doing | Word, bound: Bound, _on: Word, clause: Clause) -> Clause | None:
        return clauses.with_amount(scene, clause, bound) if clause.shape == "noun" and clause.count is None else None

    @g.rule("EV", "SPEND|SPENT BOUND IN|ON EV", cost=-0.7, examples=("paid more than £1,000 in premiums",))
    def spent_in_rows(scene: Scene, _verb: Doing | Word, bound: Bound, _in: Word, clause: Clause) -> Clause | None:
        amount = scene.event(clause.event).amount
        if clause.shape != "noun" or amount is None or clause.count is not None:
            return None
        return clauses.measured(scene, replace(clause, shape="verb"), "sum", amount, bound)

    @g.rule("EV", "BOUND IN|OF|worth|from EV", cost=-0.2, examples=("more than $200 in refunds",))
    def amount_in_rows(scene: Scene, bound: Bound, *rest: Any) -> Clause | None:
        clause = rest[-1]
        amount = scene.event(clause.event).amount
        if clause.shape != "noun" or amount is None or bound.unit != "money":
            return None
        return clauses.measured(scene, clause, "sum", amount, bound)

    @g.rule("EV", "SPEND|SPENT NONE", cost=-0.2, examples=("spent nothing",))
    def spent_nothing(scene: Scene, verb: Doing | Word, _none: Word) -> Clause | None:
        clause = _spender(scene, verb if isinstance(verb, Doing) else None)
        return replace(clause, count=Bound(Comparison(Operator.IS, (0,)), "", "exact")) if clause else None

    @g.rule("EV", "EV BOUND worth OF? VALUE", cost=-0.7, examples=("bought more than $500 worth of shoes",))
    def worth_of(scene: Scene, clause: Clause, bound: Bound, _of: Any, refs: Refs) -> Clause | None:
        amount = scene.event(clause.event).amount
        if clause.shape != "verb" or bound.unit != "money" or amount is None or clause.filters:
            return None
        measured = clauses.measured(scene, clause, "sum", amount, bound)
        return clauses.spent_on(scene, measured, refs) if measured else None

    @g.rule("BOUNDON", "BOUND ON VALUE", cost=-0.1, examples=("at least $500 on shoes",))
    def amount_on(_: Scene, bound: Bound, _on: Word, refs: Refs) -> AmountOn:
        return AmountOn(bound, refs)

    @g.rule(
        "EV",
        "SPEND|SPENT BOUND IN LAST|FIRST EV",
        "SPEND|SPENT BOUND ON LAST|FIRST EV",
        cost=-0.7,
        examples=("spent 50 or more in their last order",),
    )
    def spent_in_nth(
        scene: Scene, _verb: Doing | Word, bound: Bound, _in: Word, nth: Word, clause: Clause
    ) -> Clause | None:
        if clause.shape != "noun" or clause.count is not None or clause.position is not None:
            return None
        return clauses.with_amount(scene, replace(clause, position=nth.value), bound)

    @g.rule("EV", "SPEND|SPENT ON VALUE BOUND", cost=-0.3)
    def spent_on_before(scene: Scene, verb: Doing | Word, _on: Word, refs: Refs, bound: Bound) -> Clause | None:
        clause = _spent(scene, verb if isinstance(verb, Doing) else None, bound)
        return clauses.spent_on(scene, clause, refs) if clause else None

    @g.rule("EV", "TOTAL EV OF? BOUND", "TOTAL EV VALUEWORD OF? BOUND", cost=-0.8, examples=("total orders over $500",))
    def total_of(scene: Scene, _total: Word, clause: Clause, *rest: Any) -> Clause | None:
        amount = scene.event(clause.event).amount
        bound: Bound = rest[-1]
        if clause.shape != "noun" or not amount or bound.unit != "money":
            return None
        return clauses.measured(scene, clause, "sum", amount, bound)

    @g.rule(
        "EV",
        "TOTAL|AVERAGE|LARGEST|SMALLEST ATTR IS? BOUND",
        "TOTAL|AVERAGE|LARGEST|SMALLEST EV ATTR IS? BOUND",
        cost=-0.35,
    )
    def measured_property(scene: Scene, which: Word, *rest: Any) -> Clause | None:
        attr = next(r for r in rest if isinstance(r, Attr))
        bound = next(r for r in rest if isinstance(r, Bound))
        said = next((r for r in rest if isinstance(r, Clause)), None)
        # what was paid for in the end, rather than what was booked
        for owner, key in sorted(attr.names, key=lambda name: not _is_spending(scene, name[0])):
            field = scene.field(owner, key)
            if (
                owner is None
                or field is None
                or field.kind not in NUMERIC
                or (said is not None and owner not in said.events)
            ):
                continue
            return clauses.measured(
                scene, replace(said or Clause((owner,)), events=(owner,)), str(which.value), key, bound
            )
        return None

    @g.rule(
        "EV",
        "TOTAL|AVERAGE|LARGEST|SMALLEST ATTR OF EV IS? BOUND",
        cost=-1.2,
        examples=("average order value of orders in 2025 is over $80",),
    )
    def measured_over_rows(
        scene: Scene, which: Word, attr: Attr, _of: Word, clause: Clause, _is: Any, bound: Bound
    ) -> Clause | None:
        if clause.shape != "noun" or clause.count is not None or clause.position is not None:
            return None
        field = next((f for f in scene.properties(attr, clause.event) if f.kind in NUMERIC), None)
        return clauses.measured(scene, clause, str(which.value), field.key, bound) if field else None

    @g.rule("EV", "share OF EV IS? BOUND", cost=-0.8, examples=("share of visits on mobile is over 50%",))
    def share_said(scene: Scene, _of: Word, clause: Clause, _is: Any, bound: Bound) -> Clause | None:
        if bound.unit != "percent" or not clause.filters or clause.count is not None or clause.shape != "noun":
            return None
        return replace(clause, share=fraction(bound.comparison))

    @g.rule(
        "READY",
        "ratio OF EV TO EV IS? BOUND",
        cost=-0.8,
        examples=("ratio of email opens to sent emails is at least 50%",),
    )
    def ratio(_: Scene, _of: Word, part: Clause, _to: Word, whole: Clause, _is: Any, bound: Bound) -> Ready | None:
        one, other = clauses.rows(part), clauses.rows(whole)
        return (
            Ready(Share(one, other, fraction(bound.comparison))) if one and other and bound.unit == "percent" else None
        )

    @g.rule(
        "READY",
        "number OF EV IS? more than number OF EV",
        cost=-0.8,
        examples=("number of orders is more than the number of returns",),
    )
    def numbers_compared(_: Scene, _of: Word, one: Clause, *rest: Any) -> Ready | None:
        other = rest[-1]
        left, right = clauses.rows(one), clauses.rows(other)
        return Ready(Compare(Measured(left), Operator.GT, Measured(right))) if left and right else None

    @g.rule("EV", "LARGEST|SMALLEST EV IS? BOUND", cost=-0.3, examples=("largest order over $500",))
    def extreme_amount(scene: Scene, which: Word, clause: Clause, _is: Any, bound: Bound) -> Clause | None:
        amount = scene.event(clause.event).amount
        return (
            clauses.measured(scene, clause, str(which.value), amount, bound)
            if amount and clause.shape == "noun"
            else None
        )


def _is_spending(scene: Scene, owner: str | None) -> bool:
    event = scene.catalog.event(owner) if owner else None
    return event is not None and bool(event.spend_verbs)


def _averages(g: Grammar) -> None:
    def average(scene: Scene, clause: Clause | None, bound: Bound) -> Clause | None:
        clause = clause or _spender(scene, None)
        amount = scene.event(clause.event).amount if clause else None
        return clauses.measured(scene, clause, "average", amount, bound) if clause and amount else None

    @g.rule(
        "EV",
        "AVERAGE EV IS? BOUND",
        "AVERAGE EV VALUEWORD IS? BOUND",
        "AVERAGE EV VALUEWORD OF BOUND",
        cost=-0.4,
        examples=("average order over $80",),
    )
    def average_row(scene: Scene, _avg: Word, clause: Clause, *rest: Any) -> Clause | None:
        if clause.shape != "noun" or clause.when is not None:
            return None
        return average(scene, clause, rest[-1])

    @g.rule("EV", "AOV IS? BOUND", "AOV OF BOUND", "BOUND AOV", cost=-0.3, examples=("AOV above $80",))
    def order_value(scene: Scene, *parts: Any) -> Clause | None:
        return average(scene, None, next(p for p in parts if isinstance(p, Bound)))

    @g.rule(
        "EV",
        "SPEND|SPENT BOUND PER EV AVERAGE?",
        "AVERAGE SPEND|SPENT BOUND PER EV",
        "SPEND|SPENT AVERAGE BOUND PER EV",
        cost=-0.6,
        examples=("spend $100 to $200 per order on average",),
    )
    def spent_per(scene: Scene, *parts: Any) -> Clause | None:
        clause = next(p for p in parts if isinstance(p, Clause))
        return (
            average(scene, clause, next(p for p in parts if isinstance(p, Bound))) if clause.shape == "noun" else None
        )


def _shares(g: Grammar) -> None:
    @g.rule(
        "EV",
        "EV MOSTLY ON? VALUE",
        "MOSTLY EV ON? VALUE",
        "EV ON? VALUE MOSTLY",
        cost=-0.5,
        examples=("browse mostly on mobile",),
    )
    def mostly(scene: Scene, *parts: Any) -> Clause | None:
        clause = next(p for p in parts if isinstance(p, Clause))
        refs = next(p for p in parts if isinstance(p, Refs))
        if clause.filters or clause.count is not None:
            return None
        filtered = clauses.with_value(scene, clause, refs)
        return replace(filtered, share=Comparison(Operator.GT, (0.5,))) if filtered else None

    @g.rule(
        "EV",
        "EV BOUND OF? OBJECT",
        "HEAD|LIGHTHEAD|VERB BOUND OF? OBJECT",
        "EV MOSTLY OF? OBJECT",
        cost=-0.5,
        examples=("opened at least half of the emails",),
    )
    def share_of_sent(scene: Scene, verb: Clause | Doing, amount: Bound | Word, _of: Any, noun: Doing) -> Clause | None:
        clause = verb if isinstance(verb, Clause) else Clause(verb.events)
        kept = [key for key in clause.events if key in noun.events]
        if not kept or clause.filters or clause.count is not None:
            return None
        if isinstance(amount, Bound):
            if amount.unit != "percent":
                return None
            comparison = fraction(amount.comparison)
        else:
            comparison = Comparison(Operator.GT, (0.5,))
        whole = _whole_of(scene, kept[0], noun)
        return replace(clause, events=(kept[0],), share=comparison, whole=whole) if whole else None

    @g.rule("EV", "EV rate IS? BOUND", "EV rate OF BOUND", cost=-0.8, examples=("click rate below 10%",))
    def rate(scene: Scene, clause: Clause, _is: Any, bound: Bound) -> Clause | None:
        """Rows of one kind for each that could have been: opens of what was sent, returns of what was bought."""
        if clause.shape != "noun" or clause.filters or clause.count is not None or bound.unit != "percent":
            return None
        for key in clause.events:
            whole = _whole_rate(scene, key)
            if whole is not None:
                return replace(clause, events=(key,), share=fraction(bound.comparison), whole=whole)
        return None

    @g.rule("EV", "BOUND OF EV ON|WITH? VALUE", cost=-0.4, examples=("more than half of their orders on the app",))
    def share_of_rows(scene: Scene, bound: Bound, _of: Word, clause: Clause, *rest: Any) -> Clause | None:
        if bound.unit != "percent" or clause.shape != "noun" or clause.filters or clause.count is not None:
            return None
        filtered = clauses.with_value(scene, clause, rest[-1])
        return replace(filtered, share=fraction(bound.comparison)) if filtered else None


def fraction(comparison: Comparison) -> Comparison:
    """A comparison in percent as one of fractions; a bare "half" means at least that."""
    values = tuple(float(v) / 100 for v in comparison.values)
    operator = Operator.GE if comparison.operator is Operator.IS else comparison.operator
    return Comparison(operator, values)


def _whole_of(scene: Scene, part: str, noun: Doing) -> str | None:
    """The event whose rows a message event is a share of: of the same noun, the one that was sent."""
    for key in noun.events:
        event = scene.event(key)
        if key != part and any(
            "sent" in form.split() or "send" in form.split() for form in (*event.nouns, *(v.lemma for v in event.verbs))
        ):
            return key
    return None


def _whole_rate(scene: Scene, part: str) -> str | None:
    """The event that a rate of another is measured by: messages sent on the same channel, or purchases."""
    event = scene.event(part)
    channel = {noun.split()[0] for noun in event.nouns if " " in noun}
    for other in scene.catalog.events:
        words = {word for noun in other.nouns for word in noun.split()}
        if other.key != part and "sent" in words and channel & words:
            return other.key
    buying = scene.catalog.customers.buyer_event
    bought = scene.catalog.event(buying) if buying else None
    if bought is None or bought.key == part or not set(bought.objects) & set(event.objects):
        return None
    return bought.value_of or bought.key  # what is returned are items, not whole orders


def _comparisons(g: Grammar) -> None:
    @g.rule(
        "READY",
        "EV MORE WHEN than WHEN",
        "EV MORE WHEN than in? all of WHEN",
        "EV MORE often WHEN than WHEN",
        cost=-0.5,
        examples=("bought more this year than last year",),
    )
    def did_more_than_then(scene: Scene, clause: Clause, more: Word, one: When, other: When) -> Ready | None:
        if (
            clause.count is not None
            or clause.shape != "verb"
            or clause.when is not None
            or not one.window
            or not other.window
        ):
            return None
        operator = Operator.GT if more.value == "more" else Operator.LT
        rows = Rows(clause.event, clause.filters)
        return Ready(
            Compare(Measured(replace(rows, window=one.window)), operator, Measured(replace(rows, window=other.window)))
        )

    @g.rule("READY", "MORE EV than EV", cost=-0.6, examples=("more orders than returns",))
    def more_of_than_of(_: Scene, more: Word, one: Clause, other: Clause) -> Ready | None:
        left, right = clauses.rows(one), clauses.rows(other)
        if left is None or right is None or one.shape != "noun" or other.shape != "noun":
            return None
        return Ready(Compare(Measured(left), Operator.GT if more.value == "more" else Operator.LT, Measured(right)))

    @g.rule(
        "READY",
        "MORE EV WHEN than WHEN",
        "MORE EV WHEN than in? all of WHEN",
        cost=-0.5,
        examples=("more orders this year than last year",),
    )
    def more_than_then(scene: Scene, more: Word, clause: Clause, one: When, other: When) -> Ready | None:
        left, right = _two_windows(one, other)
        if clause.shape not in ("noun", "verb") or left is None or right is None or clause.when is not None:
            return None
        rows = Rows(clause.event, clause.filters)
        operator = Operator.GT if more.value == "more" else Operator.LT
        return Ready(Compare(Measured(replace(rows, window=left)), operator, Measured(replace(rows, window=right))))

    @g.rule(
        "READY",
        "SPEND|SPENT MORE WHEN than WHEN",
        "SPEND|SPENT MORE WHEN than in? all of WHEN",
        cost=-0.5,
        examples=("spent more this year than last year",),
    )
    def spent_more_than_then(scene: Scene, verb: Doing | Word, more: Word, one: When, other: When) -> Ready | None:
        clause = _spender(scene, verb if isinstance(verb, Doing) else None)
        left, right = _two_windows(one, other)
        amount = scene.event(clause.event).amount if clause else None
        if clause is None or amount is None or left is None or right is None:
            return None
        measure = Measure("sum", amount)
        operator = Operator.GT if more.value == "more" else Operator.LT
        rows = Rows(clause.event)
        return Ready(
            Compare(
                Measured(replace(rows, window=left), measure), operator, Measured(replace(rows, window=right), measure)
            )
        )

    @g.rule(
        "READY",
        "EV ONCE|FREQ MORE? as often as WHEN",
        "EV WHEN ONCE|FREQ as often as WHEN",
        cost=-0.6,
        examples=("ordered twice as often as last year",),
    )
    def factor(_: Scene, clause: Clause, *rest: Any) -> Ready | None:
        if clause.count is not None or clause.when is not None:
            return None
        return _times_then(Rows(clause.event, clause.filters), Measure("count"), rest)

    @g.rule(
        "READY",
        "SPEND|SPENT ONCE|FREQ as much WHEN? as WHEN",
        cost=-0.8,
        examples=("spent twice as much this year as last year",),
    )
    def spend_factor(scene: Scene, verb: Doing | Word, *rest: Any) -> Ready | None:
        clause = _spender(scene, verb if isinstance(verb, Doing) else None)
        amount = scene.event(clause.event).amount if clause else None
        return _times_then(Rows(clause.event), Measure("sum", amount), rest) if clause and amount else None

    @g.rule(
        "READY",
        "SPEND|SPENT MORE than AVERAGE|MEDIAN NOUN?",
        "EV MORE often? than AVERAGE|MEDIAN NOUN",
        cost=-0.6,
        examples=("spend more than the average customer",),
    )
    def more_than_most(
        scene: Scene, said: Doing | Word | Clause, more: Word, statistic: Word, *_noun: Any
    ) -> Ready | None:
        clause = said if isinstance(said, Clause) else _spender(scene, said if isinstance(said, Doing) else None)
        rows = clauses.rows(clause) if clause else None
        if clause is None or rows is None or (isinstance(said, Clause) and clause.shape != "verb"):
            return None
        amount = None if isinstance(said, Clause) else scene.event(clause.event).amount
        by = Measured(rows, Measure("sum", amount) if amount else COUNT)
        side = "above" if more.value == "more" else "below"
        return Ready(Against(side, "median" if statistic.value == "median" else "average", by))  # type: ignore[arg-type]

    @g.rule("READY", "RANKBY ABOVEBELOW AVERAGE|MEDIAN", cost=-0.3, examples=("spend above the median",))
    def measure_against(_: Scene, by: Word, side: Word, statistic: Word) -> Ready | None:
        if not isinstance(by.value, Measured):
            return None
        return Ready(Against(side.value, "median" if statistic.value == "median" else "average", by.value))

    @g.rule(
        "READY",
        "ABOVEBELOW AVERAGE|MEDIAN ATTR",
        "ATTR ABOVEBELOW AVERAGE|MEDIAN",
        "ATTR ABOVEBELOW the? AVERAGE|MEDIAN",
        cost=-0.4,
        examples=("above average income",),
    )
    def against_average(scene: Scene, *parts: Any) -> Ready | None:
        attr = next(p for p in parts if isinstance(p, Attr))
        words = [p for p in parts if isinstance(p, Word)]
        field = next((f for f in scene.attributes(attr) if f.kind in NUMERIC), None)
        statistic: Literal["average", "median"] = "median" if words[1].value == "median" else "average"
        if field is not None:
            return Ready(Against(words[0].value, statistic, field.key))
        for owner, key in sorted(attr.names, key=lambda name: not _is_spending(scene, name[0])):
            found = scene.field(owner, key)
            if owner is not None and found is not None and found.kind in NUMERIC:  # the usual order value of each
                return Ready(Against(words[0].value, statistic, Measured(Rows(owner), Measure("average", key))))
        return None


def _times_then(rows: Rows, measure: Measure, rest: tuple[Any, ...]) -> Ready | None:
    """So many times as much as in another window; the first window is the current one of the same kind where none is said."""
    whens = [r.window for r in rest if isinstance(r, When)]
    said = next((r for r in rest if isinstance(r, Word | Bound)), None)
    times = said.value if isinstance(said, Word) else said.comparison.values[0] if said is not None else None
    if not isinstance(times, int | float) or isinstance(times, bool):
        return None
    other = whens[-1]
    now: Window | None = whens[0] if len(whens) > 1 else None
    match other:
        case Window(start=StartOf(period=Calendar(unit=unit, offset=-1))) if len(whens) == 1:
            now = Window(StartOf(Calendar(unit, 0)), None)
        case _:
            pass
    if other is None or now is None:
        return None
    left, right = Measured(replace(rows, window=now), measure), Measured(replace(rows, window=other), measure)
    return Ready(Compare(left, Operator.GE, right, times))


def _two_windows(one: When, other: When) -> tuple[Window | None, Window | None]:
    return one.window, other.window
