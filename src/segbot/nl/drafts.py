"""Drafts of trees: conditions with the tokens they come from and the choices still open, and how they become real trees."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeAlias, assert_never

from segbot.model.condition import (
    COUNT,
    AllOf,
    AnyOf,
    Capped,
    Comparison,
    Condition,
    Did,
    Everyone,
    Has,
    Not,
    Nth,
    Ranked,
    Rows,
    Share,
    all_of,
    any_of,
)
from segbot.model.operators import Operator
from segbot.nl.grammar.context import Scene
from segbot.nl.meaning import Asked, Atom, Clause, Consent, Ready, Test

Tokens: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A single condition and its tokens."""

    atom: Atom
    tokens: Tokens


@dataclass(frozen=True, slots=True, eq=False)
class Join:
    """Parts that all (or any) must hold; `tokens` are the connectives."""

    any: bool
    parts: tuple[Draft, ...]
    tokens: Tokens = ()


@dataclass(frozen=True, slots=True, eq=False)
class Neg:
    """The complement; `tokens` are the negating words."""

    part: Draft
    tokens: Tokens = ()


@dataclass(frozen=True, slots=True, eq=False)
class Within:
    """A ranking among the people of a condition instead of the whole base."""

    ranked: Leaf
    part: Draft


@dataclass(frozen=True, slots=True, eq=False)
class All:
    """Everyone; `tokens` are the words for it."""

    tokens: Tokens = ()


@dataclass(frozen=True, slots=True, eq=False)
class Fork:
    """Several honest readings of some tokens, the likeliest first. With `ask` the person must choose, else the first is assumed."""

    options: tuple[tuple[str, Draft], ...]
    code: str
    text: str
    tokens: Tokens
    ask: bool = False


Draft: TypeAlias = Leaf | Join | Neg | Within | All | Fork


@dataclass(frozen=True, slots=True)
class Choices:
    """Which option of which fork, and which other meaning of which leaf, a tree is built with."""

    forks: Mapping[int, int]
    atoms: Mapping[int, Atom]


FIRST = Choices({}, {})
Mark: TypeAlias = tuple[tuple[int, ...], Tokens]


def walk(draft: Draft, choices: Choices = FIRST) -> Iterator[Draft]:
    """Every draft of the chosen tree, parents first."""
    yield draft
    match draft:
        case Leaf() | All():
            return
        case Join(parts=parts):
            for part in parts:
                yield from walk(part, choices)
        case Neg(part=part):
            yield from walk(part, choices)
        case Within(ranked=ranked, part=part):
            yield ranked
            yield from walk(part, choices)
        case Fork(options=options):
            yield from walk(options[choices.forks.get(id(draft), 0)][1], choices)
        case _:
            assert_never(draft)


def with_leaves(draft: Draft, rule: Callable[[Leaf], Leaf]) -> Draft:
    """The same draft with every leaf put through a rule."""
    match draft:
        case Leaf():
            return rule(draft)
        case All():
            return draft
        case Join(parts=parts):
            return replace(draft, parts=tuple(with_leaves(p, rule) for p in parts))
        case Neg(part=part):
            return replace(draft, part=with_leaves(part, rule))
        case Within(ranked=ranked, part=part):
            return replace(draft, ranked=rule(ranked), part=with_leaves(part, rule))
        case Fork(options=options):
            return replace(draft, options=tuple((label, with_leaves(d, rule)) for label, d in options))
        case _:
            assert_never(draft)


