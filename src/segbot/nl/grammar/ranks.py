"""Rankings: top and bottom by an attribute or a measure, and random samples."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from segbot.model.catalog import Role
from segbot.model.condition import Capped, Everyone, Measure, Measured, Ranked, Rows, Sampled
from segbot.model.operators import Kind
from segbot.nl.chart import Grammar
from segbot.nl.grammar import clauses
from segbot.nl.grammar.context import DATES, NUMERIC, Scene
from segbot.nl.meaning import Asked, Attr, Clause, Doing, Note, Number, Ready, Refs, When, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _measures(g)
    _ranks(g)
    _samples(g)


def _spend(scene: Scene, when: When | None = None) -> Measured | None:
    catalog = scene.catalog
    keys = [catalog.customers.buyer_event, *(e.key for e in catalog.events if e.spend_verbs)]
    event = next((e for k in keys if k and (e := catalog.event(k)) is not None and e.amount), None)
    if event is None or event.amount is None:
        return None
    return Measured(Rows(event.key, (), when.window if when else None), Measure("sum", event.amount))


def _measures(g: Grammar) -> None:
    @g.rule("RANKBY", "ATTR", "TOTAL ATTR", examples=("lifetime value",))
    def by_attribute(scene: Scene, *parts: Any) -> Word | None:
        field = next((f for f in scene.attributes(parts[-1]) if f.kind in NUMERIC), None)
        return Word(field.key) if field else None

    @g.rule(
        "RANKBY", "TOTAL? SPEND|SPENT WHEN?", "amount SPEND|SPENT WHEN?", "revenue WHEN?", examples=("spend this year",)
    )
    def by_spend(scene: Scene, *parts: Any) -> Word | None:
        measured = _spend(scene, next((p for p in parts if isinstance(p, When)), None))
        return Word(measured) if measured else None

    @g.rule("RANKBY", "EV SPEND|SPENT", "TOTAL EV VALUEWORD", cost=-0.3, examples=("premiums paid",))
    def by_amount(scene: Scene, *parts: Any) -> Word | None:
        clause = next(p for p in parts if isinstance(p, Clause))
        amount, rows = scene.event(clause.event).amount, clauses.rows(clause)
        return Word(Measured(rows, Measure("sum", amount))) if amount and rows and clause.shape == "noun" else None

    @g.rule("RANKBY", "TOTAL|AVERAGE|LARGEST|SMALLEST ATTR OF EV", cost=-0.6, examples=("total order value of orders",))
    def by_measure(scene: Scene, which: Word, attr: Attr, _of: Word, clause: Clause) -> Word | None:
        field = next((f for f in scene.properties(attr, clause.event) if f.kind in NUMERIC), None)
        rows = clauses.rows(clause)
        return (
            Word(Measured(rows, Measure(which.value, field.key))) if field and rows and clause.shape == "noun" else None
        )

    @g.rule("RANKBY", "UNITATTR WHEN?", "number of UNITATTR WHEN?", examples=("nights",))
    def by_units(scene: Scene, attr: Attr, when: When | None) -> Word | None:
        for owner, key in attr.names:
            event = scene.catalog.event(owner) if owner else None
            if event is not None and key in (event.quantity, event.amount):
                return Word(Measured(Rows(event.key, (), when.window if when else None), Measure("sum", key)))
        return None

    @g.rule("RANKBY", "EV", "number of EV", "FILLER EV", cost=0.05, examples=("number of orders",))
    def by_count(_: Scene, *parts: Any) -> Word | None:
        clause: Clause = parts[-1]
        rows = clauses.rows(clause) if clause.shape == "noun" else None
        return Word(Measured(rows)) if rows else None

    @g.rule("RANKBY", "AOV", "AVERAGE EV VALUEWORD?", cost=-0.2, examples=("average order value",))
    def by_average(scene: Scene, _avg: Word, *rest: Any) -> Word | None:
        measured = _spend(scene)
        if measured is None:
            return None
        clause = next((r for r in rest if isinstance(r, Clause)), None)
        if clause is not None and clause.event != measured.rows.event:
            return None
        return Word(replace(measured, measure=Measure("average", measured.measure.property)))


def _amount(number: Number | None, quantile: Word | None) -> tuple[float, str] | None:
    if quantile is not None:
        return quantile.value, "percent"
    if number is None or number.unit == "money" or number.value <= 0:
        return None
    if number.unit == "percent":
        return (number.value, "percent") if number.value <= 100 else None
    return (number.value, "people") if number.value == int(number.value) else None


def _ranked(side: str, size: tuple[float, str] | None, by: Any) -> Ready | None:
    if size is None or by is None:
        return None
    return Ready(Ranked("top" if side == "TOP" else "bottom", size[0], size[1], by), person=True)  # type: ignore[arg-type]


def _ranks(g: Grammar) -> None:
    @g.rule("BYRANK", "BY RANKBY", examples=("by lifetime value",))
    def by_rank(_: Scene, _by: Word, by: Word) -> Word:
        return by

    @g.rule("BYRANK", "WITHREL TOP RANKBY", cost=-0.5, examples=("with the highest lifetime value",))
    def with_highest(_: Scene, _with: Word, _top: Word, by: Word) -> Word:
        return by

    @g.rule("MOSTBY", "RANKBY", "ATTR", cost=0.05)
    def most_of(scene: Scene, said: Attr | Word) -> Word | None:
        """What there may be most of: rows of an event, or a number in them, added up: the most exported rows."""
        if isinstance(said, Word):
            return said
        for owner, key in said.names:
            field = scene.field(owner, key)
            if owner is not None and field is not None and field.kind in (Kind.NUMBER, Kind.MONEY):
                return Word(Measured(Rows(owner), Measure("sum", key)))
        return None

    @g.rule(
        "BYRANK",
        "WITHREL most MOSTBY WHEN?",
        "WITHREL fewest MOSTBY WHEN?",
        cost=-0.5,
        examples=("with the most orders",),
    )
    def with_most(_: Scene, _with: Word, by: Word, when: When | None) -> Word | None:
        if when is None:
            return by
        if not isinstance(by.value, Measured) or by.value.rows.window is not None:
            return None
        return Word(replace(by.value, rows=replace(by.value.rows, window=when.window)))

    @g.rule(
        "BYRANK",
        "newest ATTR? first",
        "latest ATTR? first",
        "most recent ATTR? first",
        cost=-0.3,
        examples=("newest first",),
    )
    def newest_first(scene: Scene, attr: Attr | None) -> Word | None:
        field = scene.role(Role.SIGNED_UP)
        if attr is not None:
            field = next((f for f in scene.attributes(attr) if f.kind in DATES), None)
        return Word(field.key) if field else None

    @g.rule(
        "BYRANK", "highest|biggest|largest|top|best RANKBY first", cost=-0.3, examples=("highest lifetime value first",)
    )
    def highest_first(_: Scene, by: Word) -> Word:
        return by

    @g.rule("BYRANK", "highest|biggest|top|best DESCENDING first", cost=-0.3, examples=("biggest spenders first",))
    def spenders_first(scene: Scene, _spenders: Word) -> Word | None:
        spend = _spend(scene)
        return Word(spend) if spend else None

    @g.rule(
        "ASKED", "the NUM NOUN", cost=0.3, examples=("the 20 customers in Georgia with the highest lifetime value",)
    )
    def the_so_many(scene: Scene, number: Number, _noun: Word) -> Asked | None:
        amount = _amount(number, None)
        spend = _spend(scene)
        if amount is None or amount[1] != "people" or spend is None:
            return None
        ready = _ranked("TOP", amount, spend)
        random = Capped(Everyone(), int(number.value))
        offered = ((("by what they spent", ready.condition),) if ready else ()) + (("any of them", random),)
        return Asked("top by what", offered, ("top", *amount))

    @g.rule(
        "READY",
        "newest|latest NUM NOUN|ATTR",
        "NUM newest|latest NOUN|ATTR",
        "most recent NUM NOUN|ATTR",
        "NUM most recent NOUN|ATTR",
        cost=-0.5,
        examples=("newest 100 customers",),
    )
    def newest(scene: Scene, *parts: Any) -> Ready | None:
        number = next(p for p in parts if isinstance(p, Number))
        attr = next((p for p in parts if isinstance(p, Attr)), None)
        field = scene.role(Role.SIGNED_UP)
        if field is None or (attr is not None and field not in scene.attributes(attr)):
            return None
        return _ranked("TOP", _amount(number, None), field.key)

    for word, age_side in (("youngest", "TOP"), ("oldest", "BOTTOM")):

        @g.rule(
            "READY",
            f"NUM {word} NOUN|ACTOR?",
            f"{word} NUM|QUANTILE NOUN|ACTOR?",
            name=f"the {word}",
            cost=-0.5,
            examples=(f"the 100 {word} customers",),
        )
        def by_age(scene: Scene, *parts: Any, side: str = age_side) -> Ready | None:
            """By the day of birth, the latest first; by age alone, many would tie."""
            number = next((p for p in parts if isinstance(p, Number)), None)
            quantile = next((p for p in parts if isinstance(p, Word) and isinstance(p.value, float)), None)
            field = scene.role(Role.BIRTH_DATE)
            ready = _ranked(side, _amount(number, quantile), field.key) if field else None
            signed_up = scene.role(Role.SIGNED_UP)
            if ready is None or signed_up is None or not isinstance(ready.condition, Ranked):
                return ready
            other = (("condition", replace(ready.condition, by=signed_up.key)),)
            note = Note("oldest_by_age", "by age, rather than by how long they have been with you", "By sign-up", other)
            return replace(ready, notes=(note,))

    @g.rule(
        "READY",
        "SPEND|SPENT most ON VALUE STOP|COMMA? TOP NUM",
        "TOP NUM SPEND|SPENT most ON VALUE",
        "TOP NUM REL? SPEND|SPENT most ON VALUE",
        "NUM NOUN|ACTOR REL SPEND|SPENT most|more ON VALUE WHEN?",
        "NUM NOUN|ACTOR REL SPEND|SPENT most|more WHEN?",
        "TOP NUM NOUN|ACTOR? BY? SPEND|SPENT ON VALUE",
        cost=-1.6,
        examples=("who spent the most on tents? top 20",),
    )
    def spent_most(scene: Scene, *parts: Any) -> Ready | None:
        number = next(p for p in parts if isinstance(p, Number))
        refs = next((p for p in parts if isinstance(p, Refs)), None)
        when = next((p for p in parts if isinstance(p, When)), None)
        by = _spend(scene, when)
        if by is None or (when is not None and when.window is None):
            return None
        if refs is not None:
            clause = clauses.spent_on(scene, Clause((by.rows.event,), measure=by.measure), refs)
            if clause is None or (clause.event == by.rows.event and scene.event(clause.event).value_of):
                return None
            by = Measured(Rows(clause.event, clause.filters, by.rows.window), clause.measure)
        return _ranked("TOP", _amount(number, None), by)

    @g.rule("READY", "IN READY", cost=-0.1, examples=("in the top 10% of spenders",))
    def among(_: Scene, _in: Word, ready: Ready) -> Ready | None:
        return replace(ready, person=False) if isinstance(ready.condition, Ranked | Sampled) else None

    for side in ("TOP", "BOTTOM"):

        @g.rule(
            "READY",
            f"{side} NUM|QUANTILE PEOPLE|NOUN|ACTOR? BY RANKBY",
            f"NUM|QUANTILE {side} PEOPLE|NOUN|ACTOR? BY RANKBY",
            f"NUM PEOPLE|NOUN|ACTOR? WITHREL {side} RANKBY",
            f"NUM PEOPLE|NOUN|ACTOR? WITHREL {'most' if side == 'TOP' else 'fewest'} MOSTBY",
            name=f"ranked {side.lower()}",
            cost=-0.6,
            examples=(f"{side.lower()} 10% by lifetime value",),
        )
        def ranked(_: Scene, *parts: Any, side: str = side) -> Ready | None:
            number = next((p for p in parts if isinstance(p, Number)), None)
            quantile = next((p for p in parts if isinstance(p, Word) and isinstance(p.value, float)), None)
            return _ranked(side, _amount(number, quantile), parts[-1].value)

        @g.rule(
            "READY",
            f"{side} NUM|QUANTILE RANKBY",
            name=f"{side.lower()} share",
            cost=-0.5,
            examples=(f"{side.lower()} 10% lifetime value",),
        )
        def share(_: Scene, _side: Word, size: Any, by: Word, side: str = side) -> Ready | None:
            amount = _amount(size, None) if isinstance(size, Number) else _amount(None, size)
            by_field = isinstance(by.value, str)  # "top 20 orders" says nothing about people
            return _ranked(side, amount, by.value) if amount and (amount[1] == "percent" or by_field) else None

        @g.rule(
            "READY",
            f"RANKBY IS? IN {side} NUM|QUANTILE",
            name=f"{side.lower()} of a measure",
            cost=-0.6,
            examples=(f"lifetime value in the {side.lower()} 5%",),
        )
        def measure_in(_: Scene, by: Word, *rest: Any, side: str = side) -> Ready | None:
            size = rest[-1]
            amount = _amount(size, None) if isinstance(size, Number) else _amount(None, size)
            return _ranked(side, amount, by.value) if amount and amount[1] == "percent" else None

        @g.rule(
            "READY",
            f"{side} NUM|QUANTILE OF? DESCENDING WHEN?",
            f"{side} DESCENDING NUM",
            f"NUM {side} DESCENDING WHEN?",
            name=f"{side.lower()} spenders",
            cost=-0.6,
            examples=(f"{side.lower()} 100 spenders",),
        )
        def spenders(scene: Scene, *parts: Any, side: str = side) -> Ready | None:
            number = next((p for p in parts if isinstance(p, Number)), None)
            quantile = next((p for p in parts if isinstance(p, Word) and isinstance(p.value, float)), None)
            return _ranked(
                side, _amount(number, quantile), _spend(scene, next((p for p in parts if isinstance(p, When)), None))
            )

        @g.rule(
            "READY",
            f"{side} NUM|QUANTILE OF? ACTOR",
            name=f"{side.lower()} actors",
            cost=-0.2,
            examples=(f"{side.lower()} 100 buyers",),
        )
        def actors(scene: Scene, _side: Word, size: Any, _of: Any, _doing: Doing, side: str = side) -> Ready | None:
            number = size if isinstance(size, Number) else None
            return _ranked(side, _amount(number, size if number is None else None), _spend(scene))

        @g.rule(
            "ASKED",
            f"{side} NUM|QUANTILE PEOPLE|NOUN?",
            name=f"{side.lower()} by what",
            cost=0.2,
            examples=(f"{side.lower()} 5%",),
        )
        def by_what(scene: Scene, _side: Word, size: Any, *_people: Any, side: str = side) -> Asked | None:
            number = size if isinstance(size, Number) else None
            amount = _amount(number, size if number is None else None)
            if amount is None:
                return None
            proposals = []
            spend = _spend(scene)
            if spend and (ready := _ranked(side, amount, spend)):
                proposals.append(("by what they spent", ready.condition))
            for field in scene.catalog.attributes:
                if field.kind in NUMERIC and field.role is None and (ready := _ranked(side, amount, field.key)):
                    proposals.append((f"by {field.label}", ready.condition))
            return Asked(f"{side.lower()} by what", tuple(proposals[:3]), (side.lower(), *amount))


def _samples(g: Grammar) -> None:
    @g.rule(
        "READY",
        "random NUM NOUN?",
        "NUM random NOUN?",
        "random sample of NUM NOUN?",
        "sample of NUM NOUN?",
        "NUM sample NOUN?",
        "NUM sample of? NOUN?",
        "NUM NOUN? at random",
        cost=-0.2,
        examples=("a random 10% of customers",),
    )
    def sample(_: Scene, number: Number, *_noun: Any) -> Ready | None:
        if number.unit == "percent" and 0 < number.value <= 100:
            return Ready(Sampled(number.value), person=True)
        return capped(number)

    @g.rule(
        "READY",
        "LE NUM NOUN",
        "limit to? NUM NOUN?",
        "cap at? NUM NOUN?",
        "limited to NUM NOUN?",
        "capped at NUM NOUN?",
        cost=-0.4,
        examples=("at most 500 people",),
    )
    def so_many_people(_: Scene, *parts: Any) -> Ready | None:
        return capped(next(p for p in parts if isinstance(p, Number)))

    def capped(number: Number) -> Ready | None:
        if number.unit or number.value < 1 or number.value != int(number.value):
            return None
        said = f"{int(number.value):,}"
        return Ready(
            Capped(Everyone(), int(number.value)), (Note("sample_of", f"{said} people, picked at random"),), True
        )
