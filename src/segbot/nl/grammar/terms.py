"""Words of the house dictionary, and words that only a company can define."""

from __future__ import annotations

from typing import Any

from segbot.model.condition import Defined
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Asked, Ready, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""

    @g.rule(
        "READY",
        "TERM",
        "TERM NOUN",
        "segment|group|list TERM",
        "TERM segment|group|list|status",
        cost=-0.1,
        examples=("VIPs",),
    )
    def defined(scene: Scene, term: Word, *_noun: Any) -> Ready | None:
        known = scene.terms.get(term.value)
        return Ready(Defined(known[0], known[1]), person=True) if known else None

    @g.rule("ASKED", "EVALUATIVE", "EVALUATIVE NOUN", "EVALUATIVE ACTOR", cost=0.4, examples=("wealthy customers",))
    def evaluative(_: Scene, word: Word, *_noun: Any) -> Asked:
        return Asked(word.value)
