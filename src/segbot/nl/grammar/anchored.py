"""Windows anchored at another event, and what is said of one row after another: their first order within a week of joining.

What the tree can't count (an amount since sign-up, a second order since the first) is refused as a whole, so that no half
of it is read as a window that ends today.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.model.condition import COUNT, Around, Comparison, Did, Not, Nth, Rows, all_of, at_least
from segbot.model.operators import Operator
from segbot.model.windows import during, last, more_than_ago
from segbot.nl.chart import Grammar
from segbot.nl.grammar import clauses
from segbot.nl.grammar.context import DATES, Scene
from segbot.nl.grammar.sequences import sequence
from segbot.nl.inflect import gerund
from segbot.nl.meaning import Attr, Clause, Lasting, Note, Ready, Refs, Span, When, Word

_PLACED = "placed|made|came|happened|was|took|submitted"


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _within(g)
    _counted_off(g)
    _same_time(g)
    _each_of(g)


def _within(g: Grammar) -> None:
    @g.rule(
        "READY",
        "EV INSIDE DUR OF|AFTER ATTR",
        f"EV {_PLACED} INSIDE DUR OF|AFTER ATTR",
        cost=-2.0,
        examples=("first purchase within 7 days of sign-up",),
    )
    def nth_around(scene: Scene, clause: Clause, _in: Word, lasting: Lasting, *rest: Any) -> Ready | None:
        """The first row within a time of a date is any row then: nobody orders before they sign up."""
        attr: Attr = rest[-1]
        field = next((f for f in scene.attributes(attr) if f.kind in DATES), None)
        first = clause.position == 1 and clause.when is None and not clause.nth_filters
        rows = clauses.rows(replace(clause, position=None)) if first else None
        if field is None or rows is None:
            return None
        note = Note("first_is_any", "the first one in that time is any one in that time: none is expected before it")
        return Ready(Around(rows, field.key, after=lasting.duration), (note,))

    @g.rule("UNSUPPORTED", "EV INSIDE DUR OF|AFTER ATTR", f"EV {_PLACED} INSIDE DUR OF|AFTER ATTR", cost=-1.9)
    def measured_around(scene: Scene, clause: Clause, _in: Word, _lasting: Lasting, *rest: Any) -> Word | None:
        """An amount, a number or a later row within a time of a date of each customer's own."""
        attr: Attr = rest[-1]
        dated = any(f.kind in DATES for f in scene.attributes(attr))
        plain = clauses.rows(clause) is not None or (clause.position == 1 and not clause.nth_filters)
        return Word() if dated and not plain else None

    @g.rule("UNSUPPORTED", "EV INSIDE DUR OF|AFTER it|that|this|them", cost=-6.0, examples=())
    def beside_something(_: Scene, clause: Clause, _in: Word, _lasting: Lasting, _of: Word) -> Word:
        """Within a week of it: of what was said before, not of today."""
        return Word()

    @g.rule(
        "UNSUPPORTED",
        "EV INSIDE DUR OF|AFTER FIRST|LAST|ORDWORD|ORDINAL EV?",
        f"EV {_PLACED} INSIDE DUR OF|AFTER FIRST|LAST|ORDWORD|ORDINAL EV?",
        "EV BEFORE FIRST|LAST|ORDWORD|ORDINAL EV",
        "EV AFTER FIRST|LAST|ORDWORD|ORDINAL EV",
        cost=-1.8,
        examples=(),
    )
    def beside_an_nth(_: Scene, clause: Clause, *rest: Any) -> Word | None:
        """One certain row against another: a second order within 30 days of the first, a ticket before the first order."""
        other = next((r for r in rest if isinstance(r, Clause)), None)
        return Word() if other is None or other.shape == "noun" else None

    @g.rule("EV", "EV OLDER DUR", "EV IS? GT DUR AGO", cost=-0.6, examples=("last order older than 8 months",))
    def older_row(_: Scene, clause: Clause, *rest: Any) -> Clause | None:
        lasting = next(r for r in rest if isinstance(r, Lasting))
        if clause.shape != "noun" or clause.position is None:
            return None
        return clauses.windowed(clause, When(more_than_ago(lasting.duration.amount, lasting.duration.unit)))

    @g.rule("EV", "EV YOUNGER DUR", "EV LT|LE DUR old", "EV LT|LE DUR AGO", cost=-0.6)
    def newer_row(_: Scene, clause: Clause, *rest: Any) -> Clause | None:
        lasting = next(r for r in rest if isinstance(r, Lasting))
        if clause.shape != "noun" or clause.position is None:
            return None
        return clauses.windowed(clause, When(last(lasting.duration.amount, lasting.duration.unit)))


