"""Words of the house dictionary, and words that only a company can define."""

from __future__ import annotations

from typing import Any

from segbot.model.catalog import Role
from segbot.model.condition import Condition, Defined, Did, Has, Not, Nth, Rows
from segbot.model.operators import Operator
from segbot.model.windows import Unit, coming, last
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import DATES, Scene, shows_life
from segbot.nl.meaning import Asked, Attr, Lasting, Ready, When, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""

    @g.rule(
        "READY",
        "TERM",
        "TERM NOUN",
        "segment|group|list TERM",
        "TERM segment|group|list|status",
        cost=0.05,
        examples=("VIPs",),
    )
    def defined(scene: Scene, term: Word, *_noun: Any) -> Ready | None:
        known = scene.terms.get(term.value)
        return Ready(Defined(known[0], known[1]), person=True) if known else None

    @g.rule("ASKED", "EVALUATIVE NOUN|ACTOR? WHEN", cost=0.2, examples=("new customers this quarter",))
    def new_in_window(scene: Scene, word: Word, _noun: Any, when: When) -> Asked | None:
        if word.value != "new" or when.window is None:
            return None
        catalog = scene.catalog
        found: list[tuple[str, Condition]] = []
        if catalog.customers.buyer_event:
            found.append(("First bought then", Nth(Rows(catalog.customers.buyer_event), 1, when.window)))
        if (signed_up := scene.role(Role.SIGNED_UP)) is not None:
            found.append(("Signed up then", Has(signed_up.key, Operator.WITHIN, (), when.window)))
        return Asked("new", tuple(found)) if len(found) > 1 else None

    @g.rule("ASKED", "ATTR IS? soon|shortly", "ATTR very soon", cost=-0.4, examples=("trial ends soon",))
    def soon(scene: Scene, attr: Attr, *_is: Any) -> Asked | None:
        field = next((f for f in scene.attributes(attr) if f.kind in DATES), None)
        if field is None:
            return None
        windows = [coming(days, Unit.DAY) for days in (7, 14, 30)]
        offered = tuple(
            (f"In the next {days} days", Has(field.key, Operator.WITHIN, (), window))
            for days, window in zip((7, 14, 30), windows, strict=True)
        )
        return Asked("soon", offered)

    @g.rule(
        "ASKED",
        "EVALUATIVE NOUN? for|in DUR",
        "NOUN EVALUATIVE for|in DUR",
        cost=-0.2,
        examples=("inactive for 6 months",),
    )
    def quiet_for(scene: Scene, *parts: Any) -> Asked | None:
        word = next(p for p in parts if isinstance(p, Word) and p.value)
        duration = next(p.duration for p in parts if isinstance(p, Lasting))
        if word.value not in ("inactive", "dormant", "lapsed", "churned", "unengaged", "disengaged"):
            return None
        catalog, window = scene.catalog, last(duration.amount, duration.unit)
        events = [catalog.event(key) for key in (catalog.customers.buyer_event,) if key]
        events += [e for e in catalog.events if shows_life(e)]
        found = [
            (f"No {e.label.lower()} in that time", Not(Did(Rows(e.key, (), window))))
            for e in dict.fromkeys(events)
            if e and e.time
        ]
        return Asked(word.value, tuple(found[:3])) if len(found) > 1 else None

    @g.rule("ASKED", "EVALUATIVE", "EVALUATIVE NOUN", "EVALUATIVE ACTOR", cost=0.4, examples=("wealthy customers",))
    def evaluative(_: Scene, word: Word, *_noun: Any) -> Asked:
        return Asked(word.value)