def realise(scene: Scene, draft: Draft, choices: Choices = FIRST) -> tuple[Condition, list[Mark]]:
    """The condition of a draft, and for each run of tokens the path to its node."""
    match draft:
        case Leaf(atom=atom, tokens=tokens):
            return condition_of(scene, choices.atoms.get(id(draft), atom)), [((), tokens)]
        case All(tokens=tokens):
            return Everyone(), [((), tokens)] if tokens else []
        case Fork(options=options):
            return realise(scene, options[choices.forks.get(id(draft), 0)][1], choices)
        case Neg(part=part, tokens=tokens):
            inner, marks = realise(scene, part, choices)
            own: list[Mark] = [((), tokens)] if tokens else []
            if isinstance(inner, Not):
                return inner.part, [*((path[1:], said) for path, said in marks), *own]
            return Not(inner), [*(((0, *path), said) for path, said in marks), *own]
        case Within(ranked=ranked, part=part):
            outer, marks = realise(scene, ranked, choices)
            inner, inside = realise(scene, part, choices)
            if isinstance(inner, Everyone) or not isinstance(outer, Ranked | Capped):
                return outer, [*marks, *(((), said) for _, said in inside)]
            if isinstance(outer, Capped):
                return replace(outer, part=inner), [*marks, *(((0, *path), said) for path, said in inside)]
            return replace(outer, within=inner), [*marks, *(((0, *path), said) for path, said in inside)]
        case Join(any=union, parts=parts, tokens=tokens):
            return _joined(scene, union, parts, tokens, choices)
        case _:
            assert_never(draft)


def _joined(
    scene: Scene, union: bool, parts: tuple[Draft, ...], tokens: Tokens, choices: Choices
) -> tuple[Condition, list[Mark]]:
    flat: list[Condition] = []
    marks: list[Mark] = [((), tokens)] if tokens else []
    group = AnyOf if union else AllOf
    for part in parts:
        inner, inside = realise(scene, part, choices)
        if isinstance(inner, Everyone) and not union:
            marks += [((), said) for _, said in inside]
        elif isinstance(inner, group):
            offset = len(flat)
            flat += inner.parts
            marks += [((path[0] + offset, *path[1:]) if path else (), said) for path, said in inside]
        else:
            marks += [((len(flat), *path), said) for path, said in inside]
            flat.append(inner)
    if len(flat) == 1:
        return flat[0], [(path[1:], said) for path, said in marks]
    return (any_of(flat) if union else all_of(flat)), marks


def condition_of(scene: Scene, atom: Atom) -> Condition:
    """The condition of a single draft."""
    match atom:
        case Test(field=field, operator=operator, values=values, window=window, negated=negated, also=also):
            test: Condition = Has(field, operator, values, window)
            if also is not None:
                test = all_of((test, Has(field, also.operator, also.values)))
            return Not(test) if negated else test
        case Clause():
            return _clause(atom)
        case Ready(condition=condition):
            return condition
        case Consent(channels=channels, negated=negated):
            tests = [
                Has(c.consent, Operator.IS, (True,))
                for key in channels
                if (c := scene.catalog.channel(key)) and c.consent
            ]
            return Not(all_of(tests)) if negated else all_of(tests)
        case Asked(proposals=proposals):
            return proposals[0][1] if proposals else Everyone()
        case _:
            assert_never(atom)


def _clause(clause: Clause) -> Condition:
    window = clause.when.window if clause.when else None
    rows = Rows(clause.event, clause.filters, window)
    if clause.position is not None:
        return Nth(replace(rows, window=None), clause.position, window, clause.nth_filters)
    if clause.share is not None:
        whole = Rows(clause.whole, (), window) if clause.whole else replace(rows, filters=clause.filters[:-1])
        return Share(rows, whole, clause.share)
    if clause.count is None:
        return Did(rows)
    comparison: Comparison = clause.count.comparison
    if clause.measure == COUNT and comparison.operator is Operator.IS and comparison.values == (0,):
        return Not(Did(rows))
    did = Did(rows, clause.measure, comparison)
    return did if clause.count.also is None else all_of((did, Did(rows, clause.measure, clause.count.also)))


def changed(atom: Any, changes: tuple[tuple[str, Any], ...]) -> Any:
    """An atom with the other meaning of one of its notes."""
    return replace(atom, **dict(changes))
