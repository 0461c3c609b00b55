"""Words of the house dictionary, and words that only a company can define."""

from __future__ import annotations

from typing import Any

from segbot.model.catalog import Role
from segbot.model.condition import Condition, Defined, Has, Nth, Rows
from segbot.model.operators import Operator
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Asked, Ready, When, Word


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

    @g.rule("ASKED", "EVALUATIVE", "EVALUATIVE NOUN", "EVALUATIVE ACTOR", cost=0.4, examples=("wealthy customers",))
    def evaluative(_: Scene, word: Word, *_noun: Any) -> Asked:
        return Asked(word.value)