def _counted_off(g: Grammar) -> None:
    @g.rule("READY", "EV again", cost=0.05, examples=("ordered again",))
    def again(_: Scene, clause: Clause) -> Ready | None:
        rows = clauses.rows(clause) if clause.shape == "verb" and clause.count is None else None
        if rows is None or rows.window is not None:
            return None
        return Ready(Did(rows, COUNT, at_least(2)), (Note("again", "“again” means twice or more in all"),))

    @g.rule("UNSUPPORTED", "EV again WHEN", "EV WHEN again", cost=-0.4, examples=())
    def again_then(_: Scene, clause: Clause, when: When) -> Word | None:
        """Once in that time, and before it or within it: which of them was "again" can't be told."""
        return Word() if clause.shape == "verb" and not when.anaphora else None

    @g.rule("READY", "NO ORDWORD|ORDINAL EV", cost=-0.9, examples=("no second order",))
    def no_nth(_: Scene, _no: Word, nth: Word, clause: Clause) -> Ready | None:
        number = nth.value
        if clause.shape != "noun" or not isinstance(number, int) or number < 2:
            return None
        rows = clauses.rows(clause)
        if rows is None:
            return None
        one_less = Did(rows, COUNT, Comparison(Operator.IS, (number - 1,)))
        fewer = Not(Did(rows, COUNT, at_least(number)))
        changes = (("condition", fewer),)
        text = f"that means exactly {number - 1} so far"
        return Ready(one_less, (Note("no_nth", text, "Also those with none at all", changes),))

    @g.rule(
        "READY",
        f"EV EVERTIME? COMMA {_PLACED} WHEN",
        f"EV EVERTIME COMMA? {_PLACED}? WHEN",
        cost=-1.6,
        examples=("only one order ever, placed in March",),
    )
    def the_only_row(_: Scene, clause: Clause, *rest: Any) -> Ready | None:
        when: When = rest[-1]
        exact = clause.count is not None and clause.count.comparison == Comparison(Operator.IS, (1,))
        if not exact or clause.count is None or clause.when is not None or when.window is None or when.anaphora:
            return None
        if clause.measure != COUNT or clause.position is not None:
            return None
        rows = Rows(clause.event, clause.filters)
        return Ready(all_of((Did(rows, COUNT, clause.count.comparison), Nth(rows, -1, when.window))))

    @g.rule(
        "READY",
        "EV first COMMA? AND VALUE later|afterwards|after",
        "EV first COMMA? AND? THEN|later VALUE",
        cost=-1.6,
        examples=("bought shoes first and socks later",),
    )
    def first_then_another(scene: Scene, first: Clause, *rest: Any) -> Ready | None:
        refs = next(r for r in rest if isinstance(r, Refs))
        if not first.filters or first.shape != "verb" or first.when is not None:
            return None
        then = clauses.with_value(scene, replace(first, filters=()), refs)
        return sequence(scene, first, then) if then else None

    @g.rule("READY", "EV first COMMA? AND EV later|afterwards", cost=-1.6, examples=("visited first and bought later",))
    def first_then(scene: Scene, first: Clause, *rest: Any) -> Ready | None:
        then = rest[-1]
        return sequence(scene, first, then) if first.shape == then.shape == "verb" else None

    @g.rule("EV", "CAMEBACK", cost=0.6, examples=())
    def back(scene: Scene, _back: Word) -> Clause | None:
        """ "haven't come back since": not bought since."""
        buying = scene.catalog.customers.buyer_event
        event = scene.catalog.event(buying) if buying else None
        if event is None or not event.verbs:
            return None
        note = Note("back_is_buying", f"coming back is read as {gerund(event.verbs[0].lemma)} again")
        return Clause((event.key,), notes=(note,))


def _same_time(g: Grammar) -> None:
    @g.rule(
        "WHEN",
        "in|during|over|within that|same time|period|window|timeframe|week|month|quarter|year",
        "in|during|over|within that|same time|period frame|span",
        "that|same week|month|quarter|year",
        "meanwhile",
        cost=-0.5,
        examples=("in that time",),
    )
    def in_that_time(_: Scene) -> When:
        return When(None, anaphora=True, same=True)


def _each_of(g: Grammar) -> None:
    @g.rule(
        "READY",
        "EV IN? each|every|both OF PERIOD AND PERIOD",
        "EV IN? each|every OF PERIOD COMMA PERIOD COMMA? AND PERIOD",
        "EV IN? each|every OF PERIOD COMMA PERIOD COMMA PERIOD COMMA? AND PERIOD",
        "EV IN both PERIOD AND PERIOD",
        cost=-2.5,
        examples=("ordered in each of 2024 and 2025",),
    )
    def in_each(_: Scene, clause: Clause, *rest: Any) -> Ready | None:
        rows = clauses.rows(clause)
        if rows is None or rows.window is not None:
            return None
        spans = [r for r in rest if isinstance(r, Span)]
        return Ready(all_of(Did(replace(rows, window=during(s.period))) for s in spans))

    @g.rule("UNSUPPORTED", "close|nearly|almost to? VALUE", "about to reach|become VALUE", cost=-1.0, examples=())
    def nearly(scene: Scene, refs: Refs) -> Word | None:
        """How near somebody is to the next level is not known from the level."""
        fields = [scene.of(r) for r in refs.refs]
        return Word() if any(f is not None and f.ordered for f in fields) else None
