"""Words for people that hold several tests at once, and those whose objects are not kept: mums and dads, dog owners."""

from __future__ import annotations

from segbot.model.catalog import Field, Role
from segbot.model.condition import Condition, Has, all_of
from segbot.model.operators import Kind, Operator
from segbot.nl.chart import Grammar
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Attr, Bound, Flag, Ready, Refs, Test, Word


def add_rules(g: Grammar) -> None:
    """Register the rules of this theme."""
    _parents(g)
    _fans(g)
    _unknown_things(g)


def _parents(g: Grammar) -> None:
    @g.rule("READY", "KIN", cost=-0.2, examples=("moms",))
    def parent_of_gender(scene: Scene, word: Word) -> Ready | None:
        """A mother is a woman who has children; where either is not kept, the word is not understood."""
        gender, child = _gender(scene, word.value), _has_children(scene)
        return Ready(all_of((gender, child)), person=True) if gender and child else None


def _gender(scene: Scene, people: str) -> Condition | None:
    field = scene.role(Role.GENDER)
    found = next((e for e in field.values if people in e.synonyms), None) if field else None
    return Has(field.key, Operator.IS, (found.value,)) if field and found else None


def _has_children(scene: Scene) -> Condition | None:
    field = scene.role(Role.CHILDREN)
    if field is None:
        return None
    return Has(field.key, Operator.IS, (True,)) if field.kind is Kind.FLAG else Has(field.key, Operator.GE, (1,))


_FANS = "fan|fans|lover|lovers|enthusiast|enthusiasts|addict|addicts|buff|buffs|aficionado|aficionados|fanatic|fanatics"


def _fans(g: Grammar) -> None:
    @g.rule("TEST", f"VALUE {_FANS}", "fans|lovers OF VALUE", cost=-0.3, examples=("yoga fans",))
    def fans_of(scene: Scene, *parts: Refs | Word) -> Test | None:
        """Fans of what people say they like; fans of what they bought are for the company to define."""
        refs = next(p for p in parts if isinstance(p, Refs))
        for ref in refs.refs:
            field = scene.of(ref) if ref.owner is None else None
            if field is not None and field.kind is Kind.LIST:
                return Test(field.key, Operator.HAS_ANY, (ref.value,), person=True)
        return None


def _unknown_things(g: Grammar) -> None:
    @g.rule("UNSUPPORTED", "TEXT owner|owners", cost=0.9, examples=())
    def owners_of_something(_: Scene, thing: Word) -> Word | None:
        """Dog owners do not own their homes: of owners of something unknown nothing is known."""
        return (
            None if str(thing.value).lower() in ("home", "house", "property", "account", "the", "and", "or") else Word()
        )

    @g.rule(
        "UNSUPPORTED",
        "FLAG|ATTR BOUND",
        "FLAG|ATTR AGED BOUND",
        "FLAG|ATTR BOUND YEARS_OLD",
        "FLAG|ATTR AGED BOUND YEARS_OLD",
        "HAVE FLAG|ATTR BOUND",
        cost=-3.0,
        examples=("with children under 5",),
    )
    def children_of_an_age(scene: Scene, *parts: Flag | Attr | Bound | Word) -> Word | None:
        """How old somebody's children are is not how many there are, nor how old the parents are."""
        said = next(p for p in parts if isinstance(p, Flag | Attr))
        bound = next(p for p in parts if isinstance(p, Bound))
        field = scene.role(Role.CHILDREN)
        if field is None or field.kind is not Kind.FLAG or bound.unit or bound.form == "bare":
            return None
        return Word() if _is(field, said) else None


def _is(field: Field, said: Flag | Attr) -> bool:
    if isinstance(said, Flag):
        return said.owner is None and said.field == field.key and said.value
    return (None, field.key) in said.names
