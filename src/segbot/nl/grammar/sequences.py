"""One behaviour after another, near a date, regularly, stopped and back again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from segbot.model.condition import (
    COUNT,
    Around,
    CameBack,
    Comparison,
    Did,
    Nth,
    Regularly,
    Rows,
    Sequence,
    Stopped,
    all_of,
)
from segbot.model.operators import Operator
from segbot.model.resolve import resolve
from segbot.model.windows import Dated, Duration, Unit, during
from segbot.nl.chart import Grammar
from segbot.nl.grammar import clauses
from segbot.nl.grammar.context import DATES, Scene
from segbot.nl.inflect import gerund
from segbot.nl.meaning import Attr, Bound, Clause, Lasting, Note, Number, Ready, Refs, When, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _one_after_another(g)
    _around(g)
    _rhythm(g)


def _shared(scene: Scene, first: Clause, then: Clause) -> tuple[str, ...]:
    """What "it" holds equal: the finest property that both events have as an object."""
    one, two = scene.event(first.event), scene.event(then.event)
    common = [key for key in one.objects if key in two.objects]
    return (common[-1],) if common else ()


def sequence(
    scene: Scene, first: Clause, then: Clause, within: Lasting | None = None, never: bool = False
) -> Ready | None:
    """One clause and then the other."""
    rows, after = clauses.rows(first), clauses.rows(then)
    if rows is None or after is None:
        return None
    same = _shared(scene, first, then) if then.pronoun else ()
    notes: tuple[Note, ...] = ()
    if within is None and not never:
        notes = (Note("any_time_later", "“after” means any time later"),)
    return Ready(Sequence(rows, after, within.duration if within else None, never, same), notes)


def _one_after_another(g: Grammar) -> None:
    @g.rule(
        "READY",
        "EV AND|COMMA? THEN EV again?",
        cost=-0.6,
        examples=("viewed a product and then bought it",),
    )
    def then(scene: Scene, *parts: Any) -> Ready | None:
        first, second = (p for p in parts if isinstance(p, Clause))
        return sequence(scene, first, second)

    @g.rule("READY", "EV AND|COMMA? THEN NOT|NEVER EV", cost=-1.0, examples=("added to cart and then did not buy",))
    def then_not(scene: Scene, *parts: Any) -> Ready | None:
        first, second = (p for p in parts if isinstance(p, Clause))
        return sequence(scene, first, second, never=True) if second.when is None else None

    @g.rule(
        "READY",
        "EV AND|COMMA? THEN EV INSIDE DUR",
        "EV AND? EV INSIDE DUR LATER",
        "EV THEN INSIDE DUR EV",
        cost=-1.4,
        examples=("viewed a product and then bought it within 24 hours",),
    )
    def then_within(scene: Scene, *parts: Any) -> Ready | None:
        first, second = (p for p in parts if isinstance(p, Clause))
        within = next((p for p in parts if isinstance(p, Lasting)), None)
        return sequence(scene, first, second, within)

    @g.rule(
        "READY",
        "EV BUT|AND NOT|NEVER EV within DUR",
        cost=-1.6,
        examples=("viewed a tent but didn't buy it within 7 days",),
    )
    def not_within(scene: Scene, first: Clause, _but: Word, _not: Word, then: Clause, lasting: Lasting) -> Ready | None:
        """Not in the time after it; "in the last 7 days" would count from today."""
        return sequence(scene, first, then, lasting, never=True) if then.shape == "verb" and then.when is None else None

    @g.rule(
        "READY",
        "EV AND|COMMA? THEN? EV next|following day",
        cost=-2.0,
        examples=("added to cart then bought the next day",),
    )
    def next_day(scene: Scene, *parts: Any) -> Ready | None:
        first, then = (p for p in parts if isinstance(p, Clause))
        ready = sequence(scene, first, then, Lasting(Duration(1, Unit.DAY))) if then.shape == "verb" else None
        note = Note("next_day", "“the next day” is read as within a day after it")
        return replace(ready, notes=(*ready.notes, note)) if ready else None

    @g.rule(
        "READY",
        "EV AND|COMMA? THEN VALUE",
        "EV AND|COMMA? THEN VALUE INSIDE DUR",
        cost=-1.4,
        examples=("bought shoes and then socks within 14 days",),
    )
    def then_another(scene: Scene, first: Clause, *rest: Any) -> Ready | None:
        refs = next(p for p in rest if isinstance(p, Refs))
        within = next((p for p in rest if isinstance(p, Lasting)), None)
        if not first.filters or first.shape != "verb":
            return None
        second = clauses.with_value(scene, replace(first, filters=(), when=None), refs)
        return sequence(scene, first, second, within) if second else None

    @g.rule("READY", "EV AFTER EV", cost=-0.5, examples=("bought after clicking an email",))
    def after(scene: Scene, then: Clause, _after: Word, first: Clause) -> Ready | None:
        return sequence(scene, first, then) if then.shape == "verb" else None

    @g.rule(
        "READY",
        "EV INSIDE DUR AFTER|OF EV",
        "EV DUR AFTER EV",
        cost=-1.2,
        examples=("bought within 7 days of opening an email",),
    )
    def after_within(scene: Scene, *parts: Any) -> Ready | None:
        then, first = (p for p in parts if isinstance(p, Clause))
        return sequence(scene, first, then, next(p for p in parts if isinstance(p, Lasting)))

    @g.rule("READY", "EV BEFORE EV", cost=-0.4, examples=("viewed a product before buying",))
    def before(scene: Scene, first: Clause, _before: Word, then: Clause) -> Ready | None:
        return sequence(scene, first, then) if first.shape == "verb" else None


def _around(g: Grammar) -> None:
    @g.rule(
        "READY",
        "EV INSIDE DUR OF|AFTER ATTR",
        cost=-0.5,
        examples=("purchased within 7 days of signing up",),
    )
    def near_a_day(scene: Scene, clause: Clause, _in: Word, lasting: Lasting, *rest: Any) -> Ready | None:
        attr: Attr = rest[-1]
        field = next((f for f in scene.attributes(attr) if f.kind in DATES), None)
        rows = clauses.rows(clause)
        return Ready(Around(rows, field.key, after=lasting.duration)) if field and rows else None

    @g.rule("READY", "EV INSIDE DUR BEFORE ATTR", cost=-0.5, examples=("visited within 7 days before signing up",))
    def ahead_of(scene: Scene, clause: Clause, _in: Word, lasting: Lasting, _before: Word, attr: Attr) -> Ready | None:
        field = next((f for f in scene.attributes(attr) if f.kind in DATES), None)
        rows = clauses.rows(clause)
        return Ready(Around(rows, field.key, before=lasting.duration)) if field and rows else None


def _rhythm(g: Grammar) -> None:
    @g.rule(
        "READY", "EV IN BOUND OF RECENT NUM UNIT", cost=-0.6, examples=("bought in at least 4 of the last 6 months",)
    )
    def in_some_of(
        _: Scene, clause: Clause, _in: Word, bound: Bound, _of: Word, _last: Word, of: Number, unit: Word
    ) -> Ready | None:
        rows = clauses.rows(clause)
        least = bound.comparison.values[0]
        whole = unit.value in ("day", "week", "month", "quarter", "year")
        if rows is None or bound.unit or of.unit or not whole or least != int(least) or of.value != int(of.value):
            return None
        if not 1 <= int(least) <= int(of.value):
            return None
        return Ready(Regularly(rows, int(least), int(of.value), Unit(unit.value)))

    @g.rule(
        "READY",
        "EV every UNIT IN|INSIDE RECENT NUM UNIT",
        "EV each UNIT IN|INSIDE RECENT NUM UNIT",
        "EV IN every UNIT OF RECENT NUM UNIT",
        "EV IN each|every OF RECENT NUM UNIT",
        cost=-0.6,
    )
    def every(_: Scene, clause: Clause, *rest: Any) -> Ready | None:
        units = [
            r.value for r in rest if isinstance(r, Word) and r.value in ("day", "week", "month", "quarter", "year")
        ]
        number = next(r for r in rest if isinstance(r, Number))
        rows = clauses.rows(clause)
        if (
            rows is None
            or number.unit
            or not units
            or units[0] != units[-1]
            or number.value != int(number.value)
            or number.value < 1
        ):
            return None
        return Ready(Regularly(rows, int(number.value), int(number.value), Unit(units[0])))

    @g.rule(
        "READY",
        "EV every|each UNIT WHEN",
        "EV IN every|each UNIT WHEN?",
        "EV WHEN every|each UNIT",
        cost=-0.6,
        examples=("bought every month this year",),
    )
    def in_every_part(scene: Scene, clause: Clause, *rest: Any) -> Ready | None:
        """In each month (or quarter) of a period, as far as it has begun."""
        unit = next(
            r.value for r in rest if isinstance(r, Word) and r.value in ("day", "week", "month", "quarter", "year")
        )
        when = next((r for r in rest if isinstance(r, When)), None)
        rows = clauses.rows(clause)
        if rows is None or rows.window is not None or when is None or when.window is None:
            return None
        parts = _parts(scene, when, unit)
        return Ready(all_of(Did(replace(rows, window=during(p))) for p in parts)) if parts else None

    @g.rule(
        "READY",
        "EV AND|COMMA it|that WHEN",
        "EV COMMA AND it|that WHEN",
        cost=-1.0,
        examples=("only one purchase, and it was over a year ago",),
    )
    def the_only_one(_: Scene, clause: Clause, *rest: Any) -> Ready | None:
        when: When = rest[-1]
        exact = clause.count is not None and clause.count.comparison == Comparison(Operator.IS, (1,))
        if (
            not exact
            or clause.count is None
            or clause.when is not None
            or when.window is None
            or clause.measure != COUNT
        ):
            return None
        rows = Rows(clause.event, clause.filters)
        return Ready(all_of((Did(rows, COUNT, clause.count.comparison), Nth(rows, -1, when.window))))

    @g.rule(
        "READY",
        "STOPPED EV DUR AGO",
        "STOPPED EV INSIDE RECENT? DUR",
        "STOPPED EV GT DUR AGO",
        "STOPPED EV RECENT DUR",
        cost=-0.6,
        examples=("stopped buying 6 months ago",),
    )
    def stopped(_: Scene, *parts: Any) -> Ready | None:
        clause = next(p for p in parts if isinstance(p, Clause))
        lasting = next(p for p in parts if isinstance(p, Lasting))
        rows = clauses.rows(clause)
        return Ready(Stopped(rows, lasting.duration)) if rows and rows.window is None else None

    @g.rule(
        "READY",
        "EV again AFTER DUR",
        "EV again AFTER GE|GT DUR",
        "EV again AFTER DUR WITHOUT",
        "CAMEBACK AFTER GE|GT? DUR",
        cost=-0.6,
        examples=("bought again after 6 months",),
    )
    def came_back(scene: Scene, *parts: Any) -> Ready | None:
        clause = next((p for p in parts if isinstance(p, Clause)), None)
        lasting = next(p for p in parts if isinstance(p, Lasting))
        buying = scene.catalog.customers.buyer_event
        rows = clauses.rows(clause) if clause else Rows(buying) if buying else None
        return Ready(CameBack(rows, lasting.duration)) if rows else None

    @g.rule(
        "READY",
        "STOPPED EV for|INSIDE GE|GT? DUR AND|BUT? THEN? CAMEBACK WHEN?",
        "STOPPED EV for|INSIDE GE|GT? DUR AND|BUT? THEN? EV again WHEN?",
        "NOT EV for|INSIDE GE|GT? DUR AND|BUT THEN? CAMEBACK WHEN?",
        cost=-1.2,
        examples=("stopped buying for 6 months and came back this year",),
    )
    def quit_and_back(_: Scene, *parts: Any) -> Ready | None:
        clause = next(p for p in parts if isinstance(p, Clause))
        lasting = next(p for p in parts if isinstance(p, Lasting))
        when = next((p for p in parts if isinstance(p, When)), None)
        rows = clauses.rows(clause)
        fits = rows is not None and rows.window is None and (when is None or when.window is not None)
        return Ready(CameBack(rows, lasting.duration, when.window if when else None)) if rows and fits else None

    @g.rule("READY", "CAMEBACK WHEN", cost=0.2, examples=("came back in Q2",))
    def back_then(scene: Scene, _back: Word, when: When) -> Ready | None:
        buying = scene.catalog.customers.buyer_event
        event = scene.catalog.event(buying) if buying else None
        if event is None or when.window is None or when.anaphora:
            return None
        note = (
            Note("back_is_buying", f"coming back is read as {gerund(event.verbs[0].lemma)} again")
            if event.verbs
            else None
        )
        return Ready(Did(Rows(event.key, (), when.window)), (note,) if note else ())


def _parts(scene: Scene, when: When, unit: str) -> tuple[Dated, ...]:
    """The months or quarters of a window within one year, up to the current one."""
    if when.window is None or unit not in ("month", "quarter", "year"):
        return ()
    resolved, now = resolve(when.window, scene.at), scene.at.today
    start, end = resolved.start, resolved.end
    if start is None:
        return ()
    first = start.astimezone(scene.at.zone).date()
    last = min(now, (end.astimezone(scene.at.zone) - timedelta(microseconds=1)).date()) if end else now
    if unit == "year":
        whole = first.month == first.day == 1 and first.year < last.year <= first.year + 24
        return tuple(Dated(year) for year in range(first.year, last.year + 1)) if whole else ()
    size = 1 if unit == "month" else 3
    if first.day != 1 or (first.month - 1) % size or last < first:
        return ()
    count = ((last.year - first.year) * 12 + last.month - first.month) // size + 1
    found = []
    for index in range(count):
        year, month = divmod(first.year * 12 + first.month - 1 + index * size, 12)
        found.append(Dated(year, month + 1) if size == 1 else Dated(year, quarter=month // 3 + 1))
    return tuple(found) if 1 < count <= 24 else ()
